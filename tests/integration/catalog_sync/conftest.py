"""A small catalogue to change at will, and the large sample behind its own server."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog_sync.pictures import PictureStore
from catalog_sync.service import SyncResult, sync
from catalog_sync.sources.base import CatalogSource
from catalog_sync.sources.contract import ContractFolder
from marketing.db.session import Database
from marketing.sample.generator import Manifest, generate
from marketing.sample.server import CatalogueServer
from marketing.tenants.profile import profile_of

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
KEY = b"kunci-uji" * 4
NIK = "5302014506900001"


def business(identity: str = "U-1", **change: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "name": f"Tenun {identity}",
        "role": "umkm",
        "scale": "mikro",
        "nib": "0220123456789",
        "is_binaan": True,
        "domicile_region": "53.02",
        "domicile_kecamatan": "Amanuban Selatan",
        "owner_nik": NIK,
        "owner_nik_verified": True,
        "address": "Jalan Satu",
        "phone": "+6281200000001",
        "verification": {"status": "verified", "by": "Tim", "at": "2026-08-01T09:00:00+08:00"},
        **change,
    }


def product(identity: str = "P-1", **change: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "business_id": "U-1",
        "kind": "goods",
        "category": "kerajinan",
        "name": f"Selendang {identity}",
        "description": "Tenun tangan.",
        "price": 350_000,
        "unit": "lembar",
        "stock": 12,
        "images": [{"url": "gambar/1.jpg", "alt": "Selendang"}],
        "how_to_order": {"text": "Pesan lewat WhatsApp."},
        "verification": {"status": "verified", "by": "Tim", "at": "2026-08-01T09:00:00+08:00"},
        **change,
    }


def buyer(identity: str = "B-1", **change: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "name": "Budi",
        "email": f"budi.{identity}@kotak.example",
        "phone": None,
        "kind": "masyarakat",
        "consents": [consent()],
        **change,
    }


def consent(**change: Any) -> dict[str, Any]:
    given = {"purpose": "newsletter", "state": "given", "at": "2026-08-01T09:00:00+08:00"}
    return {**given, "wording_version": "2026-1", "source": "checkout", **change}


def order(identity: str = "O-1", **change: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "number": "SO-1",
        "buyer_id": "B-1",
        "placed_at": "2026-11-20T10:00:00+08:00",
        "status": "paid",
        "items": [
            {"product_id": "P-1", "business_id": "U-1", "name": "Selendang", "quantity": 2, "unit_price": 350_000}
        ],
        "total": 700_000,
        "events": [{"type": "paid", "at": "2026-11-20T11:00:00+08:00", "document": {"kind": "bukti_pembayaran"}}],
        **change,
    }


@dataclass
class Catalogue:
    """Lists to be changed by a test, written as files whenever they are pulled."""

    folder: Path
    database: Database
    businesses: list[Any] = field(default_factory=lambda: [business()])
    products: list[Any] = field(default_factory=lambda: [product("P-1"), product("P-2", price=None)])
    buyers: list[Any] = field(default_factory=lambda: [buyer()])
    orders: list[Any] = field(default_factory=lambda: [order()])
    deleted: dict[str, Any] = field(default_factory=dict)
    region: str = "53.02"

    def write(self) -> None:
        self.folder.mkdir(exist_ok=True)
        for name in ("businesses", "products", "buyers", "orders"):
            page = {"schema": "siar-catalog/1", "region": self.region, name: getattr(self, name)}
            if name == "products":
                page["deleted"] = self.deleted
            (self.folder / f"{name}.json").write_text(json.dumps(page), "utf-8")

    def pull(self, now: datetime = NOW, pictures: PictureStore | None = None) -> SyncResult:
        self.write()
        return self.pull_from(ContractFolder(self.folder), now, pictures)

    def pull_from(self, source: CatalogSource, now: datetime = NOW, pictures: PictureStore | None = None) -> SyncResult:
        return sync(
            self.database,
            source,
            profile=profile_of("tts"),
            source_name="katalog",
            signing_key=KEY,
            now=now,
            pictures=pictures,
        )


@pytest.fixture
def catalogue(database: Database, tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "katalog", database)


@dataclass(frozen=True)
class Sample:
    """The generated catalogue of one Daerah, served over HTTP."""

    server: CatalogueServer
    manifest: Manifest


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Sample]]:
    """Return the sample of a tenant, made once for all tests; nobody may change it."""
    made: dict[str, Sample] = {}

    def of(tenant: str) -> Sample:
        if tenant not in made:
            folder = tmp_path_factory.mktemp(tenant)
            server = CatalogueServer(folder, token="rahasia").start()
            made[tenant] = Sample(server, generate(tenant, seed=7, anchor=NOW, base_url=server.address, out=folder))
        return made[tenant]

    yield of
    for one in made.values():
        one.server.stop()
