"""`siar mail account` as an operator runs it: secrets are asked for, never shown; a test says what to do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from marketing.accounts.tenants import ensure_tenants
from marketing.bootstrap import utc_now
from marketing.db.session import Database
from tests.functional.cli.conftest import Siar
from tests.integration.email.scripted_relay import Rules, ScriptedRelay
from tests.support.sendgrid import KEY, SendGridServer, free_port

AT = ("--tenant", "tts")


@pytest.fixture(autouse=True)
def _tenants(installed: Path) -> Iterator[None]:
    database = Database(f"sqlite:///{installed}")
    with database.write() as session:
        ensure_tenants(session, utc_now())
    yield
    database.close()


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let somebody type this at the hidden prompt."""

    def types(secret: str) -> None:
        def prompt(_text: str, *, hide_input: bool = False, **_more: Any) -> str:
            assert hide_input, "a secret must not show on the screen"
            return secret

        monkeypatch.setattr(typer, "prompt", prompt)

    return types


def listed(siar: Siar) -> list[dict[str, Any]]:
    found = siar("mail", "account", "list", *AT, "--json")
    assert found.code == 0, found.err
    lines: list[dict[str, Any]] = json.loads(found.out)
    return lines


def test_a_sendgrid_account_from_its_first_day_to_its_last(siar: Siar, typing: Any) -> None:
    assert "kotak masuk lokal" in siar("mail", "account", "list", *AT).out
    with SendGridServer() as server:
        typing(KEY)
        added = siar(
            *("mail", "account", "add", "SendGrid", *AT, "--provider", "sendgrid", "--location", "Amerika Serikat"),
            *("--host", server.url, "--weight", "2", "--kind", "promotional", "--rate", "10/detik, 2000/hari"),
            *("--domain-rate", "gmail.com=500/jam", "--asm", "promotional=7", "--hold", "15"),
        )
        assert added.code == 0, added.err
        assert "/webhook/sendgrid/" in added.out
        number = str(listed(siar)[0]["id"])
        assert siar("mail", "account", "test", number, *AT).code == 0
        server.rules.scopes = ()
        failed = siar("mail", "account", "test", number, *AT)
        assert failed.code == 1
        assert "Mail Send" in failed.out
    said = siar("mail", "account", "list", *AT).out
    assert "PERLU PERHATIAN" in said
    assert "tidak ada akun aktif untuk transactional, newsletter" in said
    assert "10/detik, 2000/hari; gmail.com: 500/jam" in said
    assert "PP 71/2019" in said
    assert siar("mail", "account", "pause", number, *AT).code == 0
    assert listed(siar)[0]["state"] == "paused"
    assert siar("mail", "account", "resume", number, *AT).code == 0
    assert siar("mail", "account", "remove", number, *AT).code == 0
    assert listed(siar) == []
    assert KEY not in added.out + added.err + said


def test_a_relay_that_does_not_answer_and_one_that_does(siar: Siar) -> None:
    relay = ("--provider", "smtp", "--location", "Indonesia", "--host", "127.0.0.1", "--tls", "none")
    assert siar("mail", "account", "add", "relai", *AT, *relay, "--port", str(free_port())).code == 0
    failed = siar("mail", "account", "test", "1", *AT)
    assert (failed.code, "dapat dihubungi" in failed.out) == (1, True)
    with ScriptedRelay(Rules()) as server:
        siar("mail", "account", "add", "relai", *AT, *relay, "--port", str(server.port))
        assert siar("mail", "account", "test", "1", *AT).code == 0
    assert len(listed(siar)) == 1, "the same name is the same account"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--provider", "smtp", "--location", "Indonesia", "--host", "smtp.kantor.go.id", "--tls", "none"), "TLS"),
        (("--provider", "smtp", "--location", "", "--host", "smtp.kantor.go.id"), "PP 71/2019"),
        (("--provider", "smtp", "--location", "Indonesia", "--host", "x.id", "--tls", "ssl"), "starttls"),
        (("--provider", "smtp", "--location", "Indonesia", "--host", "x.id", "--rate", "banyak"), "10/detik"),
        (("--provider", "smtp", "--location", "Indonesia", "--host", "x.id", "--domain-rate", "gmail"), "gmail.com="),
        (("--provider", "sendgrid", "--location", "AS", "--host", "https://jahat.example"), "SendGrid"),
        (("--provider", "sendgrid", "--location", "AS", "--asm", "semua=1"), "promotional="),
        (("--provider", "sendgrid", "--location", "AS", "--hold", "3"), "10 menit"),
    ],
)
def test_what_cannot_be_right_is_one_sentence(siar: Siar, typing: Any, arguments: tuple[str, ...], words: str) -> None:
    typing(KEY)
    refused = siar("mail", "account", "add", "akun", *AT, *arguments)
    assert words in refused.sentence
    assert listed(siar) == []
