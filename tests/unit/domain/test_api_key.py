"""A key for a program: found by its beginning, kept as a hash, never taken for another."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.api_key import KeyScope, fits, key_hash, may_stand_together, new_key, prefix_of


def test_every_key_is_another_and_only_it_fits() -> None:
    keys = [new_key() for _turn in range(50)]
    assert len({key.secret for key in keys}) == 50
    for key in keys:
        assert prefix_of(key.secret) == key.prefix
        assert fits(key.secret, key.hash)
        assert not fits(key.secret[:-1] + "-", key.hash) or key.secret.endswith("-")
        assert key.secret not in key.hash
        assert key.secret not in repr(key)


@given(st.text(max_size=80))
def test_what_is_no_key_is_found_by_nothing(text: str) -> None:
    assert prefix_of(text) == ""
    assert not fits(text, key_hash("siar_000000000000_" + "A" * 43))


def test_vouching_stands_only_beside_consents() -> None:
    allowed = [set(some) for n in range(4) for some in combinations(KeyScope, n) if may_stand_together(some)]
    c, v, w = KeyScope
    assert allowed == [{c}, {w}, {c, v}, {c, w}, {c, v, w}]
