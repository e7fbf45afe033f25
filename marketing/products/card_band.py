"""The woven or waxed band of a Daerah, drawn for pictures; the site draws the same two as SVG."""

from typing import TYPE_CHECKING, Final

from marketing.later import later

if TYPE_CHECKING:
    from PIL import Image, ImageDraw
else:
    Image = later("PIL.Image")
    ImageDraw = later("PIL.ImageDraw")


_KNOT: Final = 12
"""Stitches of a band's height; a motif is twice as wide."""
_FINER: Final = 4
_TENUN: Final = (
    "------------------------",
    "........................",
    "#.....##........##.....#",
    "##...#.....##.....#...##",
    ".##.......####.......##.",
    "..##.....##oo##.....##..",
    "..##.....##oo##.....##..",
    ".##.......####.......##.",
    "##...#.....##.....#...##",
    "#.....##........##.....#",
    "........................",
    "------------------------",
)
_THREADS: Final = {".": "#1f2e5e", "-": "#9c3322", "#": "#f4ead6", "o": "#d9a441"}
_WAX, _PETAL, _GOLD = "#5b2c14", "#f4e3c3", "#d9a441"


def band(name: str, width: int, stitch: int) -> "Image.Image":
    """Return a band of the width in pixels, `12 × stitch` high; an unknown name is the woven one."""
    tile = _batik(stitch) if name == "pita-batik" else _tenun(stitch)
    whole = Image.new("RGB", (width, tile.height))
    for left in range(-((tile.width - width % tile.width) // 2), width, tile.width):
        whole.paste(tile, (left, 0))
    return whole


def _tenun(stitch: int) -> "Image.Image":
    tile = Image.new("RGB", (2 * _KNOT * stitch, _KNOT * stitch))
    draw = ImageDraw.Draw(tile)
    for y, row in enumerate(_TENUN):
        for x, thread in enumerate(row):
            corner = ((x + 1) * stitch - 1, (y + 1) * stitch - 1)
            draw.rectangle((x * stitch, y * stitch, *corner), fill=_THREADS[thread])
    return tile


def _batik(stitch: int) -> "Image.Image":
    """Kawung: four petals around a dot, and a dot where two motifs meet."""
    scale = stitch * _FINER
    tile = Image.new("RGB", (2 * _KNOT * scale, _KNOT * scale), _WAX)
    petal = Image.new("L", (round(7.2 * scale), round(3.8 * scale)))
    ImageDraw.Draw(petal).ellipse((0, 0, petal.width - 1, petal.height - 1), fill=255)
    for x, y, turn in ((8.6, 3, -45), (15.4, 3, 45), (8.6, 9, 45), (15.4, 9, -45)):
        turned = petal.rotate(turn, expand=True)
        tile.paste(_PETAL, (round(x * scale) - turned.width // 2, round(y * scale) - turned.height // 2), turned)
    draw = ImageDraw.Draw(tile)
    for x, radius in ((12, 1.2), (0, 1.4), (24, 1.4)):
        draw.ellipse(((x - radius) * scale, (6 - radius) * scale, (x + radius) * scale, (6 + radius) * scale), _GOLD)
    for top in (0, (_KNOT - 1) * scale):
        draw.rectangle((0, top, tile.width, top + scale - 1), _GOLD)
    return tile.resize((2 * _KNOT * stitch, _KNOT * stitch), Image.Resampling.LANCZOS)
