"""Switch automations on and run them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.campaigns.automations import AUTOMATIONS, BY_CHOICE
from marketing.campaigns.automations.base import Asking, AutomationRule, Run, open_run
from marketing.campaigns.planner import Planner, add_links
from marketing.db.models import Automation, Campaign, User
from marketing.db.session import Database
from marketing.domain.campaign import CampaignState
from marketing.domain.types import EmailType, Role
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.queue import TaskQueue, lane_of
from marketing.tenants.profile import TenantProfile, profile_of

RULES = {**AUTOMATIONS, **BY_CHOICE}


def switch_on(session: Session, *, slug: str, approver: User, now: datetime) -> None:
    """Let an automation run from now on under this approver's name; NotAllowedError without the role."""
    require_role(approver, Role.APPROVER)
    if slug not in AUTOMATIONS:
        raise NotFoundError(_("Otomasi “{slug}” tidak dikenal.").format(slug=slug))
    standing = session.get(Automation, (approver.tenant_id, slug))
    if standing is not None and standing.enabled:
        return
    if standing is None:
        standing = Automation(tenant_id=approver.tenant_id, slug=slug)
        session.add(standing)
    standing.enabled, standing.approved_by, standing.approved_at = True, approver.id, now
    write_audit(
        session, tenant_id=approver.tenant_id, user_id=approver.id, action="automation.on", subject=slug, now=now
    )


@dataclass(frozen=True, slots=True)
class AutomationRunner:
    """Runs one automation of one tenant; running it again changes nothing."""

    database: Database
    queue: TaskQueue
    planner: Planner
    public_url: str
    signing_key: bytes = field(repr=False)
    clock: Callable[[], datetime]

    def run(self, tenant_id: str, slug: str) -> None:
        """Make the runs that are due and write rows for those they address."""
        rule, profile, now = RULES[slug], profile_of(tenant_id), self.clock()
        for run in rule.runs(profile, now):
            with self.database.write() as session:
                # locked: two workers at the first run would both make its campaign
                approval = session.get(Automation, (tenant_id, slug), with_for_update=True)
                if approval is None or not approval.enabled:
                    return
                campaign = open_run(session, rule, run, approval, now)
                if campaign.state is CampaignState.SENDING and (run.standing or campaign.planned_at is None):
                    self._plan(session, rule, run, campaign, profile=profile, now=now)

    def _plan(
        self,
        session: Session,
        rule: AutomationRule,
        run: Run,
        campaign: Campaign,
        *,
        profile: TenantProfile,
        now: datetime,
    ) -> None:
        asking = Asking(profile, now, self.signing_key)
        woken = rule.settle(session, run, asking)
        people = list(rule.addressees(session, run, asking))
        chosen = {choice["id"] for person in people for choice in person.context.get("products", ())}
        if rule.email_type is not EmailType.TRANSACTIONAL:
            add_links(session, campaign, self.public_url, chosen)
        self.planner.add(session, campaign, people)
        campaign.planned_at = now
        if people or woken:
            self.queue.enqueue(session, lane_of(rule.email_type), campaign_id=campaign.id)
