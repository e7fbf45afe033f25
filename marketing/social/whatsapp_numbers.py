"""Which connected number sends for a Daerah, and what is written down when Meta lets nothing through it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketing.channels.errors import TemporaryError
from marketing.channels.social import SocialProvider
from marketing.channels.whatsapp.cloud import Number
from marketing.channels.whatsapp.cloud_errors import Fault, action_of, sentence, wait_of
from marketing.db.models import ChannelAccount, WhatsAppTemplate
from marketing.db.session import Database
from marketing.domain.account import TRANSITIONS, AccountState
from marketing.domain.sealing import Sealer
from marketing.domain.transitions import change
from marketing.domain.whatsapp_message import FaultAction, OutboundTemplate
from marketing.domain.whatsapp_template import TemplateState
from marketing.observability import get_logger
from marketing.social import sealed

NOBODY: Final = timedelta(minutes=15)
_PAUSES: Final = {132015: TemplateState.PAUSED, 132016: TemplateState.DISABLED}
_NEW_STATE: Final = {FaultAction.RECONNECT: AccountState.RECONNECT, FaultAction.ACCOUNT: AccountState.PAUSED}
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WhatsAppNumbers:
    """Numbers of the database; the oldest standing one of a Daerah sends."""

    database: Database
    sealer: Sealer
    clock: Callable[[], datetime]

    def of(self, tenant: str) -> Number:
        """Return the number that sends; TemporaryError with a reason code when none can now."""
        now = self.clock()
        with self.database.read() as session:
            rows = standing(session, tenant)
            able = [row for row in rows if row.state is AccountState.ACTIVE]
            free = [row for row in able if row.not_before is None or row.not_before <= now]
            access = sealed.opened(free[0], self.sealer) if free else None
            if access is not None:
                return Number(free[0].id, access)
            if able and not free:
                until = min(row.not_before for row in able if row.not_before)
                raise TemporaryError("wa_resting", until - now)
        raise TemporaryError(rows[0].state.value if rows else "no_number", NOBODY)

    def troubled(self, number: Number, fault: Fault) -> None:
        """Pause the account or have it connected again when only a person can help; else let it rest."""
        self.told(number.account_id, fault)

    def told(self, account_id: int, fault: Fault) -> None:
        """Do what a fault that holds for a whole number asks for."""
        action, now = action_of(fault.code) if fault.code else FaultAction.RETRY, self.clock()
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, account_id, with_for_update=True)
            new = _NEW_STATE.get(action)
            if new is None:
                row.not_before = max(now + wait_of(fault), row.not_before or now)
            elif new in TRANSITIONS[row.state]:
                row.state, row.state_reason = change(TRANSITIONS, row.state, new), sentence(fault.code)
            row.updated_at = now
        log.warning("a WhatsApp number cannot send", account=account_id, reason=fault.reason, action=action.value)

    def template_refused(self, number: Number, message: OutboundTemplate, fault: Fault) -> None:
        """Let a template be no longer chosen until Meta says that it may be sent again."""
        with self.database.write() as session:
            session.execute(
                update(WhatsAppTemplate)
                .where(
                    WhatsAppTemplate.account_id == number.account_id,
                    WhatsAppTemplate.name == message.template,
                    WhatsAppTemplate.language == message.language,
                )
                .values(state=_PAUSES.get(fault.code, TemplateState.UNKNOWN), reason=sentence(fault.code))
            )
        log.warning("a WhatsApp template cannot be sent", account=number.account_id, reason=fault.reason)


def standing(session: Session, tenant: str) -> list[ChannelAccount]:
    """Return the Daerah's numbers that were not removed, oldest first."""
    query = select(ChannelAccount).where(
        ChannelAccount.tenant_id == tenant,
        ChannelAccount.provider == SocialProvider.WHATSAPP_CLOUD.value,
        ChannelAccount.state != AccountState.REMOVED,
    )
    return list(session.scalars(query.order_by(ChannelAccount.id)))
