"""Lokapasar, from listings to its page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from marketing.channels.marketplace import google_merchant, meta_catalog
from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.mass_upload.limits import FAULT_NAMES, LIMITS, Destination, Fault, Misfit, fits
from marketing.channels.marketplace.mass_upload.templates import TEMPLATES
from marketing.domain import site
from marketing.i18n import gettext as _
from marketing.products.listings import Narrowed
from marketing.web import paths
from marketing.web.views.marketplace import FaultRow, MarketplaceCard, ShoppingFeed
from marketing.web.views.parts import Option

PAGE = "/katalog/lokapasar"


@dataclass(slots=True)
class Tally:
    """How many listings fit where, and why others do not; one example of each reason is kept."""

    total: int = 0
    fitting: Counter[str] = field(default_factory=Counter)
    faults: dict[Destination, Counter[Fault]] = field(default_factory=dict)
    examples: dict[tuple[Destination, Fault], tuple[Listing, Misfit]] = field(default_factory=dict)

    def add(self, listing: Listing) -> None:
        """Ask every destination about one listing."""
        self.total += 1
        self.fitting["google"] += google_merchant.fits(listing)
        self.fitting["meta"] += meta_catalog.fits(listing)
        for destination, limits in LIMITS.items():
            misfits = fits(listing, limits)
            self.fitting[destination] += not misfits
            counted = self.faults.setdefault(destination, Counter())
            for misfit in misfits:
                counted[misfit.fault] += 1
                self.examples.setdefault((destination, misfit.fault), (listing, misfit))


def tally_of(listings: Iterable[Listing]) -> Tally:
    """Count all of them."""
    tally = Tally()
    for listing in listings:
        tally.add(listing)
    return tally


def cards_of(tally: Tally, narrowed: Narrowed) -> tuple[MarketplaceCard, ...]:
    """Return a card for each marketplace, the commonest reason first."""
    return tuple(
        MarketplaceCard(
            id=destination,
            title=limits.name,
            fitting=tally.fitting[destination],
            faults=tuple(
                _fault_row(fault, count, *tally.examples[destination, fault])
                for fault, count in tally.faults.get(destination, Counter()).most_common()
            ),
            steps=tuple(_(step) for step in TEMPLATES[destination].to_complete),
            download_href=download_href(destination, narrowed),
        )
        for destination, limits in LIMITS.items()
    )


def download_href(destination: Destination, narrowed: Narrowed) -> str:
    """Return where the file is fetched, with the same filter as the page."""
    return paths.listing(f"{PAGE}/{destination}.xlsx", usaha=narrowed.business_row_id, kategori=narrowed.category or "")


def feeds_of(tally: Tally, public_url: str, tenant_id: str) -> tuple[ShoppingFeed, ...]:
    """Return the feeds that shopping services fetch by themselves."""
    return (
        ShoppingFeed(
            _("Google Merchant"),
            _("Daftarkan alamat ini di Merchant Center sebagai sumber produk yang diambil setiap hari."),
            tally.fitting["google"],
            public_url + site.merchant_feed(tenant_id),
        ),
        ShoppingFeed(
            _("Katalog Meta"),
            _("Daftarkan di Commerce Manager; dipakai toko Facebook dan Instagram serta katalog WhatsApp."),
            tally.fitting["meta"],
            public_url + site.meta_catalog(tenant_id),
        ),
    )


def business_options(found: Sequence[tuple[int, str]], chosen: int | None) -> tuple[Option, ...]:
    """Return the businesses to narrow to."""
    return (
        Option("", _("Semua usaha"), selected=chosen is None),
        *(Option(str(row_id), name, selected=row_id == chosen) for row_id, name in found),
    )


def _fault_row(fault: Fault, count: int, listing: Listing, misfit: Misfit) -> FaultRow:
    return FaultRow(
        title=_(FAULT_NAMES[fault]),
        count=count,
        example=_("Contoh: {product} ({business}). {reason}").format(
            product=listing.title, business=listing.business, reason=misfit.text
        ),
        cure=misfit.cure,
    )
