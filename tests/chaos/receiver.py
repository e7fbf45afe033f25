"""A fast mail server in a process of its own that writes down every message, and misbehaves as it is told.

`python -m tests.chaos.receiver RECORD HOST PORT` prints its port, then obeys one JSON object of `Behaviour` per line of
its standard input, each confirmed by a line, until the input closes.
"""

import asyncio
import json
import os
import sys
import time
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast

from tests.chaos.record import Line, Record, Verdict

END = b"\r\n.\r\n"
GREETING = b"220 penerima ESMTP\r\n"
HELLO = b"250-penerima\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"
FIXED = {b"EHLO": HELLO, b"HELO": b"250 penerima\r\n", b"DATA": b"354 go ahead\r\n", b"QUIT": b"221 bye\r\n"}
OK, TAKEN = b"250 2.1.0 ok\r\n", b"250 2.0.0 taken\r\n"
NO_SUCH_USER, BUSY, CLOSING = b"550 5.1.1 no such user\r\n", b"451 4.3.0 try later\r\n", b"421 4.3.2 closing\r\n"
NO_RECIPIENT = b"554 5.5.1 no valid recipients\r\n"
CRASHED = 9
_PER_MILLE = 1000


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the receiver behaves from now on; by default it takes everything at once."""

    refused: int = 0
    """So many of a thousand addresses do not exist: always the same ones."""
    busy: int = 0
    """So many of a thousand messages are put off after their content."""
    closing: int = 0
    """So many of a thousand messages are answered 421 at MAIL, and the connection ends."""
    hang: Literal["", "keeps", "drops"] = ""
    """Nobody is answered; what comes in whole is delivered all the same, or is not."""
    cut: int = 0
    """After the content of this many messages the connection ends without an answer; every other one is delivered."""
    die: int = 0
    """The server dies when this many more were delivered, before it answers the last."""
    down: bool = False
    latency: float = 0.0
    """Seconds before each answer."""
    per_second: int = 0
    """Messages that are taken from one client a second; 0: any number."""

    def told(self) -> bytes:
        """Return it as the receiver reads it."""
        return json.dumps(asdict(self)).encode() + b"\n"


class Receiver:
    """What all connections share."""

    def __init__(self, record: Record, host: str, port: int) -> None:
        self.record = record
        self.behaviour = Behaviour()
        self.open: set[Dialogue] = set()
        self.cuts, self.deaths = 0, 0
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None
        self._seen = 0
        self._busy_until: dict[str, float] = {}

    async def listen(self) -> int:
        """Take connections; returns the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Dialogue(self), self._host, self._port, reuse_address=True, backlog=256
        )
        self._port = self._server.sockets[0].getsockname()[1]
        return self._port

    async def behave(self, new: Behaviour) -> None:
        """Change at once, also for who is connected."""
        old, self.behaviour = self.behaviour, new
        self.cuts, self.deaths = new.cut, new.die
        if new.down and self._server is not None:
            self._server.close()
            self._server = None
        if new.down or (old.hang and not new.hang):  # who was left without an answer will not hear one any more
            for dialogue in list(self.open):
                dialogue.transport.abort()
        if not new.down and self._server is None:
            await self.listen()

    def took(self, client: str) -> None:
        """Note a message of a client that is taken so many a second from."""
        if self.behaviour.per_second:
            now = asyncio.get_running_loop().time()
            self._busy_until[client] = max(self._busy_until.get(client, now), now) + 1 / self.behaviour.per_second

    def queued(self, client: str) -> float:
        """Return for how many seconds a client's messages fill the time already."""
        return max(0.0, self._busy_until.get(client, 0.0) - asyncio.get_running_loop().time())

    def chosen(self, per_mille: int) -> bool:
        """Return whether this message is one of so many in a thousand."""
        self._seen += 1
        return bool(per_mille) and zlib.crc32(b"%d" % self._seen) % _PER_MILLE < per_mille


class Dialogue(asyncio.Protocol):
    """One connection: commands by line, contents up to the lonely dot."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._buffer = bytearray()
        self._in_data = False
        self._searched = 0
        self._recipient = ""
        self._refused = False
        self._ended = False
        self._free_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet, or show the door to who has enough connections."""
        self.transport = cast("asyncio.Transport", transport)
        self.client = str(transport.get_extra_info("peername")[0])
        self._receiver.open.add(self)
        self._answer(GREETING)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._receiver.open.discard(self)

    def data_received(self, data: bytes) -> None:
        """Answer whatever is whole by now, in one write."""
        self._buffer += data
        replies = bytearray()
        while not self._ended and (self._content(replies) if self._in_data else self._command(replies)):
            pass
        if replies:
            self._answer(bytes(replies))
        if self._ended:
            self.transport.close()

    def _answer(self, reply: bytes) -> None:
        behaviour = self._receiver.behaviour
        if behaviour.hang:
            return
        wait = behaviour.latency + self._receiver.queued(self.client) if behaviour.per_second else behaviour.latency
        loop = asyncio.get_running_loop()
        if not wait and self._free_at <= loop.time():
            self.transport.write(reply)
            return
        # in the order of the answers, also where the second waits for less than the first
        self._free_at = max(self._free_at, loop.time() + wait)
        loop.call_at(self._free_at, self._late, reply)

    def _late(self, reply: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(reply)

    def _command(self, replies: bytearray) -> bool:
        end = self._buffer.find(b"\n")
        if end < 0:
            return False
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        verb = line[:4].upper()
        behaviour = self._receiver.behaviour
        if verb == b"MAIL" and self._receiver.chosen(behaviour.closing):
            replies += CLOSING
            self._ended = True
            return False
        if verb == b"RCPT":
            self._recipient = line[line.find(b"<") + 1 : line.rfind(b">")].decode()
            self._refused = zlib.crc32(line) % _PER_MILLE < behaviour.refused
            if self._refused:
                self._note(Verdict.REFUSED, "")
                replies += NO_SUCH_USER
                return True
        if verb == b"DATA" and self._refused:
            replies += NO_RECIPIENT
            return True
        replies += FIXED.get(verb, OK)
        self._in_data = verb == b"DATA"
        self._ended = verb == b"QUIT"
        return True

    def _content(self, replies: bytearray) -> bool:
        end = self._buffer.find(END, self._searched)
        if end < 0:
            self._searched = max(0, len(self._buffer) - len(END))
            return False
        message_id = _message_id(self._buffer)
        del self._buffer[: end + len(END)]
        self._in_data, self._searched = False, 0
        receiver, behaviour = self._receiver, self._receiver.behaviour
        if behaviour.hang:
            keeps = behaviour.hang == "keeps"
            self._note(Verdict.TAKEN_UNANSWERED if keeps else Verdict.DROPPED_UNANSWERED, message_id)
            return True
        if receiver.chosen(behaviour.busy):
            self._note(Verdict.BUSY, message_id)
            replies += BUSY
            return True
        if receiver.cuts:
            receiver.cuts -= 1
            self._note(Verdict.TAKEN_UNANSWERED if receiver.cuts % 2 else Verdict.DROPPED_UNANSWERED, message_id)
            replies.clear()  # answers to what came before go the same way
            self.transport.abort()
            self._ended = True
            return False
        dies = receiver.deaths == 1
        receiver.deaths = max(0, receiver.deaths - 1)
        self._note(Verdict.TAKEN_UNANSWERED if dies else Verdict.TAKEN, message_id)
        if dies:
            os._exit(CRASHED)
        receiver.took(self.client)
        replies += TAKEN
        return True

    def _note(self, verdict: Verdict, message_id: str) -> None:
        self._receiver.record.write(Line(verdict, time.time(), self._recipient, message_id, self.client))


def _message_id(content: bytearray) -> str:
    head = bytes(content[: content.find(b"\r\n\r\n")])
    start = head.lower().find(b"message-id:")
    line = head[start + len(b"message-id:") :] if start >= 0 else b""
    return line[line.find(b"<") : line.find(b">") + 1].decode()


async def serve(record: Path, host: str, port: int) -> None:
    """Listen and obey until standard input closes."""
    receiver = Receiver(Record(record), host, port)
    print(await receiver.listen(), flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        await receiver.behave(Behaviour(**json.loads(line)))
        print("ok", flush=True)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
