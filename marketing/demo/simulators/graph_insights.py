"""The insights edge of a post or a medium: the metrics that exist, each as long as there is data, in Meta's form.

Written from developers.facebook.com graph-api/reference/insights and instagram-platform/reference/instagram-media/insights
("returns an empty data set instead of 0"), read 22 Nov 2026.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from marketing.demo.simulators import graph_words as words
from marketing.demo.simulators.graph_words import RefusalError

NO_DATA_FOR: Final = timedelta(minutes=20)
HALF_HOURS: Final = 8.0
"""After so many hours half of those have seen a post who ever will."""


@dataclass
class Counted:
    """What people did with one post; a figure that is no number stands for whatever a server may say instead."""

    reach: Any = 0
    views: Any = 0
    clicks: Any = 0
    reactions: Any = 0
    comments: Any = 0
    shares: Any = 0
    saved: Any = 0

    @property
    def by_type(self) -> dict[str, Any]:
        """The reactions by their kind; none at all is an empty object."""
        return {"like": self.reactions} if self.reactions else {}

    @property
    def interactions(self) -> Any:
        """All acts together."""
        return self.reactions + self.comments + self.shares + self.saved


def unseen(_number: str, _age: timedelta) -> Counted:
    """Nobody has seen it."""
    return Counted()


def grown(number: str, age: timedelta) -> Counted:
    """Return what a post of this number and age has come to in a rehearsal: most of it within two days, every post differently."""
    crowd = 180 + sum(map(ord, number)) * 37 % 900
    hours = max(0.0, age.total_seconds() / 3600)
    reach = round(crowd * hours / (hours + HALF_HOURS))
    return Counted(
        reach=reach,
        views=round(reach * 1.6),
        clicks=reach // 25,
        reactions=reach // 14,
        comments=reach // 90,
        shares=reach // 130,
        saved=reach // 70,
    )


def insights(seen: Counted, known: Mapping[str, str], fields: Mapping[str, Any], age: timedelta) -> dict[str, Any]:
    """Answer for the metrics asked for; one that does not exist spoils the whole call."""
    asked = [name for name in str(fields.get("metric", "")).split(",") if name]
    if not asked or any(name not in known for name in asked):
        raise RefusalError(words.NO_METRIC)
    if age < NO_DATA_FOR:
        return {"data": []}
    shown = [(name, getattr(seen, known[name])) for name in asked]
    return {
        "data": [
            {
                "name": name,
                "period": "lifetime",
                "values": [{"value": value}],
                "title": name,
                "id": f"1/insights/{name}",
            }
            for name, value in shown
            if value is not None
        ]
    }
