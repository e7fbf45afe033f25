"""What Meta signs is believed only as it was signed, for this app, and lately."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.meta_graph.signed_request import LONGEST, TOLERANCE, Told, read_signed
from marketing.demo.simulators.consent import signed_request

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SECRET = "rahasia-aplikasi"
FACTS = {"algorithm": "HMAC-SHA256", "user_id": "10224899411", "issued_at": int(NOW.timestamp())}
GOOD = signed_request(FACTS, SECRET)


def test_a_request_of_meta_is_read_for_a_day_and_says_the_same_each_time() -> None:
    assert read_signed(GOOD, SECRET, NOW) == Told("10224899411", f"10224899411.{FACTS['issued_at']}")
    assert read_signed(GOOD, SECRET, NOW + TOLERANCE) == read_signed(GOOD, SECRET, NOW - TOLERANCE)
    assert read_signed(GOOD, SECRET, NOW + TOLERANCE + timedelta(seconds=1)) is None
    assert read_signed(signed_request(FACTS | {"user_id": 7}, SECRET), SECRET, NOW) == Told(
        "7", f"7.{FACTS['issued_at']}"
    )


@pytest.mark.parametrize("secret", ["", "lain", SECRET + "x"])
def test_another_secret_opens_nothing(secret: str) -> None:
    assert read_signed(GOOD, secret, NOW) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": "none"},
        {"user_id": None},
        {"user_id": "x"},
        {"user_id": True},
        {"issued_at": True},
        {"issued_at": "1"},
        {"issued_at": 10**12},
        {"user_id": "1" * LONGEST},
    ],
)
def test_what_is_signed_but_says_nothing_is_none(changes: dict[str, object]) -> None:
    assert read_signed(signed_request(FACTS | changes, SECRET), SECRET, NOW) is None


@given(st.integers(0, 300), st.characters(codec="utf-8"))
def test_another_letter_anywhere_is_none(at: int, letter: str) -> None:
    at %= len(GOOD)
    changed = GOOD[:at] + letter + GOOD[at + 1 :]
    # the last letter of a signature of 32 bytes holds two bits that base64 leaves open
    same = changed == GOOD or at == GOOD.index(".") - 1
    assert same or read_signed(changed, SECRET, NOW) is None


@given(st.text(max_size=300))
def test_no_other_text_is_a_request(text: str) -> None:
    assert read_signed(text, SECRET, NOW) is None
