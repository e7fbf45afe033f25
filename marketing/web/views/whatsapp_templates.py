"""Templat WhatsApp: what Meta has approved, and the form that submits another."""

from dataclasses import dataclass, field

from marketing.web.views.parts import Option


@dataclass(frozen=True, slots=True)
class WhatsAppTemplateRow:
    """One language of one template; `usable` says whether a campaign can go out in it, `notes` why not or what has changed."""

    name: str
    language: str
    category: str
    state: str
    usable: bool
    body: str
    notes: tuple[str, ...] = ()
    remove_action: str = ""


@dataclass(frozen=True, slots=True)
class DraftForm:
    """What was typed in; `wrong` is what Meta or we have against it."""

    name: str = ""
    body: str = ""
    examples: str = ""
    footer: str = ""
    button: str = ""
    url: str = ""
    url_example: str = ""
    leave: str = ""
    categories: tuple[Option, ...] = field(default=())
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class WhatsAppTemplatesView:
    """The page; without `action` the person may only look, without `connected` there is nothing to ask."""

    rows: tuple[WhatsAppTemplateRow, ...]
    connected: bool
    connect_href: str
    action: str = ""
    sync_action: str = ""
    form: DraftForm = field(default_factory=DraftForm)
