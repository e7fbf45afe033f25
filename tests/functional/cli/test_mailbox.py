"""`siar mailbox`: a bounce mailbox kept, tried, read and forgotten."""

from collections.abc import Iterator

import pytest

from tests.functional.cli.conftest import Siar
from tests.support.dovecot import PASSWORD, Dovecot

USER = "pantul@dinas.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    if not Dovecot.installed():
        pytest.skip("Dovecot tidak terpasang (apt install dovecot-imapd)")
    running = Dovecot(tmp_path_factory.mktemp("imap"))
    yield running
    running.stop()


def test_a_mailbox_is_kept_tried_read_and_forgotten(
    siar: Siar, server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    typed: list[str] = ["salah", PASSWORD]
    monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: typed.pop(0))
    assert siar("migrate").code == 0
    where = ("--tenant", "tts", "--host", "localhost", "--port", str(server.port), "--user", USER)
    refused = siar("mailbox", "add", *where)
    assert refused.code == 1
    assert "nama atau sandinya ditolak" in refused.err
    kept = siar("mailbox", "add", *where)
    assert (kept.code, PASSWORD in kept.out + kept.err) == (0, False)
    assert "dapat dibuka" in kept.out
    server.fill(
        [b"From: x@y.z\nSubject: tanya\n\nApakah masih ada?\n", b"From: x@y.z\nSubject: Balasan otomatis\n\nCuti\n"]
    )
    read = siar("mailbox", "read", "--tenant", "tts")
    assert sorted(read.out.splitlines()) == ["balasan otomatis: 1", "perlu dibaca orang: 1"]
    assert siar("mailbox", "read", "--tenant", "tts").out.strip() == "Tidak ada surat baru."
    assert siar("mailbox", "remove", "1", "--tenant", "blitar").sentence == "Kotak surat ini tidak ada."
    assert siar("mailbox", "remove", "1", "--tenant", "tts").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--tls", "ssl"), "TLS: implicit"),
        (("--tls", "none", "--host", "imap.example"), "harus memakai TLS"),
        (("--port", "0"), "Porta antara"),
        (("--folder", 'x" y'), "Nama folder"),
        (("--return-domain", "bukan domain"), "Domain hanya"),
    ],
)
def test_what_cannot_be_right_is_refused_in_words(
    siar: Siar, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: "rahasia")
    assert siar("migrate").code == 0
    refused = siar("mailbox", "add", "--tenant", "tts", "--host", "localhost", "--user", USER, *arguments)
    assert said in refused.sentence
