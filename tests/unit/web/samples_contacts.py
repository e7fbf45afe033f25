"""Sample views of the people, of one person, and of the list of never-send."""

from dataclasses import replace

from marketing.web.views import contacts as c
from marketing.web.views.parts import Option, Pager, Tab

CHOICES = (Option("", "Semua"), Option("satu", "Satu"))
STATS = (("Kontak", "1.240", "orang"), ("Menyetujui", "980", "tujuan"), ("Daftar henti", "12", "alamat"))
CONTACTS = c.ContactsView(
    rows=(
        c.ContactRow(
            7,
            "Maria Tamonob",
            "Masyarakat",
            ("m***@surel.example", "+6281***90"),
            ("Promosi produk UMKM", "Buletin UMKM"),
            (("Minta jeda", "warn"),),
            "22 November 2026",
        ),
        c.ContactRow(6, "Tanpa nama", "Penyedia", (), (), (), "21 November 2026"),
    ),
    pager=Pager(2, None, "/kontak?sebelum=7", "/kontak?sesudah=6"),
    stats=STATS,
    query="maria",
    kinds=CHOICES,
    purposes=CHOICES,
    states=CHOICES,
    standings=CHOICES,
    can_export=True,
    tabs=(Tab("Orang", "/kontak", current=True), Tab("Segmen", "/kontak/segmen")),
    search_help="Nama atau alamat.",
)
NOBODY = c.ContactsView(rows=(), pager=Pager(0, 0))
TWINS = replace(CONTACTS, can_merge=True, twins=(c.TwinRow(3, "Maria", 7, "Maria", "alamat yang sama"),))
NO_TWINS = replace(CONTACTS, can_merge=True, twins=())
BARRED = c.SuppressionRow(
    4,
    "Surel",
    "Perintah hukum",
    "surat 440/1",
    "22 November 2026",
    "Yuliana",
    "Maria",
    "/kontak/7",
    "/buka/4",
    "",
    needs_document=True,
)
LOCKED = replace(
    BARRED, id=5, reason="Data dihapus", lift_href="", locked="Tidak dapat dibuka.", contact="", contact_href=""
)
SUPPRESSIONS = c.SuppressionsView(
    rows=(BARRED, LOCKED, replace(BARRED, id=6, needs_document=False)),
    pager=Pager(3, 3),
    reasons=CHOICES,
    by_hand=CHOICES,
    lift_reasons=CHOICES,
    can_add=True,
    found=c.Found("Alamat itu ada di daftar henti.", hit=True),
    errors=(("alamat", "Ini bukan alamat."), ("surat-4", "Tulis nomornya."), ("cari", "Ini bukan alamat.")),
    note="diminta lewat loket",
)
NONE_BARRED = c.SuppressionsView(rows=(), pager=Pager(0, 0), reasons=())
CONTACT = c.ContactView(
    id=7,
    name="Maria Tamonob",
    standing=(("Di daftar henti", "bad"),),
    facts=(("Nomor kontak", "7"), ("Jenis", "Masyarakat")),
    addresses=(("Surel", "maria@surel.example", "dikonfirmasi 22 November 2026"),),
    preferences=(("Topik", "Kerajinan"), ("Jeda", "tidak")),
    consents=(
        c.ConsentNowRow(
            "promotional", "Promosi", "Disetujui", "ok", "22 November 2026", "Ps. 20(2)a", can_withdraw=True
        ),
        c.ConsentNowRow("sosialisasi", "Sosialisasi", "Belum ditanya", "idle", "", "Ps. 20(2)e", "tugas publik"),
    ),
    lines=(
        c.LedgerLineView(
            9, "Promosi", "Disetujui", "22 November 2026", ("Lewat formulir",), ("Saya setuju.", "Dasar: Ps. 20")
        ),
        c.LedgerLineView(8, "Buletin", "Dicabut", "21 November 2026", ("Lewat petugas",)),
    ),
    lines_total=3,
    messages=(
        c.MessageRow(1, "Tenun", "/kampanye/1", "Promosi", "delivered", "tadi", ("Diizinkan",), "2 klik", "/surat/1"),
        c.MessageRow(2, "Kopi", "/kampanye/2", "Buletin", "skipped", "tadi", ("Tidak dikirim: dicabut (Ps. 40)",)),
    ),
    older_href="/kontak/7?sesudah=1",
    newest_href="/kontak/7",
    orders=(("ORD-1", "tadi", "selesai", "Rp350.000"),),
    orders_total=4,
    suppressions=(BARRED,),
    requests=(c.RequestRow("Menghapus data", "Diterima", "batas besok"),),
    merged=("3",),
    receipts=(("Kantara 1.1", "/kontak/7/tanda-terima.json"),),
    withdraw_href="/kontak/7/cabut",
    restrict_href="/kontak/7/batasi",
    merge_href="/kontak/7/gabung",
)
MERGE = c.MergeView(CONTACTS.rows[0], CONTACTS.rows[1:])
MERGE_WRONG = c.MergeView(
    CONTACTS.rows[0], (), number="x", errors=(("lain", "Kontak nomor 9 tidak ada."), ("yakin", "Centang dahulu."))
)
RESTRICTED = replace(CONTACT, restrict_href="", lift_restriction_href="/kontak/7/buka")
ERASED = c.ContactView(
    8, "Data sudah dihapus", (("Dihapus", "idle"),), (("Nomor kontak", "8"),), erased="Dihapus 22 November 2026."
)
