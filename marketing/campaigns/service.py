"""What marketers and approvers do with campaigns; every act is written to the audit log in the same transaction."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.campaigns.check import check_content, check_draft
from marketing.campaigns.state import move
from marketing.contacts.suppressions import without_addresses
from marketing.db.models import Approval, Campaign, CampaignVersion, Message, MessageRange, Post, User
from marketing.delivery import breakers
from marketing.delivery.claiming import first_held
from marketing.delivery.post_composing import PostComposer
from marketing.delivery.ranges import recount
from marketing.delivery.sample_mail import SampleMails
from marketing.delivery.versions import content_of
from marketing.delivery.withdrawing import requeue_unsent
from marketing.domain.campaign import CAN_WAIT, EDITABLE, CampaignContent, CampaignState, Priority
from marketing.domain.message import MessageState
from marketing.domain.permission import SkipReason
from marketing.domain.post import PostState
from marketing.domain.public_task import purpose_of
from marketing.domain.types import EmailType, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.mail import templates
from marketing.queue import TaskName, TaskQueue, lane_of
from marketing.tenants.profile import profile_of

LATEST_START = timedelta(hours=6)
AT_ONCE = 5
"""Ranges (of a thousand messages) that a cancelling person waits for."""


@dataclass(frozen=True, slots=True)
class CampaignService:
    """Use cases on one campaign; the caller owns the transaction."""

    posts: PostComposer
    mails: SampleMails
    queue: TaskQueue
    clock: Callable[[], datetime]

    def create(
        self,
        session: Session,
        author: User,
        *,
        name: str,
        content: CampaignContent,
        scheduled_at: datetime | None,
        slug: str = "",
    ) -> Campaign:
        """Write a draft, which may still be incomplete; InvalidInputError names the field that is wrong."""
        require_role(author, Role.MARKETER)
        now = self.clock()
        self._check_draft(session, author.tenant_id, name, content)
        campaign = Campaign(
            tenant_id=author.tenant_id,
            slug=slug or f"{now:%Y%m%d}-{secrets.token_hex(4)}",
            name=name.strip(),
            email_type=content.email_type,
            purpose=purpose_of(content.email_type, content.variant),
            state=CampaignState.DRAFT,
            author_id=author.id,
            version=1,
            audience=0,
            created_at=now,
        )
        session.add(campaign)
        session.flush()
        self._write_version(session, campaign, content, now)
        self._set_hour(campaign, scheduled_at, now)
        self._audit(session, campaign, author, "campaign.create")
        return campaign

    def change(
        self,
        session: Session,
        author: User,
        campaign_id: int,
        *,
        name: str,
        content: CampaignContent,
        scheduled_at: datetime | None,
    ) -> Campaign:
        """Replace content and hour; an approval that stood is gone and the campaign is a draft again (design section 5)."""
        require_role(author, Role.MARKETER)
        campaign, now = self.find(session, author.tenant_id, campaign_id), self.clock()
        if campaign.state not in EDITABLE and campaign.state is not CampaignState.PAUSED:
            raise NotAllowedError(_("Kampanye ini tidak dapat diubah lagi."))
        if campaign.started_at is not None:
            raise NotAllowedError(_("Kampanye yang sudah mulai keluar tidak dapat diubah. Buat salinannya."))
        self._check_draft(session, author.tenant_id, name, content)
        if campaign.state is not CampaignState.DRAFT:
            move(campaign, CampaignState.DRAFT)
        campaign.name, campaign.email_type, campaign.author_id = name.strip(), content.email_type, author.id
        campaign.purpose = purpose_of(content.email_type, content.variant)
        campaign.version += 1
        self._write_version(session, campaign, content, now)
        self._set_hour(campaign, scheduled_at, now)
        self._audit(session, campaign, author, "campaign.change")
        return campaign

    def reschedule(self, session: Session, user: User, campaign_id: int, *, scheduled_at: datetime) -> Campaign:
        """Set another hour; an approval that stood was for the old hour, so the campaign is a draft again."""
        require_role(user, Role.MARKETER)
        campaign, now = self.find(session, user.tenant_id, campaign_id), self.clock()
        if campaign.started_at is not None:
            raise NotAllowedError(_("Kampanye yang sudah mulai keluar tidak dapat dijadwalkan ulang."))
        if campaign.state is not CampaignState.DRAFT:
            move(campaign, CampaignState.DRAFT)
        campaign.author_id = user.id  # the hour is part of what is approved: whoever set it does not approve it
        self._set_hour(campaign, scheduled_at, now)
        self._audit(session, campaign, user, "campaign.reschedule")
        return campaign

    def submit(self, session: Session, author: User, campaign_id: int) -> Campaign:
        """Ask for approval."""
        require_role(author, Role.MARKETER)
        campaign = self.find(session, author.tenant_id, campaign_id)
        if campaign.scheduled_at is None:
            raise InvalidInputError(_("Tetapkan tanggal dan jam kirim lebih dahulu."), field="jam")
        profile = profile_of(campaign.tenant_id)
        check_content(session, profile, content_of(session, campaign), self.posts, now=self.clock())
        if fault := self.mails.fault(session, campaign, profile, self.clock()):
            raise InvalidInputError(fault, field="isi")
        move(campaign, CampaignState.IN_REVIEW)
        self._audit(session, campaign, author, "campaign.submit")
        return campaign

    def approve(self, session: Session, approver: User, campaign_id: int, *, note: str = "") -> Campaign:
        """Approve and schedule; never by the author (four eyes), never past its latest start, never with a held product."""
        require_role(approver, Role.APPROVER)
        campaign, now = self.find(session, approver.tenant_id, campaign_id), self.clock()
        if campaign.author_id == approver.id:
            raise NotAllowedError(_("Penyusun tidak boleh menyetujui kampanyenya sendiri."))
        if campaign.latest_start is None or now > campaign.latest_start:
            raise NotAllowedError(_("Jam kirimnya sudah lewat. Kembalikan kepada penyusun untuk menetapkan jam baru."))
        held = first_held(session, campaign, profile_of(campaign.tenant_id), now)
        if held is not None:
            raise NotAllowedError(
                _("“{product}” tidak lagi boleh dipromosikan. Kembalikan kepada penyusun.").format(
                    product=held[0].facts.name
                )
            )
        if fault := self.mails.fault(session, campaign, profile_of(campaign.tenant_id), now):
            raise NotAllowedError(fault)
        move(campaign, CampaignState.APPROVED)
        self._decide(session, campaign, approver, approved=True, note=note)
        move(campaign, CampaignState.SCHEDULED)
        if campaign.scheduled_at is not None and campaign.scheduled_at <= now:
            self.queue.enqueue(session, TaskName.START_CAMPAIGN, campaign_id=campaign.id)
        return campaign

    def give_back(self, session: Session, approver: User, campaign_id: int, *, note: str) -> Campaign:
        """Return to the author with a note."""
        require_role(approver, Role.APPROVER)
        if not note.strip():
            raise InvalidInputError(_("Tulis catatan supaya penyusun tahu apa yang perlu diperbaiki."), field="catatan")
        campaign = self.find(session, approver.tenant_id, campaign_id)
        if campaign.author_id == approver.id:
            raise NotAllowedError(_("Penyusun tidak boleh memutuskan kampanyenya sendiri."))
        if campaign.state is not CampaignState.IN_REVIEW:
            raise NotAllowedError(_("Kampanye ini tidak sedang menunggu persetujuan."))
        self._decide(session, campaign, approver, approved=False, note=note.strip())
        move(campaign, CampaignState.DRAFT, reason=note.strip())
        return campaign

    def pause(self, session: Session, user: User, campaign_id: int) -> Campaign:
        """Stop handing over; what is with the provider stays there."""
        require_role(user, Role.MARKETER, Role.APPROVER)
        campaign = self.find(session, user.tenant_id, campaign_id)
        move(campaign, CampaignState.PAUSED, reason=_("Dijeda oleh {name}.").format(name=user.name))
        self._audit(session, campaign, user, "campaign.pause")
        return campaign

    def resume(self, session: Session, user: User, campaign_id: int, *, reason: str = "") -> Campaign:
        """Go on where it was paused; a late start is a person's decision and is made here.

        What a breaker stopped, or what began and is past its latest start by now, goes on only with a reason
        (InvalidInputError), and nothing does while the whole Daerah is stopped.
        """
        require_role(user, Role.APPROVER)
        campaign, now = self.find(session, user.tenant_id, campaign_id), self.clock()
        if campaign.state is not CampaignState.PAUSED:
            raise NotAllowedError(_("Kampanye ini tidak sedang dijeda."))
        held = (
            first_held(session, campaign, profile_of(campaign.tenant_id), now) if campaign.automation is None else None
        )
        if held is not None:
            raise NotAllowedError(_("“{product}” masih tertahan.").format(product=held[0].facts.name))
        breakers.let_go_on(session, user, campaign, reason=reason, now=now)
        said: dict[str, str] = {}
        if is_overdue(campaign, now):
            said["reason"] = without_addresses(reason, field="catatan")
        campaign.latest_start = max(campaign.latest_start or now, now + LATEST_START)
        requeue_unsent(session, campaign.id)
        if campaign.started_at is None:
            move(campaign, CampaignState.SCHEDULED)
            self.queue.enqueue(session, TaskName.START_CAMPAIGN, campaign_id=campaign.id)
        else:
            move(campaign, CampaignState.SENDING)
            self.queue.enqueue(session, lane_of(campaign.email_type), campaign_id=campaign.id)
            self.queue.enqueue(session, TaskName.PUBLISH, campaign_id=campaign.id)
        self._audit(session, campaign, user, "campaign.resume", **said)
        return campaign

    def prioritise(self, session: Session, user: User, campaign_id: int, priority: Priority) -> Campaign:
        """Let it go before or after other campaigns that send at the same time; order mail never waits for any of them."""
        require_role(user, Role.APPROVER)
        campaign = self.find(session, user.tenant_id, campaign_id)
        if campaign.state not in CAN_WAIT:
            raise NotAllowedError(_("Kampanye ini sudah selesai; gilirannya tidak berarti lagi."))
        campaign.priority = priority
        self._audit(session, campaign, user, "campaign.priority", priority=str(int(priority)))
        return campaign

    def cancel(self, session: Session, user: User, campaign_id: int) -> Campaign:
        """End for good: what still waits is skipped as cancelled, so that the ledger keeps balancing.

        Of a large campaign the sweeper skips the rest within moments: workers must see the end now, not after a million rows.
        """
        require_role(user, Role.MARKETER, Role.APPROVER)
        campaign, now = self.find(session, user.tenant_id, campaign_id), self.clock()
        if campaign.automation is not None and campaign.email_type is EmailType.TRANSACTIONAL:
            raise NotAllowedError(_("Surel pesanan tidak dapat dibatalkan untuk selamanya, hanya dijeda."))
        move(campaign, CampaignState.CANCELLED, reason=_("Dibatalkan oleh {name}.").format(name=user.name))
        campaign.finished_at = now
        _skip_what_waits(session, campaign.id, now)
        session.execute(
            update(Post)
            .where(Post.campaign_id == campaign.id, Post.state.in_([PostState.QUEUED, PostState.AWAITING_HUMAN]))
            .values(state=PostState.WITHDRAWN, settled_at=now)
        )
        if campaign.started_at is not None:
            self.queue.enqueue(session, TaskName.CANCEL_HELD_MAIL, campaign_id=campaign.id)
        self._audit(session, campaign, user, "campaign.cancel")
        return campaign

    def find(self, session: Session, tenant_id: str, campaign_id: int) -> Campaign:
        """Return the tenant's campaign, locked; NotFoundError for another tenant's."""
        campaign = session.get(Campaign, campaign_id, with_for_update={"key_share": True})
        if campaign is None or campaign.tenant_id != tenant_id:
            raise NotFoundError(_("Kampanye ini tidak ada."))
        return campaign

    def _check_draft(self, session: Session, tenant_id: str, name: str, content: CampaignContent) -> None:
        if not name.strip():
            raise InvalidInputError(_("Beri nama kampanyenya."), field="nama")
        check_draft(session, profile_of(tenant_id), content)

    def _write_version(self, session: Session, campaign: Campaign, content: CampaignContent, now: datetime) -> None:
        # The look is frozen with the words: nothing changes under an approval.
        look = templates.in_force(session, campaign.tenant_id, content.email_type, content.variant)
        session.add(
            CampaignVersion(
                tenant_id=campaign.tenant_id,
                campaign_id=campaign.id,
                number=campaign.version,
                content=replace(content, template=look).to_json(),
                created_at=now,
            )
        )
        session.flush()

    def _set_hour(self, campaign: Campaign, scheduled_at: datetime | None, now: datetime) -> None:
        if scheduled_at is not None and scheduled_at < now - timedelta(minutes=1):
            raise InvalidInputError(_("Jam kirim sudah lewat. Pilih jam yang akan datang."), field="jam")
        campaign.scheduled_at = scheduled_at
        campaign.latest_start = scheduled_at + LATEST_START if scheduled_at else None

    def _decide(self, session: Session, campaign: Campaign, approver: User, *, approved: bool, note: str) -> None:
        now = self.clock()
        session.add(
            Approval(
                tenant_id=campaign.tenant_id,
                campaign_id=campaign.id,
                version=campaign.version,
                author_id=campaign.author_id,
                approver_id=approver.id,
                approved=approved,
                note=note,
                at=now,
            )
        )
        self._audit(session, campaign, approver, "campaign.approve" if approved else "campaign.give_back")

    def _audit(self, session: Session, campaign: Campaign, user: User, action: str, **more: str) -> None:
        write_audit(
            session,
            tenant_id=campaign.tenant_id,
            user_id=user.id,
            action=action,
            subject=f"campaign:{campaign.id}",
            now=self.clock(),
            details={"version": campaign.version, "state": campaign.state, **more},
        )


def _skip_what_waits(session: Session, campaign_id: int, now: datetime) -> None:
    still_open = select(MessageRange.id).where(
        MessageRange.campaign_id == campaign_id, MessageRange.settled_at.is_(None)
    )
    ranges = session.scalars(still_open.limit(AT_ONCE + 1)).all()
    if len(ranges) > AT_ONCE:
        return
    session.execute(
        update(Message)
        .where(
            Message.campaign_id == campaign_id,
            Message.range_id.in_(ranges),
            Message.state.in_([MessageState.QUEUED, MessageState.DEFERRED]),
        )
        .values(state=MessageState.SKIPPED, reason=SkipReason.CANCELLED, settled_at=now)
    )
    recount(session, ranges)


def is_overdue(campaign: Campaign, now: datetime) -> bool:
    """Return whether a paused campaign that had begun is past its latest start, so that going on is to be thought over."""
    began = campaign.started_at is not None and campaign.automation is None
    return began and campaign.latest_start is not None and now > campaign.latest_start
