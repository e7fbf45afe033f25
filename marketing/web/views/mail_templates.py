"""Templat surel: the list, the page of one with its editor and history, and what changed between two versions."""

from dataclasses import dataclass

from marketing.web.views.preview import LookLink, MailFinding


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One template; `standing` says which version is in force."""

    kind: str
    name: str
    standing: str
    href: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class TemplatesView:
    """All templates."""

    rows: tuple[TemplateRow, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version; an empty address means that there is nothing to do with it here."""

    title: str
    when: str
    who: str
    note: str
    diff_href: str = ""
    open_href: str = ""
    number: int = 0
    current: bool = False
    may_restore: bool = False


@dataclass(frozen=True, slots=True)
class TemplateView:
    """The page of one template. `refused` are reasons with their field; `checked` says that they were looked for."""

    kind: str
    name: str
    standing: str
    action: str
    restore_action: str
    show_action: str
    frame_href: str
    looks: tuple[LookLink, ...]
    versions: tuple[VersionRow, ...]
    mjml: str = ""
    text: str = ""
    note: str = ""
    shown: str = ""
    can_edit: bool = False
    checked: bool = False
    refused: tuple[tuple[str, str], ...] = ()
    findings: tuple[MailFinding, ...] = ()
    text_part: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class DiffPart:
    """One part of a template: lines with what became of them ("+", "-", "@" or nothing)."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DiffView:
    """What changed between two versions."""

    name: str
    back_href: str
    before: str
    after: str
    parts: tuple[DiffPart, ...]
