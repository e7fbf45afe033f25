"""What a template should not rely on: parts of HTML and CSS that Gmail, Outlook or Apple Mail do not show.

After caniemail.com (read November 2026); only what people reach for, and only where one of the three lacks it outright.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from marketing.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Unsupported:
    """One use of a part; `line` is that of the source."""

    line: int
    name: str
    clients: str


# (name as people write it, where it stands in a source, who does not show it)
_PARTS: Final = tuple(
    (name, re.compile(pattern, re.IGNORECASE), clients)
    for name, pattern, clients in (
        ("position", r"position\s*:\s*(?:absolute|fixed|sticky|relative)", "Gmail, Outlook"),
        ("display: flex", r"display\s*:\s*(?:inline-)?flex", "Outlook"),
        ("display: grid", r"display\s*:\s*(?:inline-)?grid", "Outlook"),
        ("var(--…)", r"var\(\s*--", "Gmail, Outlook"),
        ("calc()", r"\bcalc\(", "Outlook"),
        ("@font-face", r"@font-face|@import|<mj-font\b", "Gmail, Outlook"),
        ("animation", r"@keyframes|(?<![-\w])animation(?:-name)?\s*:", "Gmail, Outlook"),
        ("filter", r"(?<![-\w])(?:backdrop-)?filter\s*:", "Gmail, Outlook"),
        ("background-image", r"background-image\s*:", "Outlook"),
        ("<video>", r"<(?:video|audio)\b", "Gmail, Outlook"),
        ("<svg>", r"<svg\b", "Gmail, Outlook"),
        ("<form>", r"<(?:form|input|button|select|textarea)\b", "Outlook"),
        ("<iframe>", r"<(?:iframe|object|embed)\b", "Gmail, Outlook, Apple Mail"),
        ("<script>", r"<script\b|\son[a-z]+\s*=\s*[\"']", "Gmail, Outlook, Apple Mail"),
        ("WebP, AVIF, SVG", r"\.(?:webp|avif|svg)\b", "Outlook"),
        ("mj-carousel, mj-accordion", r"<mj-(?:carousel|accordion)\b|hamburger\s*=", "Gmail, Outlook"),
    )
)


def unsupported(source: str) -> Iterator[Unsupported]:
    """Yield the first use of every part in an MJML source that one of the three does not show."""
    for name, pattern, clients in _PARTS:
        if found := pattern.search(source):
            yield Unsupported(source.count("\n", 0, found.start()) + 1, name, clients)


def sentence(one: Unsupported) -> str:
    """Return what to do about it."""
    return _("{name} tidak tampil di {clients}; pastikan surel tetap jelas tanpanya.").format(
        name=one.name, clients=one.clients
    )
