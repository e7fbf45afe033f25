"""Claim, permit again, write ahead, hand over, record (design section 6), one small batch at a time."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from marketing.channels.base import Failed, Load, Messenger, SendOutcome
from marketing.channels.errors import TemporaryError
from marketing.db.session import Database
from marketing.delivery.claiming import Batch, claim
from marketing.delivery.composing import MailComposer, load_campaign_mail
from marketing.delivery.handing_over import HandingOver
from marketing.domain.content import OutboundEmail
from marketing.domain.permission import FrequencyCap, QuietHours
from marketing.errors import MarketingError
from marketing.observability import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Sends the queued messages of a campaign; any number of workers may do so at once."""

    database: Database
    messenger: Messenger
    composer: MailComposer
    clock: Callable[[], datetime]
    cap: FrequencyCap = field(default_factory=FrequencyCap)
    quiet: QuietHours | None = None
    timer: Callable[[], float] = time.monotonic

    def deliver(self, campaign_id: int, *, batches: int) -> bool:
        """Hand over up to `batches` batches; True when more may be waiting."""
        owner = secrets.token_hex(8)
        for _number in range(batches):
            batch = self._claim(campaign_id, owner)
            if batch is None:
                return False
            emails, outcomes = self._compose(batch)
            handing = HandingOver(self.database, batch, owner, self.clock, self.timer, outcomes)
            if emails:
                load = Load(batch.campaign.tenant_id, batch.campaign.email_type, handing.permitted(emails))
                try:
                    for outcome in self.messenger.send(load):
                        handing.answered(outcome)
                except TemporaryError as error:
                    # Nobody can carry mail now: the sweeper comes back when the rest is due.
                    handing.finish(error)
                    return False
            handing.finish()
        return True

    def _claim(self, campaign_id: int, owner: str) -> Batch | None:
        with self.database.write() as session:
            return claim(session, campaign_id, owner=owner, cap=self.cap, now=self.clock(), quiet=self.quiet)

    def _compose(self, batch: Batch) -> tuple[list[OutboundEmail], dict[int, SendOutcome]]:
        """Return the finished e-mails, and a failure for each message that could not be written."""
        now = self.clock()
        emails: list[OutboundEmail] = []
        failed: dict[int, SendOutcome] = {}
        with self.database.read() as session:
            mail = load_campaign_mail(session, batch.campaign, batch.version, batch.profile, list(batch.messages))
            for message in batch.messages:
                if self.composer.lost_all_products(message, mail, now):
                    continue  # they fell just now: it is given back, and the next claim tells what becomes of it
                try:
                    emails.append(self.composer.compose(message, batch.contacts[message.contact_id], mail, now))
                except (MarketingError, TypeError, ValueError, LookupError) as error:
                    log.exception("message could not be composed", message=message.id)
                    failed[message.id] = Failed(str(message.id), "render_error", type(error).__name__)
        return emails, failed
