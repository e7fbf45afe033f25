"""A bounce's address names the message it is about, and nobody makes one up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.email.verp import reference_of, return_path
from marketing.domain.links import LinkSigner

SIGNER = LinkSigner((b"kunci uji",), "https://siar.example")
ROWS = st.integers(min_value=0, max_value=2**63 - 1)


@given(ROWS)
def test_the_address_gives_the_message_back(row: int) -> None:
    address = return_path(SIGNER.reference(row), "promo.example.go.id")
    assert SIGNER.referred(reference_of(address) or "") == row
    assert len(address.partition("@")[0]) <= 64  # RFC 5321 4.5.3.1.1


@given(ROWS)
def test_servers_that_fold_the_case_lose_nothing(row: int) -> None:
    address = return_path(SIGNER.reference(row), "promo.example.go.id")
    for written in (address.upper(), address.title(), f"<{address}>", f" {address} "):
        assert SIGNER.referred(reference_of(written) or "") == row


def test_one_message_is_never_told_as_another() -> None:
    first, second = (return_path(SIGNER.reference(row), "a.example") for row in (1, 2))
    swapped = first.partition(".")[0] + "." + second.partition(".")[2]
    assert SIGNER.referred(reference_of(swapped) or "") is None


def test_a_reference_is_known_by_any_key_that_still_counts() -> None:
    turned = LinkSigner((b"kunci baru", b"kunci uji"), "https://siar.example")
    assert turned.referred(SIGNER.reference(7)) == 7
    assert LinkSigner((b"kunci lain",), "").referred(SIGNER.reference(7)) is None


@pytest.mark.parametrize("text", ["", ".", "7", "7.", ".x", "07." + "a" * 22, "7.é", "-1.aa", "7." + "a" * 10_000])
def test_what_is_no_reference_refers_to_nothing(text: str) -> None:
    assert SIGNER.referred(text) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "pantul@a.example",
        "pantul+7@a.example",
        "pantul+7." + "a" * 25 + "@a.example",
        "pantul+7." + "a" * 26,
        "xpantul+7." + "a" * 26 + "@a.example",
        "pantul+7." + "a" * 26 + "@a.example@b.example",
        "pantul+7." + "é" * 26 + "@a.example",
    ],
)
def test_what_we_did_not_write_names_nothing(address: str) -> None:
    assert reference_of(address) is None


@pytest.mark.parametrize("reference", ["", "7", "7.kurang", "7.aaa@b", "7." + "a" * 21 + "\n", "x\r\n." + "a" * 22])
def test_nothing_but_a_reference_gets_into_an_address(reference: str) -> None:
    with pytest.raises(ValueError, match="reference"):
        return_path(reference, "a.example")
