"""A fault at any call of a post's life: the worker waits as long as it is told, asks a person or gives up, and never posts twice.

`lived` does what `delivery.publishing` does with the answers of an adapter, with a person who connects the account again at once.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from marketing.channels.base import Absent, AwaitingHuman, Failed, InDoubt, Pending, Preparing, Published, Ready
from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.pace import Pace
from marketing.demo.simulators.server import Fault
from marketing.domain.content import OutboundPost
from marketing.observability import get_logger
from marketing.social.reasons import words_of
from tests.conformance.social_suite import Bench

TURNS = 60
LOOK_UPS = 3
LOOK_AGAIN = timedelta(minutes=5)


@dataclass
class Life:
    """Where a post is, how it ended, how long the adapter asked to wait, and why a person had to connect again."""

    outcome: Any = None
    waits: list[timedelta] = field(default_factory=list)
    reconnects: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    step: str = "send"
    note: str = ""
    handle: str = ""
    looked: int = 0

    def take(self, bench: Bench, answer: Any) -> None:
        """Go on as the ledger of posts would after this answer."""
        match answer:
            case Ready(note=note):
                self.step, self.note = "submit", note
            case Preparing(note=note, retry_after=wait):
                self.note = note
                self.wait(bench, wait)
            case Pending(handle=handle, retry_after=wait):
                self.step, self.handle = "poll", handle
                self.wait(bench, wait)
            case Absent():
                self.step = "send"
            case InDoubt(reason=reason) if self.looked < LOOK_UPS:
                self.words.append(reason)
                self.step, self.looked = "find", self.looked + 1
                bench.server.pass_time(LOOK_AGAIN)
            case _:
                self.outcome = answer

    def wait(self, bench: Bench, wait: timedelta) -> None:
        """Let the time pass that the adapter asked for, a minute at least."""
        self.waits.append(wait)
        bench.server.pass_time(max(wait, timedelta(minutes=1)))


def lived(bench: Bench, post: OutboundPost) -> Life:
    """Live a post until it stands, failed, or only a person can tell."""
    life = Life()
    for _turn in range(TURNS):
        if hasattr(bench.door, "pace"):
            bench.door = replace(bench.door, pace=Pace())  # type: ignore[type-var]
        try:
            life.take(bench, _stepped(bench, post, life))
        except ReconnectError as error:
            life.reconnects.append(str(error))
            bench.server.faults.clear()  # a person connects the account again
        except TemporaryError as error:
            life.words.append(str(error))
            life.wait(bench, error.retry_after)
        except PermanentError as error:
            sending = life.step in {"send", "submit"}
            life.take(bench, (Failed(post.key, "refused", str(error)) if sending else InDoubt(post.key, str(error))))
        if life.outcome is not None:
            return life
    raise AssertionError("it never ends")


def _stepped(bench: Bench, post: OutboundPost, life: Life) -> Any:
    publisher = bench.publisher
    if life.step == "submit":
        life.step = "send"  # what submit refuses is certain: nothing stands, and it is prepared anew
        return publisher.submit(post, life.note)
    if life.step == "find":
        return publisher.find(post, life.note)
    if life.step == "poll":
        return publisher.poll(post, life.handle)
    return publisher.prepare(post, life.note)


def calls_of_a_life(bench: Bench) -> int:
    """Return how many calls an untroubled post makes."""
    assert isinstance(lived(bench, bench.post()).outcome, Published | AwaitingHuman)
    return len(bench.server.asked)


def check_a_fault_at_a_call(bench: Bench, fault: Fault, before: int) -> None:
    """Let `before` calls pass and spoil the next; an access that was revoked stays so until a person comes."""
    bench.server.break_next("", *[None] * before, *[fault] * (TURNS if fault is Fault.TOKEN else 1))
    life = lived(bench, bench.post())
    standing = bench.standing()
    match life.outcome:
        case Published() | AwaitingHuman():
            assert standing == 1
        case Failed(detail=detail):
            assert fault in {Fault.POLICY, Fault.PERMISSION}
            assert standing == 0
            assert is_sentence(detail), detail
        case InDoubt():
            assert not bench.can_tell
            assert standing <= 1
    for words in (*life.words, *life.reconnects):
        assert is_sentence(words_of(words)), words
    if fault is Fault.RATE:
        assert bench.delay in life.waits, life
    if fault is Fault.TOKEN:
        assert life.reconnects, life
        assert all(is_sentence(words) for words in life.reconnects), life.reconnects


def is_sentence(words: str) -> bool:
    """Return whether a person is told something, and not a code; the provider's code may follow in brackets."""
    told = words.rpartition(" (")[0] or words if words.endswith(")") else words
    return told.endswith(".") and told[0].isupper() and told.count(" ") >= 3


def check_clocks_that_differ(bench: Bench, skew: timedelta) -> None:
    """Our host's clock is wrong by `skew`: a lost answer is still found, and nothing is published twice."""
    bench.door = replace(bench.door, clock=lambda: bench.server.now + skew)  # type: ignore[type-var]
    bench.server.break_next(bench.submitting, Fault.DROP_ANSWER)
    life = lived(bench, bench.post())
    assert isinstance(life.outcome, Published), life
    assert bench.standing() == 1


def troubled(bench: Bench) -> None:
    """Let everything go wrong once that a provider's library may write about, and log what is raised."""
    log = get_logger("audit")
    for number, fault in enumerate((None, Fault.DROP_ANSWER, Fault.RATE, Fault.TOKEN, Fault.SERVER_ERROR, Fault.BUSY)):
        if fault is not None:
            bench.server.break_next(bench.submitting, fault)
        try:
            log.info("answer", answer=repr(bench.publish(bench.post(f"tts-{number}"))), door=repr(bench.door))
        except (PermanentError, TemporaryError) as error:
            log.exception("refused", account=repr(bench.access))
            context: BaseException | None = error
            while context is not None:  # also what `from None` only hides
                log.warning("because", text=str(context))
                context = context.__context__
