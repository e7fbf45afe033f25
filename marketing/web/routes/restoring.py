"""Basis data dipulihkan: a person sees what would be sent again and decides, before anything in bulk leaves."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from marketing.bootstrap import App
from marketing.delivery.restored import DECIDERS, at_risk, decide, held
from marketing.domain.restoring import RestoreChoice
from marketing.domain.types import Role
from marketing.errors import InvalidInputError, NotAllowedError, TransitionError
from marketing.web import paths
from marketing.web.building import restoring as building
from marketing.web.building.words import moment_text
from marketing.web.deps import TheApp, TheForm, Visitor, holding
from marketing.web.errors import status_of
from marketing.web.office import back_to, show
from marketing.web.views.restoring import RestoredView

router = APIRouter()
TheDesk = Annotated[Visitor, Depends(holding(Role.MARKETER, *DECIDERS))]


@router.get(paths.RESTORED)
def restored(request: Request, app: TheApp, visitor: TheDesk) -> Response:
    """Show whether anything is held, and what would be sent again."""
    return show(request, app, visitor, "pemulihan.html", _view(app, visitor, {}), place="home")


@router.post(paths.RESTORED)
def decided(request: Request, app: TheApp, visitor: TheDesk, form: TheForm) -> Response:
    """Do what was chosen for each campaign, and let sending go on."""
    typed = {
        int(name.removeprefix("pilihan-")): str(value)
        for name, value in form.items()
        if name.startswith("pilihan-")
        and name.removeprefix("pilihan-").isascii()
        and name.removeprefix("pilihan-").isdigit()
    }
    choices = {row_id: RestoreChoice(value) for row_id, value in typed.items() if value in set(RestoreChoice)}
    reason = str(form.get("catatan", "")).replace("\0", "")
    try:
        with app.database.write() as session:
            decide(session, visitor.user, choices, reason=reason, now=app.clock())
    except (NotAllowedError, InvalidInputError, TransitionError) as error:
        view = _view(app, visitor, typed, (str(error),))
        return show(request, app, visitor, "pemulihan.html", view, place="home", status=status_of(error))
    return back_to(paths.HOME, "dipulihkan")


def _view(app: App, visitor: Visitor, chosen: dict[int, str], errors: tuple[str, ...] = ()) -> RestoredView:
    profile = visitor.profile
    with app.database.read() as session:
        since = held(session)
        found = at_risk(session, since, profile.id) if since else ()
    return RestoredView(
        since=moment_text(since.at, profile) if since else "",
        knows_until=moment_text(since.knows_until, profile) if since else "",
        lost_until=moment_text(since.lost_until, profile) if since else "",
        rows=tuple(building.risk_row(one, chosen, profile) for one in found),
        may_decide=any(visitor.has(role) for role in DECIDERS),
        errors=errors,
    )
