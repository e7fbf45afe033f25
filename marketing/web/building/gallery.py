"""What every page of the gallery is made of: cards, the head, the feeds, the words to pass on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from marketing.channels.website import structured_data as data
from marketing.domain import site
from marketing.i18n import gettext as _
from marketing.i18n import language
from marketing.products.catalogue import Offer
from marketing.tenants.profile import TenantProfile
from marketing.web.views.gallery import Card, FeedLink, Head, Link, Share

FEED_KINDS: Mapping[str, tuple[str, str]] = {
    "rss": ("RSS", "application/rss+xml"),
    "atom": ("Atom", "application/atom+xml"),
    "json": ("JSON Feed", "application/feed+json"),
}
MAX_DESCRIPTION = 160  # what search engines show


@dataclass(frozen=True, slots=True)
class Scene:
    """Whose gallery, at which moment, under which public address."""

    profile: TenantProfile
    public_url: str
    now: datetime

    def absolute(self, path: str) -> str:
        """Return a path as an address that works from anywhere."""
        return f"{self.public_url}{path}" if path else ""

    @property
    def home(self) -> str:
        """The front page of the gallery."""
        return site.home(self.profile.id)

    @property
    def office(self) -> data.Office:
        """The Dinas as structured data names it."""
        profile = self.profile
        return data.Office(
            home=self.absolute(self.home),
            name=profile.dinas,
            address=profile.address,
            region=profile.name,
            email=profile.email,
            phone=profile.phone,
            website=profile.website,
        )


def standing(offers: Sequence[Offer], scene: Scene) -> list[Offer]:
    """Return those that may be shown at this moment; the list in the database is as old as the last decision."""
    return [offer for offer in offers if offer.stands(scene.profile, scene.now)]


def card(offer: Offer, scene: Scene, *, of_one: bool = False) -> Card:
    """Return a product as it stands in a list; in the list of one business its name need not be said again."""
    facts = offer.facts
    return Card(
        name=facts.name,
        business="" if of_one else facts.business.name,
        href=offer.page_url("", scene.profile.id),
        price=offer.price_text(scene.now),
        picture=offer.picture_url(""),
        picture_alt=next((shot.alt for shot in facts.pictures if shot.sha256 and shot.alt != facts.name), ""),
        price_was=offer.before_text(scene.now),
        place="" if of_one else facts.business.domicile_kecamatan,
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """Return a text in its paragraphs."""
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def summary(text: str) -> str:
    """Return a text as the one short line that stands under a search result."""
    line = " ".join(text.split())
    if len(line) <= MAX_DESCRIPTION:
        return line
    return f"{line[: MAX_DESCRIPTION - 1].rsplit(' ', 1)[0].rstrip(' ,.;:')}…"


def feeds_of(page: str, name: str) -> tuple[FeedLink, ...]:
    """Return the feeds of a home, a category or a business."""
    return tuple(
        FeedLink(label, f"{label}: {name}", site.feed(page, form), FEED_KINDS[form][1])
        for form, label in ((form, FEED_KINDS[form][0]) for form in site.FEED_FORMS)
    )


def share(scene: Scene, path: str, text: str) -> Share:
    """Return the ways to pass a page on; WhatsApp gets words and address in one text."""
    address = scene.absolute(path)
    return Share(address, text, f"https://wa.me/?text={quote(f'{text} {address}', safe='')}")


def crumbs(scene: Scene, *way: Link) -> tuple[Link, ...]:
    """Return the way from the gallery to a page; the page itself comes last and leads nowhere."""
    return (Link(_("Galeri"), scene.home), *way)


def head(
    scene: Scene,
    path: str,
    *,
    title: str,
    description: str,
    way: Sequence[Link] = (),
    page_kind: str = "WebPage",
    about: str = "",
    things: Sequence[data.Node] = (),
    **more: Any,
) -> Head:
    """Return the head of a page with its structured data: the Dinas, the page, the way to it, and what it is about."""
    address = scene.absolute(path)
    line = summary(description)
    nodes: list[data.Node] = [
        data.office(scene.office),
        data.page(data.Page(address, title, line, language(), page_kind), scene.office, about=about),
    ]
    if way:
        places = [data.Place(step.label, scene.absolute(step.href) or address) for step in way]
        nodes.append(data.breadcrumbs(address, places))
    return Head(
        title=title, description=line, canonical_href=address, structured=(data.graph(*nodes, *things),), **more
    )


def listed(scene: Scene, offers: Sequence[Offer]) -> list[data.Place]:
    """Return products as entries of a list."""
    return [data.Place(o.facts.name, o.page_url(scene.public_url, scene.profile.id)) for o in offers]


def unlisted(found: Head) -> Head:
    """Return the head of a page that search engines leave out."""
    return replace(found, listed=False)
