"""Pictures from outside become our own JPEG, or a reason."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from catalog_sync.pictures import PictureError, PictureStore, re_encode


def picture(kind: str = "JPEG", size: tuple[int, int] = (600, 400), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120 if mode in "LP" else tuple([120] * len(mode))).save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def giant_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "body",
    [
        picture(),
        picture("PNG", mode="RGBA"),
        picture("PNG", mode="P"),
        picture("GIF", mode="L"),
        picture("WEBP", mode="RGBA"),
        picture("JPEG", mode="CMYK"),
    ],
)
def test_known_formats_become_rgb_jpeg(body: bytes) -> None:
    data, width, height = re_encode(body)
    with Image.open(io.BytesIO(data)) as made:
        assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (600, 400)) == ("JPEG", "RGB", (width, height))


@pytest.mark.parametrize(
    ("size", "made"),
    [((3000, 1500), (1200, 600)), ((900, 2400), (450, 1200)), ((5000, 1), (1200, 1)), ((10, 10), (10, 10))],
)
def test_the_long_side_is_bounded_and_nothing_is_enlarged(size: tuple[int, int], made: tuple[int, int]) -> None:
    assert re_encode(picture(size=size))[1:] == made


def test_where_a_picture_was_taken_is_not_kept_but_which_way_is_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "S", 2: (9.0, 51.0, 0.0)}
    exif[0x010E] = "rahasia"
    data, width, height = re_encode(picture(size=(600, 400), exif=exif))
    assert (width, height) == (400, 600)
    assert b"rahasia" not in data
    with Image.open(io.BytesIO(data)) as made:
        assert not made.getexif()
        assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_transparency_lies_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(re_encode(out.getvalue())[0])) as made:
        assert made.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(("width", "height"), [(8_000, 5_001), (12_000, 12_000), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    with pytest.raises(PictureError, match="40 megapiksel"):
        re_encode(giant_png(width, height))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"bukan gambar",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        picture("TIFF"),
        picture("BMP"),
        picture()[:200],
        picture("PNG", size=(300, 300))[:60],
        giant_png(100, 100),
    ],
)
def test_what_is_no_whole_picture_is_refused(body: bytes) -> None:
    with pytest.raises(PictureError, match="bukan foto"):
        re_encode(body)


def take(store: PictureStore, *urls: str, folder: Path | None = None) -> list[str]:
    return [copy.error or "" for copy in store.take(urls, hosts=frozenset(), source_folder=folder)]


def test_only_files_inside_the_folder_are_read(tmp_path: Path) -> None:
    folder, store = tmp_path / "katalog", PictureStore(tmp_path / "gambar")
    (folder / "gambar").mkdir(parents=True)
    for path in (folder / "gambar" / "a b.jpg", tmp_path / "luar.jpg"):
        path.write_bytes(picture())
    (folder / "tautan.jpg").symlink_to(tmp_path / "luar.jpg")
    assert take(store, "gambar/a%20b.jpg", "/gambar/a b.jpg", "./gambar/a b.jpg?v=2", folder=folder) == ["", "", ""]
    outside = ["../luar.jpg", "/../luar.jpg", "%2e%2e/luar.jpg", "tautan.jpg", "gambar", "", str(tmp_path / "luar.jpg")]
    assert take(store, *outside, folder=folder) == ["Foto tidak ada di folder katalog."] * len(outside)
    for url in ("file:///etc/passwd", "data:image/png;base64,AA", "a\x00.jpg", "C:\\foto.jpg"):
        assert take(store, url, folder=folder) == ["Alamat foto harus http atau https."]
    assert take(store, "gambar/a b.jpg") == ["Alamat foto harus http atau https."]
    assert [path.suffix for path in store.folder.iterdir()] == [".jpg"]


def test_the_same_pixels_are_one_file_named_by_its_hash(tmp_path: Path) -> None:
    store = PictureStore(tmp_path / "gambar")
    for name in ("1.jpg", "2.jpg"):
        (tmp_path / name).write_bytes(picture())
    (tmp_path / "3.jpg").write_bytes(b"rusak")
    first, second, third = store.take(["1.jpg", "2.jpg", "3.jpg", "1.jpg"], hosts=frozenset(), source_folder=tmp_path)
    assert first.sha256 == second.sha256
    assert first.sha256
    assert (first.width, first.height) == (600, 400)
    assert third.error
    assert [path.name for path in store.folder.iterdir()] == [f"{first.sha256}.jpg"]
    assert store.path(first.sha256).read_bytes().startswith(b"\xff\xd8")


def test_inner_addresses_are_refused_and_a_silent_host_is_left_alone(tmp_path: Path) -> None:
    store = PictureStore(tmp_path / "gambar")
    assert "bukan internet umum" in take(store, "http://127.0.0.1:9/a.jpg")[0]
    errors = take(store, *[f"http://tidak-ada.invalid/{number}.jpg" for number in range(40)])
    assert sum("pengambilan berikutnya" in error for error in errors) >= 20
