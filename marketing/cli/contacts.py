"""Commands on contacts: bring them in from a file, write them to one, make two that are one person one."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from marketing.cli.starting import json_object, ready
from marketing.i18n import N_
from marketing.i18n import gettext as _

commands = typer.Typer()
contacts = typer.Typer(help=N_("Kontak satu Daerah: impor, ekspor, penggabungan."))
commands.add_typer(contacts, name="contacts")

Tenant = Annotated[str, typer.Option(help="tts, blitar")]
AsJson = Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))]


@contacts.command(
    "import", help=N_("Masukkan kontak dari CSV atau XLSX: yang baru, berubah, tetap, dan ditolak beserta alasannya.")
)
def import_command(
    *,
    file: Annotated[Path, typer.Argument(help=N_("berkas CSV atau XLSX"))],
    tenant: Tenant,
    mapping: Annotated[
        str, typer.Option(help=N_('berkas JSON arti kolom, misalnya {"Kontak": "phone"}; “-” berarti tidak dipakai'))
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("hanya hitung; tidak ada yang diubah"))] = False,
    errors: Annotated[
        Path | None, typer.Option(help=N_("berkas CSV untuk baris yang ditolak atau diabaikan sebagian"))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring contacts in from a file; the same file twice changes nothing."""
    from marketing.errors import InvalidInputError

    app = ready(tenant)
    try:
        if not file.is_file():
            raise InvalidInputError(_("Tidak ada berkas “{path}”.").format(path=file))
        meant = json_object(mapping) if mapping else {}
        job = app.imports.run_file(tenant, file, meant, dry_run=dry_run, errors=errors)
    finally:
        app.close()
    names = ("rows", "new", "changed", "unchanged", "refused", "consents")
    found: dict[str, Any] = {name: job.counts.get(name, 0) for name in names}
    found["errors"] = job.errors_path
    if as_json:
        print(json.dumps(found | ({"dry_run": True} if dry_run else {}), ensure_ascii=False, indent=2))
        return
    said = _(
        "{rows} baris: baru {new}, berubah {changed}, tetap {unchanged}, ditolak {refused}; {consents} persetujuan dicatat."
    ).format(**found)
    print(f"{_('Belum ada yang diubah.')} {said}" if dry_run else said)
    if job.counts.get("remarks"):
        print(_("Rinciannya di {path}.").format(path=job.errors_path))


@contacts.command(
    "export", help=N_("Tulis kontak ke CSV atau XLSX: aman dari rumus, tanpa NIK, dengan keadaan persetujuan.")
)
def export_command(
    *,
    tenant: Tenant,
    out: Annotated[Path, typer.Option(help=N_("berkas .csv atau .xlsx"))],
    segment: Annotated[str, typer.Option(help=N_("nama segmen; kosong: semua kontak"))] = "",
    force: Annotated[bool, typer.Option("--force", help=N_("timpa berkas yang sudah ada"))] = False,
    as_json: AsJson = False,
) -> None:
    """Write contacts to a file."""
    from marketing.accounts.audit import write_audit
    from marketing.contacts.exporting import export_contacts

    app = ready(tenant)
    try:
        now = app.clock()
        with app.database.read() as session:
            count = export_contacts(session, tenant, out, now, segment=segment, force=force)
        with app.database.write() as session:
            write_audit(
                session,
                tenant_id=tenant,
                user_id=None,
                action="contacts.export",
                subject="contacts",
                now=now,
                details={"count": count, "segment": segment, "format": out.suffix.lower()},
            )
    finally:
        app.close()
    if as_json:
        print(json.dumps({"contacts": count, "file": str(out)}, ensure_ascii=False, indent=2))
    else:
        print(_("{count} kontak ditulis ke {path}.").format(count=count, path=out))


@contacts.command(
    "merge", help=N_("Gabungkan dua kontak yang orangnya sama; pencabutan persetujuan dari yang mana pun menang.")
)
def merge_command(
    keep: Annotated[int, typer.Argument(help=N_("nomor kontak yang tetap"))],
    gone: Annotated[int, typer.Argument(help=N_("nomor kontak yang digabungkan ke sana"))],
    tenant: Tenant,
    as_json: AsJson = False,
) -> None:
    """Make two contacts one."""
    from marketing.contacts.merging import merge_by_hand

    app = ready(tenant)
    try:
        with app.database.write() as session:
            done = merge_by_hand(session, keep, gone, tenant_id=tenant, user_id=None, now=app.clock())
            found: dict[str, Any] = {"keep": keep, "gone": gone, **done.told()}
    finally:
        app.close()
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    print(
        _("Kontak {gone} digabungkan ke {keep}: {addresses} alamat, {orders} pesanan, {messages} pesan pindah.").format(
            **found
        )
    )


@contacts.command(
    "twins", help=N_("Kontak yang mungkin orangnya sama; hanya usulan, tidak ada yang digabungkan sendiri.")
)
def twins_command(tenant: Tenant, as_json: AsJson = False) -> None:
    """List contacts that may be the same person."""
    from marketing.contacts.merging import suggestions

    app = ready(tenant)
    try:
        with app.database.read() as session:
            found = suggestions(session, tenant)
    finally:
        app.close()
    if as_json:
        print(json.dumps([{"keep": one.keep, "gone": one.gone, "by": one.by} for one in found], indent=2))
        return
    for one in found:
        why = _("alamat yang sama") if one.by == "address" else _("nama dan kecamatan yang sama")
        print(f"{one.keep}  {one.gone}  {why}")
    if not found:
        print(_("Tidak ada kontak yang tampak kembar."))
