"""The product card: the photo with name, business, price and the mark of the Dinas beneath it; the same words give the same bytes.

Not for TikTok, which forbids apps to put names, marks or prices onto pictures (content-sharing guidelines, read 22 Nov 2026).
"""

import io
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from marketing.domain.content import CardWords
from marketing.domain.picture_shape import SIZES, Shape

QUALITY: Final = 85
BAND: Final = 0.29
"""The part of the card's height that words take; the photo keeps the rest."""
MARGIN: Final = 56
NAME, SMALL, PRICE = 58, 36, 66
LINES: Final = 2
INK, PALE = "#ffffff", "#e8e8f0"
_FOLDER: Final = "font_source_sans_pro"
Font = ImageFont.FreeTypeFont


def card(photo: bytes, shape: Shape, words: CardWords) -> bytes:
    """Return a JPEG of the shape: the photo above, laid in whole, and the words on the office's colour below.

    `photo` is one of our own JPEGs. OSError or ValueError when it is none.
    """
    width, height = SIZES[shape]
    band = round(height * BAND)
    with Image.open(io.BytesIO(photo), formats=("JPEG",)) as opened:
        picture = opened.convert("RGB")
    canvas = Image.new("RGB", (width, height), words.colour)
    canvas.paste(_laid(picture, (width, height - band)), (0, 0))
    _write(ImageDraw.Draw(canvas), words, (width, height), band)
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _laid(picture: Image.Image, room: tuple[int, int]) -> Image.Image:
    """Return the photo filling its room where little is lost, else whole on a pale ground."""
    fit = min(room[0] / picture.width, room[1] / picture.height)
    fill = max(room[0] / picture.width, room[1] / picture.height)
    scale = fill if fit / fill >= 2 / 3 else fit  # a square photo in the room above the band loses a third at most
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    front = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    ground = Image.new("RGB", room, "#f4f2ee")
    ground.paste(front, ((room[0] - size[0]) // 2, (room[1] - size[1]) // 2))
    return ground


def _write(draw: ImageDraw.ImageDraw, words: CardWords, size: tuple[int, int], band: int) -> None:
    width, height = size
    top, room = height - band, width - 2 * MARGIN
    price, before = _font("Bold", PRICE), _font("Regular", SMALL)
    price_width = min(max(draw.textlength(words.price, price), draw.textlength(words.before, before)), room * 0.45)
    y = top + 28.0
    for line in _lines(draw, words.name, _font("Bold", NAME), room - price_width - MARGIN):
        draw.text((MARGIN, y), line, INK, _font("Bold", NAME))
        y += NAME * 1.12
    draw.text((MARGIN, y + 4), _cut(draw, words.business, before, room - price_width - MARGIN), PALE, before)
    right = width - MARGIN
    draw.text((right, top + 26), _cut(draw, words.price, price, price_width), INK, price, anchor="ra")
    if words.before:
        below = top + 26 + PRICE * 1.2
        draw.text((right, below), words.before, PALE, before, anchor="ra")
        middle = below + SMALL * 0.68
        draw.line((right - draw.textlength(words.before, before), middle, right, middle), fill=PALE, width=3)
    office = _cut(draw, words.office, before, room)
    draw.line((MARGIN, height - 74, right, height - 74), fill=PALE, width=2)
    draw.text((MARGIN, height - 62), office, PALE, before)


def _lines(draw: ImageDraw.ImageDraw, text: str, font: Font, room: float) -> Iterator[str]:
    """Yield the text in at most LINES lines; what does not fit is cut with an ellipsis."""
    words, line = text.split(), ""
    for number in range(1, LINES + 1):
        line = ""
        while words and draw.textlength(f"{line} {words[0]}".strip(), font) <= room:
            line = f"{line} {words.pop(0)}".strip()
        if not words or number == LINES:
            break
        if not line:  # one word longer than a line
            break
        yield line
    if words:
        line = _cut(draw, " ".join([line, *words]).strip(), font, room)
    if line:
        yield line


def _cut(draw: ImageDraw.ImageDraw, text: str, font: Font, room: float) -> str:
    if draw.textlength(text, font) <= room:
        return text
    while text and draw.textlength(f"{text}…", font) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


@cache
def _font(weight: str, size: int) -> Font:
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
