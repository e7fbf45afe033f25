"""What Meta tells of WhatsApp, dealt with once: statuses, STOP, choices about marketing, templates, faults of a whole number."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import delete, select

from marketing.channels.errors import TemporaryError
from marketing.channels.social import SocialProvider
from marketing.channels.whatsapp.cloud import WABA, Open
from marketing.channels.whatsapp.cloud_errors import WHOLE_NUMBER, Fault
from marketing.channels.whatsapp.webhook import Choice, Incoming, News, Other, Status, TemplateNews, read
from marketing.contacts.leaving_by_chat import ChatLeaving, ChatMessage
from marketing.db.models import ChannelAccount, ProviderEvent
from marketing.db.session import Database
from marketing.domain.account import AccountState
from marketing.domain.types import ChannelName
from marketing.domain.whatsapp_message import FaultAction, MarketingChoice, StatusReport
from marketing.errors import InvalidInputError
from marketing.observability import get_logger
from marketing.social import sealed
from marketing.social.provider_events import first_told
from marketing.social.whatsapp_numbers import WhatsAppNumbers
from marketing.social.whatsapp_templates import WhatsAppTemplates

KEPT_FOR: Final = timedelta(days=30)
PROVIDER: Final = SocialProvider.WHATSAPP_CLOUD.value
_OF_THE_NUMBER: Final = frozenset({FaultAction.ACCOUNT, FaultAction.RECONNECT})
log = get_logger(__name__)


class StatusIntake(Protocol):
    """Takes in what became of messages; the same told twice changes nothing."""

    def take(self, tenant_id: str, reports: Sequence[StatusReport], /) -> int:
        """Return how much was new."""
        ...

    def chose(self, tenant_id: str, choices: Sequence[MarketingChoice], /) -> int:
        """Return how much was new."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What is to be said once to whoever asked to stop."""

    account_id: int
    recipient: str = field(repr=False)
    words: str = field(repr=False)
    answers: str = field(repr=False)


@dataclass(slots=True)
class Told:
    """What a webhook came to: `fresh` things that were new, answers to be sent, and Daerah whose templates are to be asked for."""

    fresh: int = 0
    replies: list[Reply] = field(default_factory=list)
    ask_again: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Account:
    id: int
    tenant_id: str
    number_id: str
    waba_id: str


@dataclass(frozen=True, slots=True)
class WhatsAppInbox:
    """Deals with a genuine body; what is no number's of ours is left."""

    database: Database
    numbers: WhatsAppNumbers
    templates: WhatsAppTemplates
    leaving: ChatLeaving
    intake: StatusIntake
    open_client: Open
    clock: Callable[[], datetime]

    def take(self, raw_body: bytes) -> Told:
        """Deal with everything in it; ValueError when it is nothing of Meta's. Repeating it changes nothing."""
        accounts, told = self._accounts(), Told()
        statuses: dict[_Account, list[StatusReport]] = defaultdict(list)
        choices: dict[str, list[MarketingChoice]] = defaultdict(list)
        for one in read(raw_body, self.clock()):
            for account in _meant(accounts, one):
                match one:
                    case Status(report=report):
                        statuses[account].append(report)
                    case Choice(made=made):
                        choices[account.tenant_id].append(made)
                    case _:
                        self._single(account, one, told)
        for account, reports in statuses.items():
            self._number_faults(account, reports, told)
            told.fresh += self.intake.take(account.tenant_id, reports)
        for tenant_id, all_made in choices.items():
            told.fresh += self.intake.chose(tenant_id, all_made)
        return told

    def reply(self, replies: Iterable[Reply]) -> int:
        """Send each answer once; what cannot be sent is not tried again, as the person has left in any case."""
        from marketing.channels.whatsapp.cloud_client import FaultError, LostError  # noqa: PLC0415  loads pywa

        sent = 0
        for one in replies:
            with self.database.read() as session:
                row = session.get(ChannelAccount, one.account_id)
                access = sealed.opened(row, self.numbers.sealer) if row is not None else None
            if access is None:
                continue
            client = self.open_client(access)
            try:
                client.send_text(access.remote_id, one.recipient, one.words, answers=one.answers)
                sent += 1
            except (FaultError, LostError, TemporaryError) as error:
                log.warning("a STOP was not answered", account=one.account_id, reason=str(error))
            finally:
                client.close()
        return sent

    def forget(self, tenant_id: str) -> None:
        """Delete what is kept for a while only."""
        before = self.clock() - KEPT_FOR
        with self.database.write() as session:
            old = (ProviderEvent.tenant_id == tenant_id, ProviderEvent.received_at < before)
            session.execute(delete(ProviderEvent).where(*old))

    def _accounts(self) -> list[_Account]:
        with self.database.read() as session:
            query = select(ChannelAccount).where(
                ChannelAccount.provider == PROVIDER, ChannelAccount.state != AccountState.REMOVED
            )
            return [
                _Account(row.id, row.tenant_id, row.remote_id, str(row.settings.get(WABA, "")))
                for row in session.scalars(query.order_by(ChannelAccount.id))
            ]

    def _single(self, account: _Account, one: Incoming | TemplateNews | Other, told: Told) -> None:
        match one:
            case Incoming():
                self._heard(account, one, told)
            case TemplateNews():
                if not self.templates.told(account.id, one):
                    told.ask_again.add(account.tenant_id)
            case Other():
                self._kept(account, one, told)

    def _heard(self, account: _Account, message: Incoming, told: Told) -> None:
        """Let a person leave who asks for it; anything else is for the office's own telephone, and only counted."""
        chat = ChatMessage(ChannelName.WHATSAPP, f"+{message.sender}", message.text, message.wamid)
        try:
            left = self.leaving.leave_by_chat(account.tenant_id, chat)
        except InvalidInputError:
            log.warning("somebody wrote from a number that is none", account=account.id)
            return
        if left is None or left.is_repeat:
            return
        told.fresh += 1
        told.replies.append(Reply(account.id, message.sender, left.reply, message.wamid))

    def _kept(self, account: _Account, one: Other, told: Told) -> None:
        if self._first(account, one.key, one.kind, one.facts):
            told.fresh += 1
            log.info("WhatsApp told something that is kept", account=account.id, kind=one.kind)
            if one.limits:
                told.ask_again.add(account.tenant_id)

    def _number_faults(self, account: _Account, reports: Sequence[StatusReport], told: Told) -> None:
        """Do once what a failed message says of its whole number or of its template."""
        for report in reports:
            if report.action is None:
                continue
            whole = report.action in _OF_THE_NUMBER or report.code in WHOLE_NUMBER
            if not (whole or report.action is FaultAction.TEMPLATE):
                continue
            if not self._first(account, str(report.identity), f"failed:{report.code}", {"code": report.code}):
                continue
            if whole:
                self.numbers.told(account.id, Fault(report.code))
            else:
                told.ask_again.add(account.tenant_id)

    def _first(self, account: _Account, key: str, kind: str, facts: Mapping[str, Any]) -> bool:
        """Write an event down; False when it stood there already."""
        now = self.clock()
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, account.id)
            return first_told(session, row, f"{account.id}:{key}", kind, facts, now=now) is not None


def _meant(accounts: Sequence[_Account], one: News) -> list[_Account]:
    """Return whose it is: the number that is named, or all numbers of the business account."""
    number = getattr(one, "number_id", "")
    if number:
        return [account for account in accounts if account.number_id == number]
    waba = getattr(one, "waba_id", "")
    return [account for account in accounts if waba and account.waba_id == waba]
