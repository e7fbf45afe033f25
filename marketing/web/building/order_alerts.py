"""Alerts about orders, from facts to the page and to Beranda."""

from marketing.domain.orders.alert import AlertKind, AlertOutcome
from marketing.domain.permission import ARTICLES, SkipReason
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.reasons import skip_label
from marketing.web.building.words import moment_text
from marketing.web.queries.order_alerts import AlertFacts, Waiting
from marketing.web.views.home import Waiting as Task
from marketing.web.views.order_alerts import AlertRow
from marketing.web.views.parts import Tab


def tasks_of(waiting: dict[AlertKind, Waiting]) -> tuple[Task, ...]:
    """Return what waits on Beranda."""
    found: list[Task] = []
    if held := waiting.get(AlertKind.NOT_PAID):
        found.append(
            Task(
                ngettext(
                    "Kabar pengiriman {n} pesanan ditahan: belum dibayar",
                    "Kabar pengiriman {n} pesanan ditahan: belum dibayar",
                    held.number,
                ).format(n=held.number),
                _("{names}. Berangkat sendiri begitu pembayarannya tercatat.").format(names=", ".join(held.names)),
                paths.OUTBOX_ORDERS,
                _("Periksa"),
                "pause",
                "bad",
            )
        )
    if missed := waiting.get(AlertKind.UNREACHABLE):
        found.append(
            Task(
                ngettext(
                    "{n} UMKM tidak terjangkau surel pesanan",
                    "{n} UMKM tidak terjangkau surel pesanan",
                    missed.number,
                ).format(n=missed.number),
                _("{names}. Kabari dengan cara lain, lalu tandai.").format(names=", ".join(missed.names)),
                paths.OUTBOX_ORDERS,
                _("Kerjakan"),
                "person",
                "warn",
            )
        )
    return tuple(found)


def state_tabs(waiting: int, *, closed: bool) -> tuple[Tab, ...]:
    """Return the two lists."""
    return (
        Tab(_("Menunggu"), paths.OUTBOX_ORDERS, waiting, current=not closed),
        Tab(_("Selesai, 30 hari terakhir"), paths.listing(paths.OUTBOX_ORDERS, tab="selesai"), None, current=closed),
    )


def row_of(alert: AlertFacts, profile: TenantProfile, *, may_release: bool) -> AlertRow:
    """Return one alert as the page shows it."""
    since = _("Sejak {time}").format(time=moment_text(alert.opened_at, profile))
    ended = _ended(alert, profile)
    if alert.kind is AlertKind.NOT_PAID:
        acts = may_release and not ended
        return AlertRow(
            id=alert.id,
            kind=alert.kind,
            title=_("Pengiriman pesanan {number} ditahan").format(number=alert.order),
            why=_("Pesanan tercatat dikirim, tetapi pembayarannya belum tercatat."),
            article=ARTICLES[SkipReason.NOT_PAID],
            advice=_(
                "Surelnya berangkat sendiri begitu katalog mencatat pembayaran. Bila memang boleh dikirim lebih dahulu, misalnya bayar di tempat, lepaskan dengan alasan."
            ),
            contact="",
            since=since,
            action=paths.order_alert_act(alert.id, "lepaskan") if acts else "",
            label=_("Lepaskan surelnya"),
            question=_("Pembeli dan UMKM langsung dikabari. Nama dan alasan Anda tercatat."),
            note_label=_("Alasan"),
            ended=ended,
            note=alert.note,
        )
    return AlertRow(
        id=alert.id,
        kind=alert.kind,
        title=_("{business} belum dikabari tentang pesanan {number}").format(
            business=alert.business, number=alert.order
        ),
        why=f"{variant_label(alert.what)}: {skip_label(alert.reason)}.",
        article="",
        advice=_("Kabari lewat telepon atau pendamping. Minta alamat surelnya dicatat di katalog supaya kabar berikutnya sampai."),
        contact=alert.phone,
        since=since,
        action="" if ended else paths.order_alert_act(alert.id, "dikabari"),
        label=_("Sudah dikabari"),
        question=_("Peringatan ini selesai atas nama Anda."),
        note_label=_("Bagaimana dan kapan dikabari"),
        ended=ended,
        note=alert.note,
    )  # fmt: skip


def variant_label(variant: str) -> str:
    """Return what the mail was about."""
    return {
        "pesanan": _("Pesanan disetujui"),
        "faktur": _("Pembayaran diterima"),
        "pengiriman": _("Pengiriman"),
        "komplain": _("Komplain"),
    }.get(variant, variant)


def _ended(alert: AlertFacts, profile: TenantProfile) -> str:
    if alert.closed_at is None:
        return ""
    said = {
        AlertOutcome.PAID: _("Pembayaran tercatat; surelnya berangkat sendiri"),
        AlertOutcome.ORDER_OFF: _("Pesanannya dibatalkan; surelnya tidak dikirim"),
        AlertOutcome.REACHABLE: _("Alamatnya sudah ada"),
        AlertOutcome.RELEASED: _("Dilepaskan oleh {name}"),
        AlertOutcome.TOLD: _("Dikabari oleh {name}"),
    }[AlertOutcome(alert.outcome)].format(name=alert.closed_by)
    return f"{said}, {moment_text(alert.closed_at, profile)}."
