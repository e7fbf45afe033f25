"""A WooCommerce shop for tests: a real HTTP server that enforces what REST API v3 documents.

HTTP Basic keys (401 as WooCommerce sends it), at most 100 to a page (400 `rest_invalid_param`), `X-WP-Total`,
`X-WP-TotalPages` and `Link`, `status` (any leaves out the bin), `modified_after` with `dates_are_gmt`, `_fields`.
"""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY, SECRET = "ck_" + "1" * 40, "cs_" + "2" * 40
TOKEN = f"{KEY}:{SECRET}"
API = "/wp-json/wc/v3/"

Reply = tuple[int, dict[str, str], bytes]


def woo_product(number: int, **change: Any) -> dict[str, Any]:
    """Return a product as WooCommerce answers it, published and complete."""
    return {
        "id": number,
        "name": f"Selendang {number}",
        "slug": f"selendang-{number}",
        "permalink": f"https://toko.example/produk/selendang-{number}/",
        "date_created_gmt": "2026-01-01T00:00:00",
        "date_modified": "2026-08-01T09:00:00",
        "date_modified_gmt": "2026-08-01T01:00:00",
        "type": "simple",
        "status": "publish",
        "featured": False,
        "catalog_visibility": "visible",
        "description": "<p>Tenun tangan.</p>\n",
        "short_description": "",
        "sku": f"S-{number}",
        "price": "350000",
        "regular_price": "350000",
        "sale_price": "",
        "date_on_sale_from": None,
        "date_on_sale_from_gmt": None,
        "date_on_sale_to": None,
        "date_on_sale_to_gmt": None,
        "on_sale": False,
        "virtual": False,
        "external_url": "",
        "button_text": "",
        "manage_stock": True,
        "stock_quantity": 12,
        "stock_status": "instock",
        "weight": "0.3",
        "categories": [{"id": 9, "name": "Kain Tenun", "slug": "kain-tenun"}],
        "tags": [],
        "images": [{"id": 1, "src": f"https://toko.example/gambar/{number}.jpg", "name": "", "alt": "Selendang"}],
        "attributes": [],
        "variations": [],
        "grouped_products": [],
        "meta_data": [
            {"id": 4, "key": "siar_unit", "value": "lembar"},
            {"id": 1, "key": "siar_verification_status", "value": "terverifikasi"},
            {"id": 2, "key": "siar_verified_by", "value": "Tim"},
            {"id": 3, "key": "siar_verified_at", "value": "2026-08-01T09:00:00+08:00"},
        ],
        **change,
    }


def failure(status: int, code: str, **headers: str) -> Reply:
    """Return an error in WordPress's form."""
    body = json.dumps({"code": code, "message": "<b>pesan</b>", "data": {"status": status}})
    return status, {"Content-Type": "application/json", **headers}, body.encode()


class WooServer(ThreadingHTTPServer):
    """Serves `products` and `variations`; `scripted` may answer first, `served` is told each path that was answered."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.products: list[dict[str, Any]] = []
        self.variations: dict[int, list[dict[str, Any]]] = {}
        self.currency = "IDR"
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.scripted: Callable[[str, dict[str, str]], Reply | None] = lambda path, query: None
        self.served: Callable[[str, dict[str, str]], None] = lambda path, query: None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def pages(self) -> list[str]:
        """Return the numbers of the product pages that were asked for."""
        return [query["page"] for path, query in self.asked if path == f"{API}products"]


@contextmanager
def running_shop() -> Iterator[WooServer]:
    """Start a shop and stop it."""
    server = WooServer()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: WooServer

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(url.query, keep_blank_values=True).items()}
        self.server.asked.append((url.path, query))
        status, headers, body = self.server.scripted(url.path, query) or self._answer(url.path, query)
        (self.send_response_only if "Date" in headers else self.send_response)(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.server.served(url.path, query)

    def _answer(self, path: str, query: dict[str, str]) -> Reply:
        if path == "/wp-json":
            return _json({"name": "Galeri Nunkolo"})
        if self.headers.get("Authorization") != f"Basic {base64.b64encode(TOKEN.encode()).decode()}":
            return failure(401, "woocommerce_rest_cannot_view")
        parts = path.removeprefix(API).split("/")
        if parts == ["data", "currencies", "current"]:
            return _json({"code": self.server.currency})
        if parts == ["products"]:
            return self._listing(self.server.products, query)
        if len(parts) == 3 and parts[0] == "products" and parts[2] == "variations":
            return self._listing(self.server.variations.get(int(parts[1]), []), query)
        return failure(404, "rest_no_route")

    def _listing(self, rows: list[dict[str, Any]], query: dict[str, str]) -> Reply:
        size, number = int(query.get("per_page", "10")), int(query.get("page", "1"))
        if not 1 <= size <= 100:
            return failure(400, "rest_invalid_param")
        status = query.get("status", "any")
        found = [row for row in rows if (row["status"] != "trash" if status == "any" else row["status"] == status)]
        if "modified_after" in query:
            field = "date_modified_gmt" if query.get("dates_are_gmt") == "true" else "date_modified"
            found = [row for row in found if row[field] > query["modified_after"]]
        if query.get("orderby") == "id":
            found.sort(key=lambda row: int(row.get("id", 0)), reverse=query.get("order") != "asc")
        page = found[(number - 1) * size : number * size]
        if wanted := [name for name in query.get("_fields", "").split(",") if name]:
            page = [{name: row[name] for name in wanted if name in row} for row in page]
        pages = -(-len(found) // size)
        headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
        if number < pages:
            headers["Link"] = f'<{self.server.address}{self.path}&page={number + 1}>; rel="next"'
        return _json(page, **headers)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
        """Say nothing."""


def _json(body: Any, **headers: str) -> Reply:
    return 200, {"Content-Type": "application/json; charset=UTF-8", **headers}, json.dumps(body).encode()
