"""Bytes to a page: one bad record never costs its neighbours; what is no page at all is one clear sentence."""

import json
from typing import Any

import pytest

from catalog_sync.contract import Kind, SetAside, parse
from catalog_sync.sources.page import read_page
from marketing.errors import CatalogError


def page(**more: Any) -> bytes:
    return json.dumps({"schema": "siar-catalog/1", **more}).encode()


def test_a_page_is_read_with_its_cursor_and_its_deletions() -> None:
    received = read_page(
        b"\xef\xbb\xbf" + page(region=" 53.02 ", products=[{"id": "1"}], deleted={"products": ["9"]}, next_cursor="x"),
        "uji",
    )
    assert received.next_cursor == "x"
    assert received.page.region == "53.02"
    assert received.page.records == {Kind.PRODUCT: [{"id": "1"}]}
    assert received.page.deleted == {Kind.PRODUCT: ["9"]}


@pytest.mark.parametrize("cursor", [None, ""])
def test_an_empty_cursor_is_the_end(cursor: str | None) -> None:
    assert read_page(page(next_cursor=cursor), "uji").next_cursor is None


def test_broken_bytes_and_impossible_numbers_stay_with_their_record() -> None:
    body = (
        b'{"schema":"siar-catalog/1","businesses":[{"id":"a","role":"umkm","name":"\xff\xfe"},'
        b'{"id":"b","role":"umkm","n":NaN,"m":1e999,"i":' + b"9" * 5_000 + b'},{"id":"c","role":"umkm","name":"utuh"}]}'
    )
    records = read_page(body, "uji").page.records[Kind.BUSINESS]
    outcomes = [parse(Kind.BUSINESS, record) for record in records]
    assert isinstance(outcomes[0], SetAside)
    assert "huruf rusak" in outcomes[0].reason
    assert [getattr(one, "id", None) for one in outcomes[1:]] == ["b", "c"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "bukan JSON yang sah (baris 1, kolom 1)"),
        (b'{"schema":"siar-catalog/1",\n"products":[{', "bukan JSON yang sah (baris 2"),
        (b"<html>", "bukan JSON yang sah"),
        ("[]".encode("utf-16"), "bukan JSON yang sah"),
        (b"[" * 100_000, "bersarang terlalu dalam"),
        (b"[]", "bukan objek JSON"),
        (b"{}", "versi skema “-”"),
        (b'{"schema":"siar-catalog/2"}', "versi skema “siar-catalog/2”"),
        (b'{"schema":{"a":1}}', "versi skema “-”"),
        (page(products={}), "“products” harus berupa daftar"),
        (page(deleted=[]), "“deleted” harus berupa objek"),
        (page(deleted={"products": "P-9"}), "“products” harus berupa daftar"),
        (page(next_cursor=3), "“next_cursor” harus berupa teks pendek"),
        (page(next_cursor="x" * 2_001), "“next_cursor” harus berupa teks pendek"),
    ],
)
def test_what_is_no_page_is_one_sentence(body: bytes, said: str) -> None:
    with pytest.raises(CatalogError) as caught:
        read_page(body, "products.json")
    assert said in str(caught.value)
    assert "products.json" in str(caught.value)
