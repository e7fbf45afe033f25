"""`siar segment` counts, saves, lists and shows; what is wrong is said in one sentence with its column."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from marketing.db.models import AuditEntry, Segment
from marketing.db.session import Database
from marketing.domain.types import Purpose
from tests.functional.cli.conftest import Siar
from tests.support.world import World, add_contact

EXPRESSION = "kelompok = masyarakat dan izin(promotional=given)"


@pytest.fixture(name="people")
def _people(installed: Path, tmp_path: Path) -> Iterator[World]:
    """The installation that the command finds in this folder, with three people, of whom two agreed."""
    database = Database(f"sqlite:///{installed}")
    world = World.make(database, tmp_path)
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    add_contact(world.app, 2, Purpose.PROMOTIONAL)
    add_contact(world.app, 3)
    yield world
    database.close()


def asked(siar: Siar, *arguments: str) -> Any:
    done = siar("segment", *arguments, "--tenant", "tts", "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


@pytest.mark.usefixtures("people")
def test_count_prints_the_agreed_object(siar: Siar) -> None:
    assert asked(siar, "count", EXPRESSION) == {
        "count": 2,
        "text": "kind = masyarakat and consent(promotional=given)",
        "explanation": "Masyarakat yang mengizinkan promosi",
    }
    done = siar("segment", "count", EXPRESSION, "--tenant", "tts")
    assert done.out.splitlines()[:2] == ["Masyarakat yang mengizinkan promosi", "2 orang sekarang."]
    assert siar("segment", "count", EXPRESSION, "--tenant", "blitar", "--json").out.startswith('{"count": 0,')


@pytest.mark.usefixtures("people")
def test_a_fault_is_one_sentence_with_its_column(siar: Siar) -> None:
    for expression, said in (
        ("kind = masyarakat dan", "Kolom 22: ada akhir teks"),
        ("kind = '; DROP TABLE contact;--", "Kolom 8: tanda “'” tidak dikenal"),
        ("segment(7)", "Segmen nomor 7 tidak ada."),
        ("", "Kolom 1"),
        ("(" * 3000, "terlalu dalam"),
    ):
        done = siar("segment", "count", expression, "--tenant", "tts", "--json")
        assert (done.code, done.out) == (1, ""), expression
        assert said in done.sentence
    assert siar("segment", "count", "clicked()", "--tenant", "mars").code == 1


def test_what_is_saved_is_listed_shown_and_counted_anew(siar: Siar, people: World) -> None:
    assert asked(siar, "list") == []
    assert siar("segment", "list", "--tenant", "tts").out == "Belum ada segmen.\n"
    saved = asked(siar, "save", "Yang setuju", EXPRESSION)
    assert (saved["id"], saved["count"], saved["used_by"]) == (1, 2, [])
    add_contact(people.app, 4, Purpose.PROMOTIONAL)
    assert asked(siar, "show", "Yang setuju")["count"] == 3
    outer = asked(siar, "save", "Luar", "segmen(1) dan alamat(email)")
    assert asked(siar, "show", "1")["used_by"] == ["segmen “Luar”"]
    assert [row["name"] for row in asked(siar, "list")] == ["Luar", "Yang setuju"]
    again = asked(siar, "save", "Luar", "alamat(email)")
    assert (again["id"], again["count"]) == (outer["id"], 4)
    refused = siar("segment", "show", "Tidak ada", "--tenant", "tts", "--json")
    assert "Tidak ada segmen bernama “Tidak ada”" in refused.sentence
    assert siar("segment", "save", "Lingkar", "segment(9)", "--tenant", "tts").code == 1
    with people.app.database.read() as session:
        assert list(session.scalars(select(Segment.name).order_by(Segment.id))) == ["Yang setuju", "Luar"]
        assert list(session.scalars(select(AuditEntry.action))) == ["segment.saved"] * 3
