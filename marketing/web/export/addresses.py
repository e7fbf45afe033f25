"""Where an address of the site stands among exported files, and how one file points to another; pure.

A page becomes a folder with `index.html`, so that its public address stays the same but for a slash. Links name `index.html`
because a folder opened without a server shows only a list of names.
"""

import hashlib
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from marketing.domain import site
from marketing.web import paths

INDEX: Final = "index.html"
# What a page of the gallery is told beside its path. All else (a campaign's marks, the version of a style sheet) names the same page.
TOLD: Final = ("kategori", "usaha", "jumlah", "kecamatan", "urut", "halaman")
_FILE = re.compile(r"\.(rss|atom|json|xml|csv|txt|css|mjs|js|svg|jpg|jpeg|png|webp|ico)$")
_BRANDS: Final = paths.brand_css("").removesuffix(".css")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


@dataclass(frozen=True, slots=True)
class Extent:
    """What is exported: these Daerah, seen from outside under `base_url`; `every` when the list of Daerah is part of it."""

    base_url: str
    tenants: Sequence[str]
    every: bool
    _known: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)

    def covers(self, path: str) -> bool:
        """Return whether an address (a path) is part of the export."""
        if path.startswith(("/static/", "/gambar/")):
            return True
        if path == site.GALLERY:
            return self.every
        for tenant in self.tenants:
            home = site.home(tenant)
            if path in {paths.brand_css(tenant), home}:
                return True
            if path.startswith(f"{home}/"):
                return path not in (site.oembed(tenant), site.language(tenant))
        return False

    def told(self, address: str, page: str = "/") -> str | None:
        """Return the one name of the thing that an address found on `page` means; None when it is not part of the export.

        `/galeri/tts?utm_source=x#atas` is `/galeri/tts`; `/galeri/tts/cari?halaman=2&urut=nama` keeps both, in one order.
        """
        if not address.startswith(("/", self.base_url)):
            return self._told(address, page)
        if address not in self._known:  # the same on every page
            self._known[address] = self._told(address, page)
        return self._known[address]

    def is_ours(self, address: str, page: str = "/") -> bool:
        """Return whether an address leads to this installation, part of the export or not."""
        return self._inside(address, page) is not None

    def _told(self, address: str, page: str) -> str | None:
        parts = self._inside(address, page)
        if parts is None or not self.covers(parts.path):
            return None
        query = sorted((key, value) for key, value in parse_qsl(parts.query) if key in TOLD and value)
        return parts.path + (f"?{urlencode(query)}" if query else "")

    def _inside(self, address: str, page: str) -> SplitResult | None:
        if address.startswith(f"{self.base_url}/") or address == self.base_url:
            address = address.removeprefix(self.base_url) or "/"
        try:
            parts = urlsplit(urljoin(page, address))
        except ValueError:
            return None
        if parts.scheme or parts.netloc or not parts.path.startswith("/"):
            return None
        path = parts.path.rstrip("/") or "/"
        return parts._replace(path=path)


@lru_cache(maxsize=100_000)
def file_of(told: str) -> str:
    """Return the file, relative to the export, in which a thing stands: `galeri/tts/cari/halaman-2/index.html`."""
    parts = urlsplit(told)
    if parts.path.startswith(_BRANDS):
        # A url() in a custom property is read from the sheet that uses it: both sheets must stand in one folder.
        return f"static/css/merek-{_segment(parts.path.removeprefix(_BRANDS))}"
    segments = [_segment(unquote(segment)) for segment in parts.path.split("/") if segment]
    marks = [_segment(f"{key}-{value}") for key, value in parse_qsl(parts.query)]
    if segments and _FILE.search(segments[-1]):
        stem, dot, ending = segments[-1].rpartition(".")
        return "/".join([*segments[:-1], ".".join(["_".join([stem, *marks]), ending]) if dot else segments[-1]])
    return "/".join([*segments, *marks, INDEX])


def relative(told: str, source: str, address: str = "") -> str:
    """Return how the file `source` points to a thing; what else the address says (marks of a campaign, a fragment) stays."""
    path = quote(posixpath.relpath(file_of(told), posixpath.dirname(source) or "."))
    return path + _rest(address)


def absolute(told: str, base_url: str, address: str = "") -> str:
    """Return the public address of an exported thing; a page is addressed as its folder."""
    path = quote(file_of(told))
    return f"{base_url}/{path.removesuffix(INDEX)}" + _rest(address)


def _rest(address: str) -> str:
    """Return the query without what became part of the file's name, and the fragment."""
    parts = urlsplit(address)
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in TOLD]
    query = f"?{urlencode(kept)}" if kept else ""
    return query + (f"#{parts.fragment}" if parts.fragment else "")


def _segment(text: str) -> str:
    """Return a name that every file system and every web server takes; unusual ones get a mark so that none meet."""
    if _PLAIN.fullmatch(text):
        return text
    tame = re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")[:40] or "x"
    return f"{tame}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
