"""The demo's result in numbers, read from the database."""

from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketing.bootstrap import App
from marketing.db.models import Campaign, Event, Post
from marketing.delivery.ledger import held_by_reason, ledger_of
from marketing.demo.feed_files import write_feeds
from marketing.domain.events import EventType
from marketing.domain.message import OPEN, MessageState
from marketing.domain.post import PostState
from marketing.domain.types import EmailType
from marketing.products.gate import gate_report

NOT_OUT = (PostState.FAILED, PostState.WITHDRAWN)


def summarise(app: App, tenant_id: str) -> tuple[dict[str, Any], bool]:
    """Return one tenant's numbers, and whether every ledger balances and is settled."""
    with app.database.read() as session:
        gate = gate_report(session, tenant_id)
        emails, balanced = _emails(session, tenant_id)
        posts = Counter(
            session.scalars(select(Post.channel).where(Post.tenant_id == tenant_id, Post.state.not_in(NOT_OUT)))
        )
        events = dict(
            session.execute(
                select(Event.type, func.count())
                .where(Event.tenant_id == tenant_id, Event.machine.is_(False))
                .group_by(Event.type)
            ).all()
        )
    feed, items = write_feeds(app, tenant_id)
    numbers = {
        "products": {"total": gate.total, "promotable": gate.promotable, "held": gate.held},
        "feed": {"items": items, "path": str(feed)},
        "posts": {channel.value: number for channel, number in sorted(posts.items())},
        "emails": emails,
        "engagement": {
            "clicks": events.get(EventType.CLICKED, 0),
            "opens_detected": events.get(EventType.OPENED, 0),
            "unsubscribes": events.get(EventType.UNSUBSCRIBED, 0),
        },
    }
    return numbers, balanced


def _emails(session: Session, tenant_id: str) -> tuple[dict[str, Any], bool]:
    emails, balanced = {}, True
    for email_type in EmailType:
        campaigns = session.scalars(
            select(Campaign).where(Campaign.tenant_id == tenant_id, Campaign.email_type == email_type)
        ).all()
        ledger = ledger_of(session, campaigns)
        held = held_by_reason(session, campaigns)  # for a person or a payment: nothing more happens here by itself
        waiting = sum(ledger.of(state) for state in OPEN) - sum(held.values())
        balanced = balanced and ledger.balances and not waiting
        emails[email_type.value] = {
            "audience": ledger.audience,
            "accepted": ledger.sent,
            "skipped": dict(Counter(ledger.skipped_by_reason) + Counter(held)),
            "failed": ledger.of(MessageState.FAILED),
            "unknown": ledger.of(MessageState.UNKNOWN),
        }
    return emails, balanced
