"""Keep the templates of WhatsApp as Meta has them."""

from marketing.queue import TaskName
from marketing.whatsapp import look_after
from workers.app import app, task


@task(TaskName.WHATSAPP_TEMPLATES)
def whatsapp_templates(tenant_id: str) -> None:
    """Take in the templates of a tenant's numbers and what Meta allows them."""
    look_after(app(), tenant_id)
