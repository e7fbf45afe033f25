"""The templates of WhatsApp as campaigns use them, read from what Meta last told of them."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketing.db.models import ChannelAccount, WhatsAppTemplate
from marketing.domain.account import AccountState
from marketing.domain.campaign import ChatTemplate
from marketing.domain.chat import Template
from marketing.domain.whatsapp_message import TemplateCategory
from marketing.domain.whatsapp_template import SENDABLE, Button, Shape


def find_template(session: Session, tenant_id: str, wanted: ChatTemplate) -> Template | None:
    """Return the template of this name and language on a number of the Daerah: one that may be sent, if there is any."""
    found = _templates(
        session, tenant_id, WhatsAppTemplate.name == wanted.name, WhatsAppTemplate.language == wanted.language
    )
    return max(found, key=lambda one: one.sendable, default=None)


def usable_templates(session: Session, tenant_id: str, category: TemplateCategory) -> list[Template]:
    """Return the templates of a category that Meta lets be sent now and that we can fill, by name."""
    found = _templates(session, tenant_id, WhatsAppTemplate.category == category.value)
    return list({one.value: one for one in found if one.sendable and one.shape.fillable}.values())


def _templates(session: Session, tenant_id: str, *where: ColumnElement[bool]) -> Iterable[Template]:
    query = (
        select(WhatsAppTemplate)
        .join(ChannelAccount, ChannelAccount.id == WhatsAppTemplate.account_id)
        .where(
            WhatsAppTemplate.tenant_id == tenant_id,
            ChannelAccount.state != AccountState.REMOVED,
            *where,
        )
        .order_by(WhatsAppTemplate.name, WhatsAppTemplate.language, WhatsAppTemplate.id)
    )
    return [_template(row) for row in session.scalars(query)]


def _template(row: WhatsAppTemplate) -> Template:
    known = set(TemplateCategory)
    return Template(
        name=row.name,
        language=row.language,
        category=TemplateCategory(row.category) if row.category in known else TemplateCategory.MARKETING,
        shape=Shape(row.body, row.header, row.header_text, row.footer, tuple(Button(**one) for one in row.buttons)),
        sendable=row.state in SENDABLE and row.sendable and row.category in known,
    )
