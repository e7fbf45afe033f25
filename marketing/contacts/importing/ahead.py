"""Make the next batch ready while the present one is written: the database works on one core, reading on the other."""

import gc
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar

Made = TypeVar("Made")


def one_ahead(make: Callable[[], Made | None]) -> Generator[Made]:
    """Yield what `make` returns until it returns None; it works on the next one, in a thread, while the caller has one in hand.

    Never more than one is ready. What `make` raises comes where its batch would have come.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        context = copy_context()  # the language of what is told about rows
        following = pool.submit(context.run, make)
        while (made := following.result()) is not None:
            following = pool.submit(context.run, make)
            yield made


@contextmanager
def unswept() -> Iterator[Callable[[], None]]:
    """Keep the garbage collector from walking over the whole program again and again for what a batch holds only for a moment.

    That was a quarter of the time of an import. Yields what is to be called after each batch: it sweeps up what is young.
    """
    swept = gc.isenabled()
    gc.disable()
    try:
        yield _sweep
    finally:
        if swept:
            gc.enable()


def _sweep() -> None:
    gc.collect(1)
