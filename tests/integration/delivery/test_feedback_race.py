"""The same events at the same moment, from two web processes and while people leave by link: each counts once, nobody waits for ever."""

import random
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from marketing.contacts.unsubscribe import Scope, unsubscribe
from marketing.db.models import ConsentRecord, Event, MailFeedback, Suppression
from marketing.domain.bounce import BounceClass, Verdict
from marketing.domain.consent import ConsentState
from marketing.domain.events import EventType, event_id
from marketing.domain.feedback import Feedback, FeedbackKind, FeedbackSource
from marketing.domain.message import MessageState
from marketing.domain.types import Purpose
from marketing.feedback import intake_of
from tests.support.feedback import sent_campaign
from tests.support.world import TENANT, World, messages

K = FeedbackKind
PEOPLE = 12


def test_events_and_withdrawals_at_once(world: World) -> None:
    sent_campaign(world, PEOPLE)
    ids = [message.id for message in messages(world)]
    kinds = [(K.DELIVERED, BounceClass.NONE), (K.COMPLAINED, BounceClass.COMPLAINT), (K.BOUNCED, BounceClass.HARD)]
    reports = [
        Feedback(
            event_id("r", one, kind), one, kind, world.clock(), FeedbackSource.SENDGRID, Verdict(bounce), raw={"n": one}
        )
        for one in ids
        for kind, bounce in (kinds if one % 3 == 0 else kinds[:1])
    ]

    def tell(seed: int) -> int:
        mine = list(reports)
        random.Random(seed).shuffle(mine)
        return sum(intake_of(world.app).take(TENANT, mine[start : start + 5]) for start in range(0, len(mine), 5))

    def leave() -> int:
        for one in ids:
            with world.app.database.write() as session:
                unsubscribe(session, one, Scope.PURPOSE, source="tautan", now=world.clock())
        return 0

    with ThreadPoolExecutor(4) as pool:
        fresh = [
            future.result(timeout=60)
            for future in [pool.submit(tell, seed) for seed in range(3)] + [pool.submit(leave)]
        ]
    assert sum(fresh) == len(reports)
    with world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(MailFeedback)) == len(reports)
        told = session.scalar(select(func.count()).where(Event.type != EventType.UNSUBSCRIBED))
        assert told == len(reports)
        withdrawn = select(func.count()).where(
            ConsentRecord.state == ConsentState.WITHDRAWN, ConsentRecord.source == "sendgrid"
        )
        assert session.scalar(withdrawn.where(ConsentRecord.purpose == Purpose.PROMOTIONAL)) == PEOPLE // 3
        assert session.scalar(select(func.count()).select_from(Suppression)) == PEOPLE // 3
    ends = {message.state for message in messages(world) if message.id % 3 == 0}
    assert ends <= {MessageState.COMPLAINED, MessageState.BOUNCED}
