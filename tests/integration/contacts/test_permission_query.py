"""A plan in SQL decides exactly as the pure function does on the same facts, on both engines, whoever the people are."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketing.contacts import segments
from marketing.contacts.audience_query import addressed
from marketing.contacts.permission_facts import gather_facts
from marketing.contacts.permission_query import Rule, verdicts
from marketing.contacts.segment_query import Asked, members
from marketing.contacts.sellers import SOURCE
from marketing.contacts.wordings import publish
from marketing.db.models import ConsentNow, Contact
from marketing.domain.audience import is_addressed
from marketing.domain.campaign import AudienceFilter
from marketing.domain.consent_wording import Element, composed
from marketing.domain.permission import (
    PUBLIC_TASK,
    Allowed,
    FrequencyCap,
    Later,
    QuietHours,
    Skipped,
    SkipReason,
    decide_for,
)
from marketing.domain.segments.parse import parse
from marketing.domain.types import BuyerKind, Purpose
from tests.support.crowd import PURPOSES, TOPICS, Crowd
from tests.support.world import START, TENANT, World

ROUNDS = 60
SEGMENTS = ("kind = masyarakat or consent(newsletter=given)", "not address(whatsapp)", "created(days=1)")
Verdict = tuple[int | None, str | None, datetime | None]


def publish_texts(world: World) -> None:
    told = dict.fromkeys(Element, "Diberitahukan dengan kalimat yang cukup panjang.")
    for purpose, version in ((PURPOSES[0], "2026-1.1"), (PURPOSES[0], "2026-2")):
        with world.app.database.write() as session:
            publish(
                session, tenant_id=TENANT, version=version, purpose=purpose, language="id",
                text=composed("Saya setuju.", told, "id"), valid_from=START, now=START,
            )  # fmt: skip


def expected(session: Session, asked: Asked, rule: Rule, audience: AudienceFilter | None) -> Mapping[int, Verdict]:
    """Decide person by person, as the claim does; without an audience about everybody there is."""
    people = session.execute(
        select(
            Contact.id, Contact.kind, Contact.preferences, Contact.source, exists().where(ConsentNow.contact_id == Contact.id)
        ).where(Contact.tenant_id == TENANT, asked.within(Contact.id))
    )  # fmt: skip
    tree = None if audience is None else segments.combined(session, TENANT, audience.segments, audience.besides)
    within = None if tree is None else set(session.scalars(members(session, tree, asked)))
    chosen = [
        row_id
        for row_id, kind, liked, source, decided in people
        if audience is None
        or (
            is_addressed(audience, rule.purpose, kind, liked)
            and (within is None or row_id in within)
            and (source != SOURCE or decided or rule.purpose in PUBLIC_TASK)
        )
    ]
    facts = gather_facts(
        session,
        tenant_id=TENANT,
        contact_ids=chosen,
        purpose=rule.purpose,
        cap=rule.cap,
        now=asked.now,
        besides=rule.besides,
        channel=rule.channel,
    )
    found: dict[int, Verdict] = {}
    for row_id, known in facts.items():
        match decide_for(known.facts, rule.purpose, rule.cap, rule.quiet):
            case Skipped(reason=reason):
                found[row_id] = (known.address_id, reason.value, None)
            case Later(until=until):
                found[row_id] = (known.address_id, None, until)
            case Allowed():
                found[row_id] = (known.address_id, None, None)
    return found


def some(*values: Any) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


@pytest.mark.parametrize("seed", [1, 2])
def test_sql_decides_as_the_function_does(world: World, seed: int) -> None:
    publish_texts(world)
    crowd = Crowd(world, seed)
    with world.app.database.write() as session:
        kept = [
            segments.save(session, tenant_id=TENANT, name=text, text=text, user_id=None, now=START).id
            for text in SEGMENTS
            if parse(text)
        ]
    audiences = st.builds(AudienceFilter, some(*BuyerKind), some(*TOPICS, "tidak_ada"), some(*kept), some(*kept))
    quiet = st.builds(
        QuietHours, st.sampled_from((time(20), time(9, 30))), st.sampled_from((time(8), time(7, 59, 59))),
        st.sampled_from((frozenset(), frozenset({date(2026, 11, 22), date(2026, 11, 23)}))),
    )  # fmt: skip
    rules = st.builds(
        Rule, st.sampled_from((*PURPOSES, Purpose.RETENTION, Purpose.WHATSAPP_MARKETING, None)),
        st.builds(FrequencyCap, st.sampled_from((0, 1, 2, 4)), st.sampled_from((timedelta(days=1), timedelta(days=7), timedelta(days=30)))),
        st.none() | quiet, st.sampled_from((0, *crowd.campaigns)),
    )  # fmt: skip

    @settings(max_examples=ROUNDS, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        rules,
        audiences | st.just(AudienceFilter()) | st.none(),
        st.integers(0, 48),
        st.none() | st.integers(0, len(crowd.ids)),
    )
    def agree(rule: Rule, audience: AudienceFilter | None, hours: int, upto: int | None) -> None:
        now, first = START + timedelta(hours=hours), min(crowd.ids)
        asked = Asked(TENANT, now) if upto is None else Asked(TENANT, now, first + 2, first + upto)
        with world.app.database.read() as session:
            group = None if audience is None else addressed(session, audience, rule.purpose, asked)
            rows = session.execute(verdicts(session, asked, rule, group)).all()
            wanted = expected(session, asked, rule, audience)
        found = {row.contact_id: (row.address_id, row.reason, row.until) for row in rows}
        assert len(found) == len(rows)  # nobody twice, however many addresses
        assert found == wanted

    agree()
    with world.app.database.read() as session:  # and the crowd meets every reason there is
        asked = Asked(TENANT, START)
        told = {
            reason
            for purpose in PURPOSES
            for reason in session.scalars(
                select(verdicts(session, asked, Rule(purpose, FrequencyCap(2))).subquery().c.reason)
            )
        }
    assert told == {None, *REACHED}


REACHED = {
    SkipReason.ERASED, SkipReason.NO_ADDRESS, SkipReason.UNREACHABLE, SkipReason.LEGAL_STOP, SkipReason.RESTRICTED,
    SkipReason.SUPPRESSED, SkipReason.NO_CONSENT, SkipReason.NOT_CONFIRMED, SkipReason.WITHDRAWN, SkipReason.OUTDATED_WORDING,
    SkipReason.NOT_REGISTERED, SkipReason.PAUSED, SkipReason.OWN_LIMIT, SkipReason.TOO_OFTEN,
}  # fmt: skip
