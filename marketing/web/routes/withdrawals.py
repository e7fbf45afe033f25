"""Penarikan: every product that lost its standing, and how it left each place."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from marketing.domain.calendar_id import local_date
from marketing.domain.types import ChannelName
from marketing.domain.withdrawal import WithdrawalState
from marketing.web import paths
from marketing.web.building import csv_file
from marketing.web.building import withdrawals as building
from marketing.web.building.words import Address, pager_of
from marketing.web.deps import TheApp, TheFilters, TheStaff
from marketing.web.office import show
from marketing.web.queries import withdrawals as queries
from marketing.web.views.withdrawals import WithdrawalsView

router = APIRouter()
PAGE_SIZE = 50
DAYS = 90


@router.get(paths.WITHDRAWALS)
def withdrawals(request: Request, app: TheApp, visitor: TheStaff, asked: TheFilters) -> Response:
    """Show the withdrawals, newest first."""
    profile, now, wanted = visitor.profile, app.clock(), _wanted(asked)
    with app.database.read() as session:
        found, total = queries.list_withdrawals(
            session, profile.id, wanted, offset=(asked.halaman - 1) * PAGE_SIZE, limit=PAGE_SIZE
        )
        counts = queries.by_state(session, profile.id)
        speed = queries.speed_since(session, profile.id, now - timedelta(days=DAYS))
    filters = {"q": wanted.words, "keadaan": wanted.state, "jenis": wanted.channel}
    view = WithdrawalsView(
        rows=tuple(building.row_of(one, profile, now) for one in found),
        pager=pager_of(asked.halaman, PAGE_SIZE, len(found), total, Address(paths.WITHDRAWALS, **filters)),
        stats=building.stats_of(counts, speed, DAYS),
        query=wanted.words,
        states=building.state_options(wanted.state),
        channels=building.channel_options(wanted.channel),
        download_href=paths.listing(paths.WITHDRAWALS_FILE, **filters),
    )
    return show(request, app, visitor, "katalog_penarikan.html", view, place="catalog")


@router.get(paths.WITHDRAWALS_FILE)
def withdrawals_file(app: TheApp, visitor: TheStaff, asked: TheFilters) -> Response:
    """Send the same list as CSV, made while it leaves."""
    profile = visitor.profile
    found = queries.every_withdrawal(app.database, profile.id, _wanted(asked))
    name = f"penarikan-{profile.id}-{local_date(app.clock(), profile.tz)}.csv"
    return StreamingResponse(
        building.csv_lines(found, profile), media_type=csv_file.MEDIA_TYPE, headers=csv_file.headers(name)
    )


def _wanted(asked: TheFilters) -> queries.WithdrawalFilter:
    state = asked.keadaan if asked.keadaan in set(WithdrawalState) else ""
    channel = asked.jenis if asked.jenis in set(ChannelName) else ""
    return queries.WithdrawalFilter(asked.q, state, channel)
