"""Why a mail came, told to the person it went to: the line of the ledger, the text, the audience, the decision, the sender."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marketing.contacts.unsubscribe import purpose_name
from marketing.db.models import ConsentRecord
from marketing.delivery.archive import Archived, masked
from marketing.delivery.mail_context import why_text
from marketing.domain.calendar_id import format_datetime_id
from marketing.domain.campaign import CampaignContent
from marketing.domain.consent import ConsentState
from marketing.domain.consent_wording import Wording
from marketing.domain.message import MessageState
from marketing.domain.permission import PUBLIC_TASK, FrequencyCap
from marketing.domain.types import Purpose
from marketing.i18n import gettext as _
from marketing.templates.context.order_mail import order_why
from marketing.web.building.audience import audience_label
from marketing.web.building.reasons import skip_label
from marketing.web.views.public import WhyView


@dataclass(frozen=True, slots=True)
class Ground:
    """What the decision rested on: the line of the ledger, and its text where it is one of ours."""

    line: ConsentRecord | None
    wording: Wording | None


@dataclass(frozen=True, slots=True)
class Exits:
    """Where the page leads on; empty where there is nothing to lead to."""

    unsubscribe: str
    preferences: str
    receipt: str


def why_view(
    archived: Archived, content: CampaignContent, ground: Ground, exits: Exits, segments: Mapping[int, str]
) -> WhyView:
    """Return the page of one message; `segments` says what the Daerah's segments are called."""
    purpose = archived.campaign.purpose
    profile = archived.profile
    of_order = purpose is None and bool(archived.message.context)
    readers = (
        _("Pembeli dan UMKM dalam pesanan {number}").format(number=archived.message.context["number"])
        if of_order
        else audience_label(content.audience, purpose or archived.campaign.email_type, segments)
    )
    return WhyView(
        type_label=purpose_name(purpose),
        address=masked(archived.contact.address),
        basis=order_why(archived.message.context) if of_order else why_text(content, profile),
        law=_law(purpose),
        decision=tuple(_decision(archived)),
        letterhead=profile.letterhead,
        officer=profile.dpo.name or profile.dpo.title,
        facts=(
            (_("Penerima surat ini"), readers),
            *_consent_facts(ground.line, profile.zone),
        ),
        wording=tuple(line for line in ground.wording.text.splitlines() if line.strip()) if ground.wording else (),
        unsubscribe_href=exits.unsubscribe,
        preferences_href=exits.preferences,
        receipt_href=exits.receipt,
    )


def _consent_facts(line: ConsentRecord | None, zone: str) -> Iterable[tuple[str, str]]:
    if line is None:
        return
    words = {
        ConsentState.GIVEN: _("Persetujuan dicatat"),
        ConsentState.WITHDRAWN: _("Persetujuan dicabut"),
        ConsentState.REFUSED: _("Persetujuan ditolak"),
        ConsentState.REQUESTED: _("Persetujuan diminta"),
    }
    yield words[line.state], format_datetime_id(line.at, zone)
    yield _("Lewat"), source_words(line.source)
    if line.evidence.get("doi_confirmed_at"):
        yield _("Dikonfirmasi"), _("lewat tautan yang kami kirim ke alamat ini")
    if line.wording_version:
        yield _("Teks persetujuan"), line.wording_version


def source_words(source: str) -> str:
    """Return where a decision was made, in words; a name that another system gave stays as it is."""
    return {
        "langganan": _("formulir langganan"),
        "preferensi": _("halaman pilihan Anda"),
        "halaman": _("halaman berhenti"),
        "satu-klik": _("tombol berhenti di kotak surat Anda"),
        "kertas": _("formulir kertas"),
        "formulir": _("formulir"),
        "api": _("situs resmi atau halaman bayar"),
        "obrolan": _("balasan Anda di obrolan"),
    }.get(source, source)


def _law(purpose: Purpose | None) -> str:
    if purpose is None:
        return "UU 27/2022 Ps. 20(2)b"
    return "UU 27/2022 Ps. 20(2)e" if purpose in PUBLIC_TASK else "UU 27/2022 Ps. 20(2)a"


def _decision(archived: Archived) -> Iterable[str]:
    message = archived.message
    if message.state is MessageState.SKIPPED:
        article = f" ({message.article})" if message.article else ""
        yield _("Surat ini tidak jadi dikirim: {reason}.").format(reason=f"{skip_label(message.reason)}{article}")
        return
    if archived.campaign.purpose is None:
        seller = archived.message.context.get("business_id") is not None
        yield (
            _("Pemberitahuan tentang pesanan untuk usaha Anda; tidak memerlukan persetujuan dan tidak memuat promosi.")
            if seller
            else _("Pemberitahuan tentang pesanan Anda sendiri; tidak memerlukan persetujuan dan tidak memuat promosi.")
        )
        return
    cap = FrequencyCap()
    if archived.campaign.purpose in PUBLIC_TASK:
        yield _(
            "Diizinkan: sosialisasi adalah tugas Dinas terhadap usaha terdaftar; saat surat ini keluar Anda tidak berkeberatan,"
            " dan alamat Anda tidak pada daftar berhenti."
        )
    else:
        yield _(
            "Diizinkan: persetujuan Anda berlaku saat surat ini keluar, dan alamat Anda tidak pada daftar berhenti."
        )
    yield _(
        "Paling banyak {n} surat pemasaran dalam {days} hari untuk satu orang, atau lebih jarang bila Anda minta."
    ).format(n=cap.limit, days=cap.window.days)
