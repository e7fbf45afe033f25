"""Answer a repeated request as it was answered the first time, in the transaction that did the work."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketing.db.insert import engine_insert
from marketing.db.models import Answered
from marketing.domain.keyed_hash import HashPurpose, keyed_hash
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _

KEPT_FOR: Final = timedelta(days=30)
"""Longer than anybody repeats: Meta tries a webhook for 7 days (WhatsApp Cloud API, "Webhooks"), Telegram for one."""
REPEATED: Final = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class Question:
    """One request: whose, under which name of theirs, and what it says; the key belongs to the installation."""

    tenant_id: str
    asker: str
    name: str
    content: Any
    key: bytes = field(repr=False)

    def hashed(self, text: str) -> str:
        """Return the keyed hash of a text of theirs."""
        return keyed_hash(self.key, HashPurpose.REQUEST, self.tenant_id, f"{self.asker}\x1f{text}")


def once(
    session: Session, question: Question, now: datetime, work: Callable[[], Mapping[str, Any]]
) -> tuple[Mapping[str, Any], bool]:
    """Do the work unless this request was answered, and return the answer and whether it is a repeat.

    Two at once come one after the other, because the name is taken before the work is done. An error undoes the name with
    the rest of the caller's transaction. InvalidInputError (field REPEATED) when the name was used for something else.
    """
    name = question.hashed(question.name)
    content = question.hashed(json.dumps(question.content, sort_keys=True, default=str))
    row = {
        "tenant_id": question.tenant_id,
        "asker": question.asker,
        "name_hash": name,
        "content_hash": content,
        "answer": {},
        "at": now,
    }
    take = engine_insert(session, Answered).values(row).on_conflict_do_nothing().returning(Answered.at)
    is_first = session.scalar(take) is not None
    standing = session.scalars(
        select(Answered).where(
            Answered.tenant_id == question.tenant_id, Answered.asker == question.asker, Answered.name_hash == name
        )
    ).one()
    if not is_first:
        if standing.content_hash != content:
            raise InvalidInputError(
                _("Nomor permintaan ini sudah dipakai untuk isi yang lain. Pakai nomor baru."), field=REPEATED
            )
        return standing.answer, True
    standing.answer = dict(work())
    return standing.answer, False


def forget_old(session: Session, now: datetime) -> None:
    """Forget what nobody repeats any more."""
    session.execute(delete(Answered).where(Answered.at < now - KEPT_FOR))
