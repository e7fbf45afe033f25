"""`siar gate` as a person and as another program run it: what it prints, to whom, and that nothing else goes to stdout."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from marketing.db.models import Product
from marketing.db.session import Database
from marketing.products.gate import evaluate_gate
from marketing.tenants.profile import profile_of
from tests.functional.cli.conftest import Siar
from tests.support.world import World, add_product


@pytest.fixture(name="catalogue")
def _catalogue(installed: Path, tmp_path: Path) -> Iterator[World]:
    """The installation that the command finds in this folder, with three products: lawful, unverified, lapsed."""
    database = Database(f"sqlite:///{installed}")
    world = World.make(database, tmp_path)
    add_product(world.app, 1)
    add_product(world.app, 2, verification_status="pending", promotable=False)
    lapsed = [{"type": "PIRT", "number": "2065302010123-20", "expires": None}]
    third = add_product(world.app, 3, category="makanan_olahan", permits=lapsed, halal_status="certified")
    with database.write() as session:
        session.get_one(Product, third).halal_number = "MUI-lama-1234"
        evaluate_gate(session, profile_of("tts"), world.clock())
    yield world
    database.close()


def asked(siar: Siar, *arguments: str) -> Any:
    done = siar("gate", *arguments, "--tenant", "tts", "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


@pytest.mark.usefixtures("catalogue")
def test_explain_prints_the_agreed_object_first_and_in_order(siar: Siar) -> None:
    found = asked(siar, "explain", "P-2")
    assert list(found)[:3] == ["product", "promotable", "reasons"]
    assert (found["product"], found["promotable"]) == ("P-2", False)
    (reason,) = found["reasons"]
    assert list(reason)[:3] == ["code", "text", "cure"]
    assert reason["code"] == "TTS 10(1)c"
    assert reason["text"] == "Produk belum diverifikasi tim pengelola."
    assert found["name"] == "Tenun 2"
    assert found["rule_version"].startswith("perbup_tts_17_2025/")


@pytest.mark.usefixtures("catalogue")
def test_a_promotable_product_has_no_reasons(siar: Siar) -> None:
    found = asked(siar, "explain", "P-1")
    assert (found["promotable"], found["reasons"]) == (True, [])


@pytest.mark.usefixtures("catalogue")
def test_a_person_reads_law_cure_and_remarks(siar: Siar) -> None:
    done = siar("gate", "explain", "P-3", "--tenant", "tts")
    assert done.code == 0
    for said in (
        "Tertahan TTS 10(2): P-IRT kedaluwarsa 31 Desember 2020.",
        "Dasar: Perbup TTS 17/2025 Pasal 10 ayat (2)",
    ):
        assert said in done.out
    assert "Supaya lolos: perpanjang P-IRT" in done.out
    assert "Catatan: Nomor halal MUI-lama-1234" in done.out
    assert "Boleh dipromosikan." in siar("gate", "explain", "P-1", "--tenant", "tts").out


def test_it_asks_now_and_not_the_last_decision(siar: Siar, catalogue: World) -> None:
    with catalogue.app.database.write() as session:
        session.scalars(select(Product).where(Product.external_id == "P-1")).one().stock = 0
    assert [reason["code"] for reason in asked(siar, "explain", "P-1")["reasons"]] == ["TTS 10(1)c"]


@pytest.mark.usefixtures("catalogue")
def test_list_is_one_json_array_of_the_same_objects(siar: Siar) -> None:
    found = asked(siar, "list")
    assert [one["product"] for one in found] == ["P-1", "P-2", "P-3"]
    single = asked(siar, "explain", "P-3")
    assert {**found[2], "decided_at": ""} == {**single, "decided_at": ""}
    assert [one["product"] for one in asked(siar, "list", "--held")] == ["P-2", "P-3"]


@pytest.mark.usefixtures("catalogue")
def test_a_person_reads_totals_per_code(siar: Siar) -> None:
    out = siar("gate", "list", "--tenant", "tts").out
    assert "3 produk: 1 boleh, 2 tertahan." in out
    assert "TTS 10(1)c\t1" in out
    assert "TTS 10(2)\t1" in out


@pytest.mark.usefixtures("catalogue")
def test_digest_tells_each_business_what_it_lacks(siar: Siar) -> None:
    found = {one["business"]: one for one in asked(siar, "digest")}
    assert set(found) == {"U-2", "U-3"}
    (gap,) = found["U-3"]["gaps"]
    assert (gap["topic"], gap["code"], gap["products"]) == ("standardisasi dan sertifikasi", "TTS 10(2)", ["Tenun 3"])
    assert gap["basis"] == "Perbup TTS 17/2025 Pasal 9 ayat (1) huruf b"
    out = siar("gate", "digest", "--tenant", "tts").out
    assert "2 UMKM perlu pendampingan." in out
    assert "Langkah berikut: minta tim pengelola" in out


def test_an_empty_catalogue_is_an_empty_array_and_a_sentence(siar: Siar) -> None:
    assert asked(siar, "list") == []
    assert asked(siar, "digest") == []
    assert "Tidak ada UMKM" in siar("gate", "digest", "--tenant", "tts").out


def test_an_unknown_product_a_gone_one_and_one_of_another_daerah_are_sentences(siar: Siar, catalogue: World) -> None:
    sentence = siar("gate", "explain", "P-99", "--tenant", "tts", "--json").sentence
    assert "“P-99” tidak ada di katalog" in sentence
    assert "tidak ada di katalog" in siar("gate", "explain", "P-1", "--tenant", "blitar").sentence
    assert "“x” tidak dikenal" in siar("gate", "explain", "P-1", "--tenant", "x").sentence
    with catalogue.app.database.write() as session:
        session.scalars(select(Product).where(Product.external_id == "P-1")).one().deleted_at = catalogue.clock()
    assert "sudah hilang dari katalog" in siar("gate", "explain", "P-1", "--tenant", "tts").sentence
    assert [one["product"] for one in asked(siar, "list")] == ["P-2", "P-3"]


def test_the_same_id_in_two_sources_asks_which(siar: Siar, catalogue: World) -> None:
    other = add_product(catalogue.app, 9)
    with catalogue.app.database.write() as session:
        row = session.get_one(Product, other)
        row.source, row.external_id, row.stock = "toko", "P-1", 0
    assert "katalog, toko. Pilih satu dengan --source." in siar("gate", "explain", "P-1", "--tenant", "tts").sentence
    assert asked(siar, "explain", "P-1", "--source", "katalog")["promotable"]
    assert not asked(siar, "explain", "P-1", "--source", "toko")["promotable"]
    assert (
        "Sumber yang memilikinya: katalog, toko."
        in siar("gate", "explain", "P-1", "--tenant", "tts", "--source", "pasar").sentence
    )


def test_hostile_text_stays_inside_its_json_string(siar: Siar, catalogue: World) -> None:
    with catalogue.app.database.write() as session:
        row = session.scalars(select(Product).where(Product.external_id == "P-1")).one()
        row.name = 'Sal "</script>\\ \u2028'
    assert asked(siar, "explain", "P-1")["name"] == 'Sal "</script>\\ \u2028'
