"""Files for marketplaces from the command line."""

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marketing.i18n import N_
from marketing.i18n import gettext as _
from marketing.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from marketing.bootstrap import App
    from marketing.channels.marketplace.listing import Listing
    from marketing.tenants.profile import TenantProfile

commands = typer.Typer()
group = typer.Typer(help=N_("Berkas dan umpan untuk lokapasar."))
commands.add_typer(group, name="marketplace")
FEEDS = ("google", "meta")


@group.callback()
def _group() -> None:
    """Keep `export` a command of its own, also while it is the only one."""


@group.command("export", help=N_("Tulis berkas unggah massal, umpan Google atau katalog Meta."))
def export_command(
    tenant: Annotated[str, typer.Option(help="tts, blitar")],
    to: Annotated[str, typer.Option("--for", help="shopee, tokopedia, lazada, blibli, google, meta")],
    out: Annotated[Path, typer.Option(help=N_("berkas yang ditulis"))],
    business: Annotated[str, typer.Option(help=N_("hanya usaha dengan id katalog ini"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=N_("cetak satu objek JSON"))] = False,
) -> None:
    """Write a mass-upload file, the Google feed or the Meta catalogue."""
    from marketing.bootstrap import build_app
    from marketing.db.version import check
    from marketing.errors import NotFoundError, StorageError
    from marketing.products.listings import ListingMaker, Narrowed, business_row_id
    from marketing.tenants.profile import profile_of

    profile = profile_of(tenant)
    if to not in known():
        raise NotFoundError(
            _("Lokapasar “{name}” tidak dikenal. Yang tersedia: {names}.").format(name=to, names=", ".join(known()))
        )
    app = build_app(load_settings())
    try:
        check(app.database)
        with app.database.read() as session:
            row_id = business_row_id(session, profile.id, business) if business else None
        maker = ListingMaker(app.settings.public_url, app.settings.picture_dir)
        listings = maker.stream(app.database, profile, app.clock(), Narrowed(row_id))
        try:
            with _whole(out) as half:
                taken, left_out = _write(app, profile, to, half, listings)
        except OSError as error:
            raise StorageError(
                _("Berkas “{path}” tidak dapat ditulis ({reason}).").format(path=out, reason=error.strerror or error)
            ) from error
    finally:
        app.close()
    if as_json:
        print(json.dumps({"for": to, "file": str(out), "products": taken, "left_out": left_out}, ensure_ascii=False))
    else:
        print(
            _("{taken} produk ditulis ke {path}; {left_out} tidak ikut.").format(
                taken=taken, path=out, left_out=left_out
            )
        )


def known() -> tuple[str, ...]:
    """Return every name that `--for` takes."""
    from marketing.channels.marketplace.mass_upload.limits import Destination

    return (*Destination, *FEEDS)


@contextmanager
def _whole(out: Path) -> "Iterator[Path]":
    """Give a file beside the wanted one that takes its place only when it is finished."""
    half = out.with_name(f".{out.name}.siar")
    try:
        yield half
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)


def _write(app: "App", profile: "TenantProfile", to: str, out: Path, listings: "Iterable[Listing]") -> tuple[int, int]:
    """Write the file and return how many products went in and how many did not; OSError when the disk refuses."""
    from marketing.channels.marketplace import google_merchant, meta_catalog
    from marketing.channels.marketplace.mass_upload.limits import Destination
    from marketing.channels.marketplace.mass_upload.templates import TEMPLATES
    from marketing.channels.marketplace.mass_upload.workbook import write_workbook
    from marketing.domain import site

    if to not in FEEDS:
        written = write_workbook(out, TEMPLATES[Destination(to)], listings)
        return written.taken, written.left_out
    counts = [0, 0]
    fits = google_merchant.fits if to == "google" else meta_catalog.fits

    def counted() -> "Iterator[Listing]":
        for listing in listings:
            counts[not fits(listing)] += 1
            yield listing

    now, link = app.clock(), app.settings.public_url + site.home(profile.id)
    pieces = (
        google_merchant.feed(counted(), place=profile.short_name, office=profile.dinas, link=link, now=now)
        if to == "google"
        else meta_catalog.catalog(counted(), now)
    )
    with out.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
    return counts[0], counts[1]
