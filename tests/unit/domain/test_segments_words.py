"""A segment is said in one Indonesian phrase that a person can check, and means what the evaluator says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.consent import ConsentState
from marketing.domain.product import Category
from marketing.domain.segments.evaluate import Done, Line, Person, Purchase, belongs
from marketing.domain.segments.explain import Names, explained, kind_name
from marketing.domain.segments.parse import parse
from marketing.domain.segments.tree import Deed, Field, InSegment, Not
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from tests.support.world import START
from tests.unit.domain.test_segments_text import EXAMPLE, TREE

NAMES = Names({3: "Tenun <b>"}, {4: "Usaha Ibu"}, {5: "Lebaran"}, {6: "Pelanggan lama"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (EXAMPLE, "Masyarakat yang membeli kerajinan dalam 180 hari terakhir dan tidak mengklik dalam 90 hari terakhir"),
        ("kind in (penyedia, pelaku_umkm)", "Penyedia atau Pelaku UMKM"),
        ("not kind = penyedia", "Orang yang bukan Penyedia"),
        ('kecamatan = "Kota SoE" or clicked()', "Orang yang (tinggal di Kecamatan Kota SoE atau mengklik)"),
        ("not (clicked() and received(campaign=5))", "Orang yang bukan (mengklik dan menerima pesan dari kampanye “Lebaran”)"),
        ("not not clicked()", "Orang yang mengklik"),
        (
            "bought(product=3, business=4, times=2, spent=150000)",
            "Orang yang membeli produk “Tenun <b>” dari “Usaha Ibu” paling sedikit 2 kali paling sedikit senilai Rp150.000",
        ),
        ("topics any (kerajinan, fesyen, jasa)", "Orang yang meminati kerajinan, fesyen atau jasa"),
        ("not topics all (kerajinan, fesyen)", "Orang yang tidak meminati semuanya dari kerajinan dan fesyen"),
        ("topics none (jasa)", "Orang yang tidak meminati jasa"),
        ("consent(promotional=given)", "Orang yang mengizinkan promosi"),
        ("consent(newsletter=none)", "Orang yang belum ditanya izin buletin"),
        ("consent(newsletter=withdrawn)", "Orang yang menarik izin buletin"),
        ("address(email) and not suppressed(email)", "Orang yang mempunyai alamat surel dan tidak dihentikan di surel"),
        ("suppressed()", "Orang yang dihentikan"),
        ("segment(6) and not segment(7)", "Orang yang termasuk segmen “Pelanggan lama” dan tidak termasuk segmen nomor 7"),
        ("created(days=30)", "Orang yang tercatat sejak 30 hari terakhir"),
        ("not created(days=30)", "Orang yang tercatat lebih dari 30 hari yang lalu"),
        ("name contains Siti and locale = id", "Orang yang bernama memuat “Siti” dan berbahasa id"),
        ('kecamatan = ""', "Orang yang tinggal di Kecamatan yang tidak diketahui"),
    ],
)  # fmt: skip
def test_words(text: str, words: str) -> None:
    assert explained(parse(text), NAMES) == words


@given(TREE)
def test_every_tree_has_words(tree: object) -> None:
    phrase = explained(tree)  # type: ignore[arg-type]
    assert phrase.strip() == phrase
    assert phrase.startswith(("Orang yang ", *map(kind_name, BuyerKind)))


SITI = Person(
    name="Siti ÄB",
    attributes={
        Field.KIND: "masyarakat", Field.LOCALE: "id", Field.ZONE: "Asia/Makassar", Field.KECAMATAN: "Kota SoE",
        Field.SOURCE: "katalog",
    },
    created_at=START - timedelta(days=30),
    topics=frozenset({"jasa", "fesyen"}),
    purchases=(
        Purchase(START - timedelta(days=10), "delivered", (Line(50_000, Category.KERAJINAN, 3, 4), Line(20_000, Category.JASA, 5, 4))),
        Purchase(START - timedelta(days=100), "paid", (Line(30_000, Category.KERAJINAN, 3, 4),)),
        Purchase(START - timedelta(days=1), "cancelled", (Line(10**9, Category.FESYEN, 6, 7),)),
    ),
    deeds=(Done(Deed.RECEIVED, START - timedelta(days=5), 1), Done(Deed.CLICKED, START - timedelta(days=50), 2)),
    consent={Purpose.PROMOTIONAL: ConsentState.GIVEN, Purpose.NEWSLETTER: ConsentState.WITHDRAWN},
    channels=frozenset({ChannelName.EMAIL, ChannelName.WHATSAPP}),
    suppressed=frozenset({ChannelName.WHATSAPP}),
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        'kecamatan = "kota soe"', "name contains äb or name contains ti", "created(days=30)", "not created(days=29)",
        "topics any (jasa, kerajinan)", "topics all (jasa, fesyen)", "not topics all (jasa, kerajinan)", "topics none (kerajinan)",
        "bought(days=10)", "not bought(days=9)", "bought(times=2)", "not bought(times=3)", "not bought(category=fesyen)",
        "bought(spent=100000)", "not bought(spent=100001)", "bought(category=kerajinan, spent=80000)",
        "not bought(category=kerajinan, spent=80001)", "bought(category=kerajinan, product=3, business=4, times=2)",
        "not bought(category=jasa, product=3)", "not bought(product=3, days=90, times=2)", "received(days=5)", "not received(days=4)",
        "received(campaign=1) and not received(campaign=2)", "clicked(campaign=2, days=50)", "not clicked(days=49)",
        "received(days=9) and not clicked(days=9)", "consent(promotional=given)", "not consent(promotional=none)",
        "consent(retention=none)", "consent(newsletter=withdrawn)", "address(whatsapp)", "not address(telegram)", "suppressed()",
        "suppressed(whatsapp)", "not suppressed(email)", "kind = penyedia or not locale = en",
    ],
)  # fmt: skip
def test_siti_belongs(text: str) -> None:
    assert belongs(parse(text), SITI, START)


def test_an_order_without_lines_is_a_purchase_of_nothing_in_particular() -> None:
    person = replace(SITI, purchases=(Purchase(START, "paid"),))
    assert belongs(parse("bought() and not bought(spent=1) and not bought(category=jasa)"), person, START)


def test_a_segment_must_be_put_in_its_place_first() -> None:
    with pytest.raises(ValueError, match="not put in its place"):
        belongs(InSegment(1), SITI, START)


@given(st.data())
def test_not_turns_every_answer_around(data: st.DataObject) -> None:
    tree = data.draw(TREE.filter(lambda node: "segment(" not in repr(node) and "InSegment" not in repr(node)))

    assert belongs(Not(tree), SITI, START) is not belongs(tree, SITI, START)
