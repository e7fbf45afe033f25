"""Sample views of the templates of WhatsApp."""

from dataclasses import replace

from marketing.web.views.parts import Option
from marketing.web.views.whatsapp_templates import DraftForm, WhatsAppTemplateRow, WhatsAppTemplatesView
from tests.unit.web.samples_shell import SHELL, Sample, nav

_AT = "/kanal/media-sosial/whatsapp-templat"
_FORM = DraftForm(
    categories=(Option("marketing", "Promosi", selected=True), Option("utility", "Kabar pesanan")), leave="Berhenti promosi"
)  # fmt: skip
VIEW = WhatsAppTemplatesView(
    rows=(
        WhatsAppTemplateRow(
            "promo_umkm", "id", "Promosi", "Disetujui", usable=True, body="Halo {{1}}, {{2}} sedang ada potongan harga.",
            remove_action=f"{_AT}/1/hapus",
        ),
        WhatsAppTemplateRow(
            "pesanan_dikirim", "id", "Promosi", "Dijeda Meta", usable=False, body="Pesanan {{1}} sudah dikirim.",
            notes=("Sebab: mutu rendah", "Meta mengubah golongannya dari Kabar pesanan; tarifnya ikut berubah."),
        ),
    ),
    connected=True,
    connect_href="/kanal/media-sosial/whatsapp/hubungkan",
    action=_AT,
    sync_action=f"{_AT}/ambil",
    form=_FORM,
)  # fmt: skip
PAGES = {
    "whatsapp-templat": Sample("whatsapp_templat.html", VIEW, SHELL, nav("channels")),
    "whatsapp-templat-kosong": Sample("whatsapp_templat.html", replace(VIEW, rows=()), SHELL, nav("channels")),
    "whatsapp-templat-tanpa-nomor": Sample(
        "whatsapp_templat.html",
        replace(VIEW, rows=(), connected=False, action="", sync_action="", form=DraftForm()),
        SHELL,
        nav("channels"),
    ),
    "whatsapp-templat-salah": Sample(
        "whatsapp_templat.html",
        replace(VIEW, form=replace(_FORM, name="Promo", wrong="Nama templat hanya boleh huruf kecil.")),
        SHELL,
        nav("channels"),
    ),
}
