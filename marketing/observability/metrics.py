"""What use cases call: once per sub-batch, range, task or request, never once per message."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Literal

from marketing.observability import catalogue
from marketing.observability.tally import TALLY

Step = Literal["claim", "permit", "compose", "hand_over", "record"]
RangeEvent = Literal["leased", "finished", "given_back", "lost"]


def recorded(tenant: str, channel: str, email_type: str, outcomes: Mapping[str, int]) -> None:
    """Count what became of a sub-batch's messages, by state or answer: accepted, deferred, failed, unknown, skipped."""
    for outcome, number in outcomes.items():
        TALLY.add(catalogue.MESSAGES, (tenant, channel, email_type, outcome), number)


def step(name: Step, seconds: float) -> None:
    """Note how long one step took for one sub-batch."""
    TALLY.observe(catalogue.STEP, seconds, (name,))


def ranges(event: RangeEvent, number: int = 1) -> None:
    """Count ranges that a worker leased, finished or gave back, or that the sweeper found lost."""
    TALLY.add(catalogue.RANGES, (event,), number)


def rate_used_up(account: str, seconds: float) -> None:
    """Count that an account's rate was used up, and for how long it asked to wait."""
    TALLY.add(catalogue.RATE_WAITS, (account,))
    TALLY.add(catalogue.RATE_WAIT_SECONDS, (account,), seconds)


def rate_waited(seconds: float) -> None:
    """Note that a worker waited in place until a rate let the next message go."""
    TALLY.add(catalogue.RATE_WAITED, (), seconds)


def swept(timestamp: float, seconds: float) -> None:
    """Note a whole pass of the sweeper: when it ended (Unix time), and how long it took."""
    TALLY.put(catalogue.SWEPT, timestamp)
    TALLY.observe(catalogue.SWEEP, seconds)


def request(route: str, method: str, status: int, seconds: float) -> None:
    """Note one web request by the pattern of its route (never its address) and the class of its status."""
    TALLY.observe(catalogue.REQUEST, seconds, (route, method, f"{status // 100}xx"))


@contextmanager
def task(name: str) -> Iterator[None]:
    """Time a task; count it as failed when it ends with an error."""
    start = perf_counter()
    try:
        yield
    except BaseException:
        TALLY.add(catalogue.TASK_FAILURES, (name,))
        raise
    finally:
        TALLY.observe(catalogue.TASK, perf_counter() - start, (name,))
