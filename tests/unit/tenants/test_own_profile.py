"""A Dinas changes its own identity, look and senders by a file; a wrong one is told with line and field, and nothing else changes."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from marketing.tenants.logo import SIZE, keep_logo, logo_png
from marketing.tenants.own import OwnProfileError, own_profile, use_own_profiles
from marketing.tenants.profile import profile_of, shipped_profiles, use_profiles

TTS = shipped_profiles()["tts"]
WHOLE = """
address = "Jalan Basuki Rachmat 1, SoE 85511"
phone = "+62 388 21001"
email = "umkm@surat.ttskab.example"
website = "https://umkm.surat.ttskab.example/"
brand_color = "#1F5C3A"
band = "pita-batik"
letterhead = ["PEMERINTAH KABUPATEN TIMOR TENGAH SELATAN", "DINAS PERINDAGKOP"]
marketing_sender = "promosi@kabar.surat.ttskab.example"
transactional_sender = "pesanan@notifikasi.surat.ttskab.example"

[head]
name = "Nama Kepala"

[dpo]
email = "ppdp@surat.ttskab.example"
"""


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    use_profiles(shipped_profiles())


def picture(mode: str = "RGBA", size: tuple[int, int] = (900, 600), form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, (10, 20, 200, 0)[: len(mode)]).save(out, form)
    return out.getvalue()


def written(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "tts.toml"
    file.write_text(text, "utf-8")
    return file


def test_what_the_file_says_holds_and_the_rest_stays(tmp_path: Path) -> None:
    written(tmp_path / "daerah", WHOLE)
    use_own_profiles(tmp_path / "daerah", tmp_path / "gambar", "https://siar.example")
    own = profile_of("tts")
    assert own.address == "Jalan Basuki Rachmat 1, SoE 85511"
    assert own.website == "https://umkm.surat.ttskab.example"
    assert own.brand_color == "#1f5c3a"
    assert own.letterhead[1] == "DINAS PERINDAGKOP"
    assert (own.head.title, own.head.name) == (TTS.head.title, "Nama Kepala")
    assert (own.dpo.name, own.dpo.email) == (TTS.dpo.name, "ppdp@surat.ttskab.example")
    assert (own.dinas, own.regulation, own.zone, own.logo_url) == (TTS.dinas, TTS.regulation, TTS.zone, "")
    assert profile_of("blitar") == shipped_profiles()["blitar"]


def test_without_a_folder_everything_is_as_shipped(tmp_path: Path) -> None:
    use_own_profiles(tmp_path / "none", tmp_path, "https://siar.example")
    assert profile_of("tts") == TTS


def test_a_logo_is_kept_small_under_our_own_address(tmp_path: Path) -> None:
    folder = tmp_path / "daerah"
    file = written(folder, 'logo = "lambang.png"')
    (folder / "lambang.png").write_bytes(picture())
    own = own_profile(TTS, file, tmp_path / "gambar", "https://siar.example")
    (kept,) = (tmp_path / "gambar").iterdir()
    assert own.logo_url == f"https://siar.example/gambar/{kept.name}"
    with Image.open(kept) as logo:
        assert logo.format == "PNG"
        assert logo.size == (144, 96)
        assert logo.getpixel((0, 0)) == (255, 255, 255)  # see-through becomes white: it shows in dark mode too
    assert own_profile(TTS, file, tmp_path / "gambar", "https://siar.example") == own


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ('\nbrand_color = "red"', 2, "brand_color"),
        ('brand_color = "#ffffff"', 1, "brand_color"),
        ("brand_color = 12", 1, "brand_color"),
        ('brand_color = "#2b3f7f;}"', 1, "brand_color"),
        ('band = "../x"', 1, "band"),
        ('regulation = "x"', 1, "regulation"),
        ('channels = ["email"]', 1, "channels"),
        ('address = "a\\nb"', 1, "address"),
        ('address = ""', 1, "address"),
        ('phone = "1"\naddress = "' + "a" * 201 + '"', 2, "address"),
        ('dinas = "a\\u202eb"', 1, "dinas"),
        ('email = "a@b@c"', 1, "email"),
        ('email = "a@contoh.example\\r\\nBcc: x@y.example"', 1, "email"),
        ('website = "javascript:alert(1)"', 1, "website"),
        ('website = "http://contoh.example"', 1, "website"),
        ("letterhead = []", 1, "letterhead"),
        ('letterhead = ["a", 1]', 1, "letterhead"),
        ('\n\n[dpo]\nname = "x"\nemail = "x"', 5, "dpo.email"),
        ('[dpo]\nnik = "1"', 2, "dpo.nik"),
        ('dpo = "x"', 1, "dpo"),
        ('logo = "tiada.png"', 1, "logo"),
        ('logo = "../kunci"', 1, "logo"),
        ('logo = "tts.toml"', 1, "logo"),
        ('marketing_sender = "pesanan@notifikasi.ttskab.example"', 1, "marketing_sender"),
        ('phone = "1\n', 1, ""),
        ('a = 1\nphone = "1', 2, ""),
    ],
)
def test_a_wrong_file_is_told_with_line_and_field(tmp_path: Path, text: str, line: int, field: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(OwnProfileError) as refused:
        own_profile(TTS, file, tmp_path / "gambar", "https://siar.example")
    assert (refused.value.line, refused.value.field) == (line, field)
    assert f"tts.toml baris {line}" in str(refused.value)


def test_a_file_of_an_unknown_daerah_stops_the_start_and_leaves_the_profiles_alone(tmp_path: Path) -> None:
    folder = tmp_path / "daerah"
    written(folder, WHOLE)
    (folder / "zzz.toml").write_text('phone = "1"')
    with pytest.raises(OwnProfileError, match=r"zzz\.toml"):
        use_own_profiles(folder, tmp_path, "https://siar.example")
    assert profile_of("tts") == TTS


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"<svg onload=alert(1)>",
        picture()[:100],
        b"0" * 2_000_001,
        picture("RGB", form="GIF"),
    ],
)
def test_what_is_no_small_picture_is_no_logo(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"bytes|pixels|picture"):
        logo_png(body)


@given(st.integers(1, 1200), st.integers(1, 1200), st.sampled_from(["RGB", "RGBA", "L"]))
def test_a_logo_of_any_shape_fits_its_place(width: int, height: int, mode: str) -> None:
    with Image.open(io.BytesIO(logo_png(picture(mode, (width, height))))) as logo:
        assert logo.width <= SIZE[0]
        assert logo.height <= SIZE[1]


def test_a_logo_is_written_once(tmp_path: Path) -> None:
    name = keep_logo(b"png", tmp_path)
    assert keep_logo(b"png", tmp_path) == name
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.png"]
