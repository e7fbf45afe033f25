"""Sample views of what about orders waits for a person."""

from dataclasses import replace

from marketing.web.views.order_alerts import AlertRow, AlertsView
from marketing.web.views.parts import Pager, Tab
from tests.unit.web.samples_shell import SHELL, Sample, nav

_TABS = (
    Tab("Surat", "/kotak-keluar/surat", 12),
    Tab("Kiriman", "/kotak-keluar/kiriman", 4),
    Tab("Perhatian pesanan", "/kotak-keluar/pesanan", 2, current=True),
)
_STATES = (
    Tab("Menunggu", "/kotak-keluar/pesanan", 2, current=True),
    Tab("Selesai", "/kotak-keluar/pesanan?tab=selesai"),
)
HELD = AlertRow(
    id=1, kind="not_paid", title="Pengiriman pesanan SO-2026-0001 ditahan", why="Pembayarannya belum tercatat.",
    article="Perwali Blitar 24/2024 Ps. 10(1)", advice="Surelnya berangkat sendiri begitu pembayaran tercatat.", contact="",
    since="Sejak 22 November 2026 09.00 WITA", action="/kotak-keluar/pesanan/1/lepaskan", label="Lepaskan surelnya",
    question="Pembeli dan UMKM langsung dikabari.", note_label="Alasan",
)  # fmt: skip
MISSED = AlertRow(
    id=2, kind="unreachable", title="Tenun Nunkolo belum dikabari tentang pesanan SO-2026-0001",
    why="Pesanan disetujui: Tidak punya alamat e-mail.", article="", advice="Kabari lewat telepon.", contact="+6281200000001",
    since="Sejak 22 November 2026 09.00 WITA", action="/kotak-keluar/pesanan/2/dikabari", label="Sudah dikabari",
    question="Peringatan ini selesai atas nama Anda.", note_label="Bagaimana dan kapan dikabari",
)  # fmt: skip
ENDED = replace(HELD, action="", ended="Dilepaskan oleh Ibu Yuli, hari ini.", note="Bayar di tempat.")
ALERTS = AlertsView(_TABS, _STATES, Pager(2, 2), closed=False, rows=(HELD, MISSED))
PAGES = {
    "perhatian-pesanan": Sample("kotak_keluar_pesanan.html", ALERTS, SHELL, nav("outbox")),
    "perhatian-pesanan-selesai": Sample(
        "kotak_keluar_pesanan.html", replace(ALERTS, closed=True, rows=(ENDED,)), SHELL, nav("outbox")
    ),
    "perhatian-pesanan-kosong": Sample(
        "kotak_keluar_pesanan.html", replace(ALERTS, rows=(), pager=Pager(0, 0)), SHELL, nav("outbox")
    ),
}
