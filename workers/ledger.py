"""Look after the ledger of consent."""

from marketing.contacts.consent_checking import check_ledger
from marketing.observability import get_logger
from marketing.queue import TaskName
from workers.app import app, task

log = get_logger(__name__)


@task(TaskName.CHECK_LEDGER)
def check(tenant_id: str) -> None:
    """Prove that nobody touched a Daerah's ledger, and leave an anchor."""
    found = check_ledger(app().database, tenant_id, app().clock())
    if not found.intact:
        log.error(
            "the ledger of consent was changed behind its back; run `siar consent verify`",
            tenant=tenant_id,
            audit_entry=found.bad_entry,
            line=found.proof.fault.line_id if found.proof.fault else None,
        )
