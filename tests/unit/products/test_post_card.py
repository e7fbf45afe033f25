import io
from dataclasses import asdict, replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from marketing.channels.registry import PUBLISHING_CHANNELS, capabilities
from marketing.domain.content import CardWords, PostPicture
from marketing.domain.picture_shape import SIZES, Shape
from marketing.domain.product import Picture
from marketing.domain.types import ChannelName
from marketing.products.picture_variants import card_picture, make_files
from marketing.products.post_card import BAND, STITCH, card, readable
from marketing.sample.patterns import PALETTES
from marketing.sample.pictures import draw

WORDS = CardWords(
    "Tenun Ikat Buna", "Kelompok Tenun Oelbubuk", "Rp350.000", "", "Dinas Perindagkop UMKM TTS", "#2b3f7f", "pita-tenun"
)
JPEG_NOISE = 12
PHOTO = draw("tenun", "tenun", Random(1), PALETTES[0]).jpeg()


def opened(words: CardWords, shape: Shape = Shape.SQUARE, photo: bytes = PHOTO) -> Image.Image:
    return Image.open(io.BytesIO(card(photo, shape, words))).convert("RGB")


def jpeg(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#b5532a").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("shape", [Shape.SQUARE, Shape.PORTRAIT, Shape.LANDSCAPE])
def test_a_card_has_the_shape_and_the_same_words_give_the_same_bytes(shape: Shape) -> None:
    assert opened(WORDS, shape).size == SIZES[shape]
    assert card(PHOTO, shape, WORDS) == card(PHOTO, shape, WORDS)


@pytest.mark.parametrize("field", ["name", "business", "price", "before", "office"])
def test_every_word_is_seen_in_the_band_and_nothing_of_it_over_the_photo(field: str) -> None:
    width, height = SIZES[Shape.SQUARE]
    band = round(height * BAND)
    one, other = opened(WORDS), opened(replace(WORDS, **{field: "Lain"}))
    changed = ImageChops.difference(one, other).point(lambda value: 255 if value > 40 else 0).getbbox()
    assert changed is not None
    assert changed[1] >= height - band
    assert (changed[0] > 0, changed[2] < width) == (True, True)


@pytest.mark.parametrize("size", [(1, 1), (30, 4000), (4000, 30), (1080, 1080), (640, 480)])
def test_any_photo_becomes_a_card(size: tuple[int, int]) -> None:
    assert opened(WORDS, photo=jpeg(*size)).size == SIZES[Shape.SQUARE]


@settings(max_examples=20)
@given(st.text(max_size=400))
def test_whatever_a_name_holds_it_stays_within_the_card(name: str) -> None:
    words = replace(WORDS, name=readable(name) or "x", business=readable(name), price=readable(name))
    picture = opened(words)
    margin = picture.crop((0, round(picture.height * (1 - BAND)) + 12 * STITCH + 8, 40, picture.height))
    apart = (abs(value - (43, 63, 127)[place % 3]) for place, value in enumerate(margin.tobytes()))
    assert max(apart) <= JPEG_NOISE, "nothing is written into the margin"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Sambal 🔥 Pecel 👨‍👩‍👧‍👦", "Sambal Pecel"),
        ("harga \u202e000.5 pR", "harga 000.5 pR"),
        ("kopi\u200b\u0000 é Ñ", "kopi é Ñ"),
        ("Rp350.000", "Rp350.000"),
        ("クッキー", ""),
        ("", ""),
    ],
)
def test_only_letters_that_the_card_has_are_written(text: str, kept: str) -> None:
    assert readable(text) == kept


@pytest.mark.parametrize("photo", [b"bukan gambar", None])
def test_a_broken_or_missing_photo_leaves_no_file(tmp_path: Path, photo: bytes | None) -> None:
    if photo is not None:
        (tmp_path / f"{'a' * 64}.jpg").write_bytes(photo)
    make_files([made(tmp_path)])
    assert not list(tmp_path.glob("*kartu*"))


def test_a_card_is_made_once_and_a_new_price_makes_another(tmp_path: Path) -> None:
    (tmp_path / f"{'a' * 64}.jpg").write_bytes(PHOTO)
    picture = made(tmp_path)
    make_files([picture, picture])
    first = Path(picture.path).stat().st_mtime_ns
    make_files([picture])
    assert Path(picture.path).stat().st_mtime_ns == first
    dearer = made(tmp_path, replace(WORDS, price="Rp400.000"))
    assert dearer.path != picture.path
    assert dearer.url != picture.url
    assert PostPicture.from_json(asdict(picture)) == picture


def test_tiktok_and_our_own_site_show_the_plain_photo() -> None:
    with_card = {channel for channel in PUBLISHING_CHANNELS if capabilities(channel).card}
    assert with_card == {
        ChannelName.FACEBOOK,
        ChannelName.INSTAGRAM,
        ChannelName.WHATSAPP,
        ChannelName.TELEGRAM,
    }


def made(folder: Path, words: CardWords = WORDS) -> PostPicture:
    photo = Picture(url="https://x.example/a.jpg", alt="", sha256="a" * 64, width=900, height=900)
    limits = capabilities(ChannelName.FACEBOOK)
    return card_picture(photo, limits, words, folder=folder, public_url="https://siar.example")
