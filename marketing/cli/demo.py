"""The demo command."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from marketing.errors import MarketingError
from marketing.i18n import N_
from marketing.i18n import gettext as _
from marketing.settings import load_settings

if TYPE_CHECKING:
    from rich.table import Table

    from marketing.demo.run import Result

commands = typer.Typer()


@commands.command(
    "demo",
    help=N_(
        "Peragakan seluruh pekerjaan untuk dua Daerah dengan katalog contoh; tanpa --once tetap berjalan sampai Ctrl-C."
    ),
)
def demo_command(
    once: Annotated[bool, typer.Option("--once", help=N_("jalankan sekali tanpa layar, lalu berhenti"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))] = False,
    providers: Annotated[
        bool,
        typer.Option(
            "--simulate-providers",
            help=N_("jalankan tiruan Facebook, Instagram, TikTok, dan Telegram, lalu peragakan seluruh hidup kiriman"),
        ),
    ] = False,
) -> None:
    """Play the whole job for two Daerah on sample catalogues; without --once it stays up until Ctrl-C."""
    from marketing.demo.run import demo_settings, running_demo
    from marketing.observability import configure_logging

    settings = load_settings()
    if "log_level" not in settings.model_fields_set:
        settings = settings.model_copy(update={"log_level": "WARNING"})
    configure_logging(settings.log_level)
    if not once:
        print(_("Menyiapkan dua Daerah contoh: katalog, surel, kiriman …"), file=sys.stderr, flush=True)
    with (
        demo_settings(settings, once=once) as chosen,
        running_demo(chosen, providers=providers) as (installation, result),
    ):
        if as_json:
            print(json.dumps(result.numbers, ensure_ascii=False, indent=2), flush=True)
        else:
            show(result, installation.settings.public_url)
        if not once:
            installation.watch()
    if not result.balanced:
        raise MarketingError(_("Ada neraca yang tidak seimbang; lihat angka di atas."))


def show(result: "Result", address: str) -> None:
    """Print the summary and how to look at it."""
    from rich.console import Console
    from rich.table import Table

    from marketing.tenants.profile import profile_of
    from marketing.web.views.states import channel_label, email_type_label

    console = Console(soft_wrap=True)
    for tenant_id, numbers in result.numbers["tenants"].items():
        products, table = numbers["products"], Table(title=profile_of(tenant_id).name, title_justify="left")
        for heading in (_("Jenis surel"), _("audiens"), _("terkirim"), _("dilewati"), _("gagal"), _("tak pasti")):
            table.add_column(heading, justify="left" if heading == _("Jenis surel") else "right")
        for kind, row in numbers["emails"].items():
            skipped = sum(row["skipped"].values())
            figures = (row["audience"], row["accepted"], skipped, row["failed"], row["unknown"])
            table.add_row(email_type_label(kind), *map(str, figures))
        console.print()
        console.print(table)
        held = ", ".join(f"{code}: {number}" for code, number in products["held"].items())
        posts = ", ".join(f"{channel_label(channel)} {number}" for channel, number in numbers["posts"].items())
        console.print(
            _("Produk: {total}, siap promosi {promotable}. Tertahan: {held}").format(**{**products, "held": held})
        )
        console.print(
            _("Umpan situs: {items} produk. Kiriman: {posts}.").format(items=numbers["feed"]["items"], posts=posts)
        )
        console.print(_("Klik orang: {clicks}. Berhenti langganan: {unsubscribes}.").format(**numbers["engagement"]))
        if "providers" in numbers:
            console.print()
            console.print(_lives(numbers["providers"]))
    console.print()
    console.print(_("Selesai dalam {seconds} detik.").format(seconds=result.numbers["seconds"]))
    console.print(_("Buka {url} dan masuk sebagai:").format(url=address))
    for login in result.logins:
        console.print(
            f"  {profile_of(login.tenant_id).short_name:28} {login.role.value:10} {login.email:26} {login.password}",
            highlight=False,
        )
    console.print(_("Ctrl-C untuk berhenti."))


def _lives(providers: dict[str, Any]) -> "Table":
    """Return what became of the posts at the simulated providers."""
    from rich.table import Table

    from marketing.web.views.states import channel_label, chip_of

    steps = {
        "prepare": _("siapkan"),
        "submit": _("kirim"),
        "poll": _("tanya"),
        "find": _("cari"),
        "withdraw": _("tarik"),
    }
    tasks = {"share": _("bagikan"), "check": _("periksa"), "remove": _("hapus")}
    table = Table(title=_("Hidup kiriman di penyedia tiruan"), title_justify="left")
    for heading in (_("Kanal"), _("panggilan"), _("perjalanan"), _("tayang"), _("tugas petugas")):
        table.add_column(heading)
    for channel, found in providers.items():
        calls = ", ".join(f"{steps[step]} {found['calls'][step]}" for step in steps if step in found["calls"])
        lives = "\n".join(" → ".join(chip_of(state).label for state in life) for life in found["lives"])
        asked = ", ".join(f"{tasks[kind]} {number}" for kind, number in found["tasks"].items())
        standing = "" if found["standing"] is None else str(found["standing"])
        table.add_row(channel_label(channel), calls, lives, standing, asked)
    return table
