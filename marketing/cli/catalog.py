"""Commands on catalogues: pull one, say what a pull would change, list and forget sources."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marketing.cli.starting import json_object, ready
from marketing.i18n import N_
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from catalog_sync.configured import CatalogPull
    from catalog_sync.rehearsal import Rehearsed
    from catalog_sync.saved_sources import SourceSpec
    from catalog_sync.service import SyncResult

commands = typer.Typer()
sources = typer.Typer(help=N_("Sumber katalog yang tersimpan."))
commands.add_typer(sources, name="source")

Tenant = Annotated[str, typer.Option(help="tts, blitar")]
AsJson = Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))]


@commands.command(
    "sync",
    help=N_("Ambil katalog: yang baru, berubah, tetap, disisihkan beserta alasannya, dan tertahan menurut pasal."),
)
def sync_command(
    *,
    tenant: Tenant,
    source: Annotated[
        str, typer.Option(help=N_("folder, berkas, alamat katalog, atau nama sumber tersimpan; kosong: dari setelan"))
    ] = "",
    format_: Annotated[
        str, typer.Option("--format", help="contract | woocommerce | spreadsheet | sql | merchant_feed")
    ] = "",
    name: Annotated[str, typer.Option(help=N_("nama sumber; kosong: menurut bentuknya"))] = "",
    mapping: Annotated[
        str, typer.Option(help=N_("berkas JSON pemetaan kolom atau kueri; disimpan untuk sumber ini"))
    ] = "",
    token: Annotated[
        str, typer.Option(help=N_("token, atau ck_…:cs_… WooCommerce; lebih aman lewat SIAR_SOURCE_TOKEN"))
    ] = "",
    every: Annotated[int | None, typer.Option(min=1, help=N_("ambil sendiri tiap sekian menit"))] = None,
    incremental: Annotated[
        bool, typer.Option("--incremental", help=N_("hanya yang berubah sejak pengambilan terakhir"))
    ] = False,
    delete_many: Annotated[
        bool, typer.Option("--delete-many", help=N_("hapus juga bila sebagian besar katalog hilang dari sumber"))
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("hanya tunjukkan yang akan berubah"))] = False,
    as_json: AsJson = False,
) -> None:
    """Pull a catalogue, or with --dry-run say what a pull would change."""
    from marketing.demo.feed_files import refresh_feeds

    app = ready(tenant)
    try:
        token = token or app.settings.source_token.get_secret_value()
        spec = _spec(app.catalog, tenant, source, format_=format_, name=name, token=token)
        if spec is not None:
            spec = replace(
                spec, mapping=json_object(mapping) if mapping else spec.mapping, minutes=every or spec.minutes
            )
        if dry_run:
            rehearsed = app.catalog.rehearse(tenant, spec)
            print(_json(rehearsal(rehearsed)) if as_json else rehearsal_text(rehearsed))
            return
        try:
            result = app.catalog.pull(tenant, spec, incremental=incremental, however_many_deleted=delete_many)
        finally:
            refresh_feeds(app, tenant)  # a demo's files must not go on showing what was recalled
        print(_json(summary(result)) if as_json else sentence(result))
    finally:
        app.close()


@sources.command("list", help=N_("Sumber katalog satu Daerah."))
def list_command(tenant: Tenant, as_json: AsJson = False) -> None:
    """List the kept sources without their secrets."""
    from catalog_sync.saved_sources import kept

    app = ready(tenant)
    with app.database.read() as session:
        rows = [
            {"name": row.name, "format": row.format, "location": row.location, "minutes": row.minutes}
            for row in kept(session, tenant)
        ]
    app.close()
    if as_json:
        print(_json(rows))
        return
    for row in rows:
        often = _("tiap {minutes} menit").format(minutes=row["minutes"]) if row["minutes"] else _("bila diminta")
        print(f"{row['name']}  {row['format']}  {row['location']}  {often}")
    if not rows:
        print(_("Belum ada sumber. Ambil satu dengan `siar sync --tenant {tenant} --source …`.").format(tenant=tenant))


@sources.command("remove", help=N_("Lupakan satu sumber; produknya tetap."))
def remove_command(tenant: Tenant, name: Annotated[str, typer.Argument()]) -> None:
    """Forget a source."""
    from catalog_sync.saved_sources import forget

    app = ready(tenant)
    try:
        with app.database.write() as session:
            forget(session, tenant, name)
    finally:
        app.close()
    print(_("Sumber “{name}” dilupakan.").format(name=name))


def _spec(
    catalog: "CatalogPull", tenant: str, source: str, *, format_: str, name: str, token: str
) -> "SourceSpec | None":
    """Return the source that was asked for; None for the configured one."""
    from catalog_sync.configured import SOURCE_NAME
    from catalog_sync.saved_sources import SourceSpec
    from catalog_sync.sources.base import SourceFormat

    if not source:
        return catalog.spec(tenant, name) if name else None
    if not format_ and not Path(source).exists() and (kept := catalog.find(tenant, source)):
        return replace(kept, token=token or kept.token)
    form = SourceFormat.CONTRACT
    if format_:
        from marketing.errors import InvalidInputError

        try:
            form = SourceFormat(format_)
        except ValueError as error:
            known = ", ".join(SourceFormat)
            raise InvalidInputError(
                _("Bentuk “{format}” tidak dikenal. Pilihan: {known}.").format(format=format_, known=known)
            ) from error
    if Path(source).exists():
        source = str(Path(source).resolve())  # whoever pulls it by the clock stands in another folder
    chosen = name or (SOURCE_NAME if form is SourceFormat.CONTRACT else form.value)
    known_before = catalog.find(tenant, chosen)
    if known_before is not None and known_before.format is form:
        return replace(known_before, location=source, token=token or known_before.token, outside_only=False)
    return SourceSpec(chosen, form, source, token)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def summary(result: "SyncResult") -> dict[str, object]:
    """Return the numbers of a pull as plain JSON values."""
    return {
        "total": result.total,
        "promotable": result.promotable,
        "new": result.new,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "deleted": result.deleted,
        "withheld_deletions": result.withheld,
        "set_aside": [_aside(item) for item in result.set_aside],
        "held": result.held,
    }


def rehearsal(found: "Rehearsed") -> dict[str, object]:
    """Return what a pull would change as plain JSON values; the numbers are named as those of a pull."""
    return {
        "dry_run": True,
        "total": found.total,
        "promotable": found.promotable,
        "new": found.new,
        "changed": found.changed,
        "unchanged": found.unchanged,
        "deleted": found.deleted,
        "withheld_deletions": found.withheld,
        "set_aside": [_aside(item) for item in found.set_aside],
        "changes": [asdict(change) for change in found.changes],
    }


def _aside(item: Any) -> dict[str, str]:
    return {"kind": str(item.kind), "id": item.external_id, "reason": item.reason}


def sentence(result: "SyncResult") -> str:
    """Return the numbers of a pull as a sentence."""
    said = _(
        "{total} produk, {promotable} siap promosi; baru {new}, berubah {changed}, tetap {unchanged}, dihapus {deleted}, "
        "disisihkan {aside}."
    ).format(
        total=result.total,
        promotable=result.promotable,
        new=result.new,
        changed=result.changed,
        unchanged=result.unchanged,
        deleted=result.deleted,
        aside=len(result.set_aside),
    )
    if result.withheld:
        said += " " + _(
            "{count} tidak lagi ada di sumber dan belum dihapus, karena jumlahnya sebagian besar katalog; bila memang benar, "
            "ulangi dengan --delete-many."
        ).format(count=result.withheld)
    return said


def rehearsal_text(found: "Rehearsed") -> str:
    """Return what a pull would change as lines for people."""
    lines = [
        _(
            "Belum ada yang diubah. Pengambilan akan menambah {new}, mengubah {changed}, membiarkan {unchanged}, menghapus "
            "{deleted}, menyisihkan {aside}; {promotable} dari {total} produk siap promosi."
        ).format(
            new=found.new,
            changed=found.changed,
            unchanged=found.unchanged,
            deleted=found.deleted,
            aside=len(found.set_aside),
            promotable=found.promotable,
            total=found.total,
        )
    ]
    for change in found.changes:
        fields = f" ({', '.join(change.fields)})" if change.fields else ""
        held = f"  {', '.join(change.reasons)}" if change.reasons else ""
        lines.append(f"  {change.what:<9} {change.kind:<9} {change.id}  {change.name}{fields}{held}")
    return "\n".join(lines)
