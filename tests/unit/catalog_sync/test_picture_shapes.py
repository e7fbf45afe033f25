"""Pictures in the shapes of the channels: nothing cut off, nothing blown up, no metadata, the same bytes each time."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from marketing.channels import registry
from marketing.domain.content import PostPicture
from marketing.domain.picture_shape import ENLARGE, NEAR, SIZES, Shape, placed, shape_for
from marketing.domain.product import Picture
from marketing.domain.types import ChannelName
from marketing.products.picture_variants import make_files, post_picture, shaped, variant

SHA = "a" * 64
SIDES = st.integers(1, 5_000)
SHAPES = pytest.mark.parametrize("shape", list(Shape))


def jpeg(size: tuple[int, int] = (600, 400), rim: str = "white", **options: object) -> bytes:
    """A picture with a blue thing in the middle of its ground."""
    picture = Image.new("RGB", size, rim)
    ImageDraw.Draw(picture).rectangle((size[0] // 3, size[1] // 3, 2 * size[0] // 3, 2 * size[1] // 3), "blue")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95, **options)  # type: ignore[arg-type]
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@given(SIDES, SIDES, st.sampled_from(Shape))
def test_the_canvas_has_the_ratio_and_the_picture_lies_in_its_middle(width: int, height: int, shape: Shape) -> None:
    plan = placed(width, height, shape)
    wanted = SIZES[shape]
    assert plan.canvas[0] <= wanted[0]
    assert plan.canvas[1] <= wanted[1]
    if min(plan.canvas) > 60:  # below, one pixel of rounding weighs more
        assert plan.canvas[0] / plan.canvas[1] == pytest.approx(wanted[0] / wanted[1], rel=0.02)
    for axis in (0, 1):
        assert abs(2 * plan.at[axis] + plan.drawn[axis] - plan.canvas[axis]) <= 1


@given(SIDES, SIDES, st.sampled_from(Shape))
def test_little_is_cut_and_nothing_is_blown_up(width: int, height: int, shape: Shape) -> None:
    plan = placed(width, height, shape)
    seen = min(plan.drawn[0], plan.canvas[0]) * min(plan.drawn[1], plan.canvas[1])
    small = min(plan.drawn) < 60
    assert small or seen >= plan.drawn[0] * plan.drawn[1] * (1 - NEAR - 0.02)
    assert plan.drawn[0] <= width * ENLARGE + 1
    assert plan.drawn[1] <= height * ENLARGE + 1


@SHAPES
def test_a_large_picture_fills_the_whole_size(shape: Shape) -> None:
    assert opened(shaped(jpeg((1200, 900)), shape)).size == SIZES[shape]


def test_a_near_ratio_is_cropped_and_a_far_one_is_not() -> None:
    assert placed(1100, 1080, Shape.SQUARE).covers
    assert not placed(1200, 800, Shape.SQUARE).covers


def test_a_studio_ground_goes_on_without_a_seam() -> None:
    made = opened(shaped(jpeg((1200, 600), rim="#f0ead8"), Shape.SQUARE)).convert("RGB")
    for place in ((5, 5), (1075, 5), (540, 200), (5, 1075), (540, 540 - 271), (540, 540 - 269)):
        assert made.getpixel(place) == pytest.approx((240, 234, 216), abs=4)
    assert made.getpixel((540, 540)) == pytest.approx((0, 0, 255), abs=8)


def test_a_busy_ground_becomes_calm_light_and_not_a_second_picture() -> None:
    busy = Image.effect_noise((1200, 600), 120).convert("RGB")
    out = io.BytesIO()
    busy.save(out, "JPEG")
    made = opened(shaped(out.getvalue(), Shape.SQUARE)).convert("L")
    above = made.crop((0, 0, 1080, 240)).getextrema()
    inside = made.crop((0, 300, 1080, 780)).getextrema()
    assert above[1] - above[0] < (inside[1] - inside[0]) / 3  # type: ignore[operator]


@SHAPES
def test_a_shape_has_no_metadata_and_the_same_bytes_each_time(shape: Shape) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "S", 2: (9.0, 51.0, 0.0)}
    exif[0x010E] = "rahasia"
    body = jpeg(exif=exif, comment=b"rahasia", icc_profile=b"rahasia" * 40)
    data = shaped(body, shape)
    assert data == shaped(body, shape)
    assert b"rahasia" not in data
    with opened(data) as made:
        assert made.format == "JPEG"
        assert not made.getexif()
        assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("size", [(1, 1), (1200, 1), (1, 1200), (10, 7)])
@SHAPES
def test_the_smallest_pictures_have_a_shape_too(size: tuple[int, int], shape: Shape) -> None:
    assert opened(shaped(jpeg(size), shape)).size == placed(*size, shape).canvas


def test_a_variant_is_made_once_beside_the_original(tmp_path: Path) -> None:
    (tmp_path / f"{SHA}.jpg").write_bytes(jpeg())
    first = variant(tmp_path, SHA, Shape.SQUARE)
    assert first == tmp_path / f"{SHA}.persegi.jpg"
    assert first is not None
    first.write_bytes(b"sudah ada")
    assert variant(tmp_path, SHA, Shape.SQUARE) == first
    assert first.read_bytes() == b"sudah ada"
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{SHA}.jpg", f"{SHA}.persegi.jpg"]


@pytest.mark.parametrize("body", [None, b"", b"bukan gambar", jpeg()[:300]])
def test_without_a_usable_original_there_is_no_variant(tmp_path: Path, body: bytes | None) -> None:
    if body is not None:
        (tmp_path / f"{SHA}.jpg").write_bytes(body)
    before = list(tmp_path.iterdir())
    assert variant(tmp_path, SHA, Shape.SQUARE) is None
    assert list(tmp_path.iterdir()) == before


@pytest.mark.parametrize("size", [(1200, 300), (300, 1200), (1200, 1200), (320, 320), (1080, 566), (1200, 1)])
def test_instagram_always_gets_a_ratio_it_takes(tmp_path: Path, size: tuple[int, int]) -> None:
    limits = registry.capabilities(ChannelName.INSTAGRAM)
    (tmp_path / f"{SHA}.jpg").write_bytes(jpeg(size))
    picture = Picture("https://x.example/1.jpg", "", SHA, *size)
    sent = post_picture(picture, limits, folder=tmp_path, public_url="https://siar.example", alt="Kain")
    make_files([sent])
    with Image.open(sent.path) as made:
        assert made.size == (sent.width, sent.height)
        assert limits.min_ratio <= made.width / made.height <= limits.max_ratio
    assert sent.url == f"https://siar.example/gambar/{SHA}.potret.jpg"
    assert sent.alt == "Kain"


def test_a_channel_without_a_wish_gets_the_picture_as_it_is(tmp_path: Path) -> None:
    limits = registry.capabilities(ChannelName.TELEGRAM)
    assert shape_for(limits, 1200, 300) is None
    picture = Picture("https://x.example/1.jpg", "Tenun", SHA, 1200, 300)
    sent = post_picture(picture, limits, folder=tmp_path, public_url="https://siar.example", alt="Kain")
    make_files([sent])
    assert sent == PostPicture(f"{tmp_path}/{SHA}.jpg", f"https://siar.example/gambar/{SHA}.jpg", "Tenun", 1200, 300)
    assert list(tmp_path.iterdir()) == []
