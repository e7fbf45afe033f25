"""`siar privacy`: a copy, an erasure, and what is still to do, as a person at the command line meets them."""

import json
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marketing.bootstrap import App, build_app
from marketing.db.models import Contact
from marketing.domain.data_rights import RightKind
from marketing.privacy import privacy_of
from marketing.settings import Settings
from tests.functional.cli.conftest import Siar
from tests.support.world import TENANT, Outbox, add_contact


@pytest.fixture(name="app")
def _app(siar: Siar, tmp_path: Path) -> Iterator[App]:
    assert siar("migrate").code == 0
    long_ago = datetime.now(UTC) - timedelta(hours=80)
    settings = Settings(data_dir=tmp_path / "data")
    app = build_app(settings, clock=lambda: long_ago, messenger=Outbox())  # type: ignore[arg-type]
    yield app
    app.close()


def test_a_copy_is_written_once_for_its_owner_alone(siar: Siar, app: App, tmp_path: Path) -> None:
    contact = add_contact(app, 1)
    for name in ("salinan.json", "salinan.html"):
        done = siar("privacy", "pack", str(contact), "--tenant", TENANT, "--out", str(tmp_path / name))
        assert done.code == 0, done.err
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    pack = json.loads((tmp_path / "salinan.json").read_text("utf-8"))
    assert pack["addresses"][0]["address"] == "orang1@surat.example"
    assert "orang1@surat.example" in (tmp_path / "salinan.html").read_text("utf-8")
    again = siar("privacy", "pack", str(contact), "--tenant", TENANT, "--out", str(tmp_path / "salinan.json"))
    assert "tidak dapat ditulis" in again.sentence
    assert "berakhiran" in siar("privacy", "pack", "1", "--tenant", TENANT, "--out", str(tmp_path / "x.pdf")).sentence
    assert "tidak ada" in siar("privacy", "pack", "99", "--tenant", TENANT, "--out", str(tmp_path / "y.json")).sentence
    assert "tidak ada" in siar("privacy", "pack", "1", "--tenant", "blitar", "--out", str(tmp_path / "y.json")).sentence


def test_open_requests_are_listed_and_a_late_one_says_so(siar: Siar, app: App) -> None:
    assert "Tidak ada permintaan" in siar("privacy", "requests", "--tenant", TENANT).out
    contact = add_contact(app, 1)
    privacy_of(app).ask(TENANT, contact, RightKind.ACCESS)
    assert "TERLAMBAT" in siar("privacy", "requests", "--tenant", TENANT).out
    (row,) = json.loads(siar("privacy", "requests", "--tenant", TENANT, "--json").out)
    assert (row["kind"], row["clock"], row["contact"]) == ("access", "overdue", contact)


def test_an_erasure_asks_once_and_leaves_an_empty_contact(siar: Siar, app: App, tmp_path: Path) -> None:
    contact = add_contact(app, 1)
    done = siar(
        "privacy", "erase", str(contact), "--tenant", TENANT, "--yes", SIAR_SMTP_HOST="127.0.0.1", SIAR_SMTP_PORT=9
    )
    assert done.code == 0, done.err
    with app.database.read() as session:
        standing = session.get_one(Contact, contact)
        assert (standing.name, standing.erased_at is not None) == ("", True)
    assert "sudah dihapus" in siar("privacy", "erase", str(contact), "--tenant", TENANT, "--yes").sentence
    with sqlite3.connect(tmp_path / "data" / "siar.sqlite3") as connection:
        assert "orang1@" not in "\n".join(connection.iterdump())
    connection.close()
