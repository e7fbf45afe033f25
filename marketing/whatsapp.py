"""The use cases of WhatsApp's Cloud API, put together from an App."""

from marketing.bootstrap import App
from marketing.channels.errors import ChannelError
from marketing.channels.whatsapp.cloud import Open, opening
from marketing.contacts.leaving_by_chat import ChatLeaving
from marketing.delivery.whatsapp_intake import WhatsAppIntake
from marketing.domain.sealing import Sealer
from marketing.observability import get_logger
from marketing.social.whatsapp_inbox import WhatsAppInbox
from marketing.social.whatsapp_numbers import WhatsAppNumbers
from marketing.social.whatsapp_templates import WhatsAppTemplates

log = get_logger(__name__)


def templates_of(app: App) -> WhatsAppTemplates:
    """Return what is done with templates."""
    return WhatsAppTemplates(app.database, _sealer(app), _opening(app), app.clock)


def inbox_of(app: App) -> WhatsAppInbox:
    """Return what deals with Meta's webhook."""
    return WhatsAppInbox(
        database=app.database,
        numbers=WhatsAppNumbers(app.database, _sealer(app), app.clock),
        templates=templates_of(app),
        leaving=ChatLeaving(app.database, app.settings.signing_key, app.clock),
        intake=_intake(app),
        open_client=_opening(app),
        clock=app.clock,
    )


def look_after(app: App, tenant_id: str) -> None:
    """Do what is due now and then: take in templates and limits, forget what is kept for a while only, and what the sending itself learnt of persons."""
    try:
        templates_of(app).sync(tenant_id)
    except ChannelError as error:
        log.warning("WhatsApp could not be asked for templates", tenant=tenant_id, reason=str(error))
    inbox_of(app).forget(tenant_id)
    _intake(app).round(tenant_id)


def _intake(app: App) -> WhatsAppIntake:
    return WhatsAppIntake(app.database, app.signer, app.settings.signing_key, app.clock)


def _opening(app: App) -> Open:
    settings = app.settings
    return opening(settings.meta_app_secret.get_secret_value(), settings.whatsapp_host or settings.meta_host)


def _sealer(app: App) -> Sealer:
    return app.settings.sealer
