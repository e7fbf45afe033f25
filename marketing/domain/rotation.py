"""Whose turn it is: everybody as often as everybody else, the same for all who look on the same day."""

from datetime import date


def turns(count: int, places: int, day: date) -> tuple[int, ...]:
    """Return who of `count` stands in the few places on this day, as positions in a stable order.

    The places lie evenly over the order and move by one a day, so neighbours (often of one kind) rarely stand together,
    each position comes up within `count / places` days, rounded up, and exactly `places` times in `count` days.
    """
    shown = min(count, places)
    return tuple((day.toordinal() + number * count // shown) % count for number in range(shown))
