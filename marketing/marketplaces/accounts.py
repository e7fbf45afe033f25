"""Accounts as people handle them: connect, pause, resume, remove, choose what goes out; each act stands in the audit log."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.users import require_role
from marketing.channels.marketplace.errors import Failure
from marketing.channels.marketplace.port import Provider
from marketing.db.models import Business, ChannelAccount, MarketplaceListing, User
from marketing.db.session import Database
from marketing.domain.account import TRANSITIONS, AccountState
from marketing.domain.listing import TRANSITIONS as LISTING_TRANSITIONS
from marketing.domain.listing import ListingState
from marketing.domain.sealing import Sealer
from marketing.domain.transitions import change
from marketing.domain.types import ChannelName, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.marketplaces import sealed
from marketing.marketplaces.gateway import Connected
from marketing.marketplaces.ledger import close_withdrawals
from marketing.marketplaces.listing_round import offer_again
from marketing.marketplaces.offering import AUTO, CHOICES
from marketing.marketplaces.shop import open_shop
from marketing.marketplaces.tokens import TokenKeeper

KEEPERS: Final = (Role.MARKETER, Role.OPERATOR)
OPERATORS: Final = (Role.OPERATOR,)
TRIAL_SKU: Final = "siar-uji-sambungan"  # nothing stands under it: the look-up only proves that the door is open


@dataclass(frozen=True, slots=True)
class Accounts:
    """What people may do with accounts."""

    database: Database
    keeper: TokenKeeper
    sealer: Sealer
    clock: Callable[[], datetime]

    def store(self, user: User, provider: Provider, connected: Connected, business_id: int | None) -> int:
        """Keep a shop whose owner has agreed, new or again; InvalidInputError when it is somebody else's already."""
        require_role(user, *KEEPERS)
        now = self.clock()
        with self.database.write() as session:
            _check_business(session, user.tenant_id, business_id)
            row = _standing_row(session, user.tenant_id, provider, connected)
            if row is None:
                row = ChannelAccount(
                    tenant_id=user.tenant_id,
                    channel=ChannelName.MARKETPLACE,
                    provider=provider.value,
                    remote_id=connected.credentials.shop_id,
                    business_id=business_id,
                    state=AccountState.ACTIVE,
                    settings={AUTO: True},
                    report={},
                    created_at=now,
                )
                session.add(row)
            elif row.state is not AccountState.REMOVED and row.business_id != business_id:
                raise InvalidInputError(
                    _("Toko ini sudah terhubung untuk pemilik lain di sini. Lepaskan dahulu, lalu hubungkan lagi.")
                )
            if row.state is not AccountState.ACTIVE:
                row.state = change(TRANSITIONS, row.state, AccountState.ACTIVE)
            row.business_id, row.name, row.state_reason = business_id, connected.name, ""
            row.not_before, row.updated_at = None, now
            sealed.keep(row, connected.credentials, self.sealer)
            session.flush()
            _compare_anew(session, user.tenant_id)
            details = {"provider": provider.value, "business": business_id}
            self._audit(session, user, "connect", row.id, details)
            return row.id

    def pause(self, user: User, account_id: int) -> None:
        """Let nothing new go out; what is recalled still leaves."""
        with self._held(user, account_id, OPERATORS, "pause") as (_session, row):
            self._move(row, AccountState.PAUSED, _("Dijeda oleh petugas."))

    def resume(self, user: User, account_id: int) -> None:
        """Go on with a paused account; NotAllowedError when its owner must agree again first."""
        with self._held(user, account_id, OPERATORS, "resume") as (_session, row):
            self._move(row, AccountState.ACTIVE, "")
            row.not_before = None

    def remove(self, user: User, account_id: int) -> None:
        """Forget the access. What stands there stays; a recall then asks a person."""
        with self._held(user, account_id, OPERATORS, "remove") as (session, row):
            self._move(row, AccountState.REMOVED, _("Dilepas oleh petugas."))
            row.sealed_credentials, row.access_expires_at, row.refresh_expires_at = "", None, None
            _compare_anew(session, row.tenant_id)

    def set_auto(self, user: User, account_id: int, *, on: bool) -> None:
        """Choose whether everything fit for promotion is listed, or only what stood there before."""
        with self._held(user, account_id, KEEPERS, "auto", {"on": on}) as (_session, row):
            row.settings = {**row.settings, AUTO: on}
            row.listings_version = ""

    def set_choice(self, user: User, account_id: int, category: str, choice: Mapping[str, Any]) -> None:
        """Keep what the provider asks for a category of ours; the listings of the category are offered anew."""
        with self._held(user, account_id, KEEPERS, "choice", {"category": category}) as (_session, row):
            choices = {**row.settings.get(CHOICES, {}), category: dict(choice)}
            row.settings = {**row.settings, CHOICES: choices}
            row.listings_version = ""

    def retry(self, user: User, account_id: int) -> None:
        """Offer again what was refused, because somebody has mended something in the seller centre."""
        with self._held(user, account_id, KEEPERS, "retry"):
            pass
        offer_again(self.database, account_id, self.clock())

    def try_out(self, user: User, account_id: int) -> Failure | None:
        """Ask the shop something harmless; None when it answers. What was found is kept with its moment."""
        with self._held(user, account_id, KEEPERS, "try_out") as (_session, row):
            if row.state is AccountState.REMOVED:
                raise NotAllowedError(_("Akun ini sudah dilepas. Hubungkan lagi lebih dahulu."))
        with open_shop(self.keeper, account_id) as shop:
            answer = shop.ask(lambda market, now: market.find_by_sku(TRIAL_SKU, now))
        failure = None if isinstance(answer, tuple) else answer
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, account_id, with_for_update=True)
            told = {"at": self.clock().isoformat(), "problem": getattr(failure, "detail", "")}
            row.report = {**row.report, "trial": told}
        return failure

    def deleted_by_hand(self, user: User, listing_id: int) -> None:
        """Record that a named person has taken a listing off sale in the seller centre."""
        require_role(user, *KEEPERS)
        now = self.clock()
        with self.database.write() as session:
            row = session.get(MarketplaceListing, listing_id, with_for_update=True)
            if row is None or row.tenant_id != user.tenant_id:
                raise NotFoundError(_("Iklan ini tidak ada."))
            if not close_withdrawals(session, row.id, now, user.id):
                raise NotAllowedError(_("Iklan ini tidak menunggu dihapus."))
            if row.state is ListingState.CREATING:
                row.state = change(LISTING_TRANSITIONS, row.state, ListingState.UNCONFIRMED)
            if ListingState.UNLISTED in LISTING_TRANSITIONS[row.state]:
                row.state = change(LISTING_TRANSITIONS, row.state, ListingState.UNLISTED)
            row.reason, row.next_try_at, row.updated_at = _("Dihapus sendiri oleh petugas."), None, now
            write_audit(
                session,
                tenant_id=user.tenant_id,
                user_id=user.id,
                action="listing.deleted_by_hand",
                subject=f"listing:{listing_id}",
                now=now,
            )

    @contextmanager
    def _held(
        self, user: User, account_id: int, roles: tuple[Role, ...], act: str, details: Mapping[str, Any] | None = None
    ) -> Iterator[tuple[Session, ChannelAccount]]:
        """Lock an account of the person's own Daerah, and write the act into the audit log."""
        require_role(user, *roles)
        with self.database.write() as session:
            row = session.get(ChannelAccount, account_id, with_for_update=True)
            ours = row is not None and row.tenant_id == user.tenant_id and row.channel is ChannelName.MARKETPLACE
            if row is None or not ours:
                raise NotFoundError(_("Akun ini tidak ada."))
            yield session, row
            row.updated_at = self.clock()
            self._audit(session, user, act, account_id, details)

    @staticmethod
    def _move(row: ChannelAccount, new: AccountState, reason: str) -> None:
        if new not in TRANSITIONS[row.state]:
            raise NotAllowedError(_("Keadaan akun ini sudah berubah. Muat ulang halamannya."))
        row.state, row.state_reason = change(TRANSITIONS, row.state, new), reason

    def _audit(
        self, session: Session, user: User, act: str, account_id: int, details: Mapping[str, Any] | None = None
    ) -> None:
        write_audit(
            session,
            tenant_id=user.tenant_id,
            user_id=user.id,
            action=f"channel.{act}",
            subject=f"channel_account:{account_id}",
            now=self.clock(),
            details=details,
        )


def _check_business(session: Session, tenant_id: str, business_id: int | None) -> None:
    if business_id is None:
        return
    business = session.get(Business, business_id)
    if business is None or business.tenant_id != tenant_id or business.deleted_at is not None:
        raise NotFoundError(_("Usaha ini tidak ada di katalog."))


def _standing_row(session: Session, tenant_id: str, provider: Provider, connected: Connected) -> ChannelAccount | None:
    """Return our row of this shop; a shop serves one Daerah, because two would use up each other's refresh tokens."""
    query = select(ChannelAccount).where(
        ChannelAccount.provider == provider.value, ChannelAccount.remote_id == connected.credentials.shop_id
    )
    rows = list(session.scalars(query.with_for_update()))
    if any(row.tenant_id != tenant_id and row.state is not AccountState.REMOVED for row in rows):
        raise InvalidInputError(_("Toko ini sudah terhubung ke Daerah lain di pemasangan ini."))
    return next((row for row in rows if row.tenant_id == tenant_id), None)


def _compare_anew(session: Session, tenant_id: str) -> None:
    """Let every account of the Daerah be compared again: who has a shop of their own leaves that of the Dinas."""
    session.execute(update(ChannelAccount).where(ChannelAccount.tenant_id == tenant_id).values(listings_version=""))
