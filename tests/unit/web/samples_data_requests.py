"""Sample views of requests on data and of the letters about a breach."""

from dataclasses import replace

from marketing.web.views import data_requests as d
from marketing.web.views.parts import Option, Pager, Tab
from marketing.web.views.public import SiteNav
from tests.unit.web.samples_shell import SHELL, Sample, nav

ROWS = (
    d.RequestRow(
        "Menghapus data", "Yuliana Banamtuan · 77", "received", d.ClockView("overdue", "terlambat 3 jam"),
        "21 November 2026 17.30 WITA", "UU 27/2022 Ps. 43", "/kontak/permintaan/3",
    ),
    d.RequestRow(
        "Melihat dan menerima salinan data", "kontak 12", "in_progress", d.ClockView("due_soon", "sisa 5 jam"),
        "22 November 2026 21.00 WITA", "UU 27/2022 Ps. 32", "/kontak/permintaan/4",
    ),
    d.RequestRow(
        "Memperbaiki data", "Maria · 13", "received", d.ClockView("in_time", "sisa 2 hari 4 jam"), "24 November 2026 21.00 WITA",
        "UU 27/2022 Ps. 30", "/kontak/permintaan/5",
    ),
)  # fmt: skip
QUEUE = d.RequestsView(
    rows=ROWS,
    pager=Pager(3, 120, next="/kontak/permintaan?halaman=2"),
    tabs=(Tab("Belum selesai", "/kontak/permintaan", 3, current=True), Tab("Sudah selesai", "/kontak/permintaan?tab=selesai")),
    loud="1 permintaan sudah lewat batas waktunya.",
    kinds=(Option("access", "Melihat data"), Option("erase", "Menghapus data", selected=True)),
    address="bukan alamat",
    errors={"alamat": "Tidak ada kontak dengan alamat ini.", "jenis": "Pilih apa yang diminta."},
    can_act=True,
)  # fmt: skip
CLOSED = d.RequestsView(
    (replace(ROWS[0], state="done", clock=d.ClockView("", "")),), Pager(1, 1), QUEUE.tabs, closed=True
)
ERASE = d.RequestView(
    title="Menghapus data",
    who="Yuliana · 77",
    state="received",
    clock=ROWS[0].clock,
    facts=(("Orang", "Yuliana · 77"), ("Dihitung", "72 jam, janji layanan kami")),
    means="Menghapus orang ini untuk selamanya.",
    start_action="/kontak/permintaan/3/mulai",
    finish_action="/kontak/permintaan/3/selesai",
    finish_label="Hapus untuk selamanya",
    refuse_action="/kontak/permintaan/3/tolak",
    pack_action="/kontak/permintaan/3/salinan",
    erases=True,
    typed={"jawaban": "Semoga sehat.", "alasan": "x"},
    errors={"": "Serahkan dahulu salinannya.", "yakin": "Centang dahulu.", "alasan": "Tulis alasannya."},
)
RECTIFY = replace(
    ERASE,
    title="Memperbaiki data",
    erases=False,
    rectify_action="/kontak/permintaan/3/perbaiki",
    name="Yuliana",
    typed={"surel": "bukan"},
    errors={"surel": "Alamat ini salah tulis.", "telepon": "Alamat ini salah tulis."},
)
ANSWERED = d.RequestView(
    "Menghapus data",
    "kontak 77",
    "refused",
    d.ClockView("", ""),
    ERASE.facts,
    answer="Bukan orangnya.",
    undelivered=True,
)
BREACH = d.BreachView(
    {"tahu-tanggal": "2026-11-22", "tahu-jam": "09:00", "apa": "nama", "banyak": "dua"},
    {"terjadi-tanggal": "Isi tanggal dan jam.", "banyak": "Tulis dengan angka.", "tahu-tanggal": "Belum terjadi.", "apa": "Tulis."},
    can_act=True,
)  # fmt: skip
LETTERS = d.LettersView(
    ROWS[1].clock,
    "25 November 2026 09.00 WITA",
    tuple(
        d.Letter(title, "Kepada: orang", ("Dengan surat ini",), (("Data yang terungkap", "nama\nsurel"),), ("Dinas", "Jalan"))
        for title in ("Kepada orangnya", "Kepada lembaga")
    ),
    (("contacts.export", "2 kali, terakhir 22 November 2026"),),
)  # fmt: skip
PAGES = {
    "permintaan": Sample("kontak_permintaan.html", QUEUE, SHELL, nav("contacts")),
    "permintaan-kosong": Sample("kontak_permintaan.html", d.RequestsView((), Pager(0, 0)), SHELL, nav("contacts")),
    "permintaan-tanpa-selesai": Sample(
        "kontak_permintaan.html", replace(CLOSED, rows=(), pager=Pager(0, 0)), SHELL, nav("contacts")
    ),
    "permintaan-selesai": Sample("kontak_permintaan.html", CLOSED, SHELL, nav("contacts")),
    "permintaan-hapus": Sample("kontak_permintaan_satu.html", ERASE, SHELL, nav("contacts")),
    "permintaan-perbaiki": Sample("kontak_permintaan_satu.html", RECTIFY, SHELL, nav("contacts")),
    "permintaan-dijawab": Sample("kontak_permintaan_satu.html", ANSWERED, SHELL, nav("contacts")),
    "permintaan-ditahan": Sample(
        "kontak_permintaan_satu.html", replace(ERASE, held=("Pesanan SO-1 belum selesai.",)), SHELL, nav("contacts")
    ),
    **{
        f"data-anda-{one.state}": Sample("data_anda.html", one, SHELL, SiteNav("/galeri/tts"))
        for one in (
            d.OwnDataView("copy", "Salinan data Anda", "/s/abc", "/p/abc"),
            d.OwnDataView("erase", "Hapus data Anda", "/s/abc", "/p/abc", erases=True),
            d.OwnDataView(
                "held", "Hapus data Anda", "/s/abc", erases=True, holds=("Pesanan SO-1 belum selesai.",), until="besok"
            ),
            d.OwnDataView("erased", "Data Anda sudah dihapus", "/s/abc"),
            d.OwnDataView("refused", "Permintaan Anda", "/s/abc"),
            d.OwnDataView("late", "Tautan ini sudah lewat waktunya", "/s/abc"),
            d.OwnDataView("sent", "Tautan baru diminta", "/s/abc"),
        )
    },
    "pelanggaran": Sample("kontak_pelanggaran.html", BREACH, SHELL, nav("contacts")),
    "pelanggaran-lihat": Sample("kontak_pelanggaran.html", d.BreachView(), SHELL, nav("contacts")),
    "pelanggaran-surat": Sample("kontak_pelanggaran_surat.html", LETTERS, SHELL, nav("contacts")),
    "pelanggaran-surat-tanpa-catatan": Sample(
        "kontak_pelanggaran_surat.html", replace(LETTERS, log=()), SHELL, nav("contacts")
    ),
}
