"""Consent that a program of the Daerah collected: a check-out on the official site, the account page of a shop.

Each answer is decided by `domain.outside_consent`; what it comes to is done in one transaction, and a repeat of the request
is answered as the first time. The program learns of a purpose whether it counts or waits, never of an address who has it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from marketing.accounts.answered import Question, once
from marketing.accounts.api_keys import Caller, note_use
from marketing.contacts.addresses import address_hash
from marketing.contacts.leaving import Leaving, leave
from marketing.contacts.outside.checking import Work, check
from marketing.contacts.outside.recording import SOURCE, held, record
from marketing.contacts.outside.said import Collected, Goodbye, evidence_of
from marketing.contacts.subscribing import Subscriptions, Wish
from marketing.contacts.suppressions import Reach
from marketing.contacts.wordings import load_ages
from marketing.db.models import Tenant
from marketing.db.session import Database
from marketing.domain.consent_evidence import plain
from marketing.domain.outside_consent import Step, step_for
from marketing.domain.types import ChannelName, Purpose

_STATES: Final[Mapping[Step, str]] = {
    Step.RECORD: "given",
    Step.STANDS: "given",
    Step.ASK_OWNER: "pending",
    Step.WITHDRAW: "withdrawn",
    Step.LEAVE: "unchanged",
}


@dataclass(frozen=True, slots=True)
class OutsideConsents:
    """Takes what programs of the Daerah collected."""

    database: Database
    subscriptions: Subscriptions
    signing_key: bytes = field(repr=False)
    clock: Callable[[], datetime]

    def take(self, caller: Caller, collected: Collected, name: str, content: Any) -> Mapping[str, Any]:
        """Decide about every box and do it, all or nothing; `name` and `content` tell a repeat of the request.

        InvalidInputError, its field a JSON pointer, for what no program of ours may send.
        """
        now = self.clock()
        with self.database.write() as session:
            return self._once(session, caller, (name, content), lambda: self._take(session, caller, collected, now))

    def withdraw(self, caller: Caller, goodbye: Goodbye, name: str, content: Any) -> Mapping[str, Any]:
        """Let a person leave, in this transaction; the answer is the same whether or not we know the address."""
        now = self.clock()
        reaches = self._reaches(caller.tenant_id, goodbye.addresses)
        evidence = evidence_of(caller, goodbye.circumstances)
        if goodbye.said_at is not None:
            evidence["said_at"] = goodbye.said_at

        def work() -> dict[str, Any]:
            leaving = Leaving(tuple(reaches.values()), goodbye.purposes, everything=goodbye.everything)
            leave(session, caller.tenant_id, leaving, source=SOURCE, evidence=plain(evidence), now=now)
            left = list(Purpose) if goodbye.everything else list(goodbye.purposes)
            return {"withdrawn": [str(purpose) for purpose in left], "effective_at": now.isoformat()}

        with self.database.write() as session:
            return self._once(session, caller, (name, content), work) if name else self._noted(session, caller, work)

    def _once(
        self, session: Session, caller: Caller, said: tuple[str, Any], work: Callable[[], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        question = Question(caller.tenant_id, f"api:{caller.key_id}", *said, key=self.signing_key)
        answer, _is_repeat = once(session, question, self.clock(), lambda: self._noted(session, caller, work))
        return answer

    def _noted(self, session: Session, caller: Caller, work: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        note_use(session, caller, self.clock())
        return work()

    def _reaches(self, tenant_id: str, addresses: Mapping[ChannelName, str]) -> dict[ChannelName, Reach]:
        return {
            channel: Reach(channel, address_hash(self.signing_key, tenant_id, address))
            for channel, address in addresses.items()
        }

    def _take(self, session: Session, caller: Caller, collected: Collected, now: datetime) -> dict[str, Any]:
        # One after the other with a withdrawal, a merge, an erasure: what is read here still holds when it is written.
        session.get(Tenant, caller.tenant_id, with_for_update={"key_share": True})
        reaches = self._reaches(caller.tenant_id, collected.addresses)
        work = Work(session, caller, collected, now, reaches, load_ages(session, caller.tenant_id, now))
        check(work)
        steps = {
            box.purpose: step_for(
                box.purpose,
                box.answer,
                held(work, box.purpose),
                vouched=collected.vouched is not None,
                collected_at=collected.collected_at,
            )
            for box in collected.boxes
        }
        record(work, [one for one, step in steps.items() if step is Step.RECORD])
        if asked := [one for one, step in steps.items() if step is Step.ASK_OWNER]:
            self.subscriptions.add(session, caller.tenant_id, _wish(work, asked))
        if left := [one for one, step in steps.items() if step is Step.WITHDRAW]:
            leaving = Leaving(tuple(reaches.values()), left)
            evidence = plain(evidence_of(caller, collected.circumstances))
            leave(session, caller.tenant_id, leaving, source=SOURCE, evidence=evidence, now=now)
        return {"decisions": [{"purpose": str(one), "state": _STATES[step]} for one, step in steps.items()]}


def _wish(work: Work, purposes: Sequence[Purpose]) -> Wish:
    """Return what the owner of the mailbox is asked to confirm."""
    collected, said = work.collected, work.collected.circumstances
    return Wish(
        address=collected.addresses[ChannelName.EMAIL],
        name=collected.name,
        wordings=tuple(work.texts[purpose] for purpose in purposes),
        topics=(),
        language=collected.language,
        form=SOURCE,
        ip=said.ip,
        user_agent=said.user_agent,
        more={**evidence_of(work.caller, said), "collected_at": collected.collected_at},
    )
