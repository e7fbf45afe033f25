"""The sources of a tenant as they are kept: how to open them again, what they asked us to remember, when they are due."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog_sync.diff import FORM
from catalog_sync.service import SyncResult
from catalog_sync.sources.base import SourceFormat
from marketing.db.models import CatalogSource
from marketing.domain.sealing import Sealer
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _

PURPOSE: Final = "catalog-source"
FULL_EVERY: Final = timedelta(hours=24)
OVERLAP: Final = timedelta(minutes=10)  # a record stamped just before the last pull may have become visible after it
CONDITIONAL: Final = frozenset({SourceFormat.CONTRACT, SourceFormat.MERCHANT_FEED})
"""Formats whose memory spares us pages that did not change; records that were set aside must be looked at again."""


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One source, ready to be opened; `minutes` is how often it is pulled by itself, None for never.

    `outside_only`: entered on a page; it may never lie in a private network, whatever its name resolves to later.
    """

    name: str
    format: SourceFormat
    location: str
    token: str = field(default="", repr=False)
    mapping: Mapping[str, Any] = field(default_factory=dict)
    minutes: int | None = None
    outside_only: bool = False


def keep(session: Session, tenant_id: str, spec: SourceSpec, sealer: Sealer, now: datetime) -> CatalogSource:
    """Write a source or what changed about it; another format or address forgets what the old one had told."""
    row = session.get(CatalogSource, (tenant_id, spec.name))
    if row is None:
        row = CatalogSource(
            tenant_id=tenant_id, name=spec.name, memory={}, mapping={}, created_at=now, sealed_access=""
        )
        session.add(row)
    elif access(row, sealer)["location"] != spec.location or row.format != spec.format:
        row.memory, row.newest, row.full_at = {}, None, None
    row.format, row.location, row.mapping, row.minutes = (
        spec.format,
        shown(spec.location),
        dict(spec.mapping),
        spec.minutes,
    )
    row.sealed_access = sealer.seal(
        PURPOSE, json.dumps({"location": spec.location, "token": spec.token, "outside_only": spec.outside_only})
    )
    session.flush()
    return row


def load(session: Session, tenant_id: str, name: str, sealer: Sealer) -> SourceSpec | None:
    """Return a kept source, or None when there is none of this name."""
    row = session.get(CatalogSource, (tenant_id, name))
    if row is None:
        return None
    opened = access(row, sealer)
    return SourceSpec(
        row.name,
        SourceFormat(row.format),
        opened["location"],
        opened["token"],
        row.mapping,
        row.minutes,
        opened["outside_only"],
    )


def access(row: CatalogSource, sealer: Sealer) -> dict[str, Any]:
    """Return `location`, `token` and `outside_only` of a kept source."""
    opened = json.loads(sealer.open(PURPOSE, row.sealed_access) or '{"location": "", "token": ""}')
    return {
        "location": str(opened["location"]),
        "token": str(opened["token"]),
        "outside_only": opened.get("outside_only") is True,
    }


def kept(session: Session, tenant_id: str) -> list[CatalogSource]:
    """Return the tenant's sources by name."""
    query = select(CatalogSource).where(CatalogSource.tenant_id == tenant_id)
    return list(session.scalars(query.order_by(CatalogSource.name)))


def forget(session: Session, tenant_id: str, name: str) -> None:
    """Remove a source; its products stay as they are until another source brings them anew. NotFoundError otherwise."""
    row = session.get(CatalogSource, (tenant_id, name))
    if row is None:
        raise NotFoundError(_("Tidak ada sumber katalog bernama “{name}”.").format(name=name))
    session.delete(row)


def take_due(session: Session, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield (tenant, source) of all that are due, and set when each is due again, so that none is asked for twice."""
    due = or_(CatalogSource.not_before.is_(None), CatalogSource.not_before <= now)
    query = select(CatalogSource).where(CatalogSource.minutes.is_not(None), due)
    for row in session.scalars(query.with_for_update(skip_locked=True)):
        row.not_before = now + timedelta(minutes=row.minutes or 0)
        yield row.tenant_id, row.name


def memory_of(row: CatalogSource) -> Mapping[str, Any]:
    """Return what the source asked us to remember, unless records are read differently since then."""
    found: Mapping[str, Any] = row.memory.get("source", {}) if row.memory.get("form") == FORM.decode() else {}
    return found


def since_of(row: CatalogSource, now: datetime) -> datetime | None:
    """Return from when on changes are enough; None while a whole pull is due."""
    if row.newest is None or row.full_at is None or now - row.full_at >= FULL_EVERY:
        return None
    return row.newest - OVERLAP


def settle(row: CatalogSource, memory: Mapping[str, Any], result: SyncResult, now: datetime) -> None:
    """Keep what a finished pull leaves for the next one."""
    if not (result.set_aside and row.format in CONDITIONAL):
        row.memory = {"form": FORM.decode(), "source": dict(memory)}
    else:
        row.memory = {}
    if result.newest is not None:
        row.newest = max(row.newest or result.newest, result.newest)
    if result.complete:
        row.full_at = now


def shown(location: str) -> str:
    """Return an address without what may be secret in it: user, password and query."""
    if "://" not in location:
        return location
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
