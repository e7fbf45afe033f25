"""What bots are told and say."""

from marketing.queue import TaskName
from marketing.telegram import lines_of
from workers.app import app, task


@task(TaskName.TELEGRAM_SAY)
def telegram_say(event_id: int) -> None:
    """Say one answer of a bot."""
    lines_of(app()).say(event_id)


@task(TaskName.TELEGRAM_ROUND)
def telegram_round(tenant_id: str) -> None:
    """Ask what bots without a webhook were told, and say what still waits."""
    lines_of(app()).round(tenant_id)
