"""A person's own door to their data: a fresh link goes to their address, and whoever opens it there needs no staff.

The link of the preference centre stands in every mail, is good for years and may have been forwarded: it only asks. The
fresh one proves who reads the mailbox now; with it the copy is taken and the erasure confirmed at once (UU 27/2022 Ps. 7,
8, 13, 32, 43). What holds an erasure stays with the staff and their 72 hours.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from marketing.contacts.holds import holds
from marketing.contacts.personal_data import Person, find_person, requests_of
from marketing.contacts.privacy_service import OWNER, Privacy, ask
from marketing.db.models import DataRequest
from marketing.domain.data_rights import COPIES, OPEN, TRANSITIONS, RequestState, RightKind
from marketing.domain.links import LinkPurpose, LinkSigner
from marketing.domain.transitions import change
from marketing.errors import NotAllowedError, NotFoundError
from marketing.i18n import gettext as _

VALID_FOR: Final = timedelta(hours=24)
SOURCE: Final = "tautan"


class Standing(StrEnum):
    """What a genuine link still opens."""

    COPY = "copy"
    ERASE = "erase"
    HELD = "held"
    ERASED = "erased"
    REFUSED = "refused"
    LATE = "late"


DOWNLOADS: Final = frozenset({Standing.COPY, Standing.ERASE, Standing.HELD})


@dataclass(frozen=True, slots=True)
class Door:
    """Where a link leads: the request, the person while there is one, and what speaks against an erasure at once."""

    standing: Standing
    request: DataRequest
    person: Person | None = None
    holds: tuple[str, ...] = ()

    @property
    def until(self) -> datetime:
        """By when the staff decide what the person cannot do alone."""
        return self.request.due_at


def find_door(session: Session, signer: LinkSigner, token: str, now: datetime) -> Door | None:
    """Return where a link leads; None for one that is not genuine or belongs to nothing."""
    ids = signer.read(LinkPurpose.OWN_DATA, token)
    request = session.get(DataRequest, ids[0]) if ids is not None and len(ids) == 2 else None  # noqa: PLR2004  request, moment
    if ids is None or request is None or request.contact_id is None:
        return None
    kind = RightKind(request.kind)
    try:
        person = find_person(session, request.tenant_id, request.contact_id)
    except NotFoundError:
        return Door(Standing.ERASED, request)
    if request.state == RequestState.REFUSED:
        return Door(Standing.REFUSED, request, person)
    if now >= datetime.fromtimestamp(ids[1], UTC) + VALID_FOR:
        return Door(Standing.LATE, request, person)
    if kind in COPIES:
        return Door(Standing.COPY, request, person)
    held = holds(session, person, now)
    return Door(Standing.HELD if held else Standing.ERASE, request, person, held)


@dataclass(frozen=True, slots=True)
class OwnData:
    """What the person does behind the door; each act looks at the link again, within its transaction."""

    privacy: Privacy

    def take_copy(self, token: str, shape: str) -> Person:
        """Note that the person takes their copy and return who it is; an open request for one is answered by it.

        NotFoundError for a link that is not genuine, NotAllowedError for one that opens no copy (any more).
        """
        privacy, now = self.privacy, self.privacy.clock()
        with privacy.database.write() as session:
            door = self._open(session, token, now)
            if door.standing not in DOWNLOADS or door.person is None:
                raise NotAllowedError(_("Tautan ini sudah tidak membuka salinan data."))
            person = find_person(session, door.person.tenant_id, door.person.contact_id, locked=True)
            mine = requests_of(person).where(DataRequest.state.in_(OPEN), DataRequest.kind.in_(COPIES))
            for request in session.scalars(mine):
                request.state = change(TRANSITIONS, RequestState(request.state), RequestState.DONE)
                request.done_at, request.details = now, {"by": OWNER}
            privacy.audit(
                session,
                tenant_id=person.tenant_id,
                user_id=None,
                action="privacy.packed",
                subject=f"data_request:{door.request.id}",
                now=now,
                details={"contact": person.contact_id, "shape": shape, "by": OWNER},
            )
            return person

    def erase(self, token: str) -> None:
        """Erase the person who holds the link, at once and for good; again changes nothing.

        NotFoundError for a link that is not genuine, NotAllowedError when it is too old, for a copy, or something holds.
        """
        with self.privacy.database.read() as session:
            door = self._open(session, token, self.privacy.clock())
        if door.standing is Standing.ERASED:
            return
        if door.standing is not Standing.ERASE or door.person is None:
            raise NotAllowedError(" ".join(door.holds) or _("Tautan ini tidak menghapus data. Mintalah tautan baru."))
        self.privacy.erase(door.person.tenant_id, door.person.contact_id, None, own=True)

    def ask_again(self, session: Session, token: str) -> None:
        """Have a new link mailed to the address on file, in place of one that is too old; the caller owns the transaction."""
        door = self._open(session, token, self.privacy.clock())
        if door.standing is Standing.LATE and door.person is not None:
            ask(
                session,
                self.privacy.audit,
                tenant_id=door.person.tenant_id,
                contact_id=door.person.contact_id,
                kind=RightKind(door.request.kind),
                source=SOURCE,
                now=self.privacy.clock(),
                link=True,
            )

    def _open(self, session: Session, token: str, now: datetime) -> Door:
        door = find_door(session, self.privacy.signer, token, now)
        if door is None:
            raise NotFoundError(_("Tautan ini tidak dikenal. Mungkin terpotong saat disalin."))
        return door
