"""What people send as a proof: any phone's picture is kept as ours, anything else is refused in words."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.datastructures import UploadFile

from marketing.errors import InvalidInputError
from marketing.web.proofs import MOST_BYTES, kept_proof

GPS = 0x8825
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(form: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (360, 640), **how: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, form, **how)
    return out.getvalue()


def with_position() -> bytes:
    exif = Image.Exif()
    exif[GPS] = {1: "S", 2: (9.0, 51.0, 44.0)}
    return picture("JPEG", exif=exif)


def animated() -> bytes:
    frames = [Image.new("P", (200, 300), number) for number in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def kept(folder: Path, body: bytes, name: str = "layar.png") -> str:
    return kept_proof(folder, UploadFile(io.BytesIO(body), filename=name))


@pytest.mark.parametrize(
    "body",
    [picture(), with_position(), picture("JPEG", "CMYK"), animated(), picture("WEBP"), picture("PNG", "RGBA")],
    ids=["png", "position", "cmyk", "animated", "webp", "transparent"],
)
def test_a_picture_is_written_anew_without_what_it_carried(tmp_path: Path, body: bytes) -> None:
    name = kept(tmp_path / "tts", body, "../../../etc/passwd")
    (file,) = (tmp_path / "tts").iterdir()
    assert file.name == f"{name}.jpg"
    with Image.open(file) as ours:
        assert (ours.format, ours.mode, len(ours.getexif()), getattr(ours, "n_frames", 1)) == ("JPEG", "RGB", 0, 1)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (SVG, "bukan foto JPEG, PNG, WebP atau GIF"),
        (b"<html><script>alert(1)</script></html>", "bukan foto JPEG, PNG, WebP atau GIF"),
        (picture()[:200], "bukan foto JPEG, PNG, WebP atau GIF"),
        (b"", "bukan foto JPEG, PNG, WebP atau GIF"),
        (picture(size=(1, 1)), "terlalu kecil"),
        (picture(mode="1", size=(9000, 9000)), "megapiksel"),
        (bytes(MOST_BYTES + 1), "lebih besar dari 10 MB"),
    ],
    ids=["svg", "html", "cut off", "empty", "one pixel", "bomb", "large"],
)
def test_what_is_no_proof_is_refused_and_nothing_is_kept(tmp_path: Path, body: bytes, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said) as refused:
        kept(tmp_path / "tts", body)
    assert refused.value.field == "bukti"
    assert not (tmp_path / "tts").exists()


@pytest.mark.parametrize("given", [None, "teks", UploadFile(io.BytesIO(b""), filename="")])
def test_no_picture_is_no_proof_and_no_fault(tmp_path: Path, given: object) -> None:
    assert kept_proof(tmp_path / "tts", given) == ""
