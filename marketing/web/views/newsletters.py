"""The public archive of the newsletter: the list of issues, and one issue without anything of its recipients."""

from dataclasses import dataclass

from marketing.web.views.gallery import Card, FeedLink, Head, IssueCard, Link, Share
from marketing.web.views.parts import Pager

Paragraphs = tuple[tuple[str, ...], ...]
"""Plain text: paragraphs of lines."""


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """The issues, newest first."""

    head: Head
    crumbs: tuple[Link, ...]
    issues: tuple[IssueCard, ...]
    pager: Pager
    subscribe_href: str
    feeds: tuple[FeedLink, ...] = ()


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of an issue by its `kind`: article, market, event or products; each fills what it has."""

    kind: str
    anchor: str
    title: str = ""
    text: Paragraphs = ()
    link_href: str = ""
    picture: str = ""
    picture_alt: str = ""
    rows: tuple[tuple[str, str, str], ...] = ()
    when: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class IssueView:
    """One issue for everybody; `products` are those that may be shown at this moment."""

    head: Head
    crumbs: tuple[Link, ...]
    headline: str
    period: str
    text: Paragraphs
    parts: tuple[PartView, ...]
    products: tuple[Card, ...]
    share: Share
    subscribe_href: str

    @property
    def contents(self) -> tuple[PartView, ...]:
        """The parts with a title, when there are enough of them for a list."""
        titled = tuple(part for part in self.parts if part.title)
        return titled if len(titled) > 1 else ()
