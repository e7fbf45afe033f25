"""The daily look at the ledger of consent: that nobody touched it, and an anchor of what was found in the audit log.

Without anchors whoever can write to the database could cut off the last lines unseen; with them the next run misses every
line that is gone by then.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketing.accounts.audit import verify_audit, write_audit
from marketing.contacts.consent_proof import ANCHORED, Proof, is_anchored, prove
from marketing.db.session import Database

BROKEN: Final = "consent.broken"


@dataclass(frozen=True, slots=True)
class Checked:
    """What stands of one Daerah's ledger; `bad_entry` is the number of the first audit entry that does not fit."""

    tenant_id: str
    proof: Proof
    bad_entry: int | None

    @property
    def intact(self) -> bool:
        """Whether neither the ledger nor the audit log was touched."""
        return self.proof.fault is None and self.bad_entry is None


def check_ledger(database: Database, tenant_id: str, now: datetime) -> Checked:
    """Walk a Daerah's ledger and its audit log; anchor what stands untouched, write down what does not."""
    with database.read() as session:
        found = Checked(tenant_id, prove(session, tenant_id), verify_audit(session, tenant_id))
    with database.write() as session:
        if found.intact and not is_anchored(session, tenant_id, found.proof):
            write_audit(
                session,
                tenant_id=tenant_id,
                user_id=None,
                action=ANCHORED,
                subject="consent_event",
                now=now,
                details=found.proof.anchor(),
            )
        elif (fault := found.proof.fault) is not None:
            write_audit(
                session,
                tenant_id=tenant_id,
                user_id=None,
                action=BROKEN,
                subject="consent_event",
                now=now,
                details={"line": fault.line_id, "kind": fault.kind.value},
            )
    return found
