"""The clock of an installation: APScheduler triggers, one leader by a database lease, everything else in the tasks."""

import secrets
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from catalog_sync.saved_sources import take_due
from marketing.bootstrap import App
from marketing.campaigns.automations import AUTOMATIONS
from marketing.db.insert import engine_insert
from marketing.db.models import JobLease
from marketing.delivery.breakers import check_doubts
from marketing.delivery.tallying import AT_ONCE, tally
from marketing.domain.types import EmailType
from marketing.observability import get_logger
from marketing.queue import TaskName
from marketing.tenants.profile import load_profiles

log = get_logger(__name__)
LEASE_NAME = "scheduler"
LEASE = timedelta(seconds=20)
TICK_SECONDS = 2  # a campaign leaves at most this late
ORDER_MAIL_SECONDS = 30
RECALL_SECONDS = 20
REQUEST_MAIL_SECONDS = 300
SOURCES_SECONDS = 15
LISTINGS_SECONDS = 60
MARKETPLACE_ORDERS_SECONDS = 300
MAIL_FEEDBACK_SECONDS = 300
WHATSAPP_SECONDS = 3600  # Meta's webhook tells at once; this is for what got lost
POST_FIGURES_SECONDS = 300
CHECK_ACCOUNTS_SECONDS = 1800
IMPORT_SWEEP_SECONDS = 120
REMIND_SECONDS = 600
TELEGRAM_SECONDS = 20  # somebody waits in a chat, where no webhook can reach us
NIGHT_HOUR = 3  # in the tenant's own zone: what reads much and nobody waits for
NIGHT_HOUR_UTC = 19  # between 2 and 4 everywhere in Indonesia: what belongs to no tenant
AUTOMATION_HOUR = 9  # in the tenant's own zone
COUNTING_TURNS = 5


class Scheduler:
    """Runs jobs while it holds the lease; a second scheduler waits until the first one's lease runs out."""

    def __init__(self, app: App) -> None:
        """Prepare the jobs; `start` begins."""
        self._app = app
        self._owner = secrets.token_hex(8)
        self._jobs = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600}
        )
        self._jobs.add_job(self._tick, IntervalTrigger(seconds=TICK_SECONDS))
        self._jobs.add_job(self._sources, IntervalTrigger(seconds=SOURCES_SECONDS))
        self._every(REQUEST_MAIL_SECONDS, TaskName.REQUEST_MAIL)
        self._every(IMPORT_SWEEP_SECONDS, TaskName.SWEEP_IMPORTS)
        self._daily(CronTrigger(hour=NIGHT_HOUR), TaskName.TIDY_IMPORTS)
        self._daily(CronTrigger(hour=NIGHT_HOUR_UTC), TaskName.TIDY_MESSAGES)
        for profile in load_profiles().values():
            self._every(ORDER_MAIL_SECONDS, TaskName.ORDER_MAIL, tenant_id=profile.id)
            self._every(RECALL_SECONDS, TaskName.RECALL, tenant_id=profile.id)
            self._every(MAIL_FEEDBACK_SECONDS, TaskName.MAIL_FEEDBACK, tenant_id=profile.id)
            self._every(WHATSAPP_SECONDS, TaskName.WHATSAPP_TEMPLATES, tenant_id=profile.id)
            self._every(LISTINGS_SECONDS, TaskName.LISTINGS, tenant_id=profile.id)
            self._every(POST_FIGURES_SECONDS, TaskName.POST_FIGURES, tenant_id=profile.id)
            self._every(CHECK_ACCOUNTS_SECONDS, TaskName.CHECK_ACCOUNTS, tenant_id=profile.id)
            self._every(MARKETPLACE_ORDERS_SECONDS, TaskName.MARKETPLACE_ORDERS, tenant_id=profile.id)
            self._every(REMIND_SECONDS, TaskName.REMIND, tenant_id=profile.id)
            self._every(TELEGRAM_SECONDS, TaskName.TELEGRAM_ROUND, tenant_id=profile.id)
            self._daily(CronTrigger(hour=NIGHT_HOUR, timezone=profile.tz), TaskName.CHECK_LEDGER, tenant_id=profile.id)
            if profile.id in app.settings.catalog_sources:
                self._every(app.settings.catalog_minutes * 60, TaskName.SYNC, tenant_id=profile.id)
            for rule in AUTOMATIONS.values():
                if rule.email_type is not EmailType.TRANSACTIONAL:
                    trigger = CronTrigger(hour=AUTOMATION_HOUR, timezone=profile.tz)
                    self._daily(trigger, TaskName.RUN_AUTOMATION, tenant_id=profile.id, slug=rule.slug)

    def start(self) -> None:
        """Begin in threads of this process."""
        self._jobs.start()

    def stop(self) -> None:
        """Finish the job in hand, then give the lease back so that another may lead at once."""
        self._jobs.shutdown(wait=True)
        with self._app.database.write() as session:
            session.execute(
                update(JobLease)
                .where(JobLease.name == LEASE_NAME, JobLease.owner == self._owner)
                .values(until=self._app.clock())
            )

    def _every(self, seconds: int, task: TaskName, **ids: str) -> None:
        self._jobs.add_job(self._send, IntervalTrigger(seconds=seconds), args=[task], kwargs=ids)

    def _daily(self, trigger: CronTrigger, task: TaskName, **ids: str) -> None:
        self._jobs.add_job(self._send, trigger, args=[task], kwargs=ids)

    def _tick(self) -> None:
        try:
            if self._lead():
                self._app.guard.beat()  # first: what it holds is not woken
                self._app.sweeper.sweep()
                with self._app.database.write() as session:
                    check_doubts(session, self._app.clock())
                self._count_ranges()
        except SQLAlchemyError:
            log.exception("sweep failed, trying again at the next tick")

    def _count_ranges(self) -> None:
        """Let ledgers be quick: count what nobody has in hand, for at most a few transactions a tick."""
        for _turn in range(COUNTING_TURNS):
            with self._app.database.write() as session:
                if tally(session, self._app.clock()) < AT_ONCE:
                    return

    def _sources(self) -> None:
        """Ask for a pull of every kept source that is due."""
        if not self._lead():
            return
        with self._app.database.write() as session:
            due = list(take_due(session, self._app.clock()))
        for tenant_id, name in due:
            self._app.queue.send(TaskName.SYNC, tenant_id=tenant_id, source=name)

    def _send(self, task: TaskName, **ids: str) -> None:
        if self._lead():
            self._app.queue.send(task, **ids)

    def _lead(self) -> bool:
        """Take or renew the lease; False while another scheduler holds it."""
        with self._app.database.write() as session:
            return take_lease(session, LEASE_NAME, self._owner, now=self._app.clock(), length=LEASE)


def take_lease(session: Session, name: str, owner: str, *, now: datetime, length: timedelta) -> bool:
    """Take or renew a named lease for `length`; False while another owner's has not run out.

    One that reaches further ahead than any lease can is of a clock that was wrong, and no longer holds.
    """
    statement = engine_insert(session, JobLease).values(name=name, owner=owner, until=now + length)
    free = (JobLease.owner == owner) | (JobLease.until <= now) | (JobLease.until > now + 2 * length)
    statement = statement.on_conflict_do_update(
        index_elements=[JobLease.name], set_={"owner": owner, "until": now + length}, where=free
    )
    leader: str | None = session.scalar(statement.returning(JobLease.owner))
    return leader == owner
