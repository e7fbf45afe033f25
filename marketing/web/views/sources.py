"""Sumber katalog: where products come from, how the pulls went, and what one would change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from marketing.web import paths
from marketing.web.views.catalog import SetAsideRow
from marketing.web.views.parts import Option, Pager


@dataclass(frozen=True, slots=True)
class RunRow:
    """One pull with its numbers; a dash where it never came so far."""

    id: int
    when: str
    state: str
    length: str
    new: str
    changed: str
    unchanged: str
    deleted: str
    set_aside: str
    has_list: bool = False
    note: str = ""

    @property
    def href(self) -> str:
        """The list of what it set aside."""
        return paths.set_aside(self.id)


@dataclass(frozen=True, slots=True)
class SourceCard:
    """One source; `kind` says who may change it: web (anyone allowed), cli (its hours only), settings or gone (nobody here)."""

    name: str
    kind: Literal["web", "cli", "settings", "gone"]
    state: str
    facts: tuple[tuple[str, str], ...]
    runs: tuple[RunRow, ...] = ()
    error: str = ""
    withheld: str = ""
    command: str = ""

    @property
    def edit_href(self) -> str:
        """The form of this source."""
        return paths.listing(paths.SOURCE_FORM, sumber=self.name)

    @property
    def try_action(self) -> str:
        """Where a dry run is asked for."""
        return paths.listing(paths.SOURCE_TRY, sumber=self.name)

    @property
    def pull_action(self) -> str:
        """Where a pull is asked for."""
        return paths.listing(paths.SOURCE_PULL, sumber=self.name)

    @property
    def forget_action(self) -> str:
        """Where the source is forgotten."""
        return paths.listing(paths.SOURCE_FORGET, sumber=self.name)


@dataclass(frozen=True, slots=True)
class SourcesView:
    """All sources of the Daerah."""

    cards: tuple[SourceCard, ...]
    can_change: bool = False


@dataclass(frozen=True, slots=True)
class SourceFormView:
    """The form of a new source (`standing` empty) or of a kept one; `fixed` lets only its hours be changed."""

    standing: str
    name: str
    formats: tuple[Option, ...]
    address: str
    mapping: str
    minutes: str
    has_token: bool = False
    fixed: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def save_action(self) -> str:
        """Where the form is sent."""
        return paths.listing(paths.SOURCE_SAVE, sumber=self.standing)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One record that a pull would touch."""

    kind: str
    external_id: str
    what: str
    title: str
    differing: str
    verdict: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class RehearsalView:
    """What a pull would change; `error` instead when the catalogue cannot be read."""

    source: str
    asked: str
    error: str = ""
    stats: tuple[tuple[str, str, str], ...] = ()
    held_by: tuple[tuple[str, str], ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    more: str = ""
    set_aside: tuple[SetAsideRow, ...] = ()
    set_aside_more: str = ""

    @property
    def pull_action(self) -> str:
        """Where the pull itself is asked for."""
        return paths.listing(paths.SOURCE_PULL, sumber=self.source)


@dataclass(frozen=True, slots=True)
class SetAsideView:
    """What one pull could not take."""

    run_id: int
    source: str
    summary: str
    rows: tuple[SetAsideRow, ...]
    pager: Pager
    kinds: tuple[Option, ...] = ()
    query: str = ""
    download_href: str = ""
    note: str = ""

    @property
    def href(self) -> str:
        """This list without a filter."""
        return paths.set_aside(self.run_id)

    @property
    def filtered(self) -> bool:
        """Whether an empty list is empty because of the filter."""
        return bool(self.query) or any(option.selected and option.value for option in self.kinds)
