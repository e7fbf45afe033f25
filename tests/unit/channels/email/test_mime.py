"""What goes over the wire: headers per type, long addresses unbroken, nothing injected, every text intact."""

import email
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marketing.channels.email.mime import BadMessageError, build_mime
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.types import EmailType

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
MAIL = OutboundEmail(
    key="7",
    email_type=EmailType.PROMOTIONAL,
    message_id="<abc.123@promo.blitar.example>",
    sender_name="Dinas Koperasi, UKM – Blitar",
    sender_address="promo@promo.blitar.example",
    recipient_name="Siti “Ibu” Aminah",
    recipient_address="siti@pembeli.example",
    subject="Kopi & keripik: diskon 10 % – minggu ini",
    body=WholeBody("<p>Halo Siti – promo</p>", "Halo Siti – promo"),
    reply_to="dinas@blitar.example",
    unsubscribe_url="https://siar.example/u/token",
    list_id="promotional.blitar.promo.blitar.example",
    list_name="Promosi UMKM Kota Blitar",
    feedback_id="3:promotional:blitar:siarumkm",
)
CLEAN = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=400)
MARKETING = [kind for kind in EmailType if kind is not EmailType.TRANSACTIONAL]


def parsed(mail: OutboundEmail) -> EmailMessage:
    message = email.message_from_bytes(build_mime(mail, date=NOW), policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def words_of(mail: OutboundEmail, name: str) -> str:
    """Decode as RFC 2047 says; the newer parser of Python 3.11 keeps blanks between encoded words of a phrase."""
    message: Message = email.message_from_bytes(build_mime(mail, date=NOW))
    return str(make_header(decode_header(message[name] or "")))


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_everything_stands_where_it_belongs() -> None:
    message = parsed(MAIL)
    assert message["From"].addresses[0].display_name == MAIL.sender_name
    assert message["From"].addresses[0].addr_spec == MAIL.sender_address
    assert message["To"].addresses[0].addr_spec == MAIL.recipient_address
    assert message["Reply-To"] == MAIL.reply_to
    assert message["Subject"] == MAIL.subject
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == MAIL.message_id
    assert message.get_content_type() == "multipart/alternative"
    assert [sub.get_content_type() for sub in message.iter_parts()] == ["text/plain", "text/html"]
    assert {sub["Content-Transfer-Encoding"] for sub in message.iter_parts()} == {"quoted-printable"}
    assert {sub.get_content_charset() for sub in message.iter_parts()} == {"utf-8"}
    assert part(message, "plain").rstrip("\n") == MAIL.text
    assert part(message, "html").rstrip("\n") == MAIL.html


@pytest.mark.parametrize("kind", MARKETING)
def test_marketing_can_be_left_with_one_click(kind: EmailType) -> None:
    message = parsed(replace(MAIL, email_type=kind))
    assert message["List-Unsubscribe"] == "<https://siar.example/u/token>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-ID"] == f"Promosi UMKM Kota Blitar <{MAIL.list_id}>"
    assert message["Feedback-ID"] == MAIL.feedback_id
    assert message["Auto-Submitted"] is None


@pytest.mark.parametrize("kind", MARKETING)
def test_marketing_without_a_way_out_is_refused(kind: EmailType) -> None:
    with pytest.raises(BadMessageError) as caught:
        build_mime(replace(MAIL, email_type=kind, unsubscribe_url=""), date=NOW)
    assert caught.value.field == "unsubscribe_url"


def test_a_receipt_is_no_list() -> None:
    message = parsed(replace(MAIL, email_type=EmailType.TRANSACTIONAL))
    assert message["Auto-Submitted"] == "auto-generated"
    assert not [name for name in message if name.lower().startswith(("list-", "feedback"))]


@pytest.mark.parametrize("length", [75, 120, 300, 900])
def test_long_addresses_arrive_unbroken(length: int) -> None:
    url = "https://siar.example/u/".ljust(length, "x")
    raw = build_mime(replace(MAIL, unsubscribe_url=url), date=NOW)
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in raw


def test_a_header_line_beyond_the_limit_is_refused() -> None:
    with pytest.raises(BadMessageError, match="unsubscribe_url"):
        build_mime(replace(MAIL, unsubscribe_url="https://siar.example/" + "x" * 990), date=NOW)


@pytest.mark.parametrize(
    "field",
    [
        "sender_name",
        "sender_address",
        "recipient_name",
        "recipient_address",
        "subject",
        "message_id",
        "reply_to",
        "unsubscribe_url",
        "list_id",
        "list_name",
        "feedback_id",
    ],
)
@pytest.mark.parametrize(
    "payload", ["\r\nBcc: x@evil.example", "\n", "\r", "\0", "\t", "\x0b", "\x85", "\u2028", "\ud800"]
)
@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_no_header_can_be_injected(field: str, payload: str, place: str) -> None:
    value = str(getattr(MAIL, field))
    at = {"start": 0, "middle": len(value) // 2, "end": len(value)}[place]
    with pytest.raises(BadMessageError) as caught:
        build_mime(replace(MAIL, **{field: value[:at] + payload + value[at:]}), date=NOW)
    assert isinstance(caught.value, ValueError)
    assert caught.value.field == field
    assert "evil" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "siti",
        "a@b@c",
        "a@b>, <c@d",
        "a@b, c@d",
        "a b@c",
        '"a b"@c',
        "a@[127.0.0.1]",
        "@b",
        "a@",
        "a@-\u00fc.example",
    ],
)
@pytest.mark.parametrize("field", ["sender_address", "recipient_address"])
def test_an_address_is_one_address(field: str, address: str) -> None:
    with pytest.raises(BadMessageError) as caught:
        build_mime(replace(MAIL, **{field: address}), date=NOW)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://a.example/x>,<mailto:x@y", "https://a.example/a b", "https://a.example/\u00fc"],
)
def test_the_way_out_is_one_plain_web_address(url: str) -> None:
    with pytest.raises(BadMessageError, match="unsubscribe_url"):
        build_mime(replace(MAIL, unsubscribe_url=url), date=NOW)


@pytest.mark.parametrize("field", ["text", "html"])
def test_half_a_character_in_the_body_is_refused(field: str) -> None:
    with pytest.raises(BadMessageError, match=field):
        build_mime(replace(MAIL, body=replace(WholeBody("<p>", "a"), **{field: "a\ud800b"})), date=NOW)


def test_domains_outside_ascii_travel_in_ascii() -> None:
    message = parsed(replace(MAIL, recipient_address="siti@kopi-bücher.example"))
    assert message["To"].addresses[0].addr_spec == "siti@xn--kopi-bcher-feb.example"


def test_the_same_mail_gives_the_same_bytes() -> None:
    assert build_mime(MAIL, date=NOW) == build_mime(MAIL, date=NOW)


@given(subject=CLEAN, sender=CLEAN, recipient=CLEAN)
@example(subject="=?utf-8?q?tiruan?=", sender="=?utf-8?q?tiruan?=", recipient='a"b\\c, <x@y>')
@example(subject=" tepi ", sender="a" * 2000, recipient="(catatan) nama")
def test_words_of_the_headers_survive(subject: str, sender: str, recipient: str) -> None:
    mail = replace(MAIL, subject=subject, sender_name=sender, recipient_name=recipient)
    assert words_of(mail, "Subject") == subject
    for header, name, address in (
        ("From", sender, mail.sender_address),
        ("To", recipient, mail.recipient_address),
    ):
        raw = str(email.message_from_bytes(build_mime(mail, date=NOW))[header]).replace("\r\n ", " ")
        phrase, found = parseaddr(raw)
        assert found == address
        assert str(make_header(decode_header(phrase))) == name
        assert len(parsed(mail)[header].addresses) == 1


@given(text=CLEAN, lines=st.lists(CLEAN, max_size=4))
@example(text=".", lines=["..", "", "From x", "trailing  ", "=3D", "--=_abc--"])
@example(text="x" * 5000, lines=["é" * 3000])
def test_bodies_survive_and_lines_stay_short(text: str, lines: list[str]) -> None:
    mail = replace(MAIL, body=WholeBody("\r\n".join(lines), text))
    raw = build_mime(mail, date=NOW)
    assert all(len(line) <= 76 for line in raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    message = parsed(mail)
    texts = [sub.get_payload(decode=True) for sub in message.iter_parts()]
    for sent, received in zip((text, mail.html), texts, strict=True):
        assert isinstance(received, bytes)
        # A multipart's last line end belongs to the boundary (RFC 2046 5.1.1), so one trailing line end may go.
        assert received.decode() in {sent, sent + "\r\n", sent.removesuffix("\r\n")}


@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_encoded_words_stay_within_rfc_2047(text: str) -> None:
    try:
        raw = build_mime(replace(MAIL, subject=text + "é", sender_name=text + "é"), date=NOW)
    except BadMessageError:
        return
    words = [line for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n") if b"=?" in line]
    assert words
    assert all(len(line) <= 76 for line in words)
