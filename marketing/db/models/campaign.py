"""Campaigns, their frozen versions, and who approved what."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from marketing.db.base import Base, RowId, text_enum
from marketing.domain.campaign import CampaignState
from marketing.domain.permission import PURPOSE_OF
from marketing.domain.types import EmailType, Purpose


def _usual_purpose(context: DefaultExecutionContext) -> Purpose | None:
    return PURPOSE_OF[context.get_current_parameters()["email_type"]]  # type: ignore[no-untyped-call]  # SQLAlchemy does not type it


class Campaign(Base):
    """One planned send or publication. `slug` names runs of automations, so that none is made twice.

    `purpose` is what its mails rest on, empty for what a contract needs; only sosialisasi differs from what its kind rests on.
    `audience` is counted while planning, apart from the message rows, so that the ledger can be checked against it;
    `planned_to` is the last contact that the plan has asked. Of campaigns that send at once, the one of higher `priority` goes first.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("tenant_id", "slug"),
        Index("ix_campaign_due", "state", "scheduled_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    slug: Mapped[str]
    automation: Mapped[str | None]
    name: Mapped[str]
    email_type: Mapped[EmailType] = mapped_column(text_enum(EmailType))
    purpose: Mapped[Purpose | None] = mapped_column(text_enum(Purpose), default=_usual_purpose)
    state: Mapped[CampaignState] = mapped_column(text_enum(CampaignState))
    state_reason: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)
    audience: Mapped[int] = mapped_column(default=0)
    planned_to: Mapped[int] = mapped_column(RowId, default=0, server_default="0")
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    scheduled_at: Mapped[datetime | None]
    latest_start: Mapped[datetime | None]
    planned_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class CampaignVersion(Base):
    """The content of a campaign, never changed once written: a change is a new version."""

    __tablename__ = "campaign_version"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class WithdrawnIssue(Base):
    """A newsletter that staff took out of the public archive, with the reason; the row stays when it is put back."""

    __tablename__ = "withdrawn_issue"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    reason: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    restored_at: Mapped[datetime | None]


class Approval(Base):
    """One decision of an approver on one version; four eyes by constraint."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("author_id IS NULL OR approver_id <> author_id", name="four_eyes"),
        Index("ix_approval_campaign", "campaign_id", "id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    version: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approver_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approved: Mapped[bool]
    note: Mapped[str]
    at: Mapped[datetime]


class Automation(Base):
    """An automation switched on for a tenant, by whom: its runs go out under that approval."""

    __tablename__ = "automation"

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    enabled: Mapped[bool]
    approved_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime]
