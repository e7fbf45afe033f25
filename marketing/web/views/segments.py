"""Segments: the list, and one in the making, row by row or as text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from marketing.web import paths
from marketing.web.views.parts import Option


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One saved segment in the list; nobody is counted there."""

    name: str
    explanation: str
    href: str
    changed: str


@dataclass(frozen=True, slots=True)
class SegmentsView:
    """The saved segments of a Daerah."""

    rows: tuple[SegmentRow, ...]
    can_change: bool


@dataclass(frozen=True, slots=True)
class InputView:
    """One input of a condition: `shape` is number, text, select or checks."""

    id: str
    label: str
    shape: str
    value: str = ""
    options: tuple[Option, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class ConditionView:
    """One condition of the builder; `negated` turns it around."""

    number: int
    place: str
    kind: str
    label: str
    inputs: tuple[InputView, ...]
    negated: bool = False
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class SegmentFormView:
    """A segment in the making. `by_rows` shows the builder, otherwise only the text holds it all."""

    name: str
    text: str
    by_rows: bool
    conditions: tuple[ConditionView, ...] = ()
    any_of: bool = False
    kinds: tuple[Option, ...] = ()
    count: int | None = None
    explanation: str = ""
    segment_id: int | None = None
    uses: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def action(self) -> str:
        """Where the form is posted."""
        return paths.SEGMENT_NEW if self.segment_id is None else paths.segment(self.segment_id)

    @property
    def delete_action(self) -> str:
        """Where a standing segment is deleted; empty for a new one."""
        return "" if self.segment_id is None else paths.segment(self.segment_id, "hapus")
