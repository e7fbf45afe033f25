"""Wrong settings, folders, databases and ports: every command says what is wrong in one sentence."""

import socket
import sqlite3
from pathlib import Path

import pytest

from marketing.db import version
from tests.functional.cli.conftest import Siar

EVERY = [
    ("migrate",),
    ("sync", "--tenant", "tts", "--source", "."),
    ("web",),
    ("worker",),
    ("scheduler",),
    ("user", "a@dinas.example", "--tenant", "tts", "--name", "A", "--role", "pemasar"),
]


@pytest.mark.parametrize("command", [*EVERY, ("up",), ("demo", "--once")], ids=lambda command: command[0])
def test_a_data_folder_that_cannot_be_written(newcomer: Siar, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "berkas").write_text("bukan folder")
    sentence = newcomer(*command, SIAR_DATA_DIR=tmp_path / "berkas" / "data").sentence
    assert "tidak dapat ditulisi" in sentence
    assert "SIAR_DATA_DIR" in sentence
    assert [path.name for path in tmp_path.iterdir()] == ["berkas"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SIAR_PORT": "delapan"}, "SIAR_PORT"),
        ({"SIAR_LANG": "fr"}, "SIAR_LANG"),
        ({"SIAR_CATALOG_SOURCES": "bukan json"}, "SIAR_CATALOG_SOURCES"),
        ({"SIAR_DATABASE_URL": "di sana"}, "SIAR_DATABASE_URL"),
        ({"SIAR_DATABASE_URL": "mysql://db/siar"}, "SIAR_DATABASE_URL"),
        ({"SIAR_DATABASE_URL": "oracle+apa://db/siar"}, "SIAR_DATABASE_URL"),
        ({"SIAR_DATABASE_URL": "postgresql+psycopg://siar@127.0.0.1:1/siar"}, "tidak dapat dibuka"),
    ],
)
def test_a_wrong_setting_is_named(siar: Siar, settings: dict[str, str], said: str) -> None:
    assert said in siar("migrate", **settings).sentence


def test_a_password_in_a_wrong_address_is_not_repeated(siar: Siar) -> None:
    done = siar("migrate", SIAR_DATABASE_URL="postgresql+psycopg://siar:sangatrahasia@127.0.0.1:1/siar")
    assert "sangatrahasia" not in done.sentence


def test_a_broker_of_an_unknown_kind_is_named(siar: Siar) -> None:
    assert siar("migrate").code == 0
    assert "SIAR_BROKER_URL" in siar("worker", SIAR_BROKER_URL="kirim://ke/sana").sentence


def test_a_lane_that_does_not_exist_is_named(siar: Siar) -> None:
    assert "cepat" in siar("worker", "--queues", "bulk,cepat").sentence


@pytest.mark.parametrize("command", EVERY[2:], ids=lambda command: command[0])
def test_a_database_without_tables_asks_for_migrate(newcomer: Siar, command: tuple[str, ...]) -> None:
    assert "siar migrate" in newcomer(*command).sentence


def at_revision(folder: Path, revision: str) -> None:
    with sqlite3.connect(folder / "data" / "siar.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
    connection.close()


def test_an_old_database_is_refused_by_the_pages_and_brought_up_by_migrate(siar: Siar, tmp_path: Path) -> None:
    assert siar("migrate").code == 0
    at_revision(tmp_path, version.known()[-2])
    assert "siar migrate" in siar("web").sentence


@pytest.mark.parametrize("command", EVERY, ids=lambda command: command[0])
def test_a_newer_database_is_left_alone(siar: Siar, tmp_path: Path, command: tuple[str, ...]) -> None:
    assert siar("migrate").code == 0
    at_revision(tmp_path, "9999")
    assert "lebih baru (9999)" in siar(*command).sentence
    with sqlite3.connect(tmp_path / "data" / "siar.sqlite3") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)
        assert connection.execute("SELECT count(*) FROM sync_run").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("command", ["web", "up"])
def test_a_port_in_use_is_named(siar: Siar, command: str) -> None:
    assert siar("migrate").code == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = siar(command, SIAR_PORT=port).sentence
    assert str(port) in sentence
    assert "SIAR_PORT" in sentence
