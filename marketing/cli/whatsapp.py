"""WhatsApp's Cloud API from the command line: a number let in, its templates submitted, listed and taken in."""

import json
from typing import Annotated

import typer

from marketing.cli.opening import opened
from marketing.cli.social import TheActor, TheTenant, acting_person, let_in, social
from marketing.i18n import N_
from marketing.i18n import gettext as _

templates = typer.Typer(help=N_("Templat pesan WhatsApp, seperti yang disetujui Meta."))
social.add_typer(templates, name="whatsapp-templates")
AsJson = Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))]


@social.command("whatsapp", help=N_("Hubungkan nomor WhatsApp Cloud API; izin pengguna sistem ditanyakan."))
def whatsapp_command(
    tenant: TheTenant,
    actor: TheActor,
    number: Annotated[str, typer.Option(help=N_("nomor pengenal nomor telepon (phone number ID)"))],
    account: Annotated[str, typer.Option(help=N_("nomor pengenal akun WhatsApp Business (WABA ID)"))],
) -> None:
    """Keep a number after asking Meta whose it is, have its news sent to us, and take in its templates."""
    from marketing.channels.social import Access, SocialProvider
    from marketing.channels.whatsapp.cloud import WABA
    from marketing.errors import InvalidInputError
    from marketing.whatsapp import templates_of

    if not (number.isdecimal() and account.isdecimal()):
        raise InvalidInputError(_("Kedua nomor pengenal hanya berisi angka; salin dari WhatsApp Manager."))
    token = typer.prompt(_("Izin (access token)"), hide_input=True).strip()
    with acting_person(tenant, actor) as (app, user):
        access = Access(SocialProvider.WHATSAPP_CLOUD, number, number, token, settings={WABA: account})
        let_in(app, user, access)
        print(_("{count} templat diambil dari Meta.").format(count=templates_of(app).sync(user.tenant_id)))
        if not (app.settings.meta_app_secret.get_secret_value() and app.settings.meta_verify_token.get_secret_value()):
            print(_("Isi SIAR_META_APP_SECRET dan SIAR_META_VERIFY_TOKEN; tanpa itu kabar dari Meta tidak diterima."))


@templates.command("list", help=N_("Daftar templat dengan keadaannya di Meta."))
def list_command(tenant: TheTenant, as_json: AsJson = False) -> None:
    """Print what was last taken in."""
    from sqlalchemy import select

    from marketing.db.models import WhatsAppTemplate

    with opened(tenant) as (app, profile), app.database.read() as session:
        query = select(WhatsAppTemplate).where(WhatsAppTemplate.tenant_id == profile.id)
        rows = [
            {
                "number": row.id,
                "name": row.name,
                "language": row.language,
                "category": row.category,
                "state": row.state,
                "quality": row.quality,
                "reason": row.reason,
                "body": row.body,
            }
            for row in session.scalars(query.order_by(WhatsAppTemplate.name, WhatsAppTemplate.language))
        ]
    if as_json:
        print(json.dumps({"templates": rows}, ensure_ascii=False))
        return
    for row in rows:
        print("  ".join(str(value) for key, value in row.items() if value and key != "body"))
    if not rows:
        print(_("Belum ada templat. Ambil dari Meta dengan: siar social whatsapp-templates sync."))


@templates.command("sync", help=N_("Ambil semua templat dan batas nomor dari Meta sekarang."))
def sync_command(tenant: TheTenant, actor: TheActor) -> None:
    """Take in what stands at Meta."""
    from marketing.whatsapp import templates_of

    with acting_person(tenant, actor) as (app, user):
        print(_("{count} templat diambil dari Meta.").format(count=templates_of(app).sync(user.tenant_id)))


@templates.command("submit", help=N_("Ajukan templat baru kepada Meta."))
def submit_command(  # noqa: PLR0917  a template has these parts
    tenant: TheTenant,
    actor: TheActor,
    name: Annotated[str, typer.Option(help=N_("huruf kecil, angka dan garis bawah"))],
    body: Annotated[str, typer.Option(help=N_("isi pesan; isian ditulis {{1}}, {{2}}, …"))],
    example: Annotated[list[str] | None, typer.Option(help=N_("contoh untuk setiap isian, berurutan"))] = None,
    category: Annotated[str, typer.Option(help="marketing, utility")] = "marketing",
    lang: Annotated[str, typer.Option(help=N_("bahasa templat, misalnya id"))] = "id",
    footer: Annotated[str, typer.Option(help=N_("kaki pesan"))] = "",
    button: Annotated[str, typer.Option(help=N_("tulisan pada tombol tautan"))] = "",
    url: Annotated[str, typer.Option(help=N_("alamat tombol; boleh diakhiri {{1}}"))] = "",
    url_example: Annotated[str, typer.Option(help=N_("contoh alamat tombol yang lengkap"))] = "",
    leave: Annotated[str, typer.Option(help=N_("tulisan tombol untuk berhenti"))] = "",
) -> None:
    """Submit a template for approval; every fault is named at once."""
    from marketing.domain.whatsapp_message import TemplateCategory
    from marketing.domain.whatsapp_template import Draft
    from marketing.errors import InvalidInputError
    from marketing.whatsapp import templates_of

    if category not in set(TemplateCategory):
        raise InvalidInputError(_("Golongan templat adalah marketing atau utility."))
    kind, examples = TemplateCategory(category), tuple(example or ())
    draft = Draft(name, lang, kind, body, examples, footer, button, url, url_example, leave)
    with acting_person(tenant, actor) as (app, user):
        number = templates_of(app).submit(user, draft)
    print(_("Templat “{name}” diajukan dengan nomor {number}; Meta memeriksanya.").format(name=name, number=number))


@templates.command("remove", help=N_("Hapus satu bahasa sebuah templat di Meta."))
def remove_command(
    number: Annotated[int, typer.Argument(help=N_("nomor templat, lihat “siar social whatsapp-templates list”"))],
    tenant: TheTenant,
    actor: TheActor,
) -> None:
    """Delete a template there."""
    from marketing.whatsapp import templates_of

    with acting_person(tenant, actor) as (app, user):
        templates_of(app).remove(user, number)
    print(_("Templat nomor {number} dihapus di Meta.").format(number=number))
