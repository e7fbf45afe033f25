"""Our own copies of product pictures: fetched through the guard, decoded, stripped of everything but pixels, written anew.

A picture from outside may carry a position (EXIF), a script (SVG) or a bomb (few bytes, many pixels). What we show and
send is only ever a JPEG that we wrote ourselves, named by its own hash.
"""

import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from marketing.channels.errors import ChannelError, TemporaryError
from marketing.channels.http import fetch
from marketing.i18n import gettext as _
from marketing.later import later
from marketing.products.picture_variants import write_once

if TYPE_CHECKING:
    from PIL import Image, ImageOps
else:
    Image = later("PIL.Image")
    ImageOps = later("PIL.ImageOps")

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
MAX_BYTES: Final = 5 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
LONG_SIDE: Final = 1_200
QUALITY: Final = 82
SECONDS: Final = 10.0
THREADS: Final = 6
HOST_PATIENCE: Final = 4


class PictureError(Exception):
    """There is no copy of this picture; the text says why, for people."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Our copy of one picture, or the reason why there is none."""

    url: str
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    error: str | None = None


class PictureStore:
    """A folder of `<sha256>.jpg`, shared by all tenants: the same pixels are the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where the copy of this hash lies."""
        return self.folder / f"{sha256}.jpg"

    def take(self, urls: Iterable[str], *, hosts: frozenset[str], source_folder: Path | None) -> Iterator[Copy]:
        """Fetch and copy pictures, a few at a time, in the order given; a bad one costs only itself.

        `hosts` may lie in a private network (the catalogue's own server); relative paths are read from `source_folder`.
        A server that stays silent is not asked again in this round.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        silent = _SilentHosts()

        def one(url: str) -> Copy:
            try:
                return self._store(url, _load(url, hosts, source_folder, silent))
            except PictureError as error:
                return Copy(url, error=str(error))

        with ThreadPoolExecutor(THREADS, thread_name_prefix="gambar") as pool:
            yield from pool.map(one, dict.fromkeys(urls))

    def _store(self, url: str, body: bytes) -> Copy:
        data, width, height = re_encode(body)
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            write_once(self.path(sha256), data)
        except OSError as error:
            raise PictureError(_("Foto tidak dapat disimpan ({reason}).").format(reason=error.strerror)) from error
        return Copy(url, sha256, width, height)


def re_encode(body: bytes) -> tuple[bytes, int, int]:
    """Return the picture as our JPEG with its size; PictureError when it is none, or one that should not be opened."""
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as opened:
            _refuse_giant(opened)
            opened.draft("RGB", (LONG_SIDE, LONG_SIDE))  # lets the JPEG decoder skip detail that would be thrown away
            picture = _upright_rgb(opened)
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _giant() from error
    except Exception as error:  # decoders raise almost anything on bytes made to hurt them
        raise PictureError(_("Berkas bukan foto JPEG, PNG, WebP atau GIF yang utuh.")) from error
    picture.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue(), picture.width, picture.height


def _refuse_giant(opened: "Image.Image") -> None:
    """Refuse by the size the header tells, before a single pixel is decoded."""
    if opened.width * opened.height > MAX_PIXELS:
        raise _giant()


def _giant() -> PictureError:
    return PictureError(_("Foto lebih besar dari {limit} megapiksel.").format(limit=MAX_PIXELS // 1_000_000))


def _upright_rgb(opened: "Image.Image") -> "Image.Image":
    """Return the pixels alone, turned the way the camera was held, transparency on white."""
    turned = _eight_bits(ImageOps.exif_transpose(opened))
    if turned.has_transparency_data:
        turned = turned.convert("RGBA")
        white = Image.new("RGB", turned.size, "white")
        white.paste(turned, mask=turned.getchannel("A"))
        return white
    plain = Image.new("RGB", turned.size)
    plain.paste(turned.convert("RGB"))
    return plain


def _eight_bits(picture: "Image.Image") -> "Image.Image":
    """Return 16-bit greys in 8 bits; Pillow's conversion alone burns everything above 255 white."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    return picture


class _SilentHosts:
    """Counts servers that did not answer, so that one dead host with 300 pictures costs seconds and not an hour."""

    def __init__(self) -> None:
        self._failures: Counter[str] = Counter()
        self._lock = Lock()

    def check(self, host: str) -> None:
        if self._failures[host] >= HOST_PATIENCE:
            raise PictureError(_("Server foto tidak menjawab; dicoba lagi pada pengambilan berikutnya."))

    def failed(self, host: str) -> None:
        with self._lock:
            self._failures[host] += 1


def _load(url: str, hosts: frozenset[str], source_folder: Path | None, silent: _SilentHosts) -> bytes:
    if not url.lower().startswith(("http://", "https://")):
        return _read(url, source_folder)
    host = url.split("/", 3)[2]
    silent.check(host)
    try:
        return fetch(url, allow_hosts=hosts, max_bytes=MAX_BYTES, timeout=SECONDS)
    except TemporaryError as error:
        silent.failed(host)
        raise PictureError(str(error)) from error
    except ChannelError as error:
        raise PictureError(str(error)) from error


def _read(url: str, source_folder: Path | None) -> bytes:
    """Read a picture beside a catalogue that lies in files; nothing outside its folder, whatever links lead there."""
    if source_folder is None or ":" in url or "\x00" in url:
        raise PictureError(_("Alamat foto harus http atau https."))
    root = source_folder.resolve()
    try:
        path = (root / unquote(urlsplit(url).path).lstrip("/")).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise PictureError(_("Foto tidak ada di folder katalog."))
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise PictureError(_("Foto tidak dapat dibaca dari folder katalog.")) from error
    if len(body) > MAX_BYTES:
        raise PictureError(_("Berkas foto lebih besar dari {limit} MB.").format(limit=MAX_BYTES // 1024 // 1024))
    return body
