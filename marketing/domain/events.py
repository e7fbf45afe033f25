"""What comes back from the world, in one vocabulary."""

from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5


class EventType(StrEnum):
    """Delivery and engagement events; `unknown` keeps what a provider invents tomorrow."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    OPENED = "opened"
    CLICKED = "clicked"
    WEB_VIEWED = "web_viewed"
    UNSUBSCRIBED = "unsubscribed"
    ORDERED = "ordered"
    UNKNOWN = "unknown"


_NAMESPACE = uuid5(NAMESPACE_URL, "urn:siar:event")


def event_id(*parts: str | int) -> UUID:
    """Return the same id for the same parts, so that one thing arriving twice is one event."""
    return uuid5(_NAMESPACE, "\x1f".join(map(str, parts)))
