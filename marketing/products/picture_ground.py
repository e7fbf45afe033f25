"""What lies around a picture that does not fill its canvas."""

from typing import TYPE_CHECKING, Final

from marketing.later import later

if TYPE_CHECKING:
    from PIL import Image, ImageFilter, ImageStat
else:
    Image = later("PIL.Image")
    ImageFilter = later("PIL.ImageFilter")
    ImageStat = later("PIL.ImageStat")


CALM: Final = 14.0  # standard deviation of a rim (0 to 255) that the eye takes for one colour
SMALL: Final = 24  # pixels of the longer side to which the ground is reduced: only its light and colour are left
VEIL: Final = 0.35  # how much of the mean colour lies over a blurred ground, so that the goods stay in front

Colour = tuple[int, int, int]


def calm_ground(picture: "Image.Image", canvas: tuple[int, int], drawn: tuple[int, int]) -> "Image.Image":
    """Return what lies around the picture: its rim's colour where that is one colour, else its own light, blurred."""
    width, height = picture.size
    if drawn[0] < canvas[0]:
        rims = (picture.crop((0, 0, 1, height)), picture.crop((width - 1, 0, width, height)))
    else:
        rims = (picture.crop((0, 0, width, 1)), picture.crop((0, height - 1, width, height)))
    found = [ImageStat.Stat(rim) for rim in rims]
    mean = _colour([sum(values) / len(found) for values in zip(*(one.mean for one in found), strict=True)])
    spread = max(max(one.stddev) for one in found)
    apart = max(abs(first - second) for first, second in zip(found[0].mean, found[1].mean, strict=True))
    plain = Image.new("RGB", canvas, mean)
    if spread <= CALM and apart <= CALM:
        return plain
    scale = SMALL / max(canvas)
    size = (max(round(canvas[0] * scale), 1), max(round(canvas[1] * scale), 1))
    small = picture.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(2))
    return Image.blend(small.resize(canvas, Image.Resampling.BICUBIC), plain, VEIL)


def _colour(values: list[float]) -> Colour:
    red, green, blue = (round(value) for value in values)
    return red, green, blue
