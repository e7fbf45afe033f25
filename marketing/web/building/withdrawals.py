"""Withdrawals, from facts to their page, to a post's and a product's page, and to the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from catalog_sync.recall import CAMPAIGN, GALLERY, LISTING, POST
from marketing.domain.types import ChannelName
from marketing.domain.withdrawal import WithdrawalState
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building import csv_file
from marketing.web.building.words import length_text, moment_text, number_text
from marketing.web.queries.withdrawals import Speed, WithdrawalFacts
from marketing.web.views.parts import Option
from marketing.web.views.states import channel_label, chip_of
from marketing.web.views.withdrawals import WithdrawalRow

S = WithdrawalState
UNKNOWN = "–"


def place_text(one: WithdrawalFacts) -> str:
    """Return where it stood, as people call it."""
    return {
        GALLERY: _("Galeri dan umpan"),
        POST: channel_label(one.channel),
        LISTING: _("Lokapasar"),
        CAMPAIGN: _("Kampanye dijeda"),
    }.get(one.kind, channel_label(one.channel))


def row_of(one: WithdrawalFacts, profile: TenantProfile, now: datetime) -> WithdrawalRow:
    """Return one withdrawal of the list."""
    return WithdrawalRow(
        product_id=one.product_id,
        product=one.product,
        place=place_text(one),
        why=one.text,
        code=one.code,
        citation=one.citation,
        since=moment_text(one.lost_at, profile),
        state=one.state,
        took=_took(one, now),
        note=note_of(one, profile),
        place_href=_href(one),
    )


def note_of(one: WithdrawalFacts, profile: TenantProfile) -> str:
    """Return who did it by hand, or how far the calls have come."""
    if one.state is S.DONE:
        return _("dihapus oleh {name}").format(name=one.done_by) if one.done_by else ""
    if one.state is S.AWAITING_HUMAN:
        return _("kanal ini tidak dapat menghapus sendiri; petugas menghapusnya di sana, lalu menandainya")
    tries = _("percobaan ke-{n}").format(n=number_text(one.attempts)) if one.attempts else _("belum dicoba")
    again = _("dicoba lagi {time}").format(time=moment_text(one.next_try_at, profile)) if one.next_try_at else ""
    return " · ".join(part for part in (tries, one.detail, again) if part)


def stats_of(counts: Mapping[WithdrawalState, int], speed: Speed, days: int) -> tuple[tuple[str, str, str], ...]:
    """Return what is not finished, and how long finished ones took; a median says nothing about those that still stand."""
    waiting, trying = counts.get(S.AWAITING_HUMAN, 0), counts.get(S.OPEN, 0)
    return (
        (
            _("Belum selesai"),
            number_text(waiting + trying),
            _("{waiting} menunggu petugas, {trying} sedang dicoba; mungkin masih tampil").format(
                waiting=number_text(waiting), trying=number_text(trying)
            ),
        ),
        (_("Median sampai hilang, oleh Siar"), *_median(speed.machine, days)),
        (_("Median sampai hilang, oleh petugas"), *_median(speed.people, days)),
    )


def state_options(chosen: str) -> tuple[Option, ...]:
    """Return the states to narrow the list to."""
    return (
        Option("", _("Semua keadaan"), selected=not chosen),
        *(Option(state, chip_of(state).label, selected=state == chosen) for state in S),
    )


def channel_options(chosen: str) -> tuple[Option, ...]:
    """Return the channels to narrow the list to; a paused campaign counts as e-mail."""
    return (
        Option("", _("Semua kanal"), selected=not chosen),
        *(Option(name, channel_label(name), selected=name == chosen) for name in ChannelName),
    )


def csv_lines(found: Iterable[WithdrawalFacts], profile: TenantProfile) -> Iterator[str]:
    """Return the file: times as the tenant's clock shows them with its offset, lengths in seconds."""
    yield csv_file.first_line(
        _("Produk"),
        _("Tempat"),
        _("Kanal"),
        _("Kode"),
        _("Dasar"),
        _("Sebab"),
        _("Kehilangan syarat"),
        _("Keadaan"),
        _("Selesai"),
        _("Detik sampai tercatat selesai"),
        _("Oleh"),
        _("Percobaan"),
        _("Keterangan"),
    )
    for one in found:
        done = one.done_at
        yield csv_file.line(
            one.product,
            place_text(one),
            channel_label(one.channel),
            one.code,
            one.citation,
            one.text,
            one.lost_at.astimezone(profile.tz).isoformat(timespec="seconds"),
            chip_of(one.state).label,
            done.astimezone(profile.tz).isoformat(timespec="seconds") if done else "",
            str(round((done - one.lost_at).total_seconds())) if done else "",
            one.done_by,
            str(one.attempts),
            one.detail,
        )


def _median(lengths: Sequence[timedelta], days: int) -> tuple[str, str]:
    if not lengths:
        return UNKNOWN, _("belum ada yang selesai dalam {days} hari").format(days=days)
    middle = timedelta(seconds=median(one.total_seconds() for one in lengths))
    return length_text(middle), _("dari {n} penarikan yang selesai dalam {days} hari").format(
        n=number_text(len(lengths)), days=days
    )


def _took(one: WithdrawalFacts, now: datetime) -> str:
    if one.kind == GALLERY:
        return _("seketika")  # its pages ask the gate at every request; the record only comes later
    if one.done_at is not None:
        return length_text(one.done_at - one.lost_at)
    return _("sudah {length}").format(length=length_text(now - one.lost_at))


def _href(one: WithdrawalFacts) -> str:
    if one.place_id is None:
        return ""
    if one.kind == POST:
        return paths.post(one.place_id)
    if one.kind == LISTING:
        return paths.CHANNELS
    return paths.campaign(one.place_id) if one.kind == CAMPAIGN else ""
