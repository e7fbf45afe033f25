"""The web application: routers, static files, security headers, and errors in plain words."""

from collections.abc import Awaitable, Callable
from typing import cast

from fastapi import FastAPI, Request, Response
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from starlette.middleware.gzip import GZipMiddleware

from marketing.bootstrap import App
from marketing.i18n import SOURCE_LANGUAGE, set_language
from marketing.observability.beat import Board
from marketing.web import assets
from marketing.web.api.app import PREFIX, create_api
from marketing.web.deps import SESSION_COOKIE, VISIT_COOKIE, new_secret
from marketing.web.errors import install_error_pages
from marketing.web.machine_facts import Machines
from marketing.web.routes import (
    api_keys,
    breach,
    campaigns,
    catalog,
    channels,
    composer,
    contacts,
    data_requests,
    feeds,
    files,
    gallery,
    guidance,
    home,
    imports,
    login,
    machines,
    mail_accounts,
    mail_health,
    mail_templates,
    mail_webhooks,
    marketplace,
    merging,
    meta_webhooks,
    metrics,
    missed,
    newsletters,
    order_alerts,
    outbox,
    own_data,
    password,
    pictures,
    post_links,
    poster,
    preferences,
    product_explain,
    public,
    restoring,
    segments,
    sitemap,
    social,
    social_login,
    social_webhooks,
    sources,
    subscribe,
    task_people,
    tasks,
    telegram,
    tracking,
    webhooks,
    whatsapp_templates,
    widget,
    withdrawals,
)
from marketing.web.security import SecurityHeaders
from marketing.web.watching import Watching

LANGUAGE_COOKIE = "siar_bahasa"
Next = Callable[[Request], Awaitable[Response]]


def create_app(siar: App) -> FastAPI:
    """Return the application around one App."""
    app = FastAPI(title="Siar", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.siar = siar
    # one web process keeps its own count; many share Redis
    app.state.limiter = MovingWindowRateLimiter(storage_from_string(_counters(siar.settings.broker_url)))
    app.state.machines = Machines(siar, Board.at(siar.settings.broker))
    app.add_middleware(SecurityHeaders, https=siar.settings.secure_cookies)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.middleware("http")(_visit)
    app.add_middleware(Watching)
    install_error_pages(app)
    # As they were made at import: include_router() would make each of them anew at the first request that passes by,
    # a tenth of a second for all, and would ask every router twice at each.
    for module in (
        pictures,
        files,
        metrics,
        marketplace,
        feeds,
        sitemap,
        widget,
        newsletters,
        gallery,
        login,
        password,
        tracking,
        post_links,
        subscribe,
        telegram,
        poster,
        preferences,
        own_data,
        home,
        restoring,
        catalog,
        product_explain,
        guidance,
        sources,
        withdrawals,
        data_requests,
        breach,
        imports,
        composer,
        segments,
        contacts,
        merging,
        missed,
        campaigns,
        mail_health,
        outbox,
        task_people,
        tasks,
        order_alerts,
        api_keys,
        machines,
        channels,
        mail_accounts,
        social_login,
        social,
        social_webhooks,
        mail_templates,
        webhooks,
        mail_webhooks,
        meta_webhooks,
        whatsapp_templates,
    ):
        app.router.routes.extend(module.router.routes)
    app.mount(PREFIX, create_api(siar, app.state.limiter))
    app.mount("/static", files.StaticFolder(directory=assets.STATIC), name="static")
    app.router.routes.extend(public.router.routes)  # last: its addresses begin with a tenant's name
    return app


def _counters(broker_url: str) -> str:
    """Return the broker's address as `limits` writes it."""
    return broker_url.replace("redis+socket://", "redis+unix://", 1) or "memory://"


async def _visit(request: Request, call_next: Next) -> Response:
    """Choose the language and give a first visit its secret."""
    siar = cast("App", request.app.state.siar)
    set_language(request.cookies.get(LANGUAGE_COOKIE, siar.settings.lang) or SOURCE_LANGUAGE)
    known = request.cookies.get(SESSION_COOKIE) or request.cookies.get(VISIT_COOKIE)
    request.state.new_visit = "" if known else new_secret()
    response = await call_next(request)
    if request.state.new_visit and getattr(request.state, "keep_visit", False):
        response.set_cookie(
            VISIT_COOKIE,
            request.state.new_visit,
            httponly=True,
            samesite="lax",
            secure=siar.settings.secure_cookies,
            max_age=3600,
        )
    return response
