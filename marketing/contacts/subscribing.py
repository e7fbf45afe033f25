"""Double opt-in: a form asks, a mail goes to the address, its owner confirms by POST, and only then is there consent.

Nothing is sent to the address but the one confirmation. Asking does the same work for every address, known or not: what
differs (may it be written to?) is decided by the worker, so neither answer nor time tells who is known (UU 27/2022 Ps. 20-24).
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketing.channels.base import Accepted, Failed, InDoubt, Messenger, SendOutcome, send_one
from marketing.contacts.addresses import address_hash
from marketing.contacts.confirmation_mail import confirmation_mail
from marketing.contacts.consent_service import record_consent
from marketing.contacts.unsubscribe import UNSUBSCRIBE_ALL, lift_own
from marketing.db.models import Address, Contact, Subscription, Suppression, Tenant
from marketing.db.session import Database
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.consent_evidence import plain, proof
from marketing.domain.consent_wording import Wording
from marketing.domain.links import LinkPurpose, LinkSigner
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from marketing.queue import TaskName, TaskQueue
from marketing.tenants.profile import profile_of

VALID_FOR: Final = timedelta(hours=72)
MAILS_PER_DAY: Final = 3
"""Confirmations to one address within a day: whoever types somebody else's address cannot make us a nuisance."""
LEASE: Final = timedelta(minutes=2)
ATTEMPTS: Final = 6
SOURCE: Final = "langganan"
MANY: Final = 500
NAME_LENGTH: Final = 100
_NONCE_BITS: Final = 63


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked for in a form: the normalised address, and of each ticked purpose the text that was shown.

    `form` is where it was filled in; network address and browser stay with the proof, the first one shortened; `more` is what
    else proves it.
    """

    address: str
    name: str
    wordings: tuple[Wording, ...]
    topics: tuple[str, ...]
    language: str
    form: str
    ip: str = ""
    user_agent: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Asks for, mails and takes confirmations."""

    database: Database
    queue: TaskQueue
    messenger: Messenger
    signer: LinkSigner
    signing_key: bytes = field(repr=False)
    clock: Callable[[], datetime]

    def ask(self, tenant_id: str, wish: Wish) -> None:
        """Keep a wish and have its confirmation mailed; the same for every address."""
        with self.database.write() as session:
            self.add(session, tenant_id, wish)

    def add(self, session: Session, tenant_id: str, wish: Wish) -> None:
        """Do the same in the caller's transaction."""
        now, nonce = self.clock(), secrets.randbits(_NONCE_BITS)
        row = Subscription(
            tenant_id=tenant_id,
            address=wish.address,
            address_hash=address_hash(self.signing_key, tenant_id, wish.address),
            token_hash=token_hash(self._token(nonce)),
            name=wish.name[:NAME_LENGTH],
            purposes=[wording.purpose for wording in wish.wordings],
            topics=list(wish.topics),
            wording_version=max((wording.version for wording in wish.wordings), default=""),
            language=wish.language,
            source=wish.form,
            evidence={
                "nonce": str(nonce),
                "shown": {wording.purpose: [wording.version, wording.language] for wording in wish.wordings},
                "proof": plain({**wish.more, **proof(ip=wish.ip, user_agent=wish.user_agent, form=wish.form)}),
            },
            requested_at=now,
            expires_at=now + VALID_FOR,
        )
        session.add(row)
        session.flush()
        self.queue.enqueue(session, TaskName.SUBSCRIPTION_MAIL, subscription_id=row.id)

    def mail(self, subscription_id: int) -> None:
        """Send the confirmation of one wish, unless it has gone, must not go, or another worker has it in hand.

        A repeat after a lost worker carries the same link and the same Message-ID.
        """
        now = self.clock()
        with self.database.write() as session:
            row = session.get(Subscription, subscription_id, with_for_update=True)
            if row is None or not _is_due(row, now):
                return
            if self._must_not(session, row, now):
                _close(row, "not_sent")
                return
            attempt = int(row.evidence.get("attempt", 0)) + 1
            row.evidence = {**row.evidence, "attempt": attempt, "lease_until": (now + LEASE).isoformat()}
            profile = profile_of(row.tenant_id)
            url = self.signer.url(LinkPurpose.CONFIRM, int(row.evidence["nonce"]))
            email = confirmation_mail(row, profile, url)
        outcome = send_one(self.messenger, email)
        with self.database.write() as session:
            row = session.get_one(Subscription, subscription_id, with_for_update=True)
            _settle(row, outcome, attempt, self.clock())

    def waiting(self, session: Session, token: str, *, lock: bool = False) -> Subscription | None:
        """Return the wish that a genuine, unused token in time belongs to; None for every other, without saying which."""
        if self.signer.read(LinkPurpose.CONFIRM, token) is None:
            return None
        query = select(Subscription).where(Subscription.token_hash == token_hash(token))
        row = session.scalars(query.with_for_update() if lock else query).first()
        return row if row is not None and self._stands(session, row) else None

    def confirm(self, token: str) -> Subscription | None:
        """Make a wish into consent, once; None when the token does not (or no longer) stand for one."""
        now = self.clock()
        with self.database.write() as session:
            row = self.waiting(session, token, lock=True)
            if row is None:
                return None
            # One after the other in a tenant: two confirmations of one address make one contact.
            session.get(Tenant, row.tenant_id, with_for_update={"key_share": True})
            contact = self._contact(session, row, now)
            lifted = lift_own(session, row.tenant_id, contact.id)
            _record(session, row, contact, now, lifted=lifted)
            row.contact_id, row.confirmed_at = contact.id, now
            _close(row, "confirmed")
            session.flush()
            session.expunge(row)
            return row

    def _token(self, nonce: int) -> str:
        return self.signer.url(LinkPurpose.CONFIRM, nonce).rpartition("/")[2]

    def _stands(self, session: Session, row: Subscription) -> bool:
        fresh = row.confirmed_at is None and bool(row.address) and row.expires_at > self.clock()
        return fresh and not _barred(session, row)

    def _must_not(self, session: Session, row: Subscription, now: datetime) -> bool:
        mailed = select(func.count()).where(
            Subscription.tenant_id == row.tenant_id,
            Subscription.address_hash == row.address_hash,
            Subscription.mailed_at > now - timedelta(days=1),
        )
        return _barred(session, row) or session.scalars(mailed).one() >= MAILS_PER_DAY

    def _contact(self, session: Session, row: Subscription, now: datetime) -> Contact:
        """Return the person of the address, made or brought up to date."""
        mine = select(Address).where(
            Address.tenant_id == row.tenant_id,
            Address.channel == ChannelName.EMAIL,
            Address.hash == row.address_hash,
        )
        address = session.scalars(mine.order_by(Address.id)).first()
        if address is None:
            contact = Contact(
                tenant_id=row.tenant_id,
                source=SOURCE,
                external_id=row.token_hash[:32],
                name=row.name,
                kind=BuyerKind.MASYARAKAT,
                locale=row.language,
                zone=profile_of(row.tenant_id).zone,
                preferences={},
                content_hash="",
                created_at=now,
            )
            session.add(contact)
            session.flush()
            address = Address(
                tenant_id=row.tenant_id,
                contact_id=contact.id,
                channel=ChannelName.EMAIL,
                normalised=row.address,
                hash=row.address_hash,
            )
            session.add(address)
        contact = session.get_one(Contact, address.contact_id)
        address.confirmed_at = now
        contact.locale = row.language
        contact.name = contact.name or row.name
        if row.topics:
            contact.preferences = {**contact.preferences, "categories": list(row.topics)}
        return contact


def token_hash(token: str) -> str:
    """Return what is kept of a confirmation's token: enough to know it again, of no use to whoever reads the table."""
    return hashlib.sha256(f"confirm|{token}".encode()).hexdigest()


def unsent(session: Session, now: datetime) -> list[int]:
    """Return the wishes whose confirmation has not gone and that no worker has in hand."""
    query = (
        select(Subscription)
        .where(
            Subscription.mailed_at.is_(None),
            Subscription.confirmed_at.is_(None),
            Subscription.address != "",
            Subscription.expires_at > now,
            Subscription.requested_at < now - LEASE,
        )
        .order_by(Subscription.id)
        .limit(MANY)
    )
    return [row.id for row in session.scalars(query) if _is_due(row, now)]


def forget_expired(session: Session, now: datetime) -> None:
    """Empty the addresses of wishes that nobody confirmed in time."""
    session.execute(
        update(Subscription)
        .where(Subscription.expires_at <= now, Subscription.address != "")
        .values(address="", name="")
    )


def _is_due(row: Subscription, now: datetime) -> bool:
    until = row.evidence.get("lease_until")
    held = until is not None and datetime.fromisoformat(until) > now
    return row.mailed_at is None and bool(row.address) and row.expires_at > now and not held


def _barred(session: Session, row: Subscription) -> bool:
    """Return whether the address must be left alone for a reason that its owner cannot lift by a form."""
    query = select(Suppression.id).where(
        Suppression.tenant_id == row.tenant_id,
        Suppression.channel == ChannelName.EMAIL,
        Suppression.address_hash == row.address_hash,
        Suppression.reason != UNSUBSCRIBE_ALL,
    )
    return session.scalar(query.limit(1)) is not None


def _settle(row: Subscription, outcome: SendOutcome, attempt: int, now: datetime) -> None:
    """Note what became of the mail; a passing fault leaves it to the sweeper once the lease is over."""
    if isinstance(outcome, Accepted | InDoubt):  # a lost answer is not repeated: whoever waits in vain asks again
        row.mailed_at = now
    elif isinstance(outcome, Failed) or attempt >= ATTEMPTS:
        _close(row, outcome.reason)


def _close(row: Subscription, outcome: str) -> None:
    row.address, row.name = "", ""
    spent = ("nonce", "lease_until", "proof")
    row.evidence = {**{key: value for key, value in row.evidence.items() if key not in spent}, "outcome": outcome}


def _record(session: Session, row: Subscription, contact: Contact, now: datetime, *, lifted: bool) -> None:
    """Append a line per purpose, each with what was shown, when it was asked, mailed and confirmed (TS 27560)."""
    evidence: dict[str, Any] = {
        **row.evidence["proof"],
        **proof(doi_sent_at=row.mailed_at, doi_confirmed_at=now, doi_token_hash=row.token_hash),
        "doi_requested_at": row.requested_at,
        "subscription": row.id,
    }
    if lifted:
        evidence["lifted"] = UNSUBSCRIBE_ALL
    shown: dict[str, list[str]] = row.evidence["shown"]
    events = [
        ConsentEvent(Purpose(name), ConsentState.GIVEN, now, shown[name][0], SOURCE, language=shown[name][1])
        for name in row.purposes
    ]
    record_consent(
        session,
        tenant_id=row.tenant_id,
        contact_id=contact.id,
        events=events,
        now=now,
        evidence=plain(evidence),
    )
