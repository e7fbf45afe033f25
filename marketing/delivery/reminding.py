"""Recall to people what only they can do: a few mails a task, by day, one mail a round; and forget old proofs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.channels.base import Deferred, Messenger, send_one
from marketing.db.models import Post, RoleGrant, ShareTask, User
from marketing.db.session import Database
from marketing.delivery.share_tasks import still_waits
from marketing.domain.calendar_id import format_datetime
from marketing.domain.content import CHANNEL_LABELS, OutboundEmail, WholeBody
from marketing.domain.quiet_hours import QuietHours
from marketing.domain.share_task import PROOF_KEPT, TaskKind, next_reminder
from marketing.domain.types import ChannelName, EmailType, Role
from marketing.i18n import gettext as _
from marketing.i18n import language, ngettext
from marketing.templates.context import SenderIdentity
from marketing.templates.system_mail import SignInContext, render_sign_in
from marketing.tenants.profile import TenantProfile, profile_of

PAGE: Final = "/tugas"
MANY: Final = 200
OFFICE: Final = 3
"""So many marketers are told of a task that is nobody's own."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open task as a mail names it."""

    id: int
    kind: TaskKind
    channel: ChannelName
    title: str
    since: datetime
    reminded: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail goes to."""

    id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ShareReminders:
    """Reminds; the next hour is written before a mail leaves, so that a kill costs one reminder and never doubles one."""

    database: Database
    messenger: Messenger
    public_url: str
    proofs: Path
    quiet: QuietHours | None
    clock: Callable[[], datetime]

    def remind(self, tenant_id: str) -> int:
        """Remind everybody of this Daerah whose hour has come; returns how many mails left. Nothing at night or on silent days."""
        now, profile = self.clock(), profile_of(tenant_id)
        self._forget_proofs(tenant_id, now)
        if self.quiet is not None and self.quiet.wait_until(now.astimezone(profile.tz)) is not None:
            return 0
        sent = 0
        with self.database.write() as session:
            due = _take_due(session, tenant_id, now)
        for reader, tasks in due.items():
            outcome = send_one(self.messenger, written(reader, tasks, profile, self.public_url))
            if isinstance(outcome, Deferred):
                self._again(tasks, now + outcome.retry_after)
            else:
                sent += 1
        return sent

    def _again(self, tasks: Sequence[Waiting], at: datetime) -> None:
        with self.database.write() as session:
            for task in tasks:
                row = session.get_one(ShareTask, task.id, with_for_update=True)
                row.remind_at, row.reminded = at, task.reminded

    def _forget_proofs(self, tenant_id: str, now: datetime) -> None:
        """Delete the pictures of what was finished long ago."""
        old = select(ShareTask).where(
            ShareTask.tenant_id == tenant_id, ShareTask.proof != "", ShareTask.done_at < now - PROOF_KEPT
        )
        with self.database.write() as session:
            for task in session.scalars(old.limit(MANY)):
                (self.proofs / tenant_id / f"{task.proof}.jpg").unlink(missing_ok=True)
                task.proof = ""


def _take_due(session: Session, tenant_id: str, now: datetime) -> Mapping[Reader, list[Waiting]]:
    """Return for each person the tasks to be reminded of now, and write when the next time is."""
    query = (
        select(ShareTask, Post)
        .join(Post, Post.id == ShareTask.post_id)
        .where(ShareTask.tenant_id == tenant_id, ShareTask.remind_at <= now, still_waits())
        .order_by(ShareTask.id)
        .limit(MANY)
        .with_for_update(of=ShareTask, skip_locked=True)
    )
    found = session.execute(query).all()
    if not found:
        return {}
    active = select(User).where(User.tenant_id == tenant_id, User.is_active)
    named = active.where(User.id.in_({task.assignee_id for task, _post in found if task.assignee_id is not None}))
    persons: dict[int | None, list[Reader]] = {user.id: [_reader(user)] for user in session.scalars(named)}
    office = active.where(User.id.in_(select(RoleGrant.user_id).where(RoleGrant.role == Role.MARKETER)))
    marketers = [_reader(user) for user in session.scalars(office.order_by(User.id).limit(OFFICE))]
    due: dict[Reader, list[Waiting]] = {}
    for task, post in found:
        waiting = Waiting(
            task.id,
            TaskKind(task.kind),
            post.channel,
            str(post.content.get("title", "")),
            task.created_at,
            task.reminded,
        )
        task.reminded += 1
        task.remind_at = next_reminder(task.created_at, task.reminded, now)
        for reader in persons.get(task.assignee_id, marketers):
            due.setdefault(reader, []).append(waiting)
    return due


def written(reader: Reader, tasks: Sequence[Waiting], profile: TenantProfile, public_url: str) -> OutboundEmail:
    """Return the mail that recalls these tasks, the same under the same Message-ID every time."""
    first, single = tasks[0], len(tasks) == 1
    url = f"{public_url}{PAGE}/{first.id}" if single else f"{public_url}{PAGE}"
    subject = (
        task_title(first.kind, first.channel)
        if single
        else ngettext("{n} tugas menunggu Anda", "{n} tugas menunggu Anda", len(tasks)).format(n=len(tasks))
    )
    rendered = render_sign_in(
        SignInContext(
            sender=SenderIdentity.of(profile),
            subject=subject,
            preheader=_("Hanya orang yang dapat menyelesaikannya."),
            headline=subject,
            lines=(_("Siar tidak dapat melakukan langkah ini sendiri. Buka halamannya; langkahnya tertulis di sana."),),
            facts=tuple(_fact(task, profile) for task in tasks),
            action=_("Buka tugasnya"),
            address_note=_("Bila tombol tidak dapat dibuka, salin alamat ini ke peramban:"),
            url=url,
            note=_("Bukan Anda yang mengerjakan? Rekan sekantor dapat mengambil alih tugas ini di halaman yang sama."),
        )
    )
    domain = profile.transactional_sender.partition("@")[2]
    name = f"tugas.{first.id}.{first.reminded}.{reader.id}.{int(first.since.timestamp())}"
    return OutboundEmail(
        key=name,
        email_type=EmailType.TRANSACTIONAL,
        message_id=f"<{name}@{domain}>",
        sender_name=profile.dinas_short,
        sender_address=profile.transactional_sender,
        recipient_name=reader.name,
        recipient_address=reader.email,
        subject=rendered.subject,
        body=WholeBody(rendered.html, rendered.text),
        reply_to=profile.email,
        tenant=profile.id,
    )


def task_title(kind: TaskKind, channel: ChannelName) -> str:
    """Return what is to be done, in a few words."""
    said = {
        TaskKind.SHARE: _("Selesaikan kiriman {channel}"),
        TaskKind.CHECK: _("Periksa kiriman {channel}"),
        TaskKind.REMOVE: _("Tarik kiriman {channel}"),
    }
    return said[kind].format(channel=_(CHANNEL_LABELS[channel]))


def _fact(task: Waiting, profile: TenantProfile) -> str:
    since = format_datetime(task.since, profile.zone, language())
    what = task_title(task.kind, task.channel)
    name = f"{what}: {task.title}" if task.title else what
    return _("{task} (menunggu sejak {time})").format(task=name, time=since)


def _reader(user: User) -> Reader:
    return Reader(user.id, user.name, user.email)
