"""Recall (design section 7): what lost its standing leaves every place it stands, and each leaving is recorded.

Pages and feeds ask the gate at every request, so a product is gone from them with its standing; the record says so. Posts,
listings and campaigns are found from the database, never from an event: a recall that was cut off, or a catalogue that
was down, loses nothing, and a second run finds nothing left to do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from marketing.db.insert import engine_insert
from marketing.db.models import (
    Campaign,
    GateDecision,
    MarketplaceListing,
    Post,
    PostProduct,
    Product,
    ShareTask,
    Withdrawal,
)
from marketing.db.session import Database
from marketing.delivery.claiming import first_held, pause_if_held
from marketing.delivery.withdrawing import Gone, NeedsPerson, Outcome, TryLater, mark_withdrawn
from marketing.domain.campaign import CampaignState
from marketing.domain.listing import ListingState
from marketing.domain.post import PostState
from marketing.domain.transitions import change
from marketing.domain.types import ChannelName
from marketing.domain.withdrawal import TRANSITIONS, WithdrawalState, retry_after
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.products.gate import ask_all_when_due
from marketing.tenants.profile import profile_of

GALLERY: Final = "galeri"
POST: Final = "pos"
LISTING: Final = "lokapasar"
CAMPAIGN: Final = "kampanye"
STANDING: Final = (
    PostState.QUEUED,
    PostState.SUBMITTING,
    PostState.PENDING,
    PostState.PUBLISHED,
    PostState.UNCONFIRMED,
    PostState.AWAITING_HUMAN,
)
LISTED: Final = (ListingState.CREATING, ListingState.UNCONFIRMED, ListingState.LISTED)
COMING: Final = (CampaignState.SCHEDULED, CampaignState.SENDING)
MANY: Final = 500
Row = dict[str, Any]
DELETED: Final[Mapping[str, tuple[str, str]]] = {
    "perbup_tts_17_2025": ("TTS 10(1)c", "Perbup TTS 17/2025 Pasal 10 ayat (1) huruf c"),
    "perwali_blitar_24_2024": ("Blitar 6(2)b", "Perwali Blitar 24/2024 Pasal 6 ayat (2) huruf b"),
}
"""What a deleted product no longer has: information that somebody answers for, a verification that stands."""


class Taker(Protocol):
    """Takes one thing down by its row id; may be asked again and again."""

    def take_down(self, row_id: int, why: str) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Recalled:
    """What one run did, in withdrawals."""

    opened: int = 0
    done: int = 0
    handed_over: int = 0
    failing: int = 0


@dataclass(frozen=True, slots=True)
class Recall:
    """Finds what may no longer stand and takes it down; `takers` by the first word of a place."""

    database: Database
    takers: Mapping[str, Taker]
    clock: Callable[[], datetime]

    def run(self, tenant_id: str) -> Recalled:
        """Ask the gate if a new day has begun, pause what praises a lost product, and withdraw what stands."""
        ask_all_when_due(self.database, profile_of(tenant_id), self.clock())
        opened = 0
        while found := self._open(tenant_id):
            opened += found
        done = handed_over = failing = 0
        for withdrawal_id in self._claim(tenant_id):
            match self._take_down(withdrawal_id):
                case Gone():
                    done += 1
                case NeedsPerson():
                    handed_over += 1
                case TryLater():
                    failing += 1
        return Recalled(opened, done, handed_over, failing)

    def _open(self, tenant_id: str) -> int:
        """Record every withdrawal that is due, a bounded number at a time."""
        now = self.clock()
        with self.database.write() as session:
            rows = [
                *_from_gallery(session, tenant_id),
                *_from_posts(session, tenant_id),
                *_from_listings(session, tenant_id),
                *_from_campaigns(session, tenant_id, now),
            ]
            if not rows:
                return 0
            reasons = _reasons(session, {int(row["product_id"]) for row in rows})
            values = [
                {
                    "tenant_id": tenant_id,
                    "attempts": 0,
                    "next_try_at": None if row["state"] is WithdrawalState.DONE else now,
                    "done_at": now if row["state"] is WithdrawalState.DONE else None,
                    "detail": "",
                    **reasons[int(row["product_id"])],
                    **row,
                }
                for row in rows
            ]
            added = session.scalars(
                engine_insert(session, Withdrawal).on_conflict_do_nothing().returning(Withdrawal.id), values
            )
            return len(added.all())

    def _claim(self, tenant_id: str) -> list[int]:
        """Take the open withdrawals whose turn it is; the next try is written ahead, so that a kill costs one turn."""
        now = self.clock()
        with self.database.write() as session:
            query = (
                select(Withdrawal)
                .where(
                    Withdrawal.tenant_id == tenant_id,
                    # what a person was asked for may be tried again too: the account may be back before the person is
                    or_(
                        (Withdrawal.state == WithdrawalState.OPEN)
                        & or_(Withdrawal.next_try_at.is_(None), Withdrawal.next_try_at <= now),
                        (Withdrawal.state == WithdrawalState.AWAITING_HUMAN) & (Withdrawal.next_try_at <= now),
                    ),
                )
                .order_by(Withdrawal.id)
                .with_for_update(skip_locked=True)
            )
            claimed = list(session.scalars(query))
            for row in claimed:
                row.attempts += 1
                row.next_try_at = now + retry_after(row.attempts)
            return [row.id for row in claimed]

    def _take_down(self, withdrawal_id: int) -> Outcome:
        with self.database.read() as session:
            row = session.get_one(Withdrawal, withdrawal_id)
            kind, _colon, number = row.place.partition(":")
            why = f"{row.text} ({row.citation})"
        outcome = self.takers[kind].take_down(int(number), why)
        now = self.clock()
        with self.database.write() as session:
            row = session.get_one(Withdrawal, withdrawal_id, with_for_update=True)
            if row.state is WithdrawalState.DONE:  # a person was quicker
                return outcome
            match outcome:
                case Gone():
                    row.state, row.done_at = change(TRANSITIONS, row.state, WithdrawalState.DONE), now
                    row.next_try_at, row.detail = None, ""
                case NeedsPerson(again=again):
                    if row.state is WithdrawalState.OPEN:
                        row.state = change(TRANSITIONS, row.state, WithdrawalState.AWAITING_HUMAN)
                    row.next_try_at = now + retry_after(row.attempts) if again else None
                case TryLater(detail=detail, wait=wait):
                    row.detail = detail
                    if wait is not None:
                        row.next_try_at = now + wait
        return outcome


def finish_by_hand(session: Session, *, tenant_id: str, post_id: int, user_id: int, now: datetime) -> None:
    """Record that a named person has deleted a post; NotFoundError when this Daerah has no such post."""
    post = session.get(Post, post_id, with_for_update=True)
    if post is None or post.tenant_id != tenant_id:
        raise NotFoundError(_("Kiriman ini tidak ada."))
    session.execute(
        update(ShareTask).where(ShareTask.post_id == post_id, ShareTask.done_at.is_(None)).values(done_by=user_id)
    )
    mark_withdrawn(session, post, now)
    query = select(Withdrawal).where(
        Withdrawal.tenant_id == tenant_id,
        Withdrawal.place == f"{POST}:{post_id}",
        Withdrawal.state != WithdrawalState.DONE,
    )
    for row in session.scalars(query):
        row.state, row.done_at = change(TRANSITIONS, row.state, WithdrawalState.DONE), now
        row.done_by, row.next_try_at = user_id, None


def _row(product: Product, place: str, channel: ChannelName, state: WithdrawalState) -> Row:
    # A product that lost its standing before Siar kept the moment is dated by its last pull.
    lost_at = product.lost_at or product.deleted_at or product.synced_at
    return {"product_id": product.id, "place": place, "channel": channel, "lost_at": lost_at, "state": state}


def _unrecorded(place: ColumnElement[str]) -> ColumnElement[bool]:
    same_loss = or_(Withdrawal.lost_at == Product.lost_at, Product.lost_at.is_(None))
    return ~exists().where(Withdrawal.product_id == Product.id, Withdrawal.place == place, same_loss)


def _place(kind: str, row_id: ColumnElement[int]) -> ColumnElement[str]:
    return literal(f"{kind}:") + cast(row_id, String)


def _lost(tenant_id: str) -> tuple[ColumnElement[bool], ...]:
    return (Product.tenant_id == tenant_id, Product.promotable.is_(False))


def _from_gallery(session: Session, tenant_id: str) -> list[Row]:
    query = select(Product).where(*_lost(tenant_id), Product.lost_at.is_not(None), _unrecorded(literal(GALLERY)))
    return [
        _row(product, GALLERY, ChannelName.WEBSITE, WithdrawalState.DONE)
        for product in session.scalars(query.limit(MANY))
    ]


def _from_posts(session: Session, tenant_id: str) -> list[Row]:
    query = (
        select(Product, Post.id, Post.channel)
        .join(PostProduct, PostProduct.product_id == Product.id)
        .join(Post, Post.id == PostProduct.post_id)
        .where(*_lost(tenant_id), Post.state.in_(STANDING), _unrecorded(_place(POST, Post.id.expression)))
        .limit(MANY)
    )
    return [
        _row(product, f"{POST}:{post_id}", channel, WithdrawalState.OPEN)
        for product, post_id, channel in session.execute(query)
    ]


def _from_listings(session: Session, tenant_id: str) -> list[Row]:
    query = (
        select(Product, MarketplaceListing.id)
        .join(MarketplaceListing, MarketplaceListing.product_id == Product.id)
        .where(
            *_lost(tenant_id),
            MarketplaceListing.state.in_(LISTED),
            _unrecorded(_place(LISTING, MarketplaceListing.id.expression)),
        )
        .limit(MANY)
    )
    return [
        _row(product, f"{LISTING}:{listing_id}", ChannelName.MARKETPLACE, WithdrawalState.OPEN)
        for product, listing_id in session.execute(query)
    ]


def _from_campaigns(session: Session, tenant_id: str, now: datetime) -> list[Row]:
    """Pause what is about to praise a lost product; the mails in its queue wait for a person's decision."""
    rows: list[Row] = []
    query = select(Campaign).where(Campaign.tenant_id == tenant_id, Campaign.state.in_(COMING))
    for campaign in list(session.scalars(query)):
        held = first_held(session, campaign, profile_of(tenant_id), now) if campaign.automation is None else None
        if held is None or not pause_if_held(session, campaign, profile_of(tenant_id), now):
            continue
        product = session.get_one(Product, held[0].row_id)
        rows.append(_row(product, f"{CAMPAIGN}:{campaign.id}", ChannelName.EMAIL, WithdrawalState.DONE))
    return rows


def _reasons(session: Session, product_ids: set[int]) -> dict[int, dict[str, str]]:
    """Return code, citation and words of the first reason of each product's latest decision, or that it was deleted."""
    newest = select(func.max(GateDecision.id)).where(GateDecision.product_id.in_(product_ids))
    query = select(GateDecision.product_id, GateDecision.reasons).where(
        GateDecision.id.in_(newest.group_by(GateDecision.product_id))
    )
    found = {product_id: reasons[0] for product_id, reasons in session.execute(query) if reasons}
    said: dict[int, dict[str, str]] = {}
    for product in session.scalars(select(Product).where(Product.id.in_(product_ids))):
        reason = found.get(product.id)
        if product.deleted_at is not None or reason is None:
            code, citation = DELETED[profile_of(product.tenant_id).regulation]
            said[product.id] = {"code": code, "citation": citation, "text": _("Produk dihapus dari katalog.")}
        else:
            said[product.id] = {name: reason[name] for name in ("code", "citation", "text")}
    return said
