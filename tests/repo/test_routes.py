"""Every address asks who is there, unless it stands on this list; a new one must be put here by hand to be public."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount
from starlette.testclient import TestClient

from marketing.bootstrap import build_app
from marketing.db.migrate import migrate
from marketing.settings import Settings
from marketing.web.app import create_app

PUBLIC = {
    "GET /langganan/{tenant_id}/telegram",
    "GET /p/{token}/telegram",
    "POST /webhook/telegram/{account_id}",
    "GET /",
    "GET /sehat",
    "GET /static/css/siar.css",
    "GET /merek/{tenant_id}.css",
    "GET /gambar/{name}.jpg",
    "HEAD /gambar/{name}.jpg",
    "GET /gambar/{name}.png",
    "HEAD /gambar/{name}.png",
    "GET /{tenant_id}/umpan.{form}",
    "HEAD /{tenant_id}/umpan.{form}",
    "GET /galeri/{tenant_id}/merchant.xml",
    "HEAD /galeri/{tenant_id}/merchant.xml",
    "GET /galeri/{tenant_id}/meta.csv",
    "HEAD /galeri/{tenant_id}/meta.csv",
    "GET /gambar/{key}.{shape}.kartu.jpg",
    "HEAD /gambar/{key}.{shape}.kartu.jpg",
    "GET /gambar/{sha256}.{shape}.jpg",
    "HEAD /gambar/{sha256}.{shape}.jpg",
    "GET /robots.txt",
    "HEAD /robots.txt",
    "GET /sitemap.xml",
    "HEAD /sitemap.xml",
    "GET /galeri/{tenant_id}/sitemap.xml",
    "HEAD /galeri/{tenant_id}/sitemap.xml",
    "GET /galeri/{tenant_id}/sitemap-{number}.xml",
    "HEAD /galeri/{tenant_id}/sitemap-{number}.xml",
    "GET /galeri/{tenant_id}/widget",
    "HEAD /galeri/{tenant_id}/widget",
    "GET /galeri/{tenant_id}/widget.json",
    "HEAD /galeri/{tenant_id}/widget.json",
    "GET /galeri/{tenant_id}/oembed",
    "HEAD /galeri/{tenant_id}/oembed",
    "GET /galeri/{tenant_id}/pasang",
    "HEAD /galeri/{tenant_id}/pasang",
    "GET /galeri/{tenant_id}/buletin",
    "HEAD /galeri/{tenant_id}/buletin",
    "GET /galeri/{tenant_id}/buletin/umpan.rss",
    "HEAD /galeri/{tenant_id}/buletin/umpan.rss",
    "GET /galeri/{tenant_id}/buletin/{slug}",
    "HEAD /galeri/{tenant_id}/buletin/{slug}",
    "GET /galeri/{tenant_id}/umpan.{form}",
    "HEAD /galeri/{tenant_id}/umpan.{form}",
    "GET /galeri/{tenant_id}/kategori/{category}/umpan.{form}",
    "HEAD /galeri/{tenant_id}/kategori/{category}/umpan.{form}",
    "GET /galeri/{tenant_id}/usaha/{business_id}/umpan.{form}",
    "HEAD /galeri/{tenant_id}/usaha/{business_id}/umpan.{form}",
    "GET /metrics",  # proved by the token of Prometheus; without one set there is nothing here
    "POST /webhook/shopee",  # proved by the provider's signature over the raw body
    "POST /webhook/tiktok-shop",
    "POST /webhook/tiktok",
    "POST /webhook/meta/dicabut",
    "POST /webhook/meta/hapus",
    "GET /webhook/meta/hapus/{code}",  # the code that Meta shows whoever asked; it says nothing of them
    "POST /webhook/sendgrid/{account_id}",
    "GET /webhook/meta",  # proved by the token that was typed in at Meta
    "POST /webhook/meta",
    "GET /masuk",
    "GET /masuk/lupa",
    "POST /masuk/lupa",  # the same answer for everybody
    "GET /g/{token}",  # the signed, single-use token of a mail is the authority over one password
    "POST /g/{token}",
    "POST /masuk",
    "POST /keluar",  # proved by the form's token; ends only the session whose cookie came with it
    "POST /bahasa",
    "GET /b/{token}",
    "HEAD /b/{token}",
    "GET /k/{token}",
    "HEAD /k/{token}",
    "GET /t/{token}",
    "HEAD /t/{token}",
    "GET /w/{token}",
    "GET /m/{token}",
    "GET /u/{token}",
    "POST /u/{token}",
    "GET /m/{token}/bukti.json",
    "GET /p/{token}",  # the signed token of a mail is the authority over one person's choices
    "POST /p/{token}",
    "GET /s/{token}",  # the fresh link to a person's own mailbox is the authority over their data
    "POST /s/{token}/salinan",
    "POST /s/{token}/hapus",
    "POST /s/{token}/baru",
    "GET /d/{token}",
    "POST /d/{token}",
    "GET /langganan/{tenant_id}",
    "POST /langganan/{tenant_id}",
    "GET /langganan/{tenant_id}/bingkai",
    "POST /langganan/{tenant_id}/bingkai",
    "GET /langganan/{tenant_id}/poster",
    "GET /langganan/{tenant_id}/poster.{form}",
    "GET /galeri",
    "HEAD /galeri",
    "GET /galeri/{tenant_id}",
    "HEAD /galeri/{tenant_id}",
    "GET /galeri/{tenant_id}/cari",
    "HEAD /galeri/{tenant_id}/cari",
    "GET /galeri/{tenant_id}/kategori/{name}",
    "HEAD /galeri/{tenant_id}/kategori/{name}",
    "GET /galeri/{tenant_id}/produk/{product_id}",
    "HEAD /galeri/{tenant_id}/produk/{product_id}",
    "GET /galeri/{tenant_id}/usaha/{business_id}",
    "HEAD /galeri/{tenant_id}/usaha/{business_id}",
    "GET /galeri/{tenant_id}/promo/{marker}",
    "HEAD /galeri/{tenant_id}/promo/{marker}",
    "POST /galeri/{tenant_id}/bahasa",  # a reader's language: no session, nothing of ours changes
    "GET /{tenant_id}",
    "GET /{tenant_id}/produk/{product_id}",
    "GET /{tenant_id}/promo/{marker}",
}


def flat(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        if hasattr(route, "original_router"):
            yield from flat(route.original_router.routes)
        elif not isinstance(route, Mount):  # the static folder
            yield route


@pytest.fixture(scope="module", name="client")
def _client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = build_app(Settings(data_dir=tmp_path_factory.mktemp("data")))
    migrate(app.database)
    with TestClient(create_app(app), follow_redirects=False) as client:
        yield client
    app.close()


def test_every_route_is_public_by_name_or_leads_to_the_log_in(client: TestClient) -> None:
    found = {
        f"{method} {route.path}"
        for route in flat(client.app.routes)  # type: ignore[attr-defined]
        for method in route.methods
    }
    assert found >= PUBLIC, found ^ PUBLIC
    assert len(found - PUBLIC) > 20
    for name in sorted(found - PUBLIC):
        method, path = name.split(" ")
        address = re.sub(r"\{\w+(?::\w+)?\}", "1", path)
        answer = client.request(method, address)
        assert answer.status_code == 303, (name, answer.status_code)
        assert answer.headers["location"].startswith("/masuk?berikut="), name


def test_no_page_describes_our_routes(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404


def test_every_module_of_routes_is_part_of_the_application() -> None:
    folder = Path(__file__).parents[2] / "marketing" / "web"
    modules = {path.stem for path in (folder / "routes").glob("*.py")} - {"__init__"}
    source = (folder / "app.py").read_text("utf-8")
    assert all(re.search(rf"\b{name}\b", source) for name in modules)
