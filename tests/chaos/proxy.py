"""A TCP proxy between Siar and PostgreSQL, in a process of its own, that cuts connections as it is told.

`python -m tests.chaos.proxy SOCKET HOST PORT` prints its port, then obeys one JSON object of `Cut` per line of its standard
input, each confirmed by a line with how many connections were cut since the last one, until the input closes.
"""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from typing import Literal

MARKS = {
    "commit": b"COMMIT\x00",
    "committed": b"COMMIT\x00",
    "copy": b"COPY ",
    "plan": b"INSERT INTO message",
    "claim": b"UPDATE message",
}
BLOCK = 1 << 16
Moment = Literal["", "now", "commit", "committed", "copy", "plan", "claim"]


@dataclass(frozen=True, slots=True)
class Cut:
    """What to cut: every connection now, or the next ones at a moment of their dialogue.

    commit: before the server has read it · committed: after the server has answered and before the client hears ·
    copy, plan, claim: while the server is at such a statement.
    """

    at: Moment = ""
    times: int = 1
    refuse: bool = False
    """New connections are refused until told otherwise."""

    def told(self) -> bytes:
        """Return it as the proxy reads it."""
        return json.dumps(asdict(self)).encode() + b"\n"


class Proxy:
    """What all connections share."""

    def __init__(self, upstream: str) -> None:
        self.cut = Cut()
        self.done = 0
        self._upstream = upstream
        self._open: set[asyncio.StreamWriter] = set()

    def obey(self, cut: Cut) -> int:
        """Take the order; returns how many were cut by the one before."""
        before, self.done, self.cut = self.done, 0, cut
        if cut.at == "now":
            for writer in list(self._open):
                writer.transport.abort()
                self.done += 1
            self.done //= 2  # both sides of each
        return before

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends or it is cut."""
        if self.cut.refuse:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(self._upstream)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._open |= both
        pipe = Pipe(self, writer, far_writer)
        tasks = [asyncio.ensure_future(pipe.forward(reader)), asyncio.ensure_future(pipe.back(far_reader))]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        self._open -= both
        for one in both:
            one.transport.abort()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Pipe:
    """One connection in both directions."""

    def __init__(self, proxy: Proxy, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._client, self._server = client, server
        self._deaf = False

    async def forward(self, reader: asyncio.StreamReader) -> None:
        """Carry what the client says, and watch for the moment."""
        while data := await reader.read(BLOCK):
            cut = self._proxy.cut
            mark = MARKS.get(cut.at)
            if mark is not None and self._proxy.done < cut.times and mark in data:
                self._proxy.done += 1
                if cut.at == "commit":
                    return
                if cut.at == "committed":
                    self._deaf = True
                    self._server.write(data)
                    continue
                self._server.write(data)
                await self._server.drain()
                return
            self._server.write(data)
            await self._server.drain()

    async def back(self, reader: asyncio.StreamReader) -> None:
        """Carry what the server answers, unless the client is not to hear it any more."""
        while data := await reader.read(BLOCK):
            if self._deaf:
                return
            self._client.write(data)
            await self._client.drain()


async def serve(upstream: str, host: str, port: int) -> None:
    """Listen and obey until standard input closes."""
    proxy = Proxy(upstream)
    server = await asyncio.start_server(proxy.connected, host, port, limit=BLOCK)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(proxy.obey(Cut(**json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], int(sys.argv[3])))
