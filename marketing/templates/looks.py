"""A mail as readers see it who set their mail program otherwise than we: dark, or without pictures; and with drawn photos."""

import re
from enum import StrEnum
from typing import Final


class Look(StrEnum):
    """How a reader's mail program shows a mail."""

    LIGHT = "terang"
    DARK = "gelap"
    NO_PICTURES = "tanpa-gambar"


_PREFERENCE: Final = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_SCHEMES: Final = re.compile(r"(color-schemes?(?:\"\s+content=\"|\s*:\s*))light dark", re.IGNORECASE)
_ALWAYS, _NEVER = "(min-width: 0px)", "(max-width: 0px)"


def as_seen(html: str, look: Look) -> str:
    """Return the mail as a reader with this look gets it, whatever the machine that shows it prefers."""
    scheme = "dark" if look is Look.DARK else "light"
    chosen = _PREFERENCE.sub(lambda match: _ALWAYS if match[1].lower() == scheme else _NEVER, html)
    return _SCHEMES.sub(rf"\g<1>{scheme}", chosen)
