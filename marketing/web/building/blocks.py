"""The blocks of a newsletter in the composer: what was typed, acts on it, what it means, and the fields that show it again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from starlette.datastructures import FormData

from marketing.domain.newsletter import (
    KINDS,
    MAX_BLOCKS,
    MAX_BODY,
    Article,
    Block,
    Fault,
    Happening,
    MarketNote,
    Shelf,
    tidied,
)
from marketing.i18n import gettext as _
from marketing.web.views.composer import BlockField, BlockView
from marketing.web.views.parts import Option

ORDER = "blok"  # the name under which the form lists its blocks in order
FIGURE = "katalog"
_MAX_KEY = 6
# The name of each field in the form, by its name in the block.
_NAMES: Mapping[str, str] = {
    "title": "judul",
    "body": "isi",
    "link": "tautan",
    "picture_of": "gambar",
    "label": "label",
    "value": "nilai",
    "source": "sumber",
    "day": "tanggal",
    "measure": "ukuran",
    "place": "tempat",
    "hour": "jam",
}
_FIELDS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(one.name for one in fields(block)) for kind, block in KINDS.items()
}


@dataclass(frozen=True, slots=True)
class TypedBlock:
    """One block as it stands in the form, every field exactly as typed; `key` tells it from the others of the form."""

    key: str
    kind: str
    values: Mapping[str, str]

    def field_id(self, name: str) -> str:
        """Return the id and name of a field in the form; the block's own without a name."""
        return f"{ORDER}-{self.key}-{_NAMES[name]}" if name else f"{ORDER}-{self.key}"


def read_blocks(form: FormData) -> tuple[TypedBlock, ...]:
    """Read the blocks of a form; what names no kind of block is dropped."""
    found = []
    for key in dict.fromkeys(str(value) for value in form.getlist(ORDER)):
        kind = str(form.get(f"{ORDER}-{key}-jenis", ""))
        if kind in KINDS and key.isascii() and key.isdigit() and len(key) <= _MAX_KEY:
            values = {name: _typed(form, f"{ORDER}-{key}-{_NAMES[name]}") for name in _FIELDS[kind]}
            found.append(TypedBlock(key, kind, values))
    return tuple(found)


def typed_blocks(blocks: Iterable[Block]) -> tuple[TypedBlock, ...]:
    """Return what the form of a standing draft shows."""
    return tuple(_typed_block(str(number), block) for number, block in enumerate(blocks, start=1))


def meant_blocks(typed: Iterable[TypedBlock]) -> tuple[Block, ...]:
    """Return the blocks that these fields mean."""
    return tuple(tidied(_meant(one)) for one in typed)


def after_act(typed: Sequence[TypedBlock], act: str, figure: MarketNote | None) -> tuple[TypedBlock, ...]:
    """Return the blocks after an act: `tambah:KIND`, `naik:KEY`, `turun:KEY`, `buang:KEY`; any other changes nothing.

    `figure` is what `tambah:katalog` adds.
    """
    name, _colon, what = act.partition(":")
    blocks = list(typed)
    if name == "tambah":
        fresh = figure if what == FIGURE else KINDS[what]() if what in KINDS else None
        if fresh is not None and len(blocks) < MAX_BLOCKS:
            blocks.append(_typed_block(str(1 + max((int(one.key) for one in blocks), default=0)), fresh))
        return tuple(blocks)
    place = next((number for number, one in enumerate(blocks) if one.key == what), None)
    if place is None:
        return tuple(blocks)
    moved = blocks.pop(place)
    if name != "buang":
        step = {"naik": -1, "turun": 1}.get(name, 0)
        blocks.insert(max(0, place + step), moved)
    return tuple(blocks)


def with_figures(
    typed: Iterable[TypedBlock], figure: Callable[[str], MarketNote | None]
) -> tuple[tuple[TypedBlock, ...], dict[str, str]]:
    """Return the blocks with the figures of our catalogue counted anew, and a sentence for each that cannot be counted."""
    found, faults = [], {}
    for one in typed:
        measure = one.values.get("measure", "")
        if measure:
            counted = figure(measure)
            if counted is None:
                faults[one.field_id("")] = too_few()
            else:
                found.append(_typed_block(one.key, counted))
                continue
        found.append(one)
    return tuple(found), faults


def too_few() -> str:
    """Return why a figure of the catalogue cannot be shown."""
    return _("Katalog belum cukup berisi untuk angka ini: paling sedikit tiga produk dari dua usaha. Pilih angka lain.")


def faults_by_field(typed: Sequence[TypedBlock], faults: Iterable[Fault]) -> dict[str, str]:
    """Return faults of blocks by the field of the form that they stand at."""
    found: dict[str, str] = {}
    for fault in faults:
        whole = fault.index >= len(typed)
        found.setdefault("bagian" if whole else typed[fault.index].field_id(fault.field), fault.text)
    return found


def block_views(
    typed: Sequence[TypedBlock], pictures: Sequence[Option], faults: Mapping[str, str]
) -> tuple[BlockView, ...]:
    """Return the blocks with their fields; `pictures` are the products whose picture an article may take."""
    last = len(typed) - 1
    return tuple(
        replace(_view(one, pictures, faults), number=place + 1, first=place == 0, last=place == last)
        for place, one in enumerate(typed)
    )


def blank_views(pictures: Sequence[Option]) -> tuple[BlockView, ...]:
    """Return an empty block of every kind, which a script copies."""
    return tuple(_view(_typed_block("0", block()), pictures, {}) for block in KINDS.values())


def kind_label(kind: str) -> str:
    """Return what people call a kind of block."""
    return {
        Article.kind: _("Artikel"),
        MarketNote.kind: _("Kabar pasar"),
        Happening.kind: _("Acara"),
        Shelf.kind: _("Tempat produk"),
    }[kind]


def _typed(form: FormData, name: str) -> str:
    return str(form.get(name, "")).replace("\0", "").replace("\r\n", "\n")


def _typed_block(key: str, block: Block) -> TypedBlock:
    values = {name: getattr(block, name) for name in _FIELDS[block.kind]}
    return TypedBlock(key, block.kind, {name: "" if value is None else str(value) for name, value in values.items()})


def _meant(typed: TypedBlock) -> Block:
    values: dict[str, str | int | None] = dict(typed.values)
    if "picture_of" in values:
        chosen = typed.values["picture_of"]
        values["picture_of"] = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None  # noqa: PLR2004  fits 64 bits
    return KINDS[typed.kind](**values)  # type: ignore[arg-type]  # the fields of this very kind


def _view(typed: TypedBlock, pictures: Sequence[Option], faults: Mapping[str, str]) -> BlockView:
    counted = bool(typed.values.get("measure"))
    shown = [name for name in typed.values if name != "measure" and not (name == "picture_of" and not pictures)]
    return BlockView(
        key=typed.key,
        id=typed.field_id(""),
        kind=typed.kind,
        label=kind_label(typed.kind),
        fields=tuple(_field(typed, name, pictures, faults) for name in shown),
        measure=typed.values.get("measure", ""),
        counted=_("{label}: {value}. Sumber: {source}. Dihitung ulang setiap kali draf disimpan.").format(
            **typed.values
        )
        if counted
        else "",
        wrong=faults.get(typed.field_id(""), ""),
    )


def _field(typed: TypedBlock, name: str, pictures: Sequence[Option], faults: Mapping[str, str]) -> BlockField:
    label, shape, optional, note = _forms(typed.kind)[name]
    value, place = typed.values[name], typed.field_id(name)
    options: tuple[Option, ...] = ()
    if name == "picture_of":
        options = tuple(Option(one.value, one.label, selected=one.value == value) for one in pictures)
    return BlockField(place, label, shape, value, note, faults.get(place, ""), optional=optional, options=options)


def _forms(kind: str) -> Mapping[str, tuple[str, str, bool, str]]:
    """Return label, shape, whether it may stay empty, and help, by field of this kind of block."""
    plain = _("Teks biasa, paling panjang {n} huruf. Baris kosong memisahkan alinea.").format(
        n=f"{MAX_BODY:,d}".replace(",", ".")
    )
    link = (_("Tautan"), "url", True, _("Alamat lengkap yang diawali https://."))
    return {
        Article.kind: {
            "title": (_("Judul artikel"), "text", False, ""),
            "body": (_("Isi artikel"), "textarea", False, plain),
            "link": link,
            "picture_of": (_("Gambar dari produk yang dipilih"), "select", True, ""),
        },
        MarketNote.kind: {
            "label": (_("Apa yang diukur"), "text", False, _("Misalnya: Kemiri kupas, per kg.")),
            "value": (_("Angka"), "text", False, ""),
            "source": (_("Sumber"), "text", False, _("Misalnya: Pantauan harga Pasar Inpres SoE.")),
            "day": (_("Tanggal data"), "date", False, ""),
        },
        Happening.kind: {
            "title": (_("Nama acara atau pemberitahuan"), "text", False, ""),
            "place": (_("Tempat"), "text", False, ""),
            "day": (_("Tanggal"), "date", False, ""),
            "hour": (_("Jam mulai"), "time", True, ""),
            "body": (_("Keterangan"), "textarea", True, plain),
            "link": link,
        },
        Shelf.kind: {},
    }[kind]
