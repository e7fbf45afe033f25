"""Mail what asks for a confirmation, and what answers a request."""

from marketing.privacy import privacy_of
from marketing.queue import TaskName
from workers.app import app, task


@task(TaskName.SUBSCRIPTION_MAIL)
def subscription_mail(subscription_id: int) -> None:
    """Send the confirmation of one wish."""
    app().subscriptions.mail(subscription_id)


@task(TaskName.REQUEST_MAIL)
def request_mail() -> None:
    """Send the answers to requests that met a relay which could not take them then."""
    privacy_of(app()).tell_waiting()
