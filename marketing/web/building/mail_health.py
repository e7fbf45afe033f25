"""Mail that came back, from facts to words."""

from collections.abc import Sequence
from datetime import datetime

from marketing.delivery.breakers import sentence
from marketing.domain.bounce import BounceClass
from marketing.domain.breakers import BreakerLevel, percent
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.reasons import class_label
from marketing.web.building.words import moment_text, number_text
from marketing.web.queries.mail_health import Lately, MailboxFacts, NotArrived, Stop
from marketing.web.views.home import Waiting
from marketing.web.views.mail_health import Figure, LostMail, MailboxRow, StopRow


def figures_of(lately: Lately) -> tuple[Figure, ...]:
    """Return the numbers of the last seven days."""
    share = f"{percent(lately.complaints, lately.sent):.2f}%".replace(".", ",")
    hard, soft, block, technical = (
        number_text(lately.returned.get(kind, 0))
        for kind in (BounceClass.HARD, BounceClass.SOFT, BounceClass.BLOCK, BounceClass.TECHNICAL)
    )
    return (
        Figure(
            _("Aduan spam"),
            share if lately.sent else "–",
            _("{n} dari {all} surat massal; batasnya 0,10%").format(
                n=number_text(lately.complaints), all=number_text(lately.sent)
            ),
        ),
        Figure(_("Alamat mati"), hard, _("alamatnya tidak ada; langsung masuk daftar henti")),
        Figure(
            _("Gagal sementara"),
            soft,
            _("penuh atau tidak menerima; setelah lima kali dalam 30 hari masuk daftar henti"),
        ),
        Figure(
            _("Ditolak sebagai pengirim"),
            block,
            _("salah kami, tidak seorang pun dihentikan; di samping itu {n} galat teknis").format(n=technical),
        ),
    )


def stop_row(stop: Stop, profile: TenantProfile, *, may_lift: bool) -> StopRow:
    """Return a breaker; a campaign's own is let go on by resuming the campaign."""
    row = stop.breaker
    stopped, whole = row.level is BreakerLevel.STOP, row.campaign_id is None
    return StopRow(
        id=row.id,
        title=_("Semua kiriman massal") if whole else _("Kampanye “{name}”").format(name=stop.campaign),
        text=sentence(row),
        since=_("Sejak {time}").format(time=moment_text(row.tripped_at, profile)),
        stopped=stopped,
        href="" if row.campaign_id is None else paths.campaign(row.campaign_id),
        action=paths.breaker_lift(row.id) if whole and stopped and may_lift else "",
    )


def lost_mail(mail: NotArrived, profile: TenantProfile) -> LostMail:
    """Return a mail about an order that did not arrive."""
    title = _("Surel pesanan {number} tidak sampai") if mail.order else _("Surel pesanan tidak sampai")
    return LostMail(
        title.format(number=mail.order),
        f"{class_label(mail.bounce)}, {moment_text(mail.at, profile)}.",
        paths.mail(mail.message_id),
    )


def mailbox_row(box: MailboxFacts, profile: TenantProfile) -> MailboxRow:
    """Return a mailbox: whether it opens, and what in it waits for a person."""
    problem = {
        "connection": _("Servernya tidak dapat dihubungi."),
        "tls": _("Sertifikat servernya tidak dapat dipercaya."),
        "credentials": _("Nama atau sandinya ditolak. Simpan lagi dengan `siar mailbox add`."),
        "folder": _("Foldernya tidak ada. Simpan lagi dengan `siar mailbox add`."),
        "settings": _("Isiannya tidak lengkap. Simpan lagi dengan `siar mailbox add`."),
    }
    said, at = str(box.report.get("problem", "")), str(box.report.get("at", ""))
    read = _("Belum dibaca.")
    if at:
        read = _("Terakhir dibaca {time}.").format(time=moment_text(datetime.fromisoformat(at), profile))
    left = ngettext(
        "{n} surat menunggu dibaca orang di kotak itu.", "{n} surat menunggu dibaca orang di kotak itu.", box.to_read
    ).format(n=number_text(box.to_read))
    sentences = [problem.get(said, _("Tidak dapat dibaca.")) if said else "", read, left if box.to_read else ""]
    state = "paused" if box.paused else "attention" if said else "healthy"
    return MailboxRow(box.name, state, " ".join(filter(None, sentences)))


def tasks_of(stops: Sequence[Stop], lost: int, lately: Lately) -> tuple[Waiting, ...]:
    """Return what waits on Beranda; a campaign that was stopped is there by itself."""
    found = [
        Waiting(
            _("Semua kiriman massal berhenti")
            if one.breaker.level is BreakerLevel.STOP
            else _("Kesehatan surat menurun"),
            sentence(one.breaker),
            paths.OUTBOX_HEALTH,
            _("Periksa"),
            "warning",
            "bad" if one.breaker.level is BreakerLevel.STOP else "warn",
        )
        for one in stops
        if one.breaker.campaign_id is None or one.breaker.level is not BreakerLevel.STOP
    ]
    if lost:
        found.append(
            Waiting(
                ngettext("{n} surel pesanan tidak sampai", "{n} surel pesanan tidak sampai", lost).format(n=lost),
                _("Kabari pemesan dengan cara lain, dan perbaiki alamatnya di katalog."),
                paths.OUTBOX_HEALTH,
                _("Lihat"),
                "warning",
                "bad",
            )
        )
    if technical := lately.returned.get(BounceClass.TECHNICAL, 0):
        found.append(
            Waiting(
                ngettext(
                    "{n} surat kembali karena galat teknis", "{n} surat kembali karena galat teknis", technical
                ).format(n=technical),
                _("Biasanya pengaturan server surat atau ukuran surat. Minta operator melihatnya."),
                paths.OUTBOX_HEALTH,
                _("Lihat"),
                "warning",
                "warn",
            )
        )
    return tuple(found)
