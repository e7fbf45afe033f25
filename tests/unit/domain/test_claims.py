"""Claims hold food, plain praise and denials do not; what BPOM has looked at is its business."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.product import Category, Permit
from marketing.domain.remarks import remarks
from tests.unit.domain.gate_products import BLITAR, NOW, TTS, codes, judge, lawful, texts

MD = (Permit("BPOM_MD", "BPOM RI MD 208531001234"),)


def remarked(**facts: object) -> list[str]:
    return [one.text for one in remarks(lawful(TTS, **facts), region_code="53.02", zone="Asia/Makassar", now=NOW)]


@pytest.mark.parametrize(
    "description",
    [
        "Menyembuhkan segala penyakit.",
        "Bisa MENGOBATI maag.",
        "Meny\u200bembuhkan kanker",
        "Dipercaya sebagai obat turun-temurun.",
        "Obat herbal alami.",
        "Obat kuat pria dewasa.",
        "Obat asam urat dari hutan Mollo.",
        "Anti kanker dan anti-diabetes.",
        "Mencegah stroke.",
        "Mengatasi asam lambung dalam tiga hari.",
        "Tidak hanya lezat tetapi menyembuhkan luka.",
        "Bukan sekadar camilan, menyembuhkan maag.",
        "Tidak pahit. Menyembuhkan batuk.",
        "Bukan gorengan, tapi mengobati flu.",
    ],
)
@pytest.mark.parametrize("permits", [lawful(TTS).permits, MD])
def test_food_is_no_medicine_whatever_its_permit(description: str, permits: tuple[Permit, ...]) -> None:
    product = lawful(TTS, description=description, permits=permits)
    assert codes(product, TTS) == {"TTS 10(1)c"}
    (reason,) = judge(lawful(BLITAR, description=description, permits=permits), BLITAR).reasons
    assert (reason.code, "PP 69/1999" in reason.citation) == ("Blitar 8(3)", True)


@pytest.mark.parametrize(
    "description",
    [
        "Menurunkan kolesterol.",
        "Menstabilkan gula darah.",
        "Penurun tekanan darah tinggi.",
        "Teh pelangsing.",
        "Meningkatkan daya tahan tubuh dan stamina.",
        "Memperlancar ASI.",
        "Aman bagi penderita diabetes.",
        "Aman dikonsumsi penderita diabetes.",
        "Madu berkhasiat.",
        "Kaya khasiatnya.",
        "Baik untuk jantung.",
    ],
)
def test_a_health_claim_holds_what_a_pirt_covers_and_is_remarked_under_bpom(description: str) -> None:
    assert codes(lawful(TTS, description=description), TTS) == {"TTS 10(1)c"}
    assert judge(lawful(TTS, description=description, permits=MD), TTS).promotable
    assert any("klaim kesehatan" in text for text in remarked(description=description, permits=MD))


@pytest.mark.parametrize(
    "description",
    [
        "Pengobat rindu kampung halaman.",
        "Mengobati rasa kangen akan masakan mama.",
        "Mengobati rindu.",
        "Obat lapar di sore hari.",
        "Jadi obat kangen perantau.",
        "Camilan sehat untuk keluarga.",
        "Enak, segar dan bergizi.",
        "Produk ini tidak menyembuhkan penyakit apa pun.",
        "Bukan obat herbal.",
        "Bukan untuk mengobati penyakit.",
        "Tidak dimaksudkan untuk mencegah penyakit.",
        "Tanpa klaim menurunkan kolesterol.",
        "Dikemas untuk menjaga kerenyahan.",
        "Menjaga tradisi leluhur.",
        "Berat 200 gram, menambah selera.",
        "Resep obatan ibu.",
        "Anti lembek, anti gosong.",
    ],
)
def test_plain_praise_and_denials_hold_nothing(description: str) -> None:
    assert texts(lawful(TTS, description=description), TTS) == []


@pytest.mark.parametrize("category", [Category.KERAJINAN, Category.FESYEN])
def test_only_food_is_read_for_claims(category: Category) -> None:
    product = lawful(TTS, category=category, description="Menyembuhkan lelah, menurunkan kolesterol.")
    assert judge(product, TTS).promotable


def test_what_a_food_holds_is_remarked_with_a_pirt_only() -> None:
    said = "Tinggi serat, bebas kolesterol."
    assert judge(lawful(TTS, description=said), TTS).promotable
    assert any("kandungan gizi" in text for text in remarked(description=said))
    assert not any("kandungan gizi" in text for text in remarked(description=said, permits=MD))


def test_each_kind_is_told_once() -> None:
    said = "Menyembuhkan maag, mengobati flu, menurunkan kolesterol, melangsingkan."
    assert len(texts(lawful(TTS, description=said), TTS)) == 2


@given(before=st.sampled_from("abcxyz0_"), after=st.sampled_from("abcxyz0_"))
def test_a_word_inside_another_word_is_no_claim(before: str, after: str) -> None:
    for word in (f"{before}menyembuhkan", f"menyembuhkan{after}", f"melangsingkan{after}"):
        assert codes(lawful(BLITAR, description=word), BLITAR) == set()
