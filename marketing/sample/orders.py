"""A year of orders with their chains of events and documents, and the few of the last two days whose mails are due."""

from datetime import datetime, timedelta
from random import Random

from marketing.sample.buyers import has_address
from marketing.sample.vocabulary import Draft, Place, Record, stamp

LAPSED_DAYS = 130
RECENT_HOURS = 46
RECENT = ("approved",) * 5 + ("paid",) * 5 + ("shipped",) * 5
COMPLAINTS = 10

DOCUMENTS = {
    "approved": ("bukti_persetujuan_pemesanan", "BPP"),
    "invoiced": ("faktur", "FKT"),
    "paid": ("bukti_pembayaran", "BBY"),
    "shipped": ("bukti_pengiriman", "BPG"),
}
_COURIERS = ("JNE", "Pos Indonesia", "J&T Express", "SiCepat", "Kurir setempat")
_CHAIN = ("approved", "invoiced", "paid", "shipped", "delivered")
_COMPLAINTS = (
    "Warna yang datang berbeda dengan foto di katalog.",
    "Dua kemasan sobek ketika paket dibuka.",
    "Jumlah yang diterima kurang satu dari pesanan.",
    "Ukuran tidak sesuai dengan yang saya pesan.",
)


def make_orders(
    place: Place, rng: Random, anchor: datetime, base_url: str, market: tuple[list[Draft], list[Record]]
) -> tuple[list[Record], str]:
    """Make the orders of the year before `anchor`; return them with the id of the one shipped without payment."""
    drafts, buyers = market
    sellable = [draft.record for draft in drafts if draft.record["price"] and draft.record["unit"]]
    shelves: dict[str, list[Record]] = {}
    for record in sellable:
        shelves.setdefault(record["business_id"], []).append(record)
    drawn = [_past(rng, anchor, shelves, person) for person in _people(rng, buyers, place.orders - len(RECENT) - 1)]
    reachable = [buyer for buyer in buyers if has_address(buyer)]
    goods = {key: kept for key, shelf in shelves.items() if (kept := [one for one in shelf if one["kind"] == "goods"])}
    drawn.extend(_recent(rng, anchor, goods, (rng.choice(reachable), last)) for last in RECENT)
    unpaid = _recent(rng, anchor, goods, (rng.choice(reachable), "shipped"))
    unpaid["events"] = [event for event in unpaid["events"] if event["type"] != "paid"]
    drawn.append(unpaid)
    drawn.sort(key=lambda order: (datetime.fromisoformat(order["placed_at"]), order["buyer_id"]))
    for number, order in enumerate(drawn, 1):
        _number(order, number, base_url)
    _add_complaints(rng, anchor, base_url, drawn)
    return drawn, unpaid["id"]


def _people(rng: Random, buyers: list[Record], count: int) -> list[tuple[Record, bool]]:
    """Draw who orders: a few regulars often, most now and then, a quarter only until four months ago (lapsed)."""
    weights, lapsed = [], []
    for _ in buyers:
        mood = rng.random()
        weights.append(9 if mood < 0.12 else 2 if mood < 0.5 else 1 if mood < 0.7 else 3 if mood < 0.95 else 0)  # noqa: PLR2004
        lapsed.append(0.7 <= mood < 0.95)  # noqa: PLR2004
    return [(buyers[index], lapsed[index]) for index in rng.choices(range(len(buyers)), weights, k=count)]


def _past(rng: Random, anchor: datetime, shelves: dict[str, list[Record]], person: tuple[Record, bool]) -> Record:
    """Make one order at a waking hour; what would lie after `anchor` has not happened yet."""
    buyer, lapsed = person
    age = timedelta(days=rng.uniform(LAPSED_DAYS, 364) if lapsed else rng.uniform(1, 364))
    placed = (anchor - age).replace(hour=rng.randint(6, 21), minute=rng.randint(0, 59), second=rng.randint(0, 59))
    placed = min(placed, anchor - timedelta(hours=12))
    order = _order(rng, shelves, buyer, placed)
    service = order["_service"]
    moment = placed + timedelta(minutes=rng.randint(5, 480))
    events = [_event(rng, "approved", moment)]
    if rng.random() < 0.06:  # noqa: PLR2004
        events.append(_event(rng, "cancelled", moment + timedelta(hours=rng.randint(1, 48))))
    else:
        for name, low, high, likelihood in (
            ("invoiced", 0.2, 3, 0.45),
            ("paid", 0.5, 30, 1),
            ("shipped", 6, 60, 0 if service else 1),
            ("delivered", 20, 140, 1),
        ):
            if rng.random() < likelihood:
                moment += timedelta(hours=rng.uniform(low, high))
                events.append(_event(rng, name, moment))
        if rng.random() < 0.01:  # noqa: PLR2004
            events.append(_event(rng, "refunded", moment + timedelta(hours=rng.uniform(20, 90))))
    order["events"] = [event for event in events if datetime.fromisoformat(event["at"]) <= anchor]
    return order


def _recent(rng: Random, anchor: datetime, shelves: dict[str, list[Record]], what: tuple[Record, str]) -> Record:
    """Make one order whose `last` event happened within the last two days, so that its mail is due."""
    buyer, last = what
    moment = anchor - timedelta(hours=rng.uniform(1, RECENT_HOURS))
    events = []
    for name in reversed(_CHAIN[: _CHAIN.index(last) + 1]):
        events.append(_event(rng, name, moment))
        moment -= timedelta(hours=rng.uniform(0.5, 9))
    order = _order(rng, shelves, buyer, moment)
    order["events"] = events[::-1]
    return order


def _order(rng: Random, shelves: dict[str, list[Record]], buyer: Record, placed: datetime) -> Record:
    """Fill a basket at one business; integer rupiah throughout."""
    shelf = shelves[rng.choice(list(shelves))]
    office = buyer["kind"] in {"perangkat_daerah", "badan_usaha", "badan_hukum_pemerintah"}
    basket = rng.sample(shelf, min(len(shelf), rng.choice((1, 1, 1, 2, 2, 3))))
    items = [
        {
            "product_id": product["id"],
            "business_id": product["business_id"],
            "name": product["name"],
            "quantity": max(product["min_order"], rng.randint(5, 30) if office else rng.choice((1, 1, 1, 2, 2, 3, 4))),
            "unit_price": product["price"],
        }
        for product in basket
    ]
    service = all(product["kind"] == "service" for product in basket)
    shipping = 0 if service else rng.choice((0, 9_000, 12_000, 18_000, 25_000, 32_000, 45_000))
    return {
        "id": "",
        "number": "",
        "buyer_id": buyer["id"],
        "placed_at": stamp(placed),
        "status": "",
        "items": items,
        "shipping_cost": shipping,
        "total": sum(item["quantity"] * item["unit_price"] for item in items) + shipping,
        "events": [],
        "complaint": None,
        "updated_at": "",
        "_service": service,
    }


def _event(rng: Random, kind: str, moment: datetime) -> Record:
    event: Record = {"type": kind, "at": stamp(moment)}
    if kind == "shipped":
        event["courier"] = rng.choice(_COURIERS)
        event["tracking_number"] = f"CONTOH{rng.randrange(10**9):09d}"
    return event


def _number(order: Record, number: int, base_url: str) -> None:
    """Give the order its id, its number, its documents, and the status its last event says."""
    del order["_service"]
    year = order["placed_at"][:4]
    order["id"], order["number"] = f"O-{number:05d}", f"SO-{year}-{number:05d}"
    for event in order["events"]:
        if event["type"] in DOCUMENTS:
            kind, prefix = DOCUMENTS[event["type"]]
            url = f"{base_url}/dokumen/{order['id']}/{kind}.pdf"
            event["document"] = {"kind": kind, "number": f"{prefix}/{event['at'][:4]}/{number:05d}", "url": url}
    order["status"] = order["events"][-1]["type"]
    order["updated_at"] = order["events"][-1]["at"]


def _add_complaints(rng: Random, anchor: datetime, base_url: str, orders: list[Record]) -> None:
    """Let some buyers complain after delivery; every third one still lacks a document of Blitar Ps. 10(3)."""
    month = stamp(anchor - timedelta(days=60))
    delivered = [order for order in orders if order["status"] == "delivered" and order["updated_at"] > month]
    for index, order in enumerate(rng.sample(delivered, min(COMPLAINTS, len(delivered)))):
        arrived = datetime.fromisoformat(order["updated_at"])
        opened = arrived + (anchor - arrived) * rng.uniform(0.02, 0.2)
        documents = [
            {"kind": event["document"]["kind"], "url": event["document"]["url"]}
            for event in order["events"]
            if event["type"] in {"approved", "paid", "shipped"}
        ]
        if index % 3:
            documents.append({"kind": "foto_produk", "url": f"{base_url}/dokumen/{order['id']}/foto_produk.jpg"})
        order["events"].append({"type": "complained", "at": stamp(opened)})
        order["complaint"] = {
            "opened_at": stamp(opened),
            "text": rng.choice(_COMPLAINTS),
            "documents": documents,
            "status": "open",
        }
        order["status"], order["updated_at"] = "complained", stamp(opened)
