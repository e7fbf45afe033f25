"""The consent texts that come with Siar, read from wordings/*.toml and filled in with what the Daerah is called."""

import tomllib
from functools import cache
from importlib import resources

from marketing.domain.consent_wording import Element, Wording, composed, text_hash
from marketing.domain.types import Purpose
from marketing.tenants.profile import TenantProfile, profile_of


def parse_wordings(file: str, profile: TenantProfile) -> tuple[Wording, ...]:
    """Read one file of texts; raises KeyError or ValueError when a purpose or an element is missing."""
    raw = tomllib.loads(file)
    names = {
        "area": profile.short_name,
        "dinas": profile.dinas,
        "dinas_short": profile.dinas_short,
        "regulation": profile.regulation_name,
        "dpo": profile.dpo.name or profile.dpo.title,
        "dpo_email": profile.dpo.email or profile.email,
        "inactive_days": profile.inactive_days,
    }
    wordings = []
    for purpose in Purpose:
        own = {**raw["told"], **raw["purposes"][purpose]}
        told = {element: own[element].format(**names) for element in Element}
        text = composed(own["question"].format(**names), told, raw["language"])
        wordings.append(Wording(raw["version"], purpose, raw["language"], text, text_hash(text), raw["valid_from"]))
    return tuple(wordings)


@cache
def shipped_wordings(tenant_id: str) -> tuple[Wording, ...]:
    """Return the shipped texts of one Daerah, every purpose in every language; NotFoundError when it is unknown."""
    profile = profile_of(tenant_id)
    folder = resources.files("marketing.tenants") / "wordings"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return tuple(one for entry in files for one in parse_wordings(entry.read_text("utf-8"), profile))
