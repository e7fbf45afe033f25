"""Clear words hold, false friends do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.product import Category
from tests.unit.domain.gate_products import BLITAR, codes, lawful, texts

F, D, C, A, L = Category.MAKANAN_OLAHAN, Category.MINUMAN, Category.KERAJINAN, Category.PERTANIAN, Category.LAINNYA


@pytest.mark.parametrize(
    ("category", "name", "description"),
    [
        (D, "Sopi", "Dari Timor."),
        (D, "Tuak Tuban", "Segar."),
        (D, "Arak Bali 600 ml", "Oleh-oleh."),
        (D, "Bir Bintang", "Dingin."),
        (D, "Jus segar", "Minuman beralkohol 5%."),
        (D, "Air nira", "Difermentasi, beralkohol."),
        (F, "Sopi kepala asli Timor", "Botol 600 ml."),
        (L, "Minuman sopi", "Botol."),
        (L, "SOPI", "Botol."),
        (L, "Paket", "Jual MIRAS oplosan."),
        (L, "Paket", "mi\u200bras"),
        (L, "Paket", "minuman <b>keras</b>"),
        (L, "Rokok kretek tangan", "Isi 12."),
        (L, "Liquid vape", "Rasa mangga."),
        (A, "Tembakau iris", "Kualitas satu."),
        (D, "Sirup ganja", "Manis."),
        (L, "Sabu-sabu", "."),
        (L, "Jamu kuat", "Mengandung viagra."),
        (L, "Obat keras tanpa resep", "."),
        (C, "Pipa dari gading gajah", "Ukir tangan."),
        (L, "Amunisi", "."),
    ],
)
def test_held(category: Category, name: str, description: str) -> None:
    product = lawful(BLITAR, category=category, name=name, description=description)
    assert codes(product, BLITAR) == {"Blitar 8(3)"}


@pytest.mark.parametrize(
    ("category", "name", "description"),
    [
        (F, "Gula semut sopi", "Dari nira lontar."),
        (F, "Gula Sabu", "Gula cair dari Pulau Sabu."),
        (C, "Tenun Sabu", "Motif arak-arakan pengantin."),
        (C, "Wadah sopi dari tempurung", "Kerajinan."),
        (C, "Tas dari bungkus rokok", "Daur ulang puntung rokok."),
        (C, "Kaus anti narkoba", "Bertema bebas narkotika."),
        (C, "Batik motif daun tembakau", "Tanpa pewarna kimia."),
        (D, "Bir pletok Betawi", "Minuman rempah, tidak beralkohol."),
        (D, "Tuak manis", "Nira segar."),
        (D, "Sari anggur merah", "Jus buah."),
        (D, "Kopi Mollo", "Tanpa rokok dan miras."),
        (F, "Mie mercon", "Pedas."),
        (F, "Telur asin", "Bebas antibiotik."),
        (F, "Madu Amfoang", "Antibiotik alami."),
        (A, "Anggur merah", "Satu kilogram."),
        (F, "Ayam arak masak", "Bumbu Tionghoa, semarak."),
        (F, "Mirasa keripik", "Renyah."),
        (L, "Lilin aroma", "Ruangan bebas asap rokok."),
    ],
)
def test_not_held(category: Category, name: str, description: str) -> None:
    assert codes(lawful(BLITAR, category=category, name=name, description=description), BLITAR) == set()


def test_one_kind_is_named_once_and_two_kinds_twice() -> None:
    product = lawful(BLITAR, category=D, name="Sopi vodka", description="Miras dan rokok")
    assert texts(product, BLITAR) == [
        "Termasuk barang terlarang untuk dipromosikan: minuman beralkohol (kata “vodka”).",
        "Termasuk barang terlarang untuk dipromosikan: rokok atau produk tembakau (kata “rokok”).",
    ]


@given(before=st.sampled_from("abcxyz0_"), after=st.sampled_from("abcxyz0_"))
def test_a_word_inside_another_word_is_not_that_word(before: str, after: str) -> None:
    for word in (f"{before}rokok", f"ganja{after}", f"{before}miras{after}"):
        assert codes(lawful(BLITAR, name=word), BLITAR) == set()
