"""The producer side of Celery: names of queues and tasks, and enqueueing after commit.

The broker carries ids only. When it cannot be reached nothing is lost: the rows wait and the sweeper finds them.
"""

import time
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from celery import Celery
from kombu.exceptions import OperationalError
from sqlalchemy import event
from sqlalchemy.orm import Session

from marketing.asked import Asked
from marketing.domain.types import EmailType
from marketing.observability import get_logger
from marketing.observability.tracing import task_headers

log = get_logger(__name__)


class QueueName(StrEnum):
    """Lanes: an order e-mail never waits behind a campaign."""

    TRANSACTIONAL = "transactional"
    BULK = "bulk"
    SOCIAL = "social"
    SYNC = "sync"


class TaskName(StrEnum):
    """Every task; tests prove that each is consumed."""

    START_CAMPAIGN = "campaigns.start"
    PLAN_CAMPAIGN = "campaigns.plan"
    RUN_AUTOMATION = "campaigns.run_automation"
    ORDER_MAIL = "campaigns.order_mail"
    DELIVER = "delivery.deliver"
    DELIVER_TRANSACTIONAL = "delivery.deliver_transactional"
    PUBLISH = "delivery.publish"
    CANCEL_HELD_MAIL = "delivery.cancel_held_mail"
    WHATSAPP_TEMPLATES = "social.whatsapp_templates"
    MAIL_FEEDBACK = "delivery.mail_feedback"
    TIDY_MESSAGES = "delivery.tidy_messages"
    REMIND = "delivery.remind"
    SYNC = "catalog.sync"
    RECALL = "catalog.recall"
    LISTINGS = "marketplace.listings"
    MARKETPLACE_ORDERS = "marketplace.orders"
    IMPORT_CONTACTS = "contacts.import"
    SWEEP_IMPORTS = "contacts.sweep_imports"
    TIDY_IMPORTS = "contacts.tidy_imports"
    CHECK_LEDGER = "contacts.check_ledger"
    SUBSCRIPTION_MAIL = "contacts.subscription_mail"
    REQUEST_MAIL = "contacts.request_mail"
    SIGN_IN_MAIL = "accounts.sign_in_mail"
    TELEGRAM_SAY = "social.telegram_say"
    TELEGRAM_ROUND = "social.telegram_round"
    POST_FIGURES = "social.figures"
    CHECK_ACCOUNTS = "social.check_accounts"


LANES: Mapping[TaskName, QueueName] = {
    TaskName.START_CAMPAIGN: QueueName.TRANSACTIONAL,  # a moment's work that a person waits for; the rest of it is planned in bulk
    TaskName.PLAN_CAMPAIGN: QueueName.BULK,
    TaskName.RUN_AUTOMATION: QueueName.BULK,
    TaskName.ORDER_MAIL: QueueName.TRANSACTIONAL,
    TaskName.DELIVER: QueueName.BULK,
    TaskName.DELIVER_TRANSACTIONAL: QueueName.TRANSACTIONAL,
    TaskName.PUBLISH: QueueName.SOCIAL,
    TaskName.CANCEL_HELD_MAIL: QueueName.SOCIAL,  # every minute counts, and bulk may be busy with just this
    TaskName.MAIL_FEEDBACK: QueueName.SYNC,
    TaskName.WHATSAPP_TEMPLATES: QueueName.SYNC,
    TaskName.TIDY_MESSAGES: QueueName.SYNC,
    TaskName.REMIND: QueueName.SYNC,
    TaskName.SYNC: QueueName.SYNC,
    TaskName.RECALL: QueueName.SOCIAL,  # never behind a long pull
    TaskName.LISTINGS: QueueName.SYNC,
    TaskName.MARKETPLACE_ORDERS: QueueName.SYNC,
    TaskName.IMPORT_CONTACTS: QueueName.SYNC,
    TaskName.SWEEP_IMPORTS: QueueName.SOCIAL,  # never behind the very import it looks after
    TaskName.TIDY_IMPORTS: QueueName.SYNC,
    TaskName.CHECK_LEDGER: QueueName.SYNC,
    TaskName.REQUEST_MAIL: QueueName.TRANSACTIONAL,
    TaskName.SIGN_IN_MAIL: QueueName.TRANSACTIONAL,
    TaskName.POST_FIGURES: QueueName.SYNC,  # nobody waits for it
    TaskName.CHECK_ACCOUNTS: QueueName.SYNC,
    TaskName.SUBSCRIPTION_MAIL: QueueName.TRANSACTIONAL,  # somebody waits for it
    TaskName.TELEGRAM_SAY: QueueName.TRANSACTIONAL,  # as above
    TaskName.TELEGRAM_ROUND: QueueName.SOCIAL,
}


APART: Final = ((QueueName.TRANSACTIONAL, QueueName.SOCIAL), (QueueName.BULK, QueueName.SYNC))
"""Lanes that share a process: what somebody waits for, and what takes its time."""
TURNS: Final = frozenset(
    {TaskName.START_CAMPAIGN, TaskName.PLAN_CAMPAIGN, TaskName.DELIVER, TaskName.DELIVER_TRANSACTIONAL}
)
"""Tasks of which one that waits is enough: it finds whatever has come since it was asked for."""
AWAY_SECONDS: Final = 2.0
"""For so long a broker that was slow to fail is not asked again: whoever saves a page does not wait for it every time."""
SLOW_SECONDS: Final = 0.3


def lane_of(email_type: EmailType) -> TaskName:
    """Return the task that delivers messages of this type."""
    return TaskName.DELIVER_TRANSACTIONAL if email_type is EmailType.TRANSACTIONAL else TaskName.DELIVER


def make_celery(broker_url: str) -> Celery:
    """Return the Celery application that producers and workers share."""
    app = Celery("siar", broker=broker_url)
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"visibility_timeout": 3600, "socket_connect_timeout": 1, "socket_timeout": 30},
        task_routes={name.value: {"queue": lane.value} for name, lane in LANES.items()},
        task_publish_retry=False,
        timezone="UTC",
    )
    return app


class TaskQueue:
    """Hands tasks to the workers."""

    def __init__(self, broker_url: str) -> None:
        """Prepare the producer; nothing is connected yet."""
        self._celery = make_celery(broker_url)
        # Whoever sends a task has something better to do than to wait for a broker.
        at_once = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
        self._celery.conf.broker_transport_options |= at_once | {"socket_connect_timeout": 0.4}
        self._asked = Asked(broker_url)
        self._away_until = 0.0

    def enqueue(self, session: Session, task: TaskName, **ids: int | str) -> None:
        """Send the task once this session's transaction has committed, and not at all if it rolls back."""
        waiting = [True]

        @event.listens_for(session, "after_commit")
        def _send(_session: Session) -> None:
            if waiting:
                waiting.clear()
                self.send(task, **ids)

        @event.listens_for(session, "after_rollback")
        def _forget(_session: Session) -> None:
            waiting.clear()

    def send(self, task: TaskName, **ids: int | str) -> bool:
        """Send the task now; False when the broker is away, which the sweeper makes good."""
        return self.later(task, timedelta(), **ids)

    def later(self, task: TaskName, wait: timedelta, **ids: int | str) -> bool:
        """Send the task now, to be done after `wait`; False when the broker is away.

        A turn that waits already is not sent a second time.
        """
        began, seconds = time.monotonic(), wait.total_seconds()
        if began < self._away_until:
            return False
        if task in TURNS and not self._asked.ask(_name(task, ids), seconds):
            return True
        try:
            self._celery.send_task(
                task.value,
                kwargs=ids,
                queue=LANES[task].value,
                countdown=seconds or None,
                headers=dict(task_headers()) or None,
            )
        except OperationalError:
            self._asked.begun(_name(task, ids))
            log.warning("broker unreachable, the sweeper will pick this up", task=task.value)
            if time.monotonic() - began > SLOW_SECONDS:
                self._away_until = time.monotonic() + AWAY_SECONDS
            return False
        return True

    def begun(self, task: TaskName, **ids: int | str) -> bool:
        """Note that a turn has begun, so that the next may be asked for; False when it was one too many."""
        return self._asked.begun(_name(task, ids))

    def close(self) -> None:
        """Give the connections back."""
        self._asked.close()
        self._celery.close()


def _name(task: TaskName, ids: Mapping[str, int | str]) -> str:
    return ":".join([task.value, *(str(value) for _key, value in sorted(ids.items()))])
