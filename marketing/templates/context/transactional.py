"""What the mails about an order say: to the buyer, or to one business with its own lines alone (`business` is its name)."""

from dataclasses import dataclass

from marketing.templates.context.sender import EveryMail


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order."""

    name: str
    business: str
    quantity: str
    unit_price: str
    subtotal: str


@dataclass(frozen=True, slots=True)
class TransactionalContext(EveryMail):
    """Confirmation of an order, an invoice or a delivery (TTS Ps. 7(3)b).

    `again` says that an earlier mail told it otherwise; `shared` that other businesses sell in the same order. Items,
    shipping and `difference` add up to `total`; `rest` are lines that are summed up, `rest_total` their sum.
    """

    business: str
    shared: bool
    again: bool
    order_number: str
    ordered_on: str
    happened_on: str
    items: tuple[OrderLine, ...]
    rest: str
    rest_total: str
    shipping_cost: str
    difference: str
    total: str
    document_kind: str
    document_number: str
    document_url: str
    document_host: str
    invoice_number: str
    invoice_url: str
    courier: str
    tracking_number: str


@dataclass(frozen=True, slots=True)
class ComplaintDocument:
    """One of the four documents of Blitar Ps. 10(3): whether it is in, and under which number it is known."""

    kind: str
    there: bool
    number: str
    url: str
    host: str


@dataclass(frozen=True, slots=True)
class ComplaintContext(EveryMail):
    """Where a complaint stands: `stage` is incomplete, complete, resolved or rejected; `due_on` is empty once it has passed."""

    business: str
    shared: bool
    again: bool
    order_number: str
    ordered_on: str
    opened_on: str
    items: tuple[OrderLine, ...]
    stage: str
    words: str
    documents: tuple[ComplaintDocument, ...]
    missing: str
    due_on: str
