"""The small catalogue in the contract's own form: a folder, and a server."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from catalog_sync.sources.base import SourceFormat
from marketing.sample.server import CatalogueServer
from tests.conformance.source_suite import Bench, Ware

CLOSED = "http://127.0.0.1:1"


def maker_id(name: str) -> str:
    return "U-" + "".join(letter for letter in name if letter.isalnum())[:40]


class ContractFolder(Bench):
    format = SourceFormat.CONTRACT
    prices = (
        (15_000, 15_000),
        ("15000", None),
        (15_000.5, None),
        ("Rp 15.000", None),
        (True, None),
        (float("nan"), None),
    )
    one_page = True

    @property
    def root(self) -> Path:
        return self.folder / "katalog"

    def write(self, wares: Iterable[Ware], gone: Iterable[str] = ()) -> None:
        self.root.mkdir(exist_ok=True)
        products, makers = [product(ware) for ware in wares], {}
        for one in products:
            makers[one["business_id"]] = {"id": one["business_id"], "name": one.pop("_maker"), "role": "umkm"}
        for name, rows in (
            ("businesses", list(makers.values())),
            ("products", products),
            ("buyers", []),
            ("orders", []),
        ):
            page = {"schema": "siar-catalog/1", "region": "53.02", name: rows, "deleted": {"products": list(gone)}}
            (self.root / f"{name}.json").write_text(json.dumps(page), "utf-8")

    def location(self) -> str:
        return str(self.root)

    def garble(self) -> None:
        (self.root / "products.json").write_bytes(b"\x89PNG\r\n\xff\x00" * 50)

    def nowhere(self) -> list[str]:
        return [str(self.folder / "tidak-ada"), str(self.folder / "tidak-ada.json")]


class ContractServer(ContractFolder):
    one_page = False
    _server: CatalogueServer | None = None

    def location(self) -> str:
        if self._server is None:
            self._server = CatalogueServer(self.root).start()
            self.closing.append(self._server.stop)
        return self._server.address

    def garble(self) -> None:
        (self.root / "products.json").write_text('{"schema": "katalog-lain/9", "products": []}', "utf-8")

    def nowhere(self) -> list[str]:
        return [CLOSED, "http://", "http://\t"]


def product(ware: Ware) -> dict[str, Any]:
    return {
        "id": ware.id,
        "business_id": maker_id(ware.maker),
        "_maker": ware.maker,
        "category": ware.category,
        "name": ware.name,
        "description": ware.description,
        "price": ware.price,
        "stock": ware.stock,
        "images": [{"url": ware.picture}],
    }
