"""Template messages through pywa to a simulated Cloud API: one outcome each, nothing twice, Meta's limits kept."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt, Load, SendOutcome
from marketing.channels.errors import TemporaryError
from marketing.channels.pace import Pace
from marketing.channels.whatsapp.cloud import Number, WhatsAppMessenger, opening
from marketing.channels.whatsapp.cloud_errors import action_of
from marketing.demo.simulators.graph import APP_SECRET
from marketing.demo.simulators.server import Fault
from marketing.demo.simulators.whatsapp import NUMBER, TOKEN, WhatsAppServer
from marketing.demo.simulators.whatsapp_words import CODES
from marketing.domain.types import EmailType
from marketing.domain.whatsapp_message import FaultAction, OutboundTemplate
from tests.support.redis import RedisServer
from tests.support.whatsapp import PERSON, OneNumber, Sending, access, sending, template
from tests.support.world import TENANT

MESSAGES = "/messages"


@pytest.fixture
def server() -> Iterator[WhatsAppServer]:
    with WhatsAppServer() as one:
        yield one


def send(at: Sending, *messages: OutboundTemplate) -> list[SendOutcome]:
    return list(at.messenger.send(messages))


def persons(number: int) -> list[OutboundTemplate]:
    return [template(f"62812345{index:05d}") for index in range(number)]


def test_a_template_goes_out_filled_and_with_our_reference(server: WhatsAppServer) -> None:
    server.templates.add(
        "poster", "Baru: {{1}} dari UMKM.", header="IMAGE", buttons=[{"type": "URL", "text": "Lihat", "url": "https://s.example/{{1}}"}]
    )  # fmt: skip
    message = template(
        template="poster", body=("Tenun\n\n  merah",), header_picture="https://siar.example/a.jpg", buttons=("k/1",)
    )
    (outcome,) = send(sending(server), message)
    (sent,) = server.sent
    assert outcome == Accepted(message.key, sent.wamid)
    assert (sent.to, sent.reference) == (PERSON, message.reference)
    assert sent.content["components"][1]["parameters"][0]["text"] == "Tenun merah"
    (asked,) = server.asked
    assert (asked.path, asked.json["to"]) == (f"/v26.0/{NUMBER}/messages", f"+{PERSON}")
    assert asked.json["template"]["language"] == {"policy": "deterministic", "code": "id"}


def collected(at: Sending, *messages: OutboundTemplate) -> tuple[list[SendOutcome], str]:
    """Return the outcomes, and why the batch ended before all were taken."""
    outcomes: list[SendOutcome] = []
    try:
        for outcome in at.messenger.send(messages):
            outcomes.append(outcome)  # noqa: PERF402  what came before the end of the batch counts
    except TemporaryError as error:
        return outcomes, str(error)
    return outcomes, ""


def expected_of(code: int) -> type[SendOutcome]:
    if code < 100_000 and code != 0 and CODES[code][0] >= 500:
        return InDoubt  # a server's status without a word of WhatsApp's own says nothing certain
    final = {FaultAction.FAIL, FaultAction.UNREACHABLE, FaultAction.OPTED_OUT}
    return Failed if action_of(code) in final else Deferred


def test_every_code_has_an_outcome_and_nothing_is_called_twice(server: WhatsAppServer) -> None:
    for code in sorted(CODES):
        server.refusals.append(code)
        at, called = sending(server), server.count(MESSAGES)
        outcomes, ended = collected(at, template(), template("628129999999"))
        reason = f"wa_{code or 190}"
        assert isinstance(outcomes[0], expected_of(code)), (code, outcomes)
        assert getattr(outcomes[0], "reason", "") == reason
        assert ended in {"", reason}
        assert bool(ended) == bool(at.numbers.troubles), "whatever ends a batch is told of the number"
        assert server.count(MESSAGES) - called == (1 if ended else 2)
        assert bool(at.numbers.refused) == (action_of(code) is FaultAction.TEMPLATE)
    assert not server.refusals


def test_a_dead_token_ends_the_batch_and_is_told_once(server: WhatsAppServer) -> None:
    at = sending(server, token="EAAdicabut")
    taken: list[str] = []

    def batch() -> Iterator[OutboundTemplate]:
        for message in persons(3):
            taken.append(message.key)
            yield message

    outcomes: list[SendOutcome] = []
    with pytest.raises(TemporaryError, match="wa_190"):
        outcomes.extend(at.messenger.send(Load(TENANT, EmailType.PROMOTIONAL, batch(), 3)))
    assert len(taken) == 1, "what was not taken is not permitted to go"
    assert [fault.code for fault in at.numbers.troubles] == [190]


@pytest.mark.parametrize("fault", [Fault.DROP_ANSWER, Fault.STORED_500, Fault.STORED_GARBAGE, Fault.SLOW])
def test_a_lost_answer_leaves_the_message_in_doubt_and_is_never_repeated(server: WhatsAppServer, fault: Fault) -> None:
    server.break_next(MESSAGES, fault)
    (outcome,) = send(sending(server, timeout=0.3), template())
    assert isinstance(outcome, InDoubt)
    assert (len(server.sent), server.count(MESSAGES)) == (1, 1)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(Fault.SERVER_ERROR, InDoubt), (Fault.REDIRECT, InDoubt), (Fault.HTTP_429, Deferred), (Fault.RATE, Deferred)],
)
def test_faults_of_the_way(server: WhatsAppServer, fault: Fault, kind: type[SendOutcome]) -> None:
    server.break_next(MESSAGES, fault)
    at = sending(server)
    outcomes: list[SendOutcome] = []
    try:
        outcomes.extend(at.messenger.send([template()]))
    except TemporaryError:
        assert fault is Fault.RATE
        return
    assert isinstance(outcomes[0], kind)
    assert not server.sent
    if fault is Fault.HTTP_429:
        assert outcomes[0] == Deferred(outcomes[0].key, "wa_http_429", timedelta(seconds=77), counted=False)


def test_a_number_that_nobody_answers_for_is_asked_again_later() -> None:
    with WhatsAppServer() as gone:
        at = sending(gone)
    (outcome,) = send(at, template())
    assert isinstance(outcome, Deferred)
    assert (outcome.reason, outcome.counted) == ("unreachable", False)


def test_the_persons_of_a_day_end_before_meta_refuses(server: WhatsAppServer) -> None:
    server.tier = "TIER_50"
    at, messages = sending(server, tier=50), persons(60)
    batch = iter(messages)
    outcomes: list[SendOutcome] = []
    with pytest.raises(TemporaryError, match="pace") as raised:
        for outcome in at.messenger.send(batch):
            outcomes.append(outcome)  # noqa: PERF402  kept up to the end of the day's share
    assert len(server.sent) == 50
    assert raised.value.retry_after >= timedelta(hours=23)
    assert len(list(batch)) == 10, "the rest was not taken"
    assert not [hook for hook in server.hooks if "failed" in str(hook)]


def test_one_person_is_not_written_to_more_often_than_the_pair_allows(server: WhatsAppServer) -> None:
    outcomes = send(sending(server), *(template() for _ in range(14)))
    assert [type(one) for one in outcomes] == [Accepted] * 10 + [Deferred] * 4
    assert len(server.sent) == 10


def test_what_whatsapp_would_refuse_is_never_called(server: WhatsAppServer) -> None:
    wrong = [
        template("0812"), template(body=("Ani", "  ")), template(header_picture="http://siar.example/a.jpg"),
        template(template="Promo UMKM"), template(reference="x" * 513), template(body=("a" * 600, "b" * 600)),
        template(buttons=("a b",)),
    ]  # fmt: skip
    outcomes = send(sending(server), *wrong)
    assert {type(one) for one in outcomes} == {Failed}
    assert not server.asked


def test_secrets_and_numbers_stay_out_of_logs_and_errors(
    server: WhatsAppServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.refusals.extend([131026, 190])
    at = sending(server)
    with pytest.raises(TemporaryError) as raised:
        send(at, *(template() for _ in range(3)))
    told = caplog.text + repr(raised.value) + repr(at.numbers.access) + repr(template())
    for secret in (TOKEN, APP_SECRET, PERSON, "appsecret_proof", "kain tenun"):
        assert secret not in told


def test_a_process_that_is_to_end_takes_nothing_more(server: WhatsAppServer) -> None:
    at = sending(server)
    messenger = WhatsAppMessenger(at.numbers, Pace(), opening(APP_SECRET, server.url), lambda: bool(server.sent))
    assert len(list(messenger.send(persons(3)))) == 1
    assert len(server.sent) == 1
    assert isinstance(at.numbers.of(TENANT), Number)


@pytest.mark.skipif(not RedisServer.available(), reason="redis-server is not installed")
def test_workers_share_the_persons_of_a_day(server: WhatsAppServer, tmp_path: Path) -> None:
    redis = RedisServer(tmp_path)
    try:
        numbers = OneNumber(access(tier=30))
        workers = [
            WhatsAppMessenger(numbers, Pace.shared(redis.url), opening(APP_SECRET, server.url)) for _ in range(2)
        ]
        batches = [
            [template(f"62812{worker}{index:06d}") for index in range(25)] for worker, _messenger in enumerate(workers)
        ]
        with ThreadPoolExecutor(2) as threads:
            ends = list(threads.map(lambda pair: _until_the_end(*pair), zip(workers, batches, strict=True)))
    finally:
        redis.stop()
    assert len(server.sent) == 30
    assert "pace" in ends


def _until_the_end(messenger: WhatsAppMessenger, batch: list[OutboundTemplate]) -> str:
    try:
        for _outcome in messenger.send(batch):
            pass
    except TemporaryError as error:
        return str(error)
    return ""
