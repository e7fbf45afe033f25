"""What a person asks of their data: taken in once, acted on, answered by mail, and written down (UU 27/2022 Ps. 5-13).

`Privacy` is for staff and commands; `ask` is also called from the preference centre, within its own transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.channels.base import Accepted, Failed, InDoubt, Messenger, send_one
from marketing.contacts.addresses import NORMALISE, address_hash
from marketing.contacts.consent_service import record_consent
from marketing.contacts.erasing import erase_person
from marketing.contacts.holds import holds
from marketing.contacts.leftover_files import LeftoverFiles
from marketing.contacts.personal_data import Person, find_person, requests_of
from marketing.contacts.rectifying import correct
from marketing.contacts.request_mail import own_link, request_mail
from marketing.contacts.restricting import lift_restriction, restrict
from marketing.db.models import Address, Contact, DataRequest, Tenant
from marketing.db.session import Database
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.data_rights import COPIES, OPEN, TRANSITIONS, RequestState, RightKind, due_at
from marketing.domain.links import LinkSigner
from marketing.domain.sealing import Sealer
from marketing.domain.text import one_line
from marketing.domain.transitions import change
from marketing.domain.types import ChannelName, Purpose
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import SOURCE_LANGUAGE
from marketing.i18n import gettext as _
from marketing.tenants.profile import profile_of

SEAL_PURPOSE: Final = "data-request"
STAFF: Final = "petugas"
OWNER: Final = "owner"
"""Who did it, where the person needed no staff."""
SOURCE: Final = "permintaan"
PROFILING: Final = (Purpose.PERSONALISED, Purpose.ENGAGEMENT_TRACKING)
ANSWER_LENGTH: Final = 2_000
MAILS: Final = 6
"""Attempts at the mail of an outcome; afterwards a sealed address is forgotten all the same."""
LEASE: Final = timedelta(minutes=2)
LINK_AGAIN: Final = timedelta(minutes=10)
"""A link to a person's own data goes out at most this often, however often somebody presses the button."""
Audit = Callable[..., None]
"""Writes the audit log (marketing/accounts/audit.py), which contacts do not know."""


def ask(
    session: Session,
    audit: Audit,
    *,
    tenant_id: str,
    contact_id: int,
    kind: RightKind,
    source: str,
    now: datetime,
    link: bool = False,
) -> DataRequest:
    """Take in what a person asks; an open request of the same kind is returned as it is, with its own clock.

    `source` says where it came from (`preferensi`, `petugas`). With `link` the person's own address gets a short-lived link
    on which they do it themselves (`own_data.py`); without an address the request waits for the staff. NotFoundError when
    nobody (any more) stands behind the contact. The caller owns the transaction.
    """
    person = find_person(session, tenant_id, contact_id, locked=True)
    query = requests_of(person).where(DataRequest.kind == kind, DataRequest.state.in_(OPEN))
    standing: DataRequest | None = session.scalars(query.order_by(DataRequest.id)).first()
    link = link and bool(person.address(ChannelName.EMAIL))
    if standing is not None:
        if link and _may_link(standing, now):
            standing.details = _link(now)
        return standing
    request = DataRequest(
        tenant_id=tenant_id,
        contact_id=person.contact_id,
        address_hash=next((hashed for _channel, _written, hashed in person.addresses), ""),
        kind=kind,
        state=RequestState.RECEIVED,
        source=source,
        details=_link(now) if link else {},
        received_at=now,
        due_at=due_at(kind, now),
    )
    session.add(request)
    session.flush()
    details = {"kind": kind.value, "contact": person.contact_id}
    subject = f"data_request:{request.id}"
    audit(session, tenant_id=tenant_id, user_id=None, action="privacy.asked", subject=subject, now=now, details=details)
    return request


def _link(now: datetime) -> dict[str, Any]:
    """Return what asks for the mail with the link; the moment is part of the link, so that a repeat carries the same one."""
    return {"tell": True, "issued": int(now.timestamp())}


def _may_link(request: DataRequest, now: datetime) -> bool:
    issued = request.details.get("issued")
    return issued is None or now.timestamp() - int(issued) >= LINK_AGAIN.total_seconds()


def find_request(session: Session, tenant_id: str, request_id: int, *, locked: bool = False) -> DataRequest:
    """Return a request of this Daerah; NotFoundError for every other."""
    if locked:  # the Daerah before its rows, as everybody who writes the audit log does
        session.get(Tenant, tenant_id, with_for_update={"key_share": True})
    request = session.get(DataRequest, request_id, with_for_update=locked)
    if request is None or request.tenant_id != tenant_id:
        raise NotFoundError(_("Tidak ada permintaan dengan nomor ini."))
    return request


def open_requests(session: Session, tenant_id: str) -> list[DataRequest]:
    """Return what is not done yet, the most pressing first."""
    query = select(DataRequest).where(DataRequest.tenant_id == tenant_id, DataRequest.state.in_(OPEN))
    return list(session.scalars(query.order_by(DataRequest.due_at, DataRequest.id)))


@dataclass(frozen=True, slots=True)
class Privacy:
    """Acts on requests: each act is one transaction, and the mail about it goes out after the commit."""

    database: Database
    messenger: Messenger
    files: LeftoverFiles
    sealer: Sealer
    signing_key: bytes = field(repr=False)
    signer: LinkSigner
    clock: Callable[[], datetime]
    audit: Audit

    def find_contact(self, tenant_id: str, written: str) -> int:
        """Return the contact that has this address on any channel; NotFoundError when none has."""
        with self.database.read() as session:
            for channel, normalise in NORMALISE.items():
                if (normalised := normalise(written)) is None:
                    continue
                query = select(Address.contact_id).where(
                    Address.tenant_id == tenant_id,
                    Address.channel == channel,
                    Address.hash == address_hash(self.signing_key, tenant_id, normalised),
                )
                if (found := session.scalar(query.order_by(Address.id).limit(1))) is not None:
                    return found
        raise NotFoundError(_("Tidak ada kontak dengan alamat ini. Periksa ejaannya, atau cari alamat lain orang itu."))

    def ask(self, tenant_id: str, contact_id: int, kind: RightKind, *, source: str = STAFF) -> int:
        """Take in a request that reached the staff; return its number."""
        now = self.clock()
        with self.database.write() as session:
            found = ask(
                session, self.audit, tenant_id=tenant_id, contact_id=contact_id, kind=kind, source=source, now=now
            )
            return found.id

    def start(self, tenant_id: str, request_id: int, user_id: int) -> None:
        """Note who works on it; TransitionError when it is closed."""
        with self.database.write() as session:
            request = find_request(session, tenant_id, request_id, locked=True)
            request.state = change(TRANSITIONS, RequestState(request.state), RequestState.IN_PROGRESS)
            request.handled_by = user_id
            self._write(session, request, user_id, "started")

    def refuse(self, tenant_id: str, request_id: int, user_id: int | None, reason: str) -> None:
        """Refuse with a reason, which the person is told."""
        if not one_line(reason):
            raise InvalidInputError(_("Tulis alasannya: orang yang meminta berhak mengetahuinya."), field="alasan")
        with self.database.write() as session:
            request = find_request(session, tenant_id, request_id, locked=True)
            self._close(session, request, RequestState.REFUSED, user_id, reason)
        self.tell(request_id)

    def finish(self, tenant_id: str, request_id: int, user_id: int | None, answer: str) -> None:
        """Do what a request asks where the system can, close it, and tell the person.

        A correction is made by `rectify` before; of a copy the person is mailed a link, the staff have a download as well.
        """
        with self.database.write() as session:
            request = find_request(session, tenant_id, request_id)
            kind, contact_id = RightKind(request.kind), request.contact_id
            change(TRANSITIONS, RequestState(request.state), RequestState.DONE)
            if contact_id is None:
                raise NotFoundError(_("Data orang ini sudah dihapus."))
            if kind is not RightKind.ERASE:
                person = find_person(session, tenant_id, contact_id, locked=True)
                request = find_request(session, tenant_id, request_id, locked=True)
                if kind is RightKind.RESTRICT:
                    restrict(session, person.ids, tenant_id=tenant_id, now=self.clock())
                elif kind is RightKind.OBJECT:
                    self._object(session, person)
                self._close(session, request, RequestState.DONE, user_id, answer)
        if kind is RightKind.ERASE:
            self.erase(tenant_id, contact_id, user_id, answer=answer)
        else:
            self.tell(request_id)

    def restrict(self, tenant_id: str, contact_id: int, user_id: int | None) -> None:
        """Stop everything but what a contract needs (Ps. 11, 41); again changes nothing."""
        with self.database.write() as session:
            person = find_person(session, tenant_id, contact_id, locked=True)
            restrict(session, person.ids, tenant_id=tenant_id, now=self.clock())
            self._write_contact(session, person, user_id, "restricted")

    def lift(self, tenant_id: str, contact_id: int, user_id: int | None) -> None:
        """Lift a restriction, at the person's own wish; nothing that was skipped comes back."""
        with self.database.write() as session:
            person = find_person(session, tenant_id, contact_id, locked=True)
            lift_restriction(session, person.ids, tenant_id=tenant_id)
            self._write_contact(session, person, user_id, "lifted")

    def rectify(
        self, tenant_id: str, contact_id: int, user_id: int | None, *, name: str = "", email: str = "", phone: str = ""
    ) -> tuple[str, ...]:
        """Correct a name or an address; an empty one stays. Return what changed; errors as `correct`.

        The audit log says who changed which of them and when, never what they said before.
        """
        with self.database.write() as session:
            person = find_person(session, tenant_id, contact_id, locked=True)
            changed = correct(session, person, self.signing_key, name=name, email=email, phone=phone)
            if changed:
                self._write_contact(session, person, user_id, "rectified", {"fields": list(changed)})
            return changed

    def erase(
        self, tenant_id: str, contact_id: int, user_id: int | None, *, answer: str = "", own: bool = False
    ) -> int:
        """Erase a person in one transaction and tell them; return the number of the request.

        `own`: the person does it, on the link that was mailed. NotAllowedError while something holds the person's own
        erasure, or, for the staff, while a copy that was asked for has not been handed over: afterwards there is none.
        """
        now = self.clock()
        with self.database.write() as session:
            person = find_person(session, tenant_id, contact_id, locked=True)
            waiting = session.scalars(requests_of(person).where(DataRequest.state.in_(OPEN))).all()
            if own and (held := holds(session, person, now)):
                raise NotAllowedError(" ".join(held))
            if not own and any(one.kind in COPIES for one in waiting):
                raise NotAllowedError(
                    _("Orang ini juga meminta salinan datanya. Serahkan salinannya, selesaikan permintaan itu dahulu.")
                )
            number = ask(
                session,
                self.audit,
                tenant_id=tenant_id,
                contact_id=person.contact_id,
                kind=RightKind.ERASE,
                source=STAFF,
                now=now,
            ).id
            language = session.get_one(Contact, person.contact_id).locale
            others = [one.id for one in waiting if one.id != number]
            counts = erase_person(session, person, signing_key=self.signing_key, now=now)
            for one in others:  # what else was asked is settled with it, and nobody is left to be told twice
                self._close(session, find_request(session, tenant_id, one), RequestState.DONE, user_id, "", told=True)
            request = find_request(session, tenant_id, number)
            self._close(session, request, RequestState.DONE, user_id, "")
            if address := person.address(ChannelName.EMAIL):
                seal = self.sealer.seal
                request.details = {
                    **({"by": OWNER} if own else {}),
                    "tell": True,
                    "language": language,
                    "address": seal(SEAL_PURPOSE, address),
                    "answer": seal(SEAL_PURPOSE, answer.strip()[:ANSWER_LENGTH]),
                }
            else:
                request.details = {}
            self._write(session, request, user_id, "erased", dict(counts))
        self.files.forget(tenant_id, person)
        self.tell(number)
        return number

    def tell(self, request_id: int) -> bool:
        """Mail the outcome of a closed request, or the link of an open one; False when it is to be tried again later.

        The sealed address of an erased person is removed as soon as the mail is out, or can never be.
        """
        now = self.clock()
        with self.database.write() as session:
            request = session.get_one(DataRequest, request_id, with_for_update=True)
            if not request.details.get("tell"):
                return True
            until = request.details.get("until")
            if until is not None and datetime.fromisoformat(until) > now:
                return False
            address, language, answer = self._recipient(session, request)
            if not address:
                request.details = {}
                return True
            attempt = int(request.details.get("attempt", 0)) + 1
            request.details = {**request.details, "attempt": attempt, "until": (now + LEASE).isoformat()}
            link, profile = own_link(self.signer, request), profile_of(request.tenant_id)
            mail = request_mail(request, profile, address, language=language, answer=answer, link=link)
        outcome = send_one(self.messenger, mail)
        over = isinstance(outcome, Accepted | InDoubt | Failed) or attempt >= MAILS
        with self.database.write() as session:
            request = session.get_one(DataRequest, request_id, with_for_update=True)
            kept = {key: value for key, value in request.details.items() if key in ("issued", "by")}
            if over:
                request.details = kept if isinstance(outcome, Accepted | InDoubt) else {"undelivered": True}
            else:
                request.details = {key: value for key, value in request.details.items() if key != "until"}
        return over

    def tell_waiting(self) -> int:
        """Try again the mails that have not gone out; return how many still wait. For a task that runs now and then."""
        query = select(DataRequest.id).where(DataRequest.details["tell"].as_boolean().is_(True))
        with self.database.read() as session:
            waiting = list(session.scalars(query.order_by(DataRequest.id)))
        return sum(not self.tell(one) for one in waiting)

    def _object(self, session: Session, person: Person) -> None:
        """End profiling (Ps. 10): its two consents are withdrawn, which stops what waits of them."""
        now = self.clock()
        for contact_id in person.ids:
            lines = [ConsentEvent(purpose, ConsentState.WITHDRAWN, now, "", SOURCE) for purpose in PROFILING]
            record_consent(session, tenant_id=person.tenant_id, contact_id=contact_id, events=lines, now=now)

    def _recipient(self, session: Session, request: DataRequest) -> tuple[str, str, str]:
        """Return address, language and answer; the address is empty when there is none to write to."""
        details = request.details
        if sealed := details.get("address"):
            answer = self.sealer.open(SEAL_PURPOSE, details.get("answer", ""))
            return self.sealer.open(SEAL_PURPOSE, sealed), details["language"], answer
        contact = session.get(Contact, request.contact_id) if request.contact_id is not None else None
        if contact is None or contact.erased_at is not None:
            return "", SOURCE_LANGUAGE, ""
        person = find_person(session, request.tenant_id, contact.id)
        return person.address(ChannelName.EMAIL), contact.locale, request.answer

    def _close(
        self,
        session: Session,
        request: DataRequest,
        state: RequestState,
        user_id: int | None,
        answer: str,
        *,
        told: bool = False,
    ) -> None:
        request.state = change(TRANSITIONS, RequestState(request.state), state)
        request.done_at, request.handled_by = self.clock(), user_id
        request.answer = answer.strip()[:ANSWER_LENGTH]
        request.details = {} if told else {"tell": True}
        self._write(session, request, user_id, state)

    def _write(
        self,
        session: Session,
        request: DataRequest,
        user_id: int | None,
        act: str,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        self.audit(
            session,
            tenant_id=request.tenant_id,
            user_id=user_id,
            action=f"privacy.{act}",
            subject=f"data_request:{request.id}",
            now=self.clock(),
            details={"kind": str(request.kind), "contact": request.contact_id, **(more or {})},
        )

    def _write_contact(
        self, session: Session, person: Person, user_id: int | None, act: str, more: Mapping[str, Any] | None = None
    ) -> None:
        self.audit(
            session,
            tenant_id=person.tenant_id,
            user_id=user_id,
            action=f"privacy.{act}",
            subject=f"contact:{person.contact_id}",
            now=self.clock(),
            details=dict(more or {}),
        )
