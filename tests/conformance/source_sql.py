"""The small catalogue in a database: SQLite and PostgreSQL, with tables as a Dinas would name them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, create_engine, text

from catalog_sync.sources.base import SourceFormat
from tests.conformance.source_contract import maker_id
from tests.conformance.source_suite import SECRET, Bench, Ware

TABLES = (
    "DROP TABLE IF EXISTS produk",
    "DROP TABLE IF EXISTS usaha",
    "CREATE TABLE usaha (id text, nama_usaha text, kata_sandi text)",
    "CREATE TABLE produk (id integer, id_usaha text, nama_produk text, kategori text, deskripsi text, stok integer, foto text, harga {price})",
)


class SqliteFile(Bench):
    format = SourceFormat.SQL
    prices = (
        (15_000, 15_000),
        (15_000.0, 15_000),
        ("15000", 15_000),
        ("Rp 15.000", 15_000),
        (15_000.5, None),
        ("15,000", None),
        (float("inf"), None),
        (b"\xff\xfe", None),
    )
    price_type = ""
    _engine: Engine | None = None

    def url(self) -> str:
        return f"sqlite:///{self.folder / 'toko.sqlite3'}"

    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = create_engine(self.url())
            self.closing.append(self._engine.dispose)
        return self._engine

    def write(self, wares: Iterable[Ware], gone: Iterable[str] = ()) -> None:
        wares = list(wares)
        with self.engine().begin() as connection:
            for statement in TABLES:
                connection.execute(text(statement.format(price=self.price_type)))
            for maker in dict.fromkeys(ware.maker for ware in wares):
                values = {"id": maker_id(maker), "nama": maker, "sandi": SECRET}
                connection.execute(text("INSERT INTO usaha VALUES (:id, :nama, :sandi)"), values)
            if wares:
                insert = "INSERT INTO produk VALUES (:id, :usaha, :nama, :kategori, :deskripsi, :stok, :foto, :harga)"
                connection.execute(text(insert), [row(ware) for ware in wares])

    def location(self) -> str:
        return self.url()

    def garble(self) -> None:
        self.engine().dispose()
        (self.folder / "toko.sqlite3").write_bytes(b"\x89PNG\r\n\xff\x00" * 500)

    def nowhere(self) -> list[str]:
        return [
            f"sqlite:///{self.folder}/tidak-ada.sqlite3",
            str(self.folder / "tidak-ada.db"),
            "sqlite://",
            "bukan alamat",
            f"postgresql+psycopg://siar:{SECRET}@127.0.0.1:1/toko",
            f"mysql+pymysql://siar:{SECRET}@127.0.0.1/toko",
            f"oracle://siar:{SECRET}@127.0.0.1/toko",
            f"://{SECRET}",
        ]


class Postgres(SqliteFile):
    prices = (
        (15_000, 15_000),
        (Decimal("15000.00"), 15_000),
        (Decimal("15000.50"), None),
        (Decimal("NaN"), None),
        (Decimal(10) ** 40, None),
    )
    price_type = "numeric"
    _url = ""

    def url(self) -> str:
        self._url = self._url or self.new_postgres()
        return self._url

    def carried(self, text: str) -> str:
        return text.replace("\x00", "")  # PostgreSQL keeps none

    def garble(self) -> None:
        with self.engine().begin() as connection:
            connection.execute(text("DROP TABLE produk"))

    def nowhere(self) -> list[str]:
        return [self.url() + "_tidak_ada", f"postgresql://siar:{SECRET}@127.0.0.1:1/toko"]


def row(ware: Ware) -> dict[str, Any]:
    return {
        "id": int(ware.id),
        "usaha": maker_id(ware.maker),
        "nama": ware.name,
        "kategori": ware.category,
        "deskripsi": ware.description,
        "harga": ware.price,
        "stok": ware.stock,
        "foto": ware.picture,
    }
