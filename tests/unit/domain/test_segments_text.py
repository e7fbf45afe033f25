"""A segment is read as people write it, written so that it is read as the same, and refused with the place of the fault."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.domain.consent import ConsentState
from marketing.domain.product import Category
from marketing.domain.segments import limits
from marketing.domain.segments.parse import SegmentSyntaxError, parse
from marketing.domain.segments.tree import (
    And,
    Attribute,
    Bought,
    Consent,
    Created,
    Deed,
    Engaged,
    Field,
    HasAddress,
    InSegment,
    Match,
    NameContains,
    Node,
    Not,
    Or,
    Suppressed,
    Topics,
    depth,
    leaves,
)
from marketing.domain.segments.write import written
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from marketing.errors import InvalidInputError

WORD = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp"]) | st.just(" "), min_size=1, max_size=12)  # fmt: skip
NUMBER = st.integers(1, limits.MAX_DAYS)
MAYBE = st.none() | NUMBER
LEAF = st.one_of(
    st.builds(Attribute, st.just(Field.KIND), st.lists(st.sampled_from(BuyerKind).map(str), min_size=1, max_size=3).map(tuple)),
    st.builds(Attribute, st.sampled_from([Field.ZONE, Field.SOURCE, Field.KECAMATAN]), st.lists(WORD, min_size=1, max_size=3).map(tuple)),
    st.builds(NameContains, WORD),
    st.builds(Created, NUMBER),
    st.builds(Topics, st.sampled_from(Match), st.lists(st.sampled_from(Category), min_size=1, max_size=3).map(tuple)),
    st.builds(Bought, st.none() | st.sampled_from(Category), MAYBE, MAYBE, MAYBE, st.integers(1, 9), st.integers(0, 10**12)),
    st.builds(Engaged, st.sampled_from(Deed), MAYBE, MAYBE),
    st.builds(Consent, st.sampled_from(Purpose), st.sampled_from(ConsentState)),
    st.builds(HasAddress, st.sampled_from(ChannelName)),
    st.builds(Suppressed, st.none() | st.sampled_from(ChannelName)),
    st.builds(InSegment, st.integers(1, limits.MAX_ROW)),
)  # fmt: skip
TREE = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=12,
).filter(lambda tree: depth(tree) <= limits.MAX_DEPTH)
EXAMPLE = "kind = masyarakat and bought(category=kerajinan, days=180) and not clicked(days=90)"


@settings(max_examples=400)
@given(TREE)
def test_what_is_written_is_read_as_the_same_tree(tree: Node) -> None:
    assert parse(written(tree)) == tree


@settings(max_examples=400)
@given(st.text() | st.text("()andortklicked=\"',! \\123", max_size=60))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    refused: InvalidInputError | None = None
    try:
        assert parse(written(parse(text))) == parse(text)
    except InvalidInputError as error:
        refused = error
    assert refused is None or str(refused).endswith(".")
    assert not isinstance(refused, SegmentSyntaxError) or 1 <= refused.column <= len(text) + 1


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (EXAMPLE, EXAMPLE),
        ("kelompok = masyarakat dan membeli(kategori=kerajinan, hari=180) dan tidak mengklik(hari=90)", EXAMPLE),
        ("KIND = masyarakat AND Bought( days = 180 ,category=KERAJINAN )\n\tand not clicked(days=90)", EXAMPLE),
        ("clicked() or received() and not created(days=3)", "clicked() or (received() and not created(days=3))"),
        ("(clicked())", "clicked()"),
        ('kecamatan != "Kota SoE"', 'not kecamatan = "Kota SoE"'),
        ("kecamatan salah_satu_dari (dan, 5)", 'kecamatan in (dan, "5")'),
        ("zona = Asia/Makassar", "zone = Asia/Makassar"),
        ("topik tanpa (jasa) atau topik semua (jasa, fesyen)", "topics none (jasa) or topics all (jasa, fesyen)"),
        ("izin(promotional=none) dan alamat(whatsapp)", "consent(promotional=none) and address(whatsapp)"),
        ("bought(times=1, spent=0)", "bought()"),
        ('nama memuat "\\" or 1=1; DROP TABLE contact --"', 'name contains "\\" or 1=1; DROP TABLE contact --"'),
        ("name contains Ömer", "name contains Ömer"),
        ("segmen(4)", "segment(4)"),
    ],
)
def test_ways_to_write_the_same(text: str, same: str) -> None:
    assert written(parse(text)) == same


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("", 1, "ada akhir teks"),
        ("kind", 5, "=, != atau in"),
        ("kind = ", 8, "nilai"),
        ("kind = masyarakat kind", 19, "and, or atau akhir"),
        ("bought(days=)", 13, "angka"),
        ("bought(days=3, days=4)", 16, "category, product, business, times atau spent"),
        ("bought(days=3", 14, ", atau )"),
        ("bought(kecamatan=3)", 8, "category"),
        ("bought(category=emas)", 17, "makanan_olahan"),
        ("created()", 9, "days"),
        ("consent(promotional=ya)", 21, "given"),
        ("address()", 9, "website"),
        ("segment(99999999999999999999)", 9, "angka"),
        ("topics (jasa)", 8, "any, all atau none"),
        ("clicked() and", 14, "not, (, kind"),
        ("(clicked()", 11, "diharapkan )"),
        ("clicked())", 10, "and, or atau akhir"),
        ("name = x", 6, "contains"),
        ("a'; DROP TABLE contact", 2, "tidak dikenal"),
        ('name contains "x', 15, "tidak dikenal"),
        ("name contains “x”", 15, "tidak dikenal"),
        ('name contains "\\u0000"', 15, "tidak dapat dibaca"),
        ('name contains "\\ud800"', 15, "tidak dapat dibaca"),
        ('name contains "\\x"', 15, "tidak dapat dibaca"),
        ("clicked()\0", 10, "U+0000"),
        ("(" * 5_000, 33, "terlalu dalam"),
        ("not " * 4_000, 129, "terlalu dalam"),
    ],
)
def test_a_fault_is_told_with_its_column_and_what_was_expected(text: str, column: int, expected: str) -> None:
    with pytest.raises(SegmentSyntaxError) as wrong:
        parse(text)
    assert wrong.value.column == column
    assert f"Kolom {column}:" in str(wrong.value)
    assert expected in str(wrong.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind = bangsawan", "pelaku_umkm, penyedia, masyarakat"),
        ("clicked(days=3651)", "1 sampai 3650"),
        ("clicked(days=0)", "1 sampai 3650"),
        ("bought(times=0)", "1 sampai 1000"),
        ("bought(spent=1000000000001)", "0 sampai 1000000000000"),
        ("segment(9999999999999999999)", "di luar batas"),
        ('name contains ""', "masih kosong"),
        (f"name contains {'x' * 201}", "200 huruf"),
        (f"kecamatan in ({', '.join(['x'] * 21)})", "1 sampai 20"),
        (" and ".join(["clicked()"] * 61), "lebih dari 60"),
        ("not " * 8 + "clicked()", "lebih dari 8 tingkat"),
        ("x" * 20_001, "20000 huruf"),
    ],
)
def test_what_is_too_much_is_refused(text: str, expected: str) -> None:
    with pytest.raises(InvalidInputError, match=expected):
        parse(text)


def test_the_limits_themselves_are_allowed() -> None:
    assert depth(parse("not " * 7 + "clicked()")) == limits.MAX_DEPTH
    assert len(list(leaves(parse(" or ".join(["clicked(days=3650)"] * 60))))) == limits.MAX_CONDITIONS
    assert parse(f"name contains {'x' * 200}")
    assert parse('kecamatan = ""') == Attribute(Field.KECAMATAN, ("",))


@pytest.mark.parametrize("tree", [And((Suppressed(),)), Or(()), Attribute(Field.SOURCE, ()), Topics(Match.ANY, ())])
def test_a_tree_that_no_text_makes_is_refused_too(tree: Node) -> None:
    with pytest.raises(InvalidInputError):
        limits.check(tree)


def test_segments_inside_are_put_in_their_place_and_never_in_a_circle() -> None:
    known: dict[int, Node] = {
        1: Suppressed(),
        2: Not(InSegment(1)),
        3: InSegment(4),
        4: Or((InSegment(3), Suppressed())),
    }
    assert limits.inlined(And((InSegment(2), InSegment(1))), known) == And((Not(Suppressed()), Suppressed()))
    for tree in (InSegment(3), InSegment(4)):
        with pytest.raises(InvalidInputError, match="memuat dirinya sendiri"):
            limits.inlined(tree, known)
    with pytest.raises(InvalidInputError, match="memuat dirinya sendiri"):
        limits.inlined(InSegment(2), known, standing_for=1)
    with pytest.raises(InvalidInputError, match="nomor 9 tidak ada"):
        limits.inlined(InSegment(9), known)
    chain: dict[int, Node] = {n: InSegment(n + 1) for n in range(20)} | {20: Suppressed()}
    with pytest.raises(InvalidInputError, match="paling banyak 8 tingkat"):
        limits.inlined(InSegment(1), chain)
