"""One batch is made ready while another is in hand: in order, never two, and what goes wrong comes in its place."""

import gc
import threading
from collections.abc import Iterator

import pytest

from marketing.contacts.importing.ahead import one_ahead, unswept
from marketing.i18n import language, speaking


def made(number: int, upto: Iterator[int], begun: list[int]) -> int | None:
    begun.append(next(upto))
    if begun[-1] == number:
        raise ValueError("torn")
    return begun[-1] if begun[-1] < 9 else None


def test_batches_come_in_order_and_only_one_is_ready() -> None:
    begun: list[int] = []
    numbers = iter(range(20))
    seen: list[int] = []
    for one in one_ahead(lambda: made(-1, numbers, begun)):
        seen.append(one)
        assert len(begun) <= len(seen) + 1
    assert seen == list(range(9))


def test_what_goes_wrong_comes_after_what_was_well() -> None:
    numbers = iter(range(20))
    seen: list[int] = []
    with pytest.raises(ValueError, match="torn"):
        seen.extend(one_ahead(lambda: made(3, numbers, [])))
    assert seen == [0, 1, 2]


def test_who_stops_early_leaves_no_thread_behind() -> None:
    numbers = iter(range(20))
    batches = one_ahead(lambda: made(-1, numbers, []))
    assert next(batches) == 0
    batches.close()
    assert not [one for one in threading.enumerate() if one.name.startswith("ahead")]


def test_remarks_are_in_the_language_of_whoever_asked() -> None:
    spoken: list[str] = []

    def remark() -> str | None:
        spoken.append(language())
        return spoken[-1] if len(spoken) == 1 else None

    with speaking("en"):
        assert list(one_ahead(remark)) == ["en"]
    assert spoken == ["en", "en"]


def test_the_collector_is_as_it_was_afterwards() -> None:
    with unswept() as sweep:
        assert not gc.isenabled()
        sweep()
    assert gc.isenabled()
    gc.disable()
    try:
        with unswept():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
