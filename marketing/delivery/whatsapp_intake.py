"""What WhatsApp told about messages and people, taken in as what mail providers tell is: in any order, each thing once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketing.accounts.answered import Question, once
from marketing.contacts.addresses import NORMALISE, address_hash
from marketing.contacts.leaving import Leaving, leave
from marketing.contacts.suppressions import Reach
from marketing.db.models import Campaign, MailFeedback, Message
from marketing.db.session import Database
from marketing.delivery import breakers
from marketing.delivery.feedback import take_in
from marketing.domain.bounce import BounceClass, Verdict
from marketing.domain.consent import purposes_on
from marketing.domain.events import event_id
from marketing.domain.feedback import Feedback, FeedbackKind, FeedbackSource
from marketing.domain.links import LinkSigner
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, EmailType
from marketing.domain.whatsapp_message import FaultAction, MarketingChoice, StatusKind, StatusReport
from marketing.observability import get_logger

log = get_logger(__name__)
PART: Final = 500
"""Statuses taken in by one transaction."""
SOURCE: Final = "whatsapp"
REFUSED_WITHIN: Final = timedelta(days=2)
MANY: Final = 2_000
_KINDS: Final = {
    StatusKind.SENT: FeedbackKind.ACCEPTED,
    StatusKind.DELIVERED: FeedbackKind.DELIVERED,
    StatusKind.READ: FeedbackKind.READ,
}
_CLASSES: Final = {
    # a number without WhatsApp, but also an old app or terms not accepted yet (131026): only counted
    FaultAction.UNREACHABLE: BounceClass.SOFT,
    FaultAction.OPTED_OUT: BounceClass.NONE,
    FaultAction.LATER: BounceClass.NONE,
}
_REFUSALS: Final = {"wa_131050": FaultAction.OPTED_OUT, "wa_131026": FaultAction.UNREACHABLE}


@dataclass(frozen=True, slots=True)
class WhatsAppIntake:
    """The one way in for what WhatsApp tells."""

    database: Database
    signer: LinkSigner
    signing_key: bytes = field(repr=False)
    clock: Callable[[], datetime]

    def take(self, tenant_id: str, reports: Sequence[StatusReport]) -> int:
        """Take in statuses of messages of this Daerah; returns how much of it was new. Repeating it changes nothing.

        What names no message of ours on this channel is left alone.
        """
        told = [one for report in reports for one in self._told(report)]
        return self._take(tenant_id, told)

    def chose(self, tenant_id: str, choices: Sequence[MarketingChoice]) -> int:
        """Leave alone whoever stopped marketing inside WhatsApp; returns how many of these choices were new.

        Who lets it in again has told Meta so, not us: a consent is given to the Dinas (UU 27/2022 Ps. 20(2)a), so nothing changes.
        """
        return sum(self._chose(tenant_id, one) for one in choices if one.stopped)

    def round(self, tenant_id: str) -> None:
        """Take in the refusals of the sending itself that say something of the person."""
        with self.database.read() as session:
            refused = _refused(session, tenant_id, self.clock())
        self._take(tenant_id, refused)

    def _take(self, tenant_id: str, told: Sequence[Feedback]) -> int:
        fresh = 0
        for start in range(0, len(told), PART):
            with self.database.write() as session:
                taken = take_in(session, tenant_id, told[start : start + PART], self.clock(), ChannelName.WHATSAPP)
            fresh += taken.fresh
            if taken.strange:
                log.info("statuses of messages that are not ours", tenant=tenant_id, number=taken.strange)
            if taken.campaigns:
                with self.database.write() as session:
                    breakers.check(session, tenant_id, taken.campaigns, self.clock())
        return fresh

    def _told(self, report: StatusReport) -> Iterator[Feedback]:
        message_id = self.signer.referred(report.reference)
        if message_id is not None:
            yield from feedback_of(report, message_id)

    def _chose(self, tenant_id: str, choice: MarketingChoice) -> bool:
        number = NORMALISE[choice.channel](f"+{choice.sender.removeprefix('+')}")
        if number is None:
            return False
        reach = Reach(choice.channel, address_hash(self.signing_key, tenant_id, number))
        now = self.clock()
        question = Question(tenant_id, SOURCE, str(choice.identity), [reach.hash], self.signing_key)
        leaving = Leaving((reach,), purposes_on(choice.channel), bar=True)
        with self.database.write() as session:

            def work() -> dict[str, Any]:
                leave(session, tenant_id, leaving, source=SOURCE, evidence={"told": "user_preferences"}, now=now)
                return {}

            _answer, is_repeat = once(session, question, now, work)
        return not is_repeat


def feedback_of(report: StatusReport, message_id: int) -> Iterator[Feedback]:
    """Yield what one status says of a message; a refusal because the person left also says that."""
    if report.kind in _KINDS:
        yield Feedback(
            report.identity,
            message_id,
            _KINDS[report.kind],
            report.at,
            FeedbackSource.WHATSAPP,
            provider_id=report.provider_id,
        )
        return
    action = report.action or FaultAction.FAIL
    yield from _failed(
        report.identity, message_id, action, f"wa_{report.code}", at=report.at, provider_id=report.provider_id
    )


def _failed(
    identity: UUID, message_id: int, action: FaultAction, code: str, *, at: datetime, provider_id: str = ""
) -> Iterator[Feedback]:
    verdict = Verdict(_CLASSES.get(action, BounceClass.TECHNICAL), code)
    source = FeedbackSource.WHATSAPP
    yield Feedback(identity, message_id, FeedbackKind.BOUNCED, at, source, verdict, provider_id=provider_id)
    if action is FaultAction.OPTED_OUT:
        yield Feedback(uuid5(identity, "left"), message_id, FeedbackKind.LEFT, at, source)


def _refused(session: Session, tenant_id: str, now: datetime) -> list[Feedback]:
    """Return the refusals that the sending met and that nobody has taken in yet."""
    query = (
        select(Message.id, Message.reason, Message.settled_at)
        .join(Campaign, Campaign.id == Message.campaign_id)
        .where(
            Campaign.tenant_id == tenant_id,
            Campaign.purpose.in_(purposes_on(ChannelName.WHATSAPP)),
            (Campaign.started_at > now - breakers.RECENT) | (Campaign.email_type == EmailType.TRANSACTIONAL),
            Message.channel == ChannelName.WHATSAPP,
            Message.state == MessageState.FAILED,
            Message.reason.in_(sorted(_REFUSALS)),
            Message.settled_at > now - REFUSED_WITHIN,
            ~exists().where(MailFeedback.message_id == Message.id),
        )
        .order_by(Message.id)
        .limit(MANY)
    )
    return [
        one
        for row_id, reason, settled_at in session.execute(query)
        for one in _failed(event_id("refused", row_id), row_id, _REFUSALS[reason], reason, at=settled_at or now)
    ]
