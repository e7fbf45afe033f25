"""The 54 cells: six kinds of message, nine states of a person, one outcome each, written by hand from the law."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from marketing.domain.consent import ConsentState
from marketing.domain.permission import Allowed, FrequencyCap, SendFacts, Skipped, SkipReason, decide_for
from marketing.domain.types import Purpose

KINDS: dict[str, Purpose | None] = {
    "promosi": Purpose.PROMOTIONAL,
    "transaksional": None,
    "buletin": Purpose.NEWSLETTER,
    "sosialisasi": Purpose.SOSIALISASI,
    "retensi": Purpose.RETENTION,
    "personalisasi": Purpose.PERSONALISED,
}
REACHABLE = SendFacts(has_address=True, erased=False, suppressed=False, local=datetime(2026, 11, 23, 3, tzinfo=UTC))


def consenting(state: ConsentState) -> SendFacts:
    return replace(REACHABLE, consent=dict.fromkeys(Purpose, state))


GIVEN = consenting(ConsentState.GIVEN)
STATES: dict[str, SendFacts] = {
    "no record": REACHABLE,
    "pending": consenting(ConsentState.REQUESTED),
    "granted": GIVEN,
    "withdrawn": consenting(ConsentState.WITHDRAWN),
    "expired": replace(GIVEN, outdated=frozenset(Purpose)),
    "restricted": replace(GIVEN, restricted=True),
    "erased": replace(GIVEN, erased=True, has_address=False),
    "bounced": replace(GIVEN, suppressed=True, suppression="hard_bounce"),
    "complained": replace(GIVEN, suppressed=True, suppression="complaint"),
}
GO = "allowed"
MATRIX = """
               no record    pending        granted  withdrawn  expired           restricted  erased  bounced      complained
promosi        no_consent   not_confirmed  allowed  withdrawn  outdated_wording  restricted  erased  unreachable  suppressed
transaksional  allowed      allowed        allowed  allowed    allowed           allowed     erased  unreachable  allowed
buletin        no_consent   not_confirmed  allowed  withdrawn  outdated_wording  restricted  erased  unreachable  suppressed
sosialisasi    allowed      allowed        allowed  withdrawn  allowed           restricted  erased  unreachable  suppressed
retensi        no_consent   not_confirmed  allowed  withdrawn  outdated_wording  restricted  erased  unreachable  suppressed
personalisasi  no_consent   not_confirmed  allowed  withdrawn  outdated_wording  restricted  erased  unreachable  suppressed
"""
ARTICLE = {
    "no_consent": "UU 27/2022 Ps. 20(2)a",
    "not_confirmed": "UU 27/2022 Ps. 20(2)a",
    "withdrawn": "UU 27/2022 Ps. 40",
    "outdated_wording": "UU 27/2022 Ps. 21(2)",
    "restricted": "UU 27/2022 Ps. 41",
    "erased": "UU 27/2022 Ps. 43",
    "suppressed": "UU 27/2022 Ps. 41",
    "unreachable": "",  # no law: it would not arrive
}
CELLS = [
    (kind, state, outcome)
    for kind, *outcomes in (line.split() for line in MATRIX.strip().splitlines()[1:])
    for state, outcome in zip(STATES, outcomes, strict=True)
]


def test_the_table_has_every_cell_once() -> None:
    assert len(CELLS) == len({(kind, state) for kind, state, _outcome in CELLS}) == 54
    assert [kind for kind, state, _outcome in CELLS if state == "granted"] == list(KINDS)


@pytest.mark.parametrize(("kind", "state", "outcome"), CELLS)
def test_each_cell_has_the_one_outcome_that_the_law_asks_for(kind: str, state: str, outcome: str) -> None:
    verdict = decide_for(STATES[state], KINDS[kind], FrequencyCap())
    expected = Allowed() if outcome == GO else Skipped(SkipReason(outcome), ARTICLE[outcome])
    assert verdict == expected
