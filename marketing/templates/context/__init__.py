"""What each kind of e-mail says, as values ready to print; an empty string means “not there”."""

from marketing.templates.context.marketing import (
    BundlePart,
    PersonalisedContext,
    ProductCard,
    ProductsMail,
    PromotionalContext,
    RetentionContext,
)
from marketing.templates.context.newsletter import (
    ArticlePart,
    EventPart,
    MarketPart,
    MarketRow,
    NewsletterContext,
    NewsletterPart,
    ProductsPart,
    lines_of,
)
from marketing.templates.context.sender import MailLinks, SenderIdentity
from marketing.templates.context.transactional import (
    ComplaintContext,
    ComplaintDocument,
    OrderLine,
    TransactionalContext,
)

__all__ = [
    "ArticlePart",
    "BundlePart",
    "ComplaintContext",
    "ComplaintDocument",
    "EventPart",
    "MailContext",
    "MailLinks",
    "MarketPart",
    "MarketRow",
    "NewsletterContext",
    "NewsletterPart",
    "OrderLine",
    "PersonalisedContext",
    "ProductCard",
    "ProductsMail",
    "ProductsPart",
    "PromotionalContext",
    "RetentionContext",
    "SenderIdentity",
    "TransactionalContext",
    "lines_of",
]

MailContext = (
    PromotionalContext
    | NewsletterContext
    | RetentionContext
    | PersonalisedContext
    | TransactionalContext
    | ComplaintContext
)
