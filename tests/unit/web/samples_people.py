"""Sample views of subscribing and of the preference centre."""

from dataclasses import replace

from marketing.web.views import preferences as w
from marketing.web.views import subscribe as s
from marketing.web.views.parts import Option

TOLD = ("Dasar hukum: persetujuan Anda.", "Tujuan: memberi tahu Anda produk baru.")
BOXES = (
    s.Box("promotional", "Promosi produk UMKM", "Ya, kirimi saya promosi.", TOLD, "promotional|2026-1|id"),
    s.Box("newsletter", "Buletin UMKM", "Ya, kirimi saya buletin.", TOLD, "newsletter|2026-1|id"),
)
ON = tuple(replace(box, checked=True) for box in BOXES)
TOPICS = (Option("kerajinan", "Kerajinan"), Option("fesyen", "Fesyen", selected=True))
FORM = s.FormView(
    "Dinas Perindagkop UMKM",
    "Kab. TTS",
    "/langganan/tts",
    "/langganan/tts?bahasa=en",
    BOXES,
    TOPICS,
    "abc.def.123",
    "id",
    home_href="/galeri/tts",
)
MEND = replace(
    FORM,
    boxes=ON,
    email="maria@",
    name="Maria",
    again="Formulir terkirim terlalu cepat.",
    wrong_email="Alamat surel belum benar.",
    wrong_purpose="Centang paling sedikit satu.",
)
ASKED = s.AskedView("maria@surel.example", "/langganan/tts")
CONFIRM = s.ConfirmView("ask", "m***@surel.example", "/d/abc", BOXES)
CONFIRMED = s.ConfirmView("done", "m***@surel.example", "", BOXES, preferences_href="/p/abc")
POSTER = s.PosterView(
    "https://umkm.example/langganan/tts",
    "umkm.example/langganan/tts",
    "Dinas Perindagkop UMKM",
    "/langganan/tts",
    "/langganan/tts/poster.svg",
    "/langganan/tts/poster.png",
)
PREFERENCES = w.PreferencesView(
    "m***@surel.example",
    "/p/abc",
    ON,
    (s.Box("whatsapp_marketing", "Kabar lewat WhatsApp", "Ya, lewat WhatsApp.", TOLD, "whatsapp_marketing|2026-1|id"),),
    TOPICS,
    (Option("", "Seperti biasa", selected=True), Option("1", "Paling banyak seminggu sekali")),
    (Option("id", "Bahasa Indonesia", selected=True), Option("en", "English")),
    "2026-12-31",
    "2026-11-23",
)
PREFERENCES_WRONG = replace(
    PREFERENCES,
    phone_boxes=(),
    standing=("Anda sudah berhenti dari semua.",),
    wrong_pause="Tanggal belum dapat dibaca.",
    wrong="Teks persetujuan baru saja berubah.",
)
