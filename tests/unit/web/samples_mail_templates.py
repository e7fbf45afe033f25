"""Sample views of the templates of e-mails."""

from dataclasses import replace

from marketing.web.views.mail_templates import (
    DiffPart,
    DiffView,
    TemplateRow,
    TemplatesView,
    TemplateView,
    VersionRow,
)
from marketing.web.views.preview import LookLink, MailFinding
from tests.unit.web.samples_shell import SHELL, Sample, nav

_AT = "/surel/templat/promotional/diskon"
LOOKS = (
    LookLink("Terang", f"{_AT}/2/pratinjau.html?rupa=terang"),
    LookLink("Gelap", f"{_AT}/2/pratinjau.html?rupa=gelap"),
)
TEMPLATES = TemplatesView(
    (
        TemplateRow("Promosi", "Potongan harga", "versi 2", _AT, own=True),
        TemplateRow("Transaksi", "Faktur", "bawaan Siar", "/surel/templat/transactional/faktur"),
    )
)
TEMPLATE = TemplateView(
    kind="Promosi",
    name="Potongan harga",
    standing="versi 2",
    action=_AT,
    restore_action=f"{_AT}/pulihkan",
    show_action=f"{_AT}/pratinjau.html",
    frame_href=f"{_AT}/2/pratinjau.html",
    looks=LOOKS,
    versions=(
        VersionRow(
            "versi 2", "22 November 2026 09.00 WITA", "Yuliana", "salam khas", f"{_AT}/beda?dari=1&ke=2", f"{_AT}?versi=2",
            number=2, current=True,
        ),
        VersionRow("versi 1", "21 November 2026", "baris perintah", "", f"{_AT}/beda?dari=0&ke=1", number=1, may_restore=True),
        VersionRow("bawaan Siar", "", "Siar", "", open_href=f"{_AT}?versi=0", may_restore=True),
    ),
    mjml="<mjml>\n  <mj-body></mj-body>\n</mjml>\n",
    text="Halo {{ recipient_name }}\n",
    shown="versi 2",
    can_edit=True,
    findings=(MailFinding("Kalimat pengantar kosong.", line=3), MailFinding("Tautan tidak lengkap.", grave=True)),
    text_part="Halo Maria",
    headers=(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),),
    is_own=True,
)  # fmt: skip
DIFF = DiffView(
    "Potongan harga",
    _AT,
    "versi 1",
    "versi 2",
    (DiffPart("MJML", (("@", "@@ -1,2 +1,2 @@"), ("", "<mjml>"), ("-", "lama"), ("+", "baru"))), DiffPart("Teks", ())),
)
_WRITTEN = replace(TEMPLATE, frame_href="", checked=True, shown="yang sedang Anda tulis")
PAGES = {
    "surel-templat": Sample("surel_templat.html", TEMPLATES, SHELL, nav("channels")),
    "surel-templat-satu": Sample("surel_templat_satu.html", TEMPLATE, SHELL, nav("channels")),
    "surel-templat-lihat": Sample("surel_templat_satu.html", replace(TEMPLATE, can_edit=False), SHELL, nav("channels")),
    "surel-templat-baik": Sample("surel_templat_satu.html", _WRITTEN, SHELL, nav("channels")),
    "surel-templat-ditolak": Sample(
        "surel_templat_satu.html",
        replace(_WRITTEN, refused=(("mjml", "MJML, baris 9: variabel “nama” tidak ada"),), findings=()),
        SHELL,
        nav("channels"),
    ),
    "surel-templat-beda": Sample("surel_templat_beda.html", DIFF, SHELL, nav("channels")),
}
