"""The catalogue, from facts to its page."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from marketing.domain.product import VerificationStatus
from marketing.domain.regulations import GATES
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.products.catalogue import Offer
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.words import day_text, moment_text, number_text
from marketing.web.queries import catalog as queries
from marketing.web.queries.catalog import CatalogCounts, HeldFacts, SetAsideFacts, Shown, SyncFacts
from marketing.web.views.catalog import HeldProduct, ProductRow, ReasonView, SetAsideRow
from marketing.web.views.parts import Option, Tab
from marketing.web.views.states import category_label

ALL, READY, HELD, UNVERIFIED, WITHDRAWN = "semua", "siap", "tertahan", "menunggu", "ditarik"
CONDITIONS = {
    ALL: queries.NOT_READY,
    HELD: queries.HELD,
    UNVERIFIED: queries.UNVERIFIED,
    WITHDRAWN: queries.WITHDRAWN,
}


def tabs_of(counts: CatalogCounts, current: str) -> tuple[Tab, ...]:
    """Return the ways to look at the catalogue."""
    labels = {
        ALL: (_("Semua"), counts.live),
        READY: (_("Siap promosi"), counts.ready),
        HELD: (_("Tertahan"), counts.held),
        UNVERIFIED: (_("Menunggu verifikasi"), counts.unverified),
        WITHDRAWN: (_("Ditarik"), counts.withdrawn),
    }
    return tuple(
        Tab(label, paths.listing(paths.CATALOG, tab="" if name == ALL else name), number, current=name == current)
        for name, (label, number) in labels.items()
    )


def summary_of(counts: CatalogCounts, sync: SyncFacts | None, profile: TenantProfile) -> str:
    """Return the catalogue in one or two sentences."""
    said = _("{products} produk dari {businesses} UMKM.").format(
        products=number_text(counts.live), businesses=number_text(counts.businesses)
    )
    return f"{said} {sync_text(sync, profile)}"


def sync_text(sync: SyncFacts | None, profile: TenantProfile) -> str:
    """Return how the last pull went."""
    if sync is None:
        return _("Belum pernah disinkronkan.")
    if sync.state == "failed":
        return _("Sinkronisasi {time} gagal: {error}").format(
            time=moment_text(sync.finished_at or sync.started_at, profile), error=sync.error
        )
    if sync.finished_at is None:
        return _("Sedang disinkronkan sejak {time}.").format(time=moment_text(sync.started_at, profile))
    said = _("Disinkronkan {time}").format(time=moment_text(sync.finished_at, profile))
    if not sync.set_aside:
        return f"{said}."
    aside = ngettext("{n} catatan disisihkan", "{n} catatan disisihkan", sync.set_aside)
    return f"{said}; {aside.format(n=number_text(sync.set_aside))}."


def category_options(found: Iterable[str], chosen: str) -> tuple[Option, ...]:
    """Return the categories to narrow the list to."""
    return (
        Option("", _("Semua kategori"), selected=not chosen),
        *(Option(name, category_label(name), selected=name == chosen) for name in found),
    )


def reason_options(held: Sequence[HeldFacts], chosen: str, profile: TenantProfile) -> tuple[Option, ...]:
    """Return the codes that hold products, in the order of the regulation, with how many each holds."""
    numbers = Counter(code for one in held for code in {reason["code"] for reason in one.reasons})
    known = GATES[profile.regulation].codes
    order = [code for code in known if code in numbers] + sorted(numbers.keys() - known.keys())
    return (
        Option("", _("Semua alasan"), selected=not chosen),
        *(Option(code, f"{code} ({number_text(numbers[code])})", selected=code == chosen) for code in order),
    )


def with_reason(held: Sequence[HeldFacts], code: str) -> list[HeldFacts]:
    """Return those that this code holds; all without a code."""
    return [one for one in held if not code or any(reason["code"] == code for reason in one.reasons)]


def held_of(one: HeldFacts, profile: TenantProfile) -> HeldProduct:
    """Return a product with every reason that holds it."""
    asks = GATES[profile.regulation].codes
    return HeldProduct(
        id=one.id,
        name=one.name,
        business=one.business,
        reasons=tuple(
            ReasonView(reason["text"], reason["citation"], reason["cure"], asks.get(reason["code"], ""))
            for reason in one.reasons
        ),
        picture=one.picture,
        since=_since(one, profile),
        state="withdrawn"
        if one.deleted_at or one.verification in (VerificationStatus.REVOKED, VerificationStatus.REJECTED)
        else "unverified"
        if one.verification is VerificationStatus.PENDING
        else "held",
    )


def ready_of(shown: Shown, offer: Offer, profile: TenantProfile, now: datetime) -> ProductRow:
    """Return a product that may be promoted."""
    facts = offer.facts
    return ProductRow(
        id=offer.row_id,
        name=facts.name,
        business=facts.business.name,
        category=category_label(facts.category),
        price=offer.price_text(now),
        stock="" if facts.stock is None else f"{number_text(facts.stock)} {facts.unit}".strip(),
        shown=shown.times,
        last_shown=day_text(shown.last, profile) if shown.last else "",
        picture=offer.picture_url(""),
    )


def set_aside_rows(found: Sequence[SetAsideFacts]) -> tuple[SetAsideRow, ...]:
    """Return the records of the last pull that could not be taken."""
    kinds: Mapping[str, str] = {
        "business": _("UMKM"),
        "product": _("Produk"),
        "buyer": _("Pembeli"),
        "order": _("Pesanan"),
        "consent": _("Persetujuan pembeli"),
    }
    return tuple(SetAsideRow(kinds.get(one.kind, one.kind), one.external_id or "–", one.reason) for one in found)


def _since(one: HeldFacts, profile: TenantProfile) -> str:
    if one.deleted_at:
        return _("Hilang dari katalog {day}.").format(day=day_text(one.deleted_at, profile))
    return _("Diputuskan {time}.").format(time=moment_text(one.decided_at, profile)) if one.decided_at else ""
