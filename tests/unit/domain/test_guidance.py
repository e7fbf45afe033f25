"""What a pendamping gets: every code has a topic, nothing is lost, what a business lacks stands there once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.guidance import TOPIC_OF, BusinessDigest, Topic, basis_of, digest_of
from marketing.domain.product import Product
from marketing.domain.regulations import GATES
from tests.unit.domain.gate_products import BLITAR, TTS, business, judge, lawful

NAMES = ["Abon", "Keripik", "Madu", "Sambal"]


def digest(*products: Product, regulation: str = TTS) -> BusinessDigest:
    found = digest_of(7, regulation, [(one, judge(one, regulation).reasons) for one in products])
    assert found
    return found


def test_every_code_of_every_regulation_has_a_topic() -> None:
    assert set(TOPIC_OF) == {code for gate in GATES.values() for code in gate.codes}


@pytest.mark.parametrize(("topic", "letter"), [(Topic.LEGALITY, "a"), (Topic.STANDARDS, "b"), (Topic.MARKETING, "e")])
def test_the_basis_is_the_article_as_printed(topic: Topic, letter: str) -> None:
    assert basis_of(topic, TTS) == f"Perbup TTS 17/2025 Pasal 9 ayat (1) huruf {letter}"
    assert basis_of(topic, BLITAR).startswith("Perwali Blitar 24/2024 Pasal 12")


def test_a_business_without_nib_is_told_so_once_with_all_its_products() -> None:
    products = [business(lawful(TTS, name=name), nib="") for name in NAMES]
    products[0] = replace(products[0], permits=())
    found = digest(*products)
    assert (found.total, found.held, [gap.count for gap in found.gaps]) == (4, 4, [4, 1])
    assert [gap.topic for gap in found.gaps] == [Topic.LEGALITY, Topic.STANDARDS]
    assert found.gaps[0].products == tuple(NAMES)
    assert found.next_step == "urus NIB lewat OSS, lalu isi nomornya di katalog."
    assert found.of_topic(Topic.MARKETING) == ()


def test_the_next_step_frees_most_products() -> None:
    lacking = [lawful(TTS, name=name, description="") for name in NAMES[:3]]
    found = digest(*lacking, lawful(TTS, permits=()))
    assert found.next_step == "tulis deskripsi produk yang jelas dan benar."
    assert found.gaps[0].topic is Topic.STANDARDS


def test_a_business_with_nothing_wrong_has_no_gaps_and_no_step() -> None:
    found = digest(lawful(BLITAR), regulation=BLITAR)
    assert (found.gaps, found.next_step, found.held, found.total) == ((), "", 0, 1)
    assert digest_of(7, BLITAR, []) is None


@given(st.lists(st.sampled_from(["", "nib", "price", "permits", "stock"]), min_size=1, max_size=12))
def test_each_held_product_stands_under_each_thing_it_lacks(defects: list[str]) -> None:
    spoil = {"": {}, "price": {"price": None}, "permits": {"permits": ()}, "stock": {"stock": 0}}
    products = [
        business(lawful(TTS, name=str(n)), nib="") if defect == "nib" else lawful(TTS, name=str(n), **spoil[defect])
        for n, defect in enumerate(defects)
    ]
    found = digest(*products)
    assert found.held == sum(bool(defect) for defect in defects)
    assert sorted(name for gap in found.gaps for name in gap.products) == sorted(
        str(n) for n, defect in enumerate(defects) if defect
    )
