"""The transport for entered addresses goes to the address that was checked, and to no other."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from catalog_sync.sources import outside
from catalog_sync.sources.outside import OutsideOnly
from marketing.errors import CatalogError


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = self.headers["Host"].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


def test_the_name_is_asked_once_and_the_checked_address_is_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(outside, "is_public", lambda address: address == "127.0.0.1")  # stands for a public address
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with httpx.Client(transport=OutsideOnly(resolve), trust_env=False) as client:
        answer = client.get(f"http://katalog.contoh:{server.server_port}/jalan")
    server.shutdown()
    server.server_close()
    assert answer.text == f"katalog.contoh:{server.server_port}"
    assert asked == ["katalog.contoh"]


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::1"]])
def test_one_inner_address_is_enough_to_refuse(found: list[str]) -> None:
    with httpx.Client(transport=OutsideOnly(lambda _host, _port: found)) as client, pytest.raises(CatalogError):
        client.get("https://katalog.contoh/")


def test_a_name_nobody_knows_is_a_failed_connection() -> None:
    def nobody(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    with httpx.Client(transport=OutsideOnly(nobody)) as client, pytest.raises(httpx.ConnectError):
        client.get("https://katalog.contoh/")
