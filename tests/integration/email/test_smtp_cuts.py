"""The line is cut at every single octet, either way: nobody is lost, nobody gets a mail twice, no answer is invented.

The relay is real but for one thing: after so many octets of the dialogue it hangs up, and writes down what it had taken by then.
Whatever is Deferred is handed over again, so it must not have been taken; whatever is Accepted must have been.
"""

import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Self

import pytest

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt, SendOutcome
from marketing.channels.email.providers.smtp import Relay, SmtpProvider
from marketing.channels.email.writing import Envelope
from marketing.channels.errors import TemporaryError
from tests.support.mail import deliver, mail

NAMES = ("a", "b", "c")
CONTENT = b"Subject: x\r\n\r\nhalo\r\n.titik\r\n"
OK = b"250 ok\r\n"
FEATURES = {"pipelined": b"250-fake\r\n250 PIPELINING\r\n", "one by one": b"250 fake\r\n"}


class CuttingRelay:
    """Hangs up on its first connection after `heard` octets from us, or after it has said `said`; then it only obeys.

    `refuse` names a recipient that it does not know; a pipelining client has asked for DATA by then.
    """

    def __init__(self, ehlo: bytes, *, heard: int | None = None, said: int | None = None, refuse: str = "") -> None:
        self.ehlo, self.refuse = ehlo, refuse
        self._heard, self._said = heard, said
        self.taken: list[str] = []
        self.all_heard = self.all_said = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _run(self) -> None:
        first = True
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with suppress(OSError):
                    self._serve(connection, first=first)
            first = False

    def _serve(self, connection: socket.socket, *, first: bool) -> None:
        heard, said = (self._heard, self._said) if first else (None, None)
        state, unread, answers = Heard(self), b"", b"220 fake\r\n"
        while True:
            if said is not None and len(answers) >= said:
                connection.sendall(answers[:said])
                return
            connection.sendall(answers)
            said = None if said is None else said - len(answers)
            more = connection.recv(65_536 if heard is None else heard)
            if first:
                self.all_said, self.all_heard = self.all_said + len(answers), self.all_heard + len(more)
            *lines, unread = (unread + more).split(b"\r\n")
            answers = b"".join(map(state.answer, lines))
            if not more or (heard is not None and (heard := heard - len(more)) <= 0):
                return  # what was heard is taken; what it was answered nobody hears


class Heard:
    """One connection's dialogue as far as it was heard."""

    def __init__(self, relay: CuttingRelay) -> None:
        self._relay = relay
        self._content: list[bytes] | None = None
        self._recipient = ""

    def answer(self, line: bytes) -> bytes:
        if self._content is not None:
            return self._line(line, self._content)
        match line[:4].upper():
            case b"EHLO":
                return self._relay.ehlo
            case b"RCPT":
                self._recipient = line.partition(b"<")[2].partition(b"@")[0].decode()
                return b"550 5.1.1 no\r\n" if self._recipient == self._relay.refuse else OK
            case b"DATA":
                self._content = []
                return b"354 go\r\n"
            case b"QUIT":
                return b"221 bye\r\n"
            case _:
                return OK

    def _line(self, line: bytes, content: list[bytes]) -> bytes:
        if line != b".":
            content.append(line.removeprefix(b"."))
            return b""
        self._content = None
        if self._recipient == self._relay.refuse:
            assert not content
            return b"554 no valid recipients\r\n"
        assert b"\r\n".join(content) + b"\r\n" == CONTENT
        self._relay.taken.append(self._recipient)
        return OK


def sent(relay: CuttingRelay) -> tuple[list[SendOutcome], Sequence[str]]:
    """Return the outcomes, and who was not taken from the batch."""

    def write(email: object) -> Envelope:
        key = email.key  # type: ignore[attr-defined]
        return Envelope(key, "dinas@siar.example", f"{key}@pembeli.example", CONTENT, f"<{key}@siar.example>")

    provider = SmtpProvider(Relay("127.0.0.1", relay.port, tls="none", timeout_seconds=5, connections=1), write)
    waiting, found = iter([mail(name) for name in NAMES]), list[SendOutcome]()
    try:
        found.extend(deliver(provider, waiting))
    except TemporaryError:
        pass
    finally:
        provider.close()
    return found, [email.key for email in waiting]


def lengths(ehlo: bytes, refuse: str) -> Iterator[dict[str, int]]:
    """Yield every place of the dialogue at which it can be cut."""
    with CuttingRelay(ehlo, refuse=refuse) as whole:
        found, left = sent(whole)
    assert ([outcome.key for outcome in found], left) == ([*NAMES], [])
    yield from ({"heard": place} for place in range(1, whole.all_heard + 1))
    yield from ({"said": place} for place in range(whole.all_said + 1))


@pytest.mark.parametrize("refuse", ["", "b"])
@pytest.mark.parametrize("features", FEATURES)
def test_wherever_it_is_cut_what_is_repeated_was_not_taken(features: str, refuse: str) -> None:
    for place in lengths(FEATURES[features], refuse):
        with CuttingRelay(FEATURES[features], refuse=refuse, **place) as relay:
            found, left = sent(relay)
        kinds = {outcome.key: type(outcome) for outcome in found}
        taken = Counter(relay.taken)
        assert sorted([outcome.key for outcome in found] + [*left]) == [*NAMES], place
        assert max(taken.values(), default=1) == 1, place
        for key, kind in kinds.items():
            assert not (kind in {Deferred, Failed} and taken[key]), (place, key)
            assert kind is not Accepted or taken[key] == 1, (place, key)
            assert kind is not Failed or key == refuse, (place, key)
        doubtful = [key for key, kind in kinds.items() if kind is InDoubt]
        assert len(doubtful) <= 1, "one content at a time is on its way without an answer"
