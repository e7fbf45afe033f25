"""What marketplaces tell of their own accord: a genuine notice wakes a turn, and nothing it says is believed."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Request, Response
from limits import RateLimitItem, parse
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import select

from marketing.bootstrap import App
from marketing.channels.marketplace.notice import Notice, NoticeKind
from marketing.channels.marketplace.port import Provider
from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState
from marketing.observability import get_logger
from marketing.queue import TaskName
from marketing.web import paths
from marketing.web.building.channels import SLUG_OF
from marketing.web.deps import TheApp, limited
from marketing.web.raw_body import body_within

router = APIRouter()
log = get_logger(__name__)
MAX_BYTES: Final = 64 * 1024
WAKE: Final[RateLimitItem] = parse("6/minute")  # a shop that sells much tells of every step; the turns take all at once
TASKS: Final = {
    NoticeKind.ORDER: TaskName.MARKETPLACE_ORDERS,
    NoticeKind.LISTING: TaskName.LISTINGS,
    NoticeKind.AUTHORISATION_ENDED: TaskName.MARKETPLACE_ORDERS,  # the next call finds out, and says so on the page
}
_limit = Depends(limited("600/minute", "webhook"))
_within = body_within(MAX_BYTES)


async def raw_body(request: Request) -> bytes:
    """Return the body as it was signed; what is too long is cut, so that no signature fits it."""
    return await _within(request) or b""


TheBody = Annotated[bytes, Depends(raw_body)]
TheSignature = Annotated[str, Header(alias="Authorization", max_length=200)]


@router.post(paths.webhook("shopee"), dependencies=[_limit])
def shopee(request: Request, app: TheApp, body: TheBody, signature: TheSignature = "") -> Response:
    """Take a push message of Shopee; it wants an empty answer (open.shopee.com, "Push Mechanism")."""
    return _told(request, app, Provider.SHOPEE, body, signature)


@router.post(paths.webhook("tiktok-shop"), dependencies=[_limit])
def tiktok_shop(request: Request, app: TheApp, body: TheBody, signature: TheSignature = "") -> Response:
    """Take a webhook of TikTok Shop."""
    return _told(request, app, Provider.TIKTOK_SHOP, body, signature)


def _told(request: Request, app: App, provider: Provider, body: bytes, signature: str) -> Response:
    url = app.settings.public_url + paths.webhook(SLUG_OF[provider])
    notice = app.marketplaces.gateway.notice(provider, url, body, signature) if body else None
    if notice is None:
        return Response(status_code=403)
    if notice.kind in TASKS:
        _wake(request, app, provider, notice)
    return Response(status_code=204)


def _wake(request: Request, app: App, provider: Provider, notice: Notice) -> None:
    task = TASKS[notice.kind]
    with app.database.read() as session:
        query = select(ChannelAccount.tenant_id).where(
            ChannelAccount.provider == provider.value,
            ChannelAccount.remote_id == notice.shop_id,
            ChannelAccount.state == AccountState.ACTIVE,
        )
        tenants = list(session.scalars(query.distinct()))
    limiter: MovingWindowRateLimiter = request.app.state.limiter
    for tenant_id in tenants:
        if limiter.hit(WAKE, "webhook-wake", tenant_id, task.value):
            app.queue.send(task, tenant_id=tenant_id)
            log.info("a marketplace woke us", provider=provider.value, kind=notice.kind.value, tenant=tenant_id)
