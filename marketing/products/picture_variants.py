"""Our stored pictures in the shapes that channels want: made once at first use, beside the original, without metadata."""

import hashlib
import io
import json
import os
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from marketing.domain import site
from marketing.domain.content import Capabilities, CardWords, PostPicture
from marketing.domain.picture_shape import SIZES, WANTED, Shape, placed, shape_for
from marketing.domain.product import Picture
from marketing.later import later
from marketing.observability import get_logger
from marketing.products.picture_ground import calm_ground
from marketing.products.post_card import card

if TYPE_CHECKING:
    from PIL import Image
else:
    Image = later("PIL.Image")

QUALITY: Final = 82
CARD: Final = 2  # the look of the card: another number makes every card anew
log = get_logger(__name__)


def write_once(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; one that stands already is left as it is. OSError when the disk refuses."""
    if path.exists():
        return
    half = path.with_name(f".{path.name}-{token_hex(4)}")
    try:
        half.write_bytes(data)
        os.replace(half, path)  # noqa: PTH105  atomic; a reader sees the whole picture or none
    except OSError:
        half.unlink(missing_ok=True)
        raise


def variant(folder: Path, sha256: str, shape: Shape) -> Path | None:
    """Return the file of a stored picture in a shape, making it at first use; None when there is no usable original."""
    path = folder / f"{sha256}.{shape}.jpg"
    if path.is_file():
        return path
    try:
        write_once(path, shaped((folder / f"{sha256}.jpg").read_bytes(), shape))
    except (
        OSError,
        ValueError,
        SyntaxError,
    ):  # Pillow's own word for a broken file is SyntaxError or one of OSError's kinds
        return None
    return path


def post_picture(picture: Picture, limits: Capabilities, *, folder: Path, public_url: str, alt: str) -> PostPicture:
    """Return a stored picture in the shape that a channel wants; nothing is made yet (`make_files`), its size is known."""
    sha256 = picture.sha256 or ""
    shape = shape_for(limits, picture.width, picture.height)
    width, height = placed(picture.width, picture.height, shape).canvas if shape else (picture.width, picture.height)
    return PostPicture(
        path=str(folder / f"{sha256}{f'.{shape}' if shape else ''}.jpg"),
        url=public_url + site.picture(sha256, shape or ""),
        alt=picture.alt or alt,
        width=width,
        height=height,
    )


def card_picture(
    photo: Picture, limits: Capabilities, words: CardWords, *, folder: Path, public_url: str
) -> PostPicture:
    """Return a stored picture as a product card in the shape a channel shows best; nothing is made yet (`make_files`)."""
    sha256, shape = photo.sha256 or "", WANTED.get(limits.channel, Shape.SQUARE)
    key = hashlib.sha256(json.dumps([CARD, sha256, shape, *astuple(words)]).encode()).hexdigest()
    width, height = SIZES[shape]
    return PostPicture(
        path=str(folder / f"{key}.{shape}.kartu.jpg"),
        url=public_url + site.picture(key, f"{shape}.kartu"),
        alt=f"{words.name}, {words.price}, {words.business}",
        width=width,
        height=height,
        photo=sha256,
        card=words,
    )


def make_files(pictures: Iterable[PostPicture]) -> None:
    """Make what these pictures of a post name and what does not lie there yet; before an adapter reads the files."""
    for picture in pictures:
        path = Path(picture.path)
        name, _dot, shape = path.name.removesuffix(".jpg").partition(".")
        if picture.card is not None:
            _make_card(path, picture.photo, Shape(shape.removesuffix(".kartu")), picture.card)
        elif shape in list(Shape):
            variant(path.parent, name, Shape(shape))


def _make_card(path: Path, photo: str, shape: Shape, words: CardWords) -> None:
    if path.is_file():
        return
    try:
        write_once(path, card((path.parent / f"{photo}.jpg").read_bytes(), shape, words))
    except (OSError, ValueError, SyntaxError):  # as above: the adapter that needs the file says that it is not there
        log.warning("a product card could not be made", photo=photo)


def shaped(body: bytes, shape: Shape) -> bytes:
    """Return one of our own JPEGs in a shape; the same input gives the same bytes. OSError or ValueError when it is none."""
    with Image.open(io.BytesIO(body), formats=("JPEG",)) as opened:
        picture = opened.convert("RGB")
    plan = placed(picture.width, picture.height, shape)
    front = picture.resize(plan.drawn, Image.Resampling.LANCZOS, reducing_gap=3.0)
    canvas = Image.new("RGB", plan.canvas) if plan.covers else calm_ground(picture, plan.canvas, plan.drawn)
    canvas.paste(front, plan.at)
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
