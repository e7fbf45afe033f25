"""The poster's code is read by a reader of codes, from the screen and from the printer's file."""

import io
import re

import pytest
import zxingcpp
from PIL import Image

from marketing.web.building.poster import code_png, code_svg
from tests.functional.web.visits import Enter
from tests.support.world import World

POSTER = "/langganan/tts/poster"
FORM = "https://siar.example/langganan/tts"


@pytest.fixture(name="world")
def _world(small_world: World) -> World:
    """No engine changes a poster."""
    return small_world


def read(image: Image.Image) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(image)]


def drawn(svg: str, scale: int = 8) -> Image.Image:
    """Draw what the one path says: black lines one module thick, on white, as a browser does."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])  # type: ignore[index]
    assert svg.count("<path") == 2  # the white ground, and the modules
    assert re.search(rf'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"', svg)
    steps = re.search(r'stroke="#000" d="([^"]+)"', svg)
    assert steps
    image = Image.new("1", (side * scale, side * scale), 1)
    x, y = 0, 0.0
    for command, numbers in re.findall(r"([Mmhv])([-\d. ]+)", steps[1]):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command in "Mm":
            dx, dy = values
            x, y = (int(dx), dy) if command == "M" else (x + int(dx), y + dy)
        else:
            width = int(values[0])
            top = int(y - 0.5) * scale
            image.paste(0, (x * scale, top, (x + width) * scale, top + scale))
            x += width
    return image


def test_the_page_shows_the_code_with_its_address_in_words(enter: Enter) -> None:
    reader = enter(signed_in=False)
    text = reader.page(POSTER)
    assert f'src="{POSTER}.svg"' in text
    assert 'alt="Kode QR menuju siar.example/langganan/tts"' in text
    assert text.count("download>") == 2
    assert " style=" not in text
    svg, png = reader.get(f"{POSTER}.svg"), reader.get(f"{POSTER}.png")
    assert (svg.headers["content-type"], png.headers["content-type"]) == ("image/svg+xml", "image/png")
    assert read(drawn(svg.text)) == [FORM]
    printed = Image.open(io.BytesIO(png.content))
    assert read(printed) == [FORM]
    assert min(printed.size) >= 1_300
    assert {colour for _count, colour in printed.convert("L").getcolors() or ()} == {0, 255}  # black and white alone
    assert reader.get(f"{POSTER}.svg", headers={"If-None-Match": svg.headers["ETag"]}).status_code == 304


def test_no_other_form_and_no_other_daerah_has_a_code(enter: Enter) -> None:
    reader = enter(signed_in=False)
    for path in (f"{POSTER}.gif", f"{POSTER}.svgz", "/langganan/xyz/poster.svg", "/langganan/xyz/poster.png"):
        assert reader.get(path).status_code == 404


def test_a_creased_and_stamped_code_is_still_read() -> None:
    image = Image.open(io.BytesIO(code_png(FORM))).convert("L")
    side = image.size[0]
    image.paste(0, (side // 2, side // 2, side // 2 + side // 8, side // 2 + side // 8))  # a stamp
    image.paste(255, (0, side // 3, side, side // 3 + 24))  # a crease
    assert read(image.resize((400, 400))) == [FORM]
    assert read(image.resize((400, 400)).rotate(7, fillcolor=255, expand=True)) == [FORM]


@pytest.mark.parametrize(
    "address",
    [
        "https://dinas-koperasi-usaha-kecil-menengah.blitarkota.example/langganan/blitar",
        "http://127.0.0.1:8000/langganan/tts",
    ],
)
def test_long_and_short_addresses_fit_and_carry_nothing_that_runs(address: str) -> None:
    svg = code_svg(address).decode()
    assert read(drawn(svg)) == [address]
    assert not re.search(r"<script|style|on\w+=|href|<image|<foreignObject", svg)
