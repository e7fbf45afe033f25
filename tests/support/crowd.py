"""People made by chance with everything that the decision to write to them looks at, some of it broken or hostile."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from marketing.db.models import Address, Campaign, ConsentNow, ConsentRecord, Contact, Message, Suppression
from marketing.domain.campaign import CampaignState
from marketing.domain.consent import ConsentState
from marketing.domain.frequency import WEEK
from marketing.domain.message import MessageState
from marketing.domain.types import BuyerKind, ChannelName, EmailType, Purpose
from tests.support.world import START, TENANT, World

PURPOSES = (Purpose.PROMOTIONAL, Purpose.SOSIALISASI, Purpose.NEWSLETTER)
TOPICS = ("kerajinan", "fesyen", "jasa")
ZONES = (
    "Asia/Makassar",
    "Asia/Jakarta",
    "Asia/Jayapura",
    "",
    "Asia/Tidakada",
    "America/New_York",
    "../etc",
    "' OR 1=1 --",
)
REASONS = ("hard_bounce", "legal", "unsubscribe_all", "complaint", "office", "")
VERSIONS = ("2026-1", "2026-1.1", "2026-2", "lain", "")
LIKED: tuple[dict[str, Any], ...] = (
    {}, {"categories": None}, {"categories": "jasa"}, {"categories": {"jasa": 1}}, {"categories": [1, {"jasa": 2}, None]},
)  # fmt: skip
AGES = (timedelta(hours=1), timedelta(days=6), WEEK - timedelta(microseconds=1), WEEK, WEEK + timedelta(microseconds=1), timedelta(days=20))  # fmt: skip


class Crowd:
    """The people of two Daerah, one of them a neighbour's, and the campaigns that wrote to them."""

    def __init__(self, world: World, seed: int, number: int = 120) -> None:
        self._chance = Random(seed)
        with world.app.database.write() as session:
            self.campaigns = [
                self._campaign(session, f"c-{seed}-{one}", kind)
                for one, kind in enumerate((*EmailType, EmailType.PROMOTIONAL))
            ]
            self.ids = [self._person(session, f"{seed}-{one}") for one in range(number)]

    def _maybe(self, value: Any, chance: float = 0.15) -> Any:
        return value if self._chance.random() < chance else None

    def _campaign(self, session: Session, slug: str, kind: EmailType) -> int:
        row = Campaign(
            tenant_id=TENANT, slug=slug, name=slug, email_type=kind, state=CampaignState.SENDING, created_at=START
        )
        session.add(row)
        session.flush()
        return row.id

    def _person(self, session: Session, key: str) -> int:
        pick = self._chance.choice
        tenant = pick((TENANT,) * 9 + ("blitar",))
        row = Contact(
            tenant_id=tenant, external_id=key, name=key, content_hash="", locale="id", created_at=START,
            source=pick(("katalog", "katalog", "usaha")), kind=pick(list(BuyerKind)), zone=pick(ZONES),
            preferences=pick((*LIKED, *({"categories": [topic for topic in TOPICS if self._maybe(1, 0.4)]} for _n in range(6)))),
            erased_at=self._maybe(START, 0.08), restricted_at=self._maybe(START, 0.08), weekly_limit=self._maybe(pick((0, 1, 2, 3)), 0.4),
            paused_until=self._maybe(START + pick((timedelta(days=-1), timedelta(), timedelta(days=1))), 0.3),
        )  # fmt: skip
        session.add(row)
        session.flush()
        if self._maybe(1, 0.05):
            row.merged_into = row.id
        self._addresses(session, row, key)
        for purpose in (*PURPOSES, Purpose.WHATSAPP_MARKETING, Purpose.ENGAGEMENT_TRACKING):
            if self._maybe(1, 0.75):
                self._said(session, row, purpose)
        for campaign in self.campaigns:
            if self._maybe(1, 0.5):
                self._wrote(session, row, campaign)
        return row.id

    def _addresses(self, session: Session, row: Contact, key: str) -> None:
        channels = self._chance.choice(
            ((), ("email",), ("email",), ("email",), ("whatsapp",), ("email", "whatsapp", "email"))
        )
        for number, channel in enumerate(channels):
            name = f"{key}-{number}"
            session.add(
                Address(
                    tenant_id=row.tenant_id,
                    contact_id=row.id,
                    channel=ChannelName(channel),
                    normalised=name,
                    hash=f"#{name}",
                )
            )
            session.flush()
            # sometimes on another channel's list, or on the neighbour's: neither stops anything here
            where = self._chance.choice(
                ((row.tenant_id, channel),) * 3 + ((row.tenant_id, "telegram"), ("blitar", channel))
            )
            if self._maybe(1, 0.3):
                session.add(
                    Suppression(
                        tenant_id=where[0], channel=ChannelName(where[1]), address_hash=f"#{name}", at=START,
                        reason=self._chance.choice(REASONS),
                    )
                )  # fmt: skip

    def _said(self, session: Session, row: Contact, purpose: Purpose) -> None:
        states = [state for state in ConsentState if state is not ConsentState.NONE]
        state = self._chance.choice([*states, *[ConsentState.GIVEN] * 6])
        line = {"tenant_id": row.tenant_id, "contact_id": row.id, "purpose": purpose, "state": state, "at": START}
        proof = {
            "recorded_at": START,
            "wording_version": self._chance.choice(VERSIONS),
            "source": "x",
            "evidence": {},
            "seal": "",
        }
        event = session.scalar(insert(ConsentRecord).values(**line, **proof).returning(ConsentRecord.id))
        session.add(ConsentNow(event_id=event, **line))

    def _wrote(self, session: Session, row: Contact, campaign: int) -> None:
        at: datetime = START - self._chance.choice(AGES)
        state = self._chance.choice([*MessageState, MessageState.DELIVERED, MessageState.ACCEPTED])
        session.add(
            Message(
                tenant_id=row.tenant_id, campaign_id=campaign, version=1, contact_id=row.id, channel=ChannelName.EMAIL, trigger="",
                state=state, context={}, queued_at=at, settled_at=self._chance.choice((at, at, None)),
            )
        )  # fmt: skip
