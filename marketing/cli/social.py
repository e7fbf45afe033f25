"""Accounts on social channels from the command line: let in, listed, tried, and let go."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qs, urlsplit

import typer

from marketing.cli.opening import opened
from marketing.i18n import N_
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from marketing.bootstrap import App
    from marketing.channels.meta_graph.accounts import Office
    from marketing.channels.social import Access
    from marketing.db.models import User

commands = typer.Typer()
social = typer.Typer(help=N_("Akun media sosial tempat kampanye terbit."))
commands.add_typer(social, name="social")
BACK = "/tiktok-kembali"
TheTenant = Annotated[str, typer.Option("--tenant", help="tts, blitar")]
TheActor = Annotated[str, typer.Option("--as", help=N_("surel orang yang bertindak; namanya tercatat"))]
ThePage = Annotated[str, typer.Option(help=N_("nomor Halaman; boleh kosong bila izinnya hanya untuk satu Halaman"))]
TheNumber = Annotated[int, typer.Argument(help=N_("nomor akun, lihat “siar social list”"))]


@social.command("telegram", help=N_("Hubungkan saluran atau grup Telegram; token bot ditanyakan."))
def telegram_command(
    tenant: TheTenant,
    actor: TheActor,
    chat: Annotated[str, typer.Option(help=N_("@nama saluran, atau nomornya yang dimulai dengan -100"))],
    log_chat: Annotated[
        str, typer.Option(help=N_("nomor saluran catatan; kosong: jawaban yang hilang ditanyakan"))
    ] = "",
    topic: Annotated[int, typer.Option(help=N_("nomor topik dalam grup; 0: tanpa topik"))] = 0,
) -> None:
    """Keep a bot's token for one chat, after asking Telegram whether the bot may write there."""
    from marketing.social.filled_in import telegram_access

    token = typer.prompt(_("Token bot"), hide_input=True)
    with acting_person(tenant, actor) as (app, user):
        let_in(app, user, telegram_access(token, chat, log_chat, str(topic or "")))


@social.command(
    "tiktok", help=N_("Hubungkan akun TikTok: buka alamat yang dicetak, setujui, lalu tempel alamat kembalinya.")
)
def tiktok_command(
    tenant: TheTenant,
    actor: TheActor,
    privacy: Annotated[
        str, typer.Option(help=N_("hanya bagi aplikasi yang diaudit: siapa yang melihat, misalnya PUBLIC_TO_EVERYONE"))
    ] = "",
    comments: Annotated[bool, typer.Option(help=N_("izinkan komentar pada kiriman langsung"))] = False,
    figures: Annotated[
        bool, typer.Option(help=N_("baca juga angka kiriman; aplikasinya harus punya izin video.list"))
    ] = False,
) -> None:
    """Lead the owner through TikTok's page. Without `privacy` posts become drafts in the inbox, with it they go up directly."""
    from marketing.channels.social import Errand, SocialProvider
    from marketing.errors import InvalidInputError
    from marketing.social.filled_in import tiktok_settings

    settings = tiktok_settings(privacy, comments=comments, figures=figures)
    with acting_person(tenant, actor) as (app, user):
        entrance = app.social.entrances.get(SocialProvider.TIKTOK)
        if entrance is None:
            raise InvalidInputError(_("Isi SIAR_TIKTOK_CLIENT_KEY dan SIAR_TIKTOK_CLIENT_SECRET lebih dahulu."))
        state, verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(48)
        errand = Errand(app.settings.public_url + BACK, state, verifier, settings)
        print(entrance.address(errand))
        answer = parse_qs(urlsplit(typer.prompt(_("Alamat tempat peramban dikembalikan")).strip()).query)
        if not secrets.compare_digest(answer.get("state", [""])[0].encode(), state.encode()):
            raise InvalidInputError(_("Alamat itu bukan jawaban dari permintaan ini. Ulangi dari awal."))
        if not answer.get("code"):
            raise InvalidInputError(_("TikTok tidak memberi izin. Ulangi, lalu setujui permintaannya."))
        let_in(app, user, entrance.entered(answer["code"][0], errand, app.clock()))


@social.command("facebook", help=N_("Hubungkan Halaman Facebook; izin pengguna sistem ditanyakan."))
def facebook_command(tenant: TheTenant, actor: TheActor, page: ThePage = "") -> None:
    """Keep the Page's own token, which the token asked for leads to."""
    with acting_person(tenant, actor) as (app, user):
        let_in(app, user, _office(app, page).page)


@social.command("instagram", help=N_("Hubungkan akun Instagram milik sebuah Halaman; izin pengguna sistem ditanyakan."))
def instagram_command(tenant: TheTenant, actor: TheActor, page: ThePage = "") -> None:
    """Keep the access to the professional account that belongs to the Page."""
    from marketing.errors import InvalidInputError

    with acting_person(tenant, actor) as (app, user):
        office = _office(app, page)
        if office.instagram is None:
            text = _("Halaman “{name}” belum tertaut dengan akun Instagram profesional. Tautkan dahulu di Facebook.")
            raise InvalidInputError(text.format(name=office.page.name))
        let_in(app, user, office.instagram)


@social.command("list", help=N_("Daftar akun media sosial."))
def list_command(
    tenant: TheTenant, as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))] = False
) -> None:
    """Print every account of the Daerah with its state."""
    from sqlalchemy import select

    from marketing.channels.social import SocialProvider
    from marketing.db.models import ChannelAccount

    with opened(tenant) as (app, profile), app.database.read() as session:
        query = select(ChannelAccount).where(
            ChannelAccount.tenant_id == profile.id, ChannelAccount.provider.in_(list(SocialProvider))
        )
        rows = [
            {
                "number": row.id,
                "provider": row.provider,
                "name": row.name,
                "state": row.state,
                "reason": row.state_reason,
            }
            for row in session.scalars(query.order_by(ChannelAccount.id))
        ]
    if as_json:
        print(json.dumps({"accounts": rows}, ensure_ascii=False))
        return
    for row in rows:
        print("  ".join(str(value) for value in row.values() if value))
    if not rows:
        print(_("Belum ada akun; kiriman disimpan di kotak keluar percobaan."))


@social.command("check", help=N_("Tanyakan kepada penyedianya apakah akun masih dapat dipakai."))
def check_command(number: TheNumber, tenant: TheTenant, actor: TheActor) -> None:
    """Try an account; what is wrong is a sentence."""
    from marketing.errors import InvalidInputError

    with acting_person(tenant, actor) as (app, user):
        if problem := app.social.check(user, number):
            raise InvalidInputError(problem)
    print(_("Akun nomor {number} dapat dipakai.").format(number=number))


@social.command("remove", help=N_("Lupakan izin sebuah akun; yang sudah terbit tetap di sana."))
def remove_command(number: TheNumber, tenant: TheTenant, actor: TheActor) -> None:
    """Forget an account's access."""
    with acting_person(tenant, actor) as (app, user):
        app.social.remove(user, number)
    print(_("Akun nomor {number} dilepas.").format(number=number))


@contextmanager
def acting_person(tenant: str, actor: str) -> "Iterator[tuple[App, User]]":
    """Open the App for a named person; what a provider refuses is a sentence of the command."""
    from marketing.channels.errors import ChannelError
    from marketing.cli.acting import acting
    from marketing.errors import InvalidInputError

    with opened(tenant) as (app, profile):
        with app.database.read() as session:
            user = acting(session, profile.id, actor)
        try:
            yield app, user
        except ChannelError as error:
            raise InvalidInputError(_("Penyedia menolak: {reason}").format(reason=error)) from error


def let_in(app: "App", user: "User", access: "Access") -> None:
    """Keep an account once its provider has said who it is, and say so."""
    from marketing.db.models import ChannelAccount

    number = app.social.let_in(user, access)
    with app.database.read() as session:
        name = session.get_one(ChannelAccount, number).name
    print(_("Akun “{name}” terhubung dengan nomor {number}.").format(name=name, number=number))


def _office(app: "App", page: str) -> "Office":
    """Ask for a token and return the one Page that is meant; InvalidInputError names the Pages there are."""
    from marketing.channels.meta_graph.accounts import offices
    from marketing.channels.meta_graph.door import MetaDoor
    from marketing.channels.social import SocialProvider
    from marketing.errors import InvalidInputError

    door = app.social.publishers.doors.get(SocialProvider.FACEBOOK)
    if door is None:
        raise InvalidInputError(_("Isi SIAR_META_APP_ID dan SIAR_META_APP_SECRET lebih dahulu."))
    assert isinstance(door, MetaDoor)
    token = typer.prompt(_("Izin (access token)"), hide_input=True).strip()
    found = offices(door, token, app.clock())
    meant = [office for office in found if page in {"", office.page.remote_id}]
    if len(meant) != 1:
        names = ", ".join(f"{office.page.remote_id} ({office.page.name})" for office in found) or "-"
        text = _("Pilih satu Halaman dengan --page. Izin ini membuka: {names}.")
        raise InvalidInputError(text.format(names=names))
    return meant[0]
