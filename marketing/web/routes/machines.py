"""Mesin kirim: the live page for those who look after the machines."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from marketing.accounts.api_keys import ADMINISTRATORS
from marketing.delivery import machinery
from marketing.i18n import gettext as _
from marketing.observability.beat import wall_clock
from marketing.web import paths
from marketing.web.building import machines as building
from marketing.web.building.words import moment_text, number_text
from marketing.web.deps import TheApp, Visitor, holding
from marketing.web.machine_facts import Machines
from marketing.web.office import show
from marketing.web.views.machines import MachinesView

router = APIRouter()
TheAdministrator = Annotated[Visitor, Depends(holding(*ADMINISTRATORS))]


@router.get(paths.MACHINES)
def machines(request: Request, app: TheApp, visitor: TheAdministrator) -> Response:
    """Show how the sending stands now; of campaigns, accounts and brakes only the Daerah's own."""
    profile, now = visitor.profile, app.clock()
    known: Machines = request.app.state.machines
    beats, broker = known.beats()
    living = [beat for beat in beats if beat.lives(wall_clock())]
    with app.database.read() as session:
        lanes = machinery.lanes(session, now)
        sending, total = machinery.sending(session, now, profile.id)
        unknown = known.unknown_of(profile.id, lambda: machinery.unknown(session, now, profile.id))
        ways = machinery.mail_ways(session, profile.id)
        brakes = machinery.brakes(session, profile.id)
        leader = machinery.leader_until(session)
    rate = round(sum(beat.per_minute for beat in living))
    due = sum(lane.due_messages for lane in lanes)
    view = MachinesView(
        at=moment_text(now, profile),
        figures=building.figures_of(living, lanes, unknown, now),
        lanes=tuple(building.lane_row(lane, now) for lane in lanes),
        campaigns=tuple(building.campaign_row(one, profile, now) for one in sending),
        campaigns_more=total - len(sending),
        workers=tuple(building.worker_row(beat, profile, wall_clock()) for beat in beats),
        ways=tuple(building.way_row(way) for way in ways),
        stops=tuple(building.stop_line(brake) for brake in brakes),
        health_href=paths.OUTBOX_HEALTH if brakes else "",
        warnings=building.warnings_of(lanes, living, leader, now, broker=broker),
        summary=_("{rate} surat per menit, {due} menunggu giliran").format(
            rate=number_text(rate), due=number_text(due)
        ),
    )
    return show(request, app, visitor, "mesin_kirim.html", view, place="channels")
