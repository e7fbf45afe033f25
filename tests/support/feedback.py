"""Events of mail for tests: an account at SendGrid with a key of its own, and requests signed with it."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from marketing.channels.email.inbound.sendgrid import SIGNATURE_HEADER, TIMESTAMP_HEADER
from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState
from marketing.domain.types import ChannelName, Purpose
from tests.support.world import TENANT, World, add_contact, add_product, promotion


@dataclass
class SendGridAccount:
    """An account of a Daerah at SendGrid, as `siar mail account add` would make it."""

    world: World
    tenant: str = TENANT
    private: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    id: int = 0

    def __post_init__(self) -> None:
        public = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.id = self.add({"event_key": b64encode(public).decode()})

    def add(self, settings: dict[str, Any]) -> int:
        now = self.world.clock()
        with self.world.app.database.write() as session:
            row = ChannelAccount(
                tenant_id=self.tenant, channel=ChannelName.EMAIL, provider="sendgrid", name="SendGrid",
                remote_id=f"uji-{self.world.clock.number()}", state=AccountState.ACTIVE, sealed_credentials="",
                settings=settings, created_at=now, updated_at=now,
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.id

    def event(self, message_id: int, name: str, **fields: Any) -> dict[str, Any]:
        """Return an event of theirs about a message of ours."""
        return {
            "event": name,
            "siar": self.world.app.signer.reference(message_id),
            "sg_event_id": f"e{self.world.clock.number()}",
            "sg_message_id": "abc.filter.0",
            "email": "orang@surat.example",
            "timestamp": int(self.world.clock().timestamp()),
        } | fields

    def signed(self, body: bytes, *, age: int = 0) -> dict[str, str]:
        """Return the headers of a genuine request that was signed `age` seconds ago."""
        timestamp = str(int(self.world.clock().timestamp()) - age)
        signature = self.private.sign(timestamp.encode() + body, ECDSA(SHA256()))
        return {SIGNATURE_HEADER: b64encode(signature).decode(), TIMESTAMP_HEADER: timestamp}


def body_of(events: Sequence[dict[str, Any]]) -> bytes:
    return json.dumps(events).encode() + b"\r\n"


HARD = {"type": "bounce", "bounce_classification": "Invalid Address", "status": "5.1.1", "reason": "550 5.1.1 unknown"}
SOFT = {"type": "bounce", "bounce_classification": "Mailbox Unavailable", "status": "5.2.2", "reason": "552 full"}
BLOCKED = {"type": "blocked", "bounce_classification": "Reputation", "status": "5.7.1", "reason": "550 blocked"}


def sent_campaign(world: World, people: int) -> tuple[int, list[int]]:
    """Send a promotion to so many people; returns the campaign and its people, in order."""
    product = add_product(world.app, world.clock.number())
    contacts = [add_contact(world.app, world.clock.number(), Purpose.PROMOTIONAL) for _person in range(people)]
    campaign_id = world.approved(promotion(product))
    world.run(campaign_id)
    return campaign_id, contacts
