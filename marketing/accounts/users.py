"""People who log in: passwords by Argon2id, sessions whose secret only the browser holds, roles."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from marketing.db.models import AuditEntry, RoleGrant, User, WebSession
from marketing.domain.keyed_hash import HashPurpose, keyed_hash
from marketing.domain.types import Role
from marketing.errors import InvalidInputError, NotAllowedError
from marketing.i18n import gettext as _

SESSION_LENGTH = timedelta(hours=12)
MIN_PASSWORD = 12
_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Return what is checked when the e-mail address is unknown, so that the answer takes as long as for a known one.

    Made when it is first needed: hashing takes 64 MB, and most processes never look at a password.
    """
    return _hasher.hash(secrets.token_hex(16))


def create_user(
    session: Session, *, tenant_id: str, email: str, name: str, password: str, roles: Iterable[Role], now: datetime
) -> User:
    """Add a user; InvalidInputError when the password is too short or the address is taken."""
    address = email.strip().lower()
    if len(password) < MIN_PASSWORD:
        raise InvalidInputError(
            _("Kata sandi paling sedikit {number} huruf.").format(number=MIN_PASSWORD), field="password"
        )
    if session.scalar(select(func.count()).select_from(User).where(User.email == address)):
        raise InvalidInputError(_("Alamat surel ini sudah dipakai."), field="email")
    user = User(
        tenant_id=tenant_id,
        email=address,
        name=name,
        password_hash=_hasher.hash(password),
        is_active=True,
        created_at=now,
    )
    user.roles = [RoleGrant(role=role) for role in dict.fromkeys(roles)]
    session.add(user)
    session.flush()
    return user


def set_password(session: Session, user: User, password: str) -> None:
    """Replace the password and end every session of the user."""
    if len(password) < MIN_PASSWORD:
        raise InvalidInputError(
            _("Kata sandi paling sedikit {number} huruf.").format(number=MIN_PASSWORD), field="password"
        )
    user.password_hash = _hasher.hash(password)
    session.execute(delete(WebSession).where(WebSession.user_id == user.id))


def authenticate(session: Session, email: str, password: str) -> User | None:
    """Return the user when address and password fit, None otherwise; takes the same time either way."""
    user = session.scalars(select(User).where(User.email == email.strip().lower())).first()
    try:
        _hasher.verify(user.password_hash if user else _nobody(), password)
    except (VerificationError, InvalidHashError):
        return None
    return user if user is not None and user.is_active else None


def open_session(session: Session, user: User, *, key: bytes, now: datetime) -> str:
    """Start a log-in and return the secret for the cookie."""
    secret = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            token_hash=_token_hash(key, secret), user_id=user.id, created_at=now, expires_at=now + SESSION_LENGTH
        )
    )
    session.execute(delete(WebSession).where(WebSession.expires_at < now))
    return secret


def user_of_session(session: Session, secret: str, *, key: bytes, now: datetime) -> User | None:
    """Return the user of a standing log-in."""
    row = session.get(WebSession, _token_hash(key, secret))
    if row is None or row.expires_at <= now:
        return None
    user = session.get(User, row.user_id)
    return user if user is not None and user.is_active else None


def close_session(session: Session, secret: str, *, key: bytes) -> None:
    """End a log-in."""
    session.execute(delete(WebSession).where(WebSession.token_hash == _token_hash(key, secret)))


def signed_in_before(session: Session, user: User) -> bool:
    """Return whether the user has logged in before: the very first log-in is no news."""
    query = select(AuditEntry.id).where(
        AuditEntry.tenant_id == user.tenant_id, AuditEntry.user_id == user.id, AuditEntry.action == "login"
    )
    return session.scalars(query.limit(1)).first() is not None


def has_role(user: User, role: Role) -> bool:
    """Return whether the user holds the role."""
    return any(grant.role is role for grant in user.roles)


def require_role(user: User, *roles: Role) -> None:
    """Raise NotAllowedError unless the user holds one of the roles."""
    if not any(has_role(user, role) for role in roles):
        raise NotAllowedError(_("Peran Anda tidak mencakup tindakan ini."))


def _token_hash(key: bytes, secret: str) -> str:
    return keyed_hash(key, HashPurpose.SESSION, "", secret)
