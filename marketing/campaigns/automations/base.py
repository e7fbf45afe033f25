"""Campaigns started by an event or a calendar, under the standing approval of a named approver."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.campaigns.planner import Addressee
from marketing.db.models import Approval, Automation, Campaign, CampaignVersion
from marketing.domain.campaign import NEWEST_TEMPLATE, CampaignContent, CampaignState
from marketing.domain.public_task import purpose_of
from marketing.domain.types import EmailType
from marketing.tenants.profile import TenantProfile


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an automation: the slug makes sure that it exists once, and `standing` ones never end."""

    slug: str
    name: str
    content: CampaignContent
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """For whom and when a rule is asked; the key finds an address again by its hash."""

    profile: TenantProfile
    now: datetime
    signing_key: bytes = field(repr=False)


class AutomationRule(Protocol):
    """What an automation must say."""

    slug: str
    email_type: EmailType

    def runs(self, profile: TenantProfile, now: datetime) -> Iterable[Run]:
        """Return the runs that should exist now."""
        ...

    def settle(self, session: Session, run: Run, asking: Asking) -> bool:
        """Put right what an earlier turn of the run left waiting; return whether something may go now."""
        ...

    def addressees(self, session: Session, run: Run, asking: Asking) -> Iterable[Addressee]:
        """Return whom a run addresses now."""
        ...


def find_run(session: Session, tenant_id: str, slug: str) -> Campaign | None:
    """Return the campaign of a run, locked for the transaction."""
    return session.scalars(
        select(Campaign).where(Campaign.tenant_id == tenant_id, Campaign.slug == slug).with_for_update(key_share=True)
    ).first()


def open_run(
    session: Session, rule: AutomationRule, run: Run, standing_approval: Automation, now: datetime
) -> Campaign:
    """Return the campaign of a run, making it on first sight.

    A run begins as `sending`: its words and rule were approved when the automation was switched on, and the approval
    row names that person again.
    """
    found = find_run(session, standing_approval.tenant_id, run.slug)
    if found is not None:
        return found
    campaign = Campaign(
        tenant_id=standing_approval.tenant_id,
        slug=run.slug,
        automation=rule.slug,
        name=run.name,
        email_type=rule.email_type,
        purpose=purpose_of(run.content.email_type, run.content.variant),
        state=CampaignState.SENDING,
        author_id=None,
        version=1,
        audience=0,
        scheduled_at=now,
        started_at=now,
        planned_at=now if run.standing else None,
        created_at=now,
    )
    session.add(campaign)
    session.flush()
    session.add_all(
        [
            CampaignVersion(
                tenant_id=campaign.tenant_id,
                campaign_id=campaign.id,
                number=1,
                content=replace(run.content, template=NEWEST_TEMPLATE).to_json(),
                created_at=now,
            ),
            Approval(
                tenant_id=campaign.tenant_id,
                campaign_id=campaign.id,
                version=1,
                author_id=None,
                approver_id=standing_approval.approved_by,
                approved=True,
                note=f"otomasi {rule.slug}",
                at=standing_approval.approved_at,
            ),
        ]
    )
    session.flush()
    return campaign
