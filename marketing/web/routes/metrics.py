"""The page of numbers for Prometheus, behind a token of its own; without one it does not exist."""

import hmac

from fastapi import APIRouter, Request, Response

from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.observability.tally import TALLY
from marketing.web import paths
from marketing.web.deps import TheApp
from marketing.web.exposition import CONTENT_TYPE, exposition
from marketing.web.machine_facts import Machines

router = APIRouter()


@router.get(paths.METRICS)
def numbers(request: Request, app: TheApp) -> Response:
    """Answer the holder of the token; to anybody else there is nothing here."""
    token = app.settings.metrics_token.get_secret_value()
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if not token or scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), token.encode()):
        raise NotFoundError(_("Halaman ini tidak ada."))
    machines: Machines = request.app.state.machines
    facts, beats = machines.facts()
    own: str = getattr(request.app.state, "heart_id", "") or "web"
    tallies = {beat.id: beat.tally for beat in beats if beat.id != own} | {own: TALLY.told()}
    return Response(exposition(facts, tallies), media_type=CONTENT_TYPE)
