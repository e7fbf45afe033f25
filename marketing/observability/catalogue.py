"""Every number that Siar tells, once: its name, what it counts, its labels. Rules and dashboards may name no other."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How the values of several processes come together, and how Prometheus reads them."""

    COUNTER = "counter"
    HISTOGRAM = "histogram"
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number. A counter's name ends in `_total`; seconds are seconds."""

    name: str
    help: str
    kind: Kind
    labels: tuple[str, ...] = ()


BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Upper bounds in seconds, the same for every histogram: a step of 50 messages lies in the middle."""

_C, _H, _G = Kind.COUNTER, Kind.HISTOGRAM, Kind.GAUGE

# Counted by each process, told with its name.
MESSAGES: Final = Metric(
    "siar_messages_total", "Messages by what became of them.", _C, ("tenant", "channel", "type", "outcome")
)
STEP: Final = Metric(
    "siar_step_seconds", "Time of one step for one sub-batch: claim, permit, compose, hand_over, record.", _H, ("step",)
)
RANGES: Final = Metric(
    "siar_ranges_total", "Ranges of messages: leased, finished, given back, found lost.", _C, ("event",)
)
RATE_WAITS: Final = Metric("siar_rate_waits_total", "Times a sending rate was used up, by account.", _C, ("account",))
RATE_WAIT_SECONDS: Final = Metric(
    "siar_rate_wait_seconds_total", "Seconds that used-up sending rates asked to wait, by account.", _C, ("account",)
)
RATE_WAITED: Final = Metric("siar_rate_waited_seconds_total", "Seconds that workers waited in place for a rate.", _C)
TASK: Final = Metric("siar_task_seconds", "Time of one task.", _H, ("task",))
TASK_FAILURES: Final = Metric("siar_task_failures_total", "Tasks that ended with an error.", _C, ("task",))
REQUEST: Final = Metric("siar_request_seconds", "Time of one web request.", _H, ("route", "method", "status"))
SWEPT: Final = Metric("siar_swept_timestamp_seconds", "When the sweeper last made a whole pass (Unix time).", _G)
SWEEP: Final = Metric("siar_sweep_seconds", "Time of one pass of the sweeper.", _H)

# Read from the database or the broker when somebody asks.
UP: Final = Metric("siar_up", "Whether this part answers: database, broker.", _G, ("part",))
BUILD: Final = Metric("siar_build_info", "The running version.", _G, ("version", "python"))
PROCESSES: Final = Metric("siar_processes", "Processes seen within the last minute.", _G, ("kind",))
OLDEST: Final = Metric("siar_queue_oldest_seconds", "How long the oldest due range has waited.", _G, ("lane",))
DUE: Final = Metric("siar_queue_due_messages", "Messages in ranges that are due and not leased.", _G, ("lane",))
HELD: Final = Metric(
    "siar_ranges", "Open ranges: due, leased, lost (their lease ran out), later.", _G, ("lane", "state")
)
DEFERRED: Final = Metric("siar_messages_put_off", "Open messages in ranges that are due only later.", _G, ("lane",))
UNKNOWN: Final = Metric("siar_messages_unknown", "Messages of the last weeks whose fate nobody knows.", _G)
SENDING: Final = Metric("siar_campaigns_sending", "Campaigns on their way.", _G, ("tenant",))
BREAKERS: Final = Metric("siar_breakers", "Breakers that stand.", _G, ("tenant", "kind", "level"))
ACCOUNTS: Final = Metric(
    "siar_mail_account_healthy",
    "Whether a mail account took mail when last asked.",
    _G,
    ("tenant", "account", "provider"),
)
LEADER: Final = Metric("siar_scheduler_lease_seconds", "How long the leading scheduler's lease still runs.", _G)

COUNTED: Final = (
    MESSAGES,
    STEP,
    RANGES,
    RATE_WAITS,
    RATE_WAIT_SECONDS,
    RATE_WAITED,
    TASK,
    TASK_FAILURES,
    REQUEST,
    SWEPT,
    SWEEP,
)
READ: Final = (UP, BUILD, PROCESSES, OLDEST, DUE, HELD, DEFERRED, UNKNOWN, SENDING, BREAKERS, ACCOUNTS, LEADER)
BY_NAME: Final = {metric.name: metric for metric in COUNTED}
