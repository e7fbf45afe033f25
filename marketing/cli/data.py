"""Commands on the database: its version, and how long messages are kept."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from marketing.i18n import N_
from marketing.i18n import gettext as _
from marketing.settings import load_settings

commands = typer.Typer()
group = typer.Typer(help=N_("Data surat: berapa yang tersimpan tiap bulan, dan yang sudah waktunya dihapus."))
commands.add_typer(group, name="data")


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


@group.command(
    "reseal",
    help=N_(
        "Segel ulang izin dan sandi yang tersimpan dengan SIAR_SEAL_KEY; sesudahnya SIAR_SEAL_KEYS_OLD dapat dikosongkan."
    ),
)
def reseal_command() -> None:
    """Seal everything anew with the key in force."""
    from marketing.cli.starting import ready_for_all
    from marketing.errors import SettingsError
    from marketing.resealing import reseal

    app = ready_for_all()
    done = reseal(app)
    app.close()
    print(_("{n} rahasia disegel ulang dengan kunci yang berlaku.").format(n=done.sealed))
    if done.unopened:
        raise SettingsError(
            _(
                "{n} rahasia tidak dapat dibuka dengan kunci mana pun: {where}. Isi kunci lamanya, lalu jalankan lagi."
            ).format(n=len(done.unopened), where=", ".join(done.unopened[:10]))
        )


@group.command(
    "months", help=N_("Tampilkan surat yang tersimpan tiap bulan, ukurannya, dan yang sudah waktunya dihapus.")
)
def months_command(
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu larik JSON"))] = False,
) -> None:
    """Show the months of messages."""
    from marketing.cli.starting import ready_for_all

    app = ready_for_all()
    found = app.retention.standing()
    app.close()
    if as_json:
        print(json.dumps([asdict(one) for one in found]))
        return
    for one in found:
        size = f"{one.size_bytes / 1e6:.1f} MB" if one.size_bytes is not None else "–"
        state = _("ditahan: masih ada yang terbuka") if one.held else _("akan dihapus") if one.due else _("disimpan")
        print(f"{one.month // 100}-{one.month % 100:02}  {one.messages:>12,}  {size:>12}  {state}".replace(",", "."))
    if not found:
        print(_("Belum ada surat."))


@group.command(
    "tidy",
    help=N_("Siapkan bulan mendatang dan hapus surat yang lewat SIAR_MESSAGE_MONTHS; jumlah tiap kampanye tetap ada."),
)
def tidy_command() -> None:
    """Do now what the nightly task does."""
    from marketing.cli.starting import ready_for_all
    from marketing.errors import StorageError

    app = ready_for_all()
    done = app.retention.tidy()
    app.close()
    for month in done.made:
        print(_("Bulan {month} disiapkan.").format(month=f"{month // 100}-{month % 100:02}"))
    for month, number in done.removed:
        print(
            _("Bulan {month}: {n} surat dihapus, jumlahnya disimpan.").format(
                month=f"{month // 100}-{month % 100:02}", n=number
            )
        )
    for month in done.held:
        print(_("Bulan {month} ditahan: masih ada yang terbuka.").format(month=f"{month // 100}-{month % 100:02}"))
    if done.busy:
        raise StorageError(_("Tabel surat sedang dipakai. Coba lagi ketika kiriman sepi, misalnya malam hari."))
    if not (done.made or done.removed or done.held):
        print(_("Tidak ada yang perlu dihapus."))
