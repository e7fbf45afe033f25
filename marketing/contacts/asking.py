"""What a form asks, word for word: the text in force per purpose, and what the form carries to say which text it showed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from marketing.contacts import wordings
from marketing.domain.consent_wording import Wording
from marketing.domain.types import Purpose
from marketing.errors import NotFoundError


def wordings_now(
    session: Session, tenant_id: str, purposes: Iterable[Purpose], language: str, now: datetime
) -> Mapping[Purpose, Wording]:
    """Return the text in force per purpose, in their order; one that has no text cannot be asked for and is not there."""
    found: dict[Purpose, Wording] = {}
    for purpose in purposes:
        try:
            found[purpose] = wordings.current(session, tenant_id, purpose, language, now)
        except NotFoundError:
            continue
    return found


def mark_of(wording: Wording) -> str:
    """Return what a form carries to say which text it showed."""
    return f"{wording.purpose}|{wording.version}|{wording.language}"


def text_of_mark(session: Session, tenant_id: str, mark: str, now: datetime) -> Wording | None:
    """Return the text that a form says it showed, if that is still the text to show; None for an older or invented one."""
    purpose, _first, rest = mark.partition("|")
    version, _second, language = rest.partition("|")
    if purpose not in set(Purpose):
        return None
    current = wordings_now(session, tenant_id, [Purpose(purpose)], language, now).get(Purpose(purpose))
    return current if current is not None and (current.version, current.language) == (version, language) else None
