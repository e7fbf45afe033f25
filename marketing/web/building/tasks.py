"""Tasks of people, from facts to their list, to the page of each, and to Beranda."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketing.channels.whatsapp.payload import share_link
from marketing.domain.share_task import TaskKind, overdue
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.words import moment_text, outside
from marketing.web.queries.tasks import TaskFacts
from marketing.web.views.home import Waiting
from marketing.web.views.preview import PostPreview
from marketing.web.views.states import Tone, channel_icon, channel_label
from marketing.web.views.tasks import ShareKit, TaskRow, TaskView

K = TaskKind
CODE_BYTES: Final = 1_000
"""A code that holds more has so many modules that a phone no longer reads it off a screen (ISO/IEC 18004: version 23)."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a task, and what their roles let them do."""

    id: int
    does: bool
    settles: bool


def title_of(task: TaskFacts) -> str:
    """Return what is to be done."""
    if task.kind is K.SHARE and task.channel is ChannelName.WHATSAPP:
        if not task.account:
            return _("Bagikan ke grup WhatsApp")
        return _("Bagikan ke grup “{group}”").format(group=task.account)
    said = {
        K.SHARE: _("Selesaikan kiriman di {channel}"),
        K.CHECK: _("Periksa kiriman di {channel}"),
        K.REMOVE: _("Tarik kiriman dari {channel}"),
    }[task.kind]
    return said.format(channel=channel_label(task.channel))


def row_of(task: TaskFacts, now: datetime, profile: TenantProfile) -> TaskRow:
    """Return a task as a line of a list."""
    return TaskRow(
        id=task.id,
        title=title_of(task),
        post=task.title,
        icon=channel_icon(task.channel),
        state=_state(task, now),
        since=done_note(task, profile) or _since(task, profile),
        whose="" if task.doer else task.assignee or _("siapa saja di kantor"),
    )


def task_view(
    task: TaskFacts, preview: PostPreview, viewer: Viewer, now: datetime, profile: TenantProfile, *, public_url: str
) -> TaskView:
    """Return the page of one task, without what only its route knows."""
    can_act = task.waits and (viewer.settles if task.kind is K.CHECK else viewer.does)
    mine = task.assignee_id == viewer.id
    whose = _("untuk {name}").format(name=task.assignee) if task.assignee else _("untuk siapa saja di kantor")
    return TaskView(
        id=task.id,
        kind=task.kind,
        channel=task.channel,
        title=title_of(task),
        state=_state(task, now),
        since=_since(task, profile),
        whose=_("untuk Anda") if mine else whose,
        post_id=task.post_id,
        preview=preview,
        waits=task.waits,
        can_act=can_act,
        can_take=can_act and not mine,
        mine=mine,
        kit=_kit(task, preview, public_url) if task.kind is K.SHARE and task.waits else None,
        account=task.account,
        account_href=task.account_href,
        sent=moment_text(task.sent_at, profile),
        done_note=done_note(task, profile),
        permalink=outside(task.permalink),
        proof=bool(task.proof),
        campaign=task.campaign,
        campaign_href=paths.campaign(task.campaign_id),
    )


def done_note(task: TaskFacts, profile: TenantProfile) -> str:
    """Return who did it and when; empty while nobody did."""
    if task.done_at is None or not task.doer:
        return ""
    said = {
        K.SHARE: _("Dibagikan oleh {name}, {time}."),
        K.CHECK: _("Diperiksa oleh {name}, {time}."),
        K.REMOVE: _("Dihapus oleh {name}, {time}."),
    }[task.kind]
    return said.format(name=task.doer, time=moment_text(task.done_at, profile))


def code_target(task: TaskFacts, text: str, public_url: str) -> str:
    """Return what the code for a phone's camera opens: WhatsApp with the text, or this task where the text is too long."""
    link = share_link(text)
    return link if len(link) <= CODE_BYTES else f"{public_url}{paths.task(task.id)}"


def waiting_of(tasks: Sequence[TaskFacts], user_id: int, now: datetime) -> tuple[Waiting, ...]:
    """Return what Beranda says: my own tasks and anybody's, and those of colleagues that have waited too long."""
    groups: dict[tuple[TaskKind, ChannelName], list[TaskFacts]] = {}
    for task in tasks:
        if task.assignee_id in (None, user_id) or overdue(task.kind, task.created_at, now):
            groups.setdefault((task.kind, task.channel), []).append(task)
    return tuple(_waiting(kind, channel, found, now) for (kind, channel), found in groups.items())


def _waiting(kind: TaskKind, channel: ChannelName, found: Sequence[TaskFacts], now: datetime) -> Waiting:
    number, label = len(found), channel_label(channel)
    title, text, tone = _asked(kind, number)
    late = sum(overdue(kind, task.created_at, now) for task in found)
    if late:
        tone = "bad"
        text = ngettext("{n} sudah terlambat. {text}", "{n} sudah terlambat. {text}", late).format(n=late, text=text)
    return Waiting(
        title.format(n=number, channel=label),
        text,
        paths.task(found[0].id) if number == 1 else paths.TASKS,
        _("Kerjakan"),
        channel_icon(channel),
        tone,
    )


def _asked(kind: TaskKind, number: int) -> tuple[str, str, Tone]:
    match kind:
        case K.SHARE:
            return (
                ngettext("{n} kiriman {channel} siap dibagikan", "{n} kiriman {channel} siap dibagikan", number),
                _("Gambar dan teks sudah siap. Bagikan, lalu tandai."),
                "hold",
            )
        case K.CHECK:
            return (
                ngettext("{n} kiriman {channel} perlu diperiksa", "{n} kiriman {channel} perlu diperiksa", number),
                _("Jawaban kanal hilang. Lihat apakah kirimannya sudah tayang, lalu tandai."),
                "warn",
            )
        case K.REMOVE:
            return (
                ngettext("{n} kiriman {channel} harus dihapus", "{n} kiriman {channel} harus dihapus", number),
                _("Produknya kehilangan syarat dan kanal ini tidak dapat menghapus sendiri. Hapus, lalu tandai."),
                "bad",
            )


def _state(task: TaskFacts, now: datetime) -> str:
    if task.doer:
        return "done"
    if not task.waits:
        return "needless"
    return "overdue" if overdue(task.kind, task.created_at, now) else "awaiting_human"


def _since(task: TaskFacts, profile: TenantProfile) -> str:
    return _("sejak {time}").format(time=moment_text(task.created_at, profile))


def _kit(task: TaskFacts, preview: PostPreview, public_url: str) -> ShareKit:
    if task.channel is not ChannelName.WHATSAPP:
        return ShareKit(
            group=task.account,
            text=preview.text,
            picture=preview.picture,
            picture_name=f"{task.marker}.jpg",
            steps=_tiktok_steps(task.account) if task.channel is ChannelName.TIKTOK else (_(task.instruction),),
            wants_link=True,
        )
    link = share_link(preview.text)
    whole = len(link) <= CODE_BYTES
    return ShareKit(
        group=task.account,
        text=preview.text,
        picture=preview.picture,
        picture_name=f"{task.marker}.jpg",
        open_href=link,
        code_note=_("Kode ini membuka WhatsApp di ponsel Anda dengan teksnya.")
        if whole
        else _("Kode ini membuka halaman tugas ini di ponsel Anda: {address}").format(
            address=f"{public_url.partition('://')[2]}{paths.task(task.id)}"
        ),
    )


def _tiktok_steps(account: str) -> tuple[str, ...]:
    """Return what TikTok's app asks for, from its inbox to the post (content-sharing guidelines)."""
    opened = (
        _("Buka aplikasi TikTok di ponsel, dengan akun {account}.").format(account=account)
        if account
        else _("Buka aplikasi TikTok di ponsel, dengan akun Dinas.")
    )
    return (
        opened,
        _("Ketuk Kotak Masuk, lalu ketuk pemberitahuan bahwa kiriman siap disunting."),
        _("Periksa foto dan teksnya. Bila teksnya kosong, salin dari bawah ini lalu tempel."),
        _("Pilih siapa yang dapat melihat, lalu ketuk Posting."),
    )
