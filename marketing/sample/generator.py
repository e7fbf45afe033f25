"""Write a realistic catalogue of one Daerah into a folder: the same seed, anchor and address give the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from marketing.sample.businesses import make_businesses
from marketing.sample.buyers import make_buyers
from marketing.sample.faults import apply_faults
from marketing.sample.hostile import Hostile, broken_page, hostile_buyers, hostile_products
from marketing.sample.orders import make_orders
from marketing.sample.pictures import draw_pictures
from marketing.sample.products import make_products
from marketing.sample.vocabulary import Draft, Place, Record, stamp
from marketing.sample.words_blitar import BLITAR
from marketing.sample.words_tts import TTS

SCHEMA = "siar-catalog/1"
PLACES: Mapping[str, Place] = {place.tenant: place for place in (TTS, BLITAR)}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was written, and what a consumer should find in it; hostile records are not among `counts` and `unfit`."""

    tenant: str
    region: str
    zone: str
    generated_at: datetime
    folder: Path
    counts: Mapping[str, int]
    unfit: Mapping[str, tuple[str, ...]]
    hostile: tuple[Hostile, ...]
    shipped_unpaid: str
    pictures: tuple[str, ...]


def generate(tenant: str, *, seed: int, anchor: datetime, base_url: str, out: Path) -> Manifest:
    """Write `out/{businesses,products,orders,buyers}.json`, `out/rusak/products.json` and `out/gambar/*.jpg`.

    `tenant` is "tts" or "blitar", `anchor` the aware moment taken for today, `base_url` the address under which the
    folder will be served. Raises ValueError on an unknown tenant or a naive anchor.
    """
    if tenant not in PLACES:
        raise ValueError(f"Tidak ada contoh katalog untuk {tenant!r}; yang ada: {', '.join(PLACES)}.")
    if anchor.utcoffset() is None:
        raise ValueError("anchor harus membawa zona waktu.")
    place = PLACES[tenant]
    today = anchor.astimezone(ZoneInfo(place.zone)).replace(microsecond=0)
    base = base_url.rstrip("/")

    def dice(part: str) -> Random:
        # One stream per part: more buyers do not change the products.
        return Random(f"{seed}:{tenant}:{part}")

    shops = make_businesses(place, dice("businesses"), today)
    drafts = make_products(place, dice("products"), today, base, shops)
    unfit = apply_faults(place, dice("faults"), today, base, (shops, drafts))
    buyers = make_buyers(place, dice("buyers"), today)
    orders, shipped_unpaid = make_orders(place, dice("orders"), today, base, (drafts, buyers))

    sound = _template(drafts, unfit)
    bad_products, hostile = hostile_products(sound, base)
    bad_page, broken = broken_page(sound, base)
    bad_buyers, injected = hostile_buyers(buyers[0])

    out.mkdir(parents=True, exist_ok=True)
    head: Record = {"schema": SCHEMA, "region": place.region, "generated_at": stamp(today)}
    products = [draft.record for draft in drafts]
    _write(out / "businesses.json", {**head, "businesses": [shop.record for shop in shops]})
    _write(
        out / "products.json",
        {**head, "products": products + bad_products, "deleted": {"products": ["P-0900", "P-0901"]}},
    )
    _write(out / "rusak" / "products.json", {**head, "products": bad_page})
    _write(out / "buyers.json", {**head, "buyers": buyers + bad_buyers})
    _write(out / "orders.json", {**head, "orders": orders})
    return Manifest(
        tenant=tenant,
        region=place.region,
        zone=place.zone,
        generated_at=today,
        folder=out,
        counts={
            "businesses": len(shops),
            "products": len(products),
            "buyers": len(buyers),
            "orders": len(orders),
        },
        unfit=unfit,
        hostile=(*hostile, broken, *injected),
        shipped_unpaid=shipped_unpaid,
        pictures=draw_pictures(drafts, seed, out / "gambar"),
    )  # fmt: skip


def _template(drafts: list[Draft], unfit: Mapping[str, tuple[str, ...]]) -> Record:
    """Return a sound piece of cloth, whose hostile copies are held by nothing but their one bad field."""
    return next(
        draft.record
        for draft in drafts
        if draft.record["id"] not in unfit and draft.record["category"] == "fesyen" and not draft.record["bundle_of"]
    )


def _write(path: Path, page: Record) -> None:
    """Write a page object; lone surrogates become the raw bytes they stand for, which only the broken page has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**page, "next_cursor": None}, ensure_ascii=False, indent=1)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
