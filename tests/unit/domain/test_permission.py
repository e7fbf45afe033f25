"""May this person get this message? Consent per purpose, suppression, erasure and the cap over all campaigns."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.consent import ConsentEvent, ConsentState, Refused, admit, fold, seal
from marketing.domain.permission import (
    PURPOSE_OF,
    Allowed,
    FrequencyCap,
    QuietHours,
    SendFacts,
    Skipped,
    SkipReason,
    decide,
    decide_for,
)
from marketing.domain.types import EmailType, Purpose

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
CAP = FrequencyCap(limit=4)
MARKETING = [kind for kind in EmailType if kind is not EmailType.TRANSACTIONAL]
facts = st.builds(
    SendFacts,
    has_address=st.booleans(),
    erased=st.booleans(),
    suppressed=st.booleans(),
    consent=st.dictionaries(st.sampled_from(Purpose), st.sampled_from(ConsentState)),
    marketing_recently=st.integers(0, 6),
)


@pytest.mark.parametrize("kind", MARKETING)
@pytest.mark.parametrize("state", [state for state in ConsentState if state is not ConsentState.GIVEN])
def test_no_marketing_without_consent_given_for_that_purpose(kind: EmailType, state: ConsentState) -> None:
    others = {purpose: ConsentState.GIVEN for purpose in Purpose if purpose is not PURPOSE_OF[kind]}
    known = SendFacts(has_address=True, erased=False, suppressed=False, consent={**others, PURPOSE_OF[kind]: state})
    verdict = decide(known, kind, CAP)
    assert isinstance(verdict, Skipped)
    expected = {
        ConsentState.WITHDRAWN: SkipReason.WITHDRAWN,
        ConsentState.REQUESTED: SkipReason.NOT_CONFIRMED,
    }.get(state, SkipReason.NO_CONSENT)
    assert verdict.reason is expected
    assert verdict.article.startswith("UU 27/2022")


def test_order_mail_needs_no_consent_and_passes_suppression_but_never_an_erased_person() -> None:
    suppressed = SendFacts(has_address=True, erased=False, suppressed=True, marketing_recently=99)
    assert decide(suppressed, EmailType.TRANSACTIONAL, CAP) == Allowed()
    erased = SendFacts(has_address=True, erased=True, suppressed=False)
    assert decide(erased, EmailType.TRANSACTIONAL, CAP) == Skipped(SkipReason.ERASED, "UU 27/2022 Ps. 43")


def test_the_cap_counts_what_went_out_before() -> None:
    consent = {Purpose.PROMOTIONAL: ConsentState.GIVEN}
    reachable = SendFacts(has_address=True, erased=False, suppressed=False, consent=consent)
    known = [replace(reachable, marketing_recently=number) for number in (3, 4)]
    assert [type(decide(one, EmailType.PROMOTIONAL, CAP)) for one in known] == [Allowed, Skipped]


@given(facts, st.sampled_from(MARKETING))
def test_allowed_marketing_always_stands_on_consent_and_a_free_address(known: SendFacts, kind: EmailType) -> None:
    if isinstance(decide(known, kind, CAP), Allowed):
        assert known.consent[PURPOSE_OF[kind]] is ConsentState.GIVEN
        assert known.has_address
        assert not known.suppressed
        assert not known.erased
        assert known.marketing_recently < CAP.limit


@given(facts, st.booleans())
def test_what_is_owed_on_a_channel_of_consent_asks_for_it_and_for_nothing_else(known: SendFacts, paused: bool) -> None:
    chat, night = Purpose.WHATSAPP_MARKETING, QuietHours(time(0), time(23, 59))
    known = replace(known, paused=paused, weekly_limit=0, local=NOW)
    verdict = decide_for(known, chat, CAP, night, owed=True)
    allowed = known.has_address and not known.erased and not known.suppressed
    assert isinstance(verdict, Allowed) is (allowed and known.consent.get(chat) is ConsentState.GIVEN)
    assert isinstance(verdict, Allowed | Skipped)  # never later: news of an order cannot wait for the morning


def line(
    state: ConsentState, days: int = 0, *, imported: bool = False, wording: str = "2026-1", source: str = "formulir"
) -> ConsentEvent:
    return ConsentEvent(Purpose.NEWSLETTER, state, NOW - timedelta(days=days), wording, source, imported)


@pytest.mark.parametrize(
    ("event", "current", "reason"),
    [
        (line(ConsentState.GIVEN, -1), None, "from_the_future"),
        (line(ConsentState.GIVEN, wording=""), None, "no_proof"),
        (line(ConsentState.GIVEN, source=""), None, "no_proof"),
        (line(ConsentState.GIVEN, imported=True), line(ConsentState.WITHDRAWN, 5), "withdrawn_before"),
        (line(ConsentState.GIVEN, imported=True), line(ConsentState.REFUSED, 5), "withdrawn_before"),
        (line(ConsentState.WITHDRAWN, 5, imported=True), line(ConsentState.GIVEN, 2), "known_already"),
        (line(ConsentState.GIVEN, 5, imported=True), line(ConsentState.GIVEN, 5), "known_already"),
    ],
)
def test_lines_that_may_not_enter_the_ledger(event: ConsentEvent, current: ConsentEvent | None, reason: str) -> None:
    assert admit(event, current, NOW) == Refused(reason)


def test_a_person_may_consent_again_in_person_after_leaving() -> None:
    again = line(ConsentState.GIVEN)
    assert admit(again, line(ConsentState.WITHDRAWN, 3), NOW) is again


@given(st.lists(st.tuples(st.sampled_from(Purpose), st.sampled_from(ConsentState)), max_size=12), st.integers(0, 12))
def test_the_fold_of_a_ledger_can_be_replayed_from_any_prefix(
    lines: list[tuple[Purpose, ConsentState]], cut: int
) -> None:
    events = [ConsentEvent(purpose, state, NOW, "1", "x") for purpose, state in lines]
    assert {**fold(events[:cut]), **fold(events[cut:])} == fold(events)


def test_the_seal_depends_on_every_part_of_the_line_and_on_the_one_before() -> None:
    base = line(ConsentState.GIVEN)
    seals = {
        seal("", contact="1", event=base),
        seal("x", contact="1", event=base),
        seal("", contact="2", event=base),
        seal("", contact="1", event=line(ConsentState.WITHDRAWN)),
        seal("", contact="1", event=line(ConsentState.GIVEN, 1)),
        seal("", contact="1", event=line(ConsentState.GIVEN, wording="2")),
        seal("", contact="1", event=line(ConsentState.GIVEN, source="x")),
    }
    assert len(seals) == 7
