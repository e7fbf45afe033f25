"""Read the bounce mailboxes of a Daerah: each mail is dealt with once, a bad one stops no other, and a kill loses nothing.

The effects of a batch and the hashes of its mails are one transaction; only then are the mails moved away, and only then does
the cursor go on. Whatever is cut off in between is read again, recognised, and moved.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketing.channels.email.inbound.imap import Arrived, Cursor
from marketing.channels.email.inbound.reading import read_inbound
from marketing.channels.email.inbound.report import Inbound, InboundKind
from marketing.channels.errors import TemporaryError
from marketing.db.exclusive import exclusively
from marketing.db.models import Address, ChannelAccount, InboundMail, Message
from marketing.db.session import Database
from marketing.delivery.feedback import Taken, take_in
from marketing.delivery.intake import FeedbackIntake
from marketing.delivery.mailbox_accounts import Connect, OpenMailbox, active, address_of
from marketing.domain.bounce import BounceClass, Verdict
from marketing.domain.events import event_id
from marketing.domain.feedback import Feedback, FeedbackKind, FeedbackSource
from marketing.domain.links import LinkPurpose, LinkSigner
from marketing.domain.sealing import Sealer
from marketing.domain.stop_words import StopScope
from marketing.observability import get_logger

log = get_logger(__name__)
BATCH: Final = 25
BATCHES: Final = 40
"""A turn reads at most a thousand mails; the next one goes on."""
ABOUT_US: Final = frozenset({InboundKind.BOUNCE, InboundKind.COMPLAINT, InboundKind.LEAVING})
DEALT_WITH: Final = ABOUT_US | {InboundKind.AUTO_REPLY}
STRANGE, FAILED = "strange", "failed"


@dataclass(frozen=True, slots=True)
class _Read:
    uid: int
    hash: str
    mail: Inbound


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """Reads every mailbox of a Daerah in turn."""

    database: Database
    intake: FeedbackIntake
    signer: LinkSigner
    sealer: Sealer
    connect: Connect
    clock: Callable[[], datetime]

    def run(self, tenant_id: str) -> None:
        """Read what has arrived; a mailbox that cannot be reached says so on its row and stops no other."""
        with self.database.read() as session:
            accounts = [row.id for row in session.scalars(active(tenant_id))]
        for account_id in accounts:
            self.read(account_id)

    def read(self, account_id: int) -> None:
        """Read one mailbox, unless somebody else is just reading it."""
        with exclusively(self.database, f"mailbox:{account_id}") as mine:
            if not mine:
                return
            with self.database.read() as session:
                account = session.get_one(ChannelAccount, account_id)
            problem = ""
            try:
                with self.connect(address_of(account, self.sealer)) as mailbox:
                    self._drain(account, mailbox)
            except TemporaryError as error:
                problem = str(error)
                log.warning("mailbox", account=account_id, problem=problem)
            self._note(account_id, at=self.clock().isoformat(), problem=problem)

    def _drain(self, account: ChannelAccount, mailbox: OpenMailbox) -> None:
        kept = account.report.get("cursor", {})
        cursor = Cursor(int(kept.get("validity", 0)), int(kept.get("uid", 0)))
        for _turn in range(BATCHES):
            uids = mailbox.after(cursor, BATCH)
            if not uids:
                return
            arrived = mailbox.fetch(uids)
            done = self._deal_with(account, [_read(one) for one in arrived])
            mailbox.put_away(done)
            cursor = Cursor(mailbox.validity, uids[-1])
            self._note(account.id, cursor={"validity": cursor.validity, "uid": cursor.uid})

    def _deal_with(self, account: ChannelAccount, mails: Sequence[_Read]) -> list[int]:
        """Apply a batch; returns the ids of those that nobody has to look at any more."""
        try:
            return self._apply(account, mails)
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001  whatever is wrong with one of them, the others are dealt with
            log.warning("incoming mail fails, going on one by one", account=account.id, error=type(error).__name__)
        done: list[int] = []
        for mail in mails:
            try:
                done += self._apply(account, [mail])
            except DBAPIError:
                raise
            except Exception as error:  # noqa: BLE001
                log.warning("an incoming mail failed", account=account.id, uid=mail.uid, error=type(error).__name__)
                with self.database.write() as session:
                    session.add(self._row(account, mail, FAILED, None))
        return done

    def _apply(self, account: ChannelAccount, mails: Sequence[_Read]) -> list[int]:
        now, done, reports = self.clock(), [], []
        with self.database.write() as session:
            hashes = select(InboundMail.hash, InboundMail.outcome).where(
                InboundMail.account_id == account.id, InboundMail.hash.in_([one.hash for one in mails])
            )
            seen: dict[str, str] = dict(session.execute(hashes).all())
            for one in mails:
                if one.hash not in seen:
                    message_id, report = self._report(session, account, one, now)
                    reports += [report] if report is not None else []
                    strange = one.mail.kind in ABOUT_US and report is None
                    outcome = STRANGE if strange else str(one.mail.kind)
                    session.add(self._row(account, one, outcome, message_id))
                    seen[one.hash] = outcome
                if seen[one.hash] in DEALT_WITH:
                    done.append(one.uid)
            taken = take_in(session, account.tenant_id, reports, now) if reports else Taken()
        self.intake.look(account.tenant_id, taken)
        return done

    def _row(self, account: ChannelAccount, mail: _Read, outcome: str, message_id: int | None) -> InboundMail:
        return InboundMail(
            tenant_id=account.tenant_id,
            account_id=account.id,
            hash=mail.hash,
            kind=str(mail.mail.kind),
            outcome=outcome,
            message_id=message_id,
            received_at=self.clock(),
        )

    def _report(
        self, session: Session, account: ChannelAccount, read: _Read, now: datetime
    ) -> tuple[int | None, Feedback | None]:
        """Return which message of this Daerah the mail is about and what it says of it; nothing for a stranger."""
        found = self._message(session, account.tenant_id, read.mail)
        if found is None:
            return None, None
        message_id, address = found
        failure = read.mail.failure_for(address)
        kind, verdict, detail = None, Verdict(BounceClass.NONE), ""
        match read.mail.kind:
            case InboundKind.BOUNCE if failure is not None:
                kind = FeedbackKind.BOUNCED if failure.permanent else FeedbackKind.DEFERRED
                verdict, detail = failure.verdict, failure.text
            case InboundKind.COMPLAINT:
                kind, verdict = FeedbackKind.COMPLAINED, Verdict(BounceClass.COMPLAINT)
            case InboundKind.LEAVING:
                kind = _LEAVING[read.mail.stop]
        if kind is None:
            return message_id, None
        identity = event_id("mailbox", account.id, read.hash)
        return message_id, Feedback(
            identity, message_id, kind, now, FeedbackSource.MAILBOX, verdict=verdict, detail=detail
        )

    def _message(self, session: Session, tenant_id: str, mail: Inbound) -> tuple[int, str] | None:
        """Return the first message that a token signed by us names, with the address it went to."""
        named = [self.signer.referred(one) for one in mail.references]
        for token in mail.unsubscribe_tokens:
            ids = self.signer.read(LinkPurpose.UNSUBSCRIBE, token)
            named.append(ids[0] if ids else None)
        for message_id in named:
            if message_id is None:
                continue
            query = (
                select(Address.normalised)
                .select_from(Message)
                .outerjoin(Address, Address.id == Message.address_id)
                .where(Message.id == message_id, Message.tenant_id == tenant_id)
            )
            row = session.execute(query).first()
            if row is not None:
                return message_id, row[0] or ""
        return None

    def _note(self, account_id: int, **facts: Any) -> None:
        with self.database.write() as session:
            account = session.get_one(ChannelAccount, account_id, with_for_update=True)
            account.report = {**account.report, **facts}


_LEAVING: Final[Mapping[StopScope | None, FeedbackKind]] = {
    None: FeedbackKind.LEFT,  # a provider's "opt-out" report
    StopScope.CHANNEL: FeedbackKind.LEFT_MAIL,
    StopScope.ALL: FeedbackKind.LEFT_ALL,
}


def _read(mail: Arrived) -> _Read:
    digest = hashlib.sha256(f"{mail.size}\n".encode() + mail.raw).hexdigest()
    return _Read(mail.uid, digest, read_inbound(mail.raw))
