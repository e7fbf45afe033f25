"""A small, known world for tests that go through the real use cases: one Daerah, its products, people and consents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.accounts.tenants import ensure_tenants
from marketing.accounts.users import create_user
from marketing.bootstrap import App, build_app
from marketing.channels.base import IN_HAND, Accepted, Load, SendOutcome
from marketing.contacts.addresses import address_hash
from marketing.contacts.consent_service import record_consent
from marketing.db.models import (
    Address,
    AuditEntry,
    Business,
    Campaign,
    Contact,
    Message,
    Product,
    ProductImage,
    Suppression,
    User,
)
from marketing.db.session import Database
from marketing.delivery.ledger import ledger_of
from marketing.domain.campaign import CampaignContent
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.content import OutboundEmail
from marketing.domain.message import Ledger
from marketing.domain.product import Category, HalalStatus, VerificationStatus
from marketing.domain.types import BuyerKind, ChannelName, EmailType, Purpose, Role
from marketing.queue import TaskName
from marketing.settings import Settings

START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
TENANT = "tts"


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = START
        self._numbers = 0

    def __call__(self) -> datetime:
        return self.now

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    def forward(self, **length: float) -> None:
        self.now += timedelta(**length)


@dataclass
class Outbox:
    """A messenger that keeps what it was given and answers as told."""

    name: ChannelName = ChannelName.EMAIL
    sent: list[OutboundEmail] = field(default_factory=list)
    together: int = IN_HAND

    def send(self, batch: Load[OutboundEmail] | Iterable[OutboundEmail]) -> Iterator[SendOutcome]:
        for email in batch:
            if email is not None:  # every answer has been given
                self.sent.append(email)
                yield self.answer(email)

    def in_hand(self, _tenant: str, _email_type: EmailType) -> int:
        return self.together

    def answer(self, email: OutboundEmail) -> SendOutcome:
        return Accepted(email.key, f"id-{email.key}")


@dataclass
class Tasks:
    """A queue that only notes what was asked for; tests run the use cases themselves."""

    asked: list[tuple[TaskName, dict[str, int | str]]] = field(default_factory=list)

    def enqueue(self, _session: Session, task: TaskName, **ids: int | str) -> None:
        self.asked.append((task, ids))

    def send(self, task: TaskName, **ids: int | str) -> bool:
        self.asked.append((task, ids))
        return True

    def later(self, task: TaskName, _wait: timedelta, **ids: int | str) -> bool:
        return self.send(task, **ids)

    def begun(self, _task: TaskName, **_ids: int | str) -> bool:
        return True

    def close(self) -> None:
        pass


@dataclass
class World:
    """The real application on the test's database, with a clock, a messenger and a queue that the test holds."""

    app: App
    clock: Clock
    outbox: Outbox
    tasks: Tasks
    _staff: dict[Role, User] = field(default_factory=dict)

    @classmethod
    def make(cls, database: Database, folder: Path) -> "World":
        clock, outbox, tasks = Clock(), Outbox(), Tasks()
        settings = Settings(data_dir=folder / "data", public_url="https://siar.example", quiet_hours=False)
        app = build_app(settings, clock=clock, database=database, queue=tasks, messenger=outbox)  # type: ignore[arg-type]
        with database.write() as session:
            ensure_tenants(session, clock())
        return cls(app, clock, outbox, tasks)

    def run(self, campaign_id: int) -> None:
        """Do what the workers would: start, publish, deliver until nothing is left, sweep."""
        self.app.planner.start(campaign_id)
        self.app.publishing.publish(campaign_id)
        while self.app.pipeline.deliver(campaign_id, batches=3):
            pass
        self.app.sweeper.sweep()

    def staff(self, role: Role) -> User:
        """Return the user who holds the role, made at first use: hashing a password takes its time."""
        if role not in self._staff:
            self._staff[role] = add_user(self.app, role, f"{role}@dinas.example")
        return self._staff[role]

    def ledger(self, campaign_id: int) -> Ledger:
        with self.app.database.read() as session:
            return ledger_of(session, [session.get_one(Campaign, campaign_id)])

    def suppress(self, contact_id: int) -> None:
        """Put the contact's address on the list of those who must be left alone."""
        with self.app.database.write() as session:
            address = session.scalars(select(Address).where(Address.contact_id == contact_id)).one()
            session.add(
                Suppression(
                    tenant_id=address.tenant_id,
                    channel=address.channel,
                    address_hash=address.hash,
                    reason="unsubscribe_all",
                    at=self.clock(),
                )
            )

    def withdraw(self, contact_id: int, *purposes: Purpose) -> None:
        """Let a person take consent back."""
        lines = [ConsentEvent(purpose, ConsentState.WITHDRAWN, self.clock(), "", "formulir") for purpose in purposes]
        with self.app.database.write() as session:
            record_consent(session, tenant_id=TENANT, contact_id=contact_id, events=lines, now=self.clock())

    def audited(self) -> list[str]:
        """Return what the audit log says was done, in order."""
        with self.app.database.read() as session:
            return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))

    def campaign(self, campaign_id: int) -> Campaign:
        with self.app.database.read() as session:
            return session.get_one(Campaign, campaign_id)

    def approved(self, content: CampaignContent, **length: float) -> int:
        """Write, submit and approve a campaign due after `length` (now by default)."""
        author, approver = self.staff(Role.MARKETER), self.staff(Role.APPROVER)
        with self.app.database.write() as session:
            due = self.clock() + timedelta(**length)
            campaign = self.app.campaigns.create(session, author, name="Tenun", content=content, scheduled_at=due)
            self.app.campaigns.submit(session, author, campaign.id)
            self.app.campaigns.approve(session, approver, campaign.id)
            return campaign.id


def add_user(app: App, role: Role, email: str, tenant: str = TENANT) -> User:
    with app.database.write() as session:
        return create_user(
            session,
            tenant_id=tenant,
            email=email,
            name=email,
            password="kata sandi panjang",
            roles=[role],
            now=app.clock(),
        )


def add_product(app: App, number: int, **changes: object) -> int:
    """Add a product (with its own business) that the TTS gate lets pass."""
    now = app.clock()
    with app.database.write() as session:
        business = Business(
            tenant_id=TENANT, source="katalog", external_id=f"U-{number}", name=f"Usaha {number}", role="umkm", scale="mikro",
            nib="0220123456789", is_binaan=True, domicile_region="53.02", domicile_kecamatan="Kota Soe", nik_hash="x", nik_verified=True,
            address="Jalan 1", phone="+6281200000001", email="", website="", marketplace_urls=[], joined_group="",
            verification_status=VerificationStatus.VERIFIED, verified_by="tim", verified_at=now, extra={}, content_hash="", catalog_version=1,
            synced_at=now,
        )  # fmt: skip
        session.add(business)
        session.flush()
        values: dict[str, object] = {
            "name": f"Tenun {number}", "price": 100_000 * number, "stock": 5, "category": Category.KERAJINAN,
            "verification_status": VerificationStatus.VERIFIED, "promotable": True, "permits": [],
            "halal_status": HalalStatus.NOT_REQUIRED,
        } | changes  # fmt: skip
        product = Product(
            tenant_id=TENANT, source="katalog", external_id=f"P-{number}", business_id=business.id, kind="goods",
            description="Tenun tangan.", unit="lembar", weight_gram=300, min_order=1, sale=None, bundle_of=[],
            how_to_order={"text": "Pesan lewat WhatsApp.", "url": "", "whatsapp": "+6281200000001"},
            halal_number="", verified_by="tim", verified_at=now, extra={}, content_hash="",
            catalog_version=1, catalog_updated_at=now, synced_at=now, **values,
        )  # fmt: skip
        product.images = [
            ProductImage(
                position=0, url="https://katalog.example/1.jpg", alt="", sha256="a" * 64, width=1080, height=1080
            )
        ]
        session.add(product)
        session.flush()
        return product.id


def add_contact(app: App, number: int, *purposes: Purpose, email: str | None = "", tenant: str = TENANT) -> int:
    """Add a contact with consent given for these purposes; `email=None` leaves the person without an address."""
    with app.database.write() as session:
        return _add_contact(session, app, number, purposes, email, tenant)


def add_contacts(app: App, numbers: Iterable[int], *purposes: Purpose) -> list[int]:
    """Add many in one transaction: each of its own would take most of a test's time."""
    with app.database.write() as session:
        return [_add_contact(session, app, number, purposes, "", TENANT) for number in numbers]


def _add_contact(  # noqa: PLR0917  what add_contact was given
    session: Session, app: App, number: int, purposes: tuple[Purpose, ...], email: str | None, tenant: str
) -> int:
    now = app.clock()
    address = email or f"orang{number}@surat.example"
    contact = Contact(
        tenant_id=tenant, source="katalog", external_id=f"B-{number}", name=f"Orang {number}", kind=BuyerKind.MASYARAKAT, locale="id",
        zone="Asia/Makassar", preferences={}, content_hash="", created_at=now,
    )  # fmt: skip
    session.add(contact)
    session.flush()
    if email is not None:
        hashed = address_hash(app.settings.signing_key, tenant, address)
        session.add(
            Address(tenant_id=tenant, contact_id=contact.id, channel=ChannelName.EMAIL, normalised=address, hash=hashed)
        )
    given = [ConsentEvent(purpose, ConsentState.GIVEN, now, "2026-1", "formulir") for purpose in purposes]
    record_consent(session, tenant_id=tenant, contact_id=contact.id, events=given, now=now)
    return contact.id


def campaign_by_slug(world: World, slug: str) -> Campaign:
    with world.app.database.read() as session:
        return session.scalars(select(Campaign).where(Campaign.slug == slug)).one()


def messages(world: World) -> list[Message]:
    """Return every message row, oldest first."""
    with world.app.database.read() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def promotion(
    *product_ids: int, channels: tuple[ChannelName, ...] = (ChannelName.EMAIL,), **changes: object
) -> CampaignContent:
    values: dict[str, object] = {
        "email_type": EmailType.PROMOTIONAL, "variant": "produk_baru", "subject": "Tenun baru", "preheader": "", "headline": "Tenun baru",
        "body": "Tiga tenun baru dari SoE.",
    } | changes  # fmt: skip
    return CampaignContent(product_ids=product_ids, channels=channels, **values)  # type: ignore[arg-type]
