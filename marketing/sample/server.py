"""A catalogue server: a folder of page objects served over HTTP the way the contract describes.

Run `python -m marketing.sample.server --folder DIR --port 0 [--token T]`. It prints its address when it is ready.
"""

import argparse
import base64
import hashlib
import hmac
import json
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from marketing.sample.vocabulary import Record

FEEDS = ("businesses", "products", "orders", "buyers")
BROKEN_FOLDER = "rusak"
DEFAULT_LIMIT = 200
MAX_LIMIT = 1_000
EPOCH = "1970-01-01T00:00:00+00:00"


class BadRequestError(ValueError):
    """A query that the server does not understand; answered with 400."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a feed is asked for."""

    since: datetime | None
    start: int
    limit: int


class Catalogue:
    """The folder, read again whenever a file in it changes; safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._files: dict[Path, tuple[int, Record]] = {}

    def page(self, feed: str, window: Window) -> bytes:
        """Return one page as bytes; records of the broken file follow the sound ones, never on the same page."""
        body = self._read(self.folder / f"{feed}.json")
        broken = self._read(self.folder / BROKEN_FOLDER / f"{feed}.json").get(feed, [])
        sound = [record for record in body.get(feed, []) if _is_newer(record, window.since)]
        broken = [record for record in broken if _is_newer(record, window.since)]
        total, border = len(sound) + len(broken), len(sound)
        if window.start > total:
            raise BadRequestError("cursor lies beyond the end")
        end = min(window.start + window.limit, border if window.start < border else total)
        page = {
            **body,
            feed: (sound + broken)[window.start : end],
            "next_cursor": _cursor(end, window.since) if end < total else None,
        }
        if window.start:
            page.pop("deleted", None)
        return json.dumps(page, ensure_ascii=False).encode("utf-8", "surrogateescape")

    def generated_at(self, feed: str) -> datetime:
        """Return when the catalogue says the feed was made."""
        return datetime.fromisoformat(self._read(self.folder / f"{feed}.json").get("generated_at", EPOCH))

    def _read(self, path: Path) -> Record:
        with self._lock:
            try:
                changed = path.stat().st_mtime_ns
            except FileNotFoundError:
                return {}
            known = self._files.get(path)
            if known is None or known[0] != changed:
                # Broken bytes travel through json as lone surrogates and leave as the same bytes.
                known = (changed, json.loads(path.read_bytes().decode("utf-8", "surrogateescape")))
                self._files[path] = known
            return known[1]


def _is_newer(record: Record, since: datetime | None) -> bool:
    return since is None or datetime.fromisoformat(record.get("updated_at") or EPOCH) > since


def _cursor(position: int, since: datetime | None) -> str:
    text = f"{position}|{since.isoformat() if since else ''}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def parse_window(query: str) -> Window:
    """Read updated_since, cursor and limit; a cursor only continues the listing it came from."""
    given = {key: values[-1] for key, values in parse_qs(query, keep_blank_values=True).items()}
    since = _moment(given["updated_since"]) if "updated_since" in given else None
    limit_text = given.get("limit", str(DEFAULT_LIMIT))
    if not (limit_text.isascii() and limit_text.isdigit()) or not 1 <= int(limit_text[:9]) <= MAX_LIMIT:
        raise BadRequestError(f"limit must be 1 to {MAX_LIMIT}")
    start = 0
    if "cursor" in given:
        start, origin = _open_cursor(given["cursor"])
        if "updated_since" in given and origin != since:
            raise BadRequestError("cursor belongs to another updated_since")
        since = origin
    return Window(since, start, int(limit_text))


def _open_cursor(text: str) -> tuple[int, datetime | None]:
    try:
        padded = text + "=" * (-len(text) % 4)
        position, _, since = base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition("|")
    except ValueError as error:  # not base64, or not text inside
        raise BadRequestError("unknown cursor") from error
    if not (position.isascii() and position.isdigit()):
        raise BadRequestError("unknown cursor")
    return int(position[:9]), _moment(since) if since else None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequestError("updated_since is not a time") from error
    if moment.utcoffset() is None:
        raise BadRequestError("updated_since needs an offset")
    return moment


class CatalogueServer(ThreadingHTTPServer):
    """The server on 127.0.0.1; port 0 picks a free one, which `address` then tells. Use it as a context manager."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, folder: Path, port: int = 0, token: str | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.catalogue = Catalogue(folder)
        self.token = token

    @property
    def address(self) -> str:
        """Return the base address to hand to a catalogue source and to `generate`."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> Self:
        """Serve in a thread of its own and return at once; files are read on first use, so they may come later."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet when a reader hangs up; anything else is printed as the library does."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """End the serving thread and free the port."""
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: CatalogueServer
    protocol_version = "HTTP/1.1"
    server_version = "contoh-katalog/1"
    sys_version = ""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        name = url.path.removeprefix("/")
        if name.startswith("gambar/"):
            self._picture(name.removeprefix("gambar/"))
        elif name not in FEEDS:
            self._refuse(HTTPStatus.NOT_FOUND, "tidak ada di sini")
        elif not self._is_allowed():
            self._refuse(HTTPStatus.UNAUTHORIZED, "token tidak sah", ("WWW-Authenticate", "Bearer"))
        else:
            self._feed(name, url.query)

    def _feed(self, feed: str, query: str) -> None:
        catalogue = self.server.catalogue
        try:
            body = catalogue.page(feed, parse_window(query))
        except BadRequestError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
            return
        modified = format_datetime(catalogue.generated_at(feed))
        self._answer(body, "application/json; charset=utf-8", modified)

    def _picture(self, name: str) -> None:
        path = self.server.catalogue.folder / "gambar" / name
        # Only plain names of existing pictures: nothing outside the folder can be named without a slash.
        if "/" in name or not name.endswith(".jpg") or not path.is_file():
            self._refuse(HTTPStatus.NOT_FOUND, "tidak ada gambar itu")
            return
        self._answer(path.read_bytes(), "image/jpeg", None)

    def _answer(self, body: bytes, media_type: str, modified: str | None) -> None:
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        asked = {part.strip().removeprefix("W/") for part in self.headers.get("If-None-Match", "").split(",")}
        known = tag in asked or "*" in asked
        self.send_response(HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK)
        self.send_header("ETag", tag)
        if modified:
            self.send_header("Last-Modified", modified)
        if known:
            self.end_headers()
            return
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _refuse(self, status: HTTPStatus, reason: str, *headers: tuple[str, str]) -> None:
        body = json.dumps({"error": reason}).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _is_allowed(self) -> bool:
        token = self.server.token
        given = self.headers.get("Authorization", "")
        return token is None or hmac.compare_digest(given.encode(), f"Bearer {token}".encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
        """Stay silent: the one line with the address is all that belongs on the terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve a folder until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m marketing.sample.server", description="Contoh server katalog.")
    parser.add_argument("--folder", type=Path, required=True, help="folder berisi products.json dan lainnya")
    parser.add_argument("--port", type=int, default=0, help="0 memilih port yang bebas")
    parser.add_argument("--token", help="token Bearer; tanpa ini semua boleh membaca")
    chosen = parser.parse_args(arguments)
    if not chosen.folder.is_dir():
        parser.error(f"folder tidak ada: {chosen.folder}")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    server = CatalogueServer(chosen.folder, chosen.port, chosen.token).start()
    sys.stdout.write(f"{server.address}\n")
    sys.stdout.flush()
    ended.wait()
    server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
