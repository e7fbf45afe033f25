"""A mail server that takes everything and keeps nothing but the count; fast enough not to be what is measured.

`python -m benchmarks.sink` prints its port, serves until its standard input closes, then prints how many it took.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

END = b"\r\n.\r\n"
GREETING = b"220 sink\r\n"
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"
ANSWERS = {b"EHLO": HELLO, b"DATA": b"354 go ahead\r\n", b"QUIT": b"221 bye\r\n"}
TAKEN = b"250 2.0.0 taken\r\n"
OK = b"250 2.1.0 ok\r\n"


class Dialogue(asyncio.Protocol):
    """One connection: commands by line, contents up to the lonely dot."""

    taken = 0

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._in_data = False
        self._searched = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        """Answer whatever is whole by now, in one write."""
        self._buffer += data
        replies = bytearray()
        while self._content(replies) if self._in_data else self._command(replies):
            pass
        if replies:
            self._transport.write(replies)
        if replies.endswith(ANSWERS[b"QUIT"]):
            self._transport.close()

    def _command(self, replies: bytearray) -> bool:
        end = self._buffer.find(b"\n")
        if end < 0:
            return False
        verb = bytes(self._buffer[:4]).upper()
        del self._buffer[: end + 1]
        replies += ANSWERS.get(verb, OK)
        self._in_data = verb == b"DATA"
        return True

    def _content(self, replies: bytearray) -> bool:
        end = self._buffer.find(END, self._searched)
        if end < 0:
            self._searched = max(0, len(self._buffer) - len(END))
            return False
        del self._buffer[: end + len(END)]
        self._in_data, self._searched = False, 0
        Dialogue.taken += 1
        replies += TAKEN
        return True


@dataclass(slots=True)
class Sink:
    """A running sink; `taken` is known once it has stopped."""

    port: int
    taken: int = 0


@contextmanager
def running_sink() -> Iterator[Sink]:
    """Run a sink in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.sink"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        sink = Sink(int(process.stdout.readline()))
        try:
            yield sink
        finally:
            said, _errors = process.communicate()
            sink.taken = int(said)


async def serve() -> None:
    """Listen on a free loopback port until standard input closes."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Dialogue, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()
    print(Dialogue.taken, flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
