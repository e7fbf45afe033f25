"""Prove that nobody touched the ledger: every seal follows the one before, and what is in force is its fold.

A chain alone does not miss its last lines. So a run that finds all well leaves an anchor in the audit log (how many lines,
the last one and its seal), and every later run asks that the ledger still passes through all anchors.
"""

from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, String, exists, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from marketing.db.models import AuditEntry, ConsentNow, ConsentRecord, Contact
from marketing.domain.consent import (
    DECISION_ONLY,
    WHOLE_LINE,
    ConsentEvent,
    ConsentState,
    LedgerLine,
    seal,
    seal_line,
)
from marketing.domain.types import Purpose
from marketing.i18n import gettext as _

ANCHORED: Final = "consent.anchored"
_AT_ONCE: Final = 2_000  # lines in memory
_Read = tuple[int, Row[Any] | None]
_Anchor = tuple[int, int, str]


class FaultKind(StrEnum):
    """What does not fit."""

    LINE = "line"
    MISSING = "missing"
    FOLD = "fold"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first line that does not fit."""

    kind: FaultKind
    line_id: int

    @property
    def sentence(self) -> str:
        """What was found, for people."""
        return {
            FaultKind.LINE: _(
                "Baris {id} tidak cocok dengan segelnya: baris itu diubah atau disisipkan, atau baris sebelumnya dihapus."
            ),
            FaultKind.MISSING: _("Baris {id} pernah ada menurut catatan audit, dan sekarang hilang atau diganti."),
            FaultKind.FOLD: _("Persetujuan yang berlaku tidak sama dengan buku besar pada baris {id}."),
        }[self.kind].format(id=self.line_id)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a walk over the ledger of one Daerah found; `seal` is that of the last line that fits."""

    lines: int
    last_id: int
    seal: str
    fault: Fault | None

    def anchor(self) -> dict[str, Any]:
        """Return what the audit log keeps of this run."""
        return {"lines": self.lines, "last": self.last_id, "seal": self.seal}


def prove(session: Session, tenant_id: str) -> Proof:
    """Walk the whole ledger of a Daerah, oldest line first, in constant memory; stops at the first fault."""
    with closing(_lines(session, tenant_id)) as lines:  # a cursor left halfway would stay open
        proof = _walk(lines, _anchors(session, tenant_id), tenant_id)
    if proof.fault is None and (unfolded := _unfolded(session, tenant_id)) is not None:
        return replace(proof, fault=Fault(FaultKind.FOLD, unfolded))
    return proof


def _walk(lines: Iterable[_Read], anchors: list[_Anchor], tenant_id: str) -> Proof:
    number, last_id, previous, form = 0, 0, "", DECISION_ONLY
    for line_id, line in lines:
        if anchors and line_id > anchors[0][0]:
            return Proof(number, last_id, previous, Fault(FaultKind.MISSING, anchors[0][0]))
        # Newer lines never went back to the form that seals less.
        if line is None or line.seal_form < form or line.seal != _expected(previous, tenant_id, line):
            return Proof(number, last_id, previous, Fault(FaultKind.LINE, line_id))
        number, last_id, previous, form = number + 1, line_id, line.seal, line.seal_form
        while anchors and anchors[0][0] == line_id:
            if anchors.pop(0)[1:] != (number, previous):
                return Proof(number, last_id, previous, Fault(FaultKind.MISSING, line_id))
    fault = Fault(FaultKind.MISSING, anchors[0][0]) if anchors else None
    return Proof(number, last_id, previous, fault)


def verify_ledger(session: Session, tenant_id: str) -> int | None:
    """Return the id of the first line that does not fit, None when all fit."""
    fault = prove(session, tenant_id).fault
    return fault.line_id if fault else None


def is_anchored(session: Session, tenant_id: str, proof: Proof) -> bool:
    """Return whether the audit log holds this state of the ledger already; an empty ledger needs no anchor."""
    anchors = _anchors(session, tenant_id)
    return proof.lines == 0 or bool(anchors and anchors[-1][0] == proof.last_id)


def _anchors(session: Session, tenant_id: str) -> list[_Anchor]:
    """Return the anchors, oldest first, as (last line, number of lines, its seal)."""
    query = select(AuditEntry.details).where(AuditEntry.tenant_id == tenant_id, AuditEntry.action == ANCHORED)
    found = session.scalars(query.order_by(AuditEntry.number))
    return sorted((kept["last"], kept["lines"], kept["seal"]) for kept in found)


def _lines(session: Session, tenant_id: str) -> Generator[_Read]:
    """Yield every line with its id, None in place of one that cannot even be read."""
    texts = (type_coerce(column, String).label(column.key) for column in (ConsentRecord.purpose, ConsentRecord.state))
    columns = [column for column in ConsentRecord.__table__.c if column.name not in ("purpose", "state")]
    query = select(*columns, *texts).where(ConsentRecord.tenant_id == tenant_id).order_by(ConsentRecord.id)
    last_id = 0
    try:
        with session.execute(query.execution_options(yield_per=_AT_ONCE)) as rows:
            for row in rows:
                yield row.id, row
                last_id = row.id
    except (ValueError, TypeError):
        following = select(func.min(ConsentRecord.id)).where(ConsentRecord.tenant_id == tenant_id)
        yield session.scalar(following.where(ConsentRecord.id > last_id)) or last_id, None


def _expected(previous: str, tenant_id: str, row: Row[Any]) -> str | None:
    """Return the seal that this row should bear, None when its words are none of ours."""
    try:
        event = ConsentEvent(
            purpose=Purpose(row.purpose),
            state=ConsentState(row.state),
            at=row.at,
            wording_version=row.wording_version,
            source=row.source,
            channel=row.channel,
            language=row.language,
            wording_hash=row.wording_hash,
        )
    except ValueError:
        return None
    if row.seal_form == WHOLE_LINE:
        line = LedgerLine(row.contact_id, event, row.evidence, row.recorded_by)
        return seal_line(previous, line, tenant_id=tenant_id, recorded_at=row.recorded_at)
    return seal(previous, contact=str(row.contact_id), event=event)


def _unfolded(session: Session, tenant_id: str) -> int | None:
    """Return a line that is in force though it is not the last of its person and purpose, or the other way round."""
    line, later = aliased(ConsentRecord), aliased(ConsentRecord)
    same = (later.contact_id == ConsentNow.contact_id, later.purpose == ConsentNow.purpose)
    wrong = (
        select(ConsentNow.event_id)
        .outerjoin(line, line.id == ConsentNow.event_id)
        .where(
            ConsentNow.tenant_id == tenant_id,
            or_(
                line.id.is_(None),
                line.tenant_id != ConsentNow.tenant_id,
                line.contact_id != ConsentNow.contact_id,
                line.purpose != ConsentNow.purpose,
                line.state != ConsentNow.state,
                line.at != ConsentNow.at,
                exists().where(*same, later.id > ConsentNow.event_id),
            ),
        )
    )
    # Who was erased or merged away may have lost the fold, never the lines.
    missing = (
        select(ConsentRecord.id)
        .join(Contact, Contact.id == ConsentRecord.contact_id)
        .where(
            ConsentRecord.tenant_id == tenant_id,
            Contact.erased_at.is_(None),
            Contact.merged_into.is_(None),
            ~exists().where(
                ConsentNow.contact_id == ConsentRecord.contact_id, ConsentNow.purpose == ConsentRecord.purpose
            ),
        )
    )
    found = session.scalar(wrong.limit(1))
    return found if found is not None else session.scalar(missing.limit(1))
