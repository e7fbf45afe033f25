"""The state of a journey to a provider is worth something only to the log-in that left with it, and not for long."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketing.accounts.authorising import LIFE, LONGEST, Intention, journey_of, returned

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEY, SECRET = b"k" * 32, "rahasia-masuk"
INTENTION = Intention("shopee", "tts", 7, "3")
OURS = {"provider": "shopee", "tenant_id": "tts", "user_id": 7, "key": KEY, "session_secret": SECRET, "now": NOW}
JOURNEY = journey_of(INTENTION, key=KEY, session_secret=SECRET, ends=NOW + LIFE, number="A" * 22)


def test_a_state_comes_back_as_it_went_within_half_an_hour() -> None:
    assert returned(JOURNEY.state, **OURS) == JOURNEY  # type: ignore[arg-type]
    assert returned(JOURNEY.state, **{**OURS, "now": NOW + LIFE}) == JOURNEY  # type: ignore[arg-type]
    changes: list[dict[str, object]] = [
        {"now": NOW + LIFE + timedelta(seconds=1)},
        {"now": NOW - timedelta(seconds=1)},  # an end that no journey of ours had
        {"provider": "tiktok_shop"},
        {"tenant_id": "blitar"},
        {"user_id": 8},
        {"key": b"x" * 32},
        {"session_secret": "lain"},
        {"session_secret": ""},
    ]
    for change in changes:
        assert returned(JOURNEY.state, **{**OURS, **change}) is None, change  # type: ignore[arg-type]


def test_the_verifier_is_long_enough_and_is_neither_in_the_state_nor_in_a_repr() -> None:
    assert len(JOURNEY.verifier) == 43, "RFC 7636 section 4.1: 43 to 128"
    assert JOURNEY.verifier not in JOURNEY.state + repr(JOURNEY)
    other = journey_of(INTENTION, key=KEY, session_secret=SECRET, ends=NOW + LIFE, number="B" * 22)
    assert other.verifier != JOURNEY.verifier


def test_the_longest_choice_fits() -> None:
    long = journey_of(
        Intention("tiktok", "tts", 7, "a" * 80), key=KEY, session_secret=SECRET, ends=NOW + LIFE, number="A" * 22
    )
    assert len(long.state) <= LONGEST
    assert returned(long.state, **{**OURS, "provider": "tiktok"}) == long  # type: ignore[arg-type]


@given(st.text(max_size=200))
def test_no_other_text_is_a_state(text: str) -> None:
    assert returned(text, **OURS) is None  # type: ignore[arg-type]


@given(st.integers(0, 200), st.characters(codec="utf-8"))
def test_a_state_with_another_letter_is_none(at: int, letter: str) -> None:
    state = JOURNEY.state
    at %= len(state)
    changed = state[:at] + letter + state[at + 1 :]
    assert changed == state or returned(changed, **OURS) is None  # type: ignore[arg-type]
