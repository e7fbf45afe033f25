"""What Meta's answers mean: every code that is known, and headers that are anything."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.meta_graph.answers import (
    AFTER_BLOCK,
    AFTER_QUOTA,
    AFTER_THROTTLE,
    DuplicateError,
    LostError,
    MissingError,
    ParameterError,
    RightsError,
    Usage,
    container_fault,
    refusal,
    usage_of,
)
from marketing.channels.meta_graph.lookups import same_words, since, written_at

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TABLE = [
    *[(code, 0, LostError) for code in (1, 2, -1)],
    *[(code, 0, TemporaryError) for code in (4, 17, 32, 341, 613, *range(80000, 80010), 80014, 368)],
    *[(190, subcode, ReconnectError) for subcode in (0, 458, 459, 460, 463, 464, 467, 492)],
    (102, 0, ReconnectError),
    *[(code, 0, RightsError) for code in (3, 10, 200, 210, 299)],
    (100, 1404078, RightsError),
    (506, 1455006, DuplicateError),
    (100, 1366051, DuplicateError),
    (1609005, 0, PermanentError),
    (100, 1609008, PermanentError),
    (100, 33, MissingError),
    *[(9004, subcode, PermanentError) for subcode in (0, 2207052)],
    *[(36000, subcode, PermanentError) for subcode in (2207004, 2207005, 2207009, 2207010, 2207028)],
    *[(9, subcode, TemporaryError) for subcode in (2207001, 2207003, 2207008, 2207020, 2207027, 2207042, 2207082)],
    (25, 2207050, ReconnectError),
    (4, 2207051, TemporaryError),
    (100, 1366046, PermanentError),
    (777, 0, PermanentError),
]


@pytest.mark.parametrize(("code", "subcode", "kind"), TABLE)
def test_every_known_code_has_its_meaning(code: int, subcode: int, kind: type[Exception]) -> None:
    meant = refusal({"code": code, "error_subcode": subcode, "message": "secret"}, 400, Usage())
    assert type(meant) is kind
    assert "secret" not in str(meant)
    # a sentence for people, but for what is only waited for, looked up, or asked of another thing
    told = not isinstance(meant, LostError | MissingError) and (not isinstance(meant, TemporaryError) or code == 368)
    assert ("." in str(meant)) is told
    assert str(code) in str(meant), "what Meta's support asks for"


@pytest.mark.parametrize(
    ("code", "subcode", "wait"),
    [(368, 1390008, AFTER_BLOCK), (4, 2207051, AFTER_BLOCK), (9, 2207042, AFTER_QUOTA), (32, 0, AFTER_THROTTLE)],
)
def test_blocks_and_spent_limits_are_left_alone_for_hours(code: int, subcode: int, wait: timedelta) -> None:
    meant = refusal({"code": code, "error_subcode": subcode}, 400, Usage())
    assert isinstance(meant, TemporaryError)
    assert meant.retry_after == wait


def test_a_throttle_waits_as_long_as_the_headers_say() -> None:
    header = '{"17": [{"type": "instagram", "call_count": 100, "estimated_time_to_regain_access": 19}]}'
    meant = refusal({"code": 80002}, 400, usage_of({"x-business-use-case-usage": header}))
    assert isinstance(meant, TemporaryError)
    assert meant.retry_after == timedelta(minutes=19)


@pytest.mark.parametrize("said", [{}, {"code": "x"}, {"code": None}, {"code": 1e99}, {"code": 5, "is_transient": True}])
@pytest.mark.parametrize("status", [500, 503])
def test_what_does_not_say_that_nothing_was_done_is_a_lost_answer(said: dict[str, object], status: int) -> None:
    assert isinstance(refusal(said, status, Usage()), LostError)


def test_nearly_all_of_a_limit_is_a_reason_to_rest_and_less_is_none() -> None:
    assert usage_of({"x-app-usage": '{"call_count": 28, "total_time": 89, "total_cputime": 3}'}).rest == timedelta(0)
    assert usage_of({"x-app-usage": '{"call_count": 28, "total_time": 90}'}).rest == timedelta(minutes=5)
    assert usage_of({}).rest == timedelta(0)


@pytest.mark.parametrize("name", ["x-app-usage", "x-page-usage"])
def test_figures_rest_before_posts_do_and_any_header_counts(name: str) -> None:
    for percent, figures, posts in ((59, 0, 0), (60, 10, 0), (90, 10, 5)):
        usage = usage_of({name: f'{{"call_count": 3, "total_cputime": {percent}}}'})
        assert (usage.figures_rest, usage.rest) == (timedelta(minutes=figures), timedelta(minutes=posts))
    shut = usage_of({"x-business-use-case-usage": '{"1": [{"call_count": 9, "estimated_time_to_regain_access": 7}]}'})
    assert shut.figures_rest == shut.rest == timedelta(minutes=7)


def test_a_parameter_that_does_not_exist_is_told_apart_from_a_thing_that_does_not() -> None:
    assert isinstance(refusal({"code": 100}, 400, Usage()), ParameterError)
    assert isinstance(refusal({"code": 100, "error_subcode": 33}, 400, Usage()), MissingError)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "call_count"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.text() | ANYTHING.map(repr), ANYTHING)
def test_headers_and_errors_of_any_kind_are_read_without_a_fault(header: str, code: object) -> None:
    usage = usage_of({"x-app-usage": header, "x-business-use-case-usage": header})
    assert timedelta(0) <= usage.rest <= timedelta(days=1)
    assert isinstance(refusal({"code": code, "error_subcode": code}, 400, usage), Exception)


def test_a_container_names_its_fault() -> None:
    assert container_fault("Error: Media upload has failed with error code 2207003") == 2207003
    assert container_fault("Error: Media upload has failed with error code 2207003.") == 2207003
    assert container_fault("Error") == 0


def test_words_are_the_same_however_meta_spaces_them() -> None:
    assert same_words("Cafe\u0301  SoE\r\n\r\nbaru ", "Caf\u00e9 SoE\nbaru")
    assert not same_words("Tenun 1", "Tenun 10")


def test_only_what_is_as_young_as_the_post_can_be_it() -> None:
    records: list[dict[str, str | None]] = [
        {"t": "2026-11-21T03:01:00+0000"},
        {"t": "2026-11-21T02:59:00+0000"},
        {"t": None},
        {},
    ]
    assert since(records, NOW, "t") == [records[0], {"t": None}, {}]
    assert written_at("2026-11-22T02:51:00") is None
