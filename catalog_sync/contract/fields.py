"""The kinds of field the contract knows: identifiers, texts with a limit, moments with an offset, whole rupiah."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

RFC3339: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})", re.ASCII)
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEARS: Final = range(1900, 2200)
INT32: Final = 2_147_483_647
RUPIAH_LIMIT: Final = 10**15  # far above any price: what is merely implausible is for the gate to say, with its article
NAME_LIMIT: Final = 300
LINE_LIMIT: Final = 500
URL_LIMIT: Final = 2_000
TEXT_LIMIT: Final = 20_000
LIST_LIMIT: Final = 500


class Part(BaseModel):
    """A part of the contract: no type is bent to fit, unknown fields are kept aside."""

    model_config = ConfigDict(strict=True, extra="allow", str_strip_whitespace=True, frozen=True)


def _moment(value: Any) -> Any:
    """Read RFC 3339 and nothing else pydantic would take for a moment; years no zone can convert are refused."""
    if not isinstance(value, str):
        return value
    text = value.strip().upper()
    if not RFC3339.fullmatch(text) or int(text[:4]) not in YEARS:
        raise ValueError("rfc3339")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("rfc3339") from error


def _date(value: Any) -> Any:
    """Read a date as YYYY-MM-DD and nothing else."""
    if not isinstance(value, str):
        return value
    if not DATE.fullmatch(value):
        raise ValueError("date")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("date") from error


Identifier = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name = Annotated[str, StringConstraints(max_length=NAME_LIMIT)]
Line = Annotated[str, StringConstraints(max_length=LINE_LIMIT)]
Url = Annotated[str, StringConstraints(max_length=URL_LIMIT)]
Text = Annotated[str, StringConstraints(max_length=TEXT_LIMIT)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
Day = Annotated[date, BeforeValidator(_date)]
Rupiah = Annotated[int, Field(ge=-RUPIAH_LIMIT, le=RUPIAH_LIMIT)]
Count = Annotated[int, Field(ge=0, le=INT32)]
