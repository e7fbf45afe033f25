"""How often one person may be written to, over all campaigns and channels together."""

from dataclasses import dataclass
from datetime import timedelta

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FrequencyCap:
    """At most `limit` marketing messages to one person within `window`, over all campaigns."""

    limit: int = 4
    window: timedelta = WEEK
