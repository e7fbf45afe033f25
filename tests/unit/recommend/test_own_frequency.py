"""Own frequency with a fair fill."""

from hypothesis import given
from hypothesis import strategies as st

from marketing.recommend.own_frequency import Choice, Why, choose

products = st.integers(1, 30)


def test_most_bought_first_and_one_place_for_the_unknown() -> None:
    chosen = choose({1: 2, 2: 5, 3: 1, 4: 4}, {1, 2, 3, 4, 9}, [9], size=4)
    assert chosen == [Choice(2, 5), Choice(4, 4), Choice(1, 2), Choice(9, 0, Why.FAIR)]


def test_held_products_are_never_chosen_however_often_bought() -> None:
    assert choose({1: 99}, {2}, [1, 2], size=3) == [Choice(2, 0, Why.FAIR)]


def test_gaps_are_filled_by_the_seller_then_the_topic_and_the_last_place_is_fair() -> None:
    chosen = choose({1: 2}, set(range(1, 10)), [9, 8], size=4, sellers=[1, 5], topics=[5, 6, 7])
    assert chosen == [Choice(1, 2), Choice(5, 0, Why.SELLER), Choice(6, 0, Why.TOPIC), Choice(9, 0, Why.FAIR)]


def test_who_never_bought_gets_what_they_asked_for() -> None:
    assert choose({}, {1, 2, 3}, [3], size=3, topics=[2, 1]) == [
        Choice(2, 0, Why.TOPIC),
        Choice(1, 0, Why.TOPIC),
        Choice(3, 0, Why.FAIR),
    ]


@given(
    st.dictionaries(products, st.integers(1, 9)),
    st.sets(products),
    st.tuples(st.lists(products), st.lists(products), st.lists(products)),
    st.integers(1, 6),
)
def test_every_list_is_short_distinct_promotable_and_full_where_it_can_be(
    bought: dict[int, int], promotable: set[int], groups: tuple[list[int], list[int], list[int]], size: int
) -> None:
    fill, sellers, topics = groups
    chosen = choose(bought, promotable, fill, size=size, sellers=sellers, topics=topics)
    row_ids = [choice.product_id for choice in chosen]
    assert len(row_ids) == len(set(row_ids)) <= size
    assert set(row_ids) <= promotable
    known = (set(bought) | set(sellers) | set(topics)) & promotable
    assert min(size, len(known | set(fill) & promotable)) - len(row_ids) in {0, 1}
    if set(fill) & promotable - known:
        assert chosen[-1].why is Why.FAIR
    assert all((choice.why is Why.BOUGHT) == (choice.product_id in bought) for choice in chosen)
