"""Accounts as people handle them: connect, pause, resume, remove, choose what goes out; each act stands in the audit log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.accounts.channel_acts import ChannelActs, move, standing_row
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
            elsewhere = _("Toko ini sudah terhubung ke Daerah lain di pemasangan ini.")
            shop_id = connected.credentials.shop_id
            row = standing_row(session, user.tenant_id, provider.value, shop_id, elsewhere=elsewhere)
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
            self._acts.audit(session, user, "connect", row.id, details)
            return row.id

    def pause(self, user: User, account_id: int) -> None:
        """Let nothing new go out; what is recalled still leaves."""
        with self._acts.held(user, account_id, OPERATORS, "pause") as (_session, row):
            move(row, AccountState.PAUSED, _("Dijeda oleh petugas."))

    def resume(self, user: User, account_id: int) -> None:
        """Go on with a paused account; NotAllowedError when its owner must agree again first."""
        with self._acts.held(user, account_id, OPERATORS, "resume") as (_session, row):
            move(row, AccountState.ACTIVE, "")
            row.not_before = None

    def remove(self, user: User, account_id: int) -> None:
        """Forget the access. What stands there stays; a recall then asks a person."""
        with self._acts.held(user, account_id, OPERATORS, "remove") as (session, row):
            move(row, AccountState.REMOVED, _("Dilepas oleh petugas."))
            row.sealed_credentials, row.access_expires_at, row.refresh_expires_at = "", None, None
            _compare_anew(session, row.tenant_id)

    def set_auto(self, user: User, account_id: int, *, on: bool) -> None:
        """Choose whether everything fit for promotion is listed, or only what stood there before."""
        with self._acts.held(user, account_id, KEEPERS, "auto", {"on": on}) as (_session, row):
            row.settings = {**row.settings, AUTO: on}
            row.listings_version = ""

    def set_choice(self, user: User, account_id: int, category: str, choice: Mapping[str, Any]) -> None:
        """Keep what the provider asks for a category of ours; the listings of the category are offered anew."""
        with self._acts.held(user, account_id, KEEPERS, "choice", {"category": category}) as (_session, row):
            choices = {**row.settings.get(CHOICES, {}), category: dict(choice)}
            row.settings = {**row.settings, CHOICES: choices}
            row.listings_version = ""

    def retry(self, user: User, account_id: int) -> None:
        """Offer again what was refused, because somebody has mended something in the seller centre."""
        with self._acts.held(user, account_id, KEEPERS, "retry"):
            pass
        offer_again(self.database, account_id, self.clock())

    def try_out(self, user: User, account_id: int) -> Failure | None:
        """Ask the shop something harmless; None when it answers. What was found is kept with its moment."""
        with self._acts.held(user, account_id, KEEPERS, "try_out") as (_session, row):
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

    @property
    def _acts(self) -> ChannelActs:
        return ChannelActs(self.database, self.clock, lambda row: row.channel is ChannelName.MARKETPLACE)


def _check_business(session: Session, tenant_id: str, business_id: int | None) -> None:
    if business_id is None:
        return
    business = session.get(Business, business_id)
    if business is None or business.tenant_id != tenant_id or business.deleted_at is not None:
        raise NotFoundError(_("Usaha ini tidak ada di katalog."))


def _compare_anew(session: Session, tenant_id: str) -> None:
    """Let every account of the Daerah be compared again: who has a shop of their own leaves that of the Dinas."""
    session.execute(update(ChannelAccount).where(ChannelAccount.tenant_id == tenant_id).values(listings_version=""))
