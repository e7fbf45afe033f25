"""Own frequency with a fair fill."""

from hypothesis import given
from hypothesis import strategies as st

from marketing.recommend.own_frequency import Choice, choose

products = st.integers(1, 30)


def test_most_bought_first_and_one_place_for_the_unknown() -> None:
    chosen = choose({1: 2, 2: 5, 3: 1, 4: 4}, {1, 2, 3, 4, 9}, [9], size=4)
    assert chosen == [Choice(2, 5), Choice(4, 4), Choice(1, 2), Choice(9, 0)]


def test_held_products_are_never_chosen_however_often_bought() -> None:
    assert choose({1: 99}, {2}, [1, 2], size=3) == [Choice(2, 0)]


@given(st.dictionaries(products, st.integers(1, 9)), st.sets(products), st.lists(products), st.integers(1, 6))
def test_every_list_is_short_distinct_promotable_and_full_where_it_can_be(
    bought: dict[int, int], promotable: set[int], fill: list[int], size: int
) -> None:
    chosen = [choice.product_id for choice in choose(bought, promotable, fill, size=size)]
    assert len(chosen) == len(set(chosen)) <= size
    assert set(chosen) <= promotable
    assert len(chosen) == min(size, len((set(bought) | set(fill)) & promotable)) or len(chosen) >= size - 1
