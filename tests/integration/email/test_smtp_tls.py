"""Encrypted relays: the certificate is checked, and neither mail nor password ever goes out in the clear."""

import shutil
import ssl
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from marketing.channels.base import Accepted, SendOutcome
from marketing.channels.email.providers.smtp import Tls
from marketing.channels.errors import TemporaryError
from tests.integration.email.scripted_relay import Client, Rules, ScriptedRelay
from tests.support.mail import deliver, mail, smtp

WITH_AUTH = b"250-fake\r\n250 AUTH PLAIN\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, chain = folder / "key.pem", folder / "cert.pem"
    wanted = [
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=relay",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    ]
    subprocess.run([openssl, "req", "-x509", *wanted, "-keyout", key, "-out", chain], check=True, capture_output=True)
    return key, chain


@pytest.fixture
def context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    key, chain = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))


def implicit(context: ssl.SSLContext, rules: Rules) -> Callable[[Client], None]:
    def script(client: Client) -> None:
        client.start_tls(context)
        rules(client)

    return script


def starttls(context: ssl.SSLContext, rules: Rules) -> Callable[[Client], None]:
    def script(client: Client) -> None:
        client.say(b"220 fake\r\n")
        client.hear()
        client.say(b"250-fake\r\n250 STARTTLS\r\n")
        assert client.hear().strip().upper() == b"STARTTLS"
        client.say(b"220 go\r\n")
        client.start_tls(context)
        rules.greeting = b""
        rules(client)

    return script


def attempt(port: int, tls: Tls, host: str = "127.0.0.1", ca_file: str = "") -> list[SendOutcome] | str:
    """Return the outcomes, or why the relay counts as down until a person repairs it."""
    provider = smtp(port, host=host, user="siar", password="rahasia", tls=tls, timeout_seconds=5, ca_file=ca_file)
    try:
        return list(deliver(provider, [mail("a")]))
    except TemporaryError as error:
        return str(error) if error.retry_after == timedelta(minutes=15) else "soon"
    finally:
        provider.close()


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("tls", "script"), [("implicit", implicit), ("starttls", starttls)])
def test_a_trusted_relay_gets_login_and_mail(
    tls: Tls, script: Callable[..., Callable[[Client], None]], context: ssl.SSLContext
) -> None:
    rules = Rules(ehlo=WITH_AUTH)
    with ScriptedRelay(script(context, rules)) as relay:
        assert attempt(relay.port, tls) == [Accepted("a", "2.0.0 queued as 1")]
    assert any(command.startswith(b"AUTH PLAIN") for command in rules.commands)


@pytest.mark.parametrize(("tls", "script"), [("implicit", implicit), ("starttls", starttls)])
def test_an_unknown_certificate_gets_nothing(
    tls: Tls, script: Callable[..., Callable[[Client], None]], context: ssl.SSLContext
) -> None:
    rules = Rules(ehlo=WITH_AUTH)
    with ScriptedRelay(script(context, rules)) as relay:
        assert attempt(relay.port, tls) == "tls"
    assert rules.commands == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("tls", "script"), [("implicit", implicit), ("starttls", starttls)])
def test_a_certificate_of_another_name_gets_nothing(
    tls: Tls, script: Callable[..., Callable[[Client], None]], context: ssl.SSLContext
) -> None:
    rules = Rules(ehlo=WITH_AUTH)
    with ScriptedRelay(script(context, rules)) as relay:
        assert attempt(relay.port, tls, host="localhost") == "tls"
    assert rules.commands == []


@pytest.mark.parametrize(("tls", "script"), [("implicit", implicit), ("starttls", starttls)])
def test_an_office_may_bring_its_own_certificate_authority(
    tls: Tls,
    script: Callable[..., Callable[[Client], None]],
    context: ssl.SSLContext,
    certificate: tuple[Path, Path],
) -> None:
    with ScriptedRelay(script(context, Rules(ehlo=WITH_AUTH))) as relay:
        assert attempt(relay.port, tls, ca_file=str(certificate[1])) == [Accepted("a", "2.0.0 queued as 1")]


def test_an_authority_that_cannot_be_read_is_a_fault_of_ours_and_nobody_is_asked(tmp_path: Path) -> None:
    with ScriptedRelay(Rules()) as relay:
        assert attempt(relay.port, "implicit", ca_file=str(tmp_path / "tidak-ada.pem")) == "tls"
    assert relay.connections == 0


def test_what_is_said_in_the_clear_is_never_taken_for_an_answer_through_tls(context: ssl.SSLContext) -> None:
    def injects(client: Client) -> None:
        client.say(b"220 fake\r\n")
        client.hear()
        client.say(b"250-fake\r\n250 STARTTLS\r\n")
        client.hear()
        client.say(b"220 go\r\n250-fake\r\n250 AUTH PLAIN\r\n")
        client.hear()

    with ScriptedRelay(injects) as relay:
        assert attempt(relay.port, "starttls") == "tls"
