"""One person, from facts to the page: what holds now, what was said and when, and why each message went or not."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from marketing.contacts.purpose_words import purpose_title
from marketing.contacts.request_words import kind_title
from marketing.db.models import Contact
from marketing.domain.consent import ConsentState
from marketing.domain.consent_receipt import lawful_basis
from marketing.domain.data_rights import RightKind
from marketing.domain.message import MessageState
from marketing.domain.money import format_rupiah
from marketing.domain.permission import PUBLIC_TASK
from marketing.domain.types import Purpose
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.audience import kind_label
from marketing.web.building.contacts import channel_word, consent_label, consent_tone, masked_address
from marketing.web.building.reasons import failure_label, skip_label
from marketing.web.building.why import source_words
from marketing.web.building.words import day_text, moment_text, number_text
from marketing.web.queries.contact import LineFacts, MessageFacts, OrderFacts, RequestFacts
from marketing.web.views.contacts import ConsentNowRow, LedgerLineView, MessageRow, RequestRow
from marketing.web.views.states import category_label, email_type_label

_WAITING = (MessageState.QUEUED, MessageState.DEFERRED, MessageState.SENDING)
_CATEGORIES = frozenset({"makanan_olahan", "minuman", "kerajinan", "fesyen", "pertanian", "jasa", "lainnya"})


def facts_of(contact: Contact, profile: TenantProfile) -> tuple[tuple[str, str], ...]:
    """Return who the person is to us."""
    source = f"{contact.source} · {contact.external_id}"
    known = (
        (_("Nomor kontak"), str(contact.id)),
        (_("Jenis"), kind_label(contact.kind)),
        (_("Kecamatan"), contact.kecamatan),
        (_("Asal data"), source),
        (_("Dikenal sejak"), moment_text(contact.created_at, profile)),
        (_("Dibatasi sejak"), moment_text(contact.restricted_at, profile)),
    )
    return tuple((label, value) for label, value in known if value)


def addresses_of(contact: Contact, profile: TenantProfile, *, whole: bool) -> tuple[tuple[str, str, str], ...]:
    """Return channel, address and whether its owner confirmed it; masked for roles that need not know it."""
    return tuple(
        (
            channel_word(one.channel),
            one.normalised if whole else masked_address(one.channel, one.normalised),
            _("dikonfirmasi {day}").format(day=day_text(one.confirmed_at, profile))
            if one.confirmed_at
            else _("belum dikonfirmasi pemiliknya"),
        )
        for one in contact.addresses
    )


def preferences_of(contact: Contact, profile: TenantProfile, now: datetime) -> tuple[tuple[str, str], ...]:
    """Return the person's own wishes."""
    topics = [str(topic) for topic in contact.preferences.get("categories", ())]
    paused = contact.paused_until if contact.paused_until and contact.paused_until > now else None
    weekly = contact.weekly_limit
    return (
        (_("Topik"), ", ".join(category_label(one) if one in _CATEGORIES else one for one in topics) or _("semua")),
        (_("Bahasa"), {"id": "Indonesia", "en": "English"}.get(contact.locale, contact.locale)),
        (_("Zona waktu"), contact.zone),
        (_("Jeda"), _("sampai {day}").format(day=moment_text(paused, profile)) if paused else _("tidak")),
        (
            _("Batas sendiri"),
            ngettext("paling banyak {n} per pekan", "paling banyak {n} per pekan", weekly).format(n=number_text(weekly))
            if weekly is not None
            else _("tidak ada"),
        ),
    )


def consents_of(
    lines: Sequence[LineFacts], contact_id: int, profile: TenantProfile, outdated: Iterable[Purpose], *, may_act: bool
) -> tuple[ConsentNowRow, ...]:
    """Return what holds per purpose: the newest line of this contact, none where nothing was said."""
    newest: dict[Purpose, LineFacts] = {}
    for line in lines:  # newest first
        if line.contact_id == contact_id:
            newest.setdefault(line.purpose, line)
    old = set(outdated)
    return tuple(_now(purpose, newest.get(purpose), profile, purpose in old, may_act=may_act) for purpose in Purpose)


def line_view(line: LineFacts, contact_id: int, profile: TenantProfile) -> LedgerLineView:
    """Return one line of the ledger: when, on which words, through what, entered by whom."""
    recorded = moment_text(line.recorded_at, profile)
    when = moment_text(line.at, profile)
    details = [
        _("Lewat {source}").format(source=source_of(line.source)),
        _("Kanal {channel}").format(channel=line.channel) if line.channel else "",
        _("Teks versi {version} ({language})").format(version=line.wording, language=line.language or "–")
        if line.wording
        else "",
        _("Dicatat {time}").format(time=recorded) if recorded != when else "",
        _("Dicatat oleh {name}").format(name=line.who) if line.who else "",
        _("Dikonfirmasi lewat tautan surel") if line.evidence.get("doi_confirmed_at") else "",
        _("Pindaian kertas {scan}").format(scan=line.evidence["scan"]) if line.evidence.get("scan") else "",
        _("Catatan: {note}").format(note=line.evidence["note"]) if line.evidence.get("note") else "",
        _("Tercatat pada kontak nomor {n}, yang digabung ke sini").format(n=line.contact_id)
        if line.contact_id != contact_id
        else "",
    ]
    shown = [part for part in line.text.splitlines() if part.strip()]
    if line.wording and not shown:
        details.append(_("Bunyi teksnya tidak tersimpan di Siar: ditampilkan oleh sistem lain"))
    return LedgerLineView(
        id=line.id,
        title=purpose_title(line.purpose),
        label=consent_label(line.state),
        when=when,
        details=tuple(part for part in details if part),
        wording=tuple(shown),
    )


def source_of(source: str) -> str:
    """Return where a decision was made, told to the staff."""
    own = {
        "petugas": _("petugas, atas permintaan orangnya"),
        "permintaan": _("permintaan hak"),
        "penghapusan": _("penghapusan data"),
    }
    return own.get(source) or source_words(source)


def message_row(one: MessageFacts, profile: TenantProfile, *, reads_mail: bool) -> MessageRow:
    """Return one message and why it went or not."""
    clicks = ngettext("{n} klik manusia", "{n} klik manusia", one.clicks).format(n=number_text(one.clicks))
    return MessageRow(
        id=one.id,
        campaign=one.campaign,
        campaign_href=paths.campaign(one.campaign_id),
        type_label=email_type_label(one.purpose or one.email_type),
        state=one.state,
        when=moment_text(one.settled_at or one.queued_at, profile),
        why=tuple(_why(one, profile)),
        clicks=clicks if one.clicks else "",
        href=paths.mail(one.id) if reads_mail else "",
    )


def order_row(one: OrderFacts, profile: TenantProfile) -> tuple[str, str, str, str]:
    """Return number, time, state and sum of an order; the state as the catalogue names it."""
    return one.number, moment_text(one.placed_at, profile), one.status, format_rupiah(one.total)


def request_row(one: RequestFacts, profile: TenantProfile) -> RequestRow:
    """Return what the person asked of their data, with its hour."""
    known = one.kind in set(RightKind)
    words = {
        "received": _("Diterima"),
        "in_progress": _("Sedang dikerjakan"),
        "done": _("Selesai"),
        "refused": _("Ditolak"),
    }
    done = (
        _("selesai {time}").format(time=moment_text(one.done_at, profile))
        if one.done_at
        else _("batas {time}").format(time=moment_text(one.due_at, profile))
    )
    asked = _("diminta {time}").format(time=moment_text(one.received_at, profile))
    title = kind_title(RightKind(one.kind)) if known else one.kind
    return RequestRow(title, words.get(one.state, one.state), f"{asked}, {done}")


def _now(
    purpose: Purpose,
    line: LineFacts | None,
    profile: TenantProfile,
    outdated: bool,
    *,
    may_act: bool,
) -> ConsentNowRow:
    state = line.state if line else ConsentState.NONE
    given = state == ConsentState.GIVEN
    public = purpose is Purpose.SOSIALISASI and state == ConsentState.NONE
    note = _("tugas publik: tanpa persetujuan, sampai orangnya keberatan") if public else ""
    if given and outdated:
        note = _("teksnya sudah tidak berlaku: minta persetujuan baru sebelum mengirim")
    return ConsentNowRow(
        value=purpose,
        title=purpose_title(purpose),
        label=consent_label(state),
        tone="warn" if given and outdated else consent_tone(state),
        since=moment_text(line.at, profile) if line else "",
        basis=lawful_basis(purpose),
        note=note,
        can_withdraw=may_act
        and state not in (ConsentState.WITHDRAWN, ConsentState.REFUSED)
        and (given or public or line is not None),
    )


def _why(one: MessageFacts, profile: TenantProfile) -> Iterable[str]:
    if one.state is MessageState.SKIPPED:
        article = f" ({one.article})" if one.article else ""
        yield _("Tidak dikirim: {reason}").format(reason=f"{skip_label(one.reason)}{article}")
        return
    if one.reason:
        yield failure_label(one.reason, one.detail)
    if one.state in _WAITING:
        if one.not_before is not None:
            yield _("Menunggu sampai {time}").format(time=moment_text(one.not_before, profile))
        yield _("Izinnya diputuskan sekali lagi saat akan dikirim")
        return
    if one.purpose is None:
        yield _("Pesanan orang ini sendiri (UU 27/2022 Ps. 20(2)b)")
    elif one.purpose in PUBLIC_TASK:
        yield _("Tugas Dinas terhadap usaha terdaftar (UU 27/2022 Ps. 20(2)e); ia tidak berkeberatan")
    elif one.consent_line is not None:
        yield _("Diizinkan oleh baris {n} buku besar (UU 27/2022 Ps. 20(2)a)").format(n=one.consent_line)
    else:
        yield _("Baris persetujuannya tidak tercatat pada pesan ini")
