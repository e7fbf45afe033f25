"""The templates that an office wrote itself: saved only when nothing speaks against them, with every version kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.db.models import MailTemplateVersion, Tenant
from marketing.domain.campaign import NEWEST_TEMPLATE, CampaignContent
from marketing.domain.types import EmailType
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _
from marketing.templates.compiler import TemplateSource, shipped_source
from marketing.templates.override import Refusal, refusals
from marketing.templates.registry import MailTemplate
from marketing.tenants.profile import TenantProfile

SHIPPED: Final = 0
LONGEST_NOTE: Final = 300


class TemplateRefusedError(InvalidInputError):
    """The template may not be used; `refusals` say why, each with its line."""

    def __init__(self, found: Sequence[Refusal]) -> None:
        lines = "; ".join(
            f"{one.part} {one.line}: {one.text}" if one.line else f"{one.part}: {one.text}" for one in found
        )
        super().__init__(_("Templat ditolak. {lines}").format(lines=lines), field="templat")
        self.refusals = tuple(found)


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes a template, when and why; the command line has no user."""

    user_id: int | None
    note: str
    at: datetime


def history(session: Session, tenant_id: str, email_type: EmailType, variant: str) -> list[MailTemplateVersion]:
    """Return the versions of a template, the newest first."""
    return list(session.scalars(_versions(tenant_id, email_type, variant)))


def in_force(session: Session, tenant_id: str, email_type: EmailType, variant: str) -> int:
    """Return the number of the version that a new campaign gets; 0 is the shipped template."""
    newest = session.scalars(_versions(tenant_id, email_type, variant).limit(1)).first()
    return newest.number if newest is not None and newest.mjml else SHIPPED


def standing_source(session: Session, tenant_id: str, template: MailTemplate) -> TemplateSource | None:
    """Return the office's own source that is in force; None is the shipped one."""
    number = in_force(session, tenant_id, template.email_type, template.variant)
    return source_of(session, tenant_id, template, number) if number else None


def source_of(session: Session, tenant_id: str, template: MailTemplate, number: int) -> TemplateSource:
    """Return the two parts of one version; number 0, and a version that went back to it, are the shipped template."""
    if number == SHIPPED:
        return shipped_source(template.email_type, template.variant)
    query = _versions(tenant_id, template.email_type, template.variant).where(MailTemplateVersion.number == number)
    row = session.scalars(query).first()
    if row is None:
        raise NotFoundError(_("Versi {number} dari templat ini tidak ada.").format(number=number))
    return TemplateSource(row.mjml, row.text) if row.mjml else source_of(session, tenant_id, template, SHIPPED)


def pinned_source(session: Session, tenant_id: str, content: CampaignContent) -> TemplateSource | None:
    """Return the template that a campaign's version was written for; None is the shipped one."""
    number = content.template
    if number == NEWEST_TEMPLATE:
        number = in_force(session, tenant_id, content.email_type, content.variant)
    if number == SHIPPED:
        return None
    query = _versions(tenant_id, content.email_type, content.variant).where(MailTemplateVersion.number == number)
    row = session.scalars(query).one()  # append-only: what was pinned is there
    return TemplateSource(row.mjml, row.text) if row.mjml else None


def save(
    session: Session,
    profile: TenantProfile,
    template: MailTemplate,
    source: TemplateSource,
    change: Change,
) -> MailTemplateVersion:
    """Write a new version, in force for everything written from now on; TemplateRefusedError says what speaks against it."""
    source = TemplateSource(_unified(source.mjml), _unified(source.text))
    found = refusals(source, template, profile)
    if found:
        raise TemplateRefusedError(found)
    return _write(session, profile.id, template, source, change)


def restore(
    session: Session,
    profile: TenantProfile,
    template: MailTemplate,
    number: int,
    change: Change,
) -> MailTemplateVersion:
    """Put an earlier version in force, as a new one; number 0 is the shipped template. It is examined anew."""
    if number == SHIPPED:
        return _write(session, profile.id, template, TemplateSource("", ""), change)
    query = _versions(profile.id, template.email_type, template.variant).where(MailTemplateVersion.number == number)
    row = session.scalars(query).first()
    if row is None or not row.mjml:
        raise NotFoundError(_("Versi {number} dari templat ini tidak ada.").format(number=number))
    return save(session, profile, template, TemplateSource(row.mjml, row.text), change)


def _write(
    session: Session,
    tenant_id: str,
    template: MailTemplate,
    source: TemplateSource,
    change: Change,
) -> MailTemplateVersion:
    session.get(Tenant, tenant_id, with_for_update={"key_share": True})  # numbers follow one another
    newest = session.scalars(_versions(tenant_id, template.email_type, template.variant).limit(1)).first()
    row = MailTemplateVersion(
        tenant_id=tenant_id,
        email_type=template.email_type,
        variant=template.variant,
        number=newest.number + 1 if newest else 1,
        mjml=source.mjml,
        text=source.text,
        note=change.note.strip()[:LONGEST_NOTE],
        created_by=change.user_id,
        created_at=change.at,
    )
    session.add(row)
    session.flush()
    write_audit(
        session,
        tenant_id=tenant_id,
        user_id=change.user_id,
        action="mail_template.save" if source.mjml else "mail_template.shipped",
        subject=f"mail_template:{template.email_type}/{template.variant}",
        now=change.at,
        details={"number": row.number},
    )
    return row


def _versions(tenant_id: str, email_type: EmailType, variant: str) -> Select[MailTemplateVersion]:
    return (
        select(MailTemplateVersion)
        .where(
            MailTemplateVersion.tenant_id == tenant_id,
            MailTemplateVersion.email_type == email_type,
            MailTemplateVersion.variant == variant,
        )
        .order_by(MailTemplateVersion.number.desc())
    )


def _unified(text: str) -> str:
    """Return the text with plain line ends: browsers send CRLF, and lines are counted."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
