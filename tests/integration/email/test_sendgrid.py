"""Our sender against a server that keeps SendGrid's rules."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt, SendOutcome
from marketing.channels.email.providers.sendgrid import SendGridAccount, SendGridProvider
from marketing.channels.email.providers.sendgrid_request import SendGridOptions
from marketing.channels.errors import TemporaryError
from marketing.demo.simulators.server import Reply
from marketing.domain.content import OutboundEmail
from marketing.domain.types import EmailType, Purpose
from tests.integration.email.scripted_relay import Client, ScriptedRelay
from tests.support.mail import NOW, deliver, mail
from tests.support.sendgrid import KEY, SendGridServer, Wrong, free_port

OPENED: list[SendGridProvider] = []


@pytest.fixture
def server() -> Iterator[SendGridServer]:
    with SendGridServer() as server:
        server.now = NOW
        yield server
        while OPENED:
            OPENED.pop().close()


def opened(account: SendGridAccount, **more: Any) -> SendGridProvider:
    """Return a provider whose connections are closed with the server."""
    OPENED.append(SendGridProvider(account, lambda: NOW, **more))
    return OPENED[-1]


def provider(server: SendGridServer, *, key: str = KEY, timeout: float = 5, **options: object) -> SendGridProvider:
    account = SendGridAccount(key, server.url, timeout, SendGridOptions(**options))  # type: ignore[arg-type]
    return opened(account)


def one(server: SendGridServer, email: OutboundEmail | None = None, *, timeout: float = 5) -> SendOutcome:
    sender = provider(server, timeout=timeout)
    carrier = sender.open()
    carrier.carry(email or mail("a"))
    (outcome,) = carrier.flush()
    return outcome


def test_fifty_mails_of_a_campaign_are_one_call_and_each_person_gets_exactly_their_own(server: SendGridServer) -> None:
    emails = [mail(f"orang{number}", recipient_name=f"Bu, “{number}”") for number in range(50)]
    outcomes = list(deliver(provider(server), emails))
    assert [outcome.key for outcome in outcomes] == [email.key for email in emails]
    assert {outcome.provider_id for outcome in outcomes if isinstance(outcome, Accepted)} == {"pesan-1"}
    (body,) = server.bodies
    got = {mail.address: mail for mail in server.got}
    for email in emails:
        seen = got[email.recipient_address]
        assert (seen.subject, seen.html, seen.text) == (email.subject, email.html, email.text)
        assert seen.reference == email.reference
        assert seen.headers["List-Unsubscribe"] == f"<{email.unsubscribe_url}>"
        assert seen.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert seen.headers["Message-ID"] == email.message_id
    assert body["categories"] == ["tts", "promotional", "kampanye-7"]
    assert "custom_args" not in body


def test_what_sendgrid_keeps_for_long_names_nobody(server: SendGridServer) -> None:
    list(
        deliver(provider(server), [mail("a", recipient_name="Siti Aminah", recipient_address="siti.aminah@x.example")])
    )
    (body,) = server.bodies
    kept = json.dumps([body["categories"], [person["custom_args"] for person in body["personalizations"]]])
    assert not {"Siti", "Aminah", "siti", "x.example"} & set(kept.replace('"', " ").split())


def test_its_own_tracking_is_off_and_a_group_for_each_purpose_is_named(server: SendGridServer) -> None:
    sender = provider(server, asm={Purpose.PROMOTIONAL: 1234}, sandbox=True)
    found = list(deliver(sender, [mail("a"), mail("b", email_type=EmailType.TRANSACTIONAL, campaign=0, purpose=None)]))
    assert found == [Accepted("a", "sandbox"), Accepted("b", "sandbox")]
    bulk, order = server.bodies
    assert (bulk["asm"], order.get("asm")) == ({"group_id": 1234}, None)
    assert order["personalizations"][0]["headers"]["Auto-Submitted"] == "auto-generated"
    for body in server.bodies:
        assert not any(one["enable"] for one in body["tracking_settings"].values())
    assert server.got == []


def test_a_thousand_go_in_one_call_and_the_next_one_in_another(server: SendGridServer) -> None:
    emails = [mail(f"o{number}") for number in range(1_001)]
    outcomes = list(deliver(provider(server, timeout=20), emails))
    assert sorted(len(body["personalizations"]) for body in server.bodies) == [1, 1_000]
    assert {outcome.key for outcome in outcomes if isinstance(outcome, Accepted)} == {email.key for email in emails}
    assert len(outcomes) == 1_001


def test_one_address_is_never_twice_in_a_call(server: SendGridServer) -> None:
    emails = [mail("a"), mail("b", recipient_address="A@pembeli.example"), mail("c")]
    assert all(isinstance(outcome, Accepted) for outcome in deliver(provider(server), emails))
    assert [len(body["personalizations"]) for body in server.bodies] == [2, 1]


def test_mails_that_share_too_little_go_alone(server: SendGridServer) -> None:
    emails = [mail(name, html=f"<p>{name * 20_000}</p>") for name in "abcde"]
    assert all(isinstance(outcome, Accepted) for outcome in deliver(provider(server), emails))
    assert [mail.html for mail in server.got] == [email.html for email in emails]
    assert len(server.bodies) == 5


def test_a_bad_address_that_sendgrid_names_fails_alone_and_one_that_it_does_not_name_is_found(
    server: SendGridServer,
) -> None:
    server.rules.bad_addresses = {"o3@pembeli.example"}
    for names in (True, False):
        server.rules.names_fields = names
        outcomes = {one.key: one for one in deliver(provider(server), [mail(f"o{number}") for number in range(8)])}
        bad = outcomes.pop("o3")
        assert isinstance(bad, Failed)
        assert bad.reason == "http_400"
        assert all(isinstance(outcome, Accepted) for outcome in outcomes.values())
        assert len(outcomes) == 7


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"subject": "a\r\nBcc: x@evil.example"}, "subject"),
        ({"subject": "a\nb"}, "subject"),
        ({"recipient_name": "Siti\r\nX: y"}, "recipient_name"),
        ({"unsubscribe_url": "https://a.example/\r\nBcc: x@evil.example"}, "unsubscribe_url"),
        ({"unsubscribe_url": ""}, "unsubscribe_url"),
        ({"recipient_address": "a@b.example, c@d.example"}, "recipient_address"),
        ({"list_id": "a>\r\nX: y"}, "list_id"),
        ({"subject": " "}, "subject"),
        ({"html": ""}, "html"),
        ({"html": "a\x00b"}, "html"),
        ({"text": "\ud800"}, "text"),
        ({"message_id": "<a@b>\r\nX: y"}, "message_id"),
    ],
)
def test_what_cannot_be_written_safely_never_leaves(
    server: SendGridServer, change: dict[str, object], reason: str
) -> None:
    found = list(deliver(provider(server), [mail("a", **change), mail("b")]))
    assert sorted(found, key=lambda one: one.key) == [Failed("a", "bad_message", reason), Accepted("b", "pesan-1")]


def test_an_address_outside_ascii_is_not_for_sendgrid(server: SendGridServer) -> None:
    assert one(server, mail("x", recipient_address="bücher@ok.example")) == Failed("x", "smtputf8_unsupported", "")


def test_a_domain_outside_ascii_goes_out_in_its_ascii_form(server: SendGridServer) -> None:
    assert isinstance(one(server, mail("x", recipient_address="siti@bücher.example")), Accepted)
    assert server.got[0].address == "siti@xn--bcher-kva.example"


SOON, LATER, OPERATOR = timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=15)
HTML = b"<html>Bad gateway</html>"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply({"errors": [{"message": "authorization required", "field": None}]}, 401), "credentials"),
        (Reply({"errors": [{"message": "from address does not match", "field": "from"}]}, 403), "sender_refused"),
        (Reply({"errors": [{"message": "invalid group", "field": "asm.group_id"}]}, 400), "config"),
        (Reply(HTML, 400), "config"),
        (Reply(HTML, 404), "config"),
        (Reply(b"", 302, {"Location": "http://127.0.0.1:1/"}), "config"),
        (Reply(HTML, 503), "http_503"),
    ],
)
def test_a_fault_of_the_account_or_of_sendgrid_condemns_nobody(
    server: SendGridServer, answer: Reply, reason: str
) -> None:
    server.rules.answers.append(answer)
    sender = provider(server)
    waiting = iter([mail("a"), mail("b")])
    carrier = sender.open()
    carrier.carry(next(waiting))
    assert list(carrier.flush()) == [Deferred("a", reason, SOON, counted=False)]
    with pytest.raises(TemporaryError, match=reason):
        carrier.ready(0.0)
    assert len(server.asked) == 2, "scopes and one call: what is refused is not asked again"


@pytest.mark.parametrize("status", [500, 502, 504])
def test_an_error_that_may_have_come_too_late_is_in_doubt(server: SendGridServer, status: int) -> None:
    server.rules.answers.append(Reply(HTML, status))
    assert one(server) == InDoubt("a", f"http_{status}")


@pytest.mark.parametrize("wrong", [Wrong.AFTER_BODY, Wrong.SILENT, Wrong.DRIPS, Wrong.GARBAGE])
def test_a_lost_answer_is_in_doubt_and_the_call_is_not_repeated(server: SendGridServer, wrong: Wrong) -> None:
    server.rules.answers.append(wrong)
    assert one(server, timeout=0.3) == InDoubt("a", "no_answer")
    assert len(server.got) == 1


def test_an_answer_whose_body_breaks_off_still_counts(server: SendGridServer) -> None:
    server.rules.answers.append(Wrong.CUT_BODY)
    assert one(server) == Accepted("a", "putus")


def test_a_call_that_never_left_whole_is_put_off() -> None:
    with SendGridServer() as server:
        sender = provider(server)
        carrier = sender.open()
    sender.close()  # its connections are gone with it
    carrier.carry(mail("a"))
    assert list(carrier.flush()) == [Deferred("a", "connection", SOON, counted=False)]


def test_the_rate_of_sendgrid_is_kept_to_the_second(server: SendGridServer) -> None:
    server.rules.calls_left, server.rules.reset = 1, int(NOW.timestamp()) + 42
    assert isinstance(one(server), Accepted)
    assert one(server) == Deferred("a", "rate", timedelta(seconds=42), counted=False)
    for nonsense in ("", "besok", "9" * 30, "-5"):
        server.rules.answers.append(Reply({}, 429, {"X-RateLimit-Reset": nonsense}))
        found = one(server)
        assert isinstance(found, Deferred)
        assert timedelta(0) < found.retry_after <= timedelta(hours=1)


def test_a_call_that_is_too_large_is_halved_and_a_mail_that_is_too_large_fails_alone(server: SendGridServer) -> None:
    server.rules.answers += [Reply({"errors": [{"message": "content too large"}]}, 413)]
    assert all(isinstance(found, Accepted) for found in deliver(provider(server), [mail(name) for name in "abcd"]))
    assert [len(body["personalizations"]) for body in server.bodies] == [2, 2]
    server.rules.answers += [Reply({}, 413)]
    assert one(server) == Failed("a", "too_large", "")


def test_nobody_is_taken_when_the_key_is_wrong_or_may_not_send(server: SendGridServer) -> None:
    for sender in (provider(server, key="SG.lain"), provider(server, key="")):
        with pytest.raises(TemporaryError, match="credentials"):
            sender.open()
    server.rules.scopes = ("stats.read",)
    with pytest.raises(TemporaryError, match="sender_refused"):
        provider(server).open()


def test_nobody_is_taken_when_nobody_answers() -> None:
    nowhere = SendGridProvider(SendGridAccount(KEY, f"http://127.0.0.1:{free_port()}"), lambda: NOW)
    with pytest.raises(TemporaryError, match="connection"):
        nowhere.open()


def test_a_good_key_is_not_asked_again_at_once(server: SendGridServer) -> None:
    sender = provider(server)
    for _number in range(3):
        list(deliver(sender, [mail("a")]))
    assert server.count("/v3/scopes") == 1
    server.rules.answers.append(Reply(HTML, 500))
    list(deliver(sender, [mail("a")]))
    list(deliver(sender, [mail("a")]))
    assert server.count("/v3/scopes") == 2


def test_what_waited_too_long_since_it_was_permitted_does_not_leave(server: SendGridServer) -> None:
    clock = [0.0]
    account = SendGridAccount(KEY, server.url)
    carrier = opened(account, timer=lambda: clock[0]).open()
    carrier.carry(mail("a"))
    assert list(carrier.answered()) == []
    clock[0] = 2.1
    assert list(carrier.flush()) == [Deferred("a", "waited", SOON, counted=False)]
    assert server.got == []


def test_held_mail_can_be_cancelled_and_order_mail_is_never_held(server: SendGridServer) -> None:
    kept: dict[int, str] = {}

    def batches(campaign: int, fetch: object) -> str:
        return kept.setdefault(campaign, fetch())  # type: ignore[operator]

    account = SendGridAccount(KEY, server.url, hold=timedelta(minutes=15))
    sender = opened(account, batches=batches)
    order = mail("b", email_type=EmailType.TRANSACTIONAL)
    for _round in range(2):
        assert all(isinstance(found, Accepted) for found in deliver(sender, [mail("a")]))
    assert isinstance(next(deliver(sender, [order])), Accepted)
    first, second, third = server.bodies
    assert first["batch_id"] == second["batch_id"] == kept[7]
    assert first["send_at"] == int(NOW.timestamp()) + 900
    assert not {"batch_id", "send_at"} & set(third)
    assert sender.cancel(kept[7])
    assert server.cancelled == {kept[7]}
    assert not sender.cancel("tidak-ada")


def test_nothing_of_key_or_people_is_written_to_a_log(server: SendGridServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    server.rules.answers += [Reply({"errors": [{"message": f"no {KEY} for siti@pembeli.example"}]}, 400)]
    sender = provider(server)
    found = list(deliver(sender, [replace(mail("a"), recipient_address="siti@pembeli.example")]))
    shown = caplog.text + repr(sender) + repr(sender.wire) + repr(sender.account) + repr(found)
    assert KEY not in shown
    assert "siti" not in shown


def answers(client: Client, calls: int) -> None:
    """Take so many calls on one connection, then hang up."""
    for _call in range(calls):
        length = 0
        while line := client.hear().strip():
            length = int(line.split()[1]) if line.lower().startswith(b"content-length:") else length
        client.hear_octets(length)
        client.say(b"HTTP/1.1 202 Accepted\r\nX-Message-Id: p\r\nContent-Length: 0\r\n\r\n")


def test_one_connection_carries_call_after_call_and_one_that_is_closed_costs_nobody() -> None:
    with ScriptedRelay(partial(answers, calls=5), partial(answers, calls=1)) as relay:
        sender = SendGridProvider(SendGridAccount(KEY, f"http://127.0.0.1:{relay.port}"), lambda: NOW)
        for number in range(5):  # the first asks whether the key is good
            if number:
                assert list(deliver(sender, [mail("a")])) == [Accepted("a", "p")]
            else:
                sender.open()
        assert relay.connections == 1
        assert relay.hung_up.wait(10)
        assert list(deliver(sender, [mail("b")])) == [Accepted("b", "p")]
        assert relay.connections == 2
        sender.close()
