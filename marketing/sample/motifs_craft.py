"""Things made by hand, and services: baskets, boxes, mats, hats, beads, drums, turned wood, cameras, shoes."""

from math import cos, pi, sin
from random import Random

from marketing.sample.canvas import Canvas, Point, jitter, rectangle
from marketing.sample.patterns import Palette, ikat, plait

_STRAW = (("#dcc089", "#b8935a"), ("#e3cc9c", "#a9834c"), ("#d2ae74", "#94693a"))
_WOOD = (("#8a4b20", "#a9642f"), ("#6d4426", "#8f6038"), ("#a5662f", "#c58748"), ("#5a3320", "#7a4a2e"))


def basket(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a plaited basket with a coloured band."""
    light, dark = rng.choice(_STRAW)
    canvas.oval(160, 268, 104, 13, palette.shadow)
    canvas.arc(160, 130, (74, 84), (180, 360), (dark, 8))
    canvas.cloth([(60, 126), (260, 126), (232, 264), (88, 264)], plait(light, dark))
    canvas.cloth(
        [(68, 166), (252, 166), (245, 202), (75, 202)],
        ikat(design, palette.main, palette.light, palette.accent, cell=7),
    )
    canvas.oval(160, 126, 100, 20, dark)
    canvas.oval(160, 126, 90, 14, palette.dark)
    canvas.shade([(60, 126), (92, 138), (106, 264), (88, 264)], 0.14)


def betel_box(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a small lidded box with beads."""
    canvas.oval(160, 266, 98, 12, palette.shadow)
    canvas.box(72, 150, 176, 112, palette.main, radius=8)
    canvas.cloth(rectangle(72, 172, 176, 58), ikat(design, palette.dark, palette.light, palette.accent, cell=9))
    canvas.shape([(62, 118), (258, 118), (252, 154), (68, 154)], palette.dark)
    canvas.shape([(92, 92), (228, 92), (258, 118), (62, 118)], palette.main)
    for x in range(74, 252, 13):
        canvas.oval(x, 137, 4.4, 4.4, rng.choice((palette.accent, palette.light)))
    canvas.oval(160, 86, 13, 11, palette.accent)
    for x in range(84, 244, 19):
        canvas.line([(x, 262), (x, 278)], palette.dark, 2)
        canvas.oval(x, 280, 4, 4, palette.accent)
    canvas.shade(rectangle(72, 154, 24, 108), 0.15)


def mat(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a half-rolled mat."""
    light, dark = rng.choice(_STRAW)
    canvas.shape([(60, 96), (272, 96), (256, 276), (36, 276)], palette.shadow)
    canvas.cloth([(64, 84), (262, 84), (282, 262), (40, 262)], plait(light, dark))
    canvas.cloth(
        [(50, 186), (273, 186), (277, 222), (45, 222)],
        ikat(design, palette.main, palette.light, palette.accent, cell=7),
    )
    canvas.box(52, 62, 220, 44, dark, radius=22)
    canvas.box(56, 64, 212, 30, light, radius=15)
    canvas.oval(262, 84, 16, 21, dark)
    canvas.oval(262, 84, 10, 14, light)
    canvas.oval(262, 84, 4, 6, dark)


def hat(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a wide palm-leaf hat."""
    light, dark = rng.choice(_STRAW)
    canvas.oval(160, 234, 130, 20, palette.shadow)
    canvas.oval(160, 210, 132, 38, dark)
    canvas.oval(160, 205, 130, 35, light)
    for ring in (114, 98, 86):
        canvas.arc(160, 205, (ring, ring * 0.27), (0, 360), (dark, 1.6))
    dome: list[Point] = [(160 + 74 * cos(step * pi / 20), 196 - 106 * sin(step * pi / 20)) for step in range(21)]
    canvas.cloth(dome, plait(light, dark, cell=34))
    canvas.oval(160, 196, 74, 17, light)
    canvas.cloth(
        [(86, 172), (234, 172), (235, 200), (85, 200)],
        ikat(design, palette.main, palette.light, palette.accent, cell=6),
    )
    canvas.shade([(86, 196), (92, 150), (112, 116), (124, 110), (108, 150), (104, 204)], 0.12)


def beads(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Lay a string of beads in a loop."""
    canvas.oval(160, 176, 124, 112, palette.shadow)
    canvas.oval(160, 170, 122, 110, palette.light)
    for index, (across, down) in enumerate(((92, 80), (70, 60))):
        count = 34 - index * 8
        for step in range(count):
            angle = step * 2 * pi / count
            color = palette.accent if (step + design) % 4 == 0 else palette.main if step % 2 else palette.dark
            x, y = 160 + across * cos(angle), 166 + down * sin(angle)
            canvas.oval(x, y, 8, 8, color)
            canvas.oval(x - 2.4, y - 2.4, 2, 2, palette.light)
    canvas.shape([(160, 222), (184, 250), (160, 284), (136, 250)], palette.main)
    canvas.shape([(160, 234), (174, 250), (160, 270), (146, 250)], palette.accent)
    canvas.oval(160, 250 + jitter(rng, 0, 1), 5, 5, palette.light)


def candle(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show candles of bees' wax, one alight."""
    canvas.oval(160, 268, 108, 13, palette.shadow)
    wax, side = rng.choice((("#e3b04b", "#c8902f"), ("#d9a04a", "#b97f2c"), ("#ecc773", "#d1a64c")))
    for x, top, width in ((82, 172, 48), (136, 116, 52), (194, 148 + design % 3 * 8, 48)):
        canvas.box(x, top, width, 262 - top, wax)
        canvas.box(x, top, width * 0.3, 262 - top, side)
        canvas.oval(x + width / 2, 262, width / 2, 8, wax)
        canvas.oval(x + width / 2, top, width / 2, 8, "#f3d998")
        canvas.line([(x + width / 2, top), (x + width / 2, top - 12)], "#3d2a16", 2.4)
    canvas.turned_oval(162, 92, (8, 17), 0, "#e88b2c")
    canvas.turned_oval(162, 96, (4, 9), 0, "#fff0b8")
    canvas.box(82, 226, 48, 8, palette.main)
    canvas.box(136, 220, 52, 8, palette.main)
    canvas.box(194, 226, 48, 8, palette.main)


def drum(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a jimbe with its ropes."""
    wood, gleam = rng.choice(_WOOD)
    waist = jitter(rng, 190, 6)
    canvas.oval(160, 278, 82, 12, palette.shadow)
    canvas.shape(
        [(92, 82), (228, 82), (216, 138), (184, waist), (204, 272), (116, 272), (136, waist), (104, 138)], wood
    )
    canvas.shape(
        [(92, 82), (114, 82), (122, 138), (150, waist), (134, 272), (116, 272), (136, waist), (104, 138)], gleam
    )
    teeth: list[Point] = []
    for index in range(8):
        teeth += [(98 + index * 17, 106), (106 + index * 17 - (index - 3.5) * 2, waist - 22)]
    canvas.line(teeth[:-1], palette.light, 4)
    canvas.box(102, 128, 116, 5, palette.accent)
    canvas.box(132, waist - 2, 56, 6, palette.accent)
    canvas.cloth(
        [(122, 226), (198, 226), (202, 252), (118, 252)],
        ikat(design, palette.main, palette.light, palette.accent, cell=6),
    )
    canvas.oval(160, 84, 71, 21, palette.dark)
    canvas.oval(160, 80, 66, 17, "#f0e4cb")
    canvas.oval(160, 80, 30, 7, "#d8c6a0")


def turned_wood(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a turned vase with dry grasses."""
    wood, gleam = rng.choice(_WOOD)
    canvas.oval(160, 276, 74, 11, palette.shadow)
    for x, tip, color in (
        (120, 44, palette.accent),
        (146, 30, palette.main),
        (170, 36, palette.accent),
        (198, 50, palette.main),
    ):
        canvas.line([(160, 130), ((160 + x) / 2, 90), (x, tip + 18)], "#8a7a4a", 2.6)
        canvas.turned_oval(x, tip + 10, (6, 19), (x - 160) * 0.5, color)
    swell = jitter(rng, 62, 6)
    profile: list[Point] = [
        (140, 118), (180, 118), (174, 140), (160 + swell, 190), (160 + swell - 6, 220), (192, 266), (188, 274),
        (132, 274), (128, 266), (160 - swell + 6, 220), (160 - swell, 190), (146, 140),
    ]  # fmt: skip
    canvas.shape(profile, wood)
    canvas.shape(
        [
            (146, 122),
            (152, 122),
            (150, 142),
            (160 - swell * 0.55, 192),
            (150, 268),
            (138, 268),
            (160 - swell + 8, 206),
            (160 - swell + 4, 190),
        ],
        gleam,
    )
    canvas.oval(160, 118, 21, 6, palette.dark)
    for y in (184, 192, 214 + design % 3 * 4):
        canvas.box(160 - swell + 3, y, swell * 2 - 6, 2.6, palette.accent)


def wooden_bowl(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a turned bowl with its grain."""
    wood, gleam = rng.choice(_WOOD)
    canvas.oval(160, 252, 96, 13, palette.shadow)
    bowl: list[Point] = [(160 + 112 * cos(step * pi / 24), 148 + 100 * sin(step * pi / 24)) for step in range(25)]
    canvas.shape(bowl, wood)
    canvas.box(126, 240, 68, 12, wood, radius=4)
    for ring in (84, 62, 40):
        canvas.arc(160, 150, (112 - (84 - ring) * 0.25, ring), (12, 168), (gleam, 2.4))
    canvas.oval(160, 148, 112, 30, gleam)
    canvas.oval(160, 150, 102, 24, wood)
    for ring in (84, 62, 38, 16):
        canvas.arc(160 + design % 3 * 3, 151, (ring, ring * 0.23), (0, 360), (gleam, 1.8))
    canvas.box(58, 182, 204, 4, palette.accent)


def yoyo(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show two yo-yos with their strings."""
    canvas.oval(160, 272, 112, 12, palette.shadow)
    for x, y, size, color in ((122, 182, 76, palette.main), (222, 218, 52, palette.accent)):
        canvas.line([(x, y), (x + 14, y - size - 20), (x - 4, y - size - 52)], palette.dark, 2)
        canvas.oval(x + 6, y + 4, size, size, palette.dark)
        canvas.oval(x, y, size, size, color)
        for ring, tone in ((0.8, palette.light), (0.72, color), (0.44, palette.light), (0.36, palette.dark)):
            canvas.oval(x, y, size * ring, size * ring, tone)
        for step in range(6 + design % 3):
            angle = step * 2 * pi / (6 + design % 3) + rng.uniform(0, 0.1)
            canvas.oval(
                x + size * 0.58 * cos(angle), y + size * 0.58 * sin(angle), size * 0.07, size * 0.07, palette.light
            )


def cooler(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show an air conditioner blowing."""
    canvas.box(40, 92, 240, 92, palette.shadow, radius=16)
    canvas.box(36, 84, 244, 92, "#fbf8f1", radius=16)
    canvas.box(36, 142, 244, 34, "#e4dfd3", radius=14)
    canvas.box(56, 152, 204, 8, palette.dark, radius=4)
    canvas.oval(256, 108, 5, 5, palette.accent)
    canvas.box(56, 102, 70, 6, palette.shadow, radius=3)
    for index, x in enumerate((84, 134, 184, 234)):
        drop = jitter(rng, 204, 4) + (index + design) % 2 * 10
        canvas.line(
            [(x, drop), (x - 8, drop + 14), (x, drop + 28), (x + 8, drop + 42), (x, drop + 56)], palette.main, 5
        )


def shoe(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a clean shoe among bubbles."""
    canvas.oval(160, 252, 124, 13, palette.shadow)
    canvas.shape([(62, 132), (112, 122), (132, 158), (208, 190), (262, 204), (272, 232), (52, 232)], palette.main)
    canvas.shape([(62, 132), (84, 128), (78, 232), (52, 232)], palette.dark)
    canvas.shape([(208, 190), (262, 204), (272, 232), (214, 232)], palette.accent)
    canvas.box(46, 226, 232, 22, palette.light, radius=10)
    canvas.box(46, 238, 232, 4, palette.dark)
    for lace in range(4):
        near, high = 128 + lace * 21, 150 + lace * 10
        canvas.line([(near, high + 20), (near + 18, high - 2)], palette.light, 4.5)
    for _ in range(9 + design % 3):
        x, y, size = rng.uniform(50, 272), rng.uniform(48, 120), rng.uniform(6, 15)
        canvas.oval(x, y, size, size, "#ffffff")
        canvas.oval(x, y, size - 2, size - 2, palette.ground)
        canvas.oval(x - size * 0.35, y - size * 0.35, size * 0.2, size * 0.2, "#ffffff")


def sewing(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a sewing machine with cloth."""
    canvas.oval(160, 274, 126, 11, palette.shadow)
    canvas.box(44, 230, 236, 40, "#8a5f34", radius=6)
    canvas.box(76, 212, 188, 20, palette.dark, radius=5)
    canvas.box(206, 92, 46, 126, palette.dark, radius=10)
    canvas.box(76, 92, 170, 46, palette.dark, radius=16)
    canvas.box(76, 92, 42, 74, palette.dark, radius=12)
    canvas.line([(97, 164), (97, 206)], "#c9c3b8", 4)
    canvas.oval(262, 118, 22, 22, palette.main)
    canvas.oval(262, 118, 9, 9, palette.accent)
    canvas.box(130, 108, 66, 8, palette.accent, radius=4)
    canvas.box(172, 70, 16, 24, palette.main, radius=3)
    canvas.cloth(
        [(40, 206), (150, 206), (138, 224), (120, 248), (30, 252)],
        ikat(design, palette.main, palette.light, palette.accent, cell=7),
    )
    canvas.line([(180, 70), (130, 58), (97, 94)], palette.main, 1.6)
    canvas.oval(97, 206 + jitter(rng, 0, 1), 4, 3, "#c9c3b8")


def camera(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a camera."""
    canvas.oval(160, 262, 118, 13, palette.shadow)
    canvas.box(110, 84, 84, 40, palette.dark, radius=8)
    canvas.box(44, 108, 232, 150, palette.dark, radius=18)
    canvas.box(44, 142, 232, 76, palette.main)
    canvas.box(44, 140, 232, 4, palette.accent)
    canvas.box(44, 216, 232, 4, palette.accent)
    for size, color in ((70, palette.light), (62, palette.dark), (48, "#31485c"), (32, "#1c2c3a"), (14, "#0f1a24")):
        canvas.oval(160, 180, size, size, color)
    canvas.turned_oval(142 + jitter(rng, 0, 2), 160, (15, 8), -40, "#9fb8c8")
    canvas.box(62, 92, 34, 18, palette.accent, radius=4)
    canvas.oval(246, 126, 8 + design % 2, 8 + design % 2, palette.light)


def drawing_board(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a sheet with a package drawn on it, ruler and pencil."""
    canvas.box(62, 54, 204, 226, palette.shadow, radius=6)
    canvas.box(54, 46, 204, 226, "#fdfaf2", radius=6)
    canvas.box(102, 92, 108, 130, palette.main, radius=6)
    canvas.cloth(rectangle(102, 116, 108, 28), ikat(design, palette.main, palette.light, palette.accent, cell=6))
    canvas.box(116, 158, 80, 44, palette.light, radius=4)
    canvas.oval(156, 180, 14, 14, palette.accent)
    for y in (236, 248):
        canvas.box(84, y, 144, 4, palette.shadow, radius=2)
    tip = jitter(rng, 226, 4)
    canvas.line([(282, 96), (tip, 216)], palette.accent, 13)
    canvas.shape([(tip - 7, 210), (tip + 7, 217), (tip - 9, 236)], "#f0d9a8")
    canvas.line([(280, 100), (285, 88)], palette.dark, 13)
