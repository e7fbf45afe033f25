"""Marketplaces: the page with files to upload, and the two feeds that shopping services fetch by themselves."""

import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from starlette.background import BackgroundTask

from marketing.bootstrap import App
from marketing.channels.marketplace import google_merchant, meta_catalog
from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.mass_upload.limits import Destination
from marketing.channels.marketplace.mass_upload.templates import TEMPLATES
from marketing.channels.marketplace.mass_upload.workbook import MEDIA_TYPE, write_workbook
from marketing.domain import site
from marketing.domain.product import Category
from marketing.domain.types import Role
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.products.listings import ListingMaker, Narrowed, version_of
from marketing.tenants.profile import TenantProfile, profile_of
from marketing.web.building import marketplace as building
from marketing.web.building.catalog import category_options
from marketing.web.conditional import holds
from marketing.web.deps import MAX_ROW, TheApp, Visitor, holding, limited
from marketing.web.office import show
from marketing.web.queries.marketplace import businesses_to_list, categories_to_list
from marketing.web.views.marketplace import MarketplaceView

router = APIRouter()
COUNTED: Final = 2_000  # products that the page looks at, about a second; the files take all
TheSeller = Annotated[Visitor, Depends(holding(Role.MARKETER, Role.MANAGING_TEAM))]
_feed_limit = Depends(limited("12/minute", "belanja"))


def narrowed_to(usaha: str = "", kategori: Annotated[str, Query(max_length=40)] = "") -> Narrowed:
    """Read the filter of the page; what nobody could have chosen narrows nothing."""
    row_id = int(usaha) if usaha.isascii() and usaha.isdigit() and len(usaha) < len(str(MAX_ROW)) else None
    return Narrowed(row_id, Category(kategori) if kategori in list(Category) else None)


TheNarrowed = Annotated[Narrowed, Depends(narrowed_to)]


@router.get(building.PAGE)
def marketplaces(request: Request, app: TheApp, visitor: TheSeller, narrowed: TheNarrowed) -> Response:
    """Show how many products fit each marketplace, and what would cure the rest."""
    profile = visitor.profile
    with app.database.read() as session:
        businesses = businesses_to_list(session, profile.id)
        categories = categories_to_list(session, profile.id)
    listings = islice(_listings(app, profile, narrowed), COUNTED + 1)
    tally = building.tally_of(islice(listings, COUNTED))
    view = MarketplaceView(
        page_href=building.PAGE,
        total=tally.total,
        capped=next(listings, None) is not None,
        businesses=building.business_options(businesses, narrowed.business_row_id),
        categories=category_options(categories, narrowed.category or ""),
        cards=building.cards_of(tally, narrowed),
        feeds=building.feeds_of(tally, app.settings.public_url, profile.id),
        filtered=narrowed != Narrowed(),
    )
    return show(request, app, visitor, "katalog_lokapasar.html", view, place="catalog")


@router.get(building.PAGE + "/{name}.xlsx")
def mass_upload(name: str, app: TheApp, visitor: TheSeller, narrowed: TheNarrowed) -> Response:
    """Return the file of one marketplace."""
    if name not in list(Destination):
        raise NotFoundError(_("Lokapasar ini tidak ada."))
    with tempfile.NamedTemporaryFile(prefix="siar-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        write_workbook(path, TEMPLATES[Destination(name)], _listings(app, visitor.profile, narrowed))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    today = f"{app.clock().astimezone(visitor.profile.tz):%Y-%m-%d}"
    return FileResponse(
        path,
        media_type=MEDIA_TYPE,
        filename=f"{name}-{visitor.profile.id}-{today}.xlsx",
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


@router.api_route(site.merchant_feed("{tenant_id}"), methods=["GET", "HEAD"], dependencies=[_feed_limit])
def merchant(tenant_id: str, request: Request, app: TheApp) -> Response:
    """Return the Google Merchant feed."""
    profile, now = profile_of(tenant_id), app.clock()

    def pieces() -> Iterator[str]:
        return google_merchant.feed(
            _listings(app, profile, Narrowed()),
            place=profile.short_name,
            office=profile.dinas,
            link=app.settings.public_url + site.home(profile.id),
            now=now,
        )

    return _streamed(request, app, profile, pieces, google_merchant.MEDIA_TYPE)


@router.api_route(site.meta_catalog("{tenant_id}"), methods=["GET", "HEAD"], dependencies=[_feed_limit])
def meta(tenant_id: str, request: Request, app: TheApp) -> Response:
    """Return the Meta catalogue."""
    profile, now = profile_of(tenant_id), app.clock()
    return _streamed(
        request,
        app,
        profile,
        lambda: meta_catalog.catalog(_listings(app, profile, Narrowed()), now),
        meta_catalog.MEDIA_TYPE,
    )


def _listings(app: App, profile: TenantProfile, narrowed: Narrowed) -> Iterator[Listing]:
    maker = ListingMaker(app.settings.public_url, app.settings.picture_dir)
    return maker.stream(app.database, profile, app.clock(), narrowed)


def _streamed(
    request: Request, app: App, profile: TenantProfile, pieces: Callable[[], Iterator[str]], media_type: str
) -> Response:
    with app.database.read() as session:
        etag = f'W/"{version_of(session, profile, app.clock())}"'
    headers = {"Cache-Control": "public, max-age=60", "ETag": etag, "X-Robots-Tag": "noindex"}
    if holds(request.headers.get("If-None-Match", ""), etag):
        return Response(status_code=304, headers=headers)
    if request.method == "HEAD":
        return Response(media_type=media_type, headers=headers)
    return StreamingResponse(pieces(), media_type=media_type, headers=headers)
