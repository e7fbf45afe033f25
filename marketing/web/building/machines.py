"""How the sending stands, from facts to words."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from marketing.delivery.machinery import Brake, Lane, MailWay, Sending
from marketing.domain.account import AccountState
from marketing.domain.breakers import BreakerKind, BreakerLevel
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.mail.account_words import trouble_text
from marketing.observability.beat import Beat
from marketing.queue import QueueName
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.words import length_text, moment_text, number_text
from marketing.web.views.machines import CampaignRow, LaneRow, StopLine, WayRow, WorkerRow
from marketing.web.views.mail_health import Figure
from marketing.web.views.states import email_type_label

LATE: Final = {QueueName.TRANSACTIONAL: timedelta(seconds=30), QueueName.BULK: timedelta(minutes=5)}
"""What waits longer than this wants a look: order mail should go at once, a campaign takes its turns."""


def figures_of(beats: Sequence[Beat], lanes: Sequence[Lane], unknown: int, now: datetime) -> tuple[Figure, ...]:
    """Return the numbers at the top; `beats` are of processes that live."""
    workers = [beat for beat in beats if beat.part == "worker"]
    rate = sum(beat.per_minute for beat in workers)
    oldest = max((now - lane.oldest for lane in lanes if lane.oldest), default=None)
    return (
        Figure(_("Laju sekarang"), number_text(round(rate)), _("surat per menit, rata-rata menit terakhir")),
        Figure(
            _("Menunggu terlama"),
            length_text(oldest) if oldest else "–",
            _("sejak boleh keluar, dari kedua jalur"),
        ),
        Figure(_("Pekerja"), number_text(len(workers)), _("terdengar dalam semenit terakhir")),
        Figure(_("Belum pasti"), number_text(unknown), _("surat 30 hari terakhir yang jawabannya hilang")),
    )


def lane_row(lane: Lane, now: datetime) -> LaneRow:
    """Return a lane."""
    waited = now - lane.oldest if lane.oldest else None
    names = {
        QueueName.TRANSACTIONAL: (_("Pesanan"), _("tidak pernah menunggu kampanye")),
        QueueName.BULK: (_("Massal"), _("kampanye dan otomasi bergiliran")),
    }
    name, note = names[lane.name]
    return LaneRow(
        name=name,
        note=note,
        due=lane.due_messages,
        waits=length_text(waited) if waited else "–",
        leased=lane.leased,
        lost=lane.lost,
        later=lane.later_messages,
        late=waited is not None and waited > LATE[lane.name],
    )


def campaign_row(one: Sending, profile: TenantProfile, now: datetime) -> CampaignRow:
    """Return a campaign on its way."""
    minutes = max((now - one.since).total_seconds() / 60, 1 / 60)
    ends = one.ends_at(now)
    if not one.planned:
        ending = _("penerimanya masih disusun")
    elif not one.due:
        ending = _("sisanya menunggu waktunya sendiri") if one.later else _("sebentar lagi selesai")
    elif ends is None:
        ending = _("belum bergerak")
    else:
        ending = _("kira-kira selesai {time}").format(time=moment_text(ends, profile))
    return CampaignRow(
        name=one.name,
        href=paths.campaign(one.id),
        kind=email_type_label(one.email_type),
        done=one.settled,
        total=max(one.messages, 1),
        said=_("{done} dari {all} selesai").format(done=number_text(one.settled), all=number_text(one.messages)),
        pace=_("{n} per menit").format(n=number_text(round(one.lately / minutes))),
        ends=ending,
    )


def worker_row(beat: Beat, profile: TenantProfile, now: float) -> WorkerRow:
    """Return a process; what it says of itself is shown as plain text only."""
    parts = {"web": _("Halaman"), "worker": _("Pekerja"), "scheduler": _("Penjadwal")}
    queues, at_once = str(beat.about.get("queues", "")), str(beat.about.get("concurrency", ""))
    doing = _("jalur {names}; {n} tugas sekaligus").format(names=queues.replace(",", ", "), n=at_once) if queues else ""
    silent = timedelta(seconds=max(now - beat.at, 0))
    return WorkerRow(
        part=parts.get(beat.part, beat.part),
        host=beat.host,
        doing=doing,
        rate=_("{n} per menit").format(n=number_text(round(beat.per_minute))) if beat.part == "worker" else "",
        since=moment_text(datetime.fromtimestamp(beat.started, UTC), profile),
        heard=_("{time} lalu").format(time=length_text(silent)),
        state="healthy" if beat.lives(now) else "attention",
    )


def way_row(way: MailWay) -> WayRow:
    """Return a mail account."""
    well = way.state is AccountState.ACTIVE and not way.trouble
    state = "healthy" if well else "paused" if way.state is AccountState.PAUSED else "attention"
    return WayRow(way.name, way.provider.value, state, trouble_text(way.trouble) if way.trouble else "")


def stop_line(brake: Brake) -> StopLine:
    """Return breakers of one kind and level."""
    kinds = {
        BreakerKind.COMPLAINTS: _("Aduan spam"),
        BreakerKind.HARD_BOUNCES: _("Alamat mati"),
        BreakerKind.BLOCKS: _("Ditolak sebagai pengirim"),
        BreakerKind.UNKNOWN: _("Jawaban server hilang"),
    }
    levels = {
        BreakerLevel.WARN: _("mendekati batas"),
        BreakerLevel.SLOW: _("kiriman diperlambat"),
        BreakerLevel.STOP: _("kiriman berhenti"),
    }
    many = ngettext("{n} kali", "{n} kali", brake.number).format(n=number_text(brake.number))
    return StopLine(f"{kinds[brake.kind]}: {levels[brake.level]} ({many})", brake.level is BreakerLevel.STOP)


def warnings_of(
    lanes: Sequence[Lane], living: Sequence[Beat], leader: datetime | None, now: datetime, *, broker: bool
) -> tuple[str, ...]:
    """Return a sentence for each part without which nothing goes on."""
    found = []
    if not broker:
        found.append(
            _(
                "Antrean (Redis) tidak menjawab. Tidak ada surat yang hilang: kiriman lanjut sendiri begitu antrean kembali."
            )
        )
    if leader is None or leader < now:
        found.append(
            _("Penjadwal tidak berjalan: kampanye terjadwal dan sisa kiriman tidak dimulai. Jalankan `siar scheduler`.")
        )
    if broker and not any(beat.part == "worker" for beat in living) and any(lane.due for lane in lanes):
        found.append(_("Ada surat yang menunggu, tetapi tidak ada pekerja yang terdengar. Jalankan `siar worker`."))
    if any(lane.lost for lane in lanes):
        found.append(
            _("Seorang pekerja mati di tengah kiriman. Yang dipegangnya diambil alih sendiri oleh pekerja lain.")
        )
    return tuple(found)
