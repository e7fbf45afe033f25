"""Our DKIM signatures, read by dkimpy, which shares no code with them."""

from datetime import UTC, datetime

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.channels.email.dkim import DkimKey, published_key, txt_strings

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
KEY = DkimKey.new("kabar.ttskab.example", "siar1")
HEAD = (
    "From: =?utf-8?b?RGluYXM=?=\r\n <promosi@kabar.ttskab.example>\r\nTo: a@b.example\r\nSubject: Kabar  UMKM\r\n"
    "Date: Sun, 22 Nov 2026 10:00:00 +0700\r\nMessage-ID: <1@kabar.ttskab.example>\r\n"
    "List-Unsubscribe: <https://x.example/u/{url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
)


def message(body: str = "Halo\r\n", url: str = "1") -> bytes:
    return (HEAD.format(url=url) + "\r\n" + body).encode()


def verified(signed: bytes, record: str = KEY.record) -> bool:
    def looked_up(name: bytes, timeout: int = 5) -> bytes | None:
        return record.encode() if name.decode().rstrip(".") == KEY.record_name else None

    return bool(dkim.verify(signed, dnsfunc=looked_up))


def test_a_signed_message_verifies() -> None:
    assert verified(KEY.sign(message(), now=NOW))


@given(
    body=st.lists(st.text("ab \t.é=", max_size=60), max_size=12).map(lambda lines: "\r\n".join(lines) + "\r\n"),
    url=st.sampled_from(["a" * 75, "b" * 120, "c" * 300]),
)
@settings(max_examples=60, deadline=None)
def test_any_body_and_any_length_of_address_verifies(body: str, url: str) -> None:
    assert verified(KEY.sign(message(body, url), now=NOW))


@pytest.mark.parametrize("body", ["", "\r\n", "\r\n\r\n", " \r\n", "tanpa akhir baris", "akhir \t\r\n\r\n\r\n"])
def test_the_ends_of_a_body_are_canonical(body: str) -> None:
    assert verified(KEY.sign(message(body), now=NOW))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Halo", b"Hallo"),
        (b"Kabar  UMKM", b"Kabar UMKM murah"),
        (b"https://x.example/u/1", b"https://y.example/u/1"),
        (b"One-Click", b"Two-Click"),
    ],
)
def test_a_changed_message_does_not(old: bytes, new: bytes) -> None:
    assert not verified(KEY.sign(message(), now=NOW).replace(old, new))


@pytest.mark.parametrize(
    "added",
    [
        b"List-Unsubscribe: <https://penipu.example/>\r\n",
        b"List-Unsubscribe-Post: x\r\n",
        b"From: penipu@example.org\r\n",
        b"Subject: Lain\r\n",
        b"List-ID: <lain.example>\r\n",
    ],
)
def test_a_header_put_in_front_breaks_the_signature_even_one_that_was_not_there(added: bytes) -> None:
    assert not verified(added + KEY.sign(message(), now=NOW))


def test_a_header_that_stands_twice_is_never_signed() -> None:
    with pytest.raises(ValueError, match="twice"):
        KEY.sign(b"Subject: a\r\n" + message(), now=NOW)


def test_a_key_survives_being_kept_and_stays_out_of_the_repr() -> None:
    kept = DkimKey.from_pem(KEY.domain, KEY.selector, KEY.pem)
    assert kept.record == KEY.record
    assert "PRIVATE" not in repr(KEY)
    assert "RSA" not in repr(KEY)


def test_the_record_is_read_back_and_a_revoked_or_foreign_one_is_none() -> None:
    assert published_key(KEY.record) is not None
    assert published_key("v=DKIM1; k=rsa; p=") is None
    assert published_key("v=spf1 -all") is None
    assert published_key("v=DKIM1; p=bukan base64!") is None


def test_a_record_is_cut_into_strings_that_a_name_server_takes() -> None:
    strings = txt_strings(KEY.record)
    assert "".join(strings) == KEY.record
    assert all(len(text) <= 255 for text in strings)
