"""The 54 cells: six kinds of message, nine states of a person, one outcome each, written by hand from the law.

Three more rows tell what the public task does not carry: those who are no registered business, and promotion.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from marketing.domain.consent import ConsentState
from marketing.domain.permission import Allowed, FrequencyCap, SendFacts, Skipped, SkipReason, decide_for
from marketing.domain.types import BuyerKind, Purpose

KINDS: dict[str, Purpose | None] = {
    "promosi": Purpose.PROMOTIONAL,
    "transaksional": None,
    "buletin": Purpose.NEWSLETTER,
    "sosialisasi": Purpose.SOSIALISASI,
    "retensi": Purpose.RETENTION,
    "personalisasi": Purpose.PERSONALISED,
}
REACHABLE = SendFacts(
    has_address=True,
    erased=False,
    suppressed=False,
    local=datetime(2026, 11, 23, 3, tzinfo=UTC),
    kind=BuyerKind.PELAKU_UMKM,
)


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
PUBLIC_TASK = """
                no record       pending         granted         withdrawn  expired         restricted  erased  bounced      complained
provider        allowed         allowed         allowed         withdrawn  allowed         restricted  erased  unreachable  suppressed
public          not_registered  not_registered  not_registered  withdrawn  not_registered  restricted  erased  unreachable  suppressed
with_products   no_consent      no_consent      no_consent      withdrawn  no_consent      restricted  erased  unreachable  suppressed
"""
ARTICLE = {
    "not_registered": "UU 27/2022 Ps. 20(2)e",
    "no_consent": "UU 27/2022 Ps. 20(2)a",
    "not_confirmed": "UU 27/2022 Ps. 20(2)a",
    "withdrawn": "UU 27/2022 Ps. 40",
    "outdated_wording": "UU 27/2022 Ps. 21(2)",
    "restricted": "UU 27/2022 Ps. 41",
    "erased": "UU 27/2022 Ps. 43",
    "suppressed": "UU 27/2022 Ps. 41",
    "unreachable": "",  # no law: it would not arrive
}


def cells(table: str) -> list[tuple[str, str, str]]:
    return [
        (row, state, outcome)
        for row, *outcomes in (line.split() for line in table.strip().splitlines()[1:])
        for state, outcome in zip(STATES, outcomes, strict=True)
    ]


CELLS = cells(MATRIX)


def test_the_table_has_every_cell_once() -> None:
    assert len(CELLS) == len({(kind, state) for kind, state, _outcome in CELLS}) == 54
    assert [kind for kind, state, _outcome in CELLS if state == "granted"] == list(KINDS)


@pytest.mark.parametrize(("kind", "state", "outcome"), CELLS)
def test_each_cell_has_the_one_outcome_that_the_law_asks_for(kind: str, state: str, outcome: str) -> None:
    assert decide_for(STATES[state], KINDS[kind], FrequencyCap()) == expected(outcome)


def expected(outcome: str) -> Allowed | Skipped:
    return Allowed() if outcome == GO else Skipped(SkipReason(outcome), ARTICLE[outcome])


@pytest.mark.parametrize(("row", "state", "outcome"), cells(PUBLIC_TASK))
def test_the_public_task_carries_news_to_businesses_and_nothing_else(row: str, state: str, outcome: str) -> None:
    kind = {"provider": BuyerKind.PENYEDIA, "public": BuyerKind.MASYARAKAT}.get(row, BuyerKind.PELAKU_UMKM)
    known = replace(STATES[state], kind=kind)
    verdict = decide_for(known, Purpose.SOSIALISASI, FrequencyCap(), promotes=row == "with_products")
    assert verdict == expected(outcome)


@pytest.mark.parametrize("kind", [*BuyerKind, None])
def test_of_all_groups_only_registered_businesses_are_told_without_consent(kind: BuyerKind | None) -> None:
    verdict = decide_for(replace(REACHABLE, kind=kind), Purpose.SOSIALISASI, FrequencyCap())
    allowed = kind in {BuyerKind.PELAKU_UMKM, BuyerKind.PENYEDIA}
    assert verdict == expected(GO if allowed else "not_registered")
