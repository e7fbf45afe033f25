"""What providers, mailboxes and refusals told, taken in batch by batch; then the breakers look at what it means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, MailFeedback, Message
from marketing.db.session import Database
from marketing.delivery import breakers
from marketing.delivery.feedback import Taken, forget_raw, take_in
from marketing.domain.bounce import classify
from marketing.domain.campaign import CampaignState
from marketing.domain.events import event_id
from marketing.domain.feedback import Feedback, FeedbackKind, FeedbackSource
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, EmailType

PART: Final = 500
"""Events taken in by one transaction."""
REFUSED_WITHIN: Final = timedelta(days=2)
MANY: Final = 2_000


@dataclass(frozen=True, slots=True)
class FeedbackIntake:
    """The one way in for everything that is told about messages."""

    database: Database
    clock: Callable[[], datetime]

    def take(self, tenant_id: str, reports: Sequence[Feedback]) -> int:
        """Take in what was told about messages of this Daerah; returns how much of it was new. Repeating it changes nothing."""
        fresh = 0
        for start in range(0, len(reports), PART):
            with self.database.write() as session:
                taken = take_in(session, tenant_id, reports[start : start + PART], self.clock())
            fresh += taken.fresh
            self.look(tenant_id, taken)
        return fresh

    def look(self, tenant_id: str, taken: Taken) -> None:
        """Let the breakers look at what a batch has touched."""
        if taken.campaigns or taken.complaints:
            with self.database.write() as session:
                breakers.check(session, tenant_id, taken.campaigns, self.clock())

    def round(self, tenant_id: str) -> None:
        """Do what is due every few minutes: refusals at the handing over, the rates of all that is going out, what is kept too long."""
        now = self.clock()
        with self.database.read() as session:
            refused = _refused(session, tenant_id, now)
        self.take(tenant_id, refused)
        with self.database.write() as session:
            going = select(Campaign.id).where(
                Campaign.tenant_id == tenant_id,
                Campaign.state == CampaignState.SENDING,
                Campaign.planned_at.is_not(None),
            )
            breakers.check(session, tenant_id, session.scalars(going).all(), now)
            forget_raw(session, now)


def _refused(session: Session, tenant_id: str, now: datetime) -> list[Feedback]:
    """Return the refusals for good (SMTP 5yz) that a relay gave at the handing over and that nobody has taken in yet."""
    query = (
        select(Message.id, Message.reason, Message.detail, Message.settled_at)
        .join(Campaign, Campaign.id == Message.campaign_id)
        .where(
            Campaign.tenant_id == tenant_id,
            (Campaign.started_at > now - breakers.RECENT) | (Campaign.email_type == EmailType.TRANSACTIONAL),
            Message.state == MessageState.FAILED,
            Message.channel == ChannelName.EMAIL,
            Message.reason.like("smtp\\_5%", escape="\\"),
            Message.settled_at > now - REFUSED_WITHIN,
            ~exists().where(MailFeedback.message_id == Message.id),
        )
        .order_by(Message.id)
        .limit(MANY)
    )
    return [
        Feedback(
            identity=event_id("refused", row_id),
            message_id=row_id,
            kind=FeedbackKind.BOUNCED,
            at=settled_at or now,
            source=FeedbackSource.RELAY,
            verdict=classify(status=detail, text=reason.removeprefix("smtp_")),
            detail=detail,
        )
        for row_id, reason, detail, settled_at in session.execute(query)
    ]
