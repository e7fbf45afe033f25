"""The SSRF guard: every notation of an inner address, and what a server may try after the connection stands."""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from marketing.channels.errors import PermanentError, TemporaryError
from marketing.channels.http import fetch, is_public, system_resolve

INNER = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%lo",
    "2606:4700::1111%lo",
    "fec0::1",
    "ff02::1",
    "kucing",
    "",
]
PUBLIC = ["1.1.1.1", "103.28.12.1", "2606:4700::1111", "::ffff:1.1.1.1"]
DISGUISED = [
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://017700000001/",
    "http://0/",
    "http://127.0.0.1:80/",
    "http://[::ffff:7f00:1]/",
    "http://[::1]/",
    "http://[::]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://localhost/",
    "http://127。0。0。1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "https://192.168.1.1/",
]


def answer(*addresses: str) -> object:
    def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", DISGUISED)
def test_no_notation_of_an_inner_address_is_fetched(url: str) -> None:
    with pytest.raises(PermanentError, match="bukan internet umum"):
        fetch(url, max_bytes=10, timeout=2)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com@127.0.0.1/",
        "http://user:pass@1.1.1.1/",
        "http://localhost\\@1.1.1.1/",
        "ftp://1.1.1.1/",
        "file:///etc/passwd",
        "gopher://1.1.1.1/",
        "data:image/png;base64,AAAA",
        "//1.1.1.1/a.jpg",
        "gambar/1.jpg",
        "http:///a",
        "http://①②⑦.⓪.⓪.①/",
        "http://a\tb/",
        "",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(PermanentError):
        fetch(url, max_bytes=10, timeout=2)


def test_one_inner_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(PermanentError):
        fetch("http://a.example/", max_bytes=10, timeout=2, resolve=answer("1.1.1.1", "10.0.0.1"))  # type: ignore[arg-type]


def test_a_name_without_address_may_come_back() -> None:
    def nothing(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(8, "not known")

    with pytest.raises(TemporaryError):
        fetch("http://a.example/", max_bytes=10, timeout=2, resolve=nothing)
    with pytest.raises(TemporaryError):
        fetch("http://a.example/", max_bytes=10, timeout=2, resolve=answer())  # type: ignore[arg-type]
    with pytest.raises((TemporaryError, PermanentError)):
        fetch("http://127.0.0.1:99999/", max_bytes=10, timeout=2)


class _Server(BaseHTTPRequestHandler):
    seen: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        if self.path == "/pindah":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
        elif self.path.startswith("/status/"):
            self.send_response(int(self.path.rsplit("/", 1)[1]))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/mampat":
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
        elif self.path == "/besar":
            self.send_response(200)
            self.send_header("Content-Length", "999999999")
            self.end_headers()
        elif self.path == "/banjir":
            self.send_response(200)
            self.end_headers()
            for _ in range(64):
                self.wfile.write(b"x" * 1_024)
        elif self.path == "/menetes":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                return
        else:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    server.seen = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_loopback_is_reached_only_through_the_configured_origin(server: ThreadingHTTPServer) -> None:
    port = server.server_address[1]
    url = f"http://127.0.0.1:{port}/a?b=c#d"
    assert fetch(url, allow_hosts=frozenset({f"127.0.0.1:{port}"}), max_bytes=10, timeout=2) == b"ok"
    for hosts in (frozenset(), {f"127.0.0.1:{port + 1}"}, {f"localhost:{port}"}, {"127.0.0.1"}):
        with pytest.raises(PermanentError):
            fetch(url, allow_hosts=frozenset(hosts), max_bytes=10, timeout=2)
    assert [path for path, _ in server.seen] == ["/a?b=c"]  # type: ignore[attr-defined]


def test_the_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to(server: ThreadingHTTPServer) -> None:
    port = server.server_address[1]
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.9.9.9"]

    host = f"gambar.example:{port}"
    assert fetch(f"http://{host}/x", allow_hosts=frozenset({host}), max_bytes=10, timeout=2, resolve=resolve) == b"ok"
    assert asked == ["gambar.example"]
    _path, headers = server.seen[0]  # type: ignore[attr-defined]
    assert headers["Host"] == host
    assert headers["Accept-Encoding"] == "identity"
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/pindah", PermanentError, "pengalihan tidak diikuti"),
        ("/status/404", PermanentError, "404"),
        ("/status/204", PermanentError, "204"),
        ("/status/429", TemporaryError, "429"),
        ("/status/503", TemporaryError, "503"),
        ("/mampat", PermanentError, "dimampatkan"),
        ("/besar", PermanentError, "lebih besar"),
        ("/banjir", PermanentError, "lebih besar"),
        ("/menetes", TemporaryError, "pada waktunya"),
    ],
)
def test_what_a_server_may_try(server: ThreadingHTTPServer, path: str, kind: type[Exception], said: str) -> None:
    host = f"127.0.0.1:{server.server_address[1]}"
    started = time.monotonic()
    with pytest.raises(kind, match=said) as caught:
        fetch(f"http://{host}{path}", allow_hosts=frozenset({host}), max_bytes=10_240, timeout=0.4)
    assert host not in str(caught.value)
    assert time.monotonic() - started < 2


def test_a_closed_port_may_come_back(server: ThreadingHTTPServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(TemporaryError):
        fetch(f"http://{host}/", allow_hosts=frozenset({host}), max_bytes=10, timeout=1)


def test_the_system_resolver_gives_each_address_once() -> None:
    assert list(system_resolve("127.1", 80)) == ["127.0.0.1"]
