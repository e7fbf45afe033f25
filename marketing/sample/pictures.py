"""One picture per product: a motif per kind of thing, coloured and varied so that no two products look the same."""

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from marketing.sample import motifs_cloth as cloth
from marketing.sample import motifs_craft as craft
from marketing.sample import motifs_food as food
from marketing.sample.canvas import Canvas
from marketing.sample.patterns import PALETTES, Palette
from marketing.sample.vocabulary import Draft

Motif = Callable[[Canvas, Palette, Random, int], None]

MOTIFS: Mapping[str, Motif] = {
    "tenun": cloth.shawl, "sarung": cloth.sarong, "tas": cloth.shoulder_bag, "dompet": cloth.purse,
    "rompi": cloth.vest, "bantal": cloth.cushion, "batik": cloth.batik_length, "kemeja": cloth.shirt,
    "tasbatik": cloth.batik_bag, "madu": food.honey, "botol": food.bottle, "sambal": food.sauce, "jagung": food.corn,
    "sei": food.smoked, "kemasan": food.pack, "keripik": food.chips, "kopi": food.coffee, "gula": food.sugar,
    "wajik": food.wajik, "opak": food.wafers, "pecel": food.pecel, "katering": food.rice_box, "paket": food.gift,
    "buah": food.fruit, "anyaman": craft.basket, "kotak": craft.betel_box, "tikar": craft.mat, "topi": craft.hat,
    "kalung": craft.beads, "lilin": craft.candle, "kendang": craft.drum, "kayu": craft.turned_wood,
    "mangkuk": craft.wooden_bowl, "yoyo": craft.yoyo, "ac": craft.cooler, "sepatu": craft.shoe, "jahit": craft.sewing,
    "kamera": craft.camera, "desain": craft.drawing_board,
}  # fmt: skip

# A product that names its motif shows it; longer names first, since "kaif Mollo" also says "Mollo".
_DESIGNS = (
    ("mata kaif Amanuban", 5), ("kaif Mollo", 4), ("buna Amanatun", 3), ("Amanuban", 0), ("Mollo", 1), ("Amanatun", 2),
    ("kawung", 0), ("parang", 1), ("truntum", 2), ("belimbing", 3), ("koi", 4), ("motif kendang", 5), ("kendang", 5),
    ("Alpukat", 1), ("Jeruk", 0),
)  # fmt: skip


def draw(motif: str, name: str, rng: Random, palette: Palette) -> Canvas:
    """Draw one product of the given motif; the name decides on the pattern where it names one."""
    design = next((number for word, number in _DESIGNS if word in name), rng.randrange(6))
    canvas = Canvas(palette.ground)
    MOTIFS[motif](canvas, palette, rng, design)
    return canvas


def draw_pictures(drafts: list[Draft], seed: int, folder: Path) -> tuple[str, ...]:
    """Draw every picture the products name into `folder`; return the file names."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    uses: dict[str, int] = {}
    for draft in drafts:
        names = [image["url"].rsplit("/", 1)[-1] for image in draft.record["images"]]
        if not names:
            continue
        # Palettes take turns within a motif: neighbours in a listing differ in colour.
        turn = uses[draft.picture] = uses.get(draft.picture, -1) + 1
        palette = PALETTES[(turn * 3 + len(draft.picture)) % len(PALETTES)]
        canvas = draw(draft.picture, draft.record["name"], Random(f"{seed}:{names[0]}"), palette)
        (folder / names[0]).write_bytes(canvas.jpeg())
        if len(names) > 1:
            (folder / names[1]).write_bytes(canvas.jpeg_from_near())
        written.extend(names)
    return tuple(written)
