"""Commands on the bounce mailboxes: where returned mails, complaints and answers arrive."""

from typing import Annotated

import typer

from marketing.channels.email.inbound.imap import ImapTls
from marketing.cli.opening import opened
from marketing.errors import InvalidInputError
from marketing.i18n import N_
from marketing.i18n import gettext as _

commands = typer.Typer()
group = typer.Typer(help=N_("Kotak surat pantulan: surat yang kembali, aduan, dan balasan “berhenti”."))
commands.add_typer(group, name="mailbox")
TENANT = "tts, blitar"
KINDS: tuple[ImapTls, ...] = ("implicit", "starttls", "none")


@group.command("add", help=N_("Simpan kotak surat, atau cara masuknya yang baru; sandinya ditanyakan dan disegel."))
def add_command(
    tenant: Annotated[str, typer.Option(help=TENANT)],
    host: Annotated[str, typer.Option(help=N_("server IMAP, misalnya imap.kantor.go.id"))],
    user: Annotated[str, typer.Option(help=N_("nama masuk, biasanya alamat kotak suratnya"))],
    *,
    port: Annotated[int, typer.Option(help=N_("porta"))] = 993,
    tls: Annotated[
        str, typer.Option(help=N_("implicit, starttls, atau none (hanya server di komputer ini)"))
    ] = "implicit",
    folder: Annotated[str, typer.Option(help=N_("folder yang dibaca"))] = "INBOX",
    done_folder: Annotated[str, typer.Option(help=N_("folder bagi yang sudah diurus"))] = "Siar",
    return_domain: Annotated[
        str,
        typer.Option(help=N_("domain yang alamat pantul+…-nya sampai di kotak ini; kosong: dari nama masuk pantul@…")),
    ] = "",
) -> None:
    """Keep a mailbox and try it; what cannot be opened is kept too, and said."""
    from marketing.channels.email.inbound.imap import MailboxAddress
    from marketing.feedback import mailbox_accounts_of

    kind = next((one for one in KINDS if one == tls), None)
    if kind is None:
        raise InvalidInputError(_("TLS: implicit, starttls, atau none."), field="tls")
    if not 1 <= port <= 65_535:  # noqa: PLR2004  ports
        raise InvalidInputError(_("Porta antara 1 dan 65535; biasanya 993."), field="port")
    with opened(tenant) as (app, profile):
        secret = str(typer.prompt(_("Kata sandi"), hide_input=True))
        try:
            address = MailboxAddress(host.strip(), port, kind, user, secret, folder, done_folder)
        except ValueError as error:
            raise InvalidInputError(_wrong(str(error)), field=str(error)) from None
        boxes = mailbox_accounts_of(app)
        account_id = boxes.add(profile.id, address, return_domain=return_domain)
        print(_("Kotak surat nomor {number} tersimpan.").format(number=account_id))
        if problem := boxes.try_out(account_id):
            raise InvalidInputError(
                _("Kotak surat tersimpan, tetapi belum dapat dibuka: {problem}").format(problem=_trouble(problem))
            )
        print(_("Kotak surat dapat dibuka. Isinya dibaca setiap lima menit."))


@group.command("read", help=N_("Baca kotak-kotak surat sekarang juga."))
def read_command(tenant: Annotated[str, typer.Option(help=TENANT)]) -> None:
    """Read what has arrived, and say how many mails meant what."""
    from marketing.feedback import intake_of, mailbox_accounts_of, mailboxes_of

    with opened(tenant) as (app, profile):
        boxes = mailbox_accounts_of(app)
        before = boxes.outcomes(profile.id)
        mailboxes_of(app).run(profile.id)
        intake_of(app).round(profile.id)
        after = boxes.outcomes(profile.id)
        for outcome in sorted(after):
            if fresh := after[outcome] - before.get(outcome, 0):
                print(f"{_outcome(outcome)}: {fresh}")
        for name, problem in boxes.problems(profile.id).items():
            print(f"{name}: {_trouble(problem)}")
        if after == before:
            print(_("Tidak ada surat baru."))


@group.command("remove", help=N_("Lupakan satu kotak surat dan sandinya; surat di dalamnya tetap ada."))
def remove_command(
    number: Annotated[int, typer.Argument(help=N_("nomor kotak surat"))],
    tenant: Annotated[str, typer.Option(help=TENANT)],
) -> None:
    """Forget a mailbox."""
    from marketing.feedback import mailbox_accounts_of

    with opened(tenant) as (app, profile):
        mailbox_accounts_of(app).remove(profile.id, number)
        print(_("Kotak surat nomor {number} dilupakan.").format(number=number))


def _wrong(field: str) -> str:
    return {
        "folder": _("Nama folder hanya huruf, angka, spasi, titik, garis dan garis miring."),
        "tls": _("Surat memuat data pribadi, jadi server di luar komputer ini harus memakai TLS."),
        "user": _("Nama masuk atau sandi memuat karakter yang tidak terlihat."),
    }[field]


def _trouble(problem: str) -> str:
    return {
        "connection": _("servernya tidak dapat dihubungi."),
        "tls": _("sertifikatnya tidak dapat dipercaya."),
        "credentials": _("nama atau sandinya ditolak."),
        "folder": _("foldernya tidak ada."),
    }.get(problem, _("isiannya tidak lengkap."))


def _outcome(outcome: str) -> str:
    return {
        "bounce": _("surat kembali"),
        "complaint": _("aduan"),
        "leaving": _("minta berhenti"),
        "auto_reply": _("balasan otomatis"),
        "other": _("perlu dibaca orang"),
        "strange": _("bukan tentang surat kami; perlu dibaca orang"),
        "unreadable": _("tidak dapat dibaca mesin"),
        "failed": _("gagal diurus; perlu dibaca orang"),
    }.get(outcome, outcome)
