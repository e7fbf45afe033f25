"""The producer side of Celery: names of queues and tasks, and enqueueing after commit.

The broker carries ids only. When it cannot be reached nothing is lost: the rows wait and the sweeper finds them.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from celery import Celery
from kombu.exceptions import OperationalError
from sqlalchemy import event
from sqlalchemy.orm import Session

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
    RUN_AUTOMATION = "campaigns.run_automation"
    ORDER_MAIL = "campaigns.order_mail"
    DELIVER = "delivery.deliver"
    DELIVER_TRANSACTIONAL = "delivery.deliver_transactional"
    PUBLISH = "delivery.publish"
    CANCEL_HELD_MAIL = "delivery.cancel_held_mail"
    MAIL_FEEDBACK = "delivery.mail_feedback"
    TIDY_MESSAGES = "delivery.tidy_messages"
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


LANES: Mapping[TaskName, QueueName] = {
    TaskName.START_CAMPAIGN: QueueName.BULK,
    TaskName.RUN_AUTOMATION: QueueName.BULK,
    TaskName.ORDER_MAIL: QueueName.TRANSACTIONAL,
    TaskName.DELIVER: QueueName.BULK,
    TaskName.DELIVER_TRANSACTIONAL: QueueName.TRANSACTIONAL,
    TaskName.PUBLISH: QueueName.SOCIAL,
    TaskName.CANCEL_HELD_MAIL: QueueName.SOCIAL,  # every minute counts, and bulk may be busy with just this
    TaskName.MAIL_FEEDBACK: QueueName.SYNC,
    TaskName.TIDY_MESSAGES: QueueName.SYNC,
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
    TaskName.SUBSCRIPTION_MAIL: QueueName.TRANSACTIONAL,  # somebody waits for it
}


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
        """Send the task now, to be done after `wait`; False when the broker is away."""
        try:
            self._celery.send_task(
                task.value,
                kwargs=ids,
                queue=LANES[task].value,
                countdown=wait.total_seconds() or None,
                headers=dict(task_headers()) or None,
            )
        except OperationalError:
            log.warning("broker unreachable, the sweeper will pick this up", task=task.value)
            return False
        return True

    def close(self) -> None:
        """Give the connections back."""
        self._celery.close()
