"""What the mails say that show products: promotional, retention, personalised."""

from dataclasses import dataclass

from marketing.templates.context.sender import EveryMail


@dataclass(frozen=True, slots=True)
class BundlePart:
    """What a bundle holds: so many of a product, and the business that makes it."""

    name: str
    business: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ProductCard:
    """One product of one business, as words; what does not apply is empty.

    `percent` is the real reduction from `before_price`, rounded down; `period` are the first and last day of the sale.
    `picture_url` is square, `wide_url` lies; `parts` is what a bundle holds.
    """

    name: str
    business: str
    price: str
    before_price: str
    percent: str
    period: str
    picture_url: str
    wide_url: str
    alt: str
    url: str
    summary: str = ""
    reason: str = ""
    parts: tuple[BundlePart, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductsMail(EveryMail):
    """What every marketing mail is told besides."""

    headline: str
    body: str
    products: tuple[ProductCard, ...]


@dataclass(frozen=True, slots=True)
class PromotionalContext(ProductsMail):
    """Discount, new products or packages (TTS Ps. 7(3)a)."""

    call_to_action: str
    call_url: str


@dataclass(frozen=True, slots=True)
class RetentionContext(ProductsMail):
    """An invitation to come back after a time without orders (TTS Ps. 7(3)d)."""

    call_to_action: str
    call_url: str
    last_order: str


@dataclass(frozen=True, slots=True)
class PersonalisedContext(ProductsMail):
    """Products chosen from a person's own orders, each with its reason (TTS Ps. 7(3)e)."""

    call_to_action: str
    call_url: str
