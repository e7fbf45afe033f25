"""A Dinas's own name, colour and logo reach its mails and its pages, and the logo is served by us alone."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html as lxml_html
from PIL import Image
from starlette.testclient import TestClient

from marketing.db.session import Database
from marketing.domain.types import Purpose
from marketing.tenants.profile import shipped_profiles, use_profiles
from marketing.web.app import create_app
from tests.support.world import World, add_contact, add_product, promotion

OWN = """
dinas = "Dinas Perindagkop TTS"
phone = "+62 388 21001"
brand_color = "#1f5c3a"
logo = "lambang.png"
marketing_sender = "promosi@kabar.surat.ttskab.example"
"""


@pytest.fixture
def own_world(sqlite_template: Path, tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "data" / "daerah"
    folder.mkdir(parents=True)
    (folder / "tts.toml").write_text(OWN, "utf-8")
    logo = io.BytesIO()
    Image.new("RGB", (200, 200), "green").save(logo, "PNG")
    (folder / "lambang.png").write_bytes(logo.getvalue())
    shutil.copy(sqlite_template, tmp_path / "siar.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'siar.sqlite3'}")
    yield World.make(database, tmp_path)
    database.close()
    use_profiles(shipped_profiles())


def test_mails_and_pages_wear_what_the_dinas_chose(own_world: World) -> None:
    world = own_world
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    world.run(world.approved(promotion(add_product(world.app, 1))))
    (email,) = world.outbox.sent
    assert email.sender_address == "promosi@kabar.surat.ttskab.example"
    assert email.message_id.endswith("@kabar.surat.ttskab.example>")
    for part in (email.html, email.text):
        assert "Dinas Perindagkop TTS" in part
        assert "+62 388 21001" in part
    assert "#1f5c3a" in email.html
    (address,) = lxml_html.fromstring(email.html).xpath("//img[@height='48']/@src")
    assert address.startswith("https://siar.example/gambar/")
    with TestClient(create_app(world.app)) as client:
        logo = client.get(address.removeprefix("https://siar.example"))
        assert (logo.status_code, logo.headers["content-type"]) == (200, "image/png")
        assert "immutable" in logo.headers["cache-control"]
        assert "--brand: #1f5c3a;" in client.get("/merek/tts.css").text
        assert "Dinas Perindagkop TTS" in client.get("/galeri/tts").text
        for wrong in ("/gambar/lambang.png", f"/gambar/{'f' * 64}.png", "/gambar/..%2Fdaerah%2Flambang.png"):
            assert client.get(wrong).status_code == 404
