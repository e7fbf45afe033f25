"""A drawing surface with the coordinates of the look's SVGs (320 by 320), drawn at twice the size for soft edges."""

from collections.abc import Sequence
from io import BytesIO
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw

UNIT = 5  # 320 units are drawn on 1600 pixels and halved to 800
SIDE = 320
JPEG_QUALITY = 80
NEAR_QUALITY = 62  # stitches seen from near fill the whole picture; below 120 kB all the same

Point = tuple[float, float]


class Canvas:
    """Flat shapes on a calm ground. Colours are "#rrggbb"."""

    def __init__(self, ground: str) -> None:
        self.image = Image.new("RGB", (SIDE * UNIT, SIDE * UNIT), ground)
        self._draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, color: str, *, radius: float = 0) -> None:
        """Fill a rectangle, rounded if `radius` is given."""
        area = _scale(x, y, x + width, y + height)
        if radius:
            self._draw.rounded_rectangle(area, radius * UNIT, fill=color)
        else:
            self._draw.rectangle(area, fill=color)

    def oval(self, x: float, y: float, across: float, down: float, color: str) -> None:
        """Fill an ellipse around (x, y) with the two radii."""
        self._draw.ellipse(_scale(x - across, y - down, x + across, y + down), fill=color)

    def turned_oval(self, x: float, y: float, radii: Point, degrees: float, color: str) -> None:
        """Fill an ellipse turned around its centre."""
        self.shape(turned_oval(x, y, radii, degrees), color)

    def shape(self, points: Sequence[Point], color: str) -> None:
        """Fill a polygon."""
        self._draw.polygon([(px * UNIT, py * UNIT) for px, py in points], fill=color)

    def line(self, points: Sequence[Point], color: str, width: float) -> None:
        """Draw a line through the points with rounded joints and ends."""
        scaled = [(px * UNIT, py * UNIT) for px, py in points]
        self._draw.line(scaled, fill=color, width=round(width * UNIT), joint="curve")
        for px, py in (scaled[0], scaled[-1]):
            half = width * UNIT / 2
            self._draw.ellipse((px - half, py - half, px + half, py + half), fill=color)

    def arc(self, x: float, y: float, radii: Point, span: Point, stroke: tuple[str, float]) -> None:
        """Draw a part of an ellipse's outline; `span` in degrees, `stroke` is colour and width."""
        area = _scale(x - radii[0], y - radii[1], x + radii[0], y + radii[1])
        self._draw.arc(area, span[0], span[1], fill=stroke[0], width=round(stroke[1] * UNIT))

    def cloth(self, points: Sequence[Point], tile: Image.Image) -> None:
        """Fill a polygon with a repeated pattern."""
        left, top = min(p[0] for p in points), min(p[1] for p in points)
        width = round((max(p[0] for p in points) - left) * UNIT)
        height = round((max(p[1] for p in points) - top) * UNIT)
        woven = repeated(tile, width, height)
        mask = Image.new("1", (width, height))
        ImageDraw.Draw(mask).polygon([((px - left) * UNIT, (py - top) * UNIT) for px, py in points], fill=1)
        self.image.paste(woven, (round(left * UNIT), round(top * UNIT)), mask)

    def shade(self, points: Sequence[Point], strength: float = 0.14) -> None:
        """Darken a polygon, as a fold or the far side of a thing."""
        left, top = round(min(p[0] for p in points) * UNIT), round(min(p[1] for p in points) * UNIT)
        right, bottom = round(max(p[0] for p in points) * UNIT), round(max(p[1] for p in points) * UNIT)
        part = self.image.crop((left, top, right, bottom))
        darker = Image.blend(part, Image.new("RGB", part.size, "#1a1008"), strength)
        mask = Image.new("1", part.size)
        ImageDraw.Draw(mask).polygon([(px * UNIT - left, py * UNIT - top) for px, py in points], fill=1)
        self.image.paste(darker, (left, top), mask)

    def jpeg(self) -> bytes:
        """Return the finished picture."""
        return _encode(self.image.reduce(2), JPEG_QUALITY)

    def jpeg_from_near(self) -> bytes:
        """Return the middle of the picture at full resolution: the same thing from near."""
        edge = SIDE * UNIT // 4
        return _encode(self.image.crop((edge, edge, edge * 3, edge * 3)), NEAR_QUALITY)


def _encode(image: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _scale(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
    return x0 * UNIT, y0 * UNIT, x1 * UNIT, y1 * UNIT


def rectangle(x: float, y: float, width: float, height: float) -> list[Point]:
    """Return the corners of a rectangle."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def turned_oval(x: float, y: float, radii: Point, degrees: float) -> list[Point]:
    """Return the outline of a turned ellipse as a polygon."""
    turn, points = degrees * pi / 180, []
    for step in range(28):
        angle = step * 2 * pi / 28
        across, down = radii[0] * cos(angle), radii[1] * sin(angle)
        points.append((x + across * cos(turn) - down * sin(turn), y + across * sin(turn) + down * cos(turn)))
    return points


def repeated(tile: Image.Image, width: int, height: int) -> Image.Image:
    """Return the tile repeated over an area, doubling what is there already instead of pasting each one."""
    area = Image.new("RGB", (width, height))
    area.paste(tile, (0, 0))
    have = tile.width
    while have < width:
        area.paste(area.crop((0, 0, have, tile.height)), (have, 0))
        have *= 2
    have = tile.height
    while have < height:
        area.paste(area.crop((0, 0, width, have)), (0, have))
        have *= 2
    return area


def jitter(rng: Random, value: float, spread: float) -> float:
    """Return the value moved a little, so that no two drawings are quite alike."""
    return value + rng.uniform(-spread, spread)
