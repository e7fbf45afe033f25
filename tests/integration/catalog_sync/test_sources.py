"""Catalogues that break: one clear sentence, the run recorded as failed, what was taken stays whole and is ruled on."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from catalog_sync.pictures import PictureStore
from catalog_sync.sources import contract
from catalog_sync.sources.base import SourceOptions
from catalog_sync.sources.contract import ContractFolder, ContractServer, open_source
from marketing.db.models import Business, GateDecision, Product, ProductImage, SyncRun
from marketing.errors import CatalogError
from tests.integration.catalog_sync.conftest import NOW, Catalogue, business, product

Answer = Callable[[str, dict[str, str]], tuple[int, dict[str, str], bytes]]


class Script(ThreadingHTTPServer):
    """A server that answers as the test says and remembers what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str], str | None]] = []
        self.answer: Answer = lambda feed, query: page()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Script

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        self.server.asked.append((url.path, query, self.headers.get("Authorization")))
        status, headers, body = self.server.answer(url.path.rsplit("/", 1)[-1], query)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
        """Say nothing."""


def page(status: int = 200, **more: Any) -> tuple[int, dict[str, str], bytes]:
    return status, {}, json.dumps({"schema": "siar-catalog/1", **more}).encode()


@pytest.fixture
def server() -> Iterator[Script]:
    server = Script()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def last_run(catalogue: Catalogue) -> SyncRun:
    with catalogue.database.read() as session:
        return session.scalars(select(SyncRun).order_by(SyncRun.id.desc())).first() or pytest.fail("no run")


def test_pages_follow_the_cursor_and_carry_the_token(catalogue: Catalogue, server: Script) -> None:
    def answer(feed: str, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if feed == "businesses":
            return page(businesses=[business()])
        if feed != "products":
            return page()
        number = int(query.get("cursor", "0"))
        return page(products=[product(f"P-{number}")], next_cursor=str(number + 1) if number < 3 else None)

    server.answer = answer
    source = open_source(f"{server.address}/api/v2/", SourceOptions(token="rahasia"))
    assert catalogue.pull_from(source).new == 4
    assert [path for path, _, _ in server.asked] == [
        "/api/v2/businesses",
        *["/api/v2/products"] * 4,
        "/api/v2/buyers",
        "/api/v2/orders",
    ]
    assert {token for _, _, token in server.asked} == {"Bearer rahasia"}
    assert all("updated_since" not in query for _, query, _ in server.asked)
    assert [len(list(source.pages(NOW)))] == [7]
    assert server.asked[-1][1]["updated_since"] == NOW.isoformat()


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (500, {}, "sedang bermasalah (500)"),
        (503, {}, "sedang bermasalah (503)"),
        (401, {}, "menolak kunci akses (401)"),
        (403, {}, "menolak kunci akses (403)"),
        (404, {}, "tidak ada (404)"),
        (429, {"Retry-After": "30"}, "meminta jeda 30 detik (429)"),
        (429, {"Retry-After": "Fri, 01 Jan 2027 00:00:00 GMT"}, "meminta jeda"),
        (302, {"Location": "http://127.0.0.1:1/"}, "mengalihkan ke alamat lain (302)"),
        (304, {}, "menjawab 304"),
        (418, {}, "menjawab 418"),
    ],
)
def test_a_refusing_server_is_one_sentence(
    catalogue: Catalogue, server: Script, status: int, headers: dict[str, str], said: str
) -> None:
    server.answer = lambda feed, query: (status, headers, b"")
    started = time.monotonic()
    with pytest.raises(CatalogError) as caught:
        catalogue.pull_from(ContractServer(server.address))
    assert said in str(caught.value)
    assert time.monotonic() - started < 5  # nothing sleeps and nothing is tried again
    assert len(server.asked) == 1
    assert (last_run(catalogue).state, last_run(catalogue).error) == ("failed", str(caught.value))


@pytest.mark.parametrize("body", [b'{"schema":"siar-catalog/1","products":[{"id":', b"<html>502</html>", b""])
def test_a_break_in_the_middle_keeps_what_was_taken_and_rules_on_it(
    catalogue: Catalogue, server: Script, body: bytes
) -> None:
    catalogue.pull()

    def answer(feed: str, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if feed == "businesses":
            return page(businesses=[business()])
        if feed == "products" and "cursor" not in query:
            revoked = product("P-1", verification={"status": "revoked"})
            return page(products=[revoked, product("P-7")], deleted={"products": ["P-2"]}, next_cursor="2")
        return 200, {}, body

    server.answer = answer
    with pytest.raises(CatalogError, match="bukan JSON"):
        catalogue.pull_from(ContractServer(server.address))
    with catalogue.database.read() as session:
        rows = {row.external_id: row for row in session.scalars(select(Product))}
        assert not rows["P-1"].promotable
        assert rows["P-7"].promotable
        assert rows["P-2"].deleted_at
        assert session.scalar(select(func.count()).select_from(GateDecision)) == 4
    run = last_run(catalogue)
    assert (run.state, run.counts["by_kind"]["product"]["new"]) == ("failed", 1)
    assert catalogue.pull().by_kind["business"].unchanged == 1
    assert last_run(catalogue).state == "done"


def test_a_500_on_the_second_page_fails_the_run(catalogue: Catalogue, server: Script) -> None:
    server.answer = lambda feed, query: (
        page(status=500) if "cursor" in query else page(businesses=[business()], next_cursor="2")
    )
    with pytest.raises(CatalogError, match="500"):
        catalogue.pull_from(ContractServer(server.address))
    with catalogue.database.read() as session:
        assert session.scalars(select(Business.external_id)).all() == ["U-1"]


def test_an_endless_listing_ends(catalogue: Catalogue, server: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answer = lambda feed, query: page(next_cursor="sama")
    with pytest.raises(CatalogError, match="mengulang penunjuk halaman"):
        catalogue.pull_from(ContractServer(server.address))
    assert len(server.asked) == 2
    monkeypatch.setattr(contract, "PAGE_LIMIT", 20)
    server.answer = lambda feed, query: page(next_cursor=str(int(query.get("cursor", "0")) + 1))
    with pytest.raises(CatalogError, match="tidak berakhir sesudah 20 halaman"):
        catalogue.pull_from(ContractServer(server.address))


def test_a_page_without_end_or_without_answer_is_given_up(
    catalogue: Catalogue, server: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contract, "PAGE_BYTES", 1_000)
    server.answer = lambda feed, query: page(region="5" * 2_000)
    with pytest.raises(CatalogError, match="lebih besar dari"):
        catalogue.pull_from(ContractServer(server.address))

    def slow(feed: str, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        time.sleep(1)
        return page()

    server.answer = slow
    with pytest.raises(CatalogError, match="tidak menjawab dalam"):
        catalogue.pull_from(ContractServer(server.address, timeout=0.2))


def test_nobody_there_and_no_address(catalogue: Catalogue, server: Script) -> None:
    server.shutdown()
    server.server_close()
    with pytest.raises(CatalogError, match="tidak dapat dihubungi"):
        catalogue.pull_from(ContractServer(server.address))
    for address in ("ftp://x", "http://", "http://a:b@katalog.example", "katalog", "http://a\tb"):
        with pytest.raises(CatalogError):
            ContractServer(address)


def test_a_single_file_and_what_is_no_catalogue(catalogue: Catalogue, tmp_path: Path) -> None:
    one = tmp_path / "semua.json"
    one.write_bytes(
        page(
            orders=catalogue.orders,
            buyers=catalogue.buyers,
            products=catalogue.products,
            businesses=catalogue.businesses,
        )[2]
    )
    result = catalogue.pull_from(open_source(str(one)))
    assert (result.new, result.by_kind["order"].new) == (2, 1)
    assert catalogue.pull().by_kind["order"].unchanged == 1  # the same records as a folder
    for path in (tmp_path / "tidak-ada", tmp_path / "kosong"):
        (tmp_path / "kosong").mkdir(exist_ok=True)
        with pytest.raises(CatalogError, match="Tidak ada katalog di"):
            catalogue.pull_from(open_source(str(path)))


def test_an_oversized_or_unreadable_file(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    catalogue.write()
    monkeypatch.setattr(contract, "PAGE_BYTES", 100)
    with pytest.raises(CatalogError, match=r"businesses\.json lebih besar"):
        catalogue.pull_from(ContractFolder(catalogue.folder))


def test_a_run_whose_process_died_is_closed_by_the_next(catalogue: Catalogue) -> None:
    catalogue.pull()
    with catalogue.database.write() as session:
        session.add(SyncRun(tenant_id="tts", source="katalog", started_at=NOW, state="running", counts={}))
        session.add(SyncRun(tenant_id="tts", source="lain", started_at=NOW, state="running", counts={}))
    catalogue.pull()
    with catalogue.database.read() as session:
        states = session.execute(select(SyncRun.source, SyncRun.state).order_by(SyncRun.id)).all()
    assert states == [("katalog", "done"), ("katalog", "failed"), ("lain", "running"), ("katalog", "done")]


def test_any_other_error_fails_the_run_too(catalogue: Catalogue) -> None:
    class Broken(ContractFolder):
        def pages(self, since: object, *, resume: str = "") -> Iterator[Any]:
            raise ZeroDivisionError("rahasia")

    with pytest.raises(ZeroDivisionError):
        catalogue.pull_from(Broken(catalogue.folder))
    assert last_run(catalogue).state == "failed"
    assert "rahasia" not in (last_run(catalogue).error or "")


def test_pictures_come_once_and_what_failed_is_tried_again(catalogue: Catalogue, tmp_path: Path) -> None:
    from tests.unit.catalog_sync.test_pictures import picture

    store = PictureStore(tmp_path / "foto")
    catalogue.products[1]["images"] = [{"url": "gambar/2.jpg"}, {"url": "http://127.0.0.1:9/x.jpg"}]
    (catalogue.folder / "gambar").mkdir(parents=True)
    (catalogue.folder / "gambar" / "1.jpg").write_bytes(picture())

    def pictures() -> dict[str, tuple[bool, str | None]]:
        with catalogue.database.read() as session:
            return {row.url: (row.sha256 is not None, row.error) for row in session.scalars(select(ProductImage))}

    first = catalogue.pull(pictures=store)
    assert (first.pictures.copied, first.pictures.failed) == (1, 2)
    assert pictures()["gambar/1.jpg"] == (True, None)
    assert "tidak ada" in (pictures()["gambar/2.jpg"][1] or "")
    assert "bukan internet umum" in (pictures()["http://127.0.0.1:9/x.jpg"][1] or "")
    (catalogue.folder / "gambar" / "2.jpg").write_bytes(picture(size=(50, 50)))
    (catalogue.folder / "gambar" / "1.jpg").unlink()
    catalogue.products[0]["name"] = "Berubah"  # its picture keeps the copy it has
    second = catalogue.pull(pictures=store)
    assert (second.pictures.copied, second.pictures.failed) == (1, 1)
    assert pictures()["gambar/1.jpg"] == (True, None)
    assert pictures()["gambar/2.jpg"] == (True, None)
