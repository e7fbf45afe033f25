"""A catalogue of any size as a contract folder: the sample of the Daerah, copied under new identities."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from marketing.sample.businesses import make_businesses
from marketing.sample.faults import apply_faults
from marketing.sample.generator import PLACES, SCHEMA
from marketing.sample.products import make_products

Record = dict[str, Any]
ADDRESS = "http://127.0.0.1:9"  # nothing is fetched
NIK_DIGITS = 16
SERIAL_DIGITS = 4


def write_catalogue(
    folder: Path, products: int, anchor: datetime, *, fit_only: bool = False, tenant: str = "tts"
) -> int:
    """Write businesses.json and products.json with this many products; return the number of businesses.

    Of the sample's products one in four fails an article of the gate; `fit_only` leaves those out.
    """
    place, dice = PLACES[tenant], Random(7)
    shops = make_businesses(place, dice, anchor)
    drafts = make_products(place, dice, anchor, ADDRESS, shops)
    unfit = apply_faults(place, dice, anchor, ADDRESS, (shops, drafts))
    chosen = [draft.record for draft in drafts if not (fit_only and draft.record["id"] in unfit)]
    owners = {shop.record["id"]: shop.record for shop in shops}
    goods: list[Record] = []
    businesses: dict[str, Record] = {}
    for number in range(products):
        copy, index = divmod(number, len(chosen))
        record = chosen[index]
        goods.append(_product(record, copy))
        owner = goods[-1]["business_id"]
        if owner not in businesses:
            businesses[owner] = _business(owners[record["business_id"]], copy, len(businesses))
    head = {"schema": SCHEMA, "region": place.region, "generated_at": anchor.isoformat(), "next_cursor": None}
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "businesses.json", {**head, "businesses": list(businesses.values())})
    _write(folder / "products.json", {**head, "products": goods})
    for feed in ("buyers", "orders"):
        _write(folder / f"{feed}.json", {**head, feed: []})
    return len(businesses)


def change_prices(folder: Path, products: int) -> None:
    """Give so many products, spread over the catalogue, another price."""
    _edit(
        folder,
        lambda goods: [
            one.update(price=(one["price"] or 0) + 500) for one in goods[:: len(goods) // products][:products]
        ],
    )


def revoke(folder: Path, product: str) -> None:
    """Take one product's verification back."""
    _edit(
        folder, lambda goods: [one.update(verification={"status": "revoked"}) for one in goods if one["id"] == product]
    )


def _edit(folder: Path, change: Callable[[list[Record]], object]) -> None:
    path = folder / "products.json"
    page = json.loads(path.read_bytes())
    change(page["products"])
    _write(path, page)


def _product(record: Mapping[str, Any], copy: int) -> Record:
    parts = [{**part, "product_id": f"{part['product_id']}-{copy}"} for part in record["bundle_of"]]
    own = {"id": f"{record['id']}-{copy}", "business_id": f"{record['business_id']}-{copy}", "bundle_of": parts}
    return {**record, **own}


def _business(record: Mapping[str, Any], copy: int, number: int) -> Record:
    """Copy a business; a well-formed NIK gets a serial of its own."""
    nik = record["owner_nik"] or ""
    if len(nik) == NIK_DIGITS:
        nik = f"{nik[:-SERIAL_DIGITS]}{number % 10**SERIAL_DIGITS:0{SERIAL_DIGITS}d}"
    return {**record, "id": f"{record['id']}-{copy}", "owner_nik": nik or record["owner_nik"]}


def _write(path: Path, page: Record) -> None:
    path.write_text(json.dumps(page, ensure_ascii=False), "utf-8")
