"""Common text and each person's own: filling in gives back exactly each text, and what is common is sent once."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.email.providers.shared_text import SharedText, fill, shared_text, unused_tags

PIECES = (
    "<p>Halo yang terhormat Ibu dan Bapak </p>",
    "Siti ",
    "Budi",
    "a" * 30,
    "b" * 30,
    "%s",
    "x",
    "https://u.example/k/",
    "\r\n",
    "é🙂",
)
ANY = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), min_size=1, max_size=6)
ALIKE = st.lists(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), min_size=1, max_size=6)


@given(ANY | ALIKE)
def test_filling_in_gives_back_exactly_each_text(texts: list[str]) -> None:
    shared = shared_text(texts)
    tags = list(islice(unused_tags(texts), shared.gaps))
    template = shared.with_tags(tags)
    for text in texts:
        parts = shared.split(text)
        assert parts is not None
        values = dict(zip(tags, parts, strict=True))
        assert fill(template, values) == text
        assert fill(template, dict(reversed(values.items()))) == text, (
            "the order in which a provider fills in is its own"
        )


@given(ANY | ALIKE)
def test_the_order_of_people_changes_nothing_for_any_of_them(texts: list[str]) -> None:
    shared = shared_text(list(reversed(texts)))
    assert all(shared.with_tags(shared.split(text) or ()) == text for text in texts)


def test_of_one_text_everything_is_shared() -> None:
    assert shared_text(["halo", "halo"]) == SharedText(("halo",))


def test_a_thousand_mails_of_40_kb_share_all_but_names_and_links() -> None:
    row = "".join(f"<td class=k{n}>Produk nomor {n}, tenun tangan dari Soe</td>\n" for n in range(60))
    names = ["Siti Aminah", "Budi", "Siti Rahma", "Bu & Pak", "Yohanes Berchmans"]
    texts = [
        f"<html>{row}<p>Halo {names[number % 5]},</p>"
        + "".join(f'{row[:2_000]}<a href="https://s.example/k/{number:x}.{link}-tanda">Lihat</a>' for link in range(16))
        for number in range(300)
    ]
    shared = shared_text(texts)
    own = [sum(map(len, shared.split(text) or ())) for text in texts]
    assert max(own) < 400
    assert min(map(len, texts)) > 30_000


def test_half_a_name_in_common_is_not_taken_for_common() -> None:
    shared = shared_text(["Halo Siti, apa kabar hari ini semuanya?", "Halo Siska, apa kabar hari ini semuanya?"])
    assert shared.split("Halo Budi, apa kabar hari ini semuanya?") == ("Budi",)


def test_tags_stay_away_from_every_text() -> None:
    (first,) = islice(unused_tags([]), 1)
    (other,) = islice(unused_tags([f"teks yang memuat {first}"]), 1)
    assert other != first


@pytest.mark.parametrize("texts", [[], ["a\ud800b"], ["baik", "\udfff\ud800"]])
def test_what_cannot_be_written_is_refused(texts: list[str]) -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        shared_text(texts)
