"""A person about whom everything is known, and every place in which a trace of them could stay."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from marketing.contacts.addresses import address_hash
from marketing.contacts.consent_service import record_consent
from marketing.db.base import Base
from marketing.db.models import (
    Address,
    Contact,
    DataRequest,
    Event,
    ImportJob,
    Message,
    Order,
    OrderItem,
    SetAside,
    Subscription,
    Suppression,
    SyncRun,
)
from marketing.db.session import Database
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.data_rights import RequestState, RightKind, due_at
from marketing.domain.events import EventType
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from tests.support.world import TENANT, World, add_product, promotion

EMAIL, OLD_EMAIL = "Yuliana.Banamtuan@surat.example", "yuli-lama@surat.example"
PHONE, NAME = "+6281299887766", "Yuliana Banamtuan"
TRACES = ("banamtuan", "yuliana", "yuli-lama", "81299887766", "kebun kopi saya")


@dataclass(frozen=True)
class Known:
    """The person and the numbers of what belongs to them."""

    contact: int
    twin: int
    campaign: int
    message: int
    order: int


def add_person(world: World, name: str, external_id: str, *written: tuple[ChannelName, str], **more: Any) -> int:
    """Add a contact with addresses on any channel."""
    key = world.app.settings.signing_key
    with world.app.database.write() as session:
        contact = Contact(
            tenant_id=TENANT, source="katalog", external_id=external_id, name=name, kind=BuyerKind.MASYARAKAT, locale="id",
            zone="Asia/Makassar", preferences={"categories": ["kerajinan"]}, content_hash="x", created_at=world.clock(), **more,
        )  # fmt: skip
        session.add(contact)
        session.flush()
        for channel, one in written:
            session.add(
                Address(
                    tenant_id=TENANT, contact_id=contact.id, channel=channel, normalised=one, hash=address_hash(key, TENANT, one)
                )
            )  # fmt: skip
        return contact.id


def everything_about(world: World) -> Known:
    """Make a person who was mailed, clicked, ordered, complained, subscribed, asked, was merged, imported and set aside."""
    now, app = world.clock(), world.app
    contact = add_person(world, NAME, "B-77", (ChannelName.EMAIL, EMAIL), (ChannelName.WHATSAPP, PHONE))
    twin = add_person(world, NAME, f"tamu:{OLD_EMAIL}", (ChannelName.EMAIL, OLD_EMAIL), merged_into=contact)
    with app.database.write() as session:
        given = [ConsentEvent(one, ConsentState.GIVEN, now, "2026-1", "formulir") for one in Purpose]
        record_consent(session, tenant_id=TENANT, contact_id=contact, events=given, now=now, evidence={"form": "pasar"})
    campaign = world.approved(promotion(add_product(app, 1)))
    world.run(campaign)
    world.clock.forward(minutes=5)
    with app.database.write() as session:
        message = session.scalars(select(Message).where(Message.contact_id == contact)).one()
        message.detail, message.context = f"550 <{EMAIL}> {NAME}", {**message.context, "note": f"Halo {NAME}"}
        order = Order(
            tenant_id=TENANT, external_id="O-1", number="INV-1", contact_id=contact, placed_at=now, status="paid", shipping_cost=9_000,
            total=109_000, content_hash="h",
            complaint={"opened_at": now.isoformat(), "status": "open", "text": f"Saya {NAME}, kirim ke kebun kopi saya", "documents": []},
        )  # fmt: skip
        order.items = [OrderItem(line=1, product_external_id="P-1", business_name="Usaha 1", name="Tenun 1", quantity=1, unit_price=100_000)]  # fmt: skip
        run = SyncRun(tenant_id=TENANT, source="katalog", started_at=now, state="done", counts={}, error=None)
        session.add_all([order, run])
        session.flush()
        hashed = address_hash(app.settings.signing_key, TENANT, EMAIL)
        files = app.settings.data_dir / "impor"
        session.add_all(
            [
                Event(
                    tenant_id=TENANT, event_id="e-1", type=EventType.CLICKED, campaign_id=campaign, message_id=message.id,
                    contact_id=contact, link_id=None, machine=False, at=now,
                ),
                Suppression(
                    tenant_id=TENANT, channel=ChannelName.EMAIL, address_hash=hashed, reason="manual", note=f"{NAME} menelepon", at=now
                ),
                Subscription(
                    tenant_id=TENANT, address=EMAIL, address_hash=hashed, token_hash="t", name=NAME, purposes=["promotional"], topics=[],
                    wording_version="2026-1", language="id", source="pasar", evidence={"proof": {"user_agent": NAME}},
                    requested_at=now, expires_at=now + timedelta(days=3),
                ),
                DataRequest(
                    tenant_id=TENANT, contact_id=contact, address_hash=hashed, kind=RightKind.RECTIFY, state=RequestState.DONE,
                    source="petugas", details={"name": NAME}, received_at=now, due_at=due_at(RightKind.RECTIFY, now), done_at=now,
                    answer=f"Nama menjadi {NAME}",
                ),
                SetAside(
                    tenant_id=TENANT, sync_run_id=run.id, kind="buyer", external_id="B-78", reason="salah", excerpt=f"phone 0{PHONE[3:]} {NAME}"
                ),
                ImportJob(
                    tenant_id=TENANT, file_name=f"{NAME}.csv", path=str(files / "unggahan"), mapping={}, dry_run=True, state="done",
                    counts={}, errors_path=str(files / "galat.csv"), created_at=now, finished_at=now,
                ),
            ]
        )  # fmt: skip
    leave_files(app.settings.data_dir, app.settings.inbox_dir)
    return Known(contact, twin, campaign, message.id, order.id)


def leave_files(folder: Path, inbox: Path) -> None:
    """Put mails and uploaded files on the disk as a rehearsal leaves them; one mail is somebody else's."""
    (folder / "impor").mkdir(parents=True, exist_ok=True)
    inbox.mkdir(parents=True, exist_ok=True)
    for name in ("unggahan", "galat.csv"):
        (folder / "impor" / name).write_text(f"nama;hp\n{NAME};0812-9988-7766\n")
    (inbox / "satu.eml").write_text(f"To: {NAME} <{EMAIL.lower()}>\nMessage-ID: <1@x>\n\nHalo {NAME}\n")
    (inbox / "dua.eml").write_text("To: lain@surat.example\nMessage-ID: <2@x>\n\nHalo\n")


def dump(database: Database) -> Iterator[tuple[str, str]]:
    """Yield every value of every column of every table as text, with where it stands."""
    with database.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(table.select()).mappings():
                for column, value in row.items():
                    shown = json.dumps(value, ensure_ascii=False, default=str)
                    yield f"{table.name}.{column}", shown


def found(database: Database, folder: Path) -> list[str]:
    """Return every place, in the database or in a file, in which a trace of the person still is."""
    places = [f"{place}: {text}" for place, text in dump(database) if any(one in text.lower() for one in TRACES)]
    for path in folder.rglob("*"):
        content = path.read_bytes().lower() if path.is_file() else b""
        if any(one.encode() in content or one in path.name.lower() for one in TRACES):
            places.append(str(path))
    return places
