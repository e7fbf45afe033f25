"""People and the list of never-send, from facts to their pages."""

from collections.abc import Mapping, Sequence

from marketing.contacts.merging import Twins
from marketing.contacts.purpose_words import purpose_title
from marketing.contacts.suppressions import BY_HAND, LiftReason, Reason
from marketing.domain.consent import ConsentState
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.audience import kind_label
from marketing.web.building.words import day_text, moment_text, number_text
from marketing.web.queries import contacts as queries
from marketing.web.queries.contacts import ContactFacts, SuppressionFacts
from marketing.web.views.contacts import ContactRow, SuppressionRow, TwinRow
from marketing.web.views.parts import Option

_SHOWN_OF_PHONE = (5, 2)


def masked_address(channel: ChannelName, address: str) -> str:
    """Return an address that its owner would know again and nobody else could use: m***@contoh.example, +6281***90, @t***."""
    if channel is ChannelName.EMAIL:
        local, _at, domain = address.rpartition("@")
        return f"{local[:1]}***@{domain}"
    if channel is ChannelName.WHATSAPP:
        head, tail = _SHOWN_OF_PHONE
        return f"{address[:head]}***{address[-tail:]}"
    return f"{address[:2]}***"


def row_of(one: ContactFacts, profile: TenantProfile) -> ContactRow:
    """Return one person of the list."""
    return ContactRow(
        id=one.id,
        name=one.name or (_("Data sudah dihapus") if one.erased else _("Tanpa nama")),
        kind_label="" if one.erased else kind_label(one.kind),
        addresses=tuple(masked_address(channel, address) for channel, address in one.addresses),
        given=tuple(purpose_title(purpose) for purpose in one.given),
        standing=standing_of(
            erased=one.erased, restricted=one.restricted, paused=one.paused, suppressed=one.suppressed
        ),
        since=day_text(one.created_at, profile),
    )


def standing_of(*, erased: bool, restricted: bool, paused: bool, suppressed: bool) -> tuple[tuple[str, str], ...]:
    """Return what keeps a person from being written to, each as a word and its tone."""
    chips = (
        (erased, _("Dihapus"), "idle"),
        (restricted, _("Dibatasi"), "hold"),
        (suppressed, _("Di daftar henti"), "bad"),
        (paused, _("Minta jeda"), "warn"),
    )
    return tuple((label, tone) for applies, label, tone in chips if applies)


def stats_of(people: int, agreed: int, barred: int) -> tuple[tuple[str, str, str], ...]:
    """Return the figures above the list."""
    return (
        (_("Kontak"), number_text(people), _("tanpa yang digabung atau dihapus")),
        (_("Menyetujui sesuatu"), number_text(agreed), _("paling sedikit satu tujuan")),
        (_("Di daftar henti"), number_text(barred), _("alamat, bukan orang")),
    )


def twin_row(pair: Twins, keep_name: str, gone_name: str) -> TwinRow:
    """Return a pair that may be one person."""
    by = _("alamat yang sama") if pair.by == "address" else _("nama dan kecamatan yang sama")
    return TwinRow(pair.keep, keep_name or _("Tanpa nama"), pair.gone, gone_name or _("Tanpa nama"), by)


def kind_options(chosen: str) -> tuple[Option, ...]:
    """Return the kinds of people."""
    return (
        Option("", _("Semua jenis"), selected=not chosen),
        *(Option(kind, kind_label(kind), selected=kind == chosen) for kind in BuyerKind),
    )


def purpose_options(chosen: str) -> tuple[Option, ...]:
    """Return the purposes that a consent may be for."""
    return (
        Option("", _("Semua tujuan"), selected=not chosen),
        *(Option(purpose, purpose_title(purpose), selected=purpose == chosen) for purpose in Purpose),
    )


def consent_label(state: str) -> str:
    """Return what a state of consent is called."""
    return {
        ConsentState.GIVEN: _("Disetujui"),
        ConsentState.WITHDRAWN: _("Dicabut"),
        ConsentState.REFUSED: _("Ditolak"),
        ConsentState.REQUESTED: _("Menunggu konfirmasi"),
        ConsentState.NONE: _("Belum ditanya"),
    }[ConsentState(state)]


def consent_tone(state: str) -> str:
    """Return how a state of consent is marked."""
    tones = {ConsentState.GIVEN: "ok", ConsentState.REQUESTED: "hold", ConsentState.NONE: "idle"}
    return tones.get(ConsentState(state), "warn")


def state_options(chosen: str) -> tuple[Option, ...]:
    """Return the states of consent."""
    return (
        Option("", _("Semua persetujuan"), selected=not chosen),
        *(Option(state, consent_label(state), selected=state == chosen) for state in ConsentState),
    )


def standing_options(chosen: str) -> tuple[Option, ...]:
    """Return what keeps people from being written to, and those who may be there twice."""
    labels = {
        queries.SUPPRESSED: _("Di daftar henti"),
        queries.RESTRICTED: _("Dibatasi"),
        queries.PAUSED: _("Minta jeda"),
        queries.ERASED: _("Dihapus"),
        TWINS: _("Mungkin tercatat ganda"),
    }
    return (
        Option("", _("Semua orang"), selected=not chosen),
        *(Option(value, label, selected=value == chosen) for value, label in labels.items()),
    )


TWINS = "ganda"


def reason_label(reason: str) -> str:
    """Return why an address is never written to; a reason of another system stays as it is."""
    return (
        {
            Reason.HARD_BOUNCE: _("Kotak suratnya tidak ada"),
            Reason.SOFT_BOUNCES: _("Berkali-kali tidak dapat dicapai dalam 30 hari"),
            Reason.COMPLAINT: _("Mengadukan surat kami"),
            Reason.UNSUBSCRIBE_ALL: _("Berhenti dari semuanya"),
            Reason.MANUAL: _("Keputusan dinas"),
            Reason.LEGAL: _("Perintah hukum"),
            Reason.ERASED: _("Data dihapus atas permintaan"),
        }.get(Reason(reason), reason)
        if reason in set(Reason)
        else reason
    )


def reason_options(chosen: str, counts: Mapping[str, int]) -> tuple[Option, ...]:
    """Return the reasons, each with how many addresses stand there for it."""
    return (
        Option("", _("Semua sebab"), selected=not chosen),
        *(
            Option(reason, f"{reason_label(reason)} ({number_text(counts.get(reason, 0))})", selected=reason == chosen)
            for reason in Reason
        ),
    )


def by_hand_options(chosen: str = "") -> tuple[Option, ...]:
    """Return the reasons that people enter."""
    return tuple(Option(reason, reason_label(reason), selected=reason == chosen) for reason in BY_HAND)


def lift_options() -> tuple[Option, ...]:
    """Return why an address may be lifted."""
    labels = {
        LiftReason.MISTAKE: _("Tercatat keliru"),
        LiftReason.OWNER_ASKS: _("Pemilik alamat memintanya"),
        LiftReason.MAILBOX_WORKS: _("Kotak suratnya berfungsi lagi"),
        LiftReason.ORDER_ENDED: _("Perintah hukumnya berakhir"),
    }
    return (Option("", _("Pilih alasan")), *(Option(value, label) for value, label in labels.items()))


def channel_word(channel: ChannelName) -> str:
    """Return what kind of address it is."""
    return {
        ChannelName.EMAIL: _("Surel"),
        ChannelName.WHATSAPP: _("Telepon/WhatsApp"),
        ChannelName.TELEGRAM: "Telegram",
    }.get(channel, channel.value)


def suppression_row(one: SuppressionFacts, profile: TenantProfile, *, may_lift: bool) -> SuppressionRow:
    """Return one row of the list of never-send."""
    erased = one.reason == Reason.ERASED
    return SuppressionRow(
        id=one.id,
        channel=channel_word(one.channel),
        reason=reason_label(one.reason),
        note=one.note,
        when=moment_text(one.at, profile),
        who=one.who or _("sistem"),
        contact=one.contact or (_("Tanpa nama") if one.contact_id else ""),
        contact_href=paths.contact(one.contact_id) if one.contact_id else "",
        lift_href=paths.suppression_lift(one.id) if may_lift and not erased else "",
        locked=_("Tidak dapat dibuka: pemiliknya meminta datanya dihapus (UU 27/2022 Ps. 43).") if erased else "",
        needs_document=one.reason == Reason.LEGAL,
    )


def found_text(found: Sequence[SuppressionFacts]) -> str:
    """Return what a search for one address says."""
    if not found:
        return _("Alamat itu tidak ada di daftar henti.")
    return _("Alamat itu ada di daftar henti.")
