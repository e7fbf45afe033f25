"""The public archive of the newsletter: only what was sent, never what names a recipient, products asked again at each view."""

from fastapi import APIRouter, Request, Response

from marketing.channels.website.issue_feed import issue_rss
from marketing.domain import site
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.i18n import gettext as _
from marketing.products.catalogue import load_offers
from marketing.web.building import newsletters as building
from marketing.web.conditional import kept
from marketing.web.deps import PageNumber, TheApp
from marketing.web.queries import newsletters as queries
from marketing.web.queries.feeds import BEGINNING
from marketing.web.routes.gallery import TheScene, lost, site_page

router = APIRouter()
READ = ["GET", "HEAD"]
OPEN = {"Access-Control-Allow-Origin": "*"}
IN_FEED = 50
"""How many issues the feed holds: some years of them."""


@router.api_route(site.newsletters("{tenant_id}"), methods=READ)
def archive(request: Request, app: TheApp, scene: TheScene, halaman: PageNumber = 1) -> Response:
    """List the issues, newest first."""
    tenant_id, size = scene.profile.id, building.PAGE_SIZE
    with app.database.read() as session:
        total = queries.count(session, tenant_id)
        found = queries.issues(session, tenant_id, offset=(halaman - 1) * size, limit=size)
    if not found and halaman > 1:
        return lost(request, app, scene, _("Arsipnya tidak sepanjang itu. Mulai lagi dari halaman pertama."))
    return site_page(request, scene, "publik_buletin.html", building.archive(scene, found, total, halaman))


@router.api_route(site.newsletters("{tenant_id}") + "/umpan.rss", methods=READ)
def feed(request: Request, app: TheApp, scene: TheScene) -> Response:
    """Return the newest issues as RSS."""
    with app.database.read() as session:
        found = queries.issues(session, scene.profile.id, limit=IN_FEED)
    with speaking(SOURCE_LANGUAGE):
        written = issue_rss(building.issue_feed(scene, found, BEGINNING))
    # No Last-Modified: an issue that was withdrawn must not stay with a reader that asks by date alone.
    return kept(request, written, "application/rss+xml; charset=utf-8", headers=OPEN)


@router.api_route(f"{site.newsletters('{tenant_id}')}/{{slug}}", methods=READ)
def issue(request: Request, app: TheApp, scene: TheScene, slug: str) -> Response:
    """Show one issue; one that was withdrawn is answered exactly like one that never was."""
    with app.database.read() as session:
        found = queries.issue(session, scene.profile.id, slug)
        offers = load_offers(session, scene.profile.id, found.content.product_ids) if found else {}
    if found is None:
        return lost(request, app, scene, _("Edisi ini tidak ada atau sudah ditarik."))
    return site_page(request, scene, "publik_buletin_edisi.html", building.issue_page(scene, found, offers))
