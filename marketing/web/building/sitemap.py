"""The list of public pages as sitemaps.org 0.9 writes it, and what robots are asked to leave alone; pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Final
from xml.sax.saxutils import escape

from marketing.domain import site
from marketing.domain.links import LinkPurpose
from marketing.web import paths
from marketing.web.queries.sitemap import Extent, Place

MOST: Final = 50_000  # addresses in one file (sitemaps.org protocol, 0.9)
ROBOTS: Final = "/robots.txt"
INDEX: Final = "/sitemap.xml"
_CHUNK: Final = 1_000
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PRIVATE: Final = (
    *(paths.HOME, paths.CATALOG, paths.CAMPAIGNS, paths.OUTBOX, paths.LOGIN, paths.LOGOUT, paths.LANGUAGE),
    *(f"/{purpose}/" for purpose in LinkPurpose if purpose is not LinkPurpose.REFERENCE),
    f"{site.GALLERY}/*/cari?",  # endless combinations of words; every product stands in the sitemap
)


def urlset(places: Iterable[Place], public_url: str) -> Iterator[str]:
    """Yield a sitemap, a thousand addresses at a time."""
    yield f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n'
    rest = iter(places)
    while chunk := list(islice(rest, _CHUNK)):
        yield "".join(_entry("url", public_url + place.path, place.changed) for place in chunk)
    yield "</urlset>\n"


def index(extents: Iterable[Extent], public_url: str) -> str:
    """Return the list of sitemaps; a Daerah with more addresses than one file may hold has several."""
    lines = [_entry("sitemap", public_url + path, extent.changed) for extent in extents for path in files_of(extent)]
    return f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{"".join(lines)}</sitemapindex>\n'


def files_of(extent: Extent) -> list[str]:
    """Return the paths of the sitemaps of a Daerah: an index may not name another index, so parts are named one by one."""
    if extent.pages <= MOST:
        return [site.sitemap(extent.tenant_id)]
    return [site.sitemap_part(extent.tenant_id, number) for number in range(1, -(-extent.pages // MOST) + 1)]


def robots(public_url: str) -> str:
    """Return what robots may fetch (RFC 9309): the gallery, its pictures and feeds; never an office page or a tracking link."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _PRIVATE), f"Allow: {site.GALLERY}"]
    return "\n".join([*lines, "", f"Sitemap: {public_url}{INDEX}", ""])


def _entry(tag: str, address: str, changed: datetime | None) -> str:
    lastmod = f"<lastmod>{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""
    return f"<{tag}><loc>{escape(address)}</loc>{lastmod}</{tag}>\n"
