"""What a row says of consent: it counts with time, wording and source, and a no goes before a yes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.contacts.importing.consents import Said, read_consents
from marketing.domain.consent import ConsentState
from marketing.domain.types import Purpose
from marketing.tabular.cells import Cell

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
WITA = ZoneInfo("Asia/Makassar")
PROOF = {"wording": "2026-1", "source": "formulir"}


def read(at: Cell = "2026-01-05 10:00", **texts: str) -> Said:
    return read_consents({name.replace("__", ":"): text for name, text in texts.items()}, at, zone=WITA, now=NOW)


def test_a_list_of_purposes_is_a_line_each_at_the_local_hour() -> None:
    said = read(consent="Promosi; buletin", **PROOF)
    assert [(one.purpose, one.state, one.imported) for one in said.events] == [
        (Purpose.PROMOTIONAL, ConsentState.GIVEN, True),
        (Purpose.NEWSLETTER, ConsentState.GIVEN, True),
    ]
    assert said.events[0].at == datetime(2026, 1, 5, 2, tzinfo=UTC)
    assert said.remarks == ()


@pytest.mark.parametrize("text", ["ya", "semua", "setuju", "promosi dan semuanya"])
def test_a_yes_without_its_purpose_is_none(text: str) -> None:
    said = read(consent=text, **PROOF)
    assert said.events == ()
    assert len(said.remarks) == 1


@pytest.mark.parametrize(
    ("at", "texts"),
    [
        ("", PROOF),
        ("2026-01-05", {"wording": "x"}),
        ("2026-01-05", {"source": "x"}),
        ("kapan-kapan", PROOF),
        ("2027-01-05", PROOF),
    ],
)
def test_without_time_wording_or_source_it_does_not_count(at: str, texts: dict[str, str]) -> None:
    said = read(at, consent="promosi", **texts)
    assert said.events == ()
    assert len(said.remarks) == 1


def test_a_no_goes_before_a_yes_and_needs_no_proof() -> None:
    said = read(consent="promosi", consent__promotional="tidak")
    assert [one.state for one in said.events] == [ConsentState.WITHDRAWN]
    assert read("", consent__promotional="berhenti").stopped == (Purpose.PROMOTIONAL,)


@pytest.mark.parametrize("text", ["mungkin", "x", "?", "="])
def test_an_unclear_answer_is_no_consent(text: str) -> None:
    assert read(consent__promotional=text, **PROOF).events == ()


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_text_crashes_and_nothing_is_given_without_proof(consent: str, at: str, source: str) -> None:
    said = read(at, consent=consent, source=source)
    assert all(one.state is not ConsentState.GIVEN for one in said.events)
