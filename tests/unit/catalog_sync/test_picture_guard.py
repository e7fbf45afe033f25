"""What a hostile catalogue may offer as a picture: each costs only itself, says why, and leaves nothing behind."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from catalog_sync.pictures import MAX_BYTES, PictureError, PictureStore, re_encode

INNER = [
    "http://127.0.0.1/a.jpg",
    "http://127.1/a.jpg",
    "http://2130706433/a.jpg",
    "http://0x7f000001/a.jpg",
    "http://0x7f.0x0.0x0.0x1/a.jpg",
    "http://0177.0.0.1/a.jpg",
    "http://017700000001/a.jpg",
    "http://0.0.0.0/a.jpg",
    "http://0/a.jpg",
    "http://localhost/a.jpg",
    "http://localhost./a.jpg",
    "http://LOCALHOST/a.jpg",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/a.jpg",
    "http://192.168.1.1/a.jpg",
    "http://172.16.0.1/a.jpg",
    "http://100.64.0.1/a.jpg",
    "http://[::]/a.jpg",
    "http://[::1]/a.jpg",
    "http://[::ffff:127.0.0.1]/a.jpg",
    "http://[::ffff:a9fe:a9fe]/a.jpg",
    "http://[64:ff9b::169.254.169.254]/a.jpg",
    "http://[2002:7f00:1::]/a.jpg",
    "http://[fd00:ec2::254]/a.jpg",
    "http://[fe80::1]/a.jpg",
    "http://①②⑦.0.0.1/a.jpg",
    "http://127。0。0。1/a.jpg",
]
SCHEMES = [
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://127.0.0.1/a.jpg",
    "data:image/svg+xml,<svg/>",
    "javascript:alert(1)",
    "http://",
    "http://user:sandi@1.1.1.1/a.jpg",
    "http://[/a.jpg",
    "http://a b/c.jpg",
]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, pixels: bytes, *more: bytes, bits: int = 8, colour: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    parts = (chunk(b"IHDR", header), *more, chunk(b"IDAT", zlib.compress(pixels, 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def rows(width: int, height: int) -> bytes:
    return (b"\0" + b"\x78\x50\x28" * width) * height


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.parametrize("url", [*INNER, *SCHEMES])
def test_no_notation_leads_into_our_own_network(tmp_path: Path, url: str) -> None:
    store = PictureStore(tmp_path / "gambar")
    (copy,) = store.take([url], hosts=frozenset(), source_folder=None)
    assert copy.sha256 is None
    assert copy.error
    assert "sandi" not in copy.error
    assert list(store.folder.iterdir()) == []


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_a_header_of_thirty_thousand_pixels_is_refused_without_their_memory(kind: str) -> None:
    body = {
        "PNG": png(30_000, 30_000, b"\0" * 100_000),
        "GIF": b"GIF89a" + struct.pack("<HH", 30_000, 30_000) + b"\x80\0\0\0\0\0\xff\xff\xff,"
        + struct.pack("<HHHH", 0, 0, 30_000, 30_000) + b"\0\x02\x02D\x01\0;",
        "WEBP": b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (16_382).to_bytes(3, "little") * 2,
    }[kind]  # fmt: skip
    tracemalloc.start()
    with pytest.raises(PictureError):
        re_encode(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_a_bomb_beside_the_pixels_is_refused(kind: bytes) -> None:
    bomb = chunk(kind, b"k\0\0" + zlib.compress(b"a" * 50_000_000, 9))
    with pytest.raises(PictureError, match="bukan foto"):
        re_encode(png(8, 8, rows(8, 8), bomb))


def test_a_zip_bomb_is_no_picture() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("a.jpg", b"\0" * 20_000_000)
    with pytest.raises(PictureError, match="bukan foto"):
        re_encode(out.getvalue())


@pytest.mark.parametrize(
    "body",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>",
        b"GIF89a/*<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>*/",
        b"\xff\xd8\xff\xe0<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n<?php system($_GET[0]); ?>",
        b"%PDF-1.7\n%\xe2\xe3",
        b"RIFF\x10\0\0\0WEBPVP8 \xff\xff\xff\x7f",
    ],
)
def test_what_only_begins_like_a_picture_is_refused(body: bytes) -> None:
    with pytest.raises(PictureError):
        re_encode(body)


def test_of_a_polyglot_only_the_pixels_stay() -> None:
    script = b"<script>alert(1)</script><?php system(0); ?>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("jahat.html", script)
    body = saved(Image.new("RGB", (40, 40), "red"), "JPEG", comment=script) + out.getvalue() + script
    data, width, height = re_encode(body)
    assert (width, height) == (40, 40)
    assert b"script" not in data
    assert b"PK\x03\x04" not in data
    assert data.endswith(b"\xff\xd9")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_picture_cut_short_is_refused_or_whole_in_size(kind: str, share: float) -> None:
    whole = saved(Image.effect_noise((200, 150), 90).convert("RGB"), kind)
    with pytest.raises(PictureError):
        re_encode(whole[: int(len(whole) * share)])


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (50, 40), colour) for colour in ("red", "lime", "blue") * 30]
    data, width, height = re_encode(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert (width, height) == (50, 40)
    assert opened(data).getpixel((25, 20)) == pytest.approx((255, 0, 0), abs=4)


def test_inks_become_light() -> None:
    data, _width, _height = re_encode(saved(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG"))
    assert opened(data).getpixel((20, 20)) == pytest.approx((255, 0, 0), abs=6)


def test_sixteen_bits_keep_their_shades() -> None:
    grey = b"".join(b"\0" + b"".join(struct.pack(">H", x * 257) for x in range(256)) for _y in range(32))
    made = opened(re_encode(png(256, 32, grey, bits=16, colour=0))[0])
    for x in (0, 64, 128, 200, 255):
        assert made.getpixel((x, 16)) == pytest.approx((x, x, x), abs=3)
    colour = b"".join(b"\0" + struct.pack(">HHH", 65_535, 32_896, 0) * 16 for _y in range(16))
    assert opened(re_encode(png(16, 16, colour, bits=16))[0]).getpixel((8, 8)) == pytest.approx((255, 128, 0), abs=6)


def test_a_file_larger_than_the_limit_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "besar.jpg").write_bytes(saved(Image.new("RGB", (10, 10)), "JPEG") + b"\0" * MAX_BYTES)
    store = PictureStore(tmp_path / "gambar")
    (copy,) = store.take(["besar.jpg"], hosts=frozenset(), source_folder=tmp_path)
    assert copy.error
    assert "lebih besar" in copy.error
