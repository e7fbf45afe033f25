"""What the mails about an order say."""

from dataclasses import dataclass

from marketing.templates.context.sender import MailLinks, SenderIdentity


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
