"""Where the time of a message goes: the steps of the pipeline, timed in place."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from benchmarks.figures import microseconds
from marketing.channels.email import writing
from marketing.channels.email.providers.smtp import SmtpCarrier
from marketing.delivery.handing_over import HandingOver
from marketing.delivery.pipeline import Pipeline


@dataclass(slots=True)
class Stages:
    """Seconds by step, summed over all batches."""

    seconds: Counter[str] = field(default_factory=Counter)
    cpu: float = 0.0
    _inside: float = 0.0

    def per_message(self, messages: int) -> dict[str, float]:
        """Return microseconds per message by step, and the processor time of this process for all of them."""
        found = {name: microseconds(spent, messages) for name, spent in self.seconds.items()}
        return {**found, "cpu_of_this_process": microseconds(self.cpu, messages)}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Time the steps of every pipeline while this is open."""
        before = time.process_time()
        with ExitStack() as stack:
            for place, name, label in (
                (Pipeline, "_claim", "claim"),
                (Pipeline, "_compose", "compose"),
                (HandingOver, "_mark", "permit_and_record"),
                (HandingOver, "finish", "finish"),
                (writing, "build_mime", "mime"),
                (SmtpCarrier, "carry", "smtp"),
            ):
                stack.enter_context(patch.object(place, name, self._timed(label, getattr(place, name))))
            yield
        self.cpu += time.process_time() - before

    def _timed(self, label: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            started, inside = time.perf_counter(), self._inside
            self._inside = 0.0
            try:
                return act(*args, **kwargs)
            finally:
                spent = time.perf_counter() - started
                self.seconds[label] += spent - self._inside  # a step that waits for another does not count it
                self._inside = inside + spent

        return watched
