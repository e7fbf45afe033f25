"""Woven and waxed patterns as tiles: ikat of Timor from grids, batik from small drawings."""

from dataclasses import dataclass
from math import cos, pi, sin

from PIL import Image, ImageDraw


@dataclass(frozen=True, slots=True)
class Palette:
    """Six colours that go together: the ground of the picture, its shadow, and the thing itself."""

    ground: str
    shadow: str
    main: str
    dark: str
    light: str
    accent: str


PALETTES = (
    Palette("#e9e1d2", "#d2c6b0", "#9c3322", "#1f2e5e", "#f4ead6", "#d9a441"),
    Palette("#dfe6d3", "#c3ceb1", "#2f5d4a", "#1d2f2a", "#f3ecd2", "#d78a3a"),
    Palette("#e5e3ea", "#cbc8d6", "#2b3f7f", "#3a1f3f", "#f1e6d4", "#c9553b"),
    Palette("#f0e2d2", "#dcc7ae", "#b5532a", "#4a2414", "#f8e9c8", "#e0b04c"),
    Palette("#e3ddd6", "#cbc2b7", "#3a2d2a", "#7a1f1f", "#efe2cb", "#d29a35"),
    Palette("#e4e9e8", "#c8d2d0", "#246a73", "#12343b", "#f2eddc", "#e2a458"),
    Palette("#efe3c4", "#d8c698", "#8a5a1f", "#3d2a16", "#fbf3df", "#b23a2a"),
    Palette("#ead9cf", "#d4bdaf", "#7b2d43", "#2c1a2e", "#f6e4d6", "#d8a03f"),
    Palette("#e6e7d8", "#cdceb8", "#5f6b2f", "#2f331a", "#f5efd8", "#c4632f"),
    Palette("#e7dfe3", "#cfc2c9", "#6a3f6b", "#2b1f3a", "#f3e7dc", "#d9a441"),
)

# Quarters of a motif, mirrored both ways: "#" light, "o" accent, "." ground.
_IKAT = (
    (".......#", "......#.", ".....#.o", "....#.o.", "...#.o.#", "..#.o.##", ".#.o.##o", "#.o.##oo"),
    ("##......", "#..####.", "#..#..#.", "...#.##.", "####....", "......##", ".###..#o", ".#.#.#oo"),
    ("#......#", ".#....##", "..#..##.", "...##o..", "...#oo.#", "..#oo#..", ".##..#oo", "##..#.oo"),
    ("#...#...", "##...#..", ".##...#.", "..##...#", "o..##...", "oo..##..", ".oo..##.", "..oo..##"),
    (".#.#....", ".###...#", "..#...##", "..#..#.#", "..####..", ".....#.o", "###..#oo", "#.####oo"),
    ("........", "..#.....", ".###...#", "..#...#.", ".....#..", "....#..#", "...#..#o", "..#..#oo"),
)


def ikat(design: int, ground: str, light: str, accent: str, *, cell: int = 10) -> Image.Image:
    """Return a tile of one of the woven designs; `cell` is the size of a stitch in pixels."""
    quarter = _IKAT[design % len(_IKAT)]
    half = [row + row[::-1] for row in quarter]
    rows = half + half[::-1]
    tile = Image.new("RGB", (len(rows[0]) * cell, len(rows) * cell), ground)
    draw = ImageDraw.Draw(tile)
    for y, row in enumerate(rows):
        for x, stitch in enumerate(row):
            if stitch != ".":
                color = light if stitch == "#" else accent
                draw.rectangle((x * cell, y * cell, (x + 1) * cell - 1, (y + 1) * cell - 1), fill=color)
    return tile


def plait(light: str, dark: str, *, cell: int = 40) -> Image.Image:
    """Return a tile of plaited palm leaf: strips going over and under."""
    tile = Image.new("RGB", (cell * 2, cell * 2), light)
    draw = ImageDraw.Draw(tile)
    for x, y in ((cell, 0), (0, cell)):
        draw.rectangle((x, y, x + cell - 1, y + cell - 1), fill=dark)
    for x, y in ((0, 0), (cell, cell)):
        draw.line((x, y + cell // 2, x + cell, y + cell // 2), fill=dark, width=3)
        draw.rectangle((x, y, x + cell - 1, y + 3), fill=dark)
    for x, y in ((cell, 0), (0, cell)):
        draw.line((x + cell // 2, y, x + cell // 2, y + cell), fill=light, width=3)
    return tile


def batik(design: int, ground: str, light: str, accent: str) -> Image.Image:
    """Return a tile of one of six batik motifs: kawung, parang, truntum, belimbing, koi, kendang."""
    side = 240
    tile = Image.new("RGB", (side, side), ground)
    _BATIK[design % len(_BATIK)](ImageDraw.Draw(tile), side, light, accent)
    return tile


def _petal(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], size: tuple[float, float], degrees: float, color: str
) -> None:
    turn = degrees * pi / 180
    points = []
    for step in range(24):
        angle = step * pi / 12
        across, down = size[0] * cos(angle), size[1] * sin(angle)
        points.append((at[0] + across * cos(turn) - down * sin(turn), at[1] + across * sin(turn) + down * cos(turn)))
    draw.polygon(points, fill=color)


def _dot(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, color: str) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)


def _kawung(draw: ImageDraw.ImageDraw, side: int, light: str, accent: str) -> None:
    quarter = side / 4
    for x, y, degrees in ((1, 1, 45), (3, 1, -45), (1, 3, -45), (3, 3, 45)):
        _petal(draw, (x * quarter, y * quarter), (66, 36), degrees, light)
        _petal(draw, (x * quarter, y * quarter), (30, 6), degrees, accent)
    _dot(draw, side / 2, side / 2, 15, accent)


def _parang(draw: ImageDraw.ImageDraw, side: int, light: str, accent: str) -> None:
    # Slanting bands repeat seamlessly because their step divides the side of the tile.
    for shift in range(-side, side * 2, side // 2):
        draw.line((shift, side, shift + side, 0), fill=accent, width=8)
        for step in range(-1, 5):
            x, y = shift + 60 + step * 60, side - step * 60
            _petal(draw, (x + 4, y - 4), (40, 17), -15, light)
            _dot(draw, x + 32, y + 2, 6, accent)


def _truntum(draw: ImageDraw.ImageDraw, side: int, light: str, accent: str) -> None:
    for x, y in ((side / 4, side / 4), (side * 3 / 4, side * 3 / 4)):
        for degrees in range(0, 180, 45):
            _petal(draw, (x, y), (46, 9), degrees, light)
        _dot(draw, x, y, 13, accent)
    for x, y in ((side * 3 / 4, side / 4), (side / 4, side * 3 / 4)):
        _dot(draw, x, y, 9, accent)
        for degrees in range(0, 360, 60):
            _dot(draw, x + 26 * cos(degrees * pi / 180), y + 26 * sin(degrees * pi / 180), 5, light)


def _belimbing(draw: ImageDraw.ImageDraw, side: int, light: str, accent: str) -> None:
    for x, y, size in ((side / 4, side / 4, 52), (side * 3 / 4, side * 3 / 4, 40)):
        for arm in range(5):
            _petal(
                draw,
                (x + size * 0.5 * sin(arm * 2 * pi / 5), y - size * 0.5 * cos(arm * 2 * pi / 5)),
                (size * 0.62, size * 0.3),
                arm * 72 - 90,
                light,
            )
        _dot(draw, x, y, size * 0.22, accent)
    for x, y in ((side * 3 / 4, side / 4), (side / 4, side * 3 / 4)):
        _petal(draw, (x, y), (40, 13), 35, accent)
        _petal(draw, (x, y), (40, 13), -35, accent)


def _koi(draw: ImageDraw.ImageDraw, side: int, light: str, accent: str) -> None:
    for x, y, way in ((side * 0.3, side * 0.3, 1), (side * 0.7, side * 0.78, -1)):
        _petal(draw, (x, y), (58, 22), 20 * way, light)
        _petal(draw, (x - 60 * way, y - 26), (26, 10), 60 * way, light)
        _petal(draw, (x - 64 * way, y - 10), (26, 10), -20 * way, light)
        _petal(draw, (x + 2 * way, y - 2), (24, 11), 20 * way, accent)
        _dot(draw, x + 42 * way, y + 10, 5, accent)
    for x, y in ((side * 0.82, side * 0.22), (side * 0.16, side * 0.74)):
        for ring in (26, 16):
            draw.arc((x - ring, y - ring, x + ring, y + ring), 180, 360, fill=accent, width=5)


def _kendang(draw: ImageDraw.ImageDraw, side: int, light: str, accent: str) -> None:
    for x, y in ((side / 4, side / 4), (side * 3 / 4, side * 3 / 4)):
        draw.polygon(
            [(x - 34, y - 44), (x + 34, y - 44), (x + 12, y + 6), (x + 26, y + 46), (x - 26, y + 46), (x - 12, y + 6)],
            fill=light,
        )
        draw.ellipse((x - 34, y - 54, x + 34, y - 34), fill=accent)
        draw.line((x - 12, y + 6, x + 12, y + 6), fill=accent, width=6)
    for x, y in ((side * 3 / 4, side / 4), (side / 4, side * 3 / 4)):
        for degrees in range(0, 180, 60):
            _petal(draw, (x, y), (34, 8), degrees, accent)


_BATIK = (_kawung, _parang, _truntum, _belimbing, _koi, _kendang)
