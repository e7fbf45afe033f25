"""Belum pasti dan terlewat: a person settles what is in doubt, and sends to those alone whom a campaign missed."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from marketing.bootstrap import App
from marketing.campaigns.missed import missed_in, why_not
from marketing.delivery.ledger import counts_of
from marketing.delivery.unknowns import settle_by_person
from marketing.domain.message import MessageState
from marketing.domain.missed import MissedGroup
from marketing.domain.types import Role
from marketing.errors import InvalidInputError, MarketingError, NotAllowedError, TransitionError
from marketing.web import paths
from marketing.web.building import missed as building
from marketing.web.building.words import Address, pager_of
from marketing.web.deps import PageNumber, RowNumber, TheApp, TheForm, TheSender, Visitor
from marketing.web.errors import status_of
from marketing.web.notices import Code
from marketing.web.office import back_to, show
from marketing.web.queries import campaigns, missed
from marketing.web.views.missed import MissedView

router = APIRouter()
SIZE = 50
MOST_DIGITS = 18
Act = Callable[[Session], object]


@router.get(paths.missed("{campaign_id}"))
def missed_page(
    request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, halaman: PageNumber = 1
) -> Response:
    """Show what is in doubt and who was missed."""
    return show(
        request, app, visitor, "kampanye_terlewat.html", _view(app, visitor, campaign_id, halaman), place="campaigns"
    )


@router.post(paths.missed("{campaign_id}", "pastikan"))
def settle(request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, form: TheForm) -> Response:
    """Settle the chosen messages, or all in doubt: they arrived, or they were not sent."""
    numbers = [str(one) for one in form.getlist("surat")]
    chosen = [int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) <= MOST_DIGITS]
    everything, verdict = form.get("semua") == "ya", str(form.get("putusan", ""))

    def act(session: Session) -> object:
        if verdict not in {"sampai", "tidak"}:
            raise InvalidInputError("", field="putusan")
        return settle_by_person(
            session,
            visitor.user,
            campaign_id,
            None if everything else chosen,
            arrived=verdict == "sampai",
            reason=_note(form.get("catatan", "")),
            now=app.clock(),
        )

    return _act(request, app, visitor, campaign_id, act, done="dipastikan")


@router.post(paths.missed("{campaign_id}", "kirim"))
def send(request: Request, app: TheApp, visitor: TheSender, campaign_id: RowNumber, form: TheForm) -> Response:
    """Send to the chosen groups, each person decided anew."""
    named = {str(one) for one in form.getlist("kelompok")}
    groups = [group for group in MissedGroup if group.value in named]
    return _act(
        request,
        app,
        visitor,
        campaign_id,
        lambda session: app.missed.send(
            session, visitor.user, campaign_id, groups, reason=_note(form.get("catatan", ""))
        ),
        done="susulan",
    )


def _note(typed: object) -> str:
    return str(typed).replace("\0", "")


def _act(request: Request, app: App, visitor: Visitor, campaign_id: int, act: Act, *, done: Code) -> Response:
    try:
        with app.database.write() as session:
            act(session)
    except (NotAllowedError, InvalidInputError, TransitionError) as error:
        view = _view(app, visitor, campaign_id, 1, error)
        return show(request, app, visitor, "kampanye_terlewat.html", view, place="campaigns", status=status_of(error))
    return back_to(paths.missed(campaign_id), done)


def _view(app: App, visitor: Visitor, campaign_id: int, page: int, error: MarketingError | None = None) -> MissedView:
    profile = visitor.profile
    with app.database.read() as session:
        campaign = campaigns.find_campaign(session, profile.id, campaign_id)
        counts = counts_of(session, [campaign_id])
        doubtful = sum(number for (state, _reason), number in counts.items() if state is MessageState.UNKNOWN)
        doubts = missed.doubts_of(session, campaign_id, offset=(page - 1) * SIZE, limit=SIZE) if doubtful else ()
        not_now = why_not(session, campaign, app.clock())
    return MissedView(
        campaign_id=campaign_id,
        name=campaign.name,
        doubts=tuple(building.doubt_row(one, profile) for one in doubts),
        doubtful=doubtful,
        pager=pager_of(page, SIZE, len(doubts), doubtful, Address(paths.missed(campaign_id))) if doubts else None,
        groups=tuple(building.group_rows(missed_in(counts))),
        may_settle=visitor.has(Role.MARKETER) or visitor.has(Role.APPROVER),
        may_send=visitor.has(Role.APPROVER),
        why_not=not_now,
        errors=(str(error),) if error else (),
    )
