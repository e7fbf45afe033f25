"""What every provider of mail must do; a subclass says how its own server misbehaves, the tests are the same for all."""

import traceback
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt, SendOutcome
from marketing.channels.email.adapter import EmailMessenger
from marketing.channels.email.mail_accounts import OnlyAccount
from marketing.channels.email.providers.base import Provider
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail
from tests.support.mail import NOW, deliver, mail

SECRET = "SG.kunci-rahasia.untuk-uji"
NAME, LOCAL = "Siti Rahasiawati", "siti.rahasiawati"


@dataclass(frozen=True)
class Bench:
    """A provider and the server it talks to."""

    provider: Provider
    received: Callable[[], Sequence[str]]
    """Message references, once for each mail that the server took."""
    all_closed: Callable[[], bool]


class MailProviderSuite(ABC):
    """Faults are whatever the subclass's `bench` understands; each happens to the first message, then the server obeys."""

    passing: ClassVar[Sequence[Any]]
    """Refused for now: handed over again later, and an attempt or not as the provider means it."""
    final: ClassVar[Sequence[Any]]
    """Refused for good."""
    before: ClassVar[Sequence[Any]]
    """Broken off before the content was whole: nothing can have come of it."""
    after: ClassVar[Sequence[Any]]
    """Broken off when the content had left."""
    down: ClassVar[Sequence[Any]]
    """Nothing can be handed over at all."""

    @abstractmethod
    def bench(self, fault: Any = None, *, timeout: float = 5) -> AbstractContextManager[Bench]:
        """Start a server whose first message meets the fault."""

    def first(self, fault: Any) -> SendOutcome:
        with self.bench(fault, timeout=0.3) as bench:
            found = attempt(bench.provider, [mail("a")])
        (outcome,) = found.outcomes
        assert outcome.key == "a"
        return outcome

    def test_takes_what_it_is_given_and_answers_each_once(self) -> None:
        batch = [mail(f"m{number}") for number in range(60)]
        with self.bench() as bench:
            found = attempt(bench.provider, batch)
            assert found.down is None
            assert Counter(outcome.key for outcome in found.outcomes) == Counter(email.key for email in batch)
            assert all(isinstance(outcome, Accepted) and outcome.provider_id for outcome in found.outcomes)
            assert Counter(bench.received()) == Counter(email.reference for email in batch)

    def test_a_passing_refusal_is_deferred_with_a_due_time(self) -> None:
        for fault in self.passing:
            outcome = self.first(fault)
            assert isinstance(outcome, Deferred), fault
            assert outcome.retry_after > timedelta(0), fault

    def test_a_final_refusal_fails_with_a_code(self) -> None:
        for fault in self.final:
            outcome = self.first(fault)
            assert isinstance(outcome, Failed), fault
            assert outcome.reason, fault
            assert "@" not in outcome.detail, fault

    def test_broken_off_before_the_content_was_whole_is_safe_to_repeat(self) -> None:
        for fault in self.before:
            with self.bench(fault, timeout=0.3) as bench:
                found = attempt(bench.provider, [mail("a")])
                assert isinstance(found.outcomes[0], Deferred), fault
                assert list(bench.received()) == [], fault

    def test_broken_off_after_the_content_had_left_is_in_doubt_and_not_repeated(self) -> None:
        for fault in self.after:
            with self.bench(fault, timeout=0.3) as bench:
                found = attempt(bench.provider, [mail("a")])
                assert [type(outcome) for outcome in found.outcomes] == [InDoubt], fault
                assert list(bench.received()) == [mail("a").reference], fault

    def test_one_that_is_refused_leaves_the_others_alone(self) -> None:
        batch = [mail(f"m{number}") for number in range(6)]
        for fault in self.final:
            with self.bench(fault, timeout=2) as bench:
                found = attempt(bench.provider, batch)
                kinds = Counter(type(outcome) for outcome in found.outcomes)
                assert sum(kinds.values()) == len(batch), fault
                assert len({outcome.key for outcome in found.outcomes}) == len(batch), fault
                assert kinds[Accepted] >= len(batch) - 1, (fault, found)
                assert len(bench.received()) == kinds[Accepted], fault

    def test_nothing_is_taken_when_it_is_down(self) -> None:
        for fault in self.down:
            with self.bench(fault, timeout=0.3) as bench:
                found = attempt(bench.provider, [mail("a"), mail("b")])
                assert (found.outcomes, found.left) == ([], ["a", "b"]), fault
                assert found.down is not None, fault
                assert found.down.retry_after > timedelta(0), fault

    def test_every_message_has_one_outcome_or_stays_in_the_batch(self) -> None:
        batch = [mail(f"m{number}") for number in range(8)]
        for fault in (*self.passing, *self.final, *self.before, *self.after, *self.down):
            with self.bench(fault, timeout=0.3) as bench:
                found = attempt(bench.provider, batch)
                keys = [outcome.key for outcome in found.outcomes] + found.left
                assert Counter(keys) == Counter(email.key for email in batch), fault
                assert max(Counter(bench.received()).values(), default=1) == 1, fault

    def test_what_cannot_be_written_safely_fails_alone(self) -> None:
        hostile = [
            mail("a", subject="x\r\nBcc: lain@evil.example"),
            mail("b", recipient_address="b@x.example\r\nRCPT TO:<lain@evil.example>"),
            mail("c", recipient_name="x\r\nBcc: lain@evil.example"),
            mail("d", unsubscribe_url=""),
            mail("e"),
        ]
        with self.bench() as bench:
            found = {outcome.key: outcome for outcome in attempt(bench.provider, hostile).outcomes}
            assert isinstance(found.pop("e"), Accepted)
            assert all(isinstance(one, Failed) and one.reason == "bad_message" for one in found.values())
            assert len(found) == 4
            assert list(bench.received()) == [mail("e").reference]

    def test_a_caller_that_stops_half_way_gets_no_more_sent_than_was_taken(self) -> None:
        taken: list[str] = []

        def batch() -> Iterator[OutboundEmail]:
            for number in range(10):
                taken.append(mail(f"m{number}").reference)
                yield mail(f"m{number}")

        with self.bench() as bench:
            running = deliver(bench.provider, batch())
            next(running)
            running.close()  # type: ignore[attr-defined]
            assert set(bench.received()) <= set(taken)

    def test_connections_do_not_outlive_the_provider(self) -> None:
        with self.bench() as bench:
            attempt(bench.provider, [mail("a")])
            bench.provider.close()
            assert bench.all_closed()

    def test_secrets_and_people_stay_out_of_logs_errors_and_reprs(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("DEBUG")
        person = mail("a", recipient_name=NAME, recipient_address=f"{LOCAL}@pembeli.example", subject=f"Untuk {NAME}")
        shown = ""
        for fault in (None, *self.passing, *self.final, *self.before, *self.after, *self.down):
            with self.bench(fault, timeout=0.3) as bench:
                found = attempt(bench.provider, [person])
                shown += repr(bench.provider) + repr(found.outcomes) + repr(found.down)
                shown += "".join(traceback.format_exception(found.down)) if found.down else ""
        shown += caplog.text
        for secret in (SECRET, NAME, LOCAL):
            assert secret not in shown

    def test_the_messenger_over_it_keeps_the_same_promises(self) -> None:
        with self.bench() as bench:
            messenger = EmailMessenger(OnlyAccount(bench.provider), lambda: NOW)
            batch = [mail(f"m{number}") for number in range(5)]
            assert Counter(outcome.key for outcome in messenger.send(batch)) == Counter(one.key for one in batch)
            assert len(bench.received()) == 5


@dataclass(frozen=True)
class Found:
    """What came of a batch."""

    outcomes: list[SendOutcome]
    down: TemporaryError | None
    left: list[str]


def attempt(provider: Provider, batch: Sequence[OutboundEmail]) -> Found:
    waiting, outcomes, down = iter(batch), [], None
    try:
        for outcome in deliver(provider, waiting):
            outcomes.append(outcome)  # noqa: PERF402  what came before an error counts
    except TemporaryError as error:
        down = error
    return Found(outcomes, down, [email.key for email in waiting])
