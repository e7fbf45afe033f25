"""The versions of an office's templates, with who wrote them."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketing.db.models import MailTemplateVersion, User
from marketing.domain.types import EmailType


def standing_numbers(session: Session, tenant_id: str) -> Mapping[tuple[EmailType, str], int]:
    """Return the version in force of every template that is not the shipped one."""
    newest = (
        select(
            MailTemplateVersion.email_type,
            MailTemplateVersion.variant,
            func.max(MailTemplateVersion.number).label("number"),
        )
        .where(MailTemplateVersion.tenant_id == tenant_id)
        .group_by(MailTemplateVersion.email_type, MailTemplateVersion.variant)
        .subquery()
    )
    query = select(MailTemplateVersion.email_type, MailTemplateVersion.variant, MailTemplateVersion.number).join(
        newest,
        (MailTemplateVersion.email_type == newest.c.email_type)
        & (MailTemplateVersion.variant == newest.c.variant)
        & (MailTemplateVersion.number == newest.c.number),
    )
    rows = session.execute(query.where(MailTemplateVersion.tenant_id == tenant_id, MailTemplateVersion.mjml != ""))
    return {(EmailType(kind), variant): number for kind, variant, number in rows}


def names_of(session: Session, tenant_id: str) -> Mapping[int, str]:
    """Return the names of those who wrote versions, by id."""
    query = (
        select(User.id, User.name)
        .join(MailTemplateVersion, MailTemplateVersion.created_by == User.id)
        .where(MailTemplateVersion.tenant_id == tenant_id)
        .distinct()
    )
    return dict(session.execute(query).all())
