"""Words of a search: what people leave out when they type does not keep them from finding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.search_text import MAX_WORDS, folded, searched, words_of


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("sei", "Se’i sapi asap"),
        ("se'i", "Se’i sapi asap"),
        ("KOPI", "kopi bubuk"),
        ("cafe", "Café Mollo"),
        ("kotolin", "Kot'olin"),
    ],
)
def test_case_accents_and_apostrophes_do_not_count(typed: str, written: str) -> None:
    assert all(word in folded(written) for word in words_of(typed))


def test_each_word_counts_once_and_no_more_than_a_few() -> None:
    assert words_of("kopi  KOPI\tKopi") == ("kopi",)
    assert len(words_of(" ".join(f"kata{number}" for number in range(50)))) == MAX_WORDS
    assert words_of("… !? ()") == ()


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_codes_are_words_apart() -> None:
    assert searched("Keripik", "makanan_olahan", "Se’i") == "keripik makanan olahan sei"
