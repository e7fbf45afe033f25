"""Prism, serving Twilio's own OpenAPI, takes what we send: a judge that nobody here wrote."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from marketing.channels.email.providers.sendgrid import SendGridAccount, SendGridProvider
from marketing.channels.email.providers.sendgrid_answer import Taken, verdict
from marketing.channels.email.providers.sendgrid_request import SendGridOptions, calls_for
from marketing.domain.types import EmailType, Purpose
from marketing.installation import connects
from marketing.supervisor import wait_until
from tests.support.mail import NOW, mail
from tests.support.sendgrid import KEY, free_port

SPEC = Path(os.environ.get("SIAR_SPECS", "")) / "sendgrid-mail-v3.openapi.json"
PRISM = Path(__file__).parents[2] / "tools/node/node_modules/.bin/prism"

pytestmark = [
    pytest.mark.skipif(not SPEC.is_file(), reason="SIAR_SPECS names no folder with Twilio's OpenAPI"),
    pytest.mark.skipif(not PRISM.exists(), reason="no Prism: run `npm ci` in tests/tools/node"),
]


@pytest.fixture(scope="module")
def provider() -> Iterator[SendGridProvider]:
    port = free_port()
    command = [str(PRISM), "mock", "--errors", "-h", "127.0.0.1", "-p", str(port), str(SPEC)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: connects("127.0.0.1", port), "prism", process)
        provider = SendGridProvider(SendGridAccount(KEY, f"http://127.0.0.1:{port}", timeout_seconds=30), lambda: NOW)
        yield provider
        provider.close()
    finally:
        process.terminate()
        process.wait()


def test_a_thousand_people_in_one_call_are_accepted(provider: SendGridProvider) -> None:
    emails = [mail(f"o{number}", recipient_name=f"Bu “{number}”, S.Pd.") for number in range(1_000)]
    (call,) = calls_for(emails, SendGridOptions(asm={Purpose.PROMOTIONAL: 7}))
    answer = provider.wire.send(call.body)
    assert answer.status == 202, answer.headers.get("sl-violations")
    assert isinstance(verdict(answer, NOW), Taken)


def test_the_judge_refuses_one_more_and_what_lacks_a_sender(provider: SendGridProvider) -> None:
    (call,) = calls_for([mail("a")], SendGridOptions())
    changes: list[dict[str, Any]] = [{"personalizations": call.body["personalizations"] * 1_001}, {"from": {}}]
    for change in changes:
        assert provider.wire.send({**call.body, **change}).status in {400, 422}


def test_an_order_mail_held_for_later_and_a_batch_id_are_accepted(provider: SendGridProvider) -> None:
    email = mail("a", email_type=EmailType.TRANSACTIONAL, reply_to="", campaign=0, text="")
    (call,) = calls_for([email], SendGridOptions(sandbox=True, batch_id="b", send_at=int(NOW.timestamp())))
    assert provider.wire.send(call.body).status == 202
    assert provider.wire.post("mail/batch").status == 201
