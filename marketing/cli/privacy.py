"""Commands on people's rights over their data: what is asked and by when, one person's copy, one person's erasure."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from marketing.cli.opening import opened
from marketing.i18n import N_
from marketing.i18n import gettext as _

commands = typer.Typer()
group = typer.Typer(help=N_("Hak orang atas datanya (UU 27/2022): permintaan, salinan, penghapusan."))
commands.add_typer(group, name="privacy")
CONTACT = N_("nomor kontak, atau id di sumbernya")


@group.command("pack", help=N_("Tulis semua data satu orang ke berkas: .json untuk mesin, .html untuk dibaca."))
def pack_command(
    contact: Annotated[str, typer.Argument(help=CONTACT)],
    tenant: Annotated[str, typer.Option(help="tts, blitar")],
    out: Annotated[Path, typer.Option(help=N_("berkas yang ditulis; belum boleh ada"))],
) -> None:
    """Write the pack of one person; the file is readable by its owner alone."""
    from marketing.contacts import data_pack
    from marketing.contacts.personal_data import find_person
    from marketing.contacts.receipts import find_contact
    from marketing.errors import InvalidInputError, StorageError

    if out.suffix not in (".json", ".html"):
        raise InvalidInputError(_("Nama berkasnya berakhiran .json atau .html."))
    with opened(tenant) as (app, profile):
        with app.database.read() as session:
            person = find_person(session, profile.id, find_contact(session, profile.id, contact).id)
        make = data_pack.as_page if out.suffix == ".html" else data_pack.as_json
        try:
            out.touch(mode=0o600, exist_ok=False)
            with out.open("w", encoding="utf-8") as file:
                file.writelines(make(app.database, person, profile, app.clock()))
        except OSError as error:
            raise StorageError(
                _("Berkas “{path}” tidak dapat ditulis ({reason}).").format(path=out, reason=error.strerror or error)
            ) from error
    print(_("Semua data kontak {contact} ditulis ke {path}.").format(contact=person.contact_id, path=out))


@group.command("erase", help=N_("Hapus satu orang; tidak dapat dibatalkan, dan alamatnya tidak masuk lagi."))
def erase_command(
    contact: Annotated[str, typer.Argument(help=CONTACT)],
    tenant: Annotated[str, typer.Option(help="tts, blitar")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help=N_("tanpa bertanya lagi"))] = False,
) -> None:
    """Erase one person after asking once more."""
    from marketing.contacts.receipts import find_contact
    from marketing.privacy import privacy_of

    with opened(tenant) as (app, profile):
        with app.database.read() as session:
            contact_id = find_contact(session, profile.id, contact).id
        if not yes:
            question = _("Hapus kontak {contact} untuk selamanya?").format(contact=contact_id)
            typer.confirm(question, abort=True)
        number = privacy_of(app).erase(profile.id, contact_id, None)
    print(_("Kontak {contact} dihapus (permintaan nomor {number}).").format(contact=contact_id, number=number))


@group.command("requests", help=N_("Daftar permintaan yang belum selesai, yang paling mendesak lebih dahulu."))
def requests_command(
    tenant: Annotated[str, typer.Option(help="tts, blitar")],
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu larik JSON"))] = False,
) -> None:
    """List the open requests; those past their hour say so."""
    from marketing.contacts.privacy_service import open_requests
    from marketing.contacts.request_words import kind_title
    from marketing.domain.calendar_id import format_datetime_id
    from marketing.domain.data_rights import Clock, RequestState, RightKind, clock_of

    with opened(tenant) as (app, profile):
        now = app.clock()
        with app.database.read() as session:
            rows: list[dict[str, Any]] = [
                {
                    "request": one.id,
                    "kind": one.kind,
                    "state": one.state,
                    "contact": one.contact_id,
                    "due_at": one.due_at.isoformat(),
                    "clock": clock_of(RequestState(one.state), one.due_at, now).value,
                    "said": kind_title(RightKind(one.kind)),
                    "due": format_datetime_id(one.due_at, profile.zone),
                }
                for one in open_requests(session, profile.id)
            ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        late = _("TERLAMBAT") if row["clock"] == Clock.OVERDUE else ""
        print("\t".join(str(part) for part in (row["request"], row["said"], row["contact"], row["due"], late)))
    if not rows:
        print(_("Tidak ada permintaan yang belum selesai."))
