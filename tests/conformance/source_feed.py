"""The small catalogue as a Google Merchant feed: RSS and Atom, in a file and from a server."""

import gzip
import hashlib
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from xml.sax.saxutils import escape

from catalog_sync.sources.base import SourceFormat
from tests.conformance.source_contract import CLOSED
from tests.conformance.source_suite import Bench, Ware

GOOGLE = 'xmlns:g="http://base.google.com/ns/1.0"'


class RssFile(Bench):
    format = SourceFormat.MERCHANT_FEED
    prices = (
        ("15000 IDR", 15_000),
        ("15000.00 IDR", 15_000),
        ("IDR 15000", 15_000),
        ("15.000 IDR", None),
        ("15,000 IDR", None),
        ("15000.50 IDR", None),
        ("15 USD", None),
        ("15000", None),
        ("gratis", None),
    )
    name: ClassVar[str] = "umpan.xml"

    def write(self, wares: Iterable[Ware], gone: Iterable[str] = ()) -> None:
        (self.folder / self.name).write_text(self.text("".join(map(self.item, wares))), "utf-8")

    def text(self, items: str) -> str:
        return f'<?xml version="1.0"?><rss version="2.0" {GOOGLE}><channel><title>Toko</title>{items}</channel></rss>'

    def item(self, ware: Ware) -> str:
        return (
            f"<item><title>{escape(ware.name)}</title>{fields(ware)}<link>https://toko.example/{ware.id}</link></item>"
        )

    def location(self) -> str:
        return str(self.folder / self.name)

    def garble(self) -> None:
        (self.folder / self.name).write_bytes(b"\x89PNG\r\n\xff\x00" * 50)

    def nowhere(self) -> list[str]:
        return [str(self.folder / "tidak-ada.xml"), str(self.folder), "ftp://toko.example/umpan.xml", "\x00"]


class AtomFile(RssFile):
    def text(self, items: str) -> str:
        return (
            f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" {GOOGLE}>{items}</feed>'
        )

    def item(self, ware: Ware) -> str:
        link = f'<link href="https://toko.example/{ware.id}"/>'
        return f"<entry><g:title>{escape(ware.name)}</g:title>{fields(ware)}{link}</entry>"


class RssServer(RssFile):
    """Gzip, ETag and 304, as a shop's plug-in behind a web server gives it."""

    _server: ThreadingHTTPServer | None = None

    def location(self) -> str:
        if self._server is None:
            path = self.folder / self.name

            class Handler(BaseHTTPRequestHandler):
                def do_GET(self) -> None:
                    body = gzip.compress(path.read_bytes(), mtime=0)
                    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                    known = self.headers.get("If-None-Match") == tag
                    self.send_response(304 if known else 200)
                    self.send_header("ETag", tag)
                    if not known:
                        self.send_header("Content-Encoding", "gzip")
                        self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    if not known:
                        self.wfile.write(body)

                def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
                    """Say nothing."""

            self._server = server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            self.closing += [server.shutdown, server.server_close]
        return f"http://127.0.0.1:{self._server.server_address[1]}/{self.name}?kunci=rahasia-sekali"

    def nowhere(self) -> list[str]:
        return [f"{CLOSED}/umpan.xml?kunci=rahasia-sekali", "http://nama:rahasia-sekali@toko.example/", "http://"]


def fields(ware: Ware) -> str:
    values = {
        "id": ware.id,
        "brand": ware.maker,
        "description": ware.description,
        "price": f"{ware.price} IDR" if isinstance(ware.price, int) else ware.price,
        "availability": "in_stock" if ware.stock else "out_of_stock",
        "quantity_to_sell_on_facebook": ware.stock,
        "image_link": ware.picture,
        "product_type": ware.category,
    }
    return "".join(f"<g:{name}>{escape(str(value))}</g:{name}>" for name, value in values.items())
