"""A provider's HTTP server: real sockets, a clock that may be held, and faults on demand."""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Fault(StrEnum):
    """What goes wrong once with the next call to a path."""

    DROP_ANSWER = "drop_answer"  # stored, then the connection is closed
    STORED_500 = "stored_500"  # stored, then an internal error
    STORED_GARBAGE = "stored_garbage"  # stored, then something that is no JSON
    SLOW = "slow"  # stored, then silence
    SERVER_ERROR = "server_error"  # HTML with 500, nothing stored
    REDIRECT = "redirect"
    HTTP_429 = "http_429"
    RATE = "rate"
    DAILY = "daily"
    PERMISSION = "permission"
    ADDRESS = "address"
    BUSY = "busy"
    TOKEN = "token"  # noqa: S105  the access was revoked
    POLICY = "policy"


STORES = frozenset({Fault.DROP_ANSWER, Fault.STORED_500, Fault.STORED_GARBAGE, Fault.SLOW})


@dataclass(frozen=True)
class Asked:
    """One request as it came over the wire."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    def one(self, name: str) -> str:
        """Return a value of the query, empty when there is none."""
        return next((value for key, value in self.query if key == name), "")

    @property
    def json(self) -> dict[str, Any]:
        """The object in the body, empty when there is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def parts(self) -> dict[str, bytes]:
        """The parts of a multipart body."""
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        if not message.is_multipart():
            return {}
        return {
            str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)  # type: ignore[misc]
            for part in message.iter_parts()
        }


@dataclass(frozen=True)
class Reply:
    """What the server says; a body that is no dict goes out as it is."""

    body: dict[str, Any] | bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class ProviderServer:
    """Answers with `answer`; a fault may spoil the answer before or after the rules have done their work."""

    def __init__(self, port: int = 0) -> None:
        """Bind a loopback port, a free one by default; nothing is answered before the block is entered."""
        self.held: datetime | None = START
        self.asked: list[Asked] = []
        self.faults: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._release = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._release.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def now(self) -> datetime:
        """The server's clock: held still, or the real one when `held` is None."""
        return self.held or datetime.now(UTC)

    @now.setter
    def now(self, moment: datetime) -> None:
        self.held = moment

    def pass_time(self, delta: timedelta) -> datetime:
        """Move the held clock."""
        self.now += delta
        return self.now

    def break_next(self, path_end: str, *faults: Fault | None) -> None:
        """Let the next calls whose path ends so go wrong, one fault a call; None lets a call pass."""
        self.faults[path_end].extend(faults)

    def count(self, path_end: str) -> int:
        """Return how many calls were made to paths that end so."""
        return sum(asked.path.endswith(path_end) for asked in self.asked)

    def answer(self, asked: Asked) -> Reply:
        """Answer by the provider's rules."""
        raise NotImplementedError

    def refuse(self, fault: Fault) -> Reply:
        """Say a fault that is an answer in the provider's words."""
        raise NotImplementedError

    def _fault(self, path: str) -> Fault | None:
        for end, waiting in self.faults.items():
            if path.endswith(end) and waiting:
                return waiting.popleft()
        return None

    def serve(self, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        """Answer one request, spoiled as asked for."""
        with self._lock:
            self.asked.append(asked)
            fault = self._fault(asked.path)
            reply = self.answer(asked) if fault is None or fault in STORES else None
        if fault is Fault.SLOW:
            self._release.wait(30)
        if fault in {Fault.DROP_ANSWER, Fault.SLOW}:
            handler.close_connection = True
            return
        if fault in {Fault.STORED_500, Fault.SERVER_ERROR}:
            reply = Reply(b"<html>Bad gateway</html>", 502)
        elif fault is Fault.STORED_GARBAGE:
            reply = Reply(b'{"error": "", "response": {"item_')
        elif fault is Fault.REDIRECT:
            reply = Reply(b"", 302, {"Location": "http://127.0.0.1:1/elsewhere"})
        elif fault is Fault.HTTP_429:
            reply = Reply(b"slow down", 429, {"Retry-After": "77"})
        elif fault is not None:
            reply = self.refuse(fault)
        assert reply is not None
        _send(handler, reply)


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    with suppress(BrokenPipeError, ConnectionResetError):
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if "Content-Type" not in reply.headers:
            handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


def _handler(server: ProviderServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body go out apart; waiting for the ACK costs 40 ms each

        def log_message(self, *_: object) -> None:
            """Say nothing on the test's output."""

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            query = tuple(parse_qsl(parts.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.serve(self, Asked(self.command, parts.path, query, headers, self.rfile.read(length)))

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815  the names http.server calls

    return Handler
