"""Keys of other programs (the official site, a shop's backend): made, listed, revoked, and known again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.db.models import ApiKey
from marketing.domain.api_key import KeyScope, NewKey, fits, may_stand_together, new_key, prefix_of
from marketing.domain.calendar_id import local_date
from marketing.domain.text import one_line
from marketing.domain.types import Role
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _
from marketing.tenants.profile import profile_of

ADMINISTRATORS: Final = (Role.OPERATOR, Role.MANAGING_TEAM)
NAME_LENGTH: Final = 80
_NOBODY: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Caller:
    """A program whose key stands."""

    key_id: int
    tenant_id: str
    prefix: str
    name: str
    scopes: frozenset[KeyScope]


def add(
    session: Session, *, tenant_id: str, name: str, scopes: Collection[KeyScope], user_id: int | None, now: datetime
) -> NewKey:
    """Make a key; the caller shows it once and forgets it. InvalidInputError, with its field, for a missing name or scope."""
    said, wanted = one_line(name), [scope for scope in KeyScope if scope in scopes]
    if not said or len(said) > NAME_LENGTH:
        raise InvalidInputError(_("Beri nama program yang memakai kunci ini, paling panjang 80 huruf."), field="nama")
    if not may_stand_together(wanted):
        raise InvalidInputError(
            _("Pilih paling sedikit satu izin. Izin “vouch” hanya berlaku bersama “consents”."), field="izin"
        )
    key = new_key()
    row = ApiKey(
        tenant_id=tenant_id,
        name=said,
        prefix=key.prefix,
        hash=key.hash,
        scopes=[str(scope) for scope in wanted],
        created_by=user_id,
        created_at=now,
    )
    session.add(row)
    _audit(session, row, "api_key.added", user_id=user_id, now=now, scopes=wanted)
    return key


def keys_of(session: Session, tenant_id: str) -> Sequence[ApiKey]:
    """Return every key of a Daerah, the standing ones first, the newest before the older."""
    query = select(ApiKey).where(ApiKey.tenant_id == tenant_id).order_by(ApiKey.id.desc())
    return sorted(session.scalars(query), key=lambda row: row.revoked_at is not None)


def revoke(session: Session, *, tenant_id: str, prefix: str, user_id: int | None, now: datetime) -> None:
    """Let a key open nothing any more, at once; a second time changes nothing. NotFoundError for another Daerah's."""
    query = select(ApiKey).where(ApiKey.tenant_id == tenant_id, ApiKey.prefix == prefix).with_for_update()
    row = session.scalars(query).first()
    if row is None:
        raise NotFoundError(_("Tidak ada kunci dengan awalan ini. Lihat daftarnya."))
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = now, user_id
        _audit(session, row, "api_key.revoked", user_id=user_id, now=now)


def caller_of(session: Session, given: str) -> Caller | None:
    """Return whose key this is, None for one that is unknown or revoked; takes as long either way."""
    prefix = prefix_of(given)
    row = session.scalars(select(ApiKey).where(ApiKey.prefix == prefix)).first()
    if not fits(given, row.hash if row else _NOBODY) or row is None or row.revoked_at is not None:
        return None
    known = frozenset(scope for scope in KeyScope if scope in row.scopes)
    return Caller(row.id, row.tenant_id, row.prefix, row.name, known)


def note_use(session: Session, caller: Caller, now: datetime) -> None:
    """Keep the local day of the last use; the hour would say more about shoppers than anybody needs."""
    row = session.get_one(ApiKey, caller.key_id)
    today = local_date(now, profile_of(caller.tenant_id).tz)
    if row.last_used_on != today:
        row.last_used_on = today


def _audit(
    session: Session, row: ApiKey, action: str, *, user_id: int | None, now: datetime, scopes: Sequence[KeyScope] = ()
) -> None:
    write_audit(
        session,
        tenant_id=row.tenant_id,
        user_id=user_id,
        action=action,
        subject=f"api_key:{row.prefix}",
        now=now,
        details={"scopes": [str(scope) for scope in scopes]} if scopes else {},
    )
