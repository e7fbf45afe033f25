"""Impor kontak: files of people on their way in."""

from dataclasses import dataclass
from typing import Literal

from marketing.web import paths
from marketing.web.views.parts import Option


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import in the list."""

    id: int
    name: str
    when: str
    state: str
    summary: str

    @property
    def href(self) -> str:
        """The page of this import."""
        return paths.contact_import(self.id)


@dataclass(frozen=True, slots=True)
class ImportsView:
    """The list and the form that takes a file."""

    rows: tuple[ImportRow, ...] = ()
    limit_mb: int = 200
    error: str = ""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column of the file and what it may mean."""

    name: str
    heading: str
    options: tuple[Option, ...]
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import: its columns and first rows while it is a draft or was tried, its numbers, how far it is."""

    id: int
    name: str
    state: str
    step: Literal["map", "running", "ended"]
    figures: tuple[tuple[str, str], ...] = ()
    columns: tuple[ColumnChoice, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    tried: bool = False
    done: int = 0
    total: int = 0
    progress: str = ""
    error: str = ""
    errors_href: str = ""
    result: str = ""

    @property
    def live(self) -> bool:
        """Whether the page asks again by itself."""
        return self.step == "running"
