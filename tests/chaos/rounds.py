"""One round: a campaign and some order mail, faults while they go out, patience until all has ended by itself, and the judge.

While nothing moves, time passes: the shared clock goes on to when the next message is due, so that a relay that asked for
five minutes costs none. What somebody alive may still hold is waited for in earnest.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketing.db.models import Address, Campaign, Contact, Message, MessageRange, Suppression
from marketing.delivery.ledger import ledger_of
from marketing.domain.campaign import CampaignState
from marketing.domain.message import OPEN, MessageState
from marketing.domain.types import EmailType
from marketing.queue import TaskName
from marketing.tenants.profile import profile_of
from tests.chaos.faults import Fault, Struck
from tests.chaos.oracle import Doubt, Round, Row, judge
from tests.chaos.people import forget_rounds, place_orders, some_contacts
from tests.chaos.receiver import Behaviour
from tests.chaos.rig import Rig
from tests.chaos.servers import NotReadyError, wait_for
from tests.support.world import TENANT, promotion

POLL_SECONDS = 0.1
STILL_SECONDS = 1.2
"""Nothing has moved for so long, nobody holds anything, and what is left waits for its hour: then time passes."""
IDLE_SECONDS = 3.0
"""The same where no hour is told: a plan that was cut off, a campaign that nobody has closed yet."""
SLOW_SECONDS = 10.0
"""So long nobody takes up what is due or holds anything; on a busy machine a worker needs some seconds to start."""
LONGEST_SECONDS = 240.0
A_WHILE = timedelta(seconds=125)
"""Longer than anything waits that says no hour: a plan that was cut off, a scheduler that leads no more, an account that failed."""
ORDERS = 30
TRIES = 5
USUAL = Behaviour()


@dataclass(frozen=True, slots=True)
class Report:
    """What one round came to."""

    seed: int
    faults: Sequence[str]
    seconds: float
    waited: float
    """Seconds of the shared clock that passed while nothing moved."""
    wrong: Sequence[str]
    figures: Mapping[str, int]


@dataclass(slots=True)
class _Play:
    """A round while it is played."""

    rig: Rig
    dice: Random
    campaign: int
    since: int
    doubts: list[Doubt] = field(default_factory=list)
    broken: list[tuple[float, Struck]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    cuts: int = 0
    moved: bool = False
    waited: float = 0.0

    def strike(self, fault: Fault) -> None:
        """Let one fault happen, and note what it may leave behind."""
        try:
            struck: Struck = fault.strike(self.rig, self.dice, self.campaign)
        except (AssertionError, NotReadyError) as error:
            self.wrong.append(f"{fault.name}: {error}")
            return
        self.doubts += struck.doubts
        self.cuts += struck.cuts
        self.moved = self.moved or struck.moved
        if struck.mend is not None:
            self.broken.append((time.monotonic() + struck.after, struck))

    def mend(self, *, all_of_them: bool = False) -> None:
        """Make good what has been broken for long enough; what it may leave in doubt ends then, however far the clock has moved."""
        due = [one for one in self.broken if all_of_them or one[0] <= time.monotonic()]
        self.broken = [one for one in self.broken if one not in due]
        for _when, struck in due:
            assert struck.mend is not None, "it was noted for that"
            struck.mend()
            until = self.rig.clock()
            self.doubts = [
                replace(one, ends=max(one.ends, until)) if one in struck.doubts else one for one in self.doubts
            ]


@dataclass(frozen=True, slots=True)
class _Look:
    """What can be seen of a round while it goes on."""

    taken: int
    state: CampaignState
    states: Mapping[MessageState, int]
    leased: int
    """Ranges that somebody has in hand."""
    due: int
    """Ranges that somebody could take up now."""
    waiting: bool
    """Whether a message waits for an hour to come."""

    @property
    def over(self) -> bool:
        return (
            self.state is not CampaignState.SENDING
            and self.state is not CampaignState.SCHEDULED
            and not any(self.states.get(state) for state in OPEN)
        )

    @property
    def patience(self) -> float:
        """Seconds of stillness after which time may pass; for ever while somebody may be at work."""
        if self.leased or self.states.get(MessageState.SENDING):
            return LONGEST_SECONDS
        if self.due:
            return SLOW_SECONDS
        return STILL_SECONDS if self.waiting else IDLE_SECONDS


def play(
    rig: Rig, faults: Iterable[Fault], seed: int, *, longest: float = LONGEST_SECONDS, behaviour: Behaviour = USUAL
) -> Report:
    """Play one round with these faults; the same seed chooses the same moments again."""
    dice = Random(seed)
    rig.revive()
    rig.behave(behaviour)
    began = time.monotonic()
    chosen = list(faults)
    with rig.app.database.read() as session:
        first_message = (session.scalar(select(func.max(Message.id))) or 0) + 1
        orders_to = some_contacts(session, ORDERS)
        people = frozenset(session.scalars(select(Contact.id).where(Contact.tenant_id == TENANT)))
    since = rig.record.size()
    moments = sorted((dice.uniform(0.02, 0.9) * rig.willing, number) for number in range(len(chosen)))
    with rig.app.database.write() as session:
        orders = place_orders(session, orders_to, rig.product, rig.world)
        rig.app.queue.enqueue(session, TaskName.ORDER_MAIL, tenant_id=TENANT)
    campaign = rig.world.approved(promotion(rig.product))
    game = _Play(rig, dice, campaign, since)
    queue = [(0.0 if chosen[number].early else moment, chosen[number]) for moment, number in moments]
    ended = _until_over(game, sorted(queue, key=lambda one: one[0]), first_message, longest)
    game.mend(all_of_them=True)
    played = replace(_gathered(game, ended, first_message, orders), people=people)
    verdict = judge(played)
    _forget(rig, campaign, first_message, min(orders))
    return Report(
        seed,
        [fault.name for fault in chosen],
        time.monotonic() - began,
        game.waited,
        [*game.wrong, *verdict.faults],
        verdict.figures,
    )


def _until_over(game: _Play, coming: list[tuple[float, Fault]], first: int, longest: float) -> bool:
    """Let the round go on; returns whether everything came to its end by itself."""
    end = time.monotonic() + longest
    last: _Look | None = None
    moved_at = time.monotonic()
    if coming and coming[0][0] == 0.0:
        game.strike(coming.pop(0)[1])
    while time.monotonic() < end:
        game.mend()
        look = _look(game, first)
        if look is None:
            time.sleep(POLL_SECONDS)
            continue
        while coming and look.taken >= coming[0][0]:
            game.strike(coming.pop(0)[1])
        if look.over and not game.broken:
            return True
        now = time.monotonic()
        if last is None or look != last:
            last, moved_at = look, now
        still = now - moved_at
        if not game.broken and still > look.patience:
            # mails that wait for their hour never reach the count at which the next fault was to strike
            if coming:
                game.strike(coming.pop(0)[1])
            _let_time_pass(game, first)
            moved_at = time.monotonic()
        time.sleep(POLL_SECONDS)
    return False


def _look(game: _Play, first: int) -> _Look | None:
    """Return what can be seen now; None while the database is away."""
    now = game.rig.clock()
    leased = func.sum(case((MessageRange.lease_until > now, 1), else_=0))
    due = func.sum(case((MessageRange.due_at <= now, 1), else_=0))
    try:
        with game.rig.app.database.read() as session:
            state = session.scalar(select(Campaign.state).where(Campaign.id == game.campaign))
            query = select(Message.state, func.count()).where(Message.id >= first).group_by(Message.state)
            states = {one: int(number) for one, number in session.execute(query)}
            ranges = session.execute(select(leased, due).where(MessageRange.settled_at.is_(None))).one()
    except SQLAlchemyError:
        return None
    assert state is not None, "the campaign of the round is there"
    taken = sum(number for one, number in states.items() if one not in OPEN and one is not MessageState.SKIPPED)
    return _Look(taken, state, states, ranges[0] or 0, ranges[1] or 0, MessageState.DEFERRED in states)


def _let_time_pass(game: _Play, first: int) -> None:
    """Move everybody's clock to when the next message is due; by a little where none says when."""
    rig = game.rig
    now = rig.clock()
    coming = select(func.min(Message.not_before)).where(
        Message.id >= first, Message.state == MessageState.DEFERRED, Message.not_before > now
    )
    ranges = select(func.min(MessageRange.due_at)).where(MessageRange.settled_at.is_(None), MessageRange.due_at > now)
    try:
        with rig.app.database.read() as session:
            due = session.scalar(coming) or session.scalar(ranges)
    except SQLAlchemyError:
        return
    length = max(due - now + timedelta(milliseconds=100), timedelta(seconds=1)) if due else A_WHILE
    rig.clock.move(length)
    game.waited += length.total_seconds()


def _gathered(game: _Play, ended: bool, first: int, orders: Sequence[int]) -> Round:
    """Return what the round left behind, read from the database and the receiver's file alone."""
    rig = game.rig
    wait_for(lambda: _look(game, first) is not None, "the database at the end of a round")
    with rig.app.database.read() as session:
        campaign = session.get_one(Campaign, game.campaign)
        bulk = _rows(session, rig, Message.campaign_id == game.campaign)
        mine = _rows(session, rig, Message.order_id.in_(orders))
        balances = ledger_of(session, [campaign]).balances
    return Round(
        people=frozenset(),
        willing=rig.willing,
        audience=campaign.audience,
        balances=balances,
        ended=ended and campaign.state is CampaignState.SENT,
        bulk=bulk,
        orders=frozenset(orders),
        order_mail=mine,
        lines=list(rig.record.lines(game.since)),
        doubts=game.doubts,
        cuts=game.cuts,
        moved=game.moved,
    )


def _rows(session: Session, rig: Rig, which: ColumnElement[bool]) -> list[Row]:
    profile = profile_of(TENANT)
    columns = (Message.id, Message.contact_id, Message.state, Message.reason, Message.handed_over_at, Message.order_id)
    query = (
        select(*columns, Address.normalised, Campaign.email_type)
        .join(Address, Address.contact_id == Message.contact_id)
        .join(Campaign, Campaign.id == Message.campaign_id)
    )
    rows = []
    for row_id, contact, state, reason, handed_over, order, address, email_type in session.execute(query.where(which)):
        orders = email_type is EmailType.TRANSACTIONAL
        sender = profile.transactional_sender if orders else profile.marketing_sender
        name = f"<{rig.app.signer.reference(row_id)}@{sender.rpartition('@')[2]}>"
        rows.append(Row(name, contact, address, state, reason, handed_over, order))
    return rows


def _forget(rig: Rig, campaign: int, first_message: int, first_order: int) -> None:
    """Take away what is older than this round, and what refusals taught about addresses."""
    for tries_left in reversed(range(TRIES)):
        try:
            with rig.app.database.write() as session:
                session.execute(delete(Suppression))
                forget_rounds(session, before_campaign=campaign, before_message=first_message, before_order=first_order)
        except SQLAlchemyError:  # a run of order mail wrote at the same time
            if not tries_left:
                raise
        else:
            return
