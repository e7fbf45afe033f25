"""The two sample catalogues from the first page to the gate, over HTTP, on both engines."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select, text

from catalog_sync.pictures import PictureStore
from catalog_sync.service import SyncResult, sync
from catalog_sync.sources.base import SourceOptions
from catalog_sync.sources.contract import open_source
from marketing.contacts.consent_proof import verify_ledger
from marketing.db.base import Base
from marketing.db.models import (
    Address,
    Business,
    ConsentRecord,
    Contact,
    GateDecision,
    Order,
    OrderEvent,
    OrderItem,
    Product,
    ProductImage,
    SetAside,
    SyncRun,
)
from marketing.db.session import Database
from marketing.products.facts import product_facts
from marketing.sample.generator import Manifest
from marketing.tenants.profile import profile_of
from tests.integration.catalog_sync.conftest import KEY, NOW, Sample

TAKEN = {"script_in_name", "onerror_in_description", "absurd_price", "negative_price", "invisible_characters"}
SET_ASIDE = {"price_in_words", "description_of_10_mb", "broken_utf8", "duplicate_id", "missing_id"}
LASTING = (
    Business,
    Product,
    ProductImage,
    GateDecision,
    Contact,
    Address,
    ConsentRecord,
    Order,
    OrderItem,
    OrderEvent,
)


@pytest.mark.parametrize(
    ("tenant", "database"),
    [("tts", "sqlite"), pytest.param("blitar", "postgresql", marks=pytest.mark.postgres)],
    indirect=["database"],  # what an engine does differently does not hang on the Daerah
)
def test_a_whole_catalogue_twice(
    tenant: str, database: Database, sample: Callable[[str], Sample], tmp_path: Path, capfd: Any
) -> None:
    made = sample(tenant)
    store = PictureStore(tmp_path / "gambar")

    def pull() -> SyncResult:
        return sync(
            database,
            open_source(made.server.address, SourceOptions(token="rahasia")),
            profile=profile_of(tenant),
            source_name="katalog",
            signing_key=KEY,
            now=NOW,
            pictures=store,
        )

    first = pull()
    expect_records(first, made.manifest)
    expect_decisions(database, first, made.manifest)
    expect_harmless_rows(database, store, tenant)
    before = counted(database)

    second = pull()
    expect_nothing_new(first, second)
    assert counted(database) == before
    expect_runs(database, first)
    expect_no_nik(made.manifest, everything_stored(database, tmp_path) + "".join(capfd.readouterr()).encode())


def expect_records(first: SyncResult, manifest: Manifest) -> None:
    neighbour_of_the_broken_record = 1
    assert first.new == first.total == manifest.counts["products"] + len(TAKEN) + neighbour_of_the_broken_record
    assert first.by_kind["business"].new == manifest.counts["businesses"]
    assert first.by_kind["buyer"].new == manifest.counts["buyers"] + 1
    assert first.by_kind["order"].new == manifest.counts["orders"]
    assert first.pictures.failed == 0
    assert first.pictures.copied >= len(set(manifest.pictures)) - 1
    aside = sorted(one.external_id for one in first.set_aside if one.kind == "product")
    assert aside == sorted(one.record_id or "" for one in manifest.hostile if one.kind in SET_ASIDE)
    assert sum(one.kind == "consent" for one in first.set_aside) == 5


def expect_decisions(database: Database, first: SyncResult, manifest: Manifest) -> None:
    hostile = {one.kind: one.record_id or "" for one in manifest.hostile}
    codes: dict[str, set[str]] = {}
    query = select(Product.external_id, GateDecision.reasons, Product.promotable, GateDecision.promotable)
    with database.read() as session:
        for external_id, reasons, promotable, decided in session.execute(
            query.join(GateDecision, GateDecision.product_id == Product.id)
        ):
            assert promotable is decided is (not reasons)
            assert external_id not in codes
            codes[external_id] = {reason["code"] for reason in reasons}
    assert len(codes) == first.total
    assert sum(not held for held in codes.values()) == first.promotable
    for external_id, held in codes.items():
        if not external_id.startswith("P-9"):
            assert held == set(manifest.unfit.get(external_id, ())), external_id
    assert codes[hostile["absurd_price"]]
    assert codes[hostile["negative_price"]]
    assert not codes["P-9102"]
    assert first.held == {
        code: sum(code in held for held in codes.values()) for code in sorted(set().union(*codes.values()))
    }


def expect_harmless_rows(database: Database, store: PictureStore, tenant: str) -> None:
    with database.read() as session:
        names = set(session.scalars(select(Product.name)))
        assert "Sal tenun gnabus murah\u200d asli!" in names
        assert "\n" not in "".join(session.scalars(select(Contact.name)))
        for product in session.scalars(select(Product).limit(20)):
            assert all(picture.sha256 for picture in product_facts(product).pictures)
        for image in session.scalars(select(ProductImage).limit(5)):
            with Image.open(store.path(image.sha256 or "")) as opened:
                assert (opened.format, opened.size) == ("JPEG", (image.width, image.height))
        assert verify_ledger(session, tenant) is None


def counted(database: Database) -> dict[str, int | None]:
    with database.read() as session:
        return {model.__name__: session.scalar(select(func.count()).select_from(model)) for model in LASTING}


def expect_nothing_new(first: SyncResult, second: SyncResult) -> None:
    assert (second.new, second.changed, second.deleted, second.unchanged) == (0, 0, 0, first.total)
    for kind, counts in second.by_kind.items():
        assert (counts.new, counts.changed, counts.deleted) == (0, 0, 0), kind
    assert second.pictures.copied == 0
    assert second.set_aside == first.set_aside
    assert (second.held, second.total, second.promotable) == (first.held, first.total, first.promotable)


def expect_runs(database: Database, first: SyncResult) -> None:
    with database.read() as session:
        runs = session.scalars(select(SyncRun).order_by(SyncRun.id)).all()
        assert [run.state for run in runs] == ["done", "done"]
        assert [run.counts["new"] for run in runs] == [first.total, 0]
        assert all(run.finished_at and run.finished_at >= run.started_at for run in runs)
        assert session.scalar(select(func.count()).select_from(SetAside)) == 2 * len(first.set_aside)


def expect_no_nik(manifest: Manifest, stored: bytes) -> None:
    businesses = json.loads((manifest.folder / "businesses.json").read_bytes())["businesses"]
    niks = [one["owner_nik"].encode() for one in businesses if one["owner_nik"]]
    assert len(niks) > 20
    assert not [nik for nik in niks if nik in stored]


def everything_stored(database: Database, folder: Path) -> bytes:
    """Return all bytes of a SQLite file and its log, or every row of every table."""
    if database.engine.dialect.name == "sqlite":
        files = list(folder.glob("siar.sqlite3*"))
        assert files
        return b"".join(path.read_bytes() for path in files)
    with database.read() as session:
        return "".join(
            str(row[0])
            for table in Base.metadata.sorted_tables
            for row in session.execute(text(f'SELECT t::text FROM "{table.name}" t'))
        ).encode()
