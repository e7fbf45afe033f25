"""A batch in which every item has exactly one outcome and one failure costs only itself."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from marketing.channels.marketplace.errors import Failure, Fate, ProviderError
from marketing.channels.marketplace.port import Done, Gone, ItemOutcome, RemoteId, checked_batch

Item = TypeVar("Item")


def done_or(act: Callable[[], None]) -> Done | Gone | Failure:
    """Do it and return what became of it."""
    try:
        act()
    except ProviderError as error:
        return failed(error)
    return Done()


def failed(error: ProviderError) -> Gone | Failure:
    """Return a failure about a listing; that it does not exist is an answer, not a failure."""
    return Gone() if error.rule.fate is Fate.GONE else error.failure


def each(
    items: Sequence[Item], remote_of: Callable[[Item], RemoteId], act: Callable[[Item], None]
) -> Iterator[ItemOutcome]:
    """Do each; what fails for the whole account (token, permission, rate, network) is not asked again for the rest."""
    checked_batch(items)
    return _each(items, remote_of, act)


def _each(
    items: Sequence[Item], remote_of: Callable[[Item], RemoteId], act: Callable[[Item], None]
) -> Iterator[ItemOutcome]:
    stopped: Failure | None = None
    for item in items:
        result: Done | Gone | Failure = stopped or Done()
        if stopped is None:
            try:
                act(item)
            except ProviderError as error:
                result = failed(error)
                stopped = error.failure if error.for_everyone else None
        yield ItemOutcome(remote_of(item), result)
