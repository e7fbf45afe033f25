"""Moments, money and counts as pages print them."""

from datetime import datetime, timedelta

from babel.numbers import format_compact_decimal, format_decimal

from marketing.domain.calendar_id import MONTHS, format_date_id, format_datetime_id, local_date
from marketing.i18n import gettext as _
from marketing.i18n import language
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.views.parts import Pager

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ROUNDED = 1_000_000


def moment_text(moment: datetime | None, profile: TenantProfile) -> str:
    """Return a moment on the tenant's wall clock, or nothing."""
    return format_datetime_id(moment, profile.zone) if moment else ""


def day_text(moment: datetime, profile: TenantProfile) -> str:
    """Return the tenant's day of a moment."""
    return format_date_id(local_date(moment, profile.tz))


def short_day(moment: datetime, profile: TenantProfile) -> str:
    """Return the day as `24 Okt`."""
    day = local_date(moment, profile.tz)
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def weekday_text(moment: datetime, now: datetime, profile: TenantProfile) -> str:
    """Return `hari ini`, `besok` or `Rab 25`."""
    day, today = local_date(moment, profile.tz), local_date(now, profile.tz)
    if day == today:
        return _("hari ini")
    if day == today + timedelta(days=1):
        return _("besok")
    return f"{DAYS[day.weekday()][:3]} {day.day}"


def zone_name(now: datetime, profile: TenantProfile) -> str:
    """Return WIB, WITA or WIT."""
    return now.astimezone(profile.tz).tzname() or profile.zone


def number_text(number: int) -> str:
    """Return a count as people write it."""
    return str(format_decimal(number, locale=language()))


def rupiah_short(amount: int) -> str:
    """Return a large sum in short (`Rp38,4 jt`), a small one in full."""
    if amount < ROUNDED:
        return f"Rp{number_text(amount)}"
    return f"Rp{format_compact_decimal(amount, locale=language(), fraction_digits=1)}".replace("\xa0", " ")


def length_text(length: timedelta) -> str:
    """Return a length of time in its two largest units: `45 detik`, `3 menit 5 detik`, `2 hari 4 jam`."""
    left = max(round(length.total_seconds()), 0)
    units = ((86_400, _("{n} hari")), (3_600, _("{n} jam")), (60, _("{n} menit")), (1, _("{n} detik")))
    said: list[str] = []
    for seconds, words in units:
        number, left = divmod(left, seconds)
        if number or said or seconds == 1:
            said.append(words.format(n=number_text(number)) if number or not said else "")
    return " ".join(part for part in said[:2] if part)


def mailbox(name: str, address: str) -> str:
    """Return a person with address."""
    return f"{name} <{address}>" if name and address else name or address


def outside(permalink: str) -> str:
    """Return where a post stands in public; the sandbox's own address would only lead back to our list."""
    return "" if paths.OUTBOX_MARKER in permalink else permalink


class Address:
    """The address of a page of a list with its filters."""

    def __init__(self, base: str, **query: str | int | None) -> None:
        self._base, self._query = base, query

    def __call__(self, number: int) -> str:
        """Return page `number`; the first one needs no number."""
        return paths.listing(self._base, **self._query, halaman=number if number > 1 else None)


def pager_of(number: int, size: int, shown: int, total: int, address: Address) -> Pager:
    """Return where we are in a list; `address` makes the address of a page number."""
    return Pager(
        shown=shown,
        total=total,
        previous=address(number - 1) if number > 1 else "",
        next=address(number + 1) if number * size < total else "",
    )
