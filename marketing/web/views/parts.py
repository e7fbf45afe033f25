"""Values that several pages share."""

from dataclasses import dataclass

from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.web import paths


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at a list, with how much is behind it."""

    label: str
    href: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select or a radio group."""

    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """Where in a list we are; addresses are empty at either end. `total` may be unknown on lists too long to count."""

    shown: int
    total: int | None
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Thumb:
    """A small picture beside a name and a line under it."""

    title: str
    note: str = ""
    picture: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """One part of the ledger: `kind` picks colour and weave, `state` the list behind it."""

    kind: str
    state: str
    name: str
    note: str
    number: int
    start: float
    width: float
    href: str

    @property
    def x(self) -> str:
        """Where the part starts, as an SVG length."""
        return f"{self.start:.3f}%"

    @property
    def w(self) -> str:
        """How wide the part is, as an SVG length."""
        return f"{self.width:.3f}%"


@dataclass(frozen=True, slots=True)
class LedgerView:
    """Where everybody of the audience is now. The audience is the sum of all states, and the page proves it."""

    campaign_id: int
    audience: int
    queued: int = 0
    sending: int = 0
    accepted: int = 0
    delivered: int = 0
    deferred: int = 0
    bounced: int = 0
    complained: int = 0
    failed: int = 0
    skipped: int = 0
    unknown: int = 0
    live: bool = False
    updated_at: str = ""

    @property
    def total(self) -> int:
        """The sum of all states."""
        return sum(number for _kind, _state, _name, _note, number in self._rows())

    @property
    def balanced(self) -> bool:
        """Whether nobody is missing and nobody is counted twice."""
        return self.total == self.audience

    @property
    def settled(self) -> int:
        """How many need nothing more from us."""
        return self.audience - self.queued - self.sending - self.deferred

    @property
    def parts(self) -> tuple[LedgerPart, ...]:
        """The parts in the order a message goes through them; the rare ones only when somebody is there."""
        whole = max(self.total, 1)
        start = 0.0
        parts: list[LedgerPart] = []
        for kind, state, name, note, number in self._rows():
            width = 100 * number / whole
            if number or kind == state:
                href = paths.mails(self.campaign_id, state)
                parts.append(LedgerPart(kind, state, name, note, number, start, width, href))
            start += width
        return tuple(parts)

    @property
    def summary(self) -> str:
        """One sentence that says what the bar shows."""
        shown = [f"{part.name} {part.number}" for part in self.parts if part.number]
        if not shown:
            return _("Belum ada penerima.")
        people = ngettext("{n} orang", "{n} orang", self.audience).format(n=self.audience)
        return f"{people}: {', '.join(shown)}."

    def _rows(self) -> tuple[tuple[str, str, str, str, int], ...]:
        """Return (kind, state, name, note, number); a row whose kind is its state is always shown."""
        return (
            ("delivered", "delivered", _("Sampai"), _("kotak surat menerimanya"), self.delivered),
            ("accepted", "accepted", _("Diterima server"), _("menunggu kabar sampai"), self.accepted),
            ("accepted", "sending", _("Sedang dikirim"), _("sedang diserahkan"), self.sending),
            ("queued", "queued", _("Menunggu giliran"), _("belum diserahkan"), self.queued),
            (
                "queued",
                "deferred",
                _("Ditunda sementara"),
                _("dicoba lagi sendiri, atau menunggu pembayaran"),
                self.deferred,
            ),
            (
                "skipped",
                "skipped",
                _("Dilewati"),
                _("tidak berizin, tidak layak, atau sudah cukup dikirimi"),
                self.skipped,
            ),
            ("failed", "failed", _("Gagal"), _("ditolak untuk seterusnya"), self.failed),
            ("failed", "bounced", _("Terpental"), _("alamat tidak dapat menerima"), self.bounced),
            ("failed", "complained", _("Diadukan"), _("ditandai sebagai spam; tidak dikirimi lagi"), self.complained),
            (
                "unknown",
                "unknown",
                _("Belum pasti"),
                _("jawaban server hilang; tidak diulang begitu saja"),
                self.unknown,
            ),
        )
