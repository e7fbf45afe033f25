"""A relay that follows a script: one function per connection, over a raw socket, in a thread."""

import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import BinaryIO, Self

EHLO = b"250-fake\r\n250 SIZE 10000000\r\n"
OK = b"250 2.0.0 ok\r\n"

Verdict = bytes | None  # None: hang up without a word


class Client:
    """The relay's side of one connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lines: BinaryIO = connection.makefile("rb")

    def say(self, words: bytes) -> None:
        self._connection.sendall(words)

    def hear(self) -> bytes:
        return self._lines.readline()

    def hear_octets(self, count: int) -> bytes:
        return self._lines.read(count)

    def hear_message(self) -> bytes:
        """Return the content; ConnectionError when it ends without its dot."""
        lines = []
        while (line := self.hear()) != b".\r\n":
            if not line:
                raise ConnectionResetError
            lines.append(line)
        return b"".join(lines)

    def start_tls(self, context: ssl.SSLContext) -> None:
        self._lines.close()
        self._connection = context.wrap_socket(self._connection, server_side=True)
        self._lines = self._connection.makefile("rb")

    def close(self) -> None:
        self._lines.close()
        self._connection.close()


class Rules:
    """An obedient relay but for the given answers; `None` hangs up, `b""` stays silent."""

    def __init__(
        self,
        *,
        greeting: Verdict = b"220 fake\r\n",
        ehlo: bytes = EHLO,
        rcpt: dict[bytes, Verdict] | None = None,
        mail: Verdict = OK,
        data: Verdict = b"354 go\r\n",
        dot: Sequence[Verdict] = (),
        auth: bytes = b"235 2.7.0 ok\r\n",
    ) -> None:
        self.greeting, self.ehlo, self.mail, self.data, self.auth = greeting, ehlo, mail, data, auth
        self.rcpt = rcpt or {}
        self.dot = list(dot)
        self.messages: list[bytes] = []
        self._known = False
        self.taken: list[tuple[bytes, bool]] = []
        """Each content with whether the relay kept it, answered or not."""
        self.commands: list[bytes] = []

    def __call__(self, client: Client) -> None:
        if self.greeting is None:
            return
        client.say(self.greeting)
        while line := client.hear():
            self.commands.append(line.rstrip())
            answer = self._answer(line.upper().split(b" ")[0].split(b":")[0].strip(), line, client)
            if answer is None:
                return
            client.say(answer)
            if answer.startswith((b"221", b"421")):
                return

    def _answer(self, verb: bytes, line: bytes, client: Client) -> Verdict:
        match verb:
            case b"EHLO" | b"HELO":
                return self.ehlo
            case b"AUTH":
                return self.auth
            case b"MAIL":
                return self.mail
            case b"RCPT":
                who = line.partition(b"<")[2].partition(b"@")[0]
                verdict = self.rcpt.get(who, OK)
                self._known = verdict is not None and verdict.startswith(b"2")
                return verdict
            case b"DATA" if not self._known:  # a pipelining client asks before it has read the refusal
                return b"554 5.5.1 no valid recipients\r\n"
            case b"DATA":
                return self._data(client)
            case b"QUIT":
                return b"221 bye\r\n"
            case _:
                return OK

    def _data(self, client: Client) -> Verdict:
        if self.data is None or not self.data.startswith(b"354"):
            return self.data
        client.say(self.data)
        self.messages.append(client.hear_message())
        verdict = self.dot.pop(0) if self.dot else b"250 2.0.0 queued as %d\r\n" % len(self.messages)
        refuses = verdict is not None and verdict.startswith((b"4", b"5"))
        self.taken.append((self.messages[-1], not refuses))
        return verdict


class ScriptedRelay:
    """Listens on a free loopback port; the n-th connection gets the n-th script, the last one again and again."""

    def __init__(self, *scripts: Callable[[Client], None]) -> None:
        self._scripts = scripts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[Client] = []
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        self.hung_up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _run(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            script = self._scripts[min(self.connections, len(self._scripts) - 1)]
            self.connections += 1
            connection.settimeout(10)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client = Client(connection)
            try:
                script(client)
            except OSError:
                pass
            finally:
                client.close()
                self.hung_up.set()
