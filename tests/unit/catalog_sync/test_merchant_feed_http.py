"""A merchant feed over HTTP: conditions, refusals, keys; the server is a real one."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from catalog_sync.sources.base import SourceOptions
from catalog_sync.sources.merchant_feed import MerchantFeed
from marketing.errors import CatalogError
from tests.unit.catalog_sync.test_merchant_feed import feed, item, pages, products

Answer = Callable[[dict[str, str]], tuple[int, dict[str, str], bytes]]


class Script(ThreadingHTTPServer):
    """Answers as the test says."""

    daemon_threads = True
    block_on_close = False
    answer: Answer

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/umpan.xml?kunci=rahasia"


@pytest.fixture
def server() -> Iterator[Script]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = server.answer(dict(self.headers))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
            """Say nothing."""

    server = Script(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "headers", "said", "wait"),
    [
        (429, {"Retry-After": "90"}, "meminta jeda", timedelta(seconds=90)),
        (503, {}, "sedang bermasalah", None),
        (302, {"Location": "http://127.0.0.1:1/"}, "mengalihkan", None),
        (401, {}, "menolak", None),
        (404, {}, "tidak ada", None),
        (304, {}, "304", None),  # nobody asked on a condition
        (200, {"Content-Encoding": "br"}, "dimampatkan", None),
        (200, {"Content-Length": "9000"}, "terputus", None),
    ],
)
def test_a_refusing_server_is_one_sentence(
    server: Script, status: int, headers: dict[str, str], said: str, wait: timedelta | None
) -> None:
    server.answer = lambda _asked: (status, headers, feed(item()) if status == 200 else b"")
    with pytest.raises(CatalogError, match=said) as caught:
        pages(MerchantFeed(server.address, SourceOptions(timeout=1.0)))
    assert caught.value.retry_after == wait
    assert "rahasia" not in str(caught.value)


def test_not_modified_lists_nothing_and_deletes_nothing(server: Script) -> None:
    asked: list[dict[str, str]] = []

    def answer(headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        asked.append(headers)
        if headers.get("If-None-Match") == '"a"':
            return 304, {}, b""
        return 200, {"ETag": '"a"', "Last-Modified": "Sun, 22 Nov 2026 01:00:00 GMT"}, feed(item())

    server.answer = answer
    first = MerchantFeed(server.address, SourceOptions(token="toko:rahasia"))
    assert len(products(first)) == 1
    assert first.snapshot
    again = MerchantFeed(server.address, SourceOptions(memory=first.memory))
    assert pages(again) == []
    assert not again.snapshot
    assert again.memory == first.memory
    assert asked[1]["If-Modified-Since"] == "Sun, 22 Nov 2026 01:00:00 GMT"
    assert asked[0]["Authorization"].startswith("Basic ")
    assert "rahasia" not in str(first.memory)
    other = MerchantFeed(server.address, SourceOptions(memory=first.memory, mapping={"product": {"unit": "buah"}}))
    assert len(products(other)) == 1  # read by other rules, it is not the same catalogue
    assert "If-None-Match" not in asked[2]


def test_pictures_may_come_from_the_feeds_own_place(server: Script, tmp_path: Path) -> None:
    source = MerchantFeed(server.address, SourceOptions())
    assert source.picture_hosts == {f"127.0.0.1:{server.server_address[1]}"}
    assert MerchantFeed("https://toko.example/x", SourceOptions()).picture_hosts == {"toko.example:443"}
    assert MerchantFeed(str(tmp_path / "umpan.xml"), SourceOptions()).picture_folder == tmp_path
    with pytest.raises(CatalogError, match="Token"):
        MerchantFeed(server.address, SourceOptions(token="ra\nhasia"))
