"""Commands on the consent ledger: that nobody touched it, and what a person agreed to."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marketing.cli.opening import opened
from marketing.i18n import N_
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from marketing.contacts.consent_checking import Checked

commands = typer.Typer()
group = typer.Typer(help=N_("Buku besar persetujuan: bukti bahwa tidak diubah, dan tanda terima untuk orangnya."))
commands.add_typer(group, name="consent")


class Form(StrEnum):
    """The shapes of a receipt."""

    ISO_27560 = "27560"
    KANTARA = "kantara"


@group.command(
    "verify", help=N_("Periksa segel setiap baris buku besar persetujuan dan catatan audit; kode keluar 1 bila rusak.")
)
def verify_command(
    tenant: Annotated[str, typer.Option(help=N_("tts, blitar; semua bila kosong"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu larik JSON"))] = False,
) -> None:
    """Walk the ledgers; leave an anchor in the audit log of each that stands untouched."""
    from marketing.contacts.consent_checking import check_ledger
    from marketing.tenants.profile import load_profiles, profile_of

    wanted = [profile_of(tenant).id] if tenant else list(load_profiles())
    with opened(wanted[0]) as (app, _profile):
        found = [_told(check_ledger(app.database, one, app.clock())) for one in wanted]
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for one in found:
            print("\n".join(_lines(one)))
    if not all(one["intact"] for one in found):
        raise typer.Exit(1)


@group.command("receipt", help=N_("Cetak tanda terima persetujuan satu orang sebagai JSON, tanpa alamatnya."))
def receipt_command(
    contact: Annotated[str, typer.Argument(help=N_("nomor kontak, atau id di sumbernya"))],
    tenant: Annotated[str, typer.Option(help="tts, blitar")],
    form: Annotated[Form, typer.Option(help=N_("bentuk: ISO/IEC TS 27560 atau Kantara 1.1"))] = Form.ISO_27560,
) -> None:
    """Print the receipt of one person."""
    from marketing.contacts.receipts import find_contact, gather
    from marketing.domain.consent_receipt import receipt_27560, receipt_kantara

    with opened(tenant) as (app, profile), app.database.read() as session:
        facts = gather(session, profile, find_contact(session, profile.id, contact), app.clock())
        receipt = receipt_27560(facts) if form is Form.ISO_27560 else receipt_kantara(facts)
        print(json.dumps(receipt, ensure_ascii=False, indent=2))


def _told(found: "Checked") -> dict[str, Any]:
    proof = found.proof
    return {
        "tenant": found.tenant_id,
        "intact": found.intact,
        "lines": proof.lines,
        "seal": proof.seal,
        "first_bad": proof.fault
        and {
            "line": proof.fault.line_id,
            "kind": proof.fault.kind.value,
            "text": proof.fault.sentence,
        },
        "audit": {"intact": found.bad_entry is None, "first_bad": found.bad_entry},
    }


def _lines(found: dict[str, Any]) -> Iterator[str]:
    named = {"tenant": found["tenant"], "lines": found["lines"]}
    if found["first_bad"]:
        yield _("{tenant}: buku besar persetujuan rusak setelah {lines} baris.").format(**named)
        yield "  " + found["first_bad"]["text"]
    else:
        yield _("{tenant}: buku besar persetujuan utuh, {lines} baris.").format(**named)
        if found["seal"]:
            yield _("  Segel terakhir: {seal}").format(seal=found["seal"])
    if found["audit"]["intact"]:
        yield _("  Catatan audit utuh.")
    else:
        yield _("  Catatan audit rusak pada nomor {number}.").format(number=found["audit"]["first_bad"])
