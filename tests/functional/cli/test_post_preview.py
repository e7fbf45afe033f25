"""`siar post preview`: the words and pictures of every channel as files, with what was left out and why."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from marketing.channels.registry import PUBLISHING_CHANNELS, capabilities
from marketing.db.session import Database
from tests.functional.cli.conftest import Siar
from tests.integration.catalog_sync.conftest import Catalogue, product

OF = ("--tenant", "tts", "--out", "keluar")


@pytest.fixture
def office(siar: Siar, sqlite_template: Path, tmp_path: Path) -> Siar:
    catalogue = Catalogue(tmp_path / "katalog", Database(f"sqlite:///{sqlite_template}"))
    catalogue.products = [
        product("P-1", images=[{"url": "gambar/1.jpg", "alt": ""}], description="Tenun #umkm @toko. " * 200),
        product("P-2", images=[{"url": "gambar/2.jpg", "alt": ""}]),
        product("P/3 ../x", images=[], name="クッキー"),
    ]
    catalogue.buyers = catalogue.orders = []
    catalogue.write()
    (catalogue.folder / "gambar").mkdir()
    for number in (1, 2):
        picture = Image.new("RGB", (900, 600), (90 * number, 30, 60))
        picture.save(catalogue.folder / "gambar" / f"{number}.jpg", "JPEG")
    done = siar("sync", "--tenant", "tts", "--source", str(catalogue.folder), SIAR_PUBLIC_URL="https://siar.example")
    assert done.code == 0, done.err
    return siar


def measured(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "keluar" / f"{name}.json").read_text("utf-8"))
    return found


def test_every_channel_gets_its_text_its_pictures_and_its_measures(office: Siar, tmp_path: Path) -> None:
    check_every_channel(office, tmp_path)
    check_hostile_product(office, tmp_path)


def check_every_channel(office: Siar, tmp_path: Path) -> None:
    done = office("post", "preview", *OF, "--product", "P-1", "--product", "P-2")
    assert done.code == 0, done.err
    for channel in PUBLISHING_CHANNELS:
        found, limits = measured(tmp_path, f"P-1-P-2-{channel.value}"), capabilities(channel)
        text = (tmp_path / "keluar" / f"P-1-P-2-{channel.value}.txt").read_text("utf-8")
        assert found["text"]["counted"] <= found["text"]["limit"] == limits.max_text
        assert found["text"]["code_points"] == len(text)
        assert found["text"]["letters"] <= len(text)
        assert found["refused"] == []
        assert "@toko" not in text
        assert len(found["pictures"]) == min(2, limits.max_pictures)
        for picture in found["pictures"]:
            with Image.open(tmp_path / "keluar" / picture["file"]) as opened:
                assert (opened.format, opened.size) == ("JPEG", (picture["width"], picture["height"]))
            assert picture["card"] == limits.card
    telegram, tiktok = measured(tmp_path, "P-1-P-2-telegram"), measured(tmp_path, "P-1-P-2-tiktok")
    assert any("dipersingkat" in sentence for sentence in telegram["left_out"])
    assert any("TikTok melarang" in sentence for sentence in tiktok["left_out"])
    assert any("1 foto tidak ikut" in sentence for sentence in measured(tmp_path, "P-1-P-2-whatsapp")["left_out"])
    assert "telegram: " in done.out


def check_hostile_product(office: Siar, tmp_path: Path) -> None:
    """What is missing is said, and no name of a file leads elsewhere."""
    done = office("post", "preview", *OF, "--product", "P/3 ../x", "--channel", "instagram", "--locale", "en", "--json")
    assert done.code == 0, done.err
    (found,) = json.loads(done.out)["posts"]
    assert (found["locale"], found["pictures"]) == ("en", [])
    assert len(found["refused"]) == 1, "Instagram takes no post without a picture"
    assert sorted(path.name for path in (tmp_path / "keluar").iterdir() if not path.name.startswith("P-")) == [
        "P_3_.._x-instagram.json",
        "P_3_.._x-instagram.txt",
    ]


def test_what_is_asked_wrongly_gets_a_sentence(siar: Siar) -> None:
    wrong = {
        ("--product", "P-404"): "tidak ada di katalog",
        ("--product", "P-1", "--channel", "myspace"): "tidak dikenal",
        ("--product", "P-1", "--locale", "fr"): "Bahasa “fr”",
        ("--product", "P-1", "--account", "7"): "Akun nomor 7",
    }
    for arguments, said in wrong.items():
        assert said in siar("post", "preview", *OF, *arguments).sentence
