"""A segment in words: “Masyarakat yang membeli kerajinan dalam 180 hari terakhir dan tidak mengklik dalam 90 hari terakhir”."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from marketing.domain.consent import ConsentState
from marketing.domain.money import format_rupiah
from marketing.domain.product import Category
from marketing.domain.segments.tree import (
    And,
    Attribute,
    Bought,
    Consent,
    Created,
    Deed,
    Engaged,
    Field,
    HasAddress,
    InSegment,
    Leaf,
    Match,
    NameContains,
    Node,
    Not,
    Or,
    Suppressed,
    Topics,
)
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from marketing.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows are called that a segment speaks of; a row without a name is shown by its number."""

    products: Mapping[int, str] = field(default_factory=dict)
    businesses: Mapping[int, str] = field(default_factory=dict)
    campaigns: Mapping[int, str] = field(default_factory=dict)
    segments: Mapping[int, str] = field(default_factory=dict)


def explained(tree: Node, names: Names | None = None) -> str:
    """Return one Indonesian phrase, in the language in force, that says who belongs."""
    names = names or Names()
    parts = tree.parts if isinstance(tree, And) else (tree,)
    kinds = [part for part in parts if isinstance(part, Attribute) and part.field is Field.KIND]
    if len(kinds) != 1:
        return _("Orang yang {condition}").format(condition=_joined(parts, names))
    who = _either([kind_name(value) for value in kinds[0].values])
    rest = [part for part in parts if part is not kinds[0]]
    if not rest:
        return who
    return _("{who} yang {condition}").format(who=who, condition=_joined(rest, names))


def kind_name(kind: str) -> str:
    """Return what people call one of the six groups (Perwali Blitar 24/2024 Ps. 7(1))."""
    known = {
        BuyerKind.PELAKU_UMKM: _("Pelaku UMKM"),
        BuyerKind.PENYEDIA: _("Penyedia"),
        BuyerKind.MASYARAKAT: _("Masyarakat"),
        BuyerKind.BADAN_USAHA: _("Badan usaha"),
        BuyerKind.BADAN_HUKUM_PEMERINTAH: _("Badan hukum pemerintah"),
        BuyerKind.PERANGKAT_DAERAH: _("Perangkat daerah"),
    }
    return known.get(BuyerKind(kind), kind)


def category_name(category: Category) -> str:
    """Return a category as it stands in the middle of a sentence."""
    return {
        Category.MAKANAN_OLAHAN: _("makanan olahan"),
        Category.MINUMAN: _("minuman"),
        Category.KERAJINAN: _("kerajinan"),
        Category.FESYEN: _("fesyen"),
        Category.PERTANIAN: _("hasil pertanian"),
        Category.JASA: _("jasa"),
        Category.LAINNYA: _("produk lainnya"),
    }[category]


def purpose_name(purpose: Purpose) -> str:
    """Return what a consent is for, in the middle of a sentence."""
    known = {
        Purpose.PROMOTIONAL: _("promosi"),
        Purpose.NEWSLETTER: _("buletin"),
        Purpose.RETENTION: _("surat pelanggan"),
        Purpose.PERSONALISED: _("pilihan pribadi"),
        Purpose.ENGAGEMENT_TRACKING: _("pencatatan klik"),
        Purpose.WHATSAPP_MARKETING: _("promosi lewat WhatsApp"),
        Purpose.TELEGRAM_MARKETING: _("promosi lewat Telegram"),
    }
    return known.get(purpose, str(purpose))


def channel_name(channel: ChannelName) -> str:
    """Return a channel by which people are reached."""
    known = {ChannelName.EMAIL: _("surel"), ChannelName.WHATSAPP: "WhatsApp", ChannelName.TELEGRAM: "Telegram"}
    return known.get(channel, str(channel))


def _joined(parts: Sequence[Node], names: Names) -> str:
    return _(" dan ").join(_phrase(part, names) for part in parts)


def _phrase(node: Node, names: Names, *, holds: bool = True) -> str:
    match node:
        case And(parts=parts):
            inner = _("({parts})").format(parts=_joined(parts, names))
        case Or(parts=parts):
            inner = _("({parts})").format(parts=_(" atau ").join(_phrase(part, names) for part in parts))
        case Not(part=part):
            return _phrase(part, names, holds=not holds)
        case _:
            return _leaf(node, names, holds=holds)
    return inner if holds else _("bukan {condition}").format(condition=inner)


def _leaf(leaf: Leaf, names: Names, *, holds: bool) -> str:  # noqa: C901  one case per condition
    match leaf:
        case Attribute():
            return _attribute(leaf, holds=holds)
        case NameContains(text=text):
            sentence = _("bernama memuat “{text}”") if holds else _("bernama tanpa “{text}”")
            return sentence.format(text=text)
        case Created(days=days):
            sentence = _("tercatat sejak {n} hari terakhir") if holds else _("tercatat lebih dari {n} hari yang lalu")
            return sentence.format(n=days)
        case Topics():
            return _topics(leaf, holds=holds)
        case Bought():
            return _denied(_bought(leaf, names), holds=holds)
        case Engaged():
            return _denied(_engaged(leaf, names), holds=holds)
        case Consent():
            return _consent(leaf, holds=holds)
        case HasAddress(channel=channel):
            sentence = _("mempunyai alamat {channel}") if holds else _("tidak mempunyai alamat {channel}")
            return sentence.format(channel=channel_name(channel))
        case Suppressed(channel=channel):
            where = "" if channel is None else _(" di {channel}").format(channel=channel_name(channel))
            return (_("dihentikan{where}") if holds else _("tidak dihentikan{where}")).format(where=where)
        case InSegment(segment=row_id):
            sentence = _("termasuk segmen {name}") if holds else _("tidak termasuk segmen {name}")
            return sentence.format(name=_named(names.segments, row_id))


def _denied(act: str, *, holds: bool) -> str:
    return act if holds else _("tidak {act}").format(act=act)


def _attribute(leaf: Attribute, *, holds: bool) -> str:
    sentences = {
        Field.KIND: (_("termasuk kelompok {values}"), _("bukan {values}")),
        Field.LOCALE: (_("berbahasa {values}"), _("tidak berbahasa {values}")),
        Field.ZONE: (_("berada di zona waktu {values}"), _("tidak berada di zona waktu {values}")),
        Field.KECAMATAN: (_("tinggal di Kecamatan {values}"), _("tidak tinggal di Kecamatan {values}")),
        Field.SOURCE: (_("tercatat lewat {values}"), _("tidak tercatat lewat {values}")),
    }
    values = [
        kind_name(value) if leaf.field is Field.KIND else value or _("yang tidak diketahui") for value in leaf.values
    ]
    return sentences[leaf.field][not holds].format(values=_either(values))


def _topics(leaf: Topics, *, holds: bool) -> str:
    topics = [category_name(topic) for topic in leaf.topics]
    sentence, listed = {
        (Match.ANY, True): (_("meminati {topics}"), _either(topics)),
        (Match.ALL, True): (_("meminati {topics}"), _all(topics)),
        (Match.NONE, True): (_("tidak meminati {topics}"), _either(topics)),
        (Match.ANY, False): (_("tidak meminati {topics}"), _either(topics)),
        (Match.ALL, False): (_("tidak meminati semuanya dari {topics}"), _all(topics)),
        (Match.NONE, False): (_("meminati {topics}"), _either(topics)),
    }[leaf.match, holds]
    return sentence.format(topics=listed)


def _bought(leaf: Bought, names: Names) -> str:
    words = [_("membeli")]
    if leaf.category is not None:
        words.append(category_name(leaf.category))
    if leaf.product is not None:
        words.append(_("produk {name}").format(name=_named(names.products, leaf.product)))
    if leaf.business is not None:
        words.append(_("dari {name}").format(name=_named(names.businesses, leaf.business)))
    if leaf.times > 1:
        words.append(_("paling sedikit {n} kali").format(n=leaf.times))
    if leaf.spent:
        words.append(_("paling sedikit senilai {sum}").format(sum=format_rupiah(leaf.spent)))
    return " ".join([*words, *_window(leaf.days)])


def _engaged(leaf: Engaged, names: Names) -> str:
    words = [_("menerima pesan") if leaf.deed is Deed.RECEIVED else _("mengklik")]
    if leaf.campaign is not None:
        words.append(_("dari kampanye {name}").format(name=_named(names.campaigns, leaf.campaign)))
    return " ".join([*words, *_window(leaf.days)])


def _window(days: int | None) -> list[str]:
    return [] if days is None else [_("dalam {n} hari terakhir").format(n=days)]


def _consent(leaf: Consent, *, holds: bool) -> str:
    sentences = {
        ConsentState.GIVEN: (_("mengizinkan {purpose}"), _("tidak mengizinkan {purpose}")),
        ConsentState.WITHDRAWN: (_("menarik izin {purpose}"), _("tidak menarik izin {purpose}")),
        ConsentState.REFUSED: (_("menolak {purpose}"), _("tidak menolak {purpose}")),
        ConsentState.REQUESTED: (_("dimintai izin {purpose}"), _("tidak sedang dimintai izin {purpose}")),
        ConsentState.NONE: (_("belum ditanya izin {purpose}"), _("pernah ditanya izin {purpose}")),
    }
    return sentences[leaf.state][not holds].format(purpose=purpose_name(leaf.purpose))


def _named(names: Mapping[int, str], row_id: int) -> str:
    return f"“{names[row_id]}”" if row_id in names else _("nomor {n}").format(n=row_id)


def _either(words: Sequence[str]) -> str:
    return _listed(words, _("atau"))


def _all(words: Sequence[str]) -> str:
    return _listed(words, _("dan"))


def _listed(words: Sequence[str], last: str) -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else words[0]
