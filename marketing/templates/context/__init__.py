"""What each kind of e-mail says, as values ready to print; an empty string means “not there”."""

from marketing.templates.context.marketing import PersonalisedContext, ProductCard, PromotionalContext, RetentionContext
from marketing.templates.context.newsletter import Article, MarketNote, NewsletterContext
from marketing.templates.context.sender import MailLinks, SenderIdentity
from marketing.templates.context.transactional import OrderLine, TransactionalContext

__all__ = [
    "Article",
    "MailContext",
    "MailLinks",
    "MarketNote",
    "NewsletterContext",
    "OrderLine",
    "PersonalisedContext",
    "ProductCard",
    "PromotionalContext",
    "RetentionContext",
    "SenderIdentity",
    "TransactionalContext",
]

MailContext = PromotionalContext | NewsletterContext | RetentionContext | PersonalisedContext | TransactionalContext
