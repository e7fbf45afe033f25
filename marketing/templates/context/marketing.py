"""What the mails say that show products: promotional, retention, personalised."""

from dataclasses import dataclass

from marketing.templates.context.sender import MailLinks, SenderIdentity


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
