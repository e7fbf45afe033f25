"""The bounce mailboxes of a Daerah as operators handle them: keep, try, forget; passwords are sealed, acts are audited."""

import json
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.channels.email.inbound.imap import Arrived, Cursor, MailboxAddress
from marketing.channels.email.verp import LOCAL_PART
from marketing.channels.errors import TemporaryError
from marketing.db.models import ChannelAccount, InboundMail
from marketing.db.session import Database
from marketing.domain.account import AccountState
from marketing.domain.sealing import Sealer
from marketing.domain.types import ChannelName
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import gettext as _

PROVIDER: Final = "imap"
SEALED_AS: Final = "bounce-mailbox"
BROKEN: Final = timedelta(hours=1)
_DOMAIN: Final = re.compile(
    r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
)


class OpenMailbox(Protocol):
    """What a mailbox lets do; `marketing.channels.email.inbound.imap` speaks IMAP."""

    validity: int

    def after(self, cursor: Cursor, limit: int) -> Sequence[int]:
        """Return the ids of mails not read yet."""
        ...

    def fetch(self, uids: Sequence[int]) -> list[Arrived]:
        """Return mails."""
        ...

    def put_away(self, uids: Sequence[int]) -> None:
        """Move mails away."""
        ...


Connect = Callable[[MailboxAddress], AbstractContextManager[OpenMailbox]]


@dataclass(frozen=True, slots=True)
class MailboxAccounts:
    """What operators may do with bounce mailboxes."""

    database: Database
    sealer: Sealer
    connect: Connect
    clock: Callable[[], datetime]

    def add(self, tenant_id: str, address: MailboxAddress, *, return_domain: str = "") -> int:
        """Keep a mailbox, or its new way in; returns its row. The password is sealed.

        `return_domain` is the domain whose return paths (`marketing.channels.email.verp`) arrive there; empty: our mails name
        no return path of their own, and what comes back is known by the headers that it gives back. InvalidInputError for none.
        """
        return_domain = return_domain.strip().lower() or own_domain(address.user)
        if return_domain and not _DOMAIN.fullmatch(return_domain):
            raise InvalidInputError(_("Domain hanya huruf, angka, titik dan garis."), field="return_domain")
        now, at_host = self.clock(), f"{address.user}@{address.host}"
        name = address.user if "@" in address.user else at_host
        with self.database.write() as session:
            query = select(ChannelAccount).where(
                ChannelAccount.tenant_id == tenant_id,
                ChannelAccount.provider == PROVIDER,
                ChannelAccount.remote_id == at_host,
            )
            row = session.scalars(query.with_for_update()).first()
            if row is None:
                row = ChannelAccount(
                    tenant_id=tenant_id,
                    channel=ChannelName.EMAIL,
                    provider=PROVIDER,
                    remote_id=at_host,
                    report={},
                    created_at=now,
                )
                session.add(row)
            row.name, row.state, row.state_reason, row.updated_at = name, AccountState.ACTIVE, "", now
            row.sealed_credentials = self.sealer.seal(
                SEALED_AS, json.dumps({"user": address.user, "password": address.password})
            )
            row.settings = {
                "host": address.host,
                "port": address.port,
                "tls": address.tls,
                "folder": address.folder,
                "done_folder": address.done_folder,
                "return_domain": return_domain,
            }
            session.flush()
            self._audit(session, row, "mailbox.kept")
            return row.id

    def remove(self, tenant_id: str, account_id: int) -> None:
        """Forget a mailbox and its password; NotFoundError for another Daerah's."""
        with self.database.write() as session:
            row = session.get(ChannelAccount, account_id, with_for_update=True)
            if row is None or row.tenant_id != tenant_id or row.provider != PROVIDER:
                raise NotFoundError(_("Kotak surat ini tidak ada."))
            row.state, row.sealed_credentials, row.updated_at = AccountState.REMOVED, "", self.clock()
            self._audit(session, row, "mailbox.removed")

    def try_out(self, account_id: int) -> str:
        """Open a mailbox and close it; returns the code of what is wrong, empty when nothing is."""
        with self.database.read() as session:
            account = session.get_one(ChannelAccount, account_id)
        try:
            with self.connect(address_of(account, self.sealer)):
                return ""
        except TemporaryError as error:
            return str(error)

    def outcomes(self, tenant_id: str) -> dict[str, int]:
        """Return how many incoming mails had which outcome so far."""
        query = select(InboundMail.outcome, func.count()).where(InboundMail.tenant_id == tenant_id)
        with self.database.read() as session:
            return dict(session.execute(query.group_by(InboundMail.outcome)).all())

    def problems(self, tenant_id: str) -> dict[str, str]:
        """Return the mailboxes that could not be read the last time, with the code of why."""
        with self.database.read() as session:
            rows = session.scalars(active(tenant_id)).all()
        return {row.name: problem for row in rows if (problem := str(row.report.get("problem", "")))}

    def _audit(self, session: Session, row: ChannelAccount, action: str) -> None:
        write_audit(
            session,
            tenant_id=row.tenant_id,
            user_id=None,
            action=action,
            subject=f"channel_account:{row.id}",
            now=self.clock(),
            details={"host": row.settings.get("host", "")},
        )


def own_domain(user: str) -> str:
    """Return the domain of a mailbox that is called as our return paths are; empty for any other."""
    local, _at, domain = user.partition("@")
    return domain.lower() if local.lower() == LOCAL_PART else ""


def active(tenant_id: str) -> Select[ChannelAccount]:
    """Return the query for the mailboxes that are read."""
    return (
        select(ChannelAccount)
        .where(
            ChannelAccount.tenant_id == tenant_id,
            ChannelAccount.channel == ChannelName.EMAIL,
            ChannelAccount.provider == PROVIDER,
            ChannelAccount.state == AccountState.ACTIVE,
        )
        .order_by(ChannelAccount.id)
    )


def address_of(account: ChannelAccount, sealer: Sealer) -> MailboxAddress:
    """Return where the mailbox of a row is; TemporaryError when what it holds is none (any more)."""
    try:
        secret = json.loads(sealer.open(SEALED_AS, account.sealed_credentials))
        return MailboxAddress(
            host=str(account.settings["host"]),
            port=int(account.settings["port"]),
            tls=account.settings["tls"],
            user=str(secret["user"]),
            password=str(secret["password"]),
            folder=str(account.settings.get("folder", "INBOX")),
            done_folder=str(account.settings.get("done_folder", "Siar")),
        )
    except (KeyError, TypeError, ValueError):
        raise TemporaryError("settings", BROKEN) from None
