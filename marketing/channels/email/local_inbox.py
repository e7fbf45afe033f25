"""A mailbox on this computer that takes all mail while no relay is set; nothing leaves the machine.

`<folder>/<sha256 of Message-ID>.eml` is the first copy; a repeat stands beside it as `<sha256>.2.eml`, `.3.eml` …,
so that a message sent twice can be seen.
"""

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from aiosmtpd.smtp import SMTP

MAX_MESSAGE_BYTES: Final = 10 * 1024 * 1024
_STOP_SECONDS = 10.0
_HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One stored message; `message_id` is empty when it had none."""

    message_id: str
    path: Path


def read_inbox(folder: Path) -> Iterator[ReceivedMail]:
    """Yield every stored message, repeats included, in the order of the file names."""
    for path in sorted(folder.glob("*.eml")):
        with path.open("rb") as file:
            yield ReceivedMail(_message_id(file.read(_HEAD_BYTES)), path)


def find(folder: Path, message_id: str) -> Path | None:
    """Return the first copy of the message, or None."""
    path = folder / f"{_digest(message_id)}.eml"
    return path if path.is_file() else None


class LocalInbox:
    """An SMTP server on a loopback address, in a thread of its own; port 0 takes a free one."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        # It takes anything from anyone without asking who: only this computer may reach it.
        if host != "localhost" and not _is_loopback(host):
            raise ValueError("the local inbox listens on a loopback address only")
        self.port = port
        self._folder = folder
        self._host = "127.0.0.1" if host == "localhost" else host
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen; returns when mail is taken. OSError when the port or the folder cannot be used."""
        if self._thread is not None:
            raise RuntimeError("the local inbox is already running")
        self._folder.mkdir(parents=True, exist_ok=True)
        # aiosmtpd logs each address at INFO; personal data stays out of our logs.
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listener = socket.create_server((self._host, self.port), family=family)
        self.port = int(listener.getsockname()[1])
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener, ready)), name="local-inbox", daemon=True
        )
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """Stop listening and close what is open; does nothing when it does not run."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(_STOP_SECONDS)
        self._thread = None

    async def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        handler = _Store(self._folder)
        open_connections: set[_Connection] = set()
        server = await self._loop.create_server(lambda: _Connection(handler, open_connections), sock=listener)
        ready.set()
        await self._stopping.wait()
        server.close()
        for connection in tuple(open_connections):
            connection.hang_up()
        # One turn of the loop lets the closed sockets be released; asyncio.run then cancels what is left.
        await asyncio.sleep(0)


class _Connection(SMTP):
    """One client; remembers itself so that stopping can hang up."""

    def __init__(self, handler: "_Store", open_connections: set["_Connection"]) -> None:
        super().__init__(
            handler,
            data_size_limit=MAX_MESSAGE_BYTES,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="Siar local inbox",
            loop=asyncio.get_running_loop(),
        )
        self._open_connections = open_connections

    def connection_made(self, transport: Any) -> None:
        self._open_connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_connections.discard(self)
        super().connection_lost(error)

    def hang_up(self) -> None:
        """Close at once."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


class _Store:
    """The aiosmtpd handler; all of it runs in one thread, so names cannot be taken twice at the same time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        try:
            name = self._store(bytes(envelope.content))
        except OSError:
            return "452 4.3.1 cannot store the message now"
        return f"250 2.0.0 stored as {name}"

    def _store(self, data: bytes) -> str:
        message_id = _message_id(data)
        stem = _digest(message_id) if message_id else sha256(data).hexdigest()
        target, copy = self._folder / f"{stem}.eml", 1
        while target.exists():
            copy += 1
            target = self._folder / f"{stem}.{copy}.eml"
        unfinished = target.with_suffix(".part")
        unfinished.write_bytes(data)
        os.replace(unfinished, target)  # noqa: PTH105  a reader sees the whole message or none
        return target.stem


def _message_id(data: bytes) -> str:
    head = data[:_HEAD_BYTES].partition(b"\r\n\r\n")[0]
    return str(message_from_bytes(head)["Message-ID"] or "").strip()


def _digest(message_id: str) -> str:
    return sha256(message_id.strip().encode("utf-8", "replace")).hexdigest()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
