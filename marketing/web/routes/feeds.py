"""The open feeds, made at each request from what may be promoted at that moment (TTS Ps. 7(1); Blitar Ps. 9(1))."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from marketing.bootstrap import App
from marketing.channels.website.payload import Feed, atom, json_feed, rss
from marketing.domain import site
from marketing.domain.product import Category
from marketing.errors import NotFoundError
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.i18n import gettext as _
from marketing.tenants.profile import profile_of
from marketing.web.building.feeds import PictureSize, feed_of, scope_title
from marketing.web.conditional import kept
from marketing.web.deps import RowNumber, TheApp
from marketing.web.queries.feeds import Scope, business_name, newest

router = APIRouter()
READ = ["GET", "HEAD"]
MOST = 100
OPEN: Final = {"Access-Control-Allow-Origin": "*"}
_FORMS: Final[Mapping[str, tuple[Callable[[Feed], bytes], str]]] = {
    "rss": (rss, "application/rss+xml; charset=utf-8"),
    "atom": (atom, "application/atom+xml; charset=utf-8"),
    "json": (json_feed, "application/feed+json; charset=utf-8"),
}


@router.api_route(site.home("{tenant_id}") + "/umpan.{form}", methods=READ)
def home_feed(tenant_id: str, form: str, request: Request, app: TheApp) -> Response:
    """Return the newest products of a Daerah."""
    return _feed(tenant_id, Scope(), form, request, app)


@router.api_route(site.home("{tenant_id}") + "/kategori/{category}/umpan.{form}", methods=READ)
def category_feed(tenant_id: str, category: str, form: str, request: Request, app: TheApp) -> Response:
    """Return the newest products of a category."""
    return _feed(tenant_id, Scope(category=category_of(category)), form, request, app)


@router.api_route(site.home("{tenant_id}") + "/usaha/{business_id}/umpan.{form}", methods=READ)
def business_feed(tenant_id: str, business_id: RowNumber, form: str, request: Request, app: TheApp) -> Response:
    """Return the newest products of a business."""
    return _feed(tenant_id, Scope(business_id=business_id), form, request, app)


@router.api_route("/{tenant_id}/umpan.{form}", methods=READ)
def old_address(tenant_id: str, form: str) -> Response:
    """Lead readers that subscribed before the gallery had its own part of the site to the feed that stands there now."""
    if form not in _FORMS:
        raise NotFoundError(_("Umpan ini tidak ada."))
    return RedirectResponse(site.feed(site.home(profile_of(tenant_id).id), form), HTTPStatus.PERMANENT_REDIRECT)


def category_of(name: str) -> Category:
    """Return the category that an address names; NotFoundError for any other word."""
    try:
        return Category(name)
    except ValueError:
        raise NotFoundError(_("Kategori ini tidak ada.")) from None


def picture_sizes(folder: Path) -> PictureSize:
    """Return what tells the size of our own copies in this folder, in bytes."""

    def size(sha256: str) -> int:
        try:
            return (folder / f"{sha256}.jpg").stat().st_size
        except OSError:
            return 0

    return size


def _feed(tenant_id: str, scope: Scope, form: str, request: Request, app: App) -> Response:
    if form not in _FORMS:
        raise NotFoundError(_("Umpan ini tidak ada."))
    written, media_type = _FORMS[form]
    profile, now = profile_of(tenant_id), app.clock()
    with app.database.read() as session:
        business = business_name(session, tenant_id, scope.business_id) if scope.business_id is not None else ""
        found = newest(session, profile, scope, MOST, now)
    with speaking(SOURCE_LANGUAGE):  # a feed has one language, whoever asks
        feed = feed_of(
            found.entries,
            profile,
            scope,
            title=scope_title(profile, scope, business),
            public_url=app.settings.public_url,
            picture_size=picture_sizes(app.settings.picture_dir),
            now=now,
        )
    return kept(request, written(feed), media_type, last_modified=found.changed, headers=OPEN)
