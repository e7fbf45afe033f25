"""Templates of WhatsApp: submitted to Meta, taken in from there on schedule and as Meta's webhook tells of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.channels.errors import ChannelError, ReconnectError
from marketing.channels.social import Access
from marketing.channels.whatsapp.cloud import WABA, Open
from marketing.channels.whatsapp.cloud_door import WhatsAppDoor, asked
from marketing.channels.whatsapp.webhook import TemplateFact, TemplateNews
from marketing.db.models import ChannelAccount, User, WhatsAppTemplate
from marketing.db.session import Database
from marketing.domain.account import TRANSITIONS, AccountState
from marketing.domain.sealing import Sealer
from marketing.domain.transitions import change
from marketing.domain.types import Role
from marketing.domain.whatsapp_template import (
    SENDABLE,
    Draft,
    TemplateState,
    faults_of,
    holes,
    shape_of,
    state_of,
    submission,
)
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _
from marketing.observability import get_logger
from marketing.social import sealed
from marketing.social.whatsapp_numbers import standing

KEEPERS: Final = (Role.MARKETER, Role.OPERATOR)
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WhatsAppTemplates:
    """What is done with templates; each act of a person stands in the audit log."""

    database: Database
    sealer: Sealer
    open_client: Open
    clock: Callable[[], datetime]

    def sync(self, tenant_id: str) -> int:
        """Take in every template of the Daerah's numbers and what Meta allows them; returns how many templates stand there.

        ChannelError of the first number that could not be asked, after the others were.
        """
        with self.database.read() as session:
            numbers = [row.id for row in standing(session, tenant_id) if row.state is not AccountState.RECONNECT]
        count, failed = 0, None
        for account_id in numbers:
            try:
                count += self._sync(account_id)
            except ChannelError as error:
                log.warning("WhatsApp templates were not taken in", account=account_id, reason=type(error).__name__)
                failed = failed or error
                if isinstance(error, ReconnectError):
                    self._lost(account_id, str(error))
        if failed is not None:
            raise failed
        return count

    def submit(self, user: User, draft: Draft) -> int:
        """Submit a template for approval under the Daerah's number; returns its row. InvalidInputError names every fault."""
        require_role(user, *KEEPERS)
        if faults := faults_of(draft):
            raise InvalidInputError(" ".join(faults), field="body")
        account_id, access = self._first(user.tenant_id)
        content = submission(draft)
        client = self.open_client(access)
        try:
            given = asked(lambda: client.create_template(str(access.settings[WABA]), content))
        finally:
            client.close()
        now = self.clock()
        facts = {**content, "id": given.get("id"), "status": given.get("status")}
        facts["category"] = given.get("category") or content["category"]
        with self.database.write() as session:
            row = _put(session, user.tenant_id, account_id, facts, now)
            session.flush()
            self._audit(session, user, "submit", row)
            return row.id

    def remove(self, user: User, template_id: int) -> None:
        """Delete one language of a template at Meta; its name cannot be used again for 30 days."""
        require_role(user, *KEEPERS)
        with self.database.read() as session:
            row = session.get(WhatsAppTemplate, template_id)
            if row is None or row.tenant_id != user.tenant_id:
                raise NotFoundError(_("Templat ini tidak ada."))
            account = session.get_one(ChannelAccount, row.account_id)
            access, name, remote_id = self._access(account), row.name, row.remote_id
        client = self.open_client(access)
        try:
            asked(lambda: client.delete_template(str(access.settings[WABA]), name, remote_id))
        finally:
            client.close()
        with self.database.write() as session:
            row = session.get_one(WhatsAppTemplate, template_id)
            row.state, row.told_at = TemplateState.DELETED, self.clock()
            self._audit(session, user, "remove", row)

    def told(self, account_id: int, news: TemplateNews) -> bool:
        """Take in what the webhook says, unless something newer is known; False for a template that we have not seen yet."""
        with self.database.write() as session:
            row = session.scalars(
                select(WhatsAppTemplate)
                .where(
                    WhatsAppTemplate.account_id == account_id,
                    WhatsAppTemplate.name == news.name,
                    WhatsAppTemplate.language == news.language,
                )
                .with_for_update()
            ).one_or_none()
            if row is None:
                return False
            if news.at < row.told_at:
                return True
            row.told_at = news.at
            match news.fact:
                case TemplateFact.STATE:
                    row.state, row.reason = state_of(news.value), news.reason
                case TemplateFact.QUALITY:
                    row.quality = news.value.lower()
                case TemplateFact.CATEGORY:
                    _recategorise(row, news.value)
            return True

    def _sync(self, account_id: int) -> int:
        with self.database.read() as session:
            account = session.get_one(ChannelAccount, account_id)
            tenant_id, access = account.tenant_id, self._access(account)
        known = WhatsAppDoor(self.open_client).known(access)
        begun = self.clock()
        client = self.open_client(access)
        try:
            listed = asked(lambda: list(client.templates(str(access.settings[WABA]))))
        finally:
            client.close()
        with self.database.write() as session:
            account = session.get_one(ChannelAccount, account_id, with_for_update=True)
            account.settings, account.name = {**account.settings, **known.settings}, known.name
            rows = [_put(session, tenant_id, account_id, facts, begun) for facts in listed if facts.get("name")]
            session.flush()
            there = {row.id for row in rows}
            for row in session.scalars(select(WhatsAppTemplate).where(WhatsAppTemplate.account_id == account_id)):
                if row.id not in there and row.told_at <= begun:
                    row.state, row.synced_at = TemplateState.DELETED, begun
        return len(rows)

    def _first(self, tenant_id: str) -> tuple[int, Access]:
        with self.database.read() as session:
            row = next((row for row in standing(session, tenant_id) if row.state is not AccountState.RECONNECT), None)
            if row is None:
                raise InvalidInputError(_("Belum ada nomor WhatsApp yang terhubung. Hubungkan nomornya lebih dahulu."))
            return row.id, self._access(row)

    def _access(self, row: ChannelAccount) -> Access:
        access = sealed.opened(row, self.sealer)
        if access is None:
            raise InvalidInputError(_("Izin nomor ini tidak ada lagi. Hubungkan nomornya sekali lagi."))
        return access

    def _lost(self, account_id: int, reason: str) -> None:
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, account_id, with_for_update=True)
            if AccountState.RECONNECT in TRANSITIONS[row.state]:
                row.state, row.state_reason = change(TRANSITIONS, row.state, AccountState.RECONNECT), reason

    def _audit(self, session: Session, user: User, act: str, row: WhatsAppTemplate) -> None:
        write_audit(
            session,
            tenant_id=user.tenant_id,
            user_id=user.id,
            action=f"whatsapp_template.{act}",
            subject=f"whatsapp_template:{row.id}",
            now=self.clock(),
            details={"name": row.name, "language": row.language},
        )


def usable(session: Session, tenant_id: str) -> Sequence[WhatsAppTemplate]:
    """Return the templates that may be sent now and that we can fill, of numbers that stand."""
    query = (
        select(WhatsAppTemplate)
        .join(ChannelAccount, ChannelAccount.id == WhatsAppTemplate.account_id)
        .where(
            WhatsAppTemplate.tenant_id == tenant_id,
            WhatsAppTemplate.state.in_(SENDABLE),
            WhatsAppTemplate.sendable,
            ChannelAccount.state == AccountState.ACTIVE,
        )
    )
    return session.scalars(query.order_by(WhatsAppTemplate.name, WhatsAppTemplate.language)).all()


def _put(
    session: Session, tenant_id: str, account_id: int, facts: Mapping[str, Any], now: datetime
) -> WhatsAppTemplate:
    """Write one template as Meta lists it, unless a webhook told something newer of its state."""
    name, language = str(facts["name"]), str(facts.get("language") or "")
    row = session.scalars(
        select(WhatsAppTemplate)
        .where(
            WhatsAppTemplate.account_id == account_id,
            WhatsAppTemplate.name == name,
            WhatsAppTemplate.language == language,
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        row = WhatsAppTemplate(tenant_id=tenant_id, account_id=account_id, name=name, language=language, created_at=now)
        row.category, row.previous_category, row.told_at = str(facts.get("category", "")).lower(), "", now
        row.state, row.quality, row.reason = state_of(facts.get("status")), "", ""
        session.add(row)
    shape = shape_of(facts.get("components"))
    row.remote_id, row.synced_at = str(facts.get("id") or ""), now
    row.header, row.header_text, row.footer = shape.header, shape.header_text, shape.footer
    row.body, row.body_count = shape.body, holes(shape.body)
    row.buttons, row.sendable = [asdict(button) for button in shape.buttons], shape.fillable
    if row.told_at <= now:
        row.state, row.told_at = state_of(facts.get("status")), now
        row.reason = _word(facts.get("rejected_reason"))
        score = facts.get("quality_score")
        row.quality = str(score.get("score", "")).lower() if isinstance(score, dict) else row.quality
        _recategorise(row, str(facts.get("category", "")))
    return row


def _recategorise(row: WhatsAppTemplate, category: str) -> None:
    new = category.lower()
    if new and new != row.category:
        log.warning("Meta changed a template's category", template=row.id, before=row.category, now=new)
        row.previous_category, row.category = row.category, new


def _word(found: object) -> str:
    text = str(found or "")
    return "" if text.upper() == "NONE" else text[:200]
