"""Times as other systems write them, read in the zone of the Daerah when they name none; out comes RFC 3339. Pure."""

from datetime import UTC, date, datetime, time, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from marketing.tenants.profile import load_profiles

DEFAULT_ZONE: Final = "Asia/Jakarta"
DATE_LENGTH: Final = len("2026-12-31")


def zone_of(region_code: str) -> ZoneInfo:
    """Return the zone of the Daerah with this Kemendagri code, WIB when no profile has it."""
    wanted = region_code.replace(".", "")
    for profile in load_profiles().values():
        if wanted and profile.region_code.replace(".", "") == wanted:
            return profile.tz
    return ZoneInfo(DEFAULT_ZONE)


def rfc3339(moment: datetime | date, zone: tzinfo, *, end_of_day: bool = False) -> str:
    """Return a moment with its offset; a naive one is local, a bare date is its first (or last) second."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(23, 59, 59) if end_of_day else time(), zone)
    aware = moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)
    offset = aware.utcoffset()
    if offset is None or offset.total_seconds() % 60:  # a zone's local mean time has seconds, RFC 3339 has none
        aware = aware.astimezone(UTC)
    return aware.isoformat()


def read_moment(text: str, zone: tzinfo, *, end_of_day: bool = False) -> str:
    """Return RFC 3339 for an ISO 8601 text, with or without offset; ValueError when it is none."""
    text = text.strip()
    if len(text) == DATE_LENGTH:
        return rfc3339(date.fromisoformat(text), zone, end_of_day=end_of_day)
    return rfc3339(datetime.fromisoformat(text.upper().removesuffix(" UTC")), zone)
