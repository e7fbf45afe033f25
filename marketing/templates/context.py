"""What each kind of e-mail says, as values ready to print; an empty string means “not there”."""

import re
from dataclasses import dataclass
from typing import Self

from marketing.tenants.profile import TenantProfile

_COLOR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def _mixed(color: str, share: float, other: int) -> str:
    """Return `share` of the colour mixed with a grey level, as CSS color-mix() does; mail clients cannot do it."""
    channels = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(channel * share + other * (1 - share)):02x}" for channel in channels)


@dataclass(frozen=True, slots=True)
class SenderIdentity:
    """Who writes: the Dinas, how to reach it, and its look. The shades follow the tokens of the product's pages."""

    dinas: str
    government: str
    address: str
    email: str
    website: str
    dpo: str
    brand_color: str
    band: str
    letterhead: tuple[str, ...]

    def __post_init__(self) -> None:
        if not _COLOR.fullmatch(self.brand_color):  # it is written into style sheets, where escaping does not help
            raise ValueError(f"brand_color must be #rrggbb, not {self.brand_color!r}")

    @classmethod
    def of(cls, profile: TenantProfile) -> Self:
        """Return the identity of a Daerah's Dinas; the DPO with name and address in one line."""
        return cls(
            dinas=profile.dinas,
            government=profile.government,
            address=profile.address,
            email=profile.email,
            website=profile.website,
            dpo=" · ".join(part for part in (profile.dpo.name or profile.dpo.title, profile.dpo.email) if part),
            brand_color=profile.brand_color,
            band=profile.band,
            letterhead=profile.letterhead,
        )

    @property
    def brand_deep(self) -> str:
        """The ground of the woven band."""
        return _mixed(self.brand_color, 0.74, 0)

    @property
    def brand_soft(self) -> str:
        """A quiet ground on white."""
        return _mixed(self.brand_color, 0.09, 255)

    @property
    def brand_night(self) -> str:
        """The same quiet ground in dark mode."""
        return _mixed(self.brand_color, 0.36, 30)

    @property
    def brand_bright(self) -> str:
        """Buttons and links in dark mode."""
        return _mixed(self.brand_color, 0.38, 255)


@dataclass(frozen=True, slots=True)
class ProductCard:
    """One product of one business."""

    name: str
    business: str
    price: str
    before_price: str
    until: str
    picture_url: str
    alt: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class MailLinks:
    """The addresses bound to one message; `why` is the sentence that says why it came, `why_page` tells the whole of it."""

    web_view: str
    unsubscribe: str
    why: str
    pixel: str
    why_page: str
    preferences: str


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
class PromotionalContext:
    """Discount, new products or packages (TTS Ps. 7(3)a)."""

    sender: SenderIdentity
    links: MailLinks
    recipient_name: str
    subject: str
    preheader: str
    headline: str
    body: str
    products: tuple[ProductCard, ...]
    call_to_action: str
    call_url: str


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


@dataclass(frozen=True, slots=True)
class RetentionContext:
    """An invitation to come back after a time without orders (TTS Ps. 7(3)d)."""

    sender: SenderIdentity
    links: MailLinks
    recipient_name: str
    subject: str
    preheader: str
    headline: str
    body: str
    products: tuple[ProductCard, ...]
    last_order: str


@dataclass(frozen=True, slots=True)
class PersonalisedContext:
    """Products chosen from a person's own orders, each with its reason (TTS Ps. 7(3)e)."""

    sender: SenderIdentity
    links: MailLinks
    recipient_name: str
    subject: str
    preheader: str
    headline: str
    body: str
    products: tuple[ProductCard, ...]


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order."""

    name: str
    business: str
    quantity: str
    unit_price: str
    subtotal: str


@dataclass(frozen=True, slots=True)
class TransactionalContext:
    """Confirmation of an order, an invoice or a delivery (TTS Ps. 7(3)b)."""

    sender: SenderIdentity
    links: MailLinks
    recipient_name: str
    subject: str
    preheader: str
    order_number: str
    ordered_on: str
    items: tuple[OrderLine, ...]
    shipping_cost: str
    total: str
    document_kind: str
    document_number: str
    document_url: str
    courier: str
    tracking_number: str
    order_url: str


MailContext = PromotionalContext | NewsletterContext | RetentionContext | PersonalisedContext | TransactionalContext
