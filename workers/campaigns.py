"""Start campaigns, plan the rest of them, and run automations."""

from marketing.queue import TaskName
from workers.app import app, task

START_SECONDS = 0.05
"""Order mail waits in the same lane: what a start has not planned by then is planned in bulk."""
TURN_SECONDS = 0.25
"""Then whoever waits behind a plan has a turn: where there is one worker only, the plan's own first messages."""


@task(TaskName.START_CAMPAIGN)
def start_campaign(campaign_id: int) -> None:
    """Freeze the audience of a due campaign and plan its first messages, ahead of whatever goes out in bulk just now."""
    _plan(TaskName.START_CAMPAIGN, campaign_id, turn=START_SECONDS)


@task(TaskName.PLAN_CAMPAIGN)
def plan_campaign(campaign_id: int) -> None:
    """Go on with a plan for one turn."""
    _plan(TaskName.PLAN_CAMPAIGN, campaign_id, turn=TURN_SECONDS)


def _plan(name: TaskName, campaign_id: int, *, turn: float) -> None:
    app().queue.begun(name, campaign_id=campaign_id)
    if not app().planner.start(campaign_id, turn=turn):
        app().queue.send(TaskName.PLAN_CAMPAIGN, campaign_id=campaign_id)


@task(TaskName.RUN_AUTOMATION)
def run_automation(tenant_id: str, slug: str) -> None:
    """Run one automation of one tenant."""
    app().automations.run(tenant_id, slug)


@task(TaskName.ORDER_MAIL)
def order_mail(tenant_id: str) -> None:
    """Send what happened to orders, in the transactional lane."""
    for slug in ("transaksi", "transaksi-whatsapp"):
        app().automations.run(tenant_id, slug)
