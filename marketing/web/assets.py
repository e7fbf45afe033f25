"""Style sheets as they leave: one file for all pages, in cascade order, and a tiny one per Daerah.

Twenty small files read well here and load badly over a slow line; joining them at start needs no build step.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from marketing.tenants.profile import TenantProfile

STATIC = Path(__file__).parent / "static"
STYLES = (
    "tokens",
    "base",
    "shell",
    "button",
    "card",
    "table",
    "chip",
    "reason",
    "field",
    "steps",
    "preview",
    "ledger",
    "notice",
    "task",
    "product",
    "composer",
    "outbox",
    "public",
    "gallery",
    "gallery-product",
    "consent",
    "letter",
)
STYLESHEET = "/static/css/siar.css"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_BAND = re.compile(r"[a-z0-9-]+")


@cache
def stylesheet() -> str:
    """Return all component style sheets joined; the route serves it at STYLESHEET, before the static folder."""
    return "".join((STATIC / "css" / f"{name}.css").read_text("utf-8") for name in STYLES)


@cache
def version(path: str) -> str:
    """Return a short hash of a file's content, so that a browser may keep it for ever."""
    content = stylesheet().encode() if path == STYLESHEET else (STATIC / path.removeprefix("/static/")).read_bytes()
    return hashlib.sha256(content).hexdigest()[:10]


def asset(path: str) -> str:
    """Return the versioned address of a static file (`js/tabs.mjs`) or of the joined style sheet (`css/siar.css`)."""
    address = f"/static/{path}"
    return f"{address}?v={version(address)}"


def brand_stylesheet(profile: TenantProfile) -> str:
    """Return the two overrides of a Daerah; values outside the expected shape would be CSS from a config file, so they fail."""
    if not _COLOUR.fullmatch(profile.brand_color) or not _BAND.fullmatch(profile.band):
        raise ValueError(f"brand_color or band of {profile.id} is not a colour or a file name")
    return (
        ":root {\n"
        f"  --brand: {profile.brand_color};\n"
        f'  --band: url("/static/img/{profile.band}.svg");\n'
        f'  --band-vertical: url("/static/img/{profile.band}-tegak.svg");\n'
        "}\n"
    )
