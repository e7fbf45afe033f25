"""Lists of the gallery: search, one category, one business, one offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from marketing.channels.website import structured_data as data
from marketing.domain import site
from marketing.domain.calendar_id import format_date_id, local_date
from marketing.domain.campaign import CampaignContent
from marketing.i18n import gettext as _
from marketing.products.catalogue import Entry, Offer
from marketing.web import paths
from marketing.web.building.gallery import (
    Scene,
    card,
    crumbs,
    feeds_of,
    head,
    listed,
    paragraphs,
    share,
    standing,
    unlisted,
)
from marketing.web.building.gallery_seller import business_facts, contact_links, seller, shop_links, verified
from marketing.web.queries.gallery import Found, Sort, Totals, Wanted
from marketing.web.views.gallery import BusinessView, FeedLink, Link, ListingView, OfferView
from marketing.web.views.parts import Option, Pager
from marketing.web.views.states import category_label

PAGE_SIZE = 24


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked of a list, and which page of it."""

    wanted: Wanted
    page: int
    query: str = ""

    @property
    def offset(self) -> int:
        """How many products stand before this page."""
        return (self.page - 1) * PAGE_SIZE


def listing(scene: Scene, asked: Asked, found: Found, all_of_it: Totals) -> ListingView:
    """Return a page of a list; the address of a category alone is the category's own page."""
    wanted, profile = asked.wanted, scene.profile
    shown = standing(found.offers, scene)
    total = found.total - (len(found.offers) - len(shown))
    base, query = _address(scene, asked)
    path = paths.listing(base, **query, halaman=asked.page if asked.page > 1 else None)
    category = category_label(wanted.category) if wanted.category else ""
    title = _title(asked, category)
    way = crumbs(
        scene,
        *([Link(_("Semua produk"), site.search(profile.id))] if base != site.search(profile.id) or query else []),
        Link(title, ""),
    )
    feeds = _feeds(scene, asked, base, category)
    address = scene.absolute(path)
    found_head = head(
        scene,
        path,
        title=title,
        description=_("{title}: {total} produk UMKM {place} yang sudah diverifikasi Dinas.").format(
            title=title, total=total, place=profile.name
        ),
        way=way,
        page_kind="CollectionPage",
        about=f"{address}#daftar",
        things=[data.item_list(address, title, listed(scene, shown), total=total, first=asked.offset + 1)],
        feeds=feeds,
        **_neighbours(scene, asked, found.total, base, query),
    )
    narrowed = bool(asked.query or wanted.category or wanted.kecamatan)
    pages = paths.listing(base, **query, halaman=asked.page - 1 if asked.page > 2 else None)  # noqa: PLR2004  page 1 has no number
    return ListingView(
        head=found_head if not query else unlisted(found_head),
        crumbs=way,
        title=title,
        summary=_summary(total, asked),
        products=tuple(card(offer, scene) for offer in shown),
        pager=Pager(
            len(shown),
            total,
            previous=pages if asked.page > 1 else "",
            next=paths.listing(base, **query, halaman=asked.page + 1) if _more(asked, found.total) else "",
        ),
        search_action=site.search(profile.id),
        query=asked.query,
        categories=_options(_("Semua kategori"), all_of_it.categories, wanted.category, labelled=True),
        places=_options(_("Semua kecamatan"), all_of_it.kecamatan, wanted.kecamatan),
        orders=tuple(Option(str(sort), label, selected=sort is wanted.sort) for sort, label in _sorts().items()),
        clear_href=site.search(profile.id) if narrowed else "",
        feeds=feeds,
    )


def business(scene: Scene, entry: Entry, asked: Asked, found: Found) -> BusinessView | None:
    """Return the page of a business, or nothing when none of its products on this page may be shown now."""
    shown, facts = standing(found.offers, scene), entry.facts
    if not shown:
        return None
    total = found.total - (len(found.offers) - len(shown))
    base = site.business(scene.profile.id, entry.row_id)
    path = paths.listing(base, halaman=asked.page if asked.page > 1 else None)
    address, way = scene.absolute(path), crumbs(scene, Link(facts.name, ""))
    owner = seller(scene, entry.row_id, facts)
    place = facts.domicile_kecamatan or scene.profile.name
    description = _("{name} di {place}: {total} produk yang sudah diverifikasi {dinas}.").format(
        name=facts.name, place=place, total=total, dinas=scene.profile.dinas_short
    )
    things = [
        data.business(owner),
        data.item_list(address, facts.name, listed(scene, shown), total=total, first=asked.offset + 1),
    ]
    feeds = feeds_of(base, facts.name)
    return BusinessView(
        head=head(
            scene,
            path,
            title=facts.name,
            description=description,
            way=way,
            page_kind="ProfilePage",
            about=f"{owner.page}#usaha",
            things=things,
            feeds=feeds,
            kind="profile",
            picture=next((url for offer in shown if (url := offer.picture_url(scene.public_url))), ""),
            **_neighbours(scene, asked, found.total, base, {}),
        ),
        crumbs=way,
        name=facts.name,
        place=place,
        verified=verified(scene, facts.verification),
        facts=business_facts(facts, group=entry.group),
        links=(*contact_links(facts), *shop_links(facts, _("Toko di {shop}"))),
        products=tuple(card(offer, scene, of_one=True) for offer in shown),
        pager=Pager(
            len(shown),
            total,
            previous=paths.listing(base, halaman=asked.page - 1 if asked.page > 2 else None) if asked.page > 1 else "",  # noqa: PLR2004  page 1 has no number
            next=paths.listing(base, halaman=asked.page + 1) if _more(asked, found.total) else "",
        ),
        share=share(scene, base, facts.name),
        feeds=feeds,
    )


def offer_page(
    scene: Scene, marker: str, content: CampaignContent, since: datetime | None, offers: Sequence[Offer]
) -> OfferView:
    """Return the page of one campaign; products that lost their standing are gone from it at once."""
    shown, path = standing(offers, scene), site.promo(scene.profile.id, marker)
    title, address = content.headline or content.subject, scene.absolute(path)
    way = crumbs(scene, Link(title, ""))
    return OfferView(
        head=head(
            scene,
            path,
            title=title,
            description=content.body or title,
            way=way,
            page_kind="CollectionPage",
            about=f"{address}#daftar",
            things=[data.item_list(address, title, listed(scene, shown), total=len(shown))],
            kind="article",
            picture=next((url for offer in shown if (url := offer.picture_url(scene.public_url))), ""),
        ),
        crumbs=way,
        headline=title,
        text=paragraphs(content.body),
        products=tuple(card(offer, scene) for offer in shown),
        share=share(scene, path, title),
        period=_("Diterbitkan {dinas} pada {day}").format(
            dinas=scene.profile.dinas_short, day=format_date_id(local_date(since, scene.profile.tz))
        )
        if since
        else scene.profile.dinas_short,
    )


def _address(scene: Scene, asked: Asked) -> tuple[str, dict[str, str]]:
    """Return where this list stands, and its filters in one order, so that one list has one address."""
    wanted = asked.wanted
    sort = "" if wanted.sort is Sort.NEWEST else str(wanted.sort)
    rest = {"kecamatan": wanted.kecamatan, "urut": sort}
    if wanted.category and not asked.query:
        return site.category(scene.profile.id, wanted.category), {key: value for key, value in rest.items() if value}
    query = {"q": asked.query, "kategori": wanted.category, **rest}
    return site.search(scene.profile.id), {key: value for key, value in query.items() if value}


def _feeds(scene: Scene, asked: Asked, base: str, category: str) -> tuple[FeedLink, ...]:
    """Return the feeds that hold this list: of its category or of the whole gallery; a search has none."""
    if asked.query or asked.wanted.kecamatan:
        return ()
    return feeds_of(base, category) if category else feeds_of(scene.home, scene.profile.short_name)


def _neighbours(scene: Scene, asked: Asked, total: int, base: str, query: Mapping[str, str]) -> dict[str, str]:
    before = paths.listing(base, **query, halaman=asked.page - 1 if asked.page > 2 else None)  # noqa: PLR2004  page 1 has no number
    after = paths.listing(base, **query, halaman=asked.page + 1)
    return {
        "previous_href": scene.absolute(before) if asked.page > 1 else "",
        "next_href": scene.absolute(after) if _more(asked, total) else "",
    }


def _more(asked: Asked, total: int) -> bool:
    return asked.page * PAGE_SIZE < total


def _title(asked: Asked, category: str) -> str:
    if asked.query:
        return _("Hasil untuk “{query}”").format(query=asked.query)
    if category and asked.wanted.kecamatan:
        return _("{category} dari {place}").format(category=category, place=asked.wanted.kecamatan)
    if asked.wanted.kecamatan:
        return _("Produk dari {place}").format(place=asked.wanted.kecamatan)
    return category or _("Semua produk")


def _summary(total: int, asked: Asked) -> str:
    pages = -(-total // PAGE_SIZE)
    found = _("{total} produk").format(total=f"{total:,d}".replace(",", "."))
    return (
        _("{found}, halaman {page} dari {pages}").format(found=found, page=asked.page, pages=pages)
        if pages > 1
        else found
    )


def _sorts() -> Mapping[Sort, str]:
    return {
        Sort.NEWEST: _("Terbaru"),
        Sort.CHEAPEST: _("Harga terendah"),
        Sort.DEAREST: _("Harga tertinggi"),
        Sort.NAME: _("Nama A–Z"),
    }


def _options(everything: str, counted: Mapping[str, int], chosen: str, *, labelled: bool = False) -> tuple[Option, ...]:
    names = sorted({*counted, chosen} - {""})
    return (
        Option("", everything, selected=not chosen),
        *(
            Option(
                name,
                f"{category_label(name) if labelled else name} ({counted.get(name, 0)})",
                selected=name == chosen,
            )
            for name in names
        ),
    )
