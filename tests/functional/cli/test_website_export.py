"""`siar website export`: the gallery as files that work from any folder, whole or not at all."""

import http.server
import json
import re
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from lxml import etree, html
from PIL import Image
from sqlalchemy import update

from marketing.accounts.tenants import ensure_tenants
from marketing.bootstrap import App, build_app
from marketing.db.models import Business, Product, ProductImage
from marketing.domain.product import Category
from marketing.settings import Settings
from marketing.web.export.folder import MARKER, whole
from tests.functional.cli.conftest import Siar
from tests.support.feed_schemas import check
from tests.support.world import add_product

SHA = "b" * 64
PLACE = "/situs/dinas"  # a folder deep in somebody's web space


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain web server: files, and nothing else."""

    def log_message(self, *_words: Any) -> None: ...


@pytest.fixture(name="app")
def _app(installed: Path) -> Iterator[App]:
    app = build_app(Settings(data_dir=installed.parent))
    app.settings.prepare_data_dir()
    with app.database.write() as session:
        ensure_tenants(session, app.clock())
    app.settings.picture_dir.mkdir()
    Image.new("RGB", (900, 700), "maroon").save(app.settings.picture_dir / f"{SHA}.jpg")
    for number in range(1, 61):
        add_product(app, number, category=Category.FESYEN if number % 4 == 0 else Category.KERAJINAN)
    with app.database.write() as session:
        session.execute(update(ProductImage).values(sha256=SHA))
        session.execute(update(Product).where(Product.id == 3).values(name='Kain "<b>Buna</b>" & 50% \U0001f9f5'))
        session.execute(update(Product).where(Product.id == 4).values(stock=0))  # the gate was not asked again yet
        shared = session.get_one(Product, 1).business_id
        session.execute(update(Product).where(Product.id.in_([5, 6, 7])).values(business_id=shared))
    yield app
    app.close()


@pytest.fixture(name="server")
def _server(tmp_path: Path) -> Iterator[str]:
    root = tmp_path / "web"
    (root / PLACE.strip("/")).parent.mkdir(parents=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=root))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{PLACE}"
    server.shutdown()
    server.server_close()


def links(content: bytes) -> Iterator[str]:
    """Everything that a browser or a search engine would follow from a page."""
    page = html.document_fromstring(content.decode())
    for element in page.iter(etree.Element):
        for name, value in element.attrib.items():
            if name in {"href", "src", "action", "poster"}:
                yield value
            elif name == "srcset":
                yield from (choice.split()[0] for choice in value.split(","))
    yield from page.xpath("//meta[@property='og:url' or @property='og:image']/@content")
    for area in page.xpath("//textarea"):
        yield html.fragment_fromstring(area.text.strip()).get("src")


def crawl(client: httpx.Client, start: str) -> dict[str, bytes]:
    """Follow every link on the server from a page; a link that answers anything but 200 fails with where it stood."""
    found: dict[str, bytes] = {}
    waiting = [(start, "")]
    while waiting:
        address, source = waiting.pop()
        bare = address.split("#")[0].split("?")[0]
        if bare in found or urlsplit(bare).netloc != urlsplit(start).netloc:
            continue
        answer = client.get(bare)
        assert answer.status_code == 200, (bare, source)
        found[bare] = answer.content
        if "text/html" in answer.headers["content-type"]:
            waiting += [(urljoin(bare, link), bare) for link in links(answer.content)]
        elif bare.endswith((".rss", ".atom", ".xml", ".json", ".txt", ".css", ".csv")):
            text = answer.text
            outside = re.findall(re.escape(start.rsplit("/", 1)[0]) + r"/[^\s\"'<>&,?#\\]*", text)
            styles = re.findall(r"url\(\s*[\"']?([^\"')]+)", text) if bare.endswith(".css") else []
            waiting += [(urljoin(bare, link), bare) for link in (*outside, *styles)]
    return found


def test_the_export_works_from_any_folder_and_leads_nowhere_else(
    siar: Siar, app: App, server: str, tmp_path: Path
) -> None:
    out = tmp_path / "web" / PLACE.strip("/")
    done = siar("website", "export", "--out", str(out), "--base-url", server, "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    files = [path for path in out.rglob("*") if path.is_file() and path.name != MARKER]
    assert told["files"] == len(files)
    assert told["bytes"] == sum(path.stat().st_size for path in files)
    assert told["base_url"] == server
    pages = [path for path in files if path.name == "index.html" and path.parent != out]
    assert told["pages"] == len(pages)
    for path in pages:
        text = path.read_text("utf-8")
        page = html.document_fromstring(text)
        assert not page.xpath("//form"), path
        for link in links(text.encode()):
            assert not link.startswith("/"), (path, link)
            assert not link.startswith("http") or link.startswith((server, "https://")), (path, link)
        for address in page.xpath("//link[@rel='canonical']/@href"):
            assert address == f"{server}/{path.parent.relative_to(out).as_posix()}/" or "halaman" in str(path), path
        assert "127.0.0.1:8000" not in text
        assert 'Kain "<b>' not in text
    with httpx.Client(follow_redirects=True) as client:
        found = crawl(client, f"{server}/index.html")
        crawl(client, f"{server}/robots.txt")
        merchant = crawl(client, f"{server}/galeri/tts/merchant.xml")
        for form in ("rss", "atom", "json"):
            assert check(form, client.get(f"{server}/galeri/tts/umpan.{form}").content) == 59
            assert check(form, client.get(f"{server}/galeri/tts/kategori/fesyen/umpan.{form}").content) == 14
        data = client.get(f"{server}/galeri/tts/widget.json").json()["items"]
        assert all(client.get(item["url"]).status_code == 200 for item in data)
    assert any(address.endswith(".jpg") for address in merchant)
    products = {address for address in found if re.search(r"/galeri/tts/produk/\d+/index\.html$", address)}
    assert len(products) == 59, "every product can be reached by links alone"
    assert not any("/produk/4/" in address for address in found)


def check_that_pages_open_without_a_server(out: Path) -> None:
    met, waiting = set[Path](), [out / "index.html"]
    while waiting:
        path = waiting.pop()
        met.add(path)
        for link in links(path.read_bytes()):
            target = link.split("#")[0].split("?")[0]
            if not target or urlsplit(target).scheme:
                continue
            file = (path.parent / target).resolve()
            assert file.is_file(), (path, link)
            assert file.is_relative_to(out)
            if file.suffix == ".html" and file not in met:
                waiting.append(file)
    assert len(met) > 60
    # browsers read a url() in a custom property from the sheet that uses it
    (brand,) = out.rglob("merek-tts.css")
    assert brand.parent == out / "static/css"
    bands = re.findall(r'url\("([^"]+)"\)', brand.read_text("utf-8"))
    assert len(bands) == 2
    assert all((brand.parent / band).is_file() for band in bands)
    assert not (out / "galeri/index.html").exists(), "the list of every Daerah is not part of one Daerah"
    assert not (out / "galeri/blitar").exists()
    listed = (out / "sitemap.xml").read_text("utf-8")
    assert "https://umkm.example/galeri/tts/sitemap.xml" in listed
    places = re.findall(
        r"<loc>https://umkm\.example/([^<]+)</loc>", (out / "galeri/tts/sitemap.xml").read_text("utf-8")
    )
    assert all((out / place / "index.html").is_file() for place in places)
    assert len(places) > 100


def test_the_pages_open_without_a_server_and_what_lost_its_standing_is_gone_from_the_next_export(
    siar: Siar, app: App, tmp_path: Path
) -> None:
    out = tmp_path / "situs"
    arguments = ("website", "export", "--out", str(out), "--tenant", "tts", "--base-url", "https://umkm.example")
    assert siar(*arguments).code == 0
    check_that_pages_open_without_a_server(out)
    assert (out / "galeri/tts/produk/2/index.html").is_file()
    with app.database.write() as session:
        session.execute(update(Product).where(Product.id == 2).values(promotable=False, stock=0))
        session.execute(update(Business).values(address="Jalan Baru"))
    done = siar(*arguments)
    assert done.code == 0
    assert "halaman" in done.out
    assert not (out / "galeri/tts/produk/2").exists()
    assert not any("produk/2/" in path.read_text("utf-8") for path in out.rglob("*.html"))
    assert [path.name for path in tmp_path.iterdir() if "situs" in path.name] == ["situs"], "nothing half made stays"


def test_a_folder_with_other_things_is_left_alone(siar: Siar, app: App, tmp_path: Path) -> None:
    out = tmp_path / "rumah"
    out.mkdir()
    (out / "skripsi.doc").write_text("penting")
    assert "sudah berisi hal lain" in siar("website", "export", "--out", str(out)).sentence
    assert [path.name for path in out.iterdir()] == ["skripsi.doc"]
    assert "sudah berisi hal lain" in siar("website", "export", "--out", str(out / "skripsi.doc")).sentence


def test_wrong_arguments_are_told_in_a_sentence(siar: Siar, app: App, tmp_path: Path) -> None:
    out = str(tmp_path / "x")
    assert "http(s)" in siar("website", "export", "--out", out, "--base-url", "ftp://x").sentence
    assert "tidak dikenal" in siar("website", "export", "--out", out, "--tenant", "atlantis").sentence
    blocked = tmp_path / "berkas"
    blocked.write_text("x")
    assert (
        "tidak dapat ditulis"
        in siar("website", "export", "--out", str(blocked / "dalam"), "--tenant", "blitar").sentence
    )


def test_a_broken_export_leaves_the_old_one(tmp_path: Path) -> None:
    out = tmp_path / "situs"
    for text in ("pertama", "kedua"):
        with whole(out, {}) as folder:
            (folder / "index.html").write_text(text)
    with pytest.raises(KeyboardInterrupt), whole(out, {}) as folder:
        (folder / "index.html").write_text("separuh")
        raise KeyboardInterrupt
    assert (out / "index.html").read_text() == "kedua"
    assert [path.name for path in tmp_path.iterdir() if "situs" in path.name] == ["situs"]


def test_a_crash_between_the_two_renames_is_healed_by_the_next_export(tmp_path: Path) -> None:
    out = tmp_path / "situs"
    with whole(out, {}) as folder:
        (folder / "index.html").write_text("lama")
    out.rename(tmp_path / ".situs.siar-lama")
    (tmp_path / ".situs.siar-baru").mkdir()
    (tmp_path / ".situs.siar-baru" / "separuh.html").write_text("x")
    with pytest.raises(ZeroDivisionError), whole(out, {}):
        assert (out / "index.html").read_text() == "lama"
        raise ZeroDivisionError
    assert (out / "index.html").read_text() == "lama"
