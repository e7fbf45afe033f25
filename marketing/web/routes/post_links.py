"""The short links in posts: count, and lead on to a page of our own site."""

import hashlib
import hmac
import secrets
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from marketing.domain.links import LinkPurpose
from marketing.engagement.classify import is_machine
from marketing.engagement.post_links import PostHit, post_destination, record_post_click
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.web.deps import TheApp, TooManyRequests, limit_by

router = APIRouter()
COUNTED: Final = "30/minute"
"""So often a click counts that comes from one address: behind one stand many phones, and yet a flood is no interest."""
_KEY: Final = secrets.token_bytes(32)  # of this process alone, kept nowhere: what it signs cannot be traced back
HEADERS: Final = {"X-Robots-Tag": "noindex", "Cache-Control": "no-store"}


@router.api_route("/t/{token}", methods=["GET", "HEAD"])
def followed(token: str, request: Request, app: TheApp) -> Response:
    """Lead from a post to what it tells of, long after its campaign; where to is looked up, never read from the address."""
    ids = app.signer.read(LinkPurpose.POST, token)
    target = None
    if ids is not None and len(ids) in {1, 2}:  # a post, or a product in it
        with app.database.read() as session:
            target = post_destination(session, ids[0], ids[1] if len(ids) > 1 else None)
    if ids is None or target is None:
        raise NotFoundError(_("Tautan ini tidak dikenal. Mungkin terpotong saat disalin."))
    if _counts(request):
        with app.database.write() as session:
            record_post_click(session, _hit(request, ids[0], token, app))
    return RedirectResponse(target, HTTPStatus.FOUND, headers=HEADERS)


def _hit(request: Request, post_id: int, token: str, app: TheApp) -> PostHit:
    headers, now = request.headers, app.clock()
    agent = headers.get("User-Agent", "")
    purpose = headers.get("Sec-Purpose") or headers.get("Purpose") or headers.get("X-Purpose") or ""
    who = f"{_address(request)}|{agent}".encode()
    return PostHit(
        post_id=post_id,
        token=token,
        visit=hmac.new(_KEY, who, hashlib.sha256).hexdigest()[:32],
        machine=is_machine(method=request.method, user_agent=agent, purpose=purpose),
        at=now,
    )


def _counts(request: Request) -> bool:
    """Return whether this click is counted; whoever comes too often is led on all the same."""
    try:
        limit_by(request, COUNTED, "tautan-pos", _address(request))
    except TooManyRequests:
        return False
    return True


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
