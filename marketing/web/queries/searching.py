"""Search words as a condition: every word must stand somewhere in one of the columns."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import InstrumentedAttribute

MAX_WORDS = 8


def has_words(text: str, *columns: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition; no words is true. `%` and `_` are letters here, not wildcards."""
    words = text.split()[:MAX_WORDS]
    return and_(true(), *(or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words))
