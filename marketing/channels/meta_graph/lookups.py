"""Finding a post of ours among an account's latest: by its words, for Meta keeps no mark of ours; pure."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

CLOCKS_DIFFER: Final = timedelta(days=1)
"""A host set to local time as if it were UTC is hours off. Older posts do no harm: the words hold the address of our own page."""


def same_words(left: str, right: str) -> bool:
    """Return whether two texts say the same; Meta trims and joins white space."""
    return _words(left) == _words(right)


def written_at(text: object) -> datetime | None:
    """Return the moment of an answer ("2026-11-22T03:00:00+0000"); None when it is none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def since(records: Iterable[Mapping[str, Any]], moment: datetime, name: str) -> list[Mapping[str, Any]]:
    """Return the records that are not older than the moment, read by their field `name`; one without a time is kept."""
    earliest = moment - CLOCKS_DIFFER
    return [record for record in records if (written_at(record.get(name)) or moment) >= earliest]


def _words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
