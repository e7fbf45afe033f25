"""Which turns are asked for and not begun, so that a queue holds at most one of a campaign however many ask for it.

The note stands at the broker beside the queue itself: emptied with it, gone with it. It runs out after a few seconds, because a
task may be lost with the worker that had fetched it; then whoever asks next asks again.
"""

import time
from typing import Final

from marketing.later import without

with without("opentelemetry.sdk.metrics"):  # redis would measure itself, for 5 MB
    import redis

EXPIRY_SECONDS: Final = 6.0
_PATIENCE_SECONDS: Final = 0.4
_PREFIX: Final = "siar-asked:"


class Asked:
    """Notes of one broker; kept in this process where the broker is no Redis that an address names."""

    def __init__(self, broker: str) -> None:
        """Prepare; nothing is connected yet."""
        address = broker.replace("redis+socket://", "unix://", 1)
        self._own: dict[str, float] = {}
        self._client: redis.Redis | None = None
        if address.partition("://")[0] in {"redis", "rediss", "unix"}:
            self._client = redis.Redis.from_url(
                address, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS
            )

    def ask(self, name: str, wait: float = 0.0) -> bool:
        """Note a turn that is to begin after `wait` seconds; False when it is noted already, and need not be asked for."""
        length = EXPIRY_SECONDS + wait
        if self._client is None:
            now = time.monotonic()
            if self._own.get(name, 0.0) > now:
                return False
            self._own[name] = now + length
            return True
        try:
            return bool(self._client.set(_PREFIX + name, b"1", nx=True, px=int(length * 1000)))
        except redis.RedisError:
            return True  # better twice than never

    def begun(self, name: str) -> bool:
        """Take the note away as the turn begins; False when there was none, so that another of this name waits or has begun."""
        if self._client is None:
            return self._own.pop(name, None) is not None
        try:
            return bool(self._client.delete(_PREFIX + name))
        except redis.RedisError:
            return False

    def close(self) -> None:
        """Give the connection back."""
        if self._client is not None:
            self._client.close()
