"""Things of cloth: woven lengths, sarongs, bags, purses, vests, cushions, batik and shirts."""

from random import Random

from PIL import Image

from marketing.sample.canvas import Canvas, Point, jitter, rectangle
from marketing.sample.patterns import Palette, batik, ikat


def weave(palette: Palette, design: int) -> Image.Image:
    """Return the band pattern of a woven cloth."""
    return ikat(design, palette.dark, palette.light, palette.accent, cell=13)


def wax(palette: Palette, design: int) -> Image.Image:
    """Return the pattern of a batik cloth."""
    return batik(design, palette.dark, palette.light, palette.accent)


def shawl(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Hang a woven length with stripes and fringe."""
    left, width = jitter(rng, 84, 8), jitter(rng, 152, 12)
    top, bottom = 44, 246
    canvas.oval(160, 270, 112, 12, palette.shadow)
    canvas.box(left, top, width, bottom - top, palette.main)
    tile = weave(palette, design)
    first = jitter(rng, 76, 6)
    for y in (first, first + 76):
        canvas.cloth(rectangle(left, y, width, 46), tile)
        for edge, color in ((-8, palette.light), (-3, palette.accent), (49, palette.accent), (54, palette.light)):
            canvas.box(left, y + edge, width, 2.6, color)
    for y in (bottom - 22, bottom - 15):
        canvas.box(left, y, width, 2.6, palette.light)
    canvas.shade(rectangle(left, top, width * 0.27, bottom - top), 0.15)
    step = width / 13
    for index in range(13):
        x = left + step * (index + 0.5)
        canvas.line([(x, bottom), (x, bottom + 18)], palette.main, 3.2)


def sarong(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Stack two folded sarongs."""
    canvas.oval(160, 262, 122, 13, palette.shadow)
    tile = weave(palette, design)
    for level, (color, shift) in enumerate(((palette.dark, 0.0), (palette.main, jitter(rng, 4, 4)))):
        y = 176 - level * 76
        left, right = 48 + shift, 272 + shift
        canvas.box(left, y, right - left, 84, color, radius=12)
        canvas.cloth(rectangle(left, y + 22, right - left, 40), tile)
        for edge in (14, 66):
            canvas.box(left, y + edge, right - left, 3, palette.accent)
        canvas.line([(left + 8, y + 81), (right - 8, y + 81)], palette.light, 2)
        canvas.shade(rectangle(left, y, 34, 84), 0.16)


def shoulder_bag(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a shoulder bag with a woven panel."""
    _bag(canvas, palette, weave(palette, design), jitter(rng, 0, 6))


def batik_bag(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a tote of batik."""
    _bag(canvas, palette, wax(palette, design), jitter(rng, 0, 6))


def _bag(canvas: Canvas, palette: Palette, tile: Image.Image, shift: float) -> None:
    canvas.oval(160, 272, 96, 12, palette.shadow)
    canvas.arc(160 + shift / 2, 124, (62, 84), (180, 360), (palette.dark, 8))
    canvas.shape([(72, 122), (248, 122), (262, 262), (58, 262)], palette.main)
    canvas.cloth([(67, 160), (253, 160), (258, 226), (62, 226)], tile)
    canvas.box(66, 154, 188, 4, palette.accent)
    canvas.box(62, 228, 196, 4, palette.accent)
    canvas.shade([(72, 122), (104, 122), (96, 262), (58, 262)], 0.14)
    canvas.oval(160, 141, 7, 7, palette.accent)


def purse(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a long purse with a flap."""
    y = jitter(rng, 112, 5)
    canvas.oval(160, y + 128, 122, 12, palette.shadow)
    canvas.box(44, y, 232, 120, palette.main, radius=12)
    canvas.cloth(rectangle(44, y + 30, 232, 58), weave(palette, design))
    canvas.box(44, y + 24, 232, 4, palette.accent)
    canvas.box(44, y + 90, 232, 4, palette.accent)
    canvas.box(226, y + 44, 50, 30, palette.dark, radius=8)
    canvas.oval(240, y + 59, 6, 6, palette.accent)
    canvas.shade(rectangle(44, y + 106, 232, 14), 0.18)


def cushion(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a square cushion."""
    canvas.oval(160, 268, 108, 13, palette.shadow)
    bulge = jitter(rng, 10, 3)
    outline: list[Point] = [
        (56, 58), (160, 58 + bulge), (264, 58), (264 - bulge, 160), (264, 262), (160, 262 - bulge), (56, 262), (56 + bulge, 160),
    ]  # fmt: skip
    canvas.shape(outline, palette.main)
    canvas.cloth(rectangle(84, 88, 152, 144), weave(palette, design))
    for x, y, width, height in ((82, 84, 156, 4), (82, 232, 156, 4), (82, 84, 4, 152), (234, 84, 4, 152)):
        canvas.box(x, y, width, height, palette.accent)
    canvas.shade([(56, 262), (160, 262 - bulge), (264, 262), (250, 246), (70, 246)], 0.15)


def vest(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a woven vest."""
    canvas.oval(160, 284, 88, 10, palette.shadow)
    hem = jitter(rng, 262, 4)
    tile = weave(palette, design)
    left: list[Point] = [(116, 48), (148, 62), (156, 150), (156, hem), (84, hem - 6), (86, 150), (100, 116)]
    right = [(320 - x, y) for x, y in left]
    for half in (left, right):
        canvas.shape(half, palette.main)
    for x in (90, 176):
        canvas.cloth(rectangle(x, 168, 54, hem - 184), tile)
        canvas.box(x, 163, 54, 3, palette.accent)
    for lapel in (((116, 48), (148, 62), (156, 150)), ((204, 48), (172, 62), (164, 150))):
        canvas.line(lapel, palette.accent, 4)
    for y in (176, 202, 228):
        canvas.oval(152, y, 3.4, 3.4, palette.light)


def batik_length(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Spread a length of batik with a fold."""
    canvas.oval(160, 272, 122, 11, palette.shadow)
    fold = jitter(rng, 200, 14)
    canvas.cloth(rectangle(50, 62, 220, 196), wax(palette, design))
    canvas.shade(
        [(fold, 62), (270, 62), (270, 258), (fold, 258), (fold + 14, 210), (fold + 18, 160), (fold + 14, 110)], 0.2
    )
    for y in (62, 248):
        canvas.box(50, y, 220, 10, palette.main)
    for y in (77, 240):
        canvas.box(50, y, 220, 3, palette.accent)


def shirt(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a short-sleeved batik shirt."""
    canvas.oval(160, 282, 90, 10, palette.shadow)
    sleeve = jitter(rng, 134, 5)
    body: list[Point] = [
        (122, 56), (146, 66), (174, 66), (198, 56), (256, 86), (270, sleeve), (232, sleeve + 14), (226, 116), (230, 272),
        (90, 272), (94, 116), (88, sleeve + 14), (50, sleeve), (64, 86),
    ]  # fmt: skip
    canvas.cloth(body, wax(palette, design))
    canvas.shade([(94, 116), (110, 130), (108, 272), (90, 272)], 0.2)
    canvas.shape([(122, 56), (146, 66), (160, 96), (132, 84)], palette.main)
    canvas.shape([(198, 56), (174, 66), (160, 96), (188, 84)], palette.main)
    canvas.shape([(146, 66), (174, 66), (160, 94)], palette.ground)
    canvas.line([(160, 96), (160, 270)], palette.main, 3)
    for y in (120, 152, 184, 216, 248):
        canvas.oval(160, y, 3.6, 3.6, palette.light)
