"""Pictures of mails by headless Chromium, where it is installed: never in a web request, for a picture takes a second.

Nothing is fetched from anywhere and nothing in the mail runs: its policy allows neither, and no name resolves.
"""

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from PIL import Image, ImageChops

from marketing.errors import MarketingError
from marketing.i18n import gettext as _
from marketing.sample.mail_photos import with_photos
from marketing.templates.looks import Look, as_seen

WIDTHS: Final = (600, 375)
LOOKS: Final = (Look.LIGHT, Look.DARK)
_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_TALLEST: Final = 6_000  # pixels; more than any of ours
_NARROWEST: Final = 520  # pixels; a window of Chromium is never narrower
_MARGIN: Final = 16
_LONGEST: Final = 60  # seconds for one picture
_PAGE: Final = (
    "<!doctype html><style>body{{margin:0;background:{ground}}}iframe{{border:0;display:block}}</style>"
    '<iframe src="mail.html" width="{width}" height="{height}"></iframe>'
)
_POLICY: Final = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"


class NoPictureError(MarketingError):
    """There is no Chromium, or it made no picture."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture, as PNG."""

    width: int
    look: Look
    png: bytes


@dataclass(frozen=True, slots=True)
class Screenshots:
    """Takes pictures; `kept` is a folder of those taken before, by what was on them."""

    program: str
    kept: Path | None = None

    @classmethod
    def found(cls, configured: str, kept: Path | None = None) -> Self:
        """Return the camera of this machine; NoPictureError says how to get one."""
        program = shutil.which(configured) if configured else next(filter(None, map(shutil.which, _PROGRAMS)), None)
        if program is None:
            said = _("Chromium tidak ditemukan. Pasang chromium, atau tulis tempatnya di SIAR_CHROMIUM.")
            raise NoPictureError(said)
        return cls(program, kept)

    def take(self, html: str) -> Iterator[Shot]:
        """Yield the mail at every width in every look; NoPictureError when Chromium makes none."""
        html = with_photos(html)
        for width in WIDTHS:
            for look in LOOKS:
                yield Shot(width, look, self._kept_or_taken(as_seen(html, look), width, look))

    def _kept_or_taken(self, html: str, width: int, look: Look) -> bytes:
        if self.kept is None:
            return self._taken(html, width, look)
        name = sha256(f"{width}|{look}|{html}".encode()).hexdigest()
        path = self.kept / f"{name}.png"
        if not path.is_file():
            self.kept.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(f".{os.getpid()}.tmp")
            fresh.write_bytes(self._taken(html, width, look))
            fresh.replace(path)
        return path.read_bytes()

    def _taken(self, html: str, width: int, look: Look) -> bytes:
        with tempfile.TemporaryDirectory(prefix="siar-surel-") as place:
            folder = Path(place)
            ground = "#131419" if look is Look.DARK else "#ffffff"
            folder.joinpath("mail.html").write_text(html.replace("<head>", f"<head>{_POLICY}", 1), "utf-8")
            page = folder / "page.html"
            page.write_text(_PAGE.format(width=width, height=_TALLEST, ground=ground), "utf-8")
            picture = folder / "picture.png"
            self._run(folder, page, picture, max(width, _NARROWEST))
            if not picture.is_file():
                raise NoPictureError(_("Chromium tidak menghasilkan gambar. Jalankan sendiri untuk melihat sebabnya."))
            return _cropped(picture, width)

    def _run(self, folder: Path, page: Path, picture: Path, width: int) -> None:
        command = [
            self.program,
            "--headless",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium refuses its own sandbox as root
            "--disable-gpu",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-extensions",
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={width},{_TALLEST}",
            f"--screenshot={picture}",
            page.as_uri(),
        ]
        try:
            subprocess.run(command, check=False, capture_output=True, timeout=_LONGEST)  # noqa: S603  the operator's own program
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoPictureError(
                _("Chromium tidak dapat dijalankan: {why}").format(why=type(error).__name__)
            ) from error


def _cropped(path: Path, width: int) -> bytes:
    """Return the picture without the empty ground below the mail."""
    with Image.open(path) as opened:
        whole = opened.convert("RGB").crop((0, 0, width, opened.height))
    ground = Image.new("RGB", whole.size, whole.getpixel((width // 2, whole.height - 1)))
    seen = ImageChops.difference(whole, ground).getbbox()
    height = min(whole.height, seen[3] + _MARGIN) if seen else whole.height
    out = io.BytesIO()
    whole.crop((0, 0, width, height)).save(out, "PNG", optimize=True)
    return out.getvalue()
