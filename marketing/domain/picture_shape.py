"""The shapes in which a picture leaves the house, which shape a channel gets, and where the picture lies in it; pure.

Nothing of a product is cut off: a picture that does not have the wanted ratio is laid in the middle of a calm ground, and
only where the ratios are near is the little that stands over cropped. A small picture is not blown up to a soft giant.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketing.domain.content import Capabilities
from marketing.domain.types import ChannelName

NEAR: Final = 0.06  # of the area may be cropped away: what stands at a picture's rim is ground, not goods
ENLARGE: Final = 1.5  # times at most; beyond it JPEG blocks and blur show


class Shape(StrEnum):
    """The name of a shape, as it stands in the address of a picture."""

    SQUARE = "persegi"
    PORTRAIT = "potret"
    LANDSCAPE = "lanskap"
    MAIL = "surel"


# Width and height in pixels. Instagram: 4:5 to 1.91:1, 1080 wide (developers.facebook.com, IG content publishing); 1200×630 is
# Facebook's share picture (developers.facebook.com/docs/sharing/webmasters/images). Read 22 Nov 2026.
# A mail is 600 wide: 600×600 is sharp in a column of half of it and a quarter of a post's weight on a village's line.
SIZES: Final = {
    Shape.SQUARE: (1080, 1080),
    Shape.PORTRAIT: (1080, 1350),
    Shape.LANDSCAPE: (1200, 630),
    Shape.MAIL: (600, 600),
}
POSTED: Final = (Shape.SQUARE, Shape.PORTRAIT, Shape.LANDSCAPE)

# A square shows the same on every screen; Instagram's feed and TikTok's photo mode are made for tall pictures.
WANTED: Final = {
    ChannelName.INSTAGRAM: Shape.PORTRAIT,
    ChannelName.MARKETPLACE: Shape.SQUARE,
}


@dataclass(frozen=True, slots=True)
class Placed:
    """How a picture becomes a shape: the canvas, the size it is drawn at, and where its top left corner lies (may be negative)."""

    canvas: tuple[int, int]
    drawn: tuple[int, int]
    at: tuple[int, int]

    @property
    def covers(self) -> bool:
        """Return whether no ground shows."""
        return self.drawn[0] >= self.canvas[0] and self.drawn[1] >= self.canvas[1]


def placed(width: int, height: int, shape: Shape) -> Placed:
    """Return how a picture of this size (pixels, both at least 1) becomes the shape."""
    full_width, full_height = SIZES[shape]
    fit = min(full_width / width, full_height / height)
    fill = max(full_width / width, full_height / height)
    scale = fill if fit / fill >= 1 - NEAR else fit
    shrink = min(1.0, ENLARGE / scale)
    canvas = (max(round(full_width * shrink), 1), max(round(full_height * shrink), 1))
    wanted = (max(round(width * scale * shrink), 1), max(round(height * scale * shrink), 1))
    if scale == fill:  # rounding must not leave a line of ground
        wanted = (max(wanted[0], canvas[0]), max(wanted[1], canvas[1]))
    else:
        wanted = (min(wanted[0], canvas[0]), min(wanted[1], canvas[1]))
    return Placed(canvas, wanted, ((canvas[0] - wanted[0]) // 2, (canvas[1] - wanted[1]) // 2))


def shape_for(limits: Capabilities, width: int, height: int) -> Shape | None:
    """Return the shape in which this picture goes to a channel; None where it may go as it is.

    A channel with a wish gets it; a channel with bounds on the ratio gets the allowed shape nearest to the picture's own.
    """
    if width < 1 or height < 1:
        return None
    if limits.channel in WANTED:
        return WANTED[limits.channel]
    ratio = width / height
    if limits.min_ratio <= ratio <= limits.max_ratio:
        return None
    ratios = {shape: SIZES[shape][0] / SIZES[shape][1] for shape in POSTED}
    allowed = [shape for shape, wanted in ratios.items() if limits.min_ratio <= wanted <= limits.max_ratio]
    return min(allowed, key=lambda shape: abs(ratios[shape] - ratio), default=None)
