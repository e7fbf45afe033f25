"""Who belongs to the group that a campaign addresses; whether a person may be written to is decided afterwards."""

from collections.abc import Mapping
from typing import Any

from marketing.domain.campaign import AudienceFilter
from marketing.domain.permission import PUBLIC_TASK, REGISTERED
from marketing.domain.types import BuyerKind, Purpose


def is_addressed(
    audience: AudienceFilter, purpose: Purpose | None, kind: BuyerKind, preferences: Mapping[str, Any]
) -> bool:
    """Return whether a person belongs to the group, segments apart.

    What rests on the public task addresses registered businesses and providers alone, whatever the filter says.
    """
    if purpose in PUBLIC_TASK and kind not in REGISTERED:
        return False
    if audience.kinds and kind not in audience.kinds:
        return False
    chosen = preferences.get("categories")
    return not audience.topics or (isinstance(chosen, list) and any(topic in chosen for topic in audience.topics))
