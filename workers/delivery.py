"""Deliver and publish."""

from marketing.feedback import follow_relay_log, intake_of, mailboxes_of
from marketing.queue import TaskName
from workers.app import app, task

BATCHES = 10  # then the task gives its place to others and asks for another turn


@task(TaskName.DELIVER)
def deliver(campaign_id: int) -> None:
    """Hand over queued messages of a campaign, a bounded number per turn."""
    if app().pipeline.deliver(campaign_id, batches=BATCHES):
        app().queue.send(TaskName.DELIVER, campaign_id=campaign_id)


@task(TaskName.DELIVER_TRANSACTIONAL)
def deliver_transactional(campaign_id: int) -> None:
    """Hand over order mail in its own lane."""
    if app().pipeline.deliver(campaign_id, batches=BATCHES):
        app().queue.send(TaskName.DELIVER_TRANSACTIONAL, campaign_id=campaign_id)


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


@task(TaskName.TIDY_MESSAGES)
def tidy_messages() -> None:
    """Make partitions of coming months, and let messages go that have had their time."""
    app().retention.tidy()
