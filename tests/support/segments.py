"""Random segments and random people, the same people as values and as rows."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from marketing.db.models import (
    Address,
    Business,
    Campaign,
    ConsentNow,
    ConsentRecord,
    Contact,
    Event,
    Message,
    Order,
    OrderItem,
    Product,
    Suppression,
)
from marketing.domain.campaign import CampaignState
from marketing.domain.consent import ConsentState
from marketing.domain.events import EventType
from marketing.domain.message import MessageState
from marketing.domain.product import Category
from marketing.domain.segments.evaluate import Done, Line, Person, Purchase
from marketing.domain.segments.tree import (
    And,
    Attribute,
    Bought,
    Consent,
    Created,
    Deed,
    Engaged,
    Field,
    HasAddress,
    Match,
    NameContains,
    Node,
    Not,
    Or,
    Suppressed,
    Topics,
)
from marketing.domain.types import BuyerKind, ChannelName, EmailType, Purpose
from tests.support.world import START, TENANT, World, add_product

CHANNELS = (ChannelName.EMAIL, ChannelName.WHATSAPP)
CATEGORIES = (Category.KERAJINAN, Category.FESYEN, Category.JASA)
NAMES = ("Siti", "siTI Ä%", "Bu_di\\", "Ömer ' OR 1=1 --", "İnes", "100%", 'ba"pak')
WORDS = ("siti", "ä", "Ä", "%", "_", "\\", "' or", "ö", "i", '"', "/")
PLACES = ("Kota SoE", "kota soe", "Ä", "ä", "", "Molo'")
DAYS = (1, 30, 90)
AGES = tuple(timedelta(days=days, microseconds=less) for days in (0, *DAYS, 200) for less in (-1, 0, 1))


def _either(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def trees(
    products: tuple[int, ...], businesses: tuple[int, ...], campaigns: tuple[int, ...]
) -> st.SearchStrategy[Node]:
    """Return random trees over rows that exist."""
    days = st.none() | _either(*DAYS)
    leaf = st.one_of(
        st.builds(Attribute, st.just(Field.KIND), st.lists(_either(*BuyerKind), min_size=1, max_size=3).map(tuple)),
        st.builds(Attribute, st.just(Field.KECAMATAN), st.lists(_either(*PLACES), min_size=1, max_size=2).map(tuple)),
        st.builds(Attribute, _either(Field.LOCALE, Field.ZONE, Field.SOURCE), _either(("id",), ("Asia/Makassar", "kasir"))),
        st.builds(NameContains, _either(*WORDS)),
        st.builds(Created, _either(*DAYS)),
        st.builds(Topics, _either(*Match), st.lists(_either(*CATEGORIES), min_size=1, max_size=3).map(tuple)),
        st.builds(
            Bought, st.none() | _either(*CATEGORIES), st.none() | _either(*products), st.none() | _either(*businesses),
            days, _either(1, 1, 2, 3), _either(0, 0, 1, 40_000, 90_000),
        ),
        st.builds(Engaged, _either(*Deed), days, st.none() | _either(*campaigns)),
        st.builds(Consent, _either(Purpose.PROMOTIONAL, Purpose.NEWSLETTER), _either(*ConsentState)),
        st.builds(HasAddress, _either(*CHANNELS, ChannelName.TELEGRAM)),
        st.builds(Suppressed, st.none() | _either(*CHANNELS)),
    )  # fmt: skip
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
            st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
            st.builds(Not, inner),
        ),
        max_leaves=8,
    )


class Town:
    """People made by chance from a seed, written to the database and kept as values."""

    def __init__(self, world: World, seed: int, number: int = 40) -> None:
        self._chance, self._number = Random(seed), 0
        self.now = START
        with world.app.database.read() as session:
            standing = bool(session.scalar(select(Product.id).limit(1)))
        if not standing:
            for one, category in enumerate(CATEGORIES * 2):
                add_product(world.app, one, category=category)
        with world.app.database.write() as session:
            rows = session.execute(select(Product.id, Product.category, Product.business_id)).all()
            self._products = {row.id: (row.category, row.business_id) for row in rows}
            self.products = tuple(self._products)
            self.businesses = tuple(session.scalars(select(Business.id)))
            self.campaigns = tuple(_campaign(session, f"c-{seed}-{one}") for one in range(2))
            self.people = dict(self._add(session, f"{seed}-{one}") for one in range(number))

    def _some(self, *values: Any) -> list[Any]:
        return [value for value in values if self._chance.random() < 0.4]

    def _when(self) -> datetime:
        return self.now - self._chance.choice(AGES)

    def _add(self, session: Session, key: str) -> tuple[int, Person]:
        pick = self._chance.choice
        attributes = {
            Field.KIND: pick(list(BuyerKind)[:4]), Field.LOCALE: pick(("id", "en")), Field.KECAMATAN: pick(PLACES),
            Field.ZONE: pick(("Asia/Makassar", "Asia/Jakarta")), Field.SOURCE: pick(("katalog", "kasir")),
        }  # fmt: skip
        topics = self._some(*CATEGORIES)
        liked = pick(
            [{"categories": topics}] * 5
            + [{}, {"categories": None}, {"categories": "jasa"}, {"categories": {"jasa": 1}}]
        )
        person = {"name": pick(NAMES), "created_at": self._when()}
        row = Contact(
            tenant_id=TENANT, external_id=key, preferences=liked, content_hash="", **person,
            **{field.value: value for field, value in attributes.items()},
        )  # fmt: skip
        session.add(row)
        session.flush()
        channels = self._some(*CHANNELS)
        suppressed = []
        for channel in channels:
            session.add(
                Address(tenant_id=TENANT, contact_id=row.id, channel=channel, normalised=key, hash=f"{channel}{key}")
            )
            if self._chance.random() < 0.3:
                suppressed.append(channel)
                session.add(
                    Suppression(tenant_id=TENANT, channel=channel, address_hash=f"{channel}{key}", reason="x", at=START)
                )
        return row.id, Person(
            attributes=attributes,
            topics=frozenset(topics) if isinstance(liked.get("categories"), list) else frozenset(),
            purchases=tuple(self._order(session, row.id) for _one in range(pick((0, 0, 1, 2, 3)))),
            deeds=tuple(self._deeds(session, row.id)),
            consent=self._consents(session, row.id),
            channels=frozenset(channels),
            suppressed=frozenset(suppressed),
            **person,
        )

    def _order(self, session: Session, contact_id: int) -> Purchase:
        self._number += 1
        status = self._chance.choice(("approved", "delivered", "cancelled", "refunded"))
        at = self._when()
        order = Order(
            tenant_id=TENANT, external_id=f"{contact_id}-{self._number}", number="1", contact_id=contact_id, placed_at=at,
            status=status, shipping_cost=5_000, total=10**9, complaint=None, content_hash="",
        )  # fmt: skip
        lines = []
        for line in range(self._chance.choice((0, 1, 1, 2))):
            product = self._chance.choice((*self.products, None))
            quantity, price = self._chance.choice((1, 2)), self._chance.choice((20_000, 45_000))
            order.items.append(
                OrderItem(
                    line=line, product_external_id="x", product_id=product, business_name="", name="", quantity=quantity, unit_price=price
                )
            )  # fmt: skip
            category, business = self._products[product] if product else (None, None)
            lines.append(Line(quantity * price, category, product, business))
        session.add(order)
        session.flush()
        return Purchase(at, status, tuple(lines))

    def _deeds(self, session: Session, contact_id: int) -> list[Done]:
        done = []
        for campaign in self._some(*self.campaigns):
            state, at = self._chance.choice(list(MessageState)), self._when()
            settled = {"state": state, "queued_at": at, "settled_at": at, "context": {}}
            message = Message(
                tenant_id=TENANT, campaign_id=campaign, version=1, contact_id=contact_id, channel=ChannelName.EMAIL, trigger="", **settled
            )  # fmt: skip
            session.add(message)
            if state in (MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.COMPLAINED):
                done.append(Done(Deed.RECEIVED, at, campaign))
        for campaign in self._some(*self.campaigns):
            self._number += 1
            kind, machine, at = (
                self._chance.choice((EventType.CLICKED, EventType.CLICKED, EventType.OPENED)),
                self._chance.random() < 0.3,
                self._when(),
            )
            session.add(
                Event(
                    tenant_id=TENANT, event_id=f"{contact_id}-{self._number}", type=kind, campaign_id=campaign,
                    contact_id=contact_id, machine=machine, at=at,
                )
            )  # fmt: skip
            if kind is EventType.CLICKED and not machine:
                done.append(Done(Deed.CLICKED, at, campaign))
        return done

    def _consents(self, session: Session, contact_id: int) -> dict[Purpose, ConsentState]:
        given = {}
        for purpose in self._some(Purpose.PROMOTIONAL, Purpose.NEWSLETTER):
            state = self._chance.choice([state for state in ConsentState if state is not ConsentState.NONE])
            line = {"tenant_id": TENANT, "contact_id": contact_id, "purpose": purpose, "state": state, "at": START}
            proof = {"recorded_at": START, "wording_version": "1", "source": "x", "evidence": {}, "seal": ""}
            event = session.scalar(insert(ConsentRecord).values(**line, **proof).returning(ConsentRecord.id))
            session.add(ConsentNow(event_id=event, **line))
            given[purpose] = state
        return given


def _campaign(session: Session, slug: str) -> int:
    row = Campaign(
        tenant_id=TENANT, slug=slug, name=slug, email_type=EmailType.PROMOTIONAL, state=CampaignState.DRAFT, created_at=START
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id
