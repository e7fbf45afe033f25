"""What headings mean: found by many names, never guessed between two, told by a mapping."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.contacts.importing.columns import Field, check_mapping, consent_field, read_headings
from marketing.domain.types import Purpose
from marketing.errors import InvalidInputError


def meant(*headings: str, **mapping: str) -> dict[str, str]:
    return {column.heading: str(column.field) for column in read_headings(headings, mapping).columns}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Nama Lengkap", Field.NAME),
        ("E-mail", Field.EMAIL),
        ("ALAMAT SUREL", Field.EMAIL),
        ("No. HP/WA", Field.PHONE),
        ("WhatsApp (aktif)", Field.PHONE),
        ("Akun Telegram", Field.TELEGRAM),
        ("Jenis", Field.KIND),
        ("Zona waktu", Field.ZONE),
        ("Minat", Field.TOPICS),
        ("Tgl. Persetujuan", Field.CONSENT_AT),
        ("Versi Kalimat", Field.WORDING),
        ("Sumber", Field.SOURCE),
        ("Persetujuan promosi", consent_field(Purpose.PROMOTIONAL)),
        ("Setuju (buletin)", consent_field(Purpose.NEWSLETTER)),
        ("Consent: newsletter", consent_field(Purpose.NEWSLETTER)),
    ],
)
def test_headings_as_people_write_them(heading: str, field: str) -> None:
    assert meant(heading) == {heading: field}


def test_a_heading_of_two_meanings_and_two_columns_of_one_meaning_are_asked_about() -> None:
    found = read_headings(("Nama", "Nama kontak", "Kontak", "Surel", "NIK", "Warna"), {})
    assert set(found.unclear) == {"Nama", "Nama kontak", "Kontak"}
    assert found.unknown == ("Warna",)
    assert [column.heading for column in found.columns] == ["Surel"]


def test_a_mapping_goes_before_every_word_and_settles_what_was_unclear() -> None:
    assert meant("Nama", "Nama kontak", "Kontak", Nama="name", Kontak="phone") == {"Nama": "name", "Kontak": "phone"}
    assert meant("Surel", Surel="-") == {}


def test_several_phones_count_in_the_order_of_their_sureness() -> None:
    assert list(meant("Telepon", "HP", "WhatsApp")) == ["WhatsApp", "HP", "Telepon"]


@pytest.mark.parametrize("mapping", [{"A": "nik"}, {"A": 1}, {1: "name"}, {"A": "name", "B": "name"}])
def test_a_mapping_that_does_not_fit_is_told(mapping: dict[object, object]) -> None:
    with pytest.raises(InvalidInputError):
        check_mapping(mapping)


@given(st.lists(st.text(max_size=120), max_size=20))
def test_no_headings_crash_and_no_column_counts_twice(headings: list[str]) -> None:
    found = read_headings(headings, {})
    assert len({column.index for column in found.columns}) == len(found.columns)
