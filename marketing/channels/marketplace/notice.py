"""What a marketplace tells of its own accord. A notice is a hint to ask the API: what it says is never stored as a fact.

Both providers send at least once and in any order, so acting on a notice must be harmless to repeat.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

_LATEST: Final = 4_102_444_800  # 1 Jan 2100


class NoticeKind(StrEnum):
    """What it is about."""

    ORDER = "order"
    LISTING = "listing"
    AUTHORISED = "authorised"
    AUTHORISATION_ENDED = "authorisation_ended"
    AUTHORISATION_ENDING = "authorisation_ending"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message; `subject` is an order or listing number, empty where none is named."""

    kind: NoticeKind
    shop_id: str
    subject: str
    at: datetime | None


def read_notice(raw_body: bytes, code: str, kinds: Mapping[int, NoticeKind], subjects: tuple[str, ...]) -> Notice:
    """Read a verified message whose number stands in `code`; ValueError when it is none, kind OTHER when it is a new one."""
    try:
        body: Any = json.loads(raw_body)
    except RecursionError as error:
        raise ValueError(code) from error
    if not isinstance(body, dict) or isinstance(body.get(code), bool) or not isinstance(body.get(code), int):
        raise ValueError(code)  # noqa: TRY004  to the caller it is bad input, whatever its type
    given = body.get("data")
    data: dict[str, Any] = given if isinstance(given, dict) else {}
    subject = next((str(data[name]) for name in subjects if data.get(name)), "")
    seconds = body.get("timestamp")
    at = datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and 0 < seconds < _LATEST else None
    return Notice(kinds.get(body[code], NoticeKind.OTHER), str(body.get("shop_id") or ""), subject, at)
