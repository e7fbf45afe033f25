"""The front pages of the gallery: every Daerah, one Daerah, and what stands where something was."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from markupsafe import escape

from marketing.channels.website import structured_data as data
from marketing.domain import site
from marketing.domain.calendar_id import local_date
from marketing.domain.rotation import turns
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer
from marketing.tenants.profile import TenantProfile
from marketing.web.building.gallery import Scene, card, feeds_of, head, listed, standing, unlisted
from marketing.web.building.newsletters import feed_link, issue_card
from marketing.web.queries.gallery import Spotlit, Totals
from marketing.web.queries.newsletters import Issue
from marketing.web.views.gallery import (
    BusinessCard,
    DaerahCard,
    DaerahListView,
    GalleryHomeView,
    Head,
    LostView,
    Tile,
)
from marketing.web.views.shell import Tenant
from marketing.web.views.states import category_icon, category_label

NEWEST = 8
SPOTLIGHT = 4
LETTERS = 3
PICTURES = 3  # of one business in the spotlight
FRAME = '<iframe src="{src}" title="{title}" width="100%" height="480" loading="lazy"></iframe>'


def daerah_list(
    profiles: Sequence[TenantProfile], numbers: Mapping[str, tuple[int, int]], public_url: str
) -> DaerahListView:
    """Return the page of all Daerah that have products; one alone still gets its entry."""
    shown = [profile for profile in profiles if profile.id in numbers]
    address = f"{public_url}{site.GALLERY}"
    text = _("Produk UMKM yang sudah diverifikasi oleh Dinas setempat, Daerah demi Daerah.")
    places = [data.Place(profile.name, f"{public_url}{site.home(profile.id)}") for profile in shown]
    return DaerahListView(
        Head(
            _("Galeri UMKM"),
            text,
            address,
            structured=(data.graph(data.item_list(address, _("Galeri UMKM"), places, total=len(places))),),
        ),
        tuple(
            DaerahCard(
                name=profile.name,
                href=site.home(profile.id),
                dinas=profile.dinas,
                initials=Tenant.of(profile).initials,
                products=numbers[profile.id][0],
                businesses=numbers[profile.id][1],
            )
            for profile in shown
        ),
    )


def home(
    scene: Scene,
    found: Totals,
    businesses: int,
    newest: Sequence[Offer],
    spotlight: Sequence[Spotlit],
    *,
    letters: Sequence[Issue] = (),
) -> GalleryHomeView:
    """Return the front page of a Daerah; `letters` are the newest issues of its newsletter."""
    profile, shown = scene.profile, standing(newest, scene)
    title = _("Produk UMKM {place}").format(place=profile.short_name)
    text = _("{products} produk dari {businesses} usaha di {place}, sudah diverifikasi oleh {dinas}.").format(
        products=found.products, businesses=businesses, place=profile.name, dinas=profile.dinas_short
    )
    address = scene.absolute(scene.home)
    things = [
        data.item_list(address, _("Produk terbaru"), listed(scene, shown), total=len(shown)),
    ]
    feeds = feeds_of(scene.home, profile.short_name)
    return GalleryHomeView(
        head=head(
            scene,
            scene.home,
            title=title,
            description=text,
            page_kind="CollectionPage",
            about=f"{address}#daftar",
            things=things,
            feeds=(*feeds, feed_link(scene)) if letters else feeds,
            picture=_first_picture(shown, scene),
        ),
        products=found.products,
        businesses=businesses,
        search_action=site.search(profile.id),
        all_href=site.search(profile.id),
        tiles=tuple(
            Tile(category_label(name), site.category(profile.id, name), category_icon(name), number)
            for name, number in sorted(found.categories.items(), key=lambda pair: -pair[1])
        ),
        newest=tuple(card(offer, scene) for offer in shown),
        spotlight=tuple(business for lit in spotlight if (business := _spotlit(lit, scene)) is not None),
        feeds=feeds,
        embed=FRAME.format(src=escape(scene.absolute(site.widget(profile.id))), title=escape(title)),
        guide_href=site.embed(profile.id),
        letters=tuple(issue_card(scene, issue) for issue in letters),
        letters_href=site.newsletters(profile.id) if letters else "",
    )


def todays_turns(profile: TenantProfile, now: datetime, count: int) -> Sequence[int]:
    """Return which businesses stand in the spotlight today, by the day of the Daerah."""
    return turns(count, SPOTLIGHT, local_date(now, profile.tz))


def lost(scene: Scene, text: str, newest: Sequence[Offer]) -> LostView:
    """Return the page for what is not shown (any more), with a way on."""
    title = _("Halaman ini tidak ada atau sedang tidak ditampilkan")
    found = Head(title, text, scene.absolute(scene.home))
    return LostView(
        head=unlisted(found),
        title=title,
        text=text,
        search_action=site.search(scene.profile.id),
        all_href=site.search(scene.profile.id),
        newest=tuple(card(offer, scene) for offer in standing(newest, scene)),
    )


def _spotlit(lit: Spotlit, scene: Scene) -> BusinessCard | None:
    """Return a business with its pictures, or nothing when none of its products may be shown now."""
    shown = standing(lit.offers, scene)
    if not shown:
        return None
    facts = shown[0].facts.business
    return BusinessCard(
        name=facts.name,
        href=site.business(scene.profile.id, lit.row_id),
        place=facts.domicile_kecamatan,
        count=lit.products,
        pictures=tuple(url for offer in shown if (url := offer.picture_url("")))[:PICTURES],
    )


def _first_picture(offers: Sequence[Offer], scene: Scene) -> str:
    return next((url for offer in offers if (url := offer.picture_url(scene.public_url))), "")
