"""Beranda: what waits for this person, what happens, and the numbers; only what the database holds."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from marketing.campaigns.order_alerts import TELLING
from marketing.db.models import Campaign
from marketing.delivery import restored
from marketing.domain.campaign import CampaignState
from marketing.domain.share_task import DOERS
from marketing.domain.types import Role
from marketing.social.accounts import KEEPERS
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building import home as building
from marketing.web.building import mail_health as health_building
from marketing.web.building import order_alerts as order_building
from marketing.web.building import restoring
from marketing.web.building import tasks as task_building
from marketing.web.building.reach import gone_task
from marketing.web.building.words import day_text
from marketing.web.deps import TheApp, TheStaff, Visitor
from marketing.web.office import show
from marketing.web.queries import campaigns, catalog, mail_health
from marketing.web.queries import home as queries
from marketing.web.queries.order_alerts import waiting_by_kind
from marketing.web.queries.social import channel_states, locked_out
from marketing.web.queries.tasks import open_tasks
from marketing.web.views.home import AgendaItem, HomeView, Waiting

router = APIRouter()
TREND = timedelta(days=30)
WEEK = timedelta(days=7)
AGENDA_SIZE = 12
OUTGOING = (
    CampaignState.IN_REVIEW,
    CampaignState.APPROVED,
    CampaignState.SCHEDULED,
    CampaignState.SENDING,
    CampaignState.PAUSED,
    CampaignState.SENT,
)


@router.get(paths.HOME)
def home(request: Request, app: TheApp, visitor: TheStaff) -> Response:
    """Show where things stand."""
    profile, now = visitor.profile, app.clock()
    end = midnight(now, profile) + timedelta(days=1)
    start = end - TREND
    with app.database.read() as session:
        waiting = _waiting(session, visitor, now)
        agenda, due = _agenda(session, profile, now)
        known = queries.recorded_since(session, profile.id)
        current = queries.window(session, profile.id, start, end, known)
        before = queries.window(session, profile.id, start - TREND, start, known)
        ready = queries.promotable_businesses(session, profile.id)
        moments = queries.order_moments(session, profile.id, start, end)
        sync = catalog.last_sync(session, profile.id)
        failures = queries.troubled_channels(session, profile.id, now - WEEK)
        first = queries.first_facts(session, profile.id)
        accounts = channel_states(session, profile.id)
    can_compose = visitor.has(Role.MARKETER)
    view = HomeView(
        greeting=building.greeting_of(visitor.user.name, now, profile),
        today=building.today_of(now, profile, due, len(waiting)),
        waiting=waiting,
        health=building.health_of(profile, sync, failures, accounts, has_relay=bool(app.settings.smtp_host)),
        period=_period(start, end, profile),
        stats=building.stats_of(current, before, ready),
        chart=building.chart_of(moments, start, end, profile),
        agenda=agenda,
        first_steps=building.first_steps(first, can_compose=can_compose),
        can_compose=can_compose,
    )
    return show(request, app, visitor, "beranda.html", view, place="home")


def midnight(now: datetime, profile: TenantProfile) -> datetime:
    """Return the beginning of today on the tenant's clock."""
    return now.astimezone(profile.tz).replace(hour=0, minute=0, second=0, microsecond=0)


def _waiting(session: Session, visitor: Visitor, now: datetime) -> tuple[Waiting, ...]:
    tenant_id, user_id, profile = visitor.profile.id, visitor.user.id, visitor.profile
    marketer, approver = visitor.has(Role.MARKETER), visitor.has(Role.APPROVER)
    found: list[Waiting] = []
    if restored.held(session) is not None and any(visitor.has(role) for role in (Role.MARKETER, *restored.DECIDERS)):
        found.append(restoring.task())
    if any(visitor.has(role) for role in KEEPERS):
        found += [building.reconnect_task(one) for one in locked_out(session, tenant_id)]
    if approver:
        found += [building.approval_task(one, profile) for one in queries.in_review(session, tenant_id, user_id)]
    if marketer:
        found += [building.returned_task(one, profile) for one in queries.returned(session, tenant_id, user_id)]
    if any(visitor.has(role) for role in TELLING):
        found += order_building.tasks_of(waiting_by_kind(session, tenant_id))
    if any(visitor.has(role) for role in DOERS):
        found += task_building.waiting_of(open_tasks(session, tenant_id), user_id, now)
    if marketer or approver:
        found += [building.failed_task(one) for one in queries.failed_posts(session, tenant_id, now - WEEK)]
        found += [gone_task(one) for one in queries.gone_posts(session, tenant_id, now - WEEK)]
        found += [building.paused_task(one) for one in queries.paused(session, tenant_id)]
    if marketer or approver:
        since = now - WEEK
        found += health_building.tasks_of(
            mail_health.stops(session, tenant_id),
            mail_health.orders_not_told(session, tenant_id, since)[1],
            mail_health.lately(session, tenant_id, since),
        )
    if held := queries.newly_held(session, tenant_id, now - WEEK):
        found.append(building.held_task(held))
    return tuple(found)


def _agenda(session: Session, profile: TenantProfile, now: datetime) -> tuple[tuple[AgendaItem, ...], int]:
    """Return what goes out from this Monday on until a week from now, and how much of it is today's."""
    today = midnight(now, profile)
    monday = today - timedelta(days=today.weekday())
    wanted = campaigns.CampaignFilter(
        OUTGOING,
        conditions=(
            Campaign.scheduled_at >= monday,
            Campaign.scheduled_at < today + WEEK,
            Campaign.automation.is_(None),
        ),
    )
    lines, _total = campaigns.list_campaigns(session, profile.id, wanted, limit=AGENDA_SIZE)
    items = [building.agenda_item(line, now, profile) for line in reversed(lines)]
    due = sum(1 for line in lines if line.scheduled_at and today <= line.scheduled_at < today + timedelta(days=1))
    return tuple(item for item in items if item), due


def _period(start: datetime, end: datetime, profile: TenantProfile) -> str:
    first, last = day_text(start, profile), day_text(end - timedelta(microseconds=1), profile)
    return building.period_text(first, last)
