"""The logo of a Dinas: re-encoded as a small PNG on white and kept among our pictures, named by its content."""

import io
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from marketing.later import later

if TYPE_CHECKING:
    from PIL import Image, ImageOps
else:
    Image = later("PIL.Image")
    ImageOps = later("PIL.ImageOps")


MAX_BYTES: Final = 2_000_000
MAX_PIXELS: Final = 20_000_000
# Shown half as large, at most 120 by 48: sharp, small on a slow line, and the name keeps its place.
SIZE: Final = (240, 96)


def logo_png(body: bytes) -> bytes:
    """Return a picture as a small PNG without metadata; on white, so that it also shows in dark mode.

    Raises ValueError for what is no PNG, JPEG or WebP, and for one that is too large.
    """
    if len(body) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES} bytes")
    try:
        with Image.open(io.BytesIO(body), formats=("PNG", "JPEG", "WEBP")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise ValueError(f"more than {MAX_PIXELS} pixels")
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("no picture that can be read") from error
    picture.thumbnail(SIZE, Image.Resampling.LANCZOS)
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    out = io.BytesIO()
    white.save(out, "PNG", optimize=True)
    return out.getvalue()


def keep_logo(png: bytes, folder: Path) -> str:
    """Write the PNG into the folder of our pictures and return its name, the hash of its content; OSError from the disk."""
    name = sha256(png).hexdigest()
    path = folder / f"{name}.png"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f".{name}-{token_hex(4)}"
        half.write_bytes(png)
        half.replace(path)  # a reader sees the whole picture or none
    return name
