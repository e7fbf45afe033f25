"""Commands on the database and the catalogue."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from marketing.i18n import N_
from marketing.i18n import gettext as _
from marketing.settings import load_settings

if TYPE_CHECKING:
    from catalog_sync.service import SyncResult

commands = typer.Typer()


@commands.command("migrate", help=N_("Bawa basis data ke versi program ini."))
def migrate_command() -> None:
    """Bring the database to the version of this program."""
    from marketing.accounts.tenants import ensure_tenants
    from marketing.bootstrap import build_app
    from marketing.db.migrate import migrate

    app = build_app(load_settings())
    revision = migrate(app.database)
    with app.database.write() as session:
        ensure_tenants(session, app.clock())
    app.close()
    print(_("Basis data pada versi {revision}.").format(revision=revision))


@commands.command(
    "sync",
    help=N_("Tarik katalog: yang baru, berubah, tetap, disisihkan beserta alasannya, dan tertahan menurut pasal."),
)
def sync_command(
    tenant: Annotated[str, typer.Option(help="tts, blitar")],
    source: Annotated[str, typer.Option(help=N_("folder, berkas, atau alamat katalog; kosong: dari setelan"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))] = False,
) -> None:
    """Pull a catalogue: new, changed, unchanged, set aside with reasons, held by article."""
    from marketing.accounts.tenants import ensure_tenants
    from marketing.bootstrap import build_app
    from marketing.db.migrate import migrate
    from marketing.db.session import Database
    from marketing.db.version import check
    from marketing.tenants.profile import profile_of

    settings = load_settings()
    profile_of(tenant)
    settings.prepare_data_dir()
    database = Database(settings.database)
    migrate(database) if not settings.database_url else check(database)
    database.close()
    app = build_app(settings)
    with app.database.write() as session:
        ensure_tenants(session, app.clock())
    result = app.catalog.pull(tenant, source)
    app.close()
    print(json.dumps(summary(result), ensure_ascii=False, indent=2) if as_json else sentence(result))


def summary(result: "SyncResult") -> dict[str, object]:
    """Return the numbers of a pull as plain JSON values."""
    return {
        "total": result.total,
        "promotable": result.promotable,
        "new": result.new,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "deleted": result.deleted,
        "set_aside": [{"kind": item.kind, "id": item.external_id, "reason": item.reason} for item in result.set_aside],
        "held": result.held,
    }


def sentence(result: "SyncResult") -> str:
    """Return the numbers of a pull as a sentence."""
    return _(
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
