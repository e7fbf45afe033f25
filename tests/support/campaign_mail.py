"""Campaigns without a database: what their messages are made from, and the mails that EmailMessage and Jinja2 make of them."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any, Final

from marketing.contacts.permission_facts import ContactFacts
from marketing.delivery.composing import MailComposer
from marketing.delivery.mail_context import CampaignMail, destinations
from marketing.delivery.pressing import Stencils
from marketing.domain.campaign import CampaignContent
from marketing.domain.content import OutboundEmail
from marketing.domain.links import LinkSigner
from marketing.domain.newsletter import Article, Happening, MarketNote, Shelf
from marketing.domain.permission import SendFacts
from marketing.domain.product import Picture, Sale
from marketing.domain.stencil import Stencil
from marketing.domain.types import ChannelName, EmailType
from marketing.products.catalogue import Offer
from marketing.tenants.profile import profile_of
from tests.unit.domain.gate_products import TTS, lawful

PUBLIC: Final = "https://siar.ttskab.example"
NOW: Final = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SIGNER: Final = LinkSigner((b"k" * 32,), PUBLIC)
LESSON: Final = "Letakkan produk di dekat jendela pada pagi hari, di atas kain polos berwarna terang. " * 4


class NoStencils(Stencils):
    """Writes every mail anew: the reference."""

    def of(self, key: object, make: object) -> None:
        return None


class EagerStencils(Stencils):
    """Makes a stencil at once."""

    def of(self, key: Hashable, make: Callable[[], Stencil | None]) -> Any:
        super().of(key, make)
        return super().of(key, make)


def composer(*, eager: bool = False) -> MailComposer:
    return MailComposer(SIGNER, PUBLIC, EagerStencils() if eager else Stencils())


def reference() -> MailComposer:
    return MailComposer(SIGNER, PUBLIC, NoStencils())


@dataclass(frozen=True, slots=True)
class Row:
    """A message as far as a composer looks at it."""

    id: int
    contact_id: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)


def reader(name: str = "Ibu Maria Tefa", *, locale: str = "id", number: int = 1) -> ContactFacts:
    facts = SendFacts(has_address=True, erased=False, suppressed=False)
    return ContactFacts(number, name, 1, f"orang{number}@pembeli.example", facts, locale=locale)


def offer(number: int, **facts: Any) -> Offer:
    """A product with our own copy of its picture, on sale where its number is even."""
    product = lawful(TTS, name=f"Abon sapi {number}", pictures=(Picture("https://k.example/1.jpg", sha256="a" * 64),))
    if number % 2 == 0:
        sale = Sale(40_000, datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
        product = replace(product, sale=sale)
    return Offer(number, 1, replace(product, **facts), deleted=False)


def campaign(
    email_type: EmailType = EmailType.PROMOTIONAL, variant: str = "diskon", *, products: int = 4, **changes: Any
) -> CampaignMail:
    """A campaign of this kind with these many products, each with a counted link."""
    words: dict[str, Any] = {
        "subject": "Tenun, kopi & madu: 10 % – minggu ini",
        "preheader": "Produk UMKM yang sudah diverifikasi.",
        "headline": "Enam produk baru",
        "body": "Tiga tenun dari SoE.\n\nSemua sudah diverifikasi Dinas.",
        "channels": (ChannelName.EMAIL,),
        "product_ids": tuple(range(1, products + 1)),
    }
    content = CampaignContent(email_type=email_type, variant=variant, **(words | changes))
    profile, offers = profile_of("tts"), {number: offer(number) for number in range(1, products + 1)}
    leads = [block.link for block in content.blocks if isinstance(block, Article | Happening) and block.link]
    targets = dict.fromkeys(leads) | destinations(PUBLIC, profile, "uji", offers)
    links = {url: 1_000 + number for number, url in enumerate(targets)}
    return CampaignMail(7, "uji", profile, content, offers, links)


def newsletter(articles: int = 8, products: int = 7) -> CampaignMail:
    """A newsletter of some 40 kB with a counted link in each article and for each product, and one more: sixteen."""
    blocks = (
        *(Article(f"Pelajaran {n}", LESSON, f"https://oss.example/pelajaran/{n}", n) for n in range(1, articles + 1)),
        MarketNote("Kemiri kupas, per kg", "Rp38.000", "Pantauan Pasar Inpres SoE", "2026-11-20"),
        Shelf(),
        Happening("Pasar UMKM", "Alun-alun SoE", "2026-12-12", "08:00", LESSON, "https://oss.example/pasar"),
    )
    return campaign(EmailType.NEWSLETTER, "buletin", products=products, blocks=blocks)


def by_the_library(email: OutboundEmail, date: datetime = NOW) -> EmailMessage:
    """Return the mail as Python's own library writes it."""
    message = EmailMessage()
    message["From"] = Address(email.sender_name, addr_spec=email.sender_address)
    message["To"] = Address(email.recipient_name, addr_spec=email.recipient_address)
    message["Subject"] = email.subject
    message["Date"] = date
    message["Message-ID"] = email.message_id
    if email.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{email.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(email.text, cte="quoted-printable")
    message.add_alternative(email.html, subtype="html", cte="quoted-printable")
    return message
