"""When figures are asked for, what counts as one, and what may be added up."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.insights import ADDABLE, MOST, SPREAD, STEPS, Metric, Total, counted, counts, next_pull, totals

PUBLISHED = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
numbers = st.integers(0, 2**62)
lateness = st.lists(st.timedeltas(timedelta(0), timedelta(days=3)), max_size=40)


def asked(number: int, late: list[timedelta]) -> list[datetime]:
    """Ask whenever something is due, each time so much later; on time once the list is used up."""
    moments: list[datetime] = []
    waits = iter(late)
    while (due := next_pull(PUBLISHED, moments[-1] if moments else None, number)) is not None:
        moments.append(due + next(waits, timedelta(0)))
        assert len(moments) <= len(STEPS)
    return moments


@given(numbers, lateness)
def test_a_post_is_asked_for_at_most_once_a_step_and_never_again_after_the_last(
    number: int, late: list[timedelta]
) -> None:
    moments = asked(number, late)
    assert moments[-1] >= PUBLISHED + STEPS[-1]
    assert moments == sorted(set(moments))
    assert next_pull(PUBLISHED, moments[-1], number) is None


@given(numbers)
def test_on_time_every_step_is_asked_for_a_little_later_and_the_waits_grow(number: int) -> None:
    moments = asked(number, [])
    waits = [moment - PUBLISHED for moment in moments]
    assert len(waits) == len(STEPS)
    assert all(step <= wait <= step * (1 + SPREAD) for step, wait in zip(STEPS, waits, strict=True))
    gaps = [after - before for before, after in pairwise(waits)]
    assert gaps == sorted(gaps)


@given(numbers, st.timedeltas(timedelta(0), timedelta(days=90)))
def test_the_next_hour_lies_ahead_of_the_last_and_is_always_the_same(number: int, after: timedelta) -> None:
    due = next_pull(PUBLISHED, PUBLISHED + after, number)
    assert due is None or due > PUBLISHED + after
    assert due == next_pull(PUBLISHED, PUBLISHED + after, number)


def test_posts_of_one_hour_are_spread_over_the_minutes() -> None:
    moments = {next_pull(PUBLISHED, None, number) for number in range(100)}
    assert len(moments) > 90
    assert max(moments) - min(moments) > timedelta(minutes=4)  # type: ignore[operator, type-var]


@given(st.integers(0, MOST))
def test_a_count_is_read_however_it_is_written(number: int) -> None:
    assert counted(number) == counted(str(number)) == number
    if number < 2**53:
        assert counted(float(number)) == number


@given(
    st.one_of(
        st.integers(max_value=-1), st.integers(min_value=MOST + 1), st.text(alphabet="-.e٣² a"), st.booleans(),
        st.none(), st.lists(st.integers()), st.dictionaries(st.text(), st.integers()),
        st.sampled_from([float("nan"), float("inf"), -0.5, 1.5, 1e300, "9" * 5_000]),
    )
)  # fmt: skip
def test_what_cannot_be_a_count_is_none_and_never_zero(odd: object) -> None:
    assert counted(odd) is None
    assert counts([(Metric.VIEWS, odd), (Metric.REACH, 0)]) == {Metric.REACH: 0}


@given(st.lists(st.dictionaries(st.sampled_from(Metric), st.integers(0, 10**6))))
def test_only_acts_are_added_and_only_over_the_posts_that_gave_them(figures: list[dict[Metric, int]]) -> None:
    found = totals(figures)
    assert set(found) == {metric for given in figures for metric in given} & set(ADDABLE)
    for metric, total in found.items():
        having = [given[metric] for given in figures if metric in given]
        assert total == Total(sum(having), len(having))
    assert not {Metric.REACH, Metric.VIEWS, Metric.CLICKS} & set(found)
