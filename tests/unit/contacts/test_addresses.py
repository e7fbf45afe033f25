"""One form for every way of writing an address."""

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from marketing.contacts.addresses import (
    address_hash,
    normalise_email,
    normalise_phone,
    normalise_telegram,
    why_no_email,
)


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


DOMAINS = (
    "kotak.example",
    "bücher.example",
    "KOTAK.Example",
    "a..b",
    "b",
    "-x.example",
    "[127.0.0.1]",
    "xn--bcher-kva.example",
)


@given(st.text("abc.+_@ \"'<>é!#", max_size=70), st.sampled_from(DOMAINS))
def test_the_quick_way_agrees_with_the_validator(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        assert normalise_email(text) is None
    else:
        assert normalise_email(text) == f"{checked.local_part}@{checked.ascii_domain.lower()}"


@given(st.from_regex(r"\A(?:\+62|0|\+620)(?:8[0-9]{5,13}|[0-9]{5,12})\Z"))
def test_the_quick_way_agrees_with_the_numbering_plan(text: str) -> None:
    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        assert normalise_phone(text) is None
        return
    valid = phonenumbers.is_valid_number(number) and not text.startswith("00")
    expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None
    assert text.startswith("00") or normalise_phone(text) == expected


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("@Budi_Soe", "@budi_soe"),
        ("https://t.me/budi_soe", "@budi_soe"),
        ("123456789", "123456789"),
        ("-100123", None),
        ("@abc", None),
        ("@1budi", None),
        ("@budi soe", None),
        ("@" + "x" * 40, None),
        ("", None),
    ],
)
def test_telegram(written: str, normalised: str | None) -> None:
    assert normalise_telegram(written) == normalised


@pytest.mark.parametrize(
    "written",
    [
        "6281234567890",
        "62 812 3456 7890",
        "0062 812 3456 7890",
        "620812 3456 7890",
        "8123 456 7890",
        "+62(0)812-3456-7890",
    ],
)
def test_every_way_of_leaving_out_the_plus_is_one_number(written: str) -> None:
    assert normalise_phone(written) == "+6281234567890"


@pytest.mark.parametrize(
    ("written", "told"),
    [("sité@kotak.example", "RFC 6531"), ("budi", "nama@surat.example"), ("a b@kotak.example", "salah tulis")],
)
def test_a_refused_mailbox_is_told_why_without_repeating_it(written: str, told: str) -> None:
    assert normalise_email(written) is None
    assert told in why_no_email(written)
    assert "kotak" not in why_no_email(written)
