"""Who is addressed: the choices of the composer, and the same in words."""

from collections.abc import Mapping

from marketing.domain.campaign import AudienceFilter
from marketing.domain.types import BuyerKind, EmailType
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.web.building.words import number_text
from marketing.web.views.composer import AudienceChoice
from marketing.web.views.states import category_label, email_type_label

EVERYBODY = "semua"
KIND, TOPIC = "kelompok", "topik"


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
    return EVERYBODY


def audience_of(value: str) -> AudienceFilter:
    """Read the form field; InvalidInputError for what the form never offers."""
    if value in ("", EVERYBODY):
        return AudienceFilter()
    name, _colon, given = value.partition(":")
    try:
        if name == KIND:
            return AudienceFilter(kinds=tuple(BuyerKind(part) for part in given.split(",")))
        if name == TOPIC:
            topics = tuple(given.split(","))
            for topic in topics:
                category_label(topic)
            return AudienceFilter(topics=topics)
    except (ValueError, KeyError):
        pass
    raise InvalidInputError(_("Pilih penerima dari daftar."), field="penerima")


def readable_value(value: str) -> str:
    """Return the value when it can be read, else everybody: for showing a form again, whatever was sent."""
    try:
        return audience_value(audience_of(value))
    except InvalidInputError:
        return EVERYBODY


def audience_label(audience: AudienceFilter, email_type: str) -> str:
    """Return a filter in words."""
    consenting = _("yang menyetujui {kind}").format(kind=email_type_label(email_type).lower())
    if email_type == EmailType.TRANSACTIONAL:
        return _("Pembeli yang pesanannya berubah")
    if audience.kinds:
        return f"{', '.join(kind_label(kind) for kind in audience.kinds)} {consenting}"
    if audience.topics:
        topics = ", ".join(category_label(topic).lower() for topic in audience.topics)
        return _("Peminat {topics} {consenting}").format(topics=topics, consenting=consenting)
    return _("Semua {consenting}").format(consenting=consenting)


def audience_choices(chosen: str, kinds: Mapping[BuyerKind, int], topics: list[str]) -> tuple[AudienceChoice, ...]:
    """Return what can be chosen: everybody, the groups that have people, and the topics that have products."""
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
    if chosen not in [choice.value for choice in offered]:
        offered.append(AudienceChoice(chosen, audience_label(audience_of(chosen), EmailType.PROMOTIONAL), ""))
    return tuple(
        AudienceChoice(choice.value, choice.label, choice.help, chosen=choice.value == chosen) for choice in offered
    )
