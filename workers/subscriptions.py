"""Mail what asks for a confirmation."""

from marketing.queue import TaskName
from workers.app import app, task


@task(TaskName.SUBSCRIPTION_MAIL)
def subscription_mail(subscription_id: int) -> None:
    """Send the confirmation of one wish."""
    app().subscriptions.mail(subscription_id)
