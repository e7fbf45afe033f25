"""Drawn photos for sample mails, whose products exist nowhere: the same address always gives the same picture."""

import io
import re
from base64 import b64encode
from functools import lru_cache
from random import Random
from typing import Final

from PIL import Image

from marketing.sample.patterns import PALETTES
from marketing.sample.pictures import MOTIFS, draw

_WORDS: Final = {
    "kopi": "kopi", "madu": "madu", "tas": "tas", "paket": "paket", "kendang": "kendang", "batik": "batik",
    "wajik": "wajik", "opak": "opak", "sambal": "sambal", "pecel": "pecel", "jagung": "jagung", "ukir": "kayu",
    "selendang": "tenun",
}  # fmt: skip
_PHOTO: Final = re.compile(r'(?<=src=")https?://[^"\s]+/gambar/([^"\s/]+)\.(surel|lanskap)\.jpg(?=")')
_WIDE: Final = "lanskap"


@lru_cache(maxsize=64)
def photo_at(url: str) -> bytes:
    """Return the JPEG for the address of a picture in a sample; its words choose what is drawn."""
    motif = next((motif for word, motif in _WORDS.items() if word in url), "anyaman")
    assert motif in MOTIFS
    number = sum(url.encode())
    picture = Image.open(io.BytesIO(draw(motif, url, Random(number), PALETTES[number % len(PALETTES)]).jpeg()))
    size = (1200, 630) if _WIDE in url else (600, 600)
    ground = Image.new("RGB", size, picture.getpixel((2, 2)))
    picture.thumbnail(size)
    ground.paste(picture, ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2))
    out = io.BytesIO()
    ground.save(out, "JPEG", quality=70)
    return out.getvalue()


def with_photos(html: str) -> str:
    """Return a sample mail that carries its photos itself: to look at, never to send."""

    def carried(match: re.Match[str]) -> str:
        return f"data:image/jpeg;base64,{b64encode(photo_at(match.group())).decode('ascii')}"

    return _PHOTO.sub(carried, html)
