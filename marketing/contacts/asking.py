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
