"""What search engines ask for first."""

from collections.abc import Iterable
from itertools import islice

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from marketing.domain import site
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.tenants.profile import load_profiles, profile_of
from marketing.web.building.sitemap import INDEX, MOST, ROBOTS, files_of, index, robots, urlset
from marketing.web.conditional import A_MINUTE, kept
from marketing.web.deps import RowNumber, TheApp
from marketing.web.queries.sitemap import Extent, Place, extents, places

router = APIRouter()
READ = ["GET", "HEAD"]
XML = "application/xml; charset=utf-8"


@router.api_route(ROBOTS, methods=READ)
def robots_txt(app: TheApp) -> Response:
    """Say what robots may fetch, and where the list of pages is."""
    return PlainTextResponse(robots(app.settings.public_url), headers={"Cache-Control": A_MINUTE})


@router.api_route(INDEX, methods=READ)
def every_sitemap(request: Request, app: TheApp) -> Response:
    """List the sitemaps of every Daerah that has something to show."""
    with app.database.read() as session:
        found = extents(session, load_profiles())
    return kept(request, index(found, app.settings.public_url), XML)


@router.api_route(site.home("{tenant_id}") + "/sitemap.xml", methods=READ)
def sitemap(tenant_id: str, request: Request, app: TheApp) -> Response:
    """List the pages of a Daerah, or its sitemaps when there are too many pages for one."""
    extent = _extent(app, tenant_id)
    if extent is not None and extent.pages > MOST:
        return kept(request, index([extent], app.settings.public_url), XML)
    return _stream(request, app, places(app.database, tenant_id))


@router.api_route(site.home("{tenant_id}") + "/sitemap-{number}.xml", methods=READ)
def sitemap_part(tenant_id: str, number: RowNumber, request: Request, app: TheApp) -> Response:
    """List one part of the pages of a large Daerah."""
    extent = _extent(app, tenant_id)
    if extent is None or site.sitemap_part(tenant_id, number) not in files_of(extent):
        raise NotFoundError(_("Bagian peta situs ini tidak ada."))
    return _stream(request, app, islice(places(app.database, tenant_id), (number - 1) * MOST, number * MOST))


def _extent(app: TheApp, tenant_id: str) -> Extent | None:
    profile_of(tenant_id)
    with app.database.read() as session:
        return next(iter(extents(session, [tenant_id])), None)


def _stream(request: Request, app: TheApp, found: Iterable[Place]) -> Response:
    headers = {"Cache-Control": A_MINUTE}
    if request.method == "HEAD":
        return Response(media_type=XML, headers=headers)
    return StreamingResponse(urlset(found, app.settings.public_url), media_type=XML, headers=headers)
