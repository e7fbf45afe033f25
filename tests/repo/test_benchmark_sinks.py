"""The receivers of the benchmarks count what really came: a figure is worth no more than they are."""

import http.client
import json
import shutil
import smtplib
import socket
import time
from pathlib import Path

import pytest

from benchmarks.sinks import NotMeasuredError, http_sink, mail_sink

pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None and shutil.which("gcc") is None,
    reason="no C compiler (Debian: apt install gcc libc6-dev)",
)
CONTENT = b"Message-ID: <%d@a>\r\nSubject: x\r\n\r\n.\r\n..\r\nMessage-ID: <in the body@a>\r\n"


def test_each_message_each_reader_and_each_message_id_is_counted(tmp_path: Path) -> None:
    with mail_sink(tmp_path, mark="pem") as sink:
        with smtplib.SMTP("127.0.0.1", sink.port) as connection:
            for number, reader in enumerate(("a@b", "pembeli1@b", "a@b")):
                connection.sendmail("x@y", [reader], CONTENT % number)
        count = sink.count()
        assert (count.taken, count.recipients, count.message_ids, count.bad) == (3, 2, 3, 0)
        assert [who for who, _at in count.marked] == ["pembeli1@b"]
        assert 0 <= time.monotonic() - count.last < 60, "its clock is ours"
        with pytest.raises(AssertionError, match="expected 3"):
            count.expect(3)
        sink.reset()
        assert sink.count().taken == 0


def test_commands_that_come_together_are_answered_in_turn_and_late_where_the_relay_is_far(tmp_path: Path) -> None:
    with mail_sink(tmp_path, delay_ms=50) as sink, socket.create_connection(("127.0.0.1", sink.port)) as peer:
        asked = time.monotonic()
        peer.sendall(
            b"EHLO a\r\nMAIL FROM:<x@y>\r\nDATA\r\nRCPT TO:<a@b>\r\nDATA\r\nSubject: x\r\n\r\n" + b"x" * 70_000
        )
        peer.sendall(b"\r\n.\r\nQUIT\r\n")
        answer = b""
        while octets := peer.recv(4_096):
            answer += octets
        assert time.monotonic() - asked >= 0.05
        codes = [line[:3] for line in answer.splitlines() if line[3:4] == b" "]
        assert codes == [b"220", b"250", b"250", b"554", b"250", b"354", b"250", b"221"]
        assert (sink.count().taken, sink.count().bad) == (1, 1)


def test_an_endpoint_counts_readers_and_refuses_a_call_that_names_one_twice(tmp_path: Path) -> None:
    with http_sink(tmp_path) as sink:
        connection = http.client.HTTPConnection("127.0.0.1", sink.port)

        def call(*readers: str) -> int:
            people = [{"to": [{"email": one}], "substitutions": {"-a-": 'he said "to"'}} for one in readers]
            body = json.dumps({"personalizations": people, "reply_to": {"email": "x@y"}})
            connection.request("POST", "/v3/mail/send", body, {"Authorization": "Bearer k"})
            reply = connection.getresponse()
            reply.read()
            return reply.status

        assert [call("a@b", "c@d"), call("e@f", "e@f"), call("a@b")] == [202, 400, 202]
        count = sink.count()
        assert (count.taken, count.recipients, count.calls, count.bad, count.connections) == (3, 3, 2, 1, 1)
        connection.close()


def test_a_machine_without_a_compiler_says_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(NotMeasuredError, match="apt install gcc"), mail_sink(tmp_path):
        pass
