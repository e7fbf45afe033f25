"""Ask our own application for every page of the gallery and write the answers as files; no second way of making pages."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx

from marketing.bootstrap import App
from marketing.domain import site
from marketing.errors import MarketingError
from marketing.i18n import gettext as _
from marketing.tenants.profile import load_profiles
from marketing.web.app import create_app
from marketing.web.building.sitemap import INDEX as SITEMAP
from marketing.web.building.sitemap import ROBOTS, index, robots
from marketing.web.export.addresses import INDEX, Extent, file_of
from marketing.web.export.folder import whole
from marketing.web.export.rewriting import Rewriter, leading_page
from marketing.web.queries.sitemap import extents, places

_TOLD_EVERY: Final = 100  # pages between two words to the person who waits
_HEADERS: Final = {"Accept-Encoding": "identity", "User-Agent": "Siar-ekspor/1"}


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote; `pages` are HTML, `files` everything, `bytes` their sizes together."""

    pages: int
    files: int
    bytes: int
    seconds: float


Progress = Callable[[int], None]


def export(app: App, out: Path, tenants: list[str], progress: Progress = lambda _pages: None) -> Exported:
    """Write the galleries of these Daerah to `out`; addresses seen from outside begin with the app's public address.

    The old export stays untouched until the new one is whole. MarketingError when a page cannot be made, StorageError when
    the disk refuses, InvalidInputError when `out` holds something else.
    """
    extent = Extent(app.settings.public_url, tenants, every=len(tenants) == len(load_profiles()))
    note = {"made_by": "siar website export", "base_url": extent.base_url, "tenants": list(tenants)}
    began = time.monotonic()
    with whole(out, note) as folder:
        round_ = _Round(app, extent, folder, progress)
        with ThreadPoolExecutor(1) as own:  # a loop of its own, also where the caller's thread already runs one
            own.submit(lambda: asyncio.run(round_.walk())).result()
        round_.front_door()
    return Exported(round_.pages, len(round_.sizes), sum(round_.sizes.values()), round(time.monotonic() - began, 3))


@dataclass(slots=True)
class _Round:
    """One walk through the galleries: what is still to be asked for, what was, and what led where."""

    app: App
    extent: Extent
    folder: Path
    progress: Progress
    pages: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    waiting: deque[str] = field(default_factory=deque)
    met: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    led_from: dict[str, list[str]] = field(default_factory=dict)

    async def walk(self) -> None:
        """Ask for everything that something leads to, beginning with the front pages."""
        for told in self._beginnings():
            self._meet(told)
        transport = httpx.ASGITransport(app=create_app(self.app))
        async with httpx.AsyncClient(transport=transport, base_url="http://ekspor", headers=_HEADERS) as client:
            while self.waiting or self.stale:
                if not self.waiting:  # what leads to something that is gone is asked for once more, all together
                    self.waiting.extend(self.stale - self.gone)
                    self.stale.clear()
                told = self.waiting.popleft()
                self._keep(told, await client.get(told))

    def front_door(self) -> None:
        """Write what stands at the root: where to begin, and what search engines ask for."""
        with self.app.database.read() as session:
            found = extents(session, self.extent.tenants)
        rewriter = Rewriter(self.extent, self.gone)
        start = site.GALLERY if self.extent.every else site.home(self.extent.tenants[0])
        roots = {
            SITEMAP: rewriter.outside(index(found, self.extent.base_url)).content,
            ROBOTS: robots(self.extent.base_url).encode(),
            f"/{INDEX}": leading_page(_("Galeri UMKM"), file_of(start)),
        }
        for path, content in roots.items():
            self._write(path.removeprefix("/"), content)

    def _beginnings(self) -> Iterator[str]:
        if self.extent.every:
            yield site.GALLERY
        for tenant in self.extent.tenants:
            yield from (site.home(tenant), site.search(tenant), site.embed(tenant), site.sitemap(tenant))
            yield from (site.feed(site.home(tenant), form) for form in site.FEED_FORMS)
            yield from (site.widget(tenant), site.widget(tenant, "json"))
            yield from (site.merchant_feed(tenant), site.meta_catalog(tenant))
            for place in places(self.app.database, tenant):
                yield place.path
                if place.path.startswith(site.category(tenant, "")):
                    name = place.path.rpartition("/")[2]
                    yield from (site.feed(place.path, form) for form in site.FEED_FORMS)
                    yield f"{site.widget(tenant)}?kategori={name}"

    def _meet(self, told: str) -> None:
        if told not in self.met:
            self.met.add(told)
            self.waiting.append(told)

    def _keep(self, told: str, answer: httpx.Response) -> None:
        if answer.status_code == HTTPStatus.NOT_FOUND:
            self._lose(told)
            return
        if answer.status_code != HTTPStatus.OK:
            raise MarketingError(
                _("Halaman {path} tidak dapat dibuat ({status}). Ekspor lama tetap ada.").format(
                    path=told, status=answer.status_code
                )
            )
        media_type = answer.headers["content-type"]
        made = Rewriter(self.extent, self.gone).rewrite(told, media_type, answer.content)
        again = file_of(told) in self.sizes
        for other in set(made.leads_to):
            if not again:
                self.led_from.setdefault(other, []).append(told)
            self._meet(other)
        first = self._write(file_of(told), made.content)
        if first and media_type.startswith("text/html"):
            self.pages += 1
            if self.pages % _TOLD_EVERY == 0:
                self.progress(self.pages)

    def _lose(self, told: str) -> None:
        """Take out what was recalled while we walked, and make the pages that lead to it once more without it."""
        self.gone.add(told)
        file = file_of(told)
        if self.sizes.pop(file, None) is not None:
            (self.folder / file).unlink()
            self.pages -= file.endswith(INDEX)
        self.stale.update(self.led_from.pop(told, ()))

    def _write(self, file: str, content: bytes) -> bool:
        """Write a file and return whether it is the first of its name."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        first = file not in self.sizes
        self.sizes[file] = len(content)
        return first
