"""The product card: the photo with name, business, price and the mark of the Dinas beneath it; the same words give the same bytes.

Not for TikTok, which forbids apps to put names, marks or prices onto pictures (content-sharing guidelines, read 22 Nov 2026).
"""

import io
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from marketing.domain.content import CardWords
from marketing.domain.picture_shape import SIZES, Shape
from marketing.later import later
from marketing.products.card_band import band
from marketing.products.focal_point import goods_in, laid_at, shown_whole
from marketing.products.picture_ground import calm_ground

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

    Font = ImageFont.FreeTypeFont
else:
    Image = later("PIL.Image")
    ImageDraw = later("PIL.ImageDraw")
    ImageFont = later("PIL.ImageFont")

QUALITY: Final = 85
BAND: Final = 0.29
LEAST_BAND: Final = 264
"""The part of the card's height that words take, and the pixels they need; the photo keeps the rest."""
MARGIN: Final = 56
STITCH: Final = 2
TOP: Final = 12 * STITCH + 20
"""From the upper rim of the words' ground to the first line: the Daerah's woven band, and air."""
FOOT: Final = 78
NAMES: Final = (66, 58, 50, 44, 38)
"""Sizes of the name: the largest at which all of it is seen."""
SMALL: Final = 36
BUSINESS: Final = (36, 32, 28)
PRICES: Final = (66, 62, 58, 54, 50, 46, 42)
LEADING: Final = 1.12
MOST_ENLARGED: Final = 2.5
"""A photo is not blown up further: it lies whole in the middle, smaller and sharp."""
INK, PALE = "#ffffff", "#e8e8f0"
_FOLDER: Final = "font_source_sans_pro"


def card(photo: bytes, shape: Shape, words: CardWords) -> bytes:
    """Return a JPEG of the shape: the photo above, laid in whole, and the words on the office's colour below.

    `photo` is one of our own JPEGs. OSError or ValueError when it is none.
    """
    width, height = SIZES[shape]
    ground = max(round(height * BAND), LEAST_BAND)
    with Image.open(io.BytesIO(photo), formats=("JPEG",)) as opened:
        picture = opened.convert("RGB")
    canvas = Image.new("RGB", (width, height), words.colour)
    canvas.paste(_laid(picture, (width, height - ground)), (0, 0))
    canvas.paste(band(words.band, width, STITCH), (0, height - ground))
    _write(ImageDraw.Draw(canvas), words, (width, height), ground)
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _laid(picture: "Image.Image", room: tuple[int, int]) -> "Image.Image":
    """Return the photo filling its room as far as its goods stay whole, on a ground of its own colour where it does not."""
    goods = goods_in(picture)
    scale = min(shown_whole(picture.size, room, goods), MOST_ENLARGED)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    front = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    covers = size[0] >= room[0] and size[1] >= room[1]
    ground = Image.new("RGB", room) if covers else calm_ground(picture, room, size)
    ground.paste(front, laid_at(size, room, goods))
    return ground


def _write(draw: "ImageDraw.ImageDraw", words: CardWords, size: tuple[int, int], ground: int) -> None:
    width, height = size
    top, room, right = height - ground + TOP, width - 2 * MARGIN, width - MARGIN
    small = _font("Regular", SMALL)
    price = _largest(draw, words.price, "Bold", PRICES, room * 0.45)
    price_width = min(max(draw.textlength(words.price, price), draw.textlength(words.before, small)), room * 0.45)
    beside = room - price_width - MARGIN
    name, lines = _name(draw, words.name, (beside, ground - TOP - FOOT - SMALL * 1.4))
    y = float(top)
    for line in lines:
        draw.text((MARGIN, y), line, INK, name)
        y += name.size * LEADING
    maker = _largest(draw, words.business, "Regular", BUSINESS, beside)
    draw.text((MARGIN, y + 6), _cut(draw, words.business, maker, beside), PALE, maker)
    draw.text((right, top - 2), _cut(draw, words.price, price, price_width), INK, price, anchor="ra")
    if words.before:
        below = top + price.size * 1.2
        draw.text((right, below), _cut(draw, words.before, small, price_width), PALE, small, anchor="ra")
        middle = below + SMALL * 0.68
        struck = min(draw.textlength(words.before, small), price_width)
        draw.line((right - struck, middle, right, middle), fill=PALE, width=3)
    draw.line((MARGIN, height - 74, right, height - 74), fill=PALE, width=2)
    draw.text((MARGIN, height - 62), _cut(draw, words.office, small, room), PALE, small)


def _largest(draw: "ImageDraw.ImageDraw", text: str, weight: str, sizes: Sequence[int], room: float) -> "Font":
    """Return the largest letters in which all of the text is seen (a cut price would be another price), else the smallest."""
    fonts = (_font(weight, size) for size in sizes)
    return next((font for font in fonts if draw.textlength(text, font) <= room), _font(weight, sizes[-1]))


def _name(draw: "ImageDraw.ImageDraw", text: str, room: tuple[float, float]) -> "tuple[Font, list[str]]":
    """Return the largest letters in which the whole name is seen, and its lines; the smallest ones, cut, for one too long."""
    for size in NAMES:
        font, most = _font("Bold", size), max(1, int(room[1] / (size * LEADING)))
        lines = _lines(draw, text, font, room[0], most)
        if lines[-1][-1:] != "…" or size == NAMES[-1]:
            return font, lines
    raise AssertionError


def _lines(draw: "ImageDraw.ImageDraw", text: str, font: "Font", room: float, most: int) -> list[str]:
    """Return the text in at most `most` lines of about the same length; what does not fit is cut with an ellipsis."""
    lines = _wrapped(draw, text, font, room)
    if len(lines) > most:
        return [*lines[: most - 1], _cut(draw, " ".join(lines[most - 1 :]), font, room, always=True)]
    if any(draw.textlength(line, font) > room for line in lines):  # one word longer than a line
        return [_cut(draw, line, font, room) for line in lines[:1]]
    low, high = room / 2, room
    while high - low > 8:  # noqa: PLR2004  pixels: nobody sees less
        tried = (low + high) / 2
        even = _wrapped(draw, text, font, tried)
        fits = len(even) == len(lines) and all(draw.textlength(line, font) <= tried for line in even)
        lines, low, high = (even, low, tried) if fits else (lines, tried, high)
    return lines


def _wrapped(draw: "ImageDraw.ImageDraw", text: str, font: "Font", room: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or draw.textlength(longer, font) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _cut(draw: "ImageDraw.ImageDraw", text: str, font: "Font", room: float, *, always: bool = False) -> str:
    if not always and draw.textlength(text, font) <= room:
        return text
    while text and draw.textlength(f"{text}…", font) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


@cache
def _font(weight: str, size: int) -> "Font":
    path = resources.files(_FOLDER) / "files" / f"SourceSansPro-{weight}.ttf"
    return ImageFont.truetype(io.BytesIO(path.read_bytes()), size)


@cache
def _missing(weight: str = "Bold") -> bytes:
    """Return how the letters draw what they do not have."""
    return bytes(_font(weight, SMALL).getmask("\U0010fffd"))


@cache
def _known(letter: str) -> bool:
    return letter == " " or (letter.isprintable() and bytes(_font("Bold", SMALL).getmask(letter)) != _missing())


def readable(text: str) -> str:
    """Return the text without what the card's letters do not have: emoji, other scripts, marks that turn the direction."""
    return " ".join("".join(letter if _known(letter) else " " for letter in text).split())
