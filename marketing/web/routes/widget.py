"""The frame for other people's pages, its data, what editors ask for a pasted address, and the page that explains it."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from marketing.bootstrap import App
from marketing.channels.website.feed import FeedItem
from marketing.domain import site
from marketing.domain.product import Category
from marketing.errors import NotFoundError
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.i18n import gettext as _
from marketing.web.building import widget as building
from marketing.web.building.feeds import items_of, scope_title
from marketing.web.building.gallery import Scene
from marketing.web.conditional import kept
from marketing.web.deps import MAX_ROW, TheApp
from marketing.web.queries.feeds import Entry, Scope, business_name, newest
from marketing.web.queries.marketplace import businesses_to_list, categories_to_list
from marketing.web.render import fragment, page
from marketing.web.routes.feeds import OPEN, READ, picture_sizes
from marketing.web.routes.gallery import TheScene
from marketing.web.views.public import SiteNav
from marketing.web.views.shell import Shell, Tenant

router = APIRouter()
HTML: Final = "text/html; charset=utf-8"
# The one page that others may frame: it runs nothing, sends nothing and holds no session.
FRAMED: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *",
    "X-Robots-Tag": "noindex",
}
_PAGE = re.compile(rf"{site.GALLERY}/(?P<tenant>[^/]+)(?:/(?P<kind>kategori|usaha|produk)/(?P<name>[^/]+))?/?")
_LEAST, _USUAL_SIZE = 200, (720, 700)  # pixels


@dataclass(frozen=True, slots=True)
class Asked:
    """What a frame is to show, as its address says it."""

    kategori: Annotated[str, Query(max_length=40)] = ""
    usaha: Annotated[str, Query(max_length=20)] = ""
    jumlah: Annotated[str, Query(max_length=5)] = ""

    @property
    def number(self) -> int:
        """How many products; what cannot be read is the usual number."""
        usable = self.jumlah.isascii() and self.jumlah.isdigit() and int(self.jumlah) > 0
        return min(int(self.jumlah), building.MOST) if usable else building.USUAL

    @property
    def scope(self) -> Scope:
        """Which products; NotFoundError for a category or number that cannot be."""
        if self.kategori and self.kategori not in set(Category):
            raise NotFoundError(_("Kategori ini tidak ada."))
        return Scope(Category(self.kategori) if self.kategori else None, _row(self.usaha) if self.usaha else None)


TheAsked = Annotated[Asked, Depends()]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a frame shows."""

    title: str
    items: list[tuple[Entry, FeedItem]]


@router.api_route(site.widget("{tenant_id}"), methods=READ)
def widget(request: Request, app: TheApp, scene: TheScene, asked: TheAsked) -> Response:
    """Return the frame; on the page of a business that is not promoted any more it says so, and is still a frame."""
    with speaking(SOURCE_LANGUAGE):  # the page around it is somebody else's, and so are its cookies
        try:
            scope, status = asked.scope, HTTPStatus.OK
            shown = _shown(app, scene, scope, asked.number)
        except NotFoundError:
            scope, status = Scope(), HTTPStatus.NOT_FOUND
            shown = Shown(scope_title(scene.profile, scope, ""), [])
        items = (item for _entry, item in shown.items)
        view = building.frame(items, scene.profile, scope, title=shown.title, public_url=scene.public_url)
        body = fragment("widget.html", view)
    if status is HTTPStatus.NOT_FOUND:
        return Response(body, status, FRAMED, HTML)
    return kept(request, body, HTML, headers=FRAMED)


@router.api_route(site.widget("{tenant_id}", "json"), methods=READ)
def widget_data(request: Request, app: TheApp, scene: TheScene, asked: TheAsked) -> Response:
    """Return the products of the frame as JSON, readable from any site."""
    try:
        scope = asked.scope
        with speaking(SOURCE_LANGUAGE):
            shown = _shown(app, scene, scope, asked.number)
            body = building.data(
                shown.items,
                scene.profile,
                scope,
                title=shown.title,
                public_url=scene.public_url,
                number=asked.number,
            )
    except NotFoundError as error:
        return JSONResponse({"error": str(error)}, HTTPStatus.NOT_FOUND, OPEN)
    return kept(request, body, "application/json; charset=utf-8", headers=OPEN)


@dataclass(frozen=True, slots=True)
class Pasted:
    """An address that somebody pasted into an editor, and the room there is for it in pixels."""

    url: Annotated[str, Query(max_length=2000)]
    maxwidth: Annotated[int, Query(ge=1, le=100_000)] = _USUAL_SIZE[0]
    maxheight: Annotated[int, Query(ge=1, le=100_000)] = _USUAL_SIZE[1]
    format: Annotated[str, Query(max_length=10)] = "json"


@router.api_route(site.oembed("{tenant_id}"), methods=READ)
def oembed(app: TheApp, scene: TheScene, pasted: Annotated[Pasted, Depends()]) -> Response:
    """Return how a page of this gallery is embedded (oembed.com): as the frame of its Daerah, category or business."""
    if pasted.format != "json":
        return JSONResponse({"error": "json"}, HTTPStatus.NOT_IMPLEMENTED, OPEN)  # 2.3.2: 501 for another format
    scope = _scope_of(pasted.url, scene)
    if scope is None or min(pasted.maxwidth, pasted.maxheight) < _LEAST:
        return JSONResponse({"error": _("Alamat ini bukan halaman galeri.")}, HTTPStatus.NOT_FOUND, OPEN)
    with speaking(SOURCE_LANGUAGE):
        shown = _shown(app, scene, scope, building.USUAL)
        size = (min(pasted.maxwidth, _USUAL_SIZE[0]), min(pasted.maxheight, _USUAL_SIZE[1]))
        address = scene.absolute(building.address(scene.profile, scope, building.USUAL))
        answer = building.oembed(scene.profile, address, shown.title, size, scene.public_url)
    return JSONResponse(answer, headers={**OPEN, "Cache-Control": "public, max-age=60"})


@router.api_route(site.embed("{tenant_id}"), methods=READ)
def embed(request: Request, app: TheApp, scene: TheScene, asked: TheAsked) -> Response:
    """Explain how another site shows the products, with a snippet to copy and the frame itself."""
    profile, scope = scene.profile, asked.scope
    with app.database.read() as session:
        name = business_name(session, profile.id, scope.business_id) if scope.business_id is not None else ""
        businesses = businesses_to_list(session, profile.id)
        categories = categories_to_list(session, profile.id)
    view = building.embed(
        scene,
        scope,
        asked.number,
        title=scope_title(profile, scope, name),
        categories=categories,
        businesses=businesses,
    )
    nav = SiteNav(
        home_href=scene.home,
        all_href=site.search(profile.id),
        language_action=site.language(profile.id),
        path=request.url.path,
    )
    body = page("pasang.html", view, shell=Shell(tenant=Tenant.of(profile), csrf=""), nav=nav)
    return kept(request, body, HTML, headers={"Vary": "Cookie"})


def _shown(app: App, scene: Scene, scope: Scope, number: int) -> Shown:
    profile = scene.profile
    with app.database.read() as session:
        name = business_name(session, profile.id, scope.business_id) if scope.business_id is not None else ""
        found = newest(session, profile, scope, number, scene.now)
    sizes = picture_sizes(app.settings.picture_dir)
    items = list(items_of(found.entries, profile, scene.public_url, sizes, scene.now))
    return Shown(scope_title(profile, scope, name), items)


def _scope_of(url: str, scene: Scene) -> Scope | None:
    """Return what a page of this gallery shows; None for any other address."""
    base, parts = urlsplit(scene.public_url), urlsplit(url)
    path = parts.path.removeprefix(base.path)
    found = _PAGE.fullmatch(path) if parts.netloc == base.netloc else None
    if found is None or found["tenant"] != scene.profile.id:
        return None
    if found["kind"] == "kategori":
        name = unquote(found["name"])
        return Scope(category=Category(name)) if name in set(Category) else None
    return Scope(business_id=_row(found["name"])) if found["kind"] == "usaha" else Scope()


def _row(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < number <= MAX_ROW:
        raise NotFoundError(_("Usaha ini tidak ada atau sedang tidak dipromosikan."))
    return number
