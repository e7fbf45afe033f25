"""How long the steps of one turn at a range take and what comes of its messages, told once per sub-batch."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter

from marketing.observability import metrics
from marketing.observability.logs import get_logger
from marketing.observability.metrics import Step

log = get_logger(__name__)
_INSIDE: tuple[Step, ...] = ("permit", "record", "compose")
"""What happens while the messenger is handing over, because it takes each message only when it can leave."""


@dataclass(slots=True)
class RangeWatch:
    """Used by one thread. Its clock is read twice a message; everything else happens per sub-batch."""

    tenant: str
    channel: str
    email_type: str
    outcomes: Counter[str] = field(default_factory=Counter)
    composing: float = 0.0
    """Seconds of this sub-batch; added to once a message, so it is a plain number."""
    _sub_batch: dict[Step, float] = field(default_factory=dict)
    _turn: dict[Step, float] = field(default_factory=dict)
    _begun: float = field(default_factory=perf_counter)
    _since: float = field(default_factory=perf_counter)

    def took(self, step: Step, seconds: float) -> None:
        """Note a part of a step."""
        self._sub_batch[step] = self._sub_batch.get(step, 0.0) + seconds

    def came_to(self, outcomes: Mapping[str, int]) -> None:
        """Count what became of messages, once that is committed."""
        self.outcomes.update(outcomes)
        metrics.recorded(self.tenant, self.channel, self.email_type, outcomes)

    def sub_batch(self) -> None:
        """Tell the steps since the last sub-batch; what no other step took is the handing over."""
        now = perf_counter()
        seconds, self._since = now - self._since, now
        self.took("compose", self.composing)
        self.took("hand_over", max(seconds - sum(self._sub_batch.get(step, 0.0) for step in _INSIDE), 0.0))
        self.composing = 0.0
        self.flush()

    def flush(self) -> None:
        """Tell what was noted."""
        for step, seconds in self._sub_batch.items():
            metrics.step(step, seconds)
            self._turn[step] = self._turn.get(step, 0.0) + seconds
        self._sub_batch.clear()

    def told(self, *, campaign: int, range_id: int, messages: int) -> None:
        """Write one line on the turn."""
        self.flush()
        log.info(
            "range",
            campaign=campaign,
            range=range_id,
            messages=messages,
            **self.outcomes,
            seconds=round(perf_counter() - self._begun, 3),
            **{f"{step}_ms": round(seconds * 1000) for step, seconds in self._turn.items()},
        )
