"""Rates that stop sending: the exact thresholds, and silence while the numbers are too small to mean anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.breakers import RULES, BreakerKind, BreakerLevel, level_of, percent

K, L = BreakerKind, BreakerLevel


@pytest.mark.parametrize(
    ("kind", "bad", "sent", "expected"),
    [
        (K.COMPLAINTS, 79, 100_000, None),
        (K.COMPLAINTS, 80, 100_000, L.WARN),  # 0.08 %
        (K.COMPLAINTS, 99, 100_000, L.WARN),
        (K.COMPLAINTS, 100, 100_000, L.SLOW),  # 0.10 %
        (K.COMPLAINTS, 299, 100_000, L.SLOW),
        (K.COMPLAINTS, 300, 100_000, L.STOP),  # 0.30 %
        (K.COMPLAINTS, 3, 1_000, L.STOP),
        (K.COMPLAINTS, 2, 100, None),
        (K.COMPLAINTS, 1, 10, None),  # one of ten stops nothing
        (K.COMPLAINTS, 9, 99, None),
        (K.HARD_BOUNCES, 20, 1_000, None),  # exactly 2 %
        (K.HARD_BOUNCES, 21, 1_000, L.WARN),
        (K.HARD_BOUNCES, 50, 1_000, L.WARN),  # exactly 5 %
        (K.HARD_BOUNCES, 51, 1_000, L.STOP),
        (K.HARD_BOUNCES, 4, 50, None),
        (K.HARD_BOUNCES, 5, 49, None),
        (K.HARD_BOUNCES, 5, 50, L.STOP),
        (K.BLOCKS, 5, 100, None),
        (K.BLOCKS, 6, 100, L.STOP),
        (K.BLOCKS, 19, 19, None),
        (K.BLOCKS, 0, 0, None),
    ],
)
def test_what_a_rate_asks_for(kind: BreakerKind, bad: int, sent: int, expected: BreakerLevel | None) -> None:
    assert level_of(kind, bad, sent) is expected


@given(st.sampled_from(K), st.integers(0, 10_000), st.integers(0, 100_000))
def test_more_harm_never_asks_for_less(kind: BreakerKind, bad: int, sent: int) -> None:
    order = [None, *L]
    assert order.index(level_of(kind, bad + 1, sent)) >= order.index(level_of(kind, bad, sent))


def test_every_rate_has_its_rule() -> None:
    assert set(RULES) == set(K)
    assert percent(3, 1_000) == pytest.approx(0.3)
    assert percent(1, 0) == 0
