"""Every way a relay can misbehave, and what becomes of each message."""

import socket
import time
from datetime import timedelta

import pytest

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt, SendOutcome
from marketing.channels.email.providers.smtp import Relay, SmtpProvider, Tls
from marketing.channels.email.writing import Envelope
from marketing.channels.errors import TemporaryError
from tests.integration.email.scripted_relay import OK, Client, Rules, ScriptedRelay
from tests.support.mail import deliver, mail

SOON = timedelta(minutes=1)
PASSWORD = "s3cret-never-shown"


def envelope(name: str, data: bytes = b"Subject: x\r\n\r\nhalo\r\n") -> Envelope:
    return Envelope(name, "dinas@siar.example", f"{name}@pembeli.example", data, f"<{name}@siar.example>")


def provider(port: int, *special: Envelope, timeout: float = 5, user: str = "", tls: Tls = "none") -> SmtpProvider:
    relay = Relay("127.0.0.1", port, user=user, password=PASSWORD, tls=tls, timeout_seconds=timeout, connections=1)
    written = {one.key: one for one in special}
    return SmtpProvider(relay, lambda email: written.get(email.key) or envelope(email.key))


def sent(provider: SmtpProvider, *names: str) -> tuple[list[SendOutcome], TemporaryError | None, list[str]]:
    """Return the outcomes, why the relay counts as down, and who was not taken."""
    found: list[SendOutcome] = []
    waiting, down = iter([mail(name) for name in names]), None
    try:
        found.extend(deliver(provider, waiting))
    except TemporaryError as error:
        down = error
    finally:
        provider.close()
    return found, down, [email.key for email in waiting]


def outcomes(relay: ScriptedRelay, *names: str, timeout: float = 5) -> list[SendOutcome]:
    found, down, left = sent(provider(relay.port, timeout=timeout), *names)
    assert (down, left) == (None, [])
    assert [outcome.key for outcome in found] == list(names)
    return found


def assert_down(provider: SmtpProvider, reason: str, wait: timedelta = SOON) -> None:
    """Nobody is taken, nobody answered: the relay as a whole is at fault."""
    found, down, left = sent(provider, "a", "b")
    assert (found, left) == ([], ["a", "b"])
    assert down is not None
    assert (str(down), down.retry_after) == (reason, wait)


def test_all_is_well() -> None:
    rules = Rules()
    with ScriptedRelay(rules) as relay:
        assert outcomes(relay, "a", "b") == [Accepted("a", "2.0.0 queued as 1"), Accepted("b", "2.0.0 queued as 2")]
    assert relay.connections == 1
    assert rules.commands[-1].upper() == b"QUIT"


@pytest.mark.parametrize("code", [421, 450, 554])
def test_a_refusing_greeting_takes_nobody_and_asks_once(code: int) -> None:
    with ScriptedRelay(Rules(greeting=b"%d busy\r\n" % code)) as relay:
        assert_down(provider(relay.port), f"smtp_{code}")
    assert relay.connections == 1


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert_down(provider(port), "connection")


def test_a_silent_greeting_times_out_once() -> None:
    started = time.monotonic()
    with ScriptedRelay(Rules(greeting=b"")) as relay:
        assert_down(provider(relay.port, timeout=0.3), "connection")
    assert time.monotonic() - started < 5


def test_refused_recipients_leave_the_others_alone() -> None:
    rules = Rules(
        rcpt={
            b"b": b"550 5.1.1 <b@pembeli.example> user unknown\r\n",
            b"d": b"450 4.2.0 greylisted\r\n",
            b"e": b"550 no such user e@pembeli.example\r\n",
        }
    )
    with ScriptedRelay(rules) as relay:
        assert outcomes(relay, "a", "b", "c", "d", "e", "f") == [
            Accepted("a", "2.0.0 queued as 1"),
            Failed("b", "smtp_550", "5.1.1"),
            Accepted("c", "2.0.0 queued as 2"),
            Deferred("d", "smtp_450", timedelta(minutes=5)),
            Failed("e", "smtp_550", ""),
            Accepted("f", "2.0.0 queued as 3"),
        ]
    assert relay.connections == 1
    assert [command.upper() for command in rules.commands].count(b"RSET") == 3


def test_refused_after_the_content() -> None:
    with ScriptedRelay(Rules(dot=[b"554 5.7.1 looks like spam\r\n", b"451 4.3.0 later\r\n"])) as relay:
        first, second, third = outcomes(relay, "a", "b", "c")
    assert first == Failed("a", "smtp_554", "5.7.1")
    assert second == Deferred("b", "smtp_451", timedelta(minutes=5))
    assert third == Accepted("c", "2.0.0 queued as 3")


@pytest.mark.parametrize(
    "rules", [Rules(mail=None), Rules(rcpt={b"a": None}), Rules(data=None)], ids=["MAIL", "RCPT", "DATA"]
)
def test_hung_up_before_the_content_is_deferred_and_the_rest_goes_on(rules: Rules) -> None:
    with ScriptedRelay(rules, Rules()) as relay:
        assert outcomes(relay, "a", "b") == [Deferred("a", "connection", SOON), Accepted("b", "2.0.0 queued as 1")]
    assert relay.connections == 2


def test_hung_up_after_the_final_dot_is_in_doubt() -> None:
    first = Rules(dot=[None])
    with ScriptedRelay(first, Rules()) as relay:
        assert outcomes(relay, "a", "b") == [InDoubt("a", "no_answer"), Accepted("b", "2.0.0 queued as 1")]
    assert len(first.messages) == 1


def test_silence_after_the_final_dot_is_in_doubt() -> None:
    with ScriptedRelay(Rules(dot=[b""]), Rules()) as relay:
        assert outcomes(relay, "a", "b", timeout=0.3) == [
            InDoubt("a", "no_answer"),
            Accepted("b", "2.0.0 queued as 1"),
        ]


@pytest.mark.parametrize(
    "garbage", [b"\xff\xfe\r\n", b"hello there\r\n", b"999 what\r\n", b"\r\n", b"2" * 9000 + b"\r\n"]
)
def test_garbage_before_the_content_is_deferred_and_after_it_in_doubt(garbage: bytes) -> None:
    with ScriptedRelay(Rules(greeting=garbage)) as relay:
        assert_down(provider(relay.port), "connection")
    for rules in (Rules(mail=garbage), Rules(data=garbage)):
        with ScriptedRelay(rules, Rules()) as relay:
            assert outcomes(relay, "a", "b") == [Deferred("a", "connection", SOON), Accepted("b", "2.0.0 queued as 1")]
    with ScriptedRelay(Rules(dot=[garbage])) as relay:
        assert isinstance(outcomes(relay, "a")[0], InDoubt)


@pytest.mark.parametrize("answer", [b"354 more\r\n", b"150 wait\r\n"])
def test_an_answer_out_of_place_after_the_dot_is_in_doubt(answer: bytes) -> None:
    with ScriptedRelay(Rules(dot=[answer])) as relay:
        assert isinstance(outcomes(relay, "a")[0], InDoubt)


def test_421_midway_defers_one_and_reconnects_for_the_rest() -> None:
    with ScriptedRelay(Rules(rcpt={b"b": b"421 4.3.2 closing\r\n"}), Rules()) as relay:
        assert outcomes(relay, "a", "b", "c") == [
            Accepted("a", "2.0.0 queued as 1"),
            Deferred("b", "smtp_421", timedelta(minutes=5)),
            Accepted("c", "2.0.0 queued as 1"),
        ]
    assert relay.connections == 2


def test_gives_up_after_two_reconnects() -> None:
    with ScriptedRelay(Rules(mail=b"421 go away\r\n")) as relay:
        found, down, left = sent(provider(relay.port), *"abcdef")
    assert [outcome.key for outcome in found] == ["a", "b", "c"]
    assert all(isinstance(outcome, Deferred) for outcome in found)
    assert (str(down), left) == ("connection", ["d", "e", "f"])
    assert relay.connections == 3


def test_a_lost_reset_costs_only_the_connection() -> None:
    def hangs_up_at_reset(client: Client) -> None:
        client.say(b"220 fake\r\n")
        for answer in (b"250 fake\r\n", OK, b"550 5.1.1 no\r\n"):
            client.hear()
            client.say(answer)

    with ScriptedRelay(hangs_up_at_reset, Rules()) as relay:
        assert outcomes(relay, "a", "b") == [Failed("a", "smtp_550", "5.1.1"), Accepted("b", "2.0.0 queued as 1")]


def test_hung_up_while_the_content_flows_is_never_accepted() -> None:
    def hangs_up_in_content(client: Client) -> None:
        client.say(b"220 fake\r\n")
        for answer in (b"250 fake\r\n", OK, OK, b"354 go\r\n"):
            client.hear()
            client.say(answer)

    with ScriptedRelay(hangs_up_in_content) as relay:
        big = envelope("a", b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n" * 4_000_000)
        found, _down, _left = sent(provider(relay.port, big), "a")
    assert found == [Deferred("a", "connection", SOON)]


def test_a_relay_without_8bitmime_and_ehlo_gets_plain_ascii() -> None:
    rules = Rules(ehlo=b"250 old\r\n")
    with ScriptedRelay(rules) as relay:
        assert outcomes(relay, "a") == [Accepted("a", "2.0.0 queued as 1")]
    assert b"MAIL FROM:<dinas@siar.example>" in rules.commands
    assert rules.messages[0].isascii()


def test_an_address_outside_ascii_needs_smtputf8() -> None:
    special = Envelope("ü", "dinas@siar.example", "jürgen@pembeli.example", "To: jürgen\r\n\r\nx\r\n".encode(), "<1@a>")
    with ScriptedRelay(Rules()) as relay:
        found, _down, _left = sent(provider(relay.port, special), "ü", "b")
    assert found == [Failed("ü", "smtputf8_unsupported", ""), Accepted("b", "2.0.0 queued as 1")]
    rules = Rules(ehlo=b"250-fake\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
    with ScriptedRelay(rules) as relay:
        assert sent(provider(relay.port, special), "ü")[0] == [Accepted("ü", "2.0.0 queued as 1")]
    assert "RCPT TO:<jürgen@pembeli.example>".encode() in rules.commands


@pytest.mark.parametrize("address", ["", "a@b\r\nRCPT TO:<x@evil.example>", "a@b> <x@c", "a b@c", "\ud800@b"])
def test_an_address_that_would_break_the_command_fails_alone(address: str) -> None:
    rules = Rules()
    bad = Envelope("bad", "dinas@siar.example", address, b"x\r\n", "<1@a>")
    with ScriptedRelay(rules) as relay:
        found, _down, _left = sent(provider(relay.port, bad), "bad", "b")
    assert found == [Failed("bad", "bad_address", ""), Accepted("b", "2.0.0 queued as 1")]
    assert not any(b"evil" in command for command in rules.commands)


def test_leading_dots_are_doubled_on_the_wire() -> None:
    rules = Rules()
    with ScriptedRelay(rules) as relay:
        sent(provider(relay.port, envelope("a", b"Subject: x\r\n\r\n.\r\n..x\r\nlast")), "a")
    assert rules.messages == [b"Subject: x\r\n\r\n..\r\n...x\r\nlast\r\n"]


def test_a_wrong_password_condemns_no_message_and_is_never_shown() -> None:
    rules = Rules(ehlo=b"250-fake\r\n250 AUTH PLAIN\r\n", auth=b"535 5.7.8 no\r\n")
    with ScriptedRelay(rules) as relay:
        sender = provider(relay.port, user="siar")
        assert_down(sender, "credentials", timedelta(minutes=15))
    assert PASSWORD not in repr(sender) + repr(sender.__dict__)
    assert relay.connections == 1


def test_a_relay_that_asks_for_a_login_condemns_no_message() -> None:
    with ScriptedRelay(Rules(mail=b"530 5.7.0 authentication required\r\n")) as relay:
        assert outcomes(relay, "a") == [Deferred("a", "credentials", timedelta(minutes=15), counted=False)]


def test_no_starttls_no_mail() -> None:
    rules = Rules()
    with ScriptedRelay(rules) as relay:
        assert_down(provider(relay.port, tls="starttls", user="siar"), "tls", timedelta(minutes=15))
    assert not any(command.upper().startswith((b"AUTH", b"MAIL")) for command in rules.commands)


def test_implicit_tls_against_a_plain_relay_is_deferred() -> None:
    with ScriptedRelay(Rules()) as relay:
        assert_down(provider(relay.port, tls="implicit", timeout=1), "tls", timedelta(minutes=15))


def test_a_caller_that_stops_early_leaves_a_connection_that_can_be_closed() -> None:
    rules = Rules()
    with ScriptedRelay(rules) as relay:
        sender = provider(relay.port)
        running = deliver(sender, [mail("a"), mail("b")])
        assert next(running) == Accepted("a", "2.0.0 queued as 1")
        running.close()  # type: ignore[attr-defined]
        sender.close()
    assert len(rules.messages) == 1
    assert rules.commands[-1].upper() == b"QUIT"
