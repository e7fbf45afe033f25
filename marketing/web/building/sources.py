"""Sources and their pulls, from facts to pages and to the file of what was set aside."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from catalog_sync.contract import Kind
from catalog_sync.contract import SetAside as AsideRecord
from catalog_sync.rehearsal import Change, Rehearsed
from catalog_sync.runs import FAILED, RUNNING
from catalog_sync.sources.base import SourceFormat
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.tenants.profile import TenantProfile
from marketing.web.building import csv_file
from marketing.web.building.catalog import set_aside_rows
from marketing.web.building.words import length_text, moment_text, number_text
from marketing.web.queries.catalog import SetAsideFacts
from marketing.web.queries.sources import AsideFacts, RunFacts, SourceFacts
from marketing.web.source_form import FORMATS, is_outside
from marketing.web.views.catalog import SetAsideRow
from marketing.web.views.parts import Option
from marketing.web.views.sources import ChangeRow, RehearsalView, RunRow, SourceCard

SHOWN_CHANGES, SHOWN_ASIDE = 100, 50
TOLD = (Kind.BUSINESS.value, Kind.PRODUCT.value)
NONE = "–"


def format_label(name: str) -> str:
    """Return what people call a format of catalogues."""
    return {
        SourceFormat.CONTRACT: _("Katalog siar-catalog/1"),
        SourceFormat.WOOCOMMERCE: _("Toko WooCommerce"),
        SourceFormat.SPREADSHEET: _("Spreadsheet (CSV, XLSX)"),
        SourceFormat.SQL: _("Basis data (SQL)"),
        SourceFormat.MERCHANT_FEED: _("Umpan Google Merchant (RSS, Atom)"),
    }.get(SourceFormat(name), name)


def format_options(chosen: str) -> tuple[Option, ...]:
    """Return the formats that the form may connect."""
    return tuple(Option(one.value, format_label(one), selected=one == chosen) for one in FORMATS)


def card_of(
    source: SourceFacts, profile: TenantProfile, now: datetime, *, configured: bool, minutes: int
) -> SourceCard:
    """Return one source; a configured one is pulled every `minutes` by the settings."""
    last = source.runs[0] if source.runs else None
    withheld = int(last.counts.get("withheld", 0)) if last else 0
    gone = not configured and not source.format
    often = source.minutes if not configured else minutes
    facts = [
        (_("Bentuk"), format_label(source.format) if source.format else NONE),
        (_("Alamat"), source.location or NONE),
        (_("Diambil sendiri"), often_text(often)),
        (_("Pengambilan berikutnya"), _due(source, profile, now, configured=configured)),
        (_("Produk di katalog"), number_text(source.products)),
        (_("Pengambilan terakhir"), last_text(last, profile)),
    ]
    return SourceCard(
        name=source.name,
        kind="settings" if configured else "gone" if gone else "web" if is_outside(source.location) else "cli",
        state=last.state if last else "",
        facts=tuple(facts[4:] if gone else facts),
        runs=tuple(run_row(run, profile) for run in source.runs),
        error=last.error if last and last.state == FAILED else "",
        withheld=ngettext(
            "{n} produk tidak ada lagi di sumber tetapi belum dihapus, karena sebagian besar katalog akan hilang.",
            "{n} produk tidak ada lagi di sumber tetapi belum dihapus, karena sebagian besar katalog akan hilang.",
            withheld,
        ).format(n=number_text(withheld))
        if withheld
        else "",
        command=shlex.join(["siar", "sync", "--tenant", profile.id, "--source", source.name, "--delete-many"]),
    )


def often_text(minutes: int | None) -> str:
    """Return how often a source is pulled."""
    if minutes is None:
        return _("bila diminta saja")
    return ngettext("tiap {n} menit", "tiap {n} menit", minutes).format(n=number_text(minutes))


def last_text(run: RunFacts | None, profile: TenantProfile) -> str:
    """Return when the last pull was and how long it took."""
    if run is None:
        return _("belum pernah")
    if run.finished_at is None:
        return _("berjalan sejak {time}").format(time=moment_text(run.started_at, profile))
    return _("{time}, selama {length}").format(
        time=moment_text(run.started_at, profile), length=length_text(run.finished_at - run.started_at)
    )


def run_row(run: RunFacts, profile: TenantProfile) -> RunRow:
    """Return one pull of the history."""

    def count(name: str) -> str:
        return number_text(int(run.counts[name])) if name in run.counts else NONE

    withheld = int(run.counts.get("withheld", 0))
    said = _("{n} tidak jadi dihapus").format(n=number_text(withheld)) if withheld else ""
    changes_only = _("hanya yang berubah") if run.partial else ""
    return RunRow(
        id=run.id,
        when=moment_text(run.started_at, profile),
        state=run.state,
        length=length_text(run.finished_at - run.started_at) if run.finished_at and run.state != RUNNING else NONE,
        new=count("new"),
        changed=count("changed"),
        unchanged=count("unchanged"),
        deleted=count("deleted"),
        set_aside=number_text(max(run.kept, int(run.counts.get("set_aside", 0)))),
        has_list=run.kept > 0,
        note="; ".join(part for part in (run.error, said, changes_only) if part),
    )


def rehearsal_view(name: str, found: Rehearsed, asked: str) -> RehearsalView:
    """Return what a pull would change."""
    held: dict[str, int] = {}
    for change in found.changes:
        for code in change.reasons:
            held[code] = held.get(code, 0) + 1
    owners = found.by_kind[Kind.BUSINESS.value]
    total = sum(found.by_kind[kind].new + found.by_kind[kind].changed + found.by_kind[kind].deleted for kind in TOLD)
    more = max(total, len(found.changes)) - SHOWN_CHANGES
    aside_more = len(found.set_aside) - SHOWN_ASIDE
    stats = (
        (_("Baru"), found.new, _("produk")),
        (_("Berubah"), found.changed, _("produk")),
        (_("Tetap"), found.unchanged, _("produk")),
        (_("Dihapus"), found.deleted, _("produk yang tidak ada lagi di sumber")),
        (_("UMKM"), owners.new + owners.changed + owners.deleted, _("baru, berubah atau dihapus")),
        (_("Disisihkan"), len(found.set_aside), _("catatan yang tidak dapat dibaca")),
        (_("Produk sesudahnya"), found.total, _("dari semua sumber")),
        (_("Boleh dipromosikan"), found.promotable, _("sesudah pengambilan, dari semua sumber")),
    )
    return RehearsalView(
        source=name,
        asked=asked,
        stats=tuple((label, number_text(number), note) for label, number, note in stats),
        held_by=tuple((code, number_text(number)) for code, number in sorted(held.items())),
        changes=tuple(_change_row(change) for change in found.changes[:SHOWN_CHANGES]),
        more=_("dan {n} lagi").format(n=number_text(more)) if more > 0 else "",
        set_aside=aside_rows(_aside_facts(found.set_aside[:SHOWN_ASIDE])),
        set_aside_more=_("dan {n} lagi").format(n=number_text(aside_more)) if aside_more > 0 else "",
    )


def aside_rows(found: Iterable[AsideFacts]) -> tuple[SetAsideRow, ...]:
    """Return set-aside records as the list shows them."""
    return set_aside_rows([SetAsideFacts(one.kind, one.external_id, one.reason) for one in found])


def kind_options(kinds: Sequence[str], chosen: str) -> tuple[Option, ...]:
    """Return the kinds of record to narrow a list to."""
    named = aside_rows([AsideFacts(0, kind, "", "") for kind in kinds])
    return (
        Option("", _("Semua jenis"), selected=not chosen),
        *(Option(kind, row.kind, selected=kind == chosen) for kind, row in zip(kinds, named, strict=True)),
    )


def aside_lines(found: Iterable[AsideFacts]) -> Iterator[str]:
    """Return the file of what was set aside: which record, what kind, why."""
    yield csv_file.first_line(_("Jenis"), _("Catatan"), _("Alasan"))
    for one in found:
        (row,) = aside_rows([one])
        yield csv_file.line(row.kind, one.external_id, row.reason)


def _due(source: SourceFacts, profile: TenantProfile, now: datetime, *, configured: bool) -> str:
    waits = source.not_before if source.not_before and source.not_before > now else None
    if configured:
        return (
            _("sesudah {time}: katalog minta jeda").format(time=moment_text(waits, profile))
            if waits
            else _("menurut jadwal setelan")
        )
    if source.minutes is None:
        return NONE
    return moment_text(waits, profile) if waits else _("segera")


def _aside_facts(found: Iterable[AsideRecord]) -> Iterator[AsideFacts]:
    return (AsideFacts(0, str(one.kind), one.external_id, one.reason) for one in found)


def _change_row(change: Change) -> ChangeRow:
    kinds: Mapping[str, str] = {"product": _("Produk"), "business": _("UMKM")}
    what = {"new": _("Baru"), "changed": _("Berubah"), "deleted": _("Dihapus"), "affected": _("Terdampak usahanya")}
    held = change.promotable is False
    verdict = ""
    if change.promotable is not None:
        verdict = _("tertahan: {codes}").format(codes=", ".join(change.reasons)) if held else _("boleh dipromosikan")
    return ChangeRow(
        kind=kinds.get(change.kind, change.kind),
        external_id=change.id,
        what=what.get(change.what, change.what),
        title=change.name or change.id,
        differing=", ".join(_fields(change.fields)),
        verdict=verdict,
        held=held,
    )


def _fields(names: Iterable[str]) -> Iterator[str]:
    known: Mapping[str, str] = {
        "name": _("nama"),
        "description": _("keterangan"),
        "category": _("kategori"),
        "kind": _("jenis"),
        "price": _("harga"),
        "unit": _("satuan"),
        "stock": _("stok"),
        "weight_gram": _("berat"),
        "min_order": _("pesanan terkecil"),
        "how_to_order": _("cara memesan"),
        "permits": _("izin"),
        "halal_status": _("halal"),
        "halal_number": _("nomor halal"),
        "sale": _("diskon"),
        "bundle_of": _("isi paket"),
        "verification_status": _("verifikasi"),
        "verified_by": _("pemeriksa"),
        "verified_at": _("waktu verifikasi"),
        "role": _("peran"),
        "scale": _("skala"),
        "nib": _("NIB"),
        "is_binaan": _("binaan"),
        "domicile_region": _("wilayah domisili"),
        "domicile_kecamatan": _("kecamatan"),
        "nik_hash": _("NIK pemilik"),
        "nik_verified": _("verifikasi NIK"),
        "address": _("alamat"),
        "phone": _("telepon"),
        "email": _("surel"),
        "website": _("situs web"),
        "marketplace_urls": _("tautan lokapasar"),
        "joined_group": _("kelompok"),
    }
    return (known.get(name, name) for name in names)
