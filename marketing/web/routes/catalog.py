"""The catalogue: what may be promoted, what may not and why, and pulling it anew."""

from datetime import timedelta
from typing import cast

from fastapi import APIRouter, Request, Response

from marketing.accounts.audit import write_audit
from marketing.domain.types import Role
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.products.catalogue import load_offers
from marketing.queue import TaskName
from marketing.web import paths
from marketing.web.building import catalog as building
from marketing.web.building.words import Address, pager_of
from marketing.web.deps import TheApp, TheFilters, TheForm, TheKeeper, TheStaff
from marketing.web.office import back_to, show
from marketing.web.queries import catalog as queries
from marketing.web.views.catalog import CatalogView, TabName
from marketing.web.views.parts import Pager

router = APIRouter()
HELD_SIZE, READY_SIZE = 10, 24
HELD_FIRST = 5  # beside the ready ones; the tab of the held has all
LATELY = timedelta(days=90)
KEEPERS = (Role.MARKETER, Role.MANAGING_TEAM, Role.OPERATOR)


@router.get(paths.CATALOG)
def catalog(request: Request, app: TheApp, visitor: TheStaff, asked: TheFilters) -> Response:
    """Show the catalogue; every held product says why, and what cures it."""
    profile, now = visitor.profile, app.clock()
    keeps = any(visitor.has(role) for role in KEEPERS)
    q, kategori, alasan, halaman = asked.q, asked.kategori, asked.alasan, asked.halaman
    tab = asked.tab if asked.tab == building.READY or asked.tab in building.CONDITIONS else building.ALL
    with app.database.read() as session:
        counts = queries.catalog_counts(session, profile.id)
        found = queries.categories(session, profile.id)
        if kategori not in found:
            kategori = ""
        sync = queries.last_sync(session, profile.id)
        aside = queries.set_aside_of(session, profile.id, sync.id) if sync else ()
        narrowed = (
            queries.not_ready(session, profile.id, building.CONDITIONS[tab], words=q, category=kategori)
            if tab in building.CONDITIONS
            else []
        )
        shown, ready_total = (
            queries.least_shown_first(
                session,
                profile.id,
                now - LATELY,
                words=q,
                category=kategori,
                offset=(halaman - 1) * READY_SIZE,
                limit=READY_SIZE,
            )
            if tab in (building.ALL, building.READY)
            else ((), 0)
        )
        offers = load_offers(session, profile.id, [one.id for one in shown])
    held = building.with_reason(narrowed, alasan)
    both = tab == building.ALL
    held_page = held[:HELD_FIRST] if both else held[(halaman - 1) * HELD_SIZE : halaman * HELD_SIZE]
    address = Address(paths.CATALOG, q=q, tab="" if tab == building.ALL else tab, kategori=kategori, alasan=alasan)
    view = CatalogView(
        summary=building.summary_of(counts, sync, profile),
        tabs=building.tabs_of(counts, tab),
        tab=cast("TabName", tab),
        query=q,
        categories=building.category_options(found, kategori),
        reasons=building.reason_options(narrowed, alasan, profile),
        held=tuple(building.held_of(one, profile) for one in held_page),
        held_pager=Pager(len(held_page), len(held))
        if both
        else pager_of(halaman, HELD_SIZE, len(held_page), len(held), address),
        ready=tuple(building.ready_of(one, offers[one.id], profile, now) for one in shown if one.id in offers),
        ready_pager=pager_of(halaman, READY_SIZE, len(shown), ready_total, address),
        can_sync=profile.id in app.settings.catalog_sources and keeps,
        can_see_sources=keeps,
        can_promote=visitor.has(Role.MARKETER),
        set_aside=building.set_aside_rows(aside),
        set_aside_total=sync.set_aside if sync else 0,
        set_aside_href=paths.set_aside(sync.id) if sync and keeps else "",
    )
    return show(request, app, visitor, "katalog.html", view, place="catalog")


@router.post(paths.SYNC)
def sync_now(app: TheApp, visitor: TheKeeper, _form: TheForm) -> Response:
    """Ask for a pull now; only where the operator has named a catalogue."""
    tenant_id = visitor.profile.id
    if tenant_id not in app.settings.catalog_sources:
        raise NotFoundError(_("Katalog Daerah ini belum dihubungkan. Minta operator mengisi SIAR_CATALOG_SOURCES."))
    with app.database.write() as session:
        write_audit(
            session,
            tenant_id=tenant_id,
            user_id=visitor.user.id,
            action="catalog.sync",
            subject=f"tenant:{tenant_id}",
            now=app.clock(),
        )
        app.queue.enqueue(session, TaskName.SYNC, tenant_id=tenant_id)
    return back_to(paths.CATALOG, "sinkron")
