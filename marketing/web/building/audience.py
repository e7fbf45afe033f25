"""Who is addressed: the choices of the composer, and the same in words."""

from collections.abc import Mapping

from marketing.domain.campaign import AudienceFilter
from marketing.domain.types import BuyerKind, EmailType, Purpose
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.web.building.words import number_text
from marketing.web.views.composer import AudienceChoice
from marketing.web.views.states import category_label, email_type_label

EVERYBODY = "semua"
KIND, TOPIC, SEGMENT = "kelompok", "topik", "segmen"
MAX_DIGITS = 18


def kind_label(kind: BuyerKind) -> str:
    """Return what people call one of the six groups (Blitar Ps. 7(1))."""
    return {
        BuyerKind.PELAKU_UMKM: _("Pelaku UMKM"),
        BuyerKind.PENYEDIA: _("Penyedia"),
        BuyerKind.MASYARAKAT: _("Masyarakat"),
        BuyerKind.BADAN_USAHA: _("Badan usaha"),
        BuyerKind.BADAN_HUKUM_PEMERINTAH: _("Badan hukum pemerintah"),
        BuyerKind.PERANGKAT_DAERAH: _("Perangkat daerah"),
    }[kind]


def audience_value(audience: AudienceFilter) -> str:
    """Return the value of the form field for a filter."""
    if audience.kinds:
        return f"{KIND}:{','.join(audience.kinds)}"
    if audience.topics:
        return f"{TOPIC}:{','.join(audience.topics)}"
    if audience.segments:
        return f"{SEGMENT}:{','.join(map(str, audience.segments))}"
    return EVERYBODY


def audience_of(value: str, besides: tuple[int, ...] = ()) -> AudienceFilter:
    """Read the form fields; InvalidInputError for what the form never offers."""
    if value in ("", EVERYBODY):
        return AudienceFilter(besides=besides)
    name, _colon, given = value.partition(":")
    try:
        if name == KIND:
            return AudienceFilter(kinds=tuple(BuyerKind(part) for part in given.split(",")), besides=besides)
        if name == TOPIC:
            topics = tuple(given.split(","))
            for topic in topics:
                category_label(topic)
            return AudienceFilter(topics=topics, besides=besides)
        if name == SEGMENT:
            return AudienceFilter(segments=tuple(_row_id(part) for part in given.split(",")), besides=besides)
    except (ValueError, KeyError):
        pass
    raise InvalidInputError(_("Pilih penerima dari daftar."), field="penerima")


def _row_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise ValueError(text)
    return int(text)


def readable_value(value: str) -> str:
    """Return the value when it can be read, else everybody: for showing a form again, whatever was sent."""
    try:
        return audience_value(audience_of(value))
    except InvalidInputError:
        return EVERYBODY


def audience_label(audience: AudienceFilter, email_type: str, segments: Mapping[int, str] | None = None) -> str:
    """Return a filter in words; `segments` are the names of segments by id."""
    said = _wanted(audience, email_type, segments or {})
    if not audience.besides:
        return said
    return _("{who}, kecuali {besides}").format(who=said, besides=_segments(audience.besides, segments or {}))


def _segments(ids: tuple[int, ...], names: Mapping[int, str]) -> str:
    return ", ".join(
        _("segmen “{name}”").format(name=names[row_id]) if row_id in names else _("segmen nomor {n}").format(n=row_id)
        for row_id in ids
    )


def _wanted(audience: AudienceFilter, email_type: str, segments: Mapping[int, str]) -> str:
    if email_type == EmailType.TRANSACTIONAL:
        return _("Pembeli yang pesanannya berubah")
    if email_type == Purpose.SOSIALISASI:
        consenting = _("di antara pelaku UMKM dan penyedia terdaftar")
        if not (audience.kinds or audience.topics or audience.segments):
            return _("Semua pelaku UMKM dan penyedia terdaftar yang tidak berkeberatan")
    else:
        consenting = _("yang menyetujui {kind}").format(kind=email_type_label(email_type).lower())
    if audience.kinds:
        return f"{', '.join(kind_label(kind) for kind in audience.kinds)} {consenting}"
    if audience.topics:
        topics = ", ".join(category_label(topic).lower() for topic in audience.topics)
        return _("Peminat {topics} {consenting}").format(topics=topics, consenting=consenting)
    if audience.segments:
        named = _segments(audience.segments, segments)
        return _("Orang di {segments} {consenting}").format(segments=named, consenting=consenting)
    return _("Semua {consenting}").format(consenting=consenting)


def audience_choices(
    chosen: str, kinds: Mapping[BuyerKind, int], topics: list[str], segments: Mapping[int, str]
) -> tuple[AudienceChoice, ...]:
    """Return what can be chosen: everybody, the groups that have people, topics that have products, and segments."""
    people = _("{n} orang tercatat; hanya yang menyetujui jenis ini yang menerima.")
    offered = [
        AudienceChoice(EVERYBODY, _("Semua orang yang setuju"), people.format(n=number_text(sum(kinds.values()))))
    ]
    if len(kinds) > 1:
        offered += [
            AudienceChoice(
                f"{KIND}:{kind}", kind_label(kind), _("{n} orang tercatat.").format(n=number_text(kinds[kind]))
            )
            for kind in BuyerKind
            if kind in kinds
        ]
    offered += [
        AudienceChoice(
            f"{TOPIC}:{topic}",
            _("Peminat {topic}").format(topic=category_label(topic).lower()),
            _("Yang memilih topik ini."),
        )
        for topic in topics
    ]
    offered += [
        AudienceChoice(
            f"{SEGMENT}:{row_id}", _("Segmen “{name}”").format(name=name), _("Dihitung ulang saat kampanye mulai.")
        )
        for row_id, name in segments.items()
    ]
    if chosen not in [choice.value for choice in offered]:
        offered.append(AudienceChoice(chosen, audience_label(audience_of(chosen), EmailType.PROMOTIONAL, segments), ""))
    return tuple(
        AudienceChoice(choice.value, choice.label, choice.help, chosen=choice.value == chosen) for choice in offered
    )
