"""Kesehatan surat: what came back lately, what was stopped for it, and the mailboxes that tell."""

from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from marketing.bootstrap import App
from marketing.delivery import breakers
from marketing.domain.types import Role
from marketing.errors import InvalidInputError
from marketing.web import paths
from marketing.web.building import mail_health as building
from marketing.web.building.outbox import tabs_of
from marketing.web.deps import RowNumber, TheApp, TheForm, TheSender, Visitor
from marketing.web.office import back_to, show
from marketing.web.queries import mail_health as queries
from marketing.web.queries.order_alerts import alerts_waiting
from marketing.web.queries.outbox import totals
from marketing.web.views.mail_health import MailHealthView

router = APIRouter()
WEEK = timedelta(days=7)


@router.get(paths.OUTBOX_HEALTH)
def health(request: Request, app: TheApp, visitor: TheSender) -> Response:
    """Show how the mail is doing."""
    return _page(request, app, visitor)


@router.post(paths.breaker_lift("{breaker_id}"))
def lift(request: Request, app: TheApp, visitor: TheSender, breaker_id: RowNumber, form: TheForm) -> Response:
    """Let all bulk mail go on, with a reason; paused campaigns are resumed one by one."""
    reason = str(form.get("catatan", "")).replace("\0", "")
    try:
        with app.database.write() as session:
            breakers.lift(session, visitor.user, breaker_id, reason=reason, now=app.clock())
    except InvalidInputError as error:
        return _page(request, app, visitor, (str(error),))
    return back_to(paths.OUTBOX_HEALTH, "rem_dibuka")


def _page(request: Request, app: App, visitor: Visitor, errors: tuple[str, ...] = ()) -> Response:
    profile, since = visitor.profile, app.clock() - WEEK
    with app.database.read() as session:
        mails, posts = totals(session, profile.id)
        lately = queries.lately(session, profile.id, since)
        lost, lost_all = queries.orders_not_told(session, profile.id, since)
        stops = queries.stops(session, profile.id)
        boxes = queries.mailboxes(session, profile.id, since)
        alerts = alerts_waiting(session, profile.id)
    may_lift = any(visitor.has(role) for role in breakers.LIFTERS)
    view = MailHealthView(
        tabs=tabs_of(mails, posts, "kesehatan", alerts),
        figures=building.figures_of(lately),
        stops=tuple(building.stop_row(one, profile, may_lift=may_lift) for one in stops),
        lost=tuple(building.lost_mail(one, profile) for one in lost),
        lost_more=lost_all - len(lost),
        mailboxes=tuple(building.mailbox_row(one, profile) for one in boxes) if visitor.has(Role.MARKETER) else (),
        errors=errors,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return show(request, app, visitor, "kotak_keluar_kesehatan.html", view, place="outbox", status=status)
