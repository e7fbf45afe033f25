"""What the commands do when all is well, and what they say to a slip of the fingers."""

import os
import socket
import sqlite3
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from marketing.channels.email.local_inbox import LocalInbox, read_inbox
from marketing.db import version
from marketing.db.models import User
from marketing.db.session import Database
from tests.functional.cli.conftest import Siar

USER = ("user", "maria@dinas.example", "--tenant", "tts", "--name", "Maria", "--role", "pemasar", "--role", "penyetuju")


def test_migrating_twice_changes_nothing(newcomer: Siar, tmp_path: Path) -> None:
    first, second = newcomer("migrate"), newcomer("migrate")
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    assert version.head() in first.out
    with sqlite3.connect(tmp_path / "data" / "siar.sqlite3") as connection:
        assert sorted(connection.execute("SELECT id FROM tenant")) == [("blitar",), ("tts",)]
    connection.close()


def test_no_command_at_all_shows_the_help(siar: Siar) -> None:
    done = siar()
    assert "Traceback" not in done.err
    for command in ("migrate", "sync", "up", "web", "worker", "scheduler", "user", "demo"):
        assert command in done.out + done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sync",), "--tenant"),
        (("sync", "--tenan", "tts"), "--tenan"),
        (("terbang",), "terbang"),
        (("worker", "--concurrency", "0"), "--concurrency"),
        (("user", "a@dinas.example", "--tenant", "tts", "--name", "A", "--role", "bos"), "bos"),
    ],
)
def test_a_slip_of_the_fingers_is_named(siar: Siar, arguments: tuple[str, ...], said: str) -> None:
    done = siar(*arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert said in done.err
    assert len(done.err.splitlines()) < 8


def users(folder: Path) -> list[User]:
    database = Database(f"sqlite:///{folder / 'data' / 'siar.sqlite3'}")
    with database.read() as session:
        found = list(session.scalars(select(User)))
    database.close()
    return found


@pytest.mark.parametrize(("password", "code", "number"), [("pendek", 1, 0), ("kata sandi panjang", 0, 1)])
def test_a_short_password_is_refused(
    siar: Siar, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, password: str, code: int, number: int
) -> None:
    siar("migrate")
    monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: password)
    done = siar(*USER)
    assert done.code == code
    assert code == 0 or done.sentence == "Kata sandi paling sedikit 12 huruf."
    assert len(users(tmp_path)) == number


def test_a_person_is_added_once_with_every_role(siar: Siar, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    siar("migrate")
    monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: "kata sandi panjang")
    assert siar(*USER).code == 0
    assert "sudah dipakai" in siar(*USER).sentence
    (maria,) = users(tmp_path)
    assert sorted(grant.role for grant in maria.roles) == ["pemasar", "penyetuju"]
    assert "panjang" not in maria.password_hash


def test_the_password_is_asked_for_and_never_an_argument(siar: Siar) -> None:
    siar("migrate")
    assert siar(*USER, "--password", "kata sandi panjang").code == 2


def test_the_program_itself_ends_with_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "marketing.cli", "sync", "--tenant", "jakarta"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path.cwd())}, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("siar: Daerah “jakarta”")
    assert len(done.stderr.splitlines()) == 1


def test_an_invited_person_sets_the_password_and_nobody_else_knows_one(
    siar: Siar, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    siar("migrate")
    inbox = LocalInbox(tmp_path / "surat", "127.0.0.1", 0)
    inbox.start()
    monkeypatch.setenv("SIAR_INBOX_PORT", str(inbox.port))
    done = siar(*USER, "--undang")
    inbox.stop()
    assert (done.code, "Undangan untuk Maria dikirim." in done.out) == (0, True)
    (mail,) = read_inbox(tmp_path / "surat")
    said = message_from_bytes(mail.path.read_bytes(), policy=policy.default)
    assert said["To"] == "Maria <maria@dinas.example>"
    assert said["Subject"].startswith("Undangan ke Siar")
    assert "/g/1-" in str(said)
    assert len(users(tmp_path)) == 1


def test_an_invitation_that_no_relay_takes_is_said_so(siar: Siar, monkeypatch: pytest.MonkeyPatch) -> None:
    siar("migrate")
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        monkeypatch.setenv("SIAR_INBOX_PORT", str(nobody.getsockname()[1]))
    done = siar(*USER, "--undang")
    assert done.code == 0
    assert "belum terkirim" in done.out
    assert "Traceback" not in done.err
