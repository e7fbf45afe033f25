"""Encrypted relays: the certificate is checked, and neither mail nor password ever goes out in the clear."""

import shutil
import ssl
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from marketing.channels.base import Accepted, Deferred, SendOutcome
from marketing.channels.email.providers.base import Envelope
from marketing.channels.email.providers.smtp import SmtpProvider, Tls
from tests.integration.email.scripted_relay import Client, Rules, ScriptedRelay

MAIL = Envelope("a", "dinas@siar.example", "siti@pembeli.example", b"Subject: x\r\n\r\nhalo\r\n", "<1@siar.example>")
WITH_AUTH = b"250-fake\r\n250 AUTH PLAIN\r\n"
UNTRUSTED = [Deferred("a", "tls", timedelta(minutes=15))]


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


def deliver(port: int, tls: Tls, host: str = "127.0.0.1") -> list[SendOutcome]:
    provider = SmtpProvider(host=host, port=port, user="siar", password="rahasia", tls=tls, timeout_seconds=5)
    return list(provider.deliver([MAIL]))


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("tls", "script"), [("implicit", implicit), ("starttls", starttls)])
def test_a_trusted_relay_gets_login_and_mail(
    tls: Tls, script: Callable[..., Callable[[Client], None]], context: ssl.SSLContext
) -> None:
    rules = Rules(ehlo=WITH_AUTH)
    with ScriptedRelay(script(context, rules)) as relay:
        assert deliver(relay.port, tls) == [Accepted("a", "2.0.0 queued as 1")]
    assert any(command.startswith(b"AUTH PLAIN") for command in rules.commands)


@pytest.mark.parametrize(("tls", "script"), [("implicit", implicit), ("starttls", starttls)])
def test_an_unknown_certificate_gets_nothing(
    tls: Tls, script: Callable[..., Callable[[Client], None]], context: ssl.SSLContext
) -> None:
    rules = Rules(ehlo=WITH_AUTH)
    with ScriptedRelay(script(context, rules)) as relay:
        assert deliver(relay.port, tls) == UNTRUSTED
    assert rules.commands == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("tls", "script"), [("implicit", implicit), ("starttls", starttls)])
def test_a_certificate_of_another_name_gets_nothing(
    tls: Tls, script: Callable[..., Callable[[Client], None]], context: ssl.SSLContext
) -> None:
    rules = Rules(ehlo=WITH_AUTH)
    with ScriptedRelay(script(context, rules)) as relay:
        assert deliver(relay.port, tls, host="localhost") == UNTRUSTED
    assert rules.commands == []
