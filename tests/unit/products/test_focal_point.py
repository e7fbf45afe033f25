"""Pictures as people really send them: nothing of the goods is cut off, and nothing is too odd to become a card."""

import io

import pytest
from PIL import Image, ImageDraw

from catalog_sync.pictures import PictureError, re_encode
from marketing.domain.content import CardWords
from marketing.domain.picture_shape import SIZES, Shape
from marketing.products.focal_point import Goods, goods_in, laid_at, shown_whole
from marketing.products.picture_variants import shaped
from marketing.products.post_card import BAND, LEAST_BAND, card

WORDS = CardWords("Madu", "UD Mutis", "Rp9.500", "", "Dinas", "#2b3f7f", "pita-batik")
RED = (200, 30, 30)


def photo(box: tuple[int, int, int, int], size: tuple[int, int] = (1000, 1000)) -> Image.Image:
    picture = Image.new("RGB", size, "#e8e0d0")
    ImageDraw.Draw(picture).rectangle(box, fill=RED)
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def red_seen(picture: Image.Image) -> tuple[int, int, int, int]:
    mask = picture.convert("RGB").split()
    strong = Image.merge("RGB", (mask[0], mask[1].point(lambda value: 255 - value), mask[2])).convert("RGB")
    goods = strong.split()[0].point(lambda value: 255 if value > 150 else 0)
    not_ground = strong.split()[1].point(lambda value: 255 if value > 150 else 0)
    found = Image.composite(goods, Image.new("L", goods.size), not_ground).getbbox()
    assert found is not None
    return found


@pytest.mark.parametrize(
    "box", [(50, 20, 400, 980), (100, 600, 900, 960), (600, 40, 960, 400), (20, 450, 980, 550), (480, 480, 520, 520)]
)
@pytest.mark.parametrize("shape", [Shape.SQUARE, Shape.PORTRAIT, Shape.LANDSCAPE])
def test_goods_anywhere_in_a_photo_are_whole_on_the_card(box: tuple[int, int, int, int], shape: Shape) -> None:
    made = Image.open(io.BytesIO(card(saved(photo(box), "JPEG"), shape, WORDS)))
    left, top, right, bottom = red_seen(
        made.crop((0, 0, made.width, made.height - max(round(made.height * BAND), LEAST_BAND)))
    )
    wanted = (box[2] - box[0]) / (box[3] - box[1])
    assert (right - left) / (bottom - top) == pytest.approx(wanted, rel=0.06), "nothing of it is cut off"


def test_a_picture_of_one_colour_has_no_goods_and_is_taken_whole() -> None:
    assert goods_in(Image.new("RGB", (300, 200), "white")) == Goods()
    assert shown_whole((300, 200), (100, 100), Goods()) == pytest.approx(1 / 3)
    assert laid_at((100, 67), (100, 100), Goods()) == (0, 16)


def hostile() -> dict[str, bytes]:
    goods = photo((300, 300, 700, 700))
    glass = Image.new("RGBA", (700, 700), (0, 0, 0, 0))
    ImageDraw.Draw(glass).ellipse((100, 100, 600, 600), fill=(*RED, 255))
    turned = Image.Exif()
    turned[0x0112] = 6
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "green")]
    return {
        "one pixel": saved(Image.new("RGB", (1, 1)), "PNG"),
        "see-through": saved(glass, "PNG"),
        "CMYK": saved(goods.convert("CMYK"), "JPEG"),
        "turned": saved(photo((0, 0, 90, 20), (120, 40)), "JPEG", exif=turned.tobytes()),
        "moving": saved(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "a line": saved(photo((0, 0, 900, 5), (3000, 20)), "JPEG"),
        "a pole": saved(photo((0, 0, 5, 900), (20, 3000)), "JPEG"),
        "grey of 16 bits": saved(Image.new("I;16", (300, 300), 40_000), "PNG"),
    }


@pytest.mark.parametrize("name", hostile())
def test_whatever_is_sent_becomes_card_and_shapes_of_the_right_size(name: str) -> None:
    data, width, height = re_encode(hostile()[name])
    if name == "turned":
        assert (width, height) == (40, 120), "as the camera was held"
    if name == "see-through":
        assert min(Image.open(io.BytesIO(data)).convert("RGB").getpixel((3, 3)) or ()) > 245  # type: ignore[arg-type]
    for shape in (Shape.SQUARE, Shape.PORTRAIT):
        one = Image.open(io.BytesIO(card(data, shape, WORDS)))
        assert (one.format, one.mode, one.size) == ("JPEG", "RGB", SIZES[shape])
        plain = Image.open(io.BytesIO(shaped(data, shape)))
        ratio = 1.0 if name == "one pixel" else SIZES[shape][0] / SIZES[shape][1]
        assert plain.width / plain.height == pytest.approx(ratio, abs=0.02)
        assert not plain.getexif()


@pytest.mark.parametrize(
    "body", [b"", b"bukan gambar", b"<svg onload='alert(1)'/>", saved(photo((0, 0, 9, 9)), "JPEG")[:400]]
)
def test_what_is_no_whole_picture_is_refused_with_a_sentence(body: bytes) -> None:
    with pytest.raises(PictureError, match=r"Berkas bukan foto .*\.$"):
        re_encode(body)
