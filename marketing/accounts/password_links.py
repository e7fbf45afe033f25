"""Links by which a person sets a password: signed, short-lived, and good for one use.

The link carries the user, the hour until which it holds and a stamp of the password in force; the MAC covers all three.
Once the password is another (by this link or otherwise) the stamp fits no more, so nothing has to be kept or deleted.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from marketing.db.models import User
from marketing.domain.keyed_hash import HashPurpose, keyed_hash
from marketing.domain.links import LinkPurpose, LinkSigner

RESET_VALID: Final = timedelta(minutes=30)
INVITE_VALID: Final = timedelta(hours=72)
DEVICES: Final = 5
_STAMP_DIGITS: Final = 12
_IDS: Final = 3


@dataclass(frozen=True, slots=True)
class PasswordLinks:
    """Makes and reads these links."""

    signer: LinkSigner
    key: bytes = field(repr=False)

    def url(self, user: User, until: int) -> str:
        """Return the link; `until` is in seconds since 1970."""
        return self.signer.url(LinkPurpose.PASSWORD, user.id, until, self.stamp(user))

    def user_of(self, session: Session, token: str, now: datetime, *, lock: bool = False) -> User | None:
        """Return whose password a link may set; None for every other link, without saying why."""
        ids = self.signer.read(LinkPurpose.PASSWORD, token)
        if ids is None or len(ids) != _IDS:
            return None
        user_id, until, stamp = ids
        if user_id >= 2**63 or until <= now.timestamp():
            return None
        user = session.get(User, user_id, with_for_update=lock)
        return user if user is not None and user.is_active and stamp == self.stamp(user) else None

    def stamp(self, user: User) -> int:
        """Return what names the password in force; keyed, so that it tells nothing of the hash."""
        told = keyed_hash(
            self.key, HashPurpose.PASSWORD, user.tenant_id, f"{user.id}|{user.email}|{user.password_hash}"
        )
        return int(told[:_STAMP_DIGITS], 16)


def device_mark(key: bytes, user: User) -> str:
    """Return what a browser keeps to be known again as this user's; it opens nothing."""
    return keyed_hash(key, HashPurpose.DEVICE, user.tenant_id, str(user.id))[:32]


def with_device(key: bytes, kept: str, user: User) -> tuple[bool, str]:
    """Return whether the browser is known as this user's, and what it keeps from now on: the last few users."""
    marks: Sequence[str] = [mark for mark in kept.split(".") if mark.isalnum() and mark.isascii()][:DEVICES]
    mine = device_mark(key, user)
    known = any(hmac.compare_digest(mark, mine) for mark in marks)
    return known, ".".join([mine, *(mark for mark in marks if mark != mine)][:DEVICES])


def until_of(now: datetime, length: timedelta) -> int:
    """Return the end of a link's life in seconds since 1970."""
    return int((now + length).timestamp())


def moment_of(until: int) -> datetime:
    """Return it as a moment."""
    return datetime.fromtimestamp(until, UTC)
