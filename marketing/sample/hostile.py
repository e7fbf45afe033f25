"""Records made to hurt a careless consumer: each is set aside, held, or rendered harmless, and the rest goes on."""

from dataclasses import dataclass

from marketing.sample.vocabulary import Record

LONG_DESCRIPTION = 10 * 1024 * 1024
ABSURD_PRICE = 9_999_999_999_999


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile record: what it is, in which list and file it lies, and what a good consumer does with it."""

    kind: str
    feed: str
    record_id: str | None
    file: str
    expect: str


def hostile_products(template: Record, base_url: str) -> tuple[list[Record], list[Hostile]]:
    """Return hostile variations of one sound product; but for the named field each is complete and verified."""
    made: list[tuple[str, str, Record]] = [
        ("script_in_name", "rendered as text", {"name": "Selendang <script>alert('siar')</script> merah"}),
        (
            "onerror_in_description",
            "rendered as text",
            {"description": 'Kain halus "><img src=x onerror=alert(1)> buatan tangan. <a href="javascript:alert(1)">Beli</a>'},
        ),
        ("absurd_price", "held or set aside", {"price": ABSURD_PRICE}),
        ("negative_price", "held or set aside", {"price": -25_000}),
        ("price_in_words", "set aside", {"price": "seratus ribu"}),
        ("description_of_10_mb", "set aside or cut", {"description": _long_text()}),
        ("missing_id", "set aside", {"id": None}),
        (
            "invisible_characters",
            "invisible characters removed",
            {"name": "Sal tenun \u202egnabus\u202c mu\u200brah\u200d \ufeffasli\u2066!\u2069"},
        ),
    ]  # fmt: skip
    records, listed = [], []
    for number, (kind, expect, change) in enumerate(made, 9_001):
        identity = f"P-{number}"
        record = {**_copy(template, identity, base_url), **change}
        if record["id"] is None:
            del record["id"]
        records.append(record)
        listed.append(Hostile(kind, "products", record.get("id"), "products.json", expect))
    twin = {**template, "name": f"{template['name']} (salinan)", "price": template["price"] + 10_000}
    records.append(twin)
    listed.append(Hostile("duplicate_id", "products", twin["id"], "products.json", "one of the two set aside"))
    return records, listed


def broken_page(template: Record, base_url: str) -> tuple[list[Record], Hostile]:
    """Return a page of its own: one record with bytes that are no UTF-8, and a sound neighbour that must survive.

    The broken bytes are written as lone surrogates (`surrogateescape`), which the writer turns back into bytes.
    """
    broken = {**_copy(template, "P-9101", base_url), "name": "Sal tenun \udcff\udcfe rusak"}
    neighbour = {**_copy(template, "P-9102", base_url), "name": f"{template['name']} (tetangga halaman rusak)"}
    expect = "set aside or replaced; its neighbour P-9102 arrives"
    return [broken, neighbour], Hostile("broken_utf8", "products", "P-9101", "rusak/products.json", expect)


def hostile_buyers(template: Record) -> tuple[list[Record], list[Hostile]]:
    """Return a buyer whose name tries to add a header line to a mail."""
    record = {
        **template,
        "id": "B-9001",
        "name": "Budi\r\nBcc: semua@korban.example",
        "email": "budi.9001@kotak.example",
        "phone": None,
    }
    return [record], [Hostile("line_break_in_buyer_name", "buyers", "B-9001", "buyers.json", "no new header line")]


def _copy(template: Record, identity: str, base_url: str) -> Record:
    order = {**template["how_to_order"], "url": f"{base_url}/p/{identity}"}
    return {**template, "id": identity, "how_to_order": order, "sale": None, "bundle_of": []}


def _long_text() -> str:
    sentence = "Deskripsi yang tidak pernah berakhir, diulang oleh pembuatnya tanpa alasan. "
    return (sentence * (LONG_DESCRIPTION // len(sentence) + 1))[:LONG_DESCRIPTION]
