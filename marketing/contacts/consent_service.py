"""Write the consent ledger: the lines, their seals and the fold in one transaction, one line or a hundred thousand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from marketing.contacts.stopping import stop_messages
from marketing.contacts.wordings import keep_shown
from marketing.db.bulk import among, insert_rows, insert_where_free, next_ids
from marketing.db.insert import engine_insert
from marketing.db.models import ConsentNow, ConsentRecord, Tenant
from marketing.domain.consent import (
    NO,
    WHOLE_LINE,
    ConsentEvent,
    LedgerLine,
    Refused,
    admit_line,
    channel_of,
    seal_line,
)
from marketing.domain.consent_evidence import plain
from marketing.domain.permission import SkipReason
from marketing.domain.text import one_line
from marketing.domain.types import Purpose

PART: Final = 2_000  # lines written by one statement; more would need more memory, not less time
_Fold = dict[tuple[int, Purpose], ConsentEvent]


def record_consent(
    session: Session,
    *,
    tenant_id: str,
    contact_id: int,
    events: Iterable[ConsentEvent],
    now: datetime,
    evidence: Mapping[str, Any] | None = None,
    recorded_by: int | None = None,
    stopped_as: SkipReason = SkipReason.WITHDRAWN,
) -> list[Refused]:
    """Append each line that the rule of the ledger lets in, in order, and keep the fold in step; returns the refusals.

    What waits on a purpose that the person now says no to is skipped as `stopped_as`. The caller owns the transaction, so
    that a withdrawal takes effect together with whatever caused it.
    """
    lines = [LedgerLine(contact_id, event, evidence or {}, recorded_by) for event in events]
    return list(record_consents(session, tenant_id, lines, now, stopped_as=stopped_as).values())


def record_consents(
    session: Session,
    tenant_id: str,
    lines: Iterable[LedgerLine],
    now: datetime,
    *,
    stopped_as: SkipReason = SkipReason.WITHDRAWN,
) -> dict[int, Refused]:
    """Append many lines as if one after the other; return the refused ones by their place among `lines`, from 0.

    The lines are sealed and folded exactly as by `record_consent`, and a no stops what waits in the same transaction: this
    is the one place that writes the ledger, so no writer can forget it (UU 27/2022 Ps. 40). Other writers of the Daerah's
    ledger wait until the caller's transaction ends: commit after some ten thousand lines.
    """
    refused: dict[int, Refused] = {}
    rest, place, previous = iter(lines), 0, None
    hashes: dict[tuple[str, Purpose, str], str] = {}
    while part := list(islice(rest, PART)):
        if previous is None:
            # One after the other in a Daerah, so that each seal follows the one before; rows that point to the tenant need not wait.
            session.get(Tenant, tenant_id, with_for_update={"key_share": True})
            previous = _last_seal(session, tenant_id)
        fold = _standing(session, {line.contact_id for line in part})
        standing = frozenset(fold)
        rows: list[dict[str, Any]] = []
        for line in part:
            whole = _whole(session, tenant_id, line, hashes)
            key = (line.contact_id, line.event.purpose)
            verdict = admit_line(whole, fold.get(key), now)
            if isinstance(verdict, Refused):
                refused[place] = verdict
            else:
                previous = seal_line(previous, whole, tenant_id=tenant_id, recorded_at=now)
                fold[key] = whole.event
                rows.append(_row(tenant_id, whole, now, previous))
            place += 1
        _write(session, rows, standing)
        _stop(
            session, tenant_id, {(row["contact_id"], row["purpose"]) for row in rows}, fold, now=now, reason=stopped_as
        )
    return refused


def history(session: Session, *, tenant_id: str, contact_id: int) -> list[ConsentRecord]:
    """Return the ledger lines of one contact, oldest first."""
    # By the contact alone: asked for the tenant or the order too, SQLite walks over the whole ledger of the Daerah instead.
    found = session.scalars(select(ConsentRecord).where(ConsentRecord.contact_id == contact_id))
    return sorted((line for line in found if line.tenant_id == tenant_id), key=lambda line: line.id)


def _whole(
    session: Session, tenant_id: str, line: LedgerLine, hashes: dict[tuple[str, Purpose, str], str]
) -> LedgerLine:
    """Return the line as it will be kept: texts on one line, the channel named, the hash of the text that was shown."""
    event = line.event
    version, language, shown = one_line(event.wording_version), one_line(event.language), event.wording_hash
    if version and language and not shown and not event.imported:
        key = (version, event.purpose, language)
        if key not in hashes:
            hashes[key] = keep_shown(session, tenant_id, version=version, purpose=event.purpose, language=language)
        shown = hashes[key]
    shown, source = one_line(shown), one_line(event.source)
    channel = one_line(event.channel) or channel_of(event.purpose)
    kept = (version, language, shown, source, channel)
    if kept != (event.wording_version, event.language, event.wording_hash, event.source, event.channel):
        event = replace(
            event, wording_version=version, language=language, wording_hash=shown, source=source, channel=channel
        )
    return LedgerLine(line.contact_id, event, plain(line.evidence), line.recorded_by)


def _row(tenant_id: str, line: LedgerLine, now: datetime, seal: str) -> dict[str, Any]:
    event = line.event
    return {
        "tenant_id": tenant_id,
        "contact_id": line.contact_id,
        "purpose": event.purpose,
        "state": event.state,
        "at": event.at,
        "recorded_at": now,
        "wording_version": event.wording_version,
        "source": event.source,
        "evidence": line.evidence,
        "channel": event.channel,
        "language": event.language,
        "wording_hash": event.wording_hash,
        "recorded_by": line.recorded_by,
        "seal": seal,
        "seal_form": WHOLE_LINE,
    }


def _write(session: Session, rows: Sequence[dict[str, Any]], standing: AbstractSet[tuple[int, Purpose]]) -> None:
    """Insert the lines under ids that rise with them, and let the fold follow the last line per person and purpose.

    `standing` are the persons and purposes of which something is in force already.
    """
    if not rows:
        return
    for row_id, row in zip(next_ids(session, ConsentRecord, len(rows)), rows, strict=True):
        row["id"] = row_id
    insert_rows(session, ConsentRecord, rows)
    last = {(row["contact_id"], row["purpose"]): row for row in rows}
    names = ("contact_id", "purpose", "tenant_id", "state", "at")
    folded = [{**{name: row[name] for name in names}, "event_id": row["id"]} for row in last.values()]
    first = [row for row in folded if (row["contact_id"], row["purpose"]) not in standing]
    if not insert_where_free(session, ConsentNow, first) or len(first) < len(folded):
        upsert = engine_insert(session, ConsentNow)
        follow = {name: upsert.excluded[name] for name in ("state", "at", "event_id")}
        session.execute(upsert.on_conflict_do_update(index_elements=["contact_id", "purpose"], set_=follow), folded)
    for key in last:  # what this session read of them before is of yesterday
        if (stale := session.identity_map.get(identity_key(ConsentNow, key))) is not None:
            session.expire(stale)


def _stop(
    session: Session,
    tenant_id: str,
    written: Iterable[tuple[int, Purpose]],
    fold: _Fold,
    *,
    now: datetime,
    reason: SkipReason,
) -> None:
    """Let what waits on a purpose that was just said no to go no further; people who left the same go together."""
    left: dict[int, set[Purpose]] = {}
    for key in written:
        if fold[key].state in NO:
            left.setdefault(key[0], set()).add(key[1])
    alike: dict[frozenset[Purpose], list[int]] = {}
    for contact_id, purposes in left.items():
        alike.setdefault(frozenset(purposes), []).append(contact_id)
    for same, contact_ids in sorted(alike.items(), key=lambda item: min(item[1])):
        stop_messages(session, tenant_id=tenant_id, contact_ids=contact_ids, purposes=same, now=now, reason=reason)


def _standing(session: Session, contact_ids: Collection[int]) -> _Fold:
    query = select(ConsentNow.contact_id, ConsentNow.purpose, ConsentNow.state, ConsentNow.at)
    rows = session.execute(query.where(among(session, ConsentNow.contact_id, contact_ids)))
    return {(contact, purpose): ConsentEvent(purpose, state, at, "", "") for contact, purpose, state, at in rows}


def _last_seal(session: Session, tenant_id: str) -> str:
    query = (
        select(ConsentRecord.seal)
        .where(ConsentRecord.tenant_id == tenant_id)
        .order_by(ConsentRecord.id.desc())
        .limit(1)
    )
    return session.scalar(query) or ""
