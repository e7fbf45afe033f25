"""Which statements may be sent: one single question, never two, never a command. Pure.

This is the first of two locks; the second is the read-only transaction in connecting.py. It refuses every semicolon but a
last one, also inside a quoted text: telling a harmless one apart would mean to parse each engine's own quoting.
"""

import re
from typing import Final

from sqlalchemy import TextClause, text

from marketing.errors import CatalogError
from marketing.i18n import gettext as _

SINCE: Final = "since"
LONGEST: Final = 20_000

_BLANK: Final = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*(?:(?!\*/)(?!/\*).)*\*/|\()*", re.DOTALL)
_FIRST_WORD: Final = re.compile(r"(?i)(?:select|with)\b")


def question(query: object, name: str) -> TextClause:
    """Return one SELECT as a clause; CatalogError names the query of the mapping that is none."""
    if not isinstance(query, str) or not query.strip() or len(query) > LONGEST or "\x00" in query:
        raise _refused(name, _("isi dengan satu perintah SELECT"))
    stripped = query.strip().removesuffix(";").rstrip()
    if ";" in stripped:
        raise _refused(name, _("titik koma hanya boleh di akhir, juga tidak di dalam teks"))
    blank = _BLANK.match(stripped)
    if not _FIRST_WORD.match(stripped, blank.end() if blank else 0):
        raise _refused(name, _("hanya SELECT, atau WITH … SELECT, yang diterima"))
    clause = text(stripped)
    unknown = sorted(set(clause.compile().params) - {SINCE})
    if unknown:
        raise _refused(name, _("parameter :{unknown} tidak dikenal, hanya :since").format(unknown=unknown[0][:40]))
    return clause


def asks_since(clause: TextClause) -> bool:
    """Return whether a query asks only for what changed after `:since`."""
    return SINCE in clause.compile().params


def _refused(name: str, reason: str) -> CatalogError:
    return CatalogError(_("Kueri “{name}” tidak diterima: {reason}.").format(name=name, reason=reason))
