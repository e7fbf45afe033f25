"""What a newsletter says: its parts in order, each with a `kind` that the template asks for."""

from dataclasses import dataclass

from marketing.domain.rendering import paragraphs
from marketing.templates.context.marketing import ProductsMail


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of plain text; `last` where it ends a paragraph. A template may not loop three deep, so lines stand flat."""

    text: str
    last: bool


def lines_of(text: str) -> tuple[TextLine, ...]:
    """Return plain text line by line; a blank line ends a paragraph."""
    return tuple(
        TextLine(line, number == len(lines)) for lines in paragraphs(text) for number, line in enumerate(lines, start=1)
    )


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """A piece that teaches or tells; `picture_url` and `link` may be empty."""

    title: str
    lines: tuple[TextLine, ...]
    link: str = ""
    picture_url: str = ""
    alt: str = ""
    kind: str = "article"


@dataclass(frozen=True, slots=True)
class MarketRow:
    """A line of market information: what, its figure, and where the figure comes from with its day."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarketPart:
    """Figures of the market, one table."""

    rows: tuple[MarketRow, ...]
    kind: str = "market"


@dataclass(frozen=True, slots=True)
class EventPart:
    """An event or notice; `when` is the day (and hour) in words."""

    title: str
    when: str
    place: str
    lines: tuple[TextLine, ...] = ()
    link: str = ""
    kind: str = "event"


@dataclass(frozen=True, slots=True)
class ProductsPart:
    """The place where the products of the mail stand."""

    kind: str = "products"


NewsletterPart = ArticlePart | MarketPart | EventPart | ProductsPart


@dataclass(frozen=True, slots=True)
class NewsletterContext(ProductsMail):
    """Regular content that teaches or informs (TTS Ps. 7(3)c); `contents` are the titles of its parts, for the list on top."""

    parts: tuple[NewsletterPart, ...]
    contents: tuple[str, ...] = ()
