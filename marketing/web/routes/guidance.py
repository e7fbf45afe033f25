"""Pendampingan: which businesses have held products, what they lack, and the list as a file."""

from itertools import chain

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from marketing.db.models import Business
from marketing.domain.calendar_id import local_date
from marketing.products.guidance import all_digests, businesses_with_gaps, digests
from marketing.web import paths
from marketing.web.building import csv_file
from marketing.web.building import guidance as building
from marketing.web.building.words import Address, pager_of
from marketing.web.deps import TheApp, TheFilters, TheStaff
from marketing.web.office import show
from marketing.web.queries.searching import has_words
from marketing.web.views.guidance import GuidanceView

router = APIRouter()
SIZE = 20


@router.get(paths.GUIDANCE)
def guidance(request: Request, app: TheApp, visitor: TheStaff, asked: TheFilters) -> Response:
    """List the businesses with gaps."""
    profile = visitor.profile
    words = has_words(asked.q, Business.name, Business.domicile_kecamatan)
    with app.database.read() as session:
        ids, total = businesses_with_gaps(session, profile.id, words, offset=(asked.halaman - 1) * SIZE, limit=SIZE)
    rows = tuple(building.row_of(one) for one in digests(app.database, profile, ids, app.clock()))
    view = GuidanceView(
        summary=building.summary_of(total),
        rows=rows,
        pager=pager_of(asked.halaman, SIZE, len(rows), total, Address(paths.GUIDANCE, q=asked.q)),
        query=asked.q,
        download_href=paths.GUIDANCE_FILE,
    )
    return show(request, app, visitor, "katalog_pendampingan.html", view, place="catalog")


@router.get(paths.GUIDANCE_FILE)
def guidance_file(app: TheApp, visitor: TheStaff) -> Response:
    """Send the whole list as CSV, made while it leaves."""
    profile, now = visitor.profile, app.clock()
    lines = chain((building.csv_header(),), building.csv_rows(all_digests(app.database, profile, now)))
    name = f"pendampingan-{profile.id}-{local_date(now, profile.tz)}.csv"
    return StreamingResponse(lines, media_type=csv_file.MEDIA_TYPE, headers=csv_file.headers(name))
