"""Things to eat and drink: honey, bottles, bowls, se'i, packs, coffee, sugar, sweets, boxes."""

from random import Random

from marketing.sample.canvas import Canvas, Point, jitter, rectangle
from marketing.sample.patterns import Palette, ikat


def honey(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a jar of honey with a comb on its label."""
    depth, glow = rng.choice(
        (("#c47a12", "#e0a43a"), ("#a85f10", "#cf8b2c"), ("#8f4a12", "#b9722a"), ("#d08e1e", "#edbb58"))
    )
    wide = jitter(rng, 72, 7)
    canvas.oval(160, 272, wide + 16, 12, palette.shadow)
    canvas.shape([(160 - wide * 0.72, 108), (160 + wide * 0.72, 108), (160 + wide, 166), (160 - wide, 166)], glow)
    canvas.box(160 - wide, 140, wide * 2, 128, depth, radius=22)
    canvas.box(160 - wide, 140, wide * 2, 42, glow, radius=18)
    canvas.box(160 - wide * 0.66, 92, wide * 1.32, 20, glow)
    canvas.box(160 - wide * 0.78, 58, wide * 1.56, 36, palette.dark, radius=6)
    canvas.box(160 - wide * 0.78, 80, wide * 1.56, 4, palette.accent)
    canvas.box(160 - wide * 0.76, 170, wide * 1.52, 74, palette.light, radius=4)
    for x, y in ((148, 188), (172, 188), (160, 208)):
        hexagon: list[Point] = [
            (x, y - 12),
            (x + 11, y - 6),
            (x + 11, y + 6),
            (x, y + 12),
            (x - 11, y + 6),
            (x - 11, y - 6),
        ]
        canvas.shape(hexagon, glow if (x + design) % 2 else depth)
    canvas.line([(126, 232), (194, 232)], palette.main, 4)


def bottle(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a bottle of juice or syrup."""
    juice, light = rng.choice(
        (("#d98324", "#eba95a"), ("#8d4a22", "#b06f42"), ("#c9b23a", "#e2d170"), ("#a33b2c", "#c4675a"))
    )
    canvas.oval(160, 280, 62, 11, palette.shadow)
    canvas.box(143, 62, 34, 52, light)
    canvas.box(139, 40, 42, 26, palette.main, radius=5)
    canvas.shape([(143, 100), (177, 100), (210, 146), (110, 146)], juice)
    canvas.box(110, 134, 100, 144, juice, radius=14)
    canvas.box(118, 150, 12, 116, light, radius=6)
    canvas.box(110, 176, 100, 66, palette.light)
    canvas.box(110, 172, 100, 4, palette.accent)
    canvas.box(110, 242, 100, 4, palette.accent)
    canvas.oval(160, 204, 20, 20, juice)
    for x, y in ((160, 204), (152, 198), (168, 198), (160, 212)):
        canvas.oval(x, y, 4 + design % 2, 4 + design % 2, light)


def sauce(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a small jar of sambal with chillies."""
    canvas.oval(160, 266, 92, 12, palette.shadow)
    canvas.box(92, 116, 136, 150, "#a62c1c", radius=18)
    canvas.box(100, 124, 14, 132, "#c9523c", radius=6)
    for _ in range(26):
        canvas.oval(
            rng.uniform(112, 218), rng.uniform(128, 258), 2.4, 2.0, rng.choice(("#e8b04a", "#7d1d12", "#e2dcc0"))
        )
    canvas.box(86, 82, 148, 38, palette.dark, radius=8)
    canvas.box(86, 106, 148, 4, palette.accent)
    canvas.box(92, 160, 136, 66, palette.light)
    canvas.box(92, 156, 136, 4, palette.accent)
    for x, turn in ((132, -24 + design), (160, 0), (188, 24 - design)):
        canvas.turned_oval(x, 196, (7, 23), turn, "#b32a1a")
        canvas.line([(x, 172), (x + 3, 166)], "#4d6b3c", 4)


def corn(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a bowl of jagung bose, steaming."""
    canvas.oval(160, 262, 112, 13, palette.shadow)
    canvas.arc(160, 150, (100, 106), (0, 180), (palette.main, 106))
    canvas.box(76, 176, 168, 6, palette.accent)
    canvas.oval(160, 150, 100, 27, palette.dark)
    canvas.oval(160, 150, 89, 21, "#f3e7c3")
    for _ in range(24):
        x, y = rng.uniform(88, 232), rng.uniform(136, 164)
        if ((x - 160) / 82) ** 2 + ((y - 150) / 16) ** 2 < 1:
            canvas.oval(x, y, 8.5, 6, rng.choice(("#f6d774", "#fff8e2", "#fff8e2", "#8e3b2a", "#7d8d4b")))
    for x in (130, 160, 190 + design % 3):
        canvas.line([(x, 112), (x - 5, 104), (x, 95), (x + 5, 86), (x, 76)], palette.shadow, 5)


def smoked(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Lay slices of se'i on a leaf."""
    canvas.oval(160, 262, 118, 12, palette.shadow)
    canvas.shape([(40, 250), (60, 176), (108, 120), (160, 104), (212, 120), (260, 176), (280, 250)], "#4d6b3c")
    for x in (76, 118, 160, 202, 244):
        canvas.line([(160, 110), (x, 250)], "#6d8b58", 3)
    dark, flesh, streak = rng.choice(
        (("#7c2b1f", "#a3473a", "#d9a090"), ("#8a4a35", "#b9745a", "#ecc9b0"), ("#6e241c", "#943a30", "#c98d80"))
    )
    lean = jitter(rng, 18, 5)
    for index in range(3 + design % 2):
        x, y = 78 + index * (50 - design % 2 * 12), 226 - index * 6
        points: list[Point] = [(x, y), (x + lean, y - 84), (x + lean + 50, y - 92), (x + 50, y - 8)]
        canvas.shape(points, dark)
        inner: list[Point] = [(x + 7, y - 8), (x + lean + 5, y - 76), (x + lean + 43, y - 82), (x + 45, y - 14)]
        canvas.shape(inner, flesh)
        canvas.line([(x + 17, y - 16), (x + 20, y - 40), (x + lean + 14, y - 70)], streak, 3.4)
        canvas.line([(x + 33, y - 20), (x + 32, y - 44), (x + lean + 30, y - 74)], streak, 3.4)


def pack(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a standing pouch with a woven band."""
    canvas.oval(160, 276, 92, 12, palette.shadow)
    lean = jitter(rng, 8, 3)
    canvas.shape([(84, 54), (236, 54), (236 + lean, 274), (84 - lean, 274)], palette.main)
    canvas.box(84, 46, 152, 18, palette.dark)
    canvas.cloth(rectangle(82, 92, 156, 34), ikat(design, palette.dark, palette.light, palette.accent, cell=8))
    canvas.box(98, 146, 124, 92, palette.light, radius=10)
    canvas.oval(160, 184, 26, 26, palette.accent)
    canvas.turned_oval(160, 184, (9, 19), 35 + design * 12, palette.main)
    canvas.line([(122, 224), (198, 224)], palette.dark, 4)
    canvas.shade([(84, 64), (98, 64), (92, 274), (84 - lean, 274)], 0.16)


def chips(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a snack pack with chips in front."""
    canvas.oval(160, 276, 118, 12, palette.shadow)
    canvas.shape([(88, 44), (226, 44), (232, 262), (80, 262)], palette.main)
    for index in range(12):
        x = 88 + index * 11.5
        canvas.shape([(x, 44), (x + 11.5, 44), (x + 5.75, 36)], palette.main)
    canvas.box(84, 54, 144, 4, palette.light)
    canvas.oval(157, 134, 52, 52, palette.light)
    canvas.oval(157, 134, 44, 44, palette.accent)
    for turn in (20, 80, 140):
        canvas.turned_oval(157, 134, (32, 10), turn + design * 10, palette.light)
    canvas.box(106, 204, 102, 8, palette.light, radius=4)
    canvas.shade([(88, 44), (106, 44), (100, 262), (80, 262)], 0.14)
    rim, crumb = rng.choice((("#c98a2e", "#e9bd62"), ("#b9742c", "#dba761"), ("#c4a23c", "#efd98a")))
    for x, y in ((84, 262), (120, 250), (162, 258), (204, 248), (238, 262), (142, 272), (186, 272)):
        canvas.turned_oval(x, y, (25, 13), jitter(rng, 0, 26), rim)
        canvas.turned_oval(x, y - 2, (20, 9), jitter(rng, 0, 20), crumb)


def coffee(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a bag of coffee and a few beans."""
    canvas.oval(160, 274, 104, 12, palette.shadow)
    bag, fold = rng.choice(
        (("#4a3426", "#6b4d39"), ("#2f2a28", "#4b4441"), ("#6a4a2e", "#8a6845"), (palette.dark, palette.main))
    )
    canvas.shape([(94, 86), (226, 86), (236, 272), (84, 272)], bag)
    canvas.shape([(94, 86), (226, 86), (220, 54), (100, 54)], fold)
    canvas.cloth(rectangle(92, 112, 138, 22), ikat(design, palette.dark, palette.light, palette.accent, cell=6))
    canvas.box(98, 146, 124, 92, palette.light)
    canvas.turned_oval(160, 184, (18, 25), 28, "#6b3f20")
    canvas.line([(153, 164), (164, 178), (156, 190), (167, 204)], palette.light, 3.5)
    canvas.line([(122, 224), (198, 224)], bag, 5)
    for x, y in ((62, 264), (84, 274), (244, 268), (264, 262), (230, 278)):
        turn = rng.uniform(-40, 40)
        canvas.turned_oval(x, y, (12, 8), turn, "#5d3719")
        canvas.turned_oval(x, y, (9, 1.4), turn + 8, "#2f1a0b")


def sugar(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Stack round cakes of palm sugar on a leaf mat."""
    canvas.oval(160, 262, 118, 14, palette.shadow)
    canvas.turned_oval(160, 246, (116, 18), 0, "#7c9a63")
    side, top = rng.choice((("#8f5a24", "#b98143"), ("#6f3f1a", "#97602f"), ("#a2712f", "#cf9f58")))
    for column, height in ((96, 2), (160, 3 + design % 2), (224, 2)):
        for level in range(height):
            y = 232 - level * 30
            canvas.box(column - 40, y - 22, 80, 24, side)
            canvas.oval(column, y + 2, 40, 11, side)
            canvas.oval(column, y - 22, 40, 11, top)
        canvas.oval(column, 232 - (height - 1) * 30 - 22, 26, 6, side)
        canvas.oval(column, 232 - (height - 1) * 30 - 23, 24, 5, top)
    canvas.box(66, 230, 188, 7, palette.main)
    canvas.box(66, 232, 188, 2, palette.accent)


def wajik(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Pile diamonds of wajik on a plate."""
    canvas.oval(160, 258, 116, 14, palette.shadow)
    canvas.shape([(48, 208), (272, 208), (250, 252), (70, 252)], palette.main)
    canvas.box(48, 204, 224, 6, palette.accent)
    top, left, right = rng.choice(
        (("#c06a2a", "#8f4716", "#a6561d"), ("#7d8f3c", "#55632a", "#667733"), ("#b3543c", "#7f3423", "#97432f"))
    )
    for x, y in ((60, 146), (180, 146), (120, 112 - design % 3 * 3), (120, 166)):
        canvas.shape([(x, y + 24), (x + 40, y), (x + 80, y + 24), (x + 40, y + 48)], top)
        canvas.shape([(x, y + 24), (x, y + 56), (x + 40, y + 80), (x + 40, y + 48)], left)
        canvas.shape([(x + 80, y + 24), (x + 80, y + 56), (x + 40, y + 80), (x + 40, y + 48)], right)
        for dx, dy in ((26, 22), (44, 12), (54, 30), (38, 36)):
            canvas.oval(x + dx, y + dy, 3.2, 2.6, "#f3d9a6")


def wafers(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Stand rolled opak gambir in a tin."""
    canvas.oval(160, 272, 92, 12, palette.shadow)
    bark, crisp = rng.choice((("#b9772f", "#e0ac63"), ("#a5652a", "#d29a55"), ("#c48f45", "#ecc887")))
    for index, x in enumerate((104, 124, 144, 164, 184, 204)):
        top = 66 + (index * 37 + design * 11) % 34
        canvas.box(x, top, 19, 150, crisp, radius=6)
        canvas.box(x + 12, top + 4, 7, 146, bark, radius=3)
        canvas.oval(x + 9.5, top + 4, 9.5, 5, bark)
        canvas.oval(x + 9.5, top + 4, 5, 2.4, crisp)
        for dot in range(4):
            canvas.oval(x + 6, top + 22 + dot * 15, 1.4, 1.8, "#5a3a18")
    canvas.box(84, 152, 152, 118, palette.main, radius=10)
    canvas.box(84, 160, 152, 5, palette.accent)
    canvas.cloth(rectangle(84, 184, 152, 40), ikat(design, palette.main, palette.light, palette.accent, cell=8))
    canvas.box(84, 250, 152, 5, palette.accent)
    canvas.shade(rectangle(84, 152, 22, 118), 0.14)


def pecel(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a block of sambal pecel in leaf, with peanuts and chillies."""
    canvas.oval(160, 262, 122, 13, palette.shadow)
    canvas.shape([(52, 178), (160, 128), (268, 178), (268, 220), (160, 262), (52, 220)], "#5d7f45")
    canvas.shape([(52, 178), (160, 128), (268, 178), (160, 226)], "#789a5c")
    canvas.shape([(84, 168), (160, 134), (236, 168), (160, 204)], "#b5713a")
    canvas.shape([(84, 144), (160, 110), (236, 144), (160, 180)], "#cf8e52")
    canvas.shape([(84, 144), (160, 180), (160, 204), (84, 168)], "#9a5b2a")
    canvas.shape([(236, 144), (160, 180), (160, 204), (236, 168)], "#ab6932")
    for _ in range(18):
        x, y = rng.uniform(112, 208), rng.uniform(130, 160)
        canvas.oval(x, y, 2.6, 1.8, rng.choice(("#8a4a20", "#f0d9a8", "#a62c1c")))
    for x, y, turn in ((76, 250, 60), (98, 262, 80 + design * 4), (244, 252, -60)):
        canvas.turned_oval(x, y, (6, 22), turn, "#b32a1a")
    for x, y in ((206, 258), (226, 266), (190, 270)):
        canvas.turned_oval(x, y, (13, 8), rng.uniform(-30, 30), "#d9b277")
    canvas.box(150, 204, 20, 54, palette.main)
    canvas.box(158, 204, 4, 54, palette.accent)


def rice_box(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show an open lunch box from above."""
    canvas.box(48, 60, 232, 214, palette.shadow, radius=14)
    canvas.box(42, 52, 236, 212, palette.main, radius=14)
    canvas.box(52, 62, 216, 192, palette.light, radius=10)
    canvas.oval(118, 128, 54, 50, "#fffdf4")
    for _ in range(30):
        canvas.turned_oval(rng.uniform(82, 154), rng.uniform(96, 160), (5, 2), rng.uniform(0, 180), "#ece5d0")
    canvas.turned_oval(212, 116, (42, 28), -20, "#9a5a22")
    canvas.turned_oval(206, 110, (30, 16), -20, "#bd7a35")
    canvas.turned_oval(242, 98, (18, 7), -40, "#efe2c6")
    for x in range(72, 160, 16):
        canvas.turned_oval(
            x, 214 + (x + design) % 3 * 5, (20, 9), rng.uniform(-40, 40), rng.choice(("#5d8a45", "#7da85a", "#d9762c"))
        )
    canvas.oval(196, 214, 22, 20, "#a62c1c")
    canvas.oval(196, 214, 16, 14, "#c4432c")
    canvas.arc(242, 206, (16, 34), (60, 300), ("#e3bf3f", 12))


def gift(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show a gift box with a woven ribbon."""
    canvas.oval(160, 268, 116, 12, palette.shadow)
    card, lid = rng.choice((("#b98a55", "#d3a873"), ("#a9794a", "#c69a68"), ("#c2a07a", "#dcc09c")))
    canvas.box(56, 132, 208, 128, card, radius=8)
    canvas.shape([(48, 98), (272, 98), (272, 138), (48, 138)], lid)
    canvas.box(132, 98, 56, 162, palette.main)
    canvas.cloth(rectangle(138, 98, 44, 162), ikat(design, palette.dark, palette.light, palette.accent, cell=6))
    for way in (-1, 1):
        canvas.turned_oval(160 + way * 34, 74, (36, 20), way * -32, palette.main)
        canvas.turned_oval(160 + way * 32, 76, (20, 9), way * -32, palette.dark)
    canvas.oval(160, 92, 13, 11, palette.accent)
    canvas.shade(rectangle(56, 138, 208, 6), 0.2)


def fruit(canvas: Canvas, palette: Palette, rng: Random, design: int) -> None:
    """Show fresh fruit in a crate."""
    canvas.oval(160, 270, 120, 12, palette.shadow)
    skin, gleam = (("#dd8a26", "#f0b054"), ("#5d7a35", "#86a352"))[design % 2]
    for x, y in ((96, 150), (140, 138), (184, 138), (226, 150), (118, 172), (162, 166), (206, 172)):
        canvas.oval(x, y, 30, 29, skin)
        canvas.oval(x - 9, y - 10, 9, 7, gleam)
        canvas.turned_oval(x + 9, y - 27, (10, 5), jitter(rng, -30, 12), "#4d6b3c")
    for y in (186, 216, 246):
        canvas.box(56, y, 208, 24, "#b98a55", radius=3)
        canvas.box(56, y + 18, 208, 6, "#9a6f3f", radius=3)
    for x in (62, 242):
        canvas.box(x, 180, 16, 90, "#8a5f34", radius=3)
