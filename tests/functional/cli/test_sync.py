"""`siar sync` against everything that can be wrong: one sentence, a code, nothing half written."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from marketing.installation import free_port
from tests.functional.cli.conftest import Siar

SCHEMA = "siar-catalog/1"
GOOD = {"status": "verified", "by": "Tim", "at": "2026-08-01T09:00:00+08:00"}


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """Serve one answer to every question."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def business(**change: Any) -> dict[str, Any]:
    values = {
        "id": "U-1", "name": "Tenun", "role": "umkm", "scale": "mikro", "nib": "0220123456789", "is_binaan": True,
        "domicile_region": "53.02", "owner_nik_verified": True, "address": "Jalan Satu", "phone": "+6281200000001", "verification": GOOD,
    }  # fmt: skip
    return {**values, **change}


def product(number: int, **change: Any) -> dict[str, Any]:
    values = {
        "id": f"P-{number}", "business_id": "U-1", "kind": "goods", "category": "kerajinan", "name": f"Selendang {number}",
        "description": "Tenun tangan.", "price": 350_000, "unit": "lembar", "stock": 12, "how_to_order": {"text": "Pesan."},
        "verification": GOOD,
    }  # fmt: skip
    return {**values, **change}


def catalogue(folder: Path, products: list[Any], *, schema: str = SCHEMA) -> Path:
    path = folder / "katalog.json"
    page = {"schema": schema, "region": "53.02", "businesses": [business()], "products": products}
    path.write_text(json.dumps(page), "utf-8")
    return path


def stored(folder: Path, table: str) -> int:
    """Count the rows of a table; a database that was never made holds none."""
    path = folder / "data" / "siar.sqlite3"
    if not path.exists():
        return 0
    with sqlite3.connect(path) as connection:
        number: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    connection.close()
    return number


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, b"", "sedang bermasalah (500)"),
        (401, b"", "menolak kunci akses"),
        (200, b"<html>", "bukan JSON"),
        (200, b'{"schema": "siar-catalog/9"}', "siar-catalog/9"),
        (200, b"[]", "bukan objek JSON"),
    ],
)
def test_a_catalogue_that_answers_nonsense_is_told_in_one_sentence(
    siar: Siar, tmp_path: Path, status: int, body: bytes, said: str
) -> None:
    with answering(status, body) as address:
        assert said in siar("sync", "--tenant", "tts", "--source", address).sentence
    assert stored(tmp_path, "product") == 0
    assert stored(tmp_path, "sync_run") == 1


def test_a_catalogue_that_cannot_be_reached_is_told_in_one_sentence(siar: Siar, tmp_path: Path) -> None:
    done = siar("sync", "--tenant", "tts", "--source", f"http://127.0.0.1:{free_port()}")
    assert "tidak dapat dihubungi" in done.sentence
    assert stored(tmp_path, "product") == 0


def test_one_bad_record_among_a_thousand_costs_only_itself(siar: Siar, tmp_path: Path) -> None:
    products: list[Any] = [product(number) for number in range(1, 1001)]
    products[499] = product(500, price="mahal")
    done = siar("sync", "--tenant", "tts", "--source", str(catalogue(tmp_path, products)), "--json")
    assert done.code == 0, done.err
    result = json.loads(done.out)
    assert (result["total"], result["new"]) == (999, 999)
    assert [item["id"] for item in result["set_aside"]] == ["P-500"]
    assert stored(tmp_path, "product") == 999


def test_an_unknown_daerah_names_those_there_are_and_writes_nothing(newcomer: Siar, tmp_path: Path) -> None:
    sentence = newcomer("sync", "--tenant", "jakarta", "--source", str(tmp_path)).sentence
    assert "jakarta" in sentence
    assert "tts, blitar" in sentence
    assert not (tmp_path / "data").exists()


def test_a_daerah_without_a_catalogue_says_which_setting_is_missing(siar: Siar) -> None:
    assert "SIAR_CATALOG_SOURCES" in siar("sync", "--tenant", "tts").sentence


def test_a_folder_without_a_catalogue_says_what_to_put_there(siar: Siar, tmp_path: Path) -> None:
    assert "products.json" in siar("sync", "--tenant", "tts", "--source", str(tmp_path)).sentence


def test_the_wrong_version_in_a_file_leaves_what_is_stored_as_it_is(siar: Siar, tmp_path: Path) -> None:
    assert siar("sync", "--tenant", "tts", "--source", str(catalogue(tmp_path, [product(1)]))).code == 0
    wrong = catalogue(tmp_path, [product(1), product(2)], schema="siar-catalog/2")
    assert "siar-catalog/2" in siar("sync", "--tenant", "tts", "--source", str(wrong)).sentence
    assert stored(tmp_path, "product") == 1
