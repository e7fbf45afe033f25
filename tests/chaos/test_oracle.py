"""The judge itself can find fault: a record that somebody doctored is caught, whatever was done to it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from marketing.domain.message import MessageState
from tests.chaos.oracle import Doubt, Round, Row, judge
from tests.chaos.record import Line, Verdict

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
PEOPLE = 20
SKIPPED, FAILED, UNKNOWN = 18, 19, 20


def row(number: int, **changes: object) -> Row:
    made = Row(
        f"<{number}@kabar.example>", number, f"orang{number}@surat.example", MessageState.ACCEPTED, handed_over_at=NOW
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields of Row


def line(number: int, verdict: Verdict = Verdict.TAKEN) -> Line:
    return Line(verdict, 1.0, f"orang{number}@surat.example", f"<{number}@kabar.example>")


def good() -> Round:
    """A round as it should be: most were taken, one was skipped, one refused, one cut off after its content, one order told."""
    bulk = [row(number) for number in range(1, SKIPPED)]
    bulk += [
        row(SKIPPED, state=MessageState.SKIPPED, reason="no_consent", handed_over_at=None),
        row(FAILED, state=MessageState.FAILED, reason="smtp_550"),
        row(UNKNOWN, state=MessageState.UNKNOWN, reason="no_answer"),
    ]
    lines = [line(number) for number in range(1, SKIPPED)]
    refused = replace(line(FAILED, Verdict.REFUSED), message_id="")
    return Round(
        people=frozenset(range(1, PEOPLE + 1)),
        willing=PEOPLE - 1,
        audience=PEOPLE,
        balances=True,
        ended=True,
        bulk=bulk,
        orders=frozenset({7}),
        order_mail=[row(100, order_id=7)],
        lines=[*lines, refused, line(UNKNOWN, Verdict.TAKEN_UNANSWERED), line(100)],
        cuts=1,
    )


def doubt(**changes: object) -> Doubt:
    return replace(Doubt("kill -9", NOW, NOW, 50), **changes)  # type: ignore[arg-type]  # fields of Doubt


def without(lines: Sequence[Line], number: int) -> list[Line]:
    return [one for one in lines if one.message_id != f"<{number}@kabar.example>"]


def changed(rows: Sequence[Row], number: int, **changes: object) -> list[Row]:
    return [replace(one, **changes) if one.contact_id == number else one for one in rows]  # type: ignore[arg-type]


def test_a_good_round_has_no_fault_and_its_figures() -> None:
    verdict = judge(good())
    assert verdict.faults == []
    assert verdict.figures["accepted"] == SKIPPED - 1
    assert (verdict.figures["unknown"], verdict.figures["unknown_delivered"]) == (1, 1)


DOCTORED: dict[str, Callable[[Round], Round]] = {
    "accepted but never delivered": lambda one: replace(one, lines=without(one.lines, 3)),
    "delivered twice": lambda one: replace(one, lines=[*one.lines, line(3)]),
    "deliveries belong to no message": lambda one: replace(one, lines=[*one.lines, line(77)]),
    "somebody else's address": lambda one: replace(
        one, lines=[*without(one.lines, 3), replace(line(3), recipient="orang4@surat.example")]
    ),
    "people of the plan have no message": lambda one: replace(one, bulk=one.bulk[1:], audience=PEOPLE - 1),
    "people have two messages": lambda one: replace(
        one, bulk=[*one.bulk, row(50, contact_id=3, recipient="orang3@surat.example")], lines=[*one.lines]
    ),
    "not in the plan": lambda one: replace(one, people=one.people - {4}),
    "skipped but delivered": lambda one: replace(one, lines=[*one.lines, line(SKIPPED)]),
    "skipped without a reason": lambda one: replace(one, bulk=changed(one.bulk, SKIPPED, reason="")),
    "failed but delivered": lambda one: replace(one, lines=[*one.lines, line(FAILED)]),
    "failed although nobody refused": lambda one: replace(
        one, bulk=changed(one.bulk, 5, state=MessageState.FAILED, reason="render_error"), lines=without(one.lines, 5)
    ),
    "still open": lambda one: replace(one, bulk=changed(one.bulk, 5, state=MessageState.DEFERRED)),
    "unknown without any doubt": lambda one: replace(one, lines=without(one.lines, UNKNOWN)),
    "may be at most": lambda one: replace(one, cuts=0),
    "unknown although the answer was sent": lambda one: replace(
        one, lines=[*without(one.lines, UNKNOWN), line(UNKNOWN)]
    ),
    "people agreed": lambda one: replace(
        one, bulk=changed(one.bulk, 5, state=MessageState.SKIPPED, reason="frequency_cap"), lines=without(one.lines, 5)
    ),
    "the audience is": lambda one: replace(one, audience=PEOPLE + 1),
    "does not balance": lambda one: replace(one, balances=False),
    "did not end": lambda one: replace(one, ended=False),
    "orders have no mail": lambda one: replace(one, orders=frozenset({7, 8})),
    "two messages about one thing": lambda one: replace(
        one, order_mail=[*one.order_mail, row(101, order_id=7)], lines=[*one.lines, line(101)]
    ),
    "order mail left unknown": lambda one: replace(
        one, order_mail=changed(one.order_mail, 100, state=MessageState.UNKNOWN)
    ),
    "order mail repeated without need": lambda one: replace(one, lines=[*one.lines, line(100)], cuts=0),
}


@pytest.mark.parametrize("fault", DOCTORED)
def test_a_doctored_record_is_caught(fault: str) -> None:
    assert any(fault in found for found in judge(DOCTORED[fault](good())).faults), judge(DOCTORED[fault](good())).faults


def test_a_killed_worker_explains_what_it_had_just_been_given_and_nothing_older() -> None:
    lost = changed(good().bulk, 5, state=MessageState.UNKNOWN, reason="worker_lost")
    played = replace(good(), bulk=lost, lines=without(good().lines, 5), doubts=[doubt()])
    assert judge(played).faults == []
    early = changed(lost, 5, handed_over_at=NOW - timedelta(minutes=1))
    assert any("unknown without any doubt" in found for found in judge(replace(played, bulk=early)).faults)


def test_no_more_are_in_doubt_than_one_worker_may_hold() -> None:
    rows = [row(number, state=MessageState.UNKNOWN, reason="worker_lost") for number in range(1, 52)]
    people = frozenset(range(1, 52))
    played = replace(
        good(), people=people, willing=51, audience=51, bulk=rows, lines=[line(100)], doubts=[doubt()], cuts=0
    )
    assert judge(played).faults == ["51 messages are unknown, 50 may be at most"]


def test_order_mail_may_come_again_where_something_was_in_doubt() -> None:
    played = replace(good(), lines=[*good().lines, line(100)], doubts=[doubt()])
    verdict = judge(played)
    assert verdict.faults == []
    assert verdict.figures["order_mail_repeated"] == 1
