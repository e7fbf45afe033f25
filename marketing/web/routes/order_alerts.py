"""Perhatian pesanan: who let a shipment's mail go, and who told a business that no mail reaches."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from marketing.campaigns.order_alerts import RELEASING, TELLING, note_told, release_shipment
from marketing.domain.types import Role
from marketing.web import paths
from marketing.web.building import order_alerts as building
from marketing.web.building import outbox as outbox_building
from marketing.web.building.words import Address, pager_of
from marketing.web.deps import RowNumber, TheApp, TheFilters, TheForm, Visitor, holding
from marketing.web.office import back_to, show
from marketing.web.queries import order_alerts as queries
from marketing.web.queries import outbox
from marketing.web.views.order_alerts import AlertsView

router = APIRouter()
SIZE = 30
TheDesk = Annotated[Visitor, Depends(holding(*TELLING))]


@router.get(paths.OUTBOX_ORDERS)
def alerts(request: Request, app: TheApp, visitor: TheDesk, asked: TheFilters) -> Response:
    """List what waits, or what ended lately."""
    profile, now, closed = visitor.profile, app.clock(), asked.tab == "selesai"
    with app.database.read() as session:
        found, total = queries.list_alerts(
            session, profile.id, closed=closed, now=now, offset=(asked.halaman - 1) * SIZE, limit=SIZE
        )
        waiting = queries.alerts_waiting(session, profile.id)
        mails, posts = outbox.totals(session, profile.id)
    reads_mail = visitor.has(Role.MARKETER) or visitor.has(Role.APPROVER)
    may_release = any(visitor.has(role) for role in RELEASING)
    view = AlertsView(
        tabs=outbox_building.tabs_of(mails if reads_mail else None, posts, "pesanan", waiting),
        states=building.state_tabs(waiting, closed=closed),
        pager=pager_of(
            asked.halaman, SIZE, len(found), total, Address(paths.OUTBOX_ORDERS, tab="selesai" if closed else "")
        ),
        closed=closed,
        rows=tuple(building.row_of(alert, profile, may_release=may_release) for alert in found),
    )
    return show(request, app, visitor, "kotak_keluar_pesanan.html", view, place="outbox")


@router.post("/kotak-keluar/pesanan/{alert_id}/lepaskan")
def release(app: TheApp, visitor: TheDesk, alert_id: RowNumber, form: TheForm) -> Response:
    """Let the mails of a shipment go although no payment is known."""
    with app.database.write() as session:
        release_shipment(
            session, app.queue, visitor.user, alert_id, reason=str(form.get("catatan", "")), now=app.clock()
        )
    return back_to(paths.OUTBOX_ORDERS, "dilepaskan")


@router.post("/kotak-keluar/pesanan/{alert_id}/dikabari")
def told(app: TheApp, visitor: TheDesk, alert_id: RowNumber, form: TheForm) -> Response:
    """Record that a business was told by other means."""
    with app.database.write() as session:
        note_told(session, visitor.user, alert_id, note=str(form.get("catatan", "")), now=app.clock())
    return back_to(paths.OUTBOX_ORDERS, "dikabari")
