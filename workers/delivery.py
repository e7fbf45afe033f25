"""Deliver and publish."""

from datetime import timedelta

from marketing.delivery.turns import TURN_SECONDS
from marketing.feedback import follow_relay_log, intake_of, mailboxes_of
from marketing.queue import TaskName
from workers.app import app, task

BATCHES = 100  # sub-batches of a turn at most; as a rule its time is up first
SOON = timedelta(seconds=5)


@task(TaskName.DELIVER)
def deliver(campaign_id: int) -> None:
    """Hand over queued messages of a campaign for one turn, or of one of its tenant that is more urgent."""
    pipeline = app().pipeline
    chosen, seconds = pipeline.whose_turn(campaign_id)
    _turn(TaskName.DELIVER, campaign_id, chosen, seconds)


@task(TaskName.DELIVER_TRANSACTIONAL)
def deliver_transactional(campaign_id: int) -> None:
    """Hand over order mail in its own lane."""
    _turn(TaskName.DELIVER_TRANSACTIONAL, campaign_id, campaign_id, TURN_SECONDS)


def _turn(task_name: TaskName, asked: int, chosen: int, seconds: float) -> None:
    """Take a turn, let one more worker help where there is work for it, and ask for the next one where more waits.

    At most one turn of a campaign waits in the queue, however many work on it: each that begins asks for the next.
    """
    pipeline, queue = app().pipeline, app().queue
    if queue.begun(task_name, campaign_id=asked) and (chosen != asked or pipeline.others_may_help(chosen)):
        queue.send(task_name, campaign_id=asked)
    turn = pipeline.turn(chosen, batches=BATCHES, seconds=seconds)
    if turn.more:
        queue.send(task_name, campaign_id=chosen)
    elif turn.again_after is not None and turn.again_after <= SOON:
        queue.later(task_name, turn.again_after, campaign_id=chosen)


@task(TaskName.CANCEL_HELD_MAIL)
def cancel_held_mail(campaign_id: int) -> None:
    """Stop what a cancelled campaign still has waiting at a provider."""
    app().mail_accounts.cancel_held(campaign_id)


@task(TaskName.PUBLISH)
def publish(campaign_id: int) -> None:
    """Submit the queued posts of a campaign."""
    app().publishing.publish(campaign_id)


@task(TaskName.MAIL_FEEDBACK)
def mail_feedback(tenant_id: str) -> None:
    """Read what came back: the bounce mailboxes, the relay's log, refusals at the handing over, and what the rates ask for."""
    follow_relay_log(app())
    mailboxes_of(app()).run(tenant_id)
    intake_of(app()).round(tenant_id)


@task(TaskName.REMIND)
def remind(tenant_id: str) -> None:
    """Recall to people what only they can do."""
    app().reminders.remind(tenant_id)


@task(TaskName.TIDY_MESSAGES)
def tidy_messages() -> None:
    """Make partitions of coming months, and let messages go that have had their time."""
    app().retention.tidy()
