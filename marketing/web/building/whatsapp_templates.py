"""Templat WhatsApp, from rows and what was typed in to the view."""

from collections.abc import Iterable, Iterator, Mapping

from marketing.db.models import WhatsAppTemplate
from marketing.domain.whatsapp_message import TemplateCategory
from marketing.domain.whatsapp_template import SENDABLE, Draft, TemplateState
from marketing.i18n import gettext as _
from marketing.web import paths
from marketing.web.views.parts import Option
from marketing.web.views.whatsapp_templates import DraftForm, WhatsAppTemplateRow

FIELDS = ("nama", "golongan", "pesan", "contoh", "kaki", "tombol", "alamat", "contoh_alamat", "berhenti")


def state_label(state: TemplateState) -> str:
    """Return what a state means to a person."""
    return {
        TemplateState.APPROVED: _("Disetujui"),
        TemplateState.PENDING: _("Diperiksa Meta"),
        TemplateState.REJECTED: _("Ditolak Meta"),
        TemplateState.PAUSED: _("Dijeda Meta"),
        TemplateState.DISABLED: _("Dinonaktifkan Meta"),
        TemplateState.IN_APPEAL: _("Dalam banding"),
        TemplateState.FLAGGED: _("Disetujui, mutunya menurun"),
        TemplateState.LOCKED: _("Dikunci Meta"),
        TemplateState.ARCHIVED: _("Diarsipkan Meta"),
        TemplateState.LIMIT_EXCEEDED: _("Batas jumlah templat tercapai"),
        TemplateState.PENDING_DELETION: _("Sedang dihapus"),
        TemplateState.DELETED: _("Sudah dihapus"),
    }.get(state, _("Keadaannya tidak diketahui; ambil lagi dari Meta"))


def category_label(category: str) -> str:
    """Return what a template is for."""
    return {
        TemplateCategory.MARKETING.value: _("Promosi"),
        TemplateCategory.UTILITY.value: _("Kabar pesanan"),
        "authentication": _("Kode masuk"),
    }.get(category, category)


def rows_of(templates: Iterable[WhatsAppTemplate], *, may_change: bool) -> tuple[WhatsAppTemplateRow, ...]:
    """Return the rows, in the order of the templates."""
    return tuple(
        WhatsAppTemplateRow(
            name=row.name,
            language=row.language,
            category=category_label(row.category),
            state=state_label(row.state),
            usable=row.state in SENDABLE and row.sendable,
            body=row.body,
            notes=tuple(_notes(row)),
            remove_action=paths.whatsapp_template(row.id, "hapus")
            if may_change and row.state is not TemplateState.DELETED
            else "",
        )
        for row in templates
    )


def _notes(row: WhatsAppTemplate) -> Iterator[str]:
    if row.reason:
        yield _("Sebab: {reason}").format(reason=row.reason)
    if row.previous_category and row.previous_category != row.category:
        yield _("Meta mengubah golongannya dari {before}; tarifnya ikut berubah.").format(
            before=category_label(row.previous_category)
        )
    if row.quality in {"yellow", "red"}:
        yield _("Mutunya menurun: penerima memblokir atau melaporkannya. Kirim lebih jarang, kepada yang lebih tepat.")
    if not row.sendable:
        yield _("Siar tidak dapat mengisi semua bagiannya, jadi tidak ditawarkan pada kampanye.")


def draft_of(given: Mapping[str, str]) -> Draft:
    """Return what was typed in as a draft; an unknown category is a marketing one, the stricter."""
    category = given["golongan"]
    return Draft(
        name=given["nama"].strip(),
        language="id",
        category=TemplateCategory(category) if category in set(TemplateCategory) else TemplateCategory.MARKETING,
        body=given["pesan"].replace("\r\n", "\n").strip(),
        examples=tuple(line.strip() for line in given["contoh"].splitlines() if line.strip()),
        footer=given["kaki"].strip(),
        button_text=given["tombol"].strip(),
        url=given["alamat"].strip(),
        url_example=given["contoh_alamat"].strip(),
        leave_text=given["berhenti"].strip(),
    )


def form_of(given: Mapping[str, str], wrong: str = "") -> DraftForm:
    """Return the form with what was typed in; an empty one proposes how people leave."""
    chosen = given.get("golongan", TemplateCategory.MARKETING.value)
    return DraftForm(
        name=given.get("nama", ""),
        body=given.get("pesan", ""),
        examples=given.get("contoh", ""),
        footer=given.get("kaki", ""),
        button=given.get("tombol", ""),
        url=given.get("alamat", ""),
        url_example=given.get("contoh_alamat", ""),
        leave=given.get("berhenti", "" if given else _("Berhenti promosi")),
        categories=tuple(Option(one.value, category_label(one), selected=one == chosen) for one in TemplateCategory),
        wrong=wrong,
    )
