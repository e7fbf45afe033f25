"""What a process does to be seen while it runs: its beat, and its traces where they are wanted."""

from collections.abc import Iterator
from contextlib import contextmanager

from marketing.observability.beat import Board, Heart, Part
from marketing.observability.tracing import configure_tracing, stop_tracing


@contextmanager
def seen(part: Part, broker: str, traces: str, **about: str | int) -> Iterator[Heart]:
    """Be seen until the end of the block; `traces` is where they go, empty for nowhere."""
    configure_tracing(part, traces)
    heart = Heart(part, Board.at(broker), about).start()
    try:
        yield heart
    finally:
        heart.stop()
        stop_tracing()
