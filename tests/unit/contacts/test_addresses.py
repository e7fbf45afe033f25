"""One form for every way of writing an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.contacts.addresses import address_hash, normalise_email, normalise_phone


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        (" Budi.S@Kotak.EXAMPLE ", "Budi.S@kotak.example"),
        ("a+b@sub.surat.example", "a+b@sub.surat.example"),
        ("siti@bücher.example", "siti@xn--bcher-kva.example"),
        ("tanpa-tanda-at.example", None),
        ("dua@@kotak.example", None),
        ("spasi di tengah@kotak.example", None),
        ("@kotak.example", None),
        ("sité@kotak.example", None),
        ("a@b", None),
        ("a@[127.0.0.1]", None),
        ("a@kotak.example\r\nBcc: b@kotak.example", None),
        ("", None),
    ],
)
def test_mail_addresses(written: str, normalised: str | None) -> None:
    assert normalise_email(written) == normalised


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("62812345678", "+62812345678"),
        ("62 812-3456-7890", "+6281234567890"),
        ("(0342) 801234", "+62342801234"),
        ("+60 12-345 6789", "+60123456789"),
        ("12", None),
        ("telepon", None),
        ("", None),
        ("+" * 300, None),
        ("0" * 500, None),
    ],
)
def test_phones(written: str, normalised: str | None) -> None:
    assert normalise_phone(written) == normalised


def test_letter_case_does_not_make_another_mailbox() -> None:
    first, second = (address_hash(b"k", "tts", text) for text in ("Budi@kotak.example", "budi@kotak.example"))
    assert first == second
    assert first != address_hash(b"k", "blitar", "budi@kotak.example")


@given(st.text())
def test_no_text_crashes_and_normal_forms_stay(text: str) -> None:
    for normalise in (normalise_email, normalise_phone):
        found = normalise(text)
        assert found is None or normalise(found) == found
