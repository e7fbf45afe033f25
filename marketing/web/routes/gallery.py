"""The public gallery. What may not be promoted now is not here: the gate is asked again for every product shown."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from marketing.domain import site
from marketing.domain.product import Category
from marketing.i18n import LANGUAGES
from marketing.i18n import gettext as _
from marketing.products.catalogue import load_business, load_offers
from marketing.tenants.profile import load_profiles, profile_of
from marketing.web.building import gallery_home, gallery_lists, gallery_product
from marketing.web.building.gallery import Scene
from marketing.web.building.gallery_lists import PAGE_SIZE, Asked
from marketing.web.conditional import kept
from marketing.web.deps import MAX_ROW, PageNumber, TheApp, Words
from marketing.web.queries import gallery as query
from marketing.web.queries import newsletters
from marketing.web.queries.gallery import Sort, Wanted
from marketing.web.render import page
from marketing.web.views.public import SiteNav
from marketing.web.views.shell import Shell, Tenant

router = APIRouter()
READ = ["GET", "HEAD"]
LANGUAGE_LASTS = 31_536_000  # a year, in seconds


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to, as its address says it; what nobody could have chosen counts as not said."""

    q: Words = ""
    kategori: Words = ""
    kecamatan: Words = ""
    urut: Words = ""
    halaman: PageNumber = 1

    def asked(self, *, category: str = "", business_row_id: int | None = None) -> Asked:
        """Return the list that is meant."""
        chosen = category or (self.kategori if self.kategori in set(Category) else "")
        sort = Sort(self.urut) if self.urut in set(Sort) else Sort.NEWEST
        if business_row_id is not None:
            return Asked(Wanted(business_row_id=business_row_id), self.halaman)
        return Asked(Wanted(self.q, chosen, self.kecamatan, sort), self.halaman, self.q)


TheFilters = Annotated[Filters, Depends()]


def get_scene(tenant_id: str, app: TheApp) -> Scene:
    """Return whose gallery is asked for, at this moment; NotFoundError for a Daerah that is not here."""
    return Scene(profile_of(tenant_id), app.settings.public_url, app.clock())


TheScene = Annotated[Scene, Depends(get_scene)]


@router.api_route(site.GALLERY, methods=READ)
def every_daerah(request: Request, app: TheApp) -> Response:
    """List the Daerah that show products here."""
    with app.database.read() as session:
        numbers = query.products_of_tenants(session)
    view = gallery_home.daerah_list(list(load_profiles().values()), numbers, app.settings.public_url)
    return _kept(request, page("publik_daerah.html", view, shell=Shell(tenant=None, csrf="")))


@router.api_route(site.home("{tenant_id}"), methods=READ)
def home(request: Request, app: TheApp, scene: TheScene) -> Response:
    """Show the front page of a Daerah."""
    profile = scene.profile
    with app.database.read() as session:
        found = query.totals(session, profile.id)
        newest = query.newest(session, profile.id, gallery_home.NEWEST)
        businesses = query.businesses(session, profile.id)
        turns = gallery_home.todays_turns(profile, scene.now, businesses)
        spotlight = query.spotlight(session, profile.id, turns, products=gallery_home.PICTURES)
        letters = newsletters.issues(session, profile.id, limit=gallery_home.LETTERS)
    return site_page(
        request,
        scene,
        "publik_beranda.html",
        gallery_home.home(scene, found, businesses, newest, spotlight, letters=letters),
        active="home",
    )


@router.api_route(site.search("{tenant_id}"), methods=READ)
def search(request: Request, app: TheApp, scene: TheScene, filters: TheFilters) -> Response:
    """List what fits the words and choices."""
    return _listing(request, app, scene, filters.asked())


@router.api_route(f"{site.home('{tenant_id}')}/kategori/{{name}}", methods=READ)
def category(request: Request, app: TheApp, scene: TheScene, filters: TheFilters, name: str) -> Response:
    """List one category."""
    if name not in set(Category):
        return lost(request, app, scene, _("Kategori ini tidak ada. Pilih kategori lain, atau cari produknya."))
    return _listing(request, app, scene, filters.asked(category=name))


@router.api_route(f"{site.home('{tenant_id}')}/produk/{{product_id}}", methods=READ)
def product(request: Request, app: TheApp, scene: TheScene, product_id: str) -> Response:
    """Show a product; one that is held or deleted is answered exactly like one that never was."""
    row_id, tenant = _row(product_id), scene.profile.id
    with app.database.read() as session:
        offer = load_offers(session, tenant, [row_id]).get(row_id)
        if offer is None or not offer.stands(scene.profile, scene.now):
            words = _("Produk ini tidak ada atau sedang tidak dipromosikan.")
            return lost(request, app, scene, words)
        same = query.find(
            session,
            tenant,
            Wanted(business_row_id=offer.business_row_id),
            now=scene.now,
            offset=0,
            limit=gallery_product.OTHERS * 2,
        )
    view = gallery_product.product(scene, offer, same.offers, same.total)
    return site_page(request, scene, "publik_produk.html", view)


@router.api_route(f"{site.home('{tenant_id}')}/usaha/{{business_id}}", methods=READ)
def business(request: Request, app: TheApp, scene: TheScene, filters: TheFilters, business_id: str) -> Response:
    """Show a business with its products; one without a product that may be promoted is not shown."""
    row_id, tenant = _row(business_id), scene.profile.id
    asked = filters.asked(business_row_id=row_id)
    with app.database.read() as session:
        entry = load_business(session, tenant, row_id)
        found = _found(session, scene, asked)
    view = gallery_lists.business(scene, entry, asked, found) if entry else None
    if view is None:
        words = _("Usaha ini tidak ada atau produknya sedang tidak dipromosikan.")
        return lost(request, app, scene, words)
    return site_page(request, scene, "publik_usaha.html", view)


@router.api_route(f"{site.home('{tenant_id}')}/promo/{{marker}}", methods=READ)
def promo(request: Request, app: TheApp, scene: TheScene, marker: str) -> Response:
    """Show one offer of the Dinas; products that lost their standing are gone from it at once."""
    with app.database.read() as session:
        found = query.published_promo(session, scene.profile.id, marker)
        offers = list(load_offers(session, scene.profile.id, found[0].product_ids).values()) if found else []
    if found is None:
        return lost(request, app, scene, _("Promosi ini tidak ada atau sudah ditarik."))
    view = gallery_lists.offer_page(scene, marker, *found, offers)
    return site_page(request, scene, "publik_promo.html", view)


@router.post(site.language("{tenant_id}"))
async def language(request: Request, scene: TheScene) -> Response:
    """Remember the language of a reader who has no session, so no token: only a form of this site may ask."""
    form = await request.form(max_files=0, max_fields=5)
    wanted, back = str(form.get("bahasa", "")), str(form.get("kembali", ""))
    fine = back.isprintable() and back.startswith(f"{site.GALLERY}/") and "\\" not in back
    answer = RedirectResponse(back if fine else scene.home, HTTPStatus.SEE_OTHER)
    if wanted in LANGUAGES and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin":
        answer.set_cookie("siar_bahasa", wanted, max_age=LANGUAGE_LASTS, samesite="lax", httponly=True)
    return answer


def _listing(request: Request, app: TheApp, scene: Scene, asked: Asked) -> Response:
    with app.database.read() as session:
        found = _found(session, scene, asked)
        all_of_it = query.totals(session, scene.profile.id)
    if not found.offers and asked.page > 1:
        return lost(request, app, scene, _("Daftar ini tidak sepanjang itu. Mulai lagi dari halaman pertama."))
    view = gallery_lists.listing(scene, asked, found, all_of_it)
    return site_page(request, scene, "publik_daftar.html", view, active="all")


def _found(session: Session, scene: Scene, asked: Asked) -> query.Found:
    return query.find(session, scene.profile.id, asked.wanted, now=scene.now, offset=asked.offset, limit=PAGE_SIZE)


def _row(text: str) -> int:
    """Return a row number as addresses carry it; whatever is none is the number of nothing."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ROW)) else 0
    return number if number <= MAX_ROW else 0


def lost(request: Request, app: TheApp, scene: Scene, text: str) -> Response:
    """Return the page for what is not shown (any more), with a way on."""
    with app.database.read() as session:
        newest = query.newest(session, scene.profile.id, gallery_product.OTHERS)
    body = _body(request, scene, "publik_hilang.html", gallery_home.lost(scene, text, newest))
    return HTMLResponse(body, HTTPStatus.NOT_FOUND)


def site_page(request: Request, scene: Scene, template: str, view: object, *, active: str = "") -> Response:
    """Return a page of the gallery; `active` is the entry of the menu that it belongs to."""
    return _kept(request, _body(request, scene, template, view, active=active))


def _kept(request: Request, body: str) -> Response:
    """Return a page that is the same for everybody who reads this language; a recalled product is gone within a minute."""
    return kept(request, body, "text/html; charset=utf-8", headers={"Vary": "Cookie"})


def _body(request: Request, scene: Scene, template: str, view: object, *, active: str = "") -> str:
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    nav = SiteNav(
        home_href=scene.home,
        all_href=site.search(scene.profile.id),
        search_action="" if active else site.search(scene.profile.id),
        language_action=site.language(scene.profile.id),
        path=address,
        active="home" if active == "home" else "all" if active == "all" else "",
    )
    return page(template, view, shell=Shell(tenant=Tenant.of(scene.profile), csrf=""), nav=nav)
