"""Mail accounts from the command line: which relay or SendGrid account carries an office's mail, and how it is."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from marketing.cli.opening import opened
from marketing.domain.account import MailProvider
from marketing.domain.types import EmailType, Purpose
from marketing.errors import InvalidInputError
from marketing.i18n import N_
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from marketing.channels.email.providers.smtp import Tls
    from marketing.mail.account_words import AccountLine

commands = typer.Typer()
mail = typer.Typer(help=N_("Surel keluar."))
account = typer.Typer(help=N_("Akun pengirim surel: relai SMTP atau SendGrid."))
commands.add_typer(mail, name="mail")
mail.add_typer(account, name="account")

MAILED = frozenset(
    {Purpose.PROMOTIONAL, Purpose.NEWSLETTER, Purpose.SOSIALISASI, Purpose.RETENTION, Purpose.PERSONALISED}
)
"""What a person may leave by SendGrid's own page, each on its own."""
TheTenant = Annotated[str, typer.Option("--tenant", help="tts, blitar")]
TheNumber = Annotated[int, typer.Argument(help=N_("nomor akun, lihat “siar mail account list”"))]


@account.command(
    "add", help=N_("Tambah akun, atau ganti setelan akun bernama sama; kata sandi atau kunci API ditanyakan.")
)
def add_command(
    name: Annotated[str, typer.Argument(help=N_("nama pendek, misalnya “relai kantor”"))],
    tenant: TheTenant,
    provider: Annotated[MailProvider, typer.Option(help=N_("smtp atau sendgrid"))],
    location: Annotated[str, typer.Option(help=N_("negara tempat penyedia menyimpan data"))],
    *,
    host: Annotated[str, typer.Option(help=N_("server relai; untuk SendGrid: global atau eu"))] = "",
    port: Annotated[int, typer.Option(help=N_("porta relai"))] = 587,
    tls: Annotated[str, typer.Option(help=N_("starttls, implicit, atau none (hanya di komputer ini)"))] = "starttls",
    ca_file: Annotated[str, typer.Option(help=N_("sertifikat CA kantor, selain milik sistem"))] = "",
    user: Annotated[str, typer.Option(help=N_("nama pengguna relai; kosong: tanpa masuk"))] = "",
    weight: Annotated[int, typer.Option(help=N_("bagian akun ini di antara akun lain, 1 sampai 100"))] = 1,
    kind: Annotated[list[EmailType] | None, typer.Option(help=N_("jenis surel; boleh berulang; kosong: semua"))] = None,
    rate: Annotated[str, typer.Option(help=N_("batas kirim, misalnya “10/detik, 500/jam, 2000/hari”"))] = "",
    domain_rate: Annotated[
        list[str] | None,
        typer.Option(help=N_("batas per domain penerima, misalnya “gmail.com=500/jam”; boleh berulang")),
    ] = None,
    asm: Annotated[
        list[str] | None, typer.Option(help=N_("grup henti langganan SendGrid, misalnya “promotional=12345”"))
    ] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help=N_("SendGrid memeriksa saja, tidak mengirim"))] = False,
    hold: Annotated[
        int, typer.Option(help=N_("menit surel massal ditahan di SendGrid agar bisa dibatalkan; 0: tidak"))
    ] = 0,
    event_key: Annotated[str, typer.Option(help=N_("kunci verifikasi Event Webhook SendGrid"))] = "",
    connections: Annotated[
        int, typer.Option(help=N_("sambungan serentak ke relai untuk tiap proses pekerja, paling banyak 50"))
    ] = 20,
    in_hand: Annotated[
        int,
        typer.Option(help=N_("surel per panggilan SendGrid, 50 sampai 1000; sebanyak itu diragukan bila pekerja mati")),
    ] = 50,
) -> None:
    """Keep an account; the secret is asked for and never shown."""
    from marketing.mail.account_settings import Login, MailSettings, read_domain_rate, read_rate

    settings = MailSettings(
        location=location,
        host=_host(provider, host),
        port=port,
        tls=_tls(tls),
        ca_file=ca_file,
        weight=weight,
        kinds=frozenset(kind or ()),
        rate=read_rate(rate),
        domain_rates=dict(read_domain_rate(one) for one in domain_rate or ()),
        asm=dict(_group(one) for one in asm or ()),
        sandbox=sandbox,
        hold_minutes=hold,
        event_key=event_key,
        connections=connections,
        in_hand=in_hand,
    )
    login = Login(_secret(provider, user), user)
    with opened(tenant) as (app, profile):
        number = app.mail_accounts.add(profile.id, name, provider, settings, login)
        said = _("Akun surel nomor {number} tersimpan. Uji dengan: siar mail account test {number} --tenant {tenant}")
        print(said.format(number=number, tenant=profile.id))
        if provider is MailProvider.SENDGRID:
            from marketing.web import paths

            url = f"{app.settings.public_url}{paths.mail_webhook(number)}"
            print(_("Alamat Event Webhook untuk SendGrid: {url}").format(url=url))


@account.command("list", help=N_("Daftar akun surel dengan keadaannya."))
def list_command(
    tenant: TheTenant,
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu larik JSON"))] = False,
) -> None:
    """Print the accounts; never a secret."""
    from marketing.mail.account_words import line_of, not_carried

    with opened(tenant) as (app, profile):
        rows = app.mail_accounts.standing(profile.id)
        lines = [line_of(row) for row in rows]
        if as_json:
            print(json.dumps([asdict(line) for line in lines], ensure_ascii=False))
        elif not lines:
            said = _(
                "{tenant} belum punya akun surel sendiri; surel keluar lewat relai di setelan SIAR_SMTP_HOST ({host})."
            )
            inbox = _("kotak masuk lokal")
            print(said.format(tenant=profile.short_name, host=app.settings.smtp_host or inbox))
        else:
            for line in lines:
                print("\n".join(_told(line)))
            if waiting := ", ".join(not_carried(rows)):
                print(
                    _("PERLU PERHATIAN: tidak ada akun aktif untuk {kinds}; surelnya menunggu.").format(kinds=waiting)
                )


@account.command("test", help=N_("Sambungkan dan masuk, tanpa mengirim; keluar 1 bila gagal."))
def test_command(number: TheNumber, tenant: TheTenant) -> None:
    """Try one account."""
    from marketing.mail.account_words import trouble_text

    with opened(tenant) as (app, profile):
        trouble = app.mail_accounts.try_out(profile.id, number)
    if trouble:
        print(trouble_text(trouble))
        raise typer.Exit(1)
    print(_("Akun surel nomor {number} menjawab dan menerima kami.").format(number=number))


@account.command("pause", help=N_("Jeda: tidak ada lagi surel lewat akun ini."))
def pause_command(number: TheNumber, tenant: TheTenant) -> None:
    """Pause one account."""
    with opened(tenant) as (app, profile):
        app.mail_accounts.pause(profile.id, number)
    print(_("Akun surel nomor {number} dijeda.").format(number=number))


@account.command("resume", help=N_("Lanjutkan akun yang dijeda."))
def resume_command(number: TheNumber, tenant: TheTenant) -> None:
    """Go on with one account."""
    with opened(tenant) as (app, profile):
        app.mail_accounts.resume(profile.id, number)
    print(_("Akun surel nomor {number} dilanjutkan.").format(number=number))


@account.command("remove", help=N_("Lepas: akun dan kata sandinya dihapus dari Siar."))
def remove_command(number: TheNumber, tenant: TheTenant) -> None:
    """Forget one account."""
    with opened(tenant) as (app, profile):
        app.mail_accounts.remove(profile.id, number)
    print(_("Akun surel nomor {number} dilepas; kata sandinya dihapus.").format(number=number))


def _host(provider: MailProvider, host: str) -> str:
    from marketing.mail.account_settings import HOSTS

    return HOSTS.get(host or "global", host) if provider is MailProvider.SENDGRID else host


def _tls(text: str) -> "Tls":
    match text:
        case "none" | "starttls" | "implicit":
            return text
        case _:
            raise InvalidInputError(_("Mode TLS adalah starttls, implicit, atau none."), field="tls")


def _group(text: str) -> tuple[Purpose, int]:
    kind, equals, number = text.partition("=")
    if not equals or kind not in MAILED or not (number.isascii() and number.isdigit() and len(number) < 12):  # noqa: PLR2004  SendGrid's numbers are short
        raise InvalidInputError(_("Tulis grup henti langganan seperti “promotional=12345”."), field="asm")
    return Purpose(kind), int(number)


def _secret(provider: MailProvider, user: str) -> str:
    if provider is MailProvider.SENDGRID:
        return str(typer.prompt(_("Kunci API"), hide_input=True)).strip()
    return str(typer.prompt(_("Kata sandi"), hide_input=True)) if user else ""


def _told(line: "AccountLine") -> list[str]:
    from marketing.mail.account_words import location_note

    states = {"active": _("aktif"), "paused": _("dijeda"), "reconnect": _("perlu disambungkan lagi")}
    said = [f"{line.id}  {line.name}  {line.provider}  {line.where}  {states.get(line.state, line.state)}"]
    said.append(
        _("    data di: {place}; bobot {weight}; jenis: {kinds}").format(
            place=line.location, weight=line.weight, kinds=", ".join(line.kinds) or _("semua")
        )
    )
    said += [_("    batas: {rates}").format(rates="; ".join(line.rates))] if line.rates else []
    said += [_("    PERLU PERHATIAN: {trouble}").format(trouble=line.trouble)] if line.needs_attention else []
    said += [f"    {line.trouble}"] if line.trouble and not line.needs_attention else []
    said += [f"    {note}"] if (note := location_note(line)) else []
    return said
