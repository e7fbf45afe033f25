"""Signatures and pushes; the expected digests were computed with `openssl dgst -sha256 -hmac`."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from marketing.channels.marketplace.notice import NoticeKind
from marketing.channels.marketplace.port import Application
from marketing.channels.marketplace.shopee.sign import SANDBOX, authorisation_url, signature
from marketing.channels.marketplace.shopee.webhook import is_genuine, notice

APP = Application("2011285", "kunci-mitra-uji")
NOW = datetime.fromtimestamp(1659992253, UTC)
URL = "https://siar.example/lokapasar/shopee"
BODY = b'{"code":3,"shop_id":322300222,"timestamp":1659992253,"data":{"ordersn":"220809ABC"}}'
PUSHED = "afdbb53c081b045c2ab91364aa61ce19eefac6837fb60306367a6ea5ef3578b2"


def test_a_public_call_is_signed_over_partner_path_and_second() -> None:
    expected = "db6b6b8301427ef803a785de3ca93745e90c19f6d2bc5d95580dca5c64609b69"
    assert signature(APP, "/api/v2/shop/auth_partner", 1659992253) == expected


def test_a_shop_call_is_signed_over_token_and_shop_too() -> None:
    expected = "b218c040f9852c4fcd973cb74a23465700df601e2e7996df93627080c983886b"
    assert signature(APP, "/api/v2/product/add_item", 1659992253, "akses-1", "322300222") == expected


def test_the_authorisation_address_is_signed_and_carries_the_redirect_whole() -> None:
    found = urlsplit(authorisation_url(APP, "https://siar.example/kembali?a=1&b=2", NOW, SANDBOX))
    query = parse_qs(found.query)
    assert f"{found.scheme}://{found.netloc}{found.path}" == f"{SANDBOX}/api/v2/shop/auth_partner"
    assert query["sign"] == ["db6b6b8301427ef803a785de3ca93745e90c19f6d2bc5d95580dca5c64609b69"]
    assert query["redirect"] == ["https://siar.example/kembali?a=1&b=2"]
    assert "kunci-mitra-uji" not in found.query


def test_a_push_counts_only_with_its_own_address_and_bytes() -> None:
    assert is_genuine(APP, URL, BODY, PUSHED)
    assert is_genuine(APP, URL, BODY, f" {PUSHED.upper()} ")
    assert not is_genuine(APP, URL, BODY + b" ", PUSHED)
    assert not is_genuine(APP, f"{URL}/", BODY, PUSHED)
    assert not is_genuine(Application("2011285", "lain"), URL, BODY, PUSHED)
    for forged in ("", "0" * 64, "ü" * 64, PUSHED[:-1], "\udcff"):
        assert not is_genuine(APP, URL, BODY, forged)


def test_a_push_names_the_order_and_nothing_else_is_believed() -> None:
    found = notice(BODY)
    assert (found.kind, found.shop_id, found.subject, found.at) == (NoticeKind.ORDER, "322300222", "220809ABC", NOW)
    assert notice(b'{"code":2}').kind is NoticeKind.AUTHORISATION_ENDED
    assert notice(b'{"code":999,"data":[1]}').kind is NoticeKind.OTHER
    assert notice(b'{"code":3,"timestamp":9999999999999}').at is None


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"code":"3"}', b'{"code":true}', b"\xff", b"[" * 100_000])
def test_what_is_no_push_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        notice(body)
