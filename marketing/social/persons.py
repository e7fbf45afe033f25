"""Who finishes by hand what an account cannot do by itself, and groups that are nothing but a name and such a person."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.accounts.channel_acts import ChannelActs
from marketing.channels.social import Access, SocialProvider
from marketing.db.models import ChannelAccount, RoleGrant, User
from marketing.domain.account import AccountState
from marketing.domain.share_task import DOERS
from marketing.domain.text import one_line
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.social.accounts import KEEPERS, SocialAccounts
from marketing.social.publishers import MEMORY

LONGEST_NAME: Final = 100
"""Characters; WhatsApp's own limit for the name of a group."""


def possible_persons(session: Session, tenant_id: str) -> Sequence[User]:
    """Return who may be named, by name: active people of this Daerah whose role lets them finish tasks."""
    doers = select(RoleGrant.user_id).where(RoleGrant.role.in_(DOERS))
    query = select(User).where(User.tenant_id == tenant_id, User.is_active, User.id.in_(doers))
    return session.scalars(query.order_by(User.name, User.id)).all()


def named_accounts(session: Session, tenant_id: str) -> Sequence[ChannelAccount]:
    """Return the accounts on social channels that have not been let go."""
    query = select(ChannelAccount).where(
        ChannelAccount.tenant_id == tenant_id,
        ChannelAccount.provider.in_(list(SocialProvider)),
        ChannelAccount.provider != SocialProvider.WHATSAPP_CLOUD,
        ChannelAccount.state != AccountState.REMOVED,
    )
    return session.scalars(query.order_by(ChannelAccount.id)).all()


def add_group(accounts: SocialAccounts, user: User, name: str, person_id: int | None) -> int:
    """Connect a WhatsApp group under its name with its administrator; returns the account's number.

    The same name is the same group. InvalidInputError for an empty or long name and for a person who may not be named.
    """
    said = " ".join(one_line(name).split())
    slug = re.sub(r"[^a-z0-9]+", "-", said.lower()).strip("-")
    if not slug or len(said) > LONGEST_NAME:
        raise InvalidInputError(
            _("Tulis nama grup persis seperti di WhatsApp, paling panjang {limit} huruf.").format(limit=LONGEST_NAME),
            field="nama",
        )
    with accounts.database.read() as session:
        _check(session, user.tenant_id, person_id)
    account_id = accounts.connect(user, Access(SocialProvider.WHATSAPP_GROUP, f"{user.tenant_id}:{slug}", said))
    name_person(accounts, user, account_id, person_id)
    return account_id


def name_person(accounts: SocialAccounts, user: User, account_id: int, person_id: int | None) -> None:
    """Say who is asked from now on; None is the whole office. What was asked for already stays whose it is."""
    acts = ChannelActs(accounts.database, accounts.clock, lambda row: row.provider in set(SocialProvider))
    with acts.held(user, account_id, KEEPERS, "person", {"person": person_id}) as (session, row):
        _check(session, user.tenant_id, person_id)
        row.person_id = person_id


def account_address(row: ChannelAccount) -> str:
    """Return where people see the account's posts; empty where it has no address, or we do not know it."""
    kept: Mapping[str, Any] = row.report.get(MEMORY, {})
    match row.provider:
        case SocialProvider.FACEBOOK:
            return f"https://www.facebook.com/{quote(row.remote_id, safe='')}"
        case SocialProvider.INSTAGRAM:
            return f"https://www.instagram.com/{row.name}/" if re.fullmatch(r"[A-Za-z0-9._]{1,30}", row.name) else ""
        case SocialProvider.TIKTOK:
            name = str(kept.get("username", ""))
            return f"https://www.tiktok.com/@{quote(name, safe='')}" if name else ""
        case SocialProvider.TELEGRAM:
            name = str(row.settings.get("username", "")) or row.remote_id.removeprefix("@")
            return f"https://t.me/{name}" if re.fullmatch(r"[A-Za-z]\w{3,31}", name, re.ASCII) else ""
        case _:
            return ""


def _check(session: Session, tenant_id: str, person_id: int | None) -> None:
    if person_id is not None and person_id not in {one.id for one in possible_persons(session, tenant_id)}:
        raise InvalidInputError(
            _("Pilih orang Dinas yang berperan pemasar, penyetuju, tim pengelola, atau pendamping."), field="petugas"
        )
