"""What a newsletter says."""

from dataclasses import dataclass

from marketing.templates.context.marketing import ProductCard
from marketing.templates.context.sender import MailLinks, SenderIdentity


@dataclass(frozen=True, slots=True)
class Article:
    """A piece of a newsletter; the body is plain text, blank lines part paragraphs."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class MarketNote:
    """A line of market news: what, and its figure."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class NewsletterContext:
    """Regular content that teaches or informs (TTS Ps. 7(3)c)."""

    sender: SenderIdentity
    links: MailLinks
    recipient_name: str
    subject: str
    preheader: str
    headline: str
    body: str
    products: tuple[ProductCard, ...]
    articles: tuple[Article, ...]
    market: tuple[MarketNote, ...]
