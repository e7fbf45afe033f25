"""What every catalogue source must do, written once; a format is tested by writing the same small catalogue its own way.

`Bench` writes wares in one format and opens them through the registry; the checks take a bench and know nothing about the
format behind it.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import select

from catalog_sync.contract import Business, Kind, Product, SetAside, parse
from catalog_sync.service import SyncResult, sync
from catalog_sync.sources.base import CatalogSource, Page, SourceFormat, SourceOptions
from catalog_sync.sources.opening import open_source
from marketing.db import models
from marketing.db.session import Database
from marketing.domain.privacy import looks_like_nik
from marketing.domain.text import cleaned, one_line
from marketing.errors import CatalogError
from marketing.tenants.profile import profile_of

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
PAGE = 500
NIK = "5302014506900001"
SECRET = "rahasia-sekali"
MEGABYTE = "Panjang sekali. " * 65_536
HOSTILE = (
    "<script>alert(1)</script> kain",
    "kain \u202e000.5 pR\u202c",
    "kain nul\x00 dan \x1b[31mmerah",
    "kain\r\nBcc: orang@kotak.example",
    '=HYPERLINK("http://jahat.example","kain")',
    "+62 kain @SUM(A1) -2",
    "]]> &lol; <x/> kain",
    "'; DROP TABLE produk; -- kain",
    "{{ 7*7 }} {% raw %} kain",
    "👨‍👩‍👧‍👦🇮🇩 kain \ufeff\u200b",
    MEGABYTE,
)


@dataclass(frozen=True, slots=True)
class Ware:
    """A product as every format can say it; `price` is a number, or whatever the bench is to write as it stands."""

    id: str
    name: str
    maker: str = "Tenun Nunkolo"
    price: Any = 350_000
    stock: int = 12
    category: str = "fesyen"
    description: str = "Dibuat tangan."

    @property
    def picture(self) -> str:
        return f"https://toko.example/gambar/{self.id}.jpg"


WARES = (
    Ware("11", "Selendang tenun Amanuban"),
    Ware("12", "Keripik pisang Mollo", "Dapur Mollo", 15_000, 0, "makanan_olahan"),
    Ware("13", "Sarung tenun Molo", price=1_250_000, stock=3),
)


@dataclass
class Bench:
    """One format in a folder of its own; `closing` ends the servers that it started."""

    folder: Path
    new_postgres: Callable[[], str]
    closing: list[Callable[[], None]] = field(default_factory=list)

    format: ClassVar[SourceFormat]
    prices: ClassVar[Sequence[tuple[Any, int | None]]]
    """Prices as people write them in this format, and the rupiah they are; None where they must not be guessed."""
    one_page: ClassVar[bool] = False
    longest: ClassVar[int | None] = None

    def write(self, wares: Iterable[Ware], gone: Iterable[str] = ()) -> None:
        """Make the catalogue hold these wares; `gone` are ids that a format with a list of deletions names."""
        raise NotImplementedError

    def location(self) -> str:
        raise NotImplementedError

    def options(self) -> SourceOptions:
        return SourceOptions(region_code="53.02")

    def garble(self) -> None:
        """Put bytes where the catalogue was that are none."""
        raise NotImplementedError

    def nowhere(self) -> Sequence[str]:
        """Return locations of this format where nothing is."""
        raise NotImplementedError

    def open(self, memory: Mapping[str, Any] | None = None) -> CatalogSource:
        return open_source(self.format, self.location(), replace(self.options(), memory=memory or {}))

    def carried(self, text: str) -> str:
        """Return what of a text the format can carry at all."""
        return text[: self.longest]

    def close(self) -> None:
        for close in self.closing:
            close()


@dataclass(frozen=True, slots=True)
class Read:
    """Everything a source gave."""

    pages: list[Page]

    @property
    def businesses(self) -> dict[str, Any]:
        return {raw["id"]: raw for page in self.pages for raw in page.records.get(Kind.BUSINESS, ())}

    @property
    def products(self) -> list[Any]:
        return [raw for page in self.pages for raw in page.records.get(Kind.PRODUCT, ())]

    @property
    def set_aside(self) -> list[SetAside]:
        """What the source could not read, and what it read and the contract refuses."""
        own = [aside for page in self.pages for aside in page.set_aside]
        parsed = [parse(kind, raw) for page in self.pages for kind, raws in page.records.items() for raw in raws]
        return own + [one for one in parsed if isinstance(one, SetAside)]


def read(source: CatalogSource) -> Read:
    return Read(list(source.pages(None)))


def pull(bench: Bench, database: Database, memory: Mapping[str, Any] | None = None) -> tuple[SyncResult, Any]:
    """Sync the bench's catalogue; return what it did and what the source wants to be remembered."""
    source = bench.open(memory)
    result = sync(database, source, profile=profile_of("tts"), source_name="uji", signing_key=b"kunci-uji" * 4, now=NOW)
    return result, json.loads(json.dumps(source.memory))


def live(database: Database) -> dict[str, models.Product]:
    """Return the products that are there, by the id the catalogue gave them."""
    with database.read() as session:
        found = session.scalars(select(models.Product).where(models.Product.deleted_at.is_(None)))
        return {row.external_id: row for row in found}


def check_the_same_catalogue_is_read(bench: Bench) -> None:
    bench.write(WARES)
    found = read(bench.open())
    assert found.set_aside == []
    records = [parse(Kind.PRODUCT, raw) for raw in found.products]
    owners = {key: parse(Kind.BUSINESS, raw) for key, raw in found.businesses.items()}
    said = set()
    for record in records:
        assert isinstance(record, Product)
        owner = owners[record.business_id]
        assert isinstance(owner, Business)
        pictures = tuple(image.url for image in record.images or ())
        said.add((record.name, owner.name, record.price, record.stock, record.category.value, pictures))
    assert said == {(one.name, one.maker, one.price, one.stock, one.category, (one.picture,)) for one in WARES}
    assert len(records) == len(WARES)


def check_businesses_come_before_their_products(bench: Bench) -> None:
    bench.write(WARES)
    known: set[str] = set()
    for page in bench.open().pages(None):
        known |= {raw["id"] for raw in page.records.get(Kind.BUSINESS, ())}
        assert {raw["business_id"] for raw in page.records.get(Kind.PRODUCT, ())} <= known


def check_nothing_is_new_twice(bench: Bench, database: Database) -> None:
    bench.write(WARES)
    first, memory = pull(bench, database)
    assert (first.new, first.set_aside) == (3, [])
    ids = set(live(database))
    again, _memory = pull(bench, database)
    assert (again.new, again.changed, again.unchanged, again.deleted) == (0, 0, 3, 0)
    assert again.by_kind["business"].changed == 0
    remembered, _memory = pull(bench, database, memory)  # a server may say “not modified” now: then nothing is listed
    assert (remembered.new, remembered.changed, remembered.deleted) == (0, 0, 0)
    assert set(live(database)) == ids


def check_a_change_is_noticed(bench: Bench, database: Database) -> None:
    bench.write(WARES)
    _first, memory = pull(bench, database)
    bench.write([replace(WARES[0], stock=0), *WARES[1:]])
    again, _memory = pull(bench, database, memory)
    assert (again.new, again.changed, again.deleted) == (0, 1, 0)
    assert {row.name: row.stock for row in live(database).values()}[WARES[0].name] == 0


def check_a_removed_product_leaves(bench: Bench, database: Database) -> None:
    bench.write(WARES)
    _first, memory = pull(bench, database)
    bench.write(WARES[:2], gone=[WARES[2].id])
    again, _memory = pull(bench, database, memory)
    assert (again.new, again.changed, again.deleted) == (0, 0, 1)
    assert {row.name for row in live(database).values()} == {ware.name for ware in WARES[:2]}


def check_an_unreadable_product_costs_only_itself(bench: Bench, database: Database) -> None:
    bench.write(WARES)
    pull(bench, database)
    broken = next(written for written, rupiah in bench.prices if rupiah is None)
    bench.write([WARES[0], replace(WARES[1], price=broken), WARES[2]])
    result, _memory = pull(bench, database)
    assert len(result.set_aside) == 1
    aside = result.set_aside[0]
    assert aside.external_id or re.search(r"\d", aside.reason)  # an id or a place
    assert aside.reason.rstrip().endswith((".", ")."))
    assert result.deleted == 0  # unreadable is not gone
    assert {row.name for row in live(database).values()} == {ware.name for ware in WARES}


def check_prices(bench: Bench) -> None:
    for written, rupiah in bench.prices:
        bench.write([replace(WARES[0], price=written), WARES[1]])
        found = read(bench.open())
        records = [parse(Kind.PRODUCT, raw) for raw in found.products]
        told = {one.name: one.price for one in records if isinstance(one, Product)}
        assert told[WARES[1].name] == 15_000
        assert told.get(WARES[0].name) == rupiah, written
        assert bool(found.set_aside) is (rupiah is None), written


def check_pages_are_small_and_go_on(bench: Bench) -> None:
    many = [Ware(str(number), f"Selendang {number}", f"Usaha {number % 40}") for number in range(1_000, 2_100)]
    bench.write(many)
    pages = list(bench.open().pages(None))
    names = [raw["name"] for page in pages for raw in page.records.get(Kind.PRODUCT, ())]
    assert sorted(names) == sorted(ware.name for ware in many)
    if not bench.one_page:
        assert max(len(raws) for page in pages for raws in page.records.values()) <= PAGE
    mark = next((number for number, page in enumerate(pages) if page.resume), None)
    if mark is not None:  # killed after this page, the next pull goes on from it
        rest = Read(list(bench.open().pages(None, resume=pages[mark].resume)))
        before = {raw["id"] for page in pages[: mark + 1] for raw in page.records.get(Kind.PRODUCT, ())}
        assert {raw["id"] for raw in rest.products} | before == {raw["id"] for raw in Read(pages).products}


def check_an_empty_catalogue_deletes_nothing(bench: Bench, database: Database) -> None:
    bench.write(WARES)
    pull(bench, database)
    bench.write([])
    try:
        result, _memory = pull(bench, database)
    except CatalogError as error:
        check_is_one_sentence(error)
    else:
        assert (result.new, result.changed) == (0, 0)
    assert len(live(database)) == len(WARES)


def check_hostile_texts_come_out_harmless(bench: Bench, database: Database) -> None:
    wares = [
        Ware(str(number), bench.carried(text), description=bench.carried(text))
        for number, text in enumerate(HOSTILE, 50)
    ]
    bench.write([*wares, WARES[0]])
    result, _memory = pull(bench, database)
    assert result.new + len(result.set_aside) == len(wares) + 1  # each one's fate is told
    assert WARES[0].name in {row.name for row in live(database).values()}
    for row in live(database).values():
        assert one_line(row.name) == row.name
        assert cleaned(row.description) == row.description
    for aside in result.set_aside:
        for text in (aside.external_id, aside.reason, aside.excerpt):
            assert "\x00" not in text
            assert len(text) <= 1_000
            text.encode()


def check_no_nik_gets_out(bench: Bench, database: Database) -> None:
    broken = next(written for written, rupiah in bench.prices if rupiah is None)
    bench.write(
        [
            replace(WARES[0], description=f"Milik {NIK}.", name=f"Sarung {NIK}"),
            replace(WARES[1], name=f"Keripik {NIK}", price=broken),
        ]
    )
    result, memory = pull(bench, database)
    told = json.dumps([memory, [repr(aside) for aside in result.set_aside]])
    with database.read() as session:
        rows = [*session.scalars(select(models.Product)), *session.scalars(select(models.Business))]
        told += "".join(
            repr({column.name: getattr(row, column.name) for column in row.__table__.columns}) for row in rows
        )
    assert rows
    assert looks_like_nik(NIK)
    assert NIK not in told


def check_what_is_no_catalogue_is_one_sentence(bench: Bench) -> None:
    for location in bench.nowhere():
        with pytest.raises(CatalogError) as caught:
            read(open_source(bench.format, location, replace(bench.options(), timeout=2.0)))
        check_is_one_sentence(caught.value)
    bench.write(WARES)
    bench.garble()
    with pytest.raises(CatalogError) as caught:
        read(bench.open())
    check_is_one_sentence(caught.value)


def check_is_one_sentence(error: CatalogError) -> None:
    said = str(error)
    assert said.endswith(".")
    assert said[0].isupper() or said[0] == "“" or said.partition(" ")[0].count(".")  # a name of a file or a host
    assert len(said) < 400
    assert not re.search(r"Traceback|Error\b|Exception|sqlalche|lxml|httpx", said)
    assert SECRET not in said
