"""Signed links: one purpose, one message, no spelling but the one we made."""

import base64
import hmac
from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.links import MAC_CHARS, OF_A_MESSAGE, LinkPurpose, LinkSigner, with_utm

SIGNER = LinkSigner((b"k" * 32,), "https://siar.example")
ids = st.lists(st.integers(0, 2**53), min_size=1, max_size=2).map(tuple)


def token(purpose: LinkPurpose, *numbers: int) -> str:
    return SIGNER.url(purpose, *numbers).rsplit("/", 1)[1]


@given(ids, st.sampled_from(LinkPurpose))
def test_a_link_reads_back_what_was_written(numbers: tuple[int, ...], purpose: LinkPurpose) -> None:
    assert SIGNER.read(purpose, token(purpose, *numbers)) == numbers


@given(ids, st.sampled_from(LinkPurpose), st.sampled_from(LinkPurpose))
def test_a_link_for_one_purpose_is_worthless_for_another(
    numbers: tuple[int, ...], one: LinkPurpose, other: LinkPurpose
) -> None:
    assert (SIGNER.read(other, token(one, *numbers)) is not None) == (one is other)


@given(ids, st.data())
def test_any_changed_character_breaks_it(numbers: tuple[int, ...], data: st.DataObject) -> None:
    good = token(LinkPurpose.CLICK, *numbers)
    place = data.draw(st.integers(0, len(good) - 1))
    char = data.draw(st.sampled_from(printable))
    if char != good[place]:
        assert SIGNER.read(LinkPurpose.CLICK, good[:place] + char + good[place + 1 :]) is None


@given(st.text(max_size=80))
def test_rubbish_is_refused_without_an_error(text: str) -> None:
    assert SIGNER.read(LinkPurpose.OPEN, text) is None


def test_old_keys_verify_while_the_new_one_signs() -> None:
    old = token(LinkPurpose.UNSUBSCRIBE, 7)
    rotated = LinkSigner((b"n" * 32, b"k" * 32), "https://siar.example")
    assert rotated.read(LinkPurpose.UNSUBSCRIBE, old) == (7,)
    assert rotated.url(LinkPurpose.UNSUBSCRIBE, 7) != SIGNER.url(LinkPurpose.UNSUBSCRIBE, 7)
    assert LinkSigner((b"n" * 32,), "").read(LinkPurpose.UNSUBSCRIBE, old) is None


@given(st.integers(0, 2**53), st.lists(st.integers(0, 2**53), max_size=40))
def test_the_links_of_a_message_made_together_are_those_made_one_by_one(message: int, links: list[int]) -> None:
    tokens = SIGNER.tokens(message)
    assert [tokens.token(purpose) for purpose in OF_A_MESSAGE] == [token(one, message) for one in OF_A_MESSAGE]
    assert [tokens.click(link) for link in links] == [token(LinkPurpose.CLICK, message, link) for link in links]


def test_no_two_links_share_a_mac() -> None:
    many = [SIGNER.tokens(message) for message in range(30)]
    made = [one.token(purpose) for one in many for purpose in OF_A_MESSAGE]
    made += [one.click(link) for one in many for link in range(40)]
    assert len({one[-MAC_CHARS:] for one in made}) == len(made)


@pytest.mark.parametrize(
    ("purpose", "numbers"), [*((purpose, (4812,)) for purpose in OF_A_MESSAGE), (LinkPurpose.CLICK, (4812, 7))]
)
def test_links_of_mails_from_before_they_shared_a_mac_stay_readable(
    purpose: LinkPurpose, numbers: tuple[int, ...]
) -> None:
    digest = hmac.digest(b"k" * 32, f"{purpose}|{'|'.join(map(str, numbers))}".encode(), "sha256")[:16]
    mac = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    old = token(purpose, *numbers)[: -len(mac)] + mac
    assert SIGNER.read(purpose, old) == numbers
    assert old != token(purpose, *numbers)


@given(st.integers(0, 2**53))
def test_a_name_of_a_message_reads_back_also_as_it_was_written_before(number: int) -> None:
    digest = hmac.digest(b"k" * 32, f"{LinkPurpose.REFERENCE}|{number}".encode(), "sha256")[:16]
    before = f"{SIGNER.reference(number).partition('.')[0]}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
    assert SIGNER.referred(SIGNER.reference(number)) == SIGNER.referred(before) == number
    assert SIGNER.reference(number) == SIGNER.tokens(number).reference() != before
    other = SIGNER.reference(number + 1).partition(".")[2]
    assert SIGNER.referred(f"{before.partition('.')[0]}.{other}") is None


def test_an_unsubscribe_address_stays_short_enough_for_plain_headers() -> None:
    assert len(SIGNER.url(LinkPurpose.UNSUBSCRIBE, 2**40)) < 75


def test_utm_replaces_what_was_there_and_keeps_the_rest() -> None:
    made = with_utm("https://a.example/p?x=1&utm_source=lama#bagian", campaign="tenun & madu", medium="email")
    assert made == "https://a.example/p?x=1&utm_source=siar&utm_medium=email&utm_campaign=tenun+%26+madu#bagian"
