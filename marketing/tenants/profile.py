"""A Daerah with its Dinas, regulation and brand, read from profiles/*.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from marketing.domain.types import ChannelName
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Officer:
    """A named office (head of the Dinas, data protection officer); names are filled in by the Dinas."""

    title: str
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class TenantProfile:
    """Everything that differs between one Daerah and the next."""

    id: str
    name: str
    short_name: str
    government: str
    dinas: str
    dinas_short: str
    address: str
    phone: str
    email: str
    website: str
    zone: str
    region_code: str
    regulation: str
    regulation_name: str
    channels: tuple[ChannelName, ...]
    letterhead: tuple[str, ...]
    head: Officer
    dpo: Officer
    brand_color: str
    band: str
    marketing_sender: str
    transactional_sender: str
    inactive_days: int
    report_months: tuple[int, ...]
    logo_url: str = ""
    """Where our own copy of the Dinas's logo stands; empty without one. Never in the file: `marketing.tenants.own` sets it."""

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which this Daerah schedules and reports."""
        return ZoneInfo(self.zone)


def parse_profile(tenant_id: str, text: str) -> TenantProfile:
    """Read one profile; raises KeyError or ValueError when a field is missing or wrong."""
    raw = tomllib.loads(text)
    head, dpo = raw.pop("head"), raw.pop("dpo")
    channels = tuple(ChannelName(name) for name in raw.pop("channels"))
    letterhead, months = tuple(raw.pop("letterhead")), tuple(raw.pop("report_months"))
    profile = TenantProfile(
        id=tenant_id,
        channels=channels,
        letterhead=letterhead,
        report_months=months,
        head=Officer(**head),
        dpo=Officer(**dpo),
        **raw,
    )
    ZoneInfo(profile.zone)
    return profile


@cache
def shipped_profiles() -> Mapping[str, TenantProfile]:
    """Return the shipped profiles by tenant id, in a stable order."""
    folder = resources.files("marketing.tenants") / "profiles"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    profiles = [
        parse_profile(entry.name.removesuffix(".toml"), entry.read_text("utf-8"))
        for entry in sorted(files, key=lambda entry: entry.name != "tts.toml")
    ]
    return {profile.id: profile for profile in profiles}


_IN_FORCE: dict[str, Mapping[str, TenantProfile]] = {}  # one entry, replaced at once


def use_profiles(profiles: Mapping[str, TenantProfile]) -> None:
    """Let these hold in this process from now on; done once at start (`marketing.tenants.own`)."""
    _IN_FORCE["profiles"] = dict(profiles)


def load_profiles() -> Mapping[str, TenantProfile]:
    """Return the profiles in force by tenant id: as shipped, with what each Dinas changed about itself."""
    return _IN_FORCE.get("profiles") or shipped_profiles()


def profile_of(tenant_id: str) -> TenantProfile:
    """Return one profile; NotFoundError names those that exist."""
    profiles = load_profiles()
    if tenant_id not in profiles:
        raise NotFoundError(
            _("Daerah “{tenant}” tidak dikenal. Yang tersedia: {known}.").format(
                tenant=tenant_id, known=", ".join(profiles)
            )
        )
    return profiles[tenant_id]
