"""Views of imports out of their jobs. Pure."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from marketing.contacts.importing.columns import CONSENT_PREFIX, Field, Headings, fields
from marketing.contacts.importing.counts import Counts
from marketing.contacts.importing.jobs import Preview, may_start
from marketing.contacts.importing.state import OPEN, JobState
from marketing.contacts.purpose_words import purpose_title
from marketing.db.models import ImportJob
from marketing.domain.types import Purpose
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.words import moment_text, number_text
from marketing.web.views.imports import ColumnChoice, ImportRow, ImportView
from marketing.web.views.parts import Option

COLUMN = "kolom-"
UNSET = ""


def import_row(job: ImportJob, profile: TenantProfile) -> ImportRow:
    """Return one import for the list."""
    return ImportRow(job.id, job.file_name, moment_text(job.created_at, profile), state_words(job), _summary(job))


def import_view(
    job: ImportJob, preview: Preview | None, *, error: str = "", chosen: Mapping[str, str] | None = None
) -> ImportView:
    """Return the page of one import; `chosen` is what a person picked that did not fit."""
    counts, startable = Counts.of(job.counts), may_start(job)
    step: Literal["map", "running", "ended"] = "running" if job.state in OPEN else "map" if startable else "ended"
    return ImportView(
        id=job.id,
        name=job.file_name,
        state=state_words(job),
        step=step,
        figures=_figures(counts) if job.state != JobState.DRAFT and counts.rows else (),
        columns=_columns(preview, job, chosen) if preview is not None else (),
        headings=preview.written if preview is not None else (),
        rows=preview.rows if preview is not None else (),
        tried=startable and job.state == JobState.DONE,
        done=counts.rows,
        total=counts.total,
        progress=_progress(counts),
        error=error or job.error,
        errors_href=paths.contact_import(job.id, "galat.csv")
        if counts.remarks and Path(job.errors_path).is_file()
        else "",
        result=_result(job, counts),
    )


def mapping_of(form: Mapping[str, str], headings: tuple[str, ...]) -> dict[str, str]:
    """Return the mapping that a person chose, column by column."""
    chosen: dict[str, str] = {}
    for place, heading in enumerate(headings):
        field = form.get(f"{COLUMN}{place}", UNSET)
        if heading and field:
            chosen[heading] = field
    return chosen


def state_words(job: ImportJob) -> str:
    """Return where an import stands, in words."""
    if job.dry_run and job.state == JobState.DONE:
        return _("Sudah dihitung, belum diimpor")
    return {
        JobState.DRAFT: _("Menunggu arti kolom"),
        JobState.WAITING: _("Menunggu giliran"),
        JobState.RUNNING: _("Sedang dihitung") if job.dry_run else _("Sedang diimpor"),
        JobState.DONE: _("Selesai"),
        JobState.FAILED: _("Gagal"),
        JobState.CANCELLED: _("Dibatalkan"),
    }[JobState(job.state)]


def _columns(preview: Preview, job: ImportJob, chosen: Mapping[str, str] | None) -> tuple[ColumnChoice, ...]:
    meant = _meant(preview.headings) | dict(job.mapping) | dict(chosen or {})
    return tuple(
        ColumnChoice(
            name=f"{COLUMN}{place}",
            heading=heading,
            options=tuple(
                Option(field, label, selected=field == meant.get(heading, UNSET)) for field, label in _choices()
            ),
            unclear=heading in preview.headings.unclear and heading not in (chosen or {}),
        )
        for place, heading in enumerate(preview.written)
        if heading
    )


def _meant(headings: Headings) -> dict[str, str]:
    found = {column.heading: str(column.field) for column in headings.columns}
    return found | dict.fromkeys(headings.unknown, Field.IGNORED.value)


def _choices() -> tuple[tuple[str, str], ...]:
    labels = {
        Field.ID.value: _("ID di daftar ini"),
        Field.NAME.value: _("Nama"),
        Field.EMAIL.value: _("Surel"),
        Field.PHONE.value: _("HP atau WhatsApp"),
        Field.TELEGRAM.value: _("Telegram"),
        Field.KIND.value: _("Jenis"),
        Field.LANGUAGE.value: _("Bahasa"),
        Field.ZONE.value: _("Zona waktu"),
        Field.KECAMATAN.value: _("Kecamatan"),
        Field.TOPICS.value: _("Topik atau minat"),
        Field.CONSENT.value: _("Persetujuan: daftar tujuan"),
        Field.CONSENT_AT.value: _("Waktu persetujuan"),
        Field.WORDING.value: _("Versi kalimat persetujuan"),
        Field.SOURCE.value: _("Sumber persetujuan"),
        Field.IGNORED.value: _("Tidak dipakai"),
    }
    named = [(name, labels[name]) for name in fields() if name in labels]
    consents = [
        (
            name,
            _("Setuju (ya/tidak): {purpose}").format(purpose=purpose_title(Purpose(name.removeprefix(CONSENT_PREFIX)))),
        )
        for name in fields()
        if name.startswith(CONSENT_PREFIX)
    ]
    return ((UNSET, _("Tentukan…")), *named, *consents)


def _figures(counts: Counts) -> tuple[tuple[str, str], ...]:
    return (
        (_("Baris"), number_text(counts.rows)),
        (_("Baru"), number_text(counts.new)),
        (_("Berubah"), number_text(counts.changed)),
        (_("Tetap"), number_text(counts.unchanged)),
        (_("Ditolak"), number_text(counts.refused)),
        (_("Persetujuan dicatat"), number_text(counts.consents)),
    )


def _progress(counts: Counts) -> str:
    if counts.total:
        return _("{done} dari {total} baris").format(done=number_text(counts.rows), total=number_text(counts.total))
    return _("{done} baris").format(done=number_text(counts.rows))


def _summary(job: ImportJob) -> str:
    counts = Counts.of(job.counts)
    if job.state == JobState.DRAFT or not counts.rows:
        return job.error or "–"
    return _("{rows} baris, {new} baru, {refused} ditolak").format(
        rows=number_text(counts.rows), new=number_text(counts.new), refused=number_text(counts.refused)
    )


def _result(job: ImportJob, counts: Counts) -> str:
    if job.state == JobState.CANCELLED:
        return _("Impor dibatalkan. Yang sudah masuk sebelum itu tetap ada.")
    if job.state != JobState.DONE:
        return ""
    if job.dry_run:
        return _("Belum ada yang diubah. Beginilah hasilnya bila diimpor.")
    if not counts.rows:
        return _("Tidak ada baris di bawah judul kolom.")
    return _("Selesai. Berkas yang diunggah sudah dihapus.")
