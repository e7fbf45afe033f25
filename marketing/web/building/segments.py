"""The segment builder: rows of a form to the text of a segment and back; what rows cannot say stays text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from marketing.domain.consent import ConsentState
from marketing.domain.product import Category
from marketing.domain.segments import vocabulary as v
from marketing.domain.segments.explain import category_name, channel_name, kind_name, purpose_name
from marketing.domain.segments.limits import MAX_CONDITIONS
from marketing.domain.segments.parse import parse
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
from marketing.domain.segments.write import quoted
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.web.views.parts import Option
from marketing.web.views.segments import ConditionView, InputView

Values = Mapping[str, tuple[str, ...]]
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
REACHED = (ChannelName.EMAIL, ChannelName.WHATSAPP, ChannelName.TELEGRAM)
VALUE, MATCH, PURPOSE, STATE, CHANNEL = "nilai", "cocok", "untuk", "keadaan", "kanal"
MAX_TYPED = 250


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as it stands in the form."""

    kind: str
    values: Values = field(default_factory=dict)
    negated: bool = False

    def one(self, name: str) -> str:
        """Return the first value of an input."""
        return next(iter(self.values.get(name, ())), "")


@dataclass(frozen=True, slots=True)
class _Input:
    name: str
    label: str
    shape: str
    optional: bool = False
    options: tuple[tuple[str, str], ...] = ()


def kind_labels() -> Mapping[str, str]:
    """Return the conditions that the builder offers."""
    return {
        Field.KIND: _("Kelompok"),
        Field.KECAMATAN: _("Kecamatan"),
        Field.LOCALE: _("Bahasa"),
        Field.ZONE: _("Zona waktu"),
        Field.SOURCE: _("Sumber data"),
        v.NAME: _("Nama memuat"),
        v.CREATED: _("Tercatat dalam"),
        v.TOPICS: _("Topik yang dipilih"),
        v.BOUGHT: _("Pembelian"),
        Deed.RECEIVED: _("Menerima pesan"),
        Deed.CLICKED: _("Mengklik"),
        v.CONSENT: _("Izin"),
        v.ADDRESS: _("Mempunyai alamat"),
        v.SUPPRESSED: _("Dihentikan"),
        v.SEGMENT: _("Termasuk segmen"),
    }


def rows_of_form(form: FormData) -> list[Row]:
    """Read the rows, in order; what the builder never offered is dropped."""
    rows = []
    known = kind_labels()
    for place in range(MAX_CONDITIONS):
        kind = str(form.get(f"s{place}-jenis", ""))
        if kind in known:
            values = {
                one.name: tuple(
                    str(value).replace("\0", "")[:MAX_TYPED] for value in form.getlist(f"s{place}-{one.name}")
                )
                for one in _inputs(kind, {})
            }
            rows.append(Row(kind, values, negated=form.get(f"s{place}-bukan") == "ya"))
    return rows


def text_of_rows(rows: Sequence[Row], *, any_of: bool) -> tuple[str, dict[int, str]]:
    """Return the text that the rows say, and by place what is wrong with a row; the text is empty when anything is."""
    wrong: dict[int, str] = {}
    parts = []
    for place, row in enumerate(rows):
        try:
            text = _text_of(row)
            parse(text)
        except InvalidInputError as error:
            wrong[place] = str(error)
        else:
            parts.append(f"{v.NOT} {text}" if row.negated else text)
    return "" if wrong else f" {v.OR if any_of else v.AND} ".join(parts), wrong


def rows_of(tree: Node) -> tuple[list[Row], bool] | None:
    """Return the rows of a tree and whether any of them is enough; None when only text can say it."""
    parts = tree.parts if isinstance(tree, And | Or) else (tree,)
    rows = []
    for part in parts:
        leaf = part.part if isinstance(part, Not) else part
        if isinstance(leaf, And | Or | Not):
            return None
        kind, values = _values(leaf)
        rows.append(Row(kind, values, negated=isinstance(part, Not)))
    return rows, isinstance(tree, Or)


def condition_views(
    rows: Sequence[Row], wrong: Mapping[int, str], segments: Mapping[int, str]
) -> tuple[ConditionView, ...]:
    """Return the rows with their inputs."""
    labels = kind_labels()
    return tuple(
        ConditionView(
            number=place + 1,
            place=f"s{place}",
            kind=row.kind,
            label=labels[row.kind],
            inputs=tuple(_input_view(f"s{place}", one, row) for one in _inputs(row.kind, segments)),
            negated=row.negated,
            wrong=wrong.get(place, ""),
        )
        for place, row in enumerate(rows)
    )


def _input_view(place: str, one: _Input, row: Row) -> InputView:
    chosen = row.values.get(one.name, ())
    options = [*([("", _("semua"))] if one.optional and one.shape == "select" else []), *one.options]
    known = {value for value, _label in options}
    options += [(value, value) for value in chosen if one.options and value not in known]
    return InputView(
        id=f"{place}-{one.name}",
        label=one.label,
        shape=one.shape,
        value=row.one(one.name),
        options=tuple(Option(value, label, selected=value in chosen) for value, label in options),
        optional=one.optional,
    )


def _inputs(kind: str, segments: Mapping[int, str]) -> tuple[_Input, ...]:  # noqa: C901  one case per condition
    days = _Input(v.DAYS, _("Dalam berapa hari terakhir"), "number", optional=True)
    channels = tuple((str(one), channel_name(one)) for one in REACHED)
    categories = tuple((str(one), category_name(one)) for one in Category)
    match kind:
        case Field.KIND:
            return (
                _Input(VALUE, _("Kelompok"), "checks", options=tuple((str(one), kind_name(one)) for one in BuyerKind)),
            )
        case Field.LOCALE:
            return (_Input(VALUE, _("Bahasa"), "checks", options=(("id", "Bahasa Indonesia"), ("en", "English"))),)
        case Field.ZONE:
            return (_Input(VALUE, _("Zona waktu"), "checks", options=tuple((one, one) for one in ZONES)),)
        case Field.KECAMATAN | Field.SOURCE | v.NAME:
            return (_Input(VALUE, _("Nilai"), "text"),)
        case v.CREATED:
            return (_Input(v.DAYS, _("Berapa hari terakhir"), "number"),)
        case v.TOPICS:
            ways = (
                (str(Match.ANY), _("salah satu")),
                (str(Match.ALL), _("semuanya")),
                (str(Match.NONE), _("tidak satu pun")),
            )
            return (
                _Input(MATCH, _("Yang dipilih"), "select", options=ways),
                _Input(VALUE, _("Topik"), "checks", options=categories),
            )
        case v.BOUGHT:
            return (
                _Input(v.CATEGORY, _("Kategori"), "select", optional=True, options=categories),
                days,
                _Input(v.TIMES, _("Paling sedikit berapa kali"), "number", optional=True),
                _Input(v.SPENT, _("Paling sedikit senilai (rupiah)"), "number", optional=True),
                _Input(v.PRODUCT, _("Nomor produk"), "number", optional=True),
                _Input(v.BUSINESS, _("Nomor usaha"), "number", optional=True),
            )
        case Deed.RECEIVED | Deed.CLICKED:
            return (days, _Input(v.CAMPAIGN, _("Nomor kampanye"), "number", optional=True))
        case v.CONSENT:
            return (
                _Input(PURPOSE, _("Untuk"), "select", options=tuple((str(one), purpose_name(one)) for one in Purpose)),
                _Input(STATE, _("Keadaan"), "select", options=_states()),
            )
        case v.ADDRESS:
            return (_Input(CHANNEL, _("Kanal"), "select", options=channels),)
        case v.SUPPRESSED:
            return (_Input(CHANNEL, _("Kanal"), "select", optional=True, options=channels),)
    return (_Input(VALUE, _("Segmen"), "select", options=tuple((str(one), name) for one, name in segments.items())),)


def _states() -> tuple[tuple[str, str], ...]:
    return (
        (ConsentState.GIVEN, _("diberikan")),
        (ConsentState.WITHDRAWN, _("ditarik")),
        (ConsentState.REFUSED, _("ditolak")),
        (ConsentState.REQUESTED, _("sedang diminta")),
        (ConsentState.NONE, _("belum pernah ditanya")),
    )


def _text_of(row: Row) -> str:
    given = {one.name: row.one(one.name).strip() for one in _inputs(row.kind, {})}
    for one in _inputs(row.kind, {}):
        if not one.optional and not given[one.name] and row.kind != Field.KECAMATAN:
            raise InvalidInputError(_("Isi “{label}”.").format(label=one.label), field="teks")
    values = [quoted(value.strip()) for value in row.values.get(VALUE, ())]
    match row.kind:
        case v.NAME:
            return f"{v.NAME} {v.CONTAINS} {values[0]}"
        case v.TOPICS:
            return f"{v.TOPICS} {_word(given[MATCH])} ({', '.join(values)})"
        case v.CONSENT:
            return f"{v.CONSENT}({_word(given[PURPOSE])}={_word(given[STATE])})"
        case v.ADDRESS | v.SUPPRESSED:
            return f"{row.kind}({_word(given[CHANNEL]) if given[CHANNEL] else ''})"
        case v.SEGMENT:
            return f"{v.SEGMENT}({_number(given[VALUE])})"
        case v.CREATED | v.BOUGHT | Deed.RECEIVED | Deed.CLICKED:
            said = (
                f"{name}={_word(value) if name == v.CATEGORY else _number(value)}"
                for name, value in given.items()
                if value
            )
            return f"{row.kind}({', '.join(said)})"
    listed = ", ".join(values or ['""'])
    return f"{row.kind} = {listed}" if len(values) < 2 else f"{row.kind} {v.IN} ({listed})"  # noqa: PLR2004  a list begins at two


def _word(text: str) -> str:
    """Return a chosen word; one that the form never offered becomes a text, which the parser refuses."""
    return quoted(text)


def _number(text: str) -> str:
    plain = text.replace(".", "").replace(" ", "")
    if not (plain.isascii() and plain.isdigit()):
        raise InvalidInputError(_("“{text}” bukan angka.").format(text=text[:30]), field="teks")
    return plain


def _values(leaf: Leaf) -> tuple[str, Values]:  # noqa: C901  one case per condition
    match leaf:
        case Attribute(field=name, values=values):
            return name, {VALUE: values}
        case NameContains(text=text):
            return v.NAME, {VALUE: (text,)}
        case Created(days=days):
            return v.CREATED, _filled({v.DAYS: days})
        case Topics(match=match, topics=topics):
            return v.TOPICS, {MATCH: (match,), VALUE: topics}
        case Bought():
            return v.BOUGHT, _filled(
                {
                    v.CATEGORY: leaf.category, v.DAYS: leaf.days, v.TIMES: leaf.times if leaf.times > 1 else None,
                    v.SPENT: leaf.spent or None, v.PRODUCT: leaf.product, v.BUSINESS: leaf.business,
                }
            )  # fmt: skip
        case Engaged(deed=deed, days=days, campaign=campaign):
            return deed, _filled({v.DAYS: days, v.CAMPAIGN: campaign})
        case Consent(purpose=purpose, state=state):
            return v.CONSENT, {PURPOSE: (purpose,), STATE: (state,)}
        case HasAddress(channel=channel):
            return v.ADDRESS, {CHANNEL: (channel,)}
        case Suppressed(channel=stopped):
            return v.SUPPRESSED, _filled({CHANNEL: stopped})
        case InSegment(segment=segment):
            return v.SEGMENT, _filled({VALUE: segment})


def _filled(given: Mapping[str, object]) -> Values:
    return {name: (str(value),) for name, value in given.items() if value is not None}


def offered() -> Iterable[tuple[str, str]]:
    """Return the conditions to add, as value and label."""
    return ((str(kind), label) for kind, label in kind_labels().items())
