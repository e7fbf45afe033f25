"""Start campaigns and run automations."""

from marketing.queue import TaskName
from workers.app import app, task

TURN_SECONDS = 0.25
"""Then whoever waits behind a plan has a turn: where there is one worker only, the plan's own first messages."""


@task(TaskName.START_CAMPAIGN)
def start_campaign(campaign_id: int) -> None:
    """Freeze the audience of a due campaign."""
    if not app().planner.start(campaign_id, turn=TURN_SECONDS):
        app().queue.send(TaskName.START_CAMPAIGN, campaign_id=campaign_id)


@task(TaskName.RUN_AUTOMATION)
def run_automation(tenant_id: str, slug: str) -> None:
    """Run one automation of one tenant."""
    app().automations.run(tenant_id, slug)


@task(TaskName.ORDER_MAIL)
def order_mail(tenant_id: str) -> None:
    """Send what happened to orders, in the transactional lane."""
    app().automations.run(tenant_id, "transaksi")
