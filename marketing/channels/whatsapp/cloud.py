"""The Messenger of WhatsApp: template messages to single persons, one call each, at the pace that Meta allows.

A call is never repeated here: the Cloud API has no key of idempotency, so a lost answer leaves the message in doubt, and the
status that Meta's webhook brings with our reference settles it.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, Protocol

from limits import RateLimitItemPerDay, RateLimitItemPerMinute, RateLimitItemPerSecond

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt, Load, SendOutcome
from marketing.channels.errors import TemporaryError
from marketing.channels.pace import Limit, Pace
from marketing.channels.social import Access
from marketing.channels.whatsapp.cloud_errors import WHOLE_NUMBER, Fault, action_of, outcome_of, wait_of
from marketing.channels.whatsapp.cloud_payload import misfit
from marketing.domain.types import ChannelName, EmailType
from marketing.domain.whatsapp_message import FaultAction, OutboundTemplate

if TYPE_CHECKING:
    from marketing.channels.whatsapp.cloud_client import CloudClient

TOGETHER: Final = 5
"""Permitted together, so at most as many in doubt when a worker dies: nothing can be looked up afterwards."""
WABA: Final = "waba"
PORTFOLIO: Final = "portfolio"
TIER: Final = "tier"
THROUGHPUT: Final = "throughput"
FIRST_TIER: Final = 250
"""Unique persons in 24 hours of a new portfolio (…/messaging-limits, 22 Nov 2026)."""
TIERS: Final[Mapping[str, int | None]] = {
    "TIER_50": 50,
    "TIER_250": 250,
    "TIER_1K": 1_000,
    "TIER_2K": 2_000,
    "TIER_10K": 10_000,
    "TIER_100K": 100_000,
    "TIER_UNLIMITED": None,
}
STANDARD: Final = 80
"""Messages a second of a number, in and out; 20 for one that also lives in the Business app (…/throughput)."""
PAIR: Final = RateLimitItemPerMinute(10)  # one message in six seconds to the same person (131056)
SPARE: Final = 0.9
"""Of the throughput, so that answers and the incoming have room."""


@dataclass(frozen=True, slots=True)
class Number:
    """A connected number that may send now; what Meta allows it stands in the settings of its access."""

    account_id: int
    access: Access

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What every message counts in: the number's throughput and the persons of its portfolio in 24 hours.

        A person written to twice counts twice here: we stop a little early rather than be refused.
        """
        settings = self.access.settings
        rate = max(1, int(_positive(settings.get(THROUGHPUT), STANDARD) * SPARE))
        limits = [Limit(RateLimitItemPerSecond(rate), f"whatsapp/{self.access.remote_id}")]
        tier = settings.get(TIER, FIRST_TIER)
        if tier is not None:
            portfolio = settings.get(PORTFOLIO) or settings.get(WABA) or self.access.remote_id
            limits.append(Limit(RateLimitItemPerDay(_positive(tier, FIRST_TIER)), f"whatsapp-tier/{portfolio}"))
        return tuple(limits)

    def pair(self, recipient: str) -> Limit:
        """Return what a message to this person counts in."""
        return Limit(PAIR, f"whatsapp/{self.access.remote_id}/{recipient}")


class Numbers(Protocol):
    """Knows the number of each Daerah, and takes note of what became of it."""

    def of(self, tenant: str) -> Number:
        """Return the number that sends for it; TemporaryError says why none can now ("no_number", "paused", …)."""
        ...

    def troubled(self, number: Number, fault: Fault) -> None:
        """Take note that nothing leaves through it for a while, or until a person acts."""
        ...

    def template_refused(self, number: Number, message: OutboundTemplate, fault: Fault) -> None:
        """Take note that this template cannot be sent now."""
        ...


Open = Callable[[Access], "CloudClient"]


def opening(app_secret: str, host: str, timeout_seconds: float = 20.0) -> Open:
    """Return what opens a client; pywa is loaded with the first."""

    def opened(access: Access) -> "CloudClient":
        from marketing.channels.whatsapp.cloud_client import CloudClient  # noqa: PLC0415  loads pywa

        return CloudClient(access.token, app_secret=app_secret, host=host, timeout_seconds=timeout_seconds)

    return opened


class WhatsAppMessenger:
    """Sends template messages; what holds for a whole number ends the batch, the rest of which is not taken."""

    name: ChannelName = ChannelName.WHATSAPP

    def __init__(
        self, numbers: Numbers, pace: Pace, open_client: Open, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        """Take `stopping`, which says that the process is to end: then nothing more is taken."""
        self._numbers = numbers
        self._pace = pace
        self._open = open_client
        self._stopping = stopping

    def in_hand(self, tenant: str, email_type: EmailType) -> int:  # noqa: ARG002  the port's
        return TOGETHER

    def send(self, batch: Load[OutboundTemplate] | Iterable[OutboundTemplate]) -> Iterator[SendOutcome]:
        if isinstance(batch, Load):
            yield from self._carry(batch.tenant, iter(batch))
            return
        for tenant, messages in groupby(batch, key=lambda message: message.tenant):
            yield from self._carry(tenant, messages)

    def _carry(self, tenant: str, messages: Iterator[OutboundTemplate | None]) -> Iterator[SendOutcome]:
        number = self._numbers.of(tenant)
        client = self._open(number.access)
        try:
            while not self._stopping():
                self._pace.look(
                    number.limits
                )  # what is taken from the batch is permitted to go: not before there is room
                message = next(messages, None)
                if message is None:  # the end: no answer is ever owed here when the next message is asked for
                    return
                fault = yield from self._one(number, client, message)
                if fault is not None:
                    raise TemporaryError(fault.reason, wait_of(fault))
        finally:
            client.close()

    def _one(
        self, number: Number, client: "CloudClient", message: OutboundTemplate
    ) -> Generator[SendOutcome, None, Fault | None]:
        """Yield the outcome of one message; returns the fault when it holds for the whole number."""
        if why := misfit(message):
            yield Failed(message.key, "wa_unsupported", why)
            return None
        try:
            self._pace.take([number.pair(message.recipient), *number.limits])
        except TemporaryError as error:
            yield Deferred(message.key, str(error), error.retry_after, counted=False)
            return None
        outcome, fault = self._called(client, number, message)
        yield outcome
        if fault is None:
            return None
        action = action_of(fault.code) if fault.code else FaultAction.RETRY
        if action is FaultAction.TEMPLATE:
            self._numbers.template_refused(number, message, fault)
        ends = action in {FaultAction.ACCOUNT, FaultAction.RECONNECT} or fault.code in WHOLE_NUMBER
        if ends:
            self._numbers.troubled(number, fault)
        return fault if ends else None

    def _called(
        self, client: "CloudClient", number: Number, message: OutboundTemplate
    ) -> tuple[SendOutcome, Fault | None]:
        from marketing.channels.whatsapp.cloud_client import FaultError, LostError  # noqa: PLC0415  loads pywa

        try:
            return Accepted(message.key, client.send_template(number.access.remote_id, message)), None
        except FaultError as error:
            return outcome_of(message.key, error.fault), error.fault
        except TemporaryError as error:
            return Deferred(message.key, str(error), error.retry_after, counted=False), None
        except LostError as error:
            return InDoubt(message.key, str(error)), None


def _positive(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else default


def tier_of(text: object) -> int | None:
    """Return how many persons a messaging limit allows in 24 hours, None for no limit; an unknown one is the first."""
    return TIERS.get(str(text), FIRST_TIER)
