"""Commands on the people who log in."""

from typing import Annotated

import typer

from marketing.domain.types import Role
from marketing.i18n import N_, language
from marketing.i18n import gettext as _
from marketing.settings import load_settings

commands = typer.Typer()


@commands.command(
    "user", help=N_("Tambah orang yang dapat masuk; kata sandinya ditanyakan dan tidak pernah ditampilkan.")
)
def user_command(
    email: Annotated[str, typer.Argument(help=N_("alamat surel untuk masuk"))],
    tenant: Annotated[str, typer.Option(help="tts, blitar")],
    name: Annotated[str, typer.Option(help=N_("nama lengkap"))],
    role: Annotated[list[Role], typer.Option(help=N_("peran; boleh lebih dari satu"))],
    *,
    invite: Annotated[
        bool, typer.Option("--undang", "--invite", help=N_("kirim surel: orangnya menulis kata sandinya sendiri"))
    ] = False,
) -> None:
    """Add a person; the password is asked for and never shown, or set by that person through a mailed link."""
    import secrets

    from marketing.accounts.password_links import INVITE_VALID, until_of
    from marketing.accounts.sign_in_mail import SignInMail
    from marketing.accounts.users import create_user
    from marketing.bootstrap import build_app
    from marketing.db.version import check
    from marketing.tenants.profile import profile_of

    profile_of(tenant)
    app = build_app(load_settings())
    check(app.database)
    password = (
        secrets.token_urlsafe(32)
        if invite
        else typer.prompt(_("Kata sandi"), hide_input=True, confirmation_prompt=_("Ulangi kata sandi"))
    )
    with app.database.write() as session:
        user = create_user(
            session, tenant_id=tenant, email=email, name=name, password=password, roles=role, now=app.clock()
        )
    said = _("{name} dapat masuk.")
    if invite:
        until = until_of(app.clock(), INVITE_VALID)
        sent = app.sign_in_mails.send(user.id, SignInMail.INVITE, until=until, language=language())
        said = (
            _("Undangan untuk {name} dikirim.")
            if sent
            else _("{name} tercatat, tetapi undangannya belum terkirim. Minta ia memakai “Lupa kata sandi?”.")
        )
    app.close()
    print(said.format(name=name))
