"""`siar marketplace export`: every kind of file, and one sentence for everything that goes wrong."""

import csv
import json
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook
from sqlalchemy import update

from marketing.bootstrap import build_app
from marketing.db.models import Product, ProductImage
from marketing.settings import load_settings
from tests.functional.cli.conftest import Siar
from tests.support.world import add_product


@pytest.fixture(autouse=True)
def _catalogue(siar: Siar) -> None:
    assert siar("migrate").code == 0
    app = build_app(load_settings())
    for number in (1, 2):
        add_product(app, number)
    with app.database.write() as session:
        session.execute(
            update(Product).values(name="Selendang tenun ikat motif", description="Tenun tangan dari kapas.")
        )
        session.execute(update(Product).where(Product.external_id == "P-2").values(weight_gram=None))
        session.execute(update(ProductImage).values(width=1080, height=1080))
    app.close()


@pytest.mark.parametrize("name", ["shopee", "tokopedia", "lazada", "blibli"])
def test_a_workbook_is_written_and_the_numbers_told(siar: Siar, tmp_path: Path, name: str) -> None:
    out = tmp_path / "berkas.xlsx"
    done = siar("marketplace", "export", "--tenant", "tts", "--for", name, "--out", str(out), "--json")
    assert json.loads(done.out) == {"for": name, "file": str(out), "products": 1, "left_out": 1}
    assert load_workbook(out).sheetnames == ["Template", "Tidak ikut", "Petunjuk"]


def test_feeds_are_written_for_plain_hosting(siar: Siar, tmp_path: Path) -> None:
    google, meta = tmp_path / "merchant.xml", tmp_path / "meta.csv"
    done = siar("marketplace", "export", "--tenant", "tts", "--for", "google", "--out", str(google))
    assert done.code == 0
    assert "2 produk ditulis" in done.out
    assert len(etree.parse(google).findall(".//item")) == 2
    assert siar("marketplace", "export", "--tenant", "tts", "--for", "meta", "--out", str(meta)).code == 0
    with meta.open(newline="", encoding="utf-8") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["tts-P-1", "tts-P-2"]


def test_one_business_alone(siar: Siar, tmp_path: Path) -> None:
    out = tmp_path / "a.xml"
    told = siar(
        "marketplace", "export", "--tenant", "tts", "--for", "google", "--out", str(out), "--business", "U-2", "--json"
    )
    assert json.loads(told.out)["products"] == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--for": "bukalapak"}, "Lokapasar “bukalapak” tidak dikenal"),
        ({"--tenant": "entah"}, "Daerah “entah” tidak dikenal"),
        ({"--business": "U-99"}, "Usaha “U-99” tidak ada"),
        ({"--out": "tidak/ada/a.xlsx"}, "tidak dapat ditulis"),
        ({"--for": "google", "--out": "tidak/ada/a.xml"}, "tidak dapat ditulis"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_leaves_nothing(
    siar: Siar, tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    asked = {"--tenant": "tts", "--for": "shopee", "--out": "a.xlsx", **changed}
    before = set(tmp_path.iterdir())
    done = siar("marketplace", "export", *[word for pair in asked.items() for word in pair])
    assert done.code == 1
    assert said in done.sentence
    assert set(tmp_path.iterdir()) == before


def test_a_file_that_stands_is_replaced_whole(siar: Siar, tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    out.write_bytes(b"lama")
    assert siar("marketplace", "export", "--tenant", "tts", "--for", "shopee", "--out", str(out)).code == 0
    assert out.read_bytes()[:2] == b"PK"
    assert [path.name for path in tmp_path.iterdir() if "siar" in path.name and path.is_file()] == []
