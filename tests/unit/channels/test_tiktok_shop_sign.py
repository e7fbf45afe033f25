"""Signatures and webhooks. First vector: EcomPHP/tiktokshop-php tests/ClientTest.php; others computed with `openssl dgst`."""

import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.marketplace.notice import NoticeKind
from marketing.channels.marketplace.port import Application
from marketing.channels.marketplace.tiktok_shop.sign import authorisation_url, signature
from marketing.channels.marketplace.tiktok_shop.webhook import is_genuine, notice

BODY = (
    b'{"type":1,"shop_id":"7494726673780148744","timestamp":1664095733,"data":{"order_id":"576684019603311365",'
    b'"order_status":"AWAITING_SHIPMENT","update_time":1664095610}}'
)
PUSHED = "21109834de72ec53c9959716d8514ae388ce1f123e5ffdcafc46713fcdf62b27"
FAKE = Application("fake_app_key", "fake_app_secret")


def test_the_published_vector_is_met() -> None:
    found = signature(Application("app_key", "app_secret"), "/test-api", [("foo", "bar")])
    assert found == "d3cb7fe11ecae942802ceeca67e7cf10120cc12f1517d45fbc1c8cfe5413c80f"


def test_sorted_pairs_and_the_raw_body_are_signed_but_not_sign_and_token() -> None:
    query = [
        ("timestamp", "1700000000"),
        ("shop_cipher", "GCP_x/+="),
        ("sign", "x"),
        ("app_key", "6fk"),
        ("access_token", "y"),
    ]
    body = '{"title":"Keripik ñ"}'.encode()
    found = signature(Application("6fk", "s3cret"), "/product/202309/products", query, body)
    assert found == "04f04313f11c2293cbfc5a7f4d01c4d02d5dd4699bc1dddafe0f66fab5929f1d"


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=6, unique_by=lambda pair: pair[0]))
def test_the_order_of_the_query_does_not_matter(query: list[tuple[str, str]]) -> None:
    query = [
        (key.encode("utf-8", "replace").decode(), value.encode("utf-8", "replace").decode()) for key, value in query
    ]
    app = Application("k", "s")
    assert signature(app, "/a", query) == signature(app, "/a", query[::-1])


def test_the_authorisation_address_carries_the_state_and_no_secret() -> None:
    found = urlsplit(authorisation_url("7011", "a&b=c"))
    assert f"{found.scheme}://{found.netloc}{found.path}" == "https://services.tiktokshop.com/open/authorize"
    assert parse_qs(found.query) == {"service_id": ["7011"], "state": ["a&b=c"]}


def test_a_webhook_counts_only_with_its_own_bytes() -> None:
    assert is_genuine(FAKE, BODY, PUSHED)
    assert not is_genuine(FAKE, BODY + b"\n", PUSHED)
    for forged in ("", "0" * 64, "ü", PUSHED[1:], hashlib.sha256(BODY).hexdigest()):
        assert not is_genuine(FAKE, BODY, forged)


def test_a_webhook_names_what_to_ask_for() -> None:
    found = notice(BODY)
    assert (found.kind, found.shop_id, found.subject) == (NoticeKind.ORDER, "7494726673780148744", "576684019603311365")
    assert notice(b'{"type":5,"data":{"product_id":17291}}').subject == "17291"
    assert notice(b'{"type":6}').kind is NoticeKind.AUTHORISATION_ENDED
    assert notice(b'{"type":7}').kind is NoticeKind.AUTHORISATION_ENDING
    assert notice(b'{"type":4711}').kind is NoticeKind.OTHER


@pytest.mark.parametrize("body", [b"", b"[]", b'{"type":"1"}', b'{"type":false}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_webhook_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        notice(body)
