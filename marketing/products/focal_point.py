"""Where a photo's goods are: around what has edges, so that a crop takes ground away and not goods."""

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from marketing.later import later

if TYPE_CHECKING:
    from PIL import Image, ImageFilter
else:
    Image = later("PIL.Image")
    ImageFilter = later("PIL.ImageFilter")


_SMALL: Final = 64
_NOISE: Final = 16
"""Edges weaker than this (0 to 255) are grain and light, not goods."""
_STRAY: Final = 0.01
"""So much of all edges, on either side, may be a speck beside the goods."""
_AIR: Final = 0.03
"""Left around the goods, as a part of the picture's side."""


@dataclass(frozen=True, slots=True)
class Goods:
    """The part of a picture that holds its goods; each edge as a part of width or height."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0


def goods_in(picture: "Image.Image") -> Goods:
    """Return where the goods are; the whole picture when nothing in it has edges."""
    small = picture.convert("L").resize((_SMALL, _SMALL), Image.Resampling.BOX, reducing_gap=2.0)
    edges = small.filter(ImageFilter.FIND_EDGES).crop((1, 1, _SMALL - 1, _SMALL - 1))
    strong = edges.point(lambda value: value if value >= _NOISE else 0).tobytes()
    side = _SMALL - 2
    left, right = _span([sum(strong[column::side]) for column in range(side)])
    top, bottom = _span([sum(strong[row * side : (row + 1) * side]) for row in range(side)])
    return Goods(left, top, right, bottom)


def shown_whole(size: tuple[int, int], room: tuple[int, int], goods: Goods) -> float:
    """Return the largest scale at which the goods of a picture of this size are whole in the room, filling it at most."""
    width, height = size
    fill = max(room[0] / width, room[1] / height)
    fit = min(room[0] / width, room[1] / height)
    seen = min(room[0] / (width * (goods.right - goods.left)), room[1] / (height * (goods.bottom - goods.top)))
    return max(fit, min(fill, seen))


def laid_at(size: tuple[int, int], room: tuple[int, int], goods: Goods) -> tuple[int, int]:
    """Return where a picture drawn in this size is laid into the room so that its goods are in the middle of it."""
    return _shift(size[0], room[0], (goods.left + goods.right) / 2), _shift(
        size[1], room[1], (goods.top + goods.bottom) / 2
    )


def _shift(length: int, room: int, middle: float) -> int:
    if length <= room:
        return (room - length) // 2
    return -min(max(round(length * middle - room / 2), 0), length - room)


def _span(weights: list[int]) -> tuple[float, float]:
    """Return the first and the last place that matter, as parts of the whole, with air around them."""
    total = sum(weights)
    if not total:
        return 0.0, 1.0
    sums = list(accumulate(weights))
    first = next(place for place, until in enumerate(sums) if until > total * _STRAY)
    last = next(place for place, until in enumerate(sums) if until >= total * (1 - _STRAY))
    return max(first / len(weights) - _AIR, 0.0), min((last + 1) / len(weights) + _AIR, 1.0)
