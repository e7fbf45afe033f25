"""The catalogue server over real HTTP: paging, freshness, tokens, refusals, hostile bytes, a clean end."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from marketing.sample.generator import Manifest, generate
from marketing.sample.server import CatalogueServer

ANCHOR = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TOKEN = "rahasia-uji"


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    folder = tmp_path_factory.mktemp("katalog")
    return generate("blitar", seed=7, anchor=ANCHOR, base_url="http://127.0.0.1:8802", out=folder)


@pytest.fixture(scope="module")
def server(manifest: Manifest) -> Iterator[CatalogueServer]:
    running = CatalogueServer(manifest.folder, token=TOKEN).start()
    yield running
    running.stop()


def fetch(server: CatalogueServer, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    given = {"Authorization": f"Bearer {TOKEN}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection = HTTPConnection(urlsplit(server.address).netloc, timeout=20)
    connection.request("GET", path, headers=given)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def walk(server: CatalogueServer, feed: str, limit: int, since: str = "") -> tuple[list[dict[str, Any]], int]:
    records: list[dict[str, Any]] = []
    query = f"/{feed}?limit={limit}" + (f"&updated_since={quote(since)}" if since else "")
    path, pages = query, 0
    while True:
        response, body = fetch(server, path)
        assert response.status == 200
        page = json.loads(body.decode(errors="replace"))
        records += page[feed]
        assert len(page[feed]) <= limit
        pages += 1
        if page["next_cursor"] is None:
            return records, pages
        path = f"{query}&cursor={quote(page['next_cursor'])}"


@pytest.mark.parametrize("limit", [37, 200, 1000])
def test_paging_returns_each_record_exactly_once(server: CatalogueServer, manifest: Manifest, limit: int) -> None:
    for feed in ("businesses", "orders", "buyers"):
        records, _ = walk(server, feed, limit)
        whole = json.loads((manifest.folder / f"{feed}.json").read_bytes())[feed]
        assert records == whole
    products, pages = walk(server, "products", limit)
    whole = json.loads((manifest.folder / "products.json").read_bytes())["products"]
    assert products[:-2] == whole
    assert [record["id"] for record in products[-2:]] == ["P-9101", "P-9102"]
    assert pages == -(-len(whole) // limit) + 1


def test_the_default_limit_is_200(server: CatalogueServer) -> None:
    page = json.loads(fetch(server, "/orders")[1])
    assert len(page["orders"]) == 200
    assert page["region"] == "35.72"


def test_broken_bytes_and_the_long_record_come_over_http(server: CatalogueServer) -> None:
    path, longest, broken = "/products", 0, 0
    while True:
        body = fetch(server, path)[1]
        page = json.loads(body.decode(errors="replace"))
        try:
            body.decode()
        except UnicodeDecodeError:
            broken += 1
            assert len(page["products"]) == 2
        longest = max(longest, *(len(record["description"]) for record in page["products"]))
        if not page["next_cursor"]:
            break
        path = f"/products?cursor={page['next_cursor']}"
    assert broken == 1
    assert longest == 10 * 1024 * 1024


def test_updated_since_returns_only_what_is_newer(server: CatalogueServer, manifest: Manifest) -> None:
    since = "2026-11-01T00:00:00+07:00"
    records, _ = walk(server, "orders", 50, since)
    whole = json.loads((manifest.folder / "orders.json").read_bytes())["orders"]
    newer = [one for one in whole if datetime.fromisoformat(one["updated_at"]) > datetime.fromisoformat(since)]
    assert records == newer
    assert 0 < len(newer) < len(whole)


def test_an_unchanged_page_is_304_and_says_when_it_was_made(server: CatalogueServer) -> None:
    first, _ = fetch(server, "/businesses")
    tag = first.headers["ETag"]
    assert parsedate_to_datetime(first.headers["Last-Modified"]) == ANCHOR
    again, body = fetch(server, "/businesses", If_None_Match=tag)
    assert (again.status, body) == (304, b"")
    other, _ = fetch(server, "/businesses", If_None_Match='"lain"')
    assert other.status == 200


def test_a_changed_file_is_seen_without_a_restart(tmp_path: Path) -> None:
    page = {"schema": "siar-catalog/1", "region": "35.72", "generated_at": "2026-11-22T09:00:00+07:00"}
    (tmp_path / "buyers.json").write_text(json.dumps({**page, "buyers": []}))
    running = CatalogueServer(tmp_path).start()
    try:
        first, _ = fetch(running, "/buyers")
        (tmp_path / "buyers.json").write_text(json.dumps({**page, "buyers": [{"id": "B-1"}]}))
        second, body = fetch(running, "/buyers", If_None_Match=first.headers["ETag"])
    finally:
        running.stop()
    assert second.status == 200
    assert json.loads(body)["buyers"] == [{"id": "B-1"}]


@pytest.mark.parametrize("given", ["", "Bearer salah", TOKEN, "Basic cmFoYXNpYQ==", "Bearer r\xe4hasia"])
def test_without_the_token_it_is_401(server: CatalogueServer, given: str) -> None:
    response, body = fetch(server, "/products", Authorization=given)
    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert b"P-0001" not in body


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=-1", "limit=abc", "limit=", "limit=1001", "cursor=xyz", "cursor=%FF", "cursor=", "cursor=OTk5OTl8",
     "updated_since=kemarin", "updated_since=2026-11-01T00:00:00"],
)  # fmt: skip
def test_a_query_it_does_not_understand_is_400(server: CatalogueServer, query: str) -> None:
    assert fetch(server, f"/products?{query}")[0].status == 400


def test_pictures_are_public(server: CatalogueServer, manifest: Manifest) -> None:
    response, body = fetch(server, f"/gambar/{manifest.pictures[0]}", Authorization="")
    assert response.status == 200
    assert response.headers["Content-Type"] == "image/jpeg"
    assert body == (manifest.folder / "gambar" / manifest.pictures[0]).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/secrets",
        "/products.json",
        "/gambar/none.jpg",
        "/gambar/../products.json",
        "/gambar/%2e%2e/x.jpg",
        "/gambar/a%00.jpg",
    ],
)
def test_anything_else_is_404(server: CatalogueServer, path: str) -> None:
    assert fetch(server, path)[0].status == 404


def test_the_process_tells_its_address_and_ends_on_sigterm(manifest: Manifest) -> None:
    command = [sys.executable, "-m", "marketing.sample.server", "--folder", str(manifest.folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
        connection.request("GET", "/businesses?limit=1")
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "", "")
