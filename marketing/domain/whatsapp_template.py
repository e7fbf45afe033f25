"""Templates of WhatsApp: what Meta says of one, what one must look like to be submitted, and which can be filled by us; pure.

Sources, read 22 Nov 2026: developers.facebook.com …/whatsapp/templates/overview, …/templates/components,
…/webhooks/reference/message_template_status_update.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from marketing.domain.whatsapp_message import TemplateCategory
from marketing.i18n import gettext as _


class TemplateState(StrEnum):
    """Meta's words in small letters; only an approved template can be sent."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    PAUSED = "paused"
    DISABLED = "disabled"
    IN_APPEAL = "in_appeal"
    FLAGGED = "flagged"
    LOCKED = "locked"
    ARCHIVED = "archived"
    LIMIT_EXCEEDED = "limit_exceeded"
    PENDING_DELETION = "pending_deletion"
    DELETED = "deleted"
    UNKNOWN = "unknown"


SENDABLE: Final = frozenset({TemplateState.APPROVED, TemplateState.FLAGGED})
"""A flagged template still goes out; it is at risk of being disabled."""
_SAME: Final = {"REINSTATED": TemplateState.APPROVED, "UNARCHIVED": TemplateState.APPROVED, "UNLOCKED": TemplateState.APPROVED}  # fmt: skip
NAME: Final = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?")
_HOLE: Final = re.compile(r"\{\{\s*(\d{1,2})\s*\}\}")
_ANY_HOLE: Final = re.compile(r"\{\{[^{}]*\}\}")
BODY, FOOTER, HEADER, BUTTON_TEXT, URL = 1_024, 60, 60, 25, 2_000
BUTTONS: Final = 10


def state_of(word: object) -> TemplateState:
    """Return the state behind Meta's word; a new word of theirs is unknown and so not sent."""
    text = str(word or "").upper()
    if text in _SAME:
        return _SAME[text]
    return TemplateState(text.lower()) if text.lower() in set(TemplateState) else TemplateState.UNKNOWN


def holes(text: str) -> int:
    """Return how many values a text with {{1}}, {{2}} … wants."""
    return max((int(number) for number in _HOLE.findall(text)), default=0)


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a template: QUICK_REPLY, URL, PHONE_NUMBER …; `filled` says that the end of its address is a variable."""

    kind: str
    text: str
    url: str = ""
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What a template shows; `header` is none, text, image or Meta's word for another kind."""

    body: str
    header: str = "none"
    header_text: str = ""
    footer: str = ""
    buttons: tuple[Button, ...] = field(default=())

    @property
    def fillable(self) -> bool:
        """Return whether we can fill everything it asks for: numbered holes, a picture above, ends of addresses."""
        named = [text for text in (self.body, self.header_text) for text in _ANY_HOLE.findall(text)]
        if any(not _HOLE.fullmatch(text) for text in named):
            return False
        plain = all(button.kind in {"QUICK_REPLY", "URL", "PHONE_NUMBER"} for button in self.buttons)
        return plain and self.header in {"none", "text", "image"} and not holes(self.header_text)


def shape_of(components: object) -> Shape:
    """Read Meta's list of components; what cannot be read is left out, so that nothing is sent with it."""
    body, header, header_text, footer = "", "none", "", ""
    buttons: list[Button] = []
    for part in _objects(components):
        match str(part.get("type", "")).upper():
            case "BODY":
                body = str(part.get("text") or "")
            case "HEADER":
                header = str(part.get("format") or "TEXT").lower()
                header_text = str(part.get("text") or "")
            case "FOOTER":
                footer = str(part.get("text") or "")
            case "BUTTONS":
                buttons += [_button(one) for one in _objects(part.get("buttons"))]
            case other:
                buttons.append(Button(other[:32] or "UNKNOWN", ""))
    return Shape(body, header, header_text, footer, tuple(buttons))


def _button(one: Mapping[str, Any]) -> Button:
    url = str(one.get("url") or "")
    return Button(str(one.get("type") or "UNKNOWN").upper(), str(one.get("text") or ""), url, bool(holes(url)))


def _objects(found: object) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in (found if isinstance(found, list) else ()) if isinstance(one, dict))


@dataclass(frozen=True, slots=True)
class Draft:
    """A template to be submitted; `examples` fill the holes of the body for Meta's reviewers, `url` may end with {{1}}.

    A picture above needs an example that was uploaded at Meta, so such a template is made in WhatsApp Manager and synced.
    """

    name: str
    language: str
    category: TemplateCategory
    body: str
    examples: tuple[str, ...] = ()
    footer: str = ""
    button_text: str = ""
    url: str = ""
    url_example: str = ""
    leave_text: str = ""


def faults_of(draft: Draft) -> list[str]:
    """Return every reason why Meta would refuse the draft at once, as sentences."""
    return [text for holds, text in _checks(draft) if holds]


def _checks(draft: Draft) -> Sequence[tuple[bool, str]]:
    numbers = sorted({int(number) for number in _HOLE.findall(draft.body)})
    body = draft.body.strip()
    return (
        (not NAME.fullmatch(draft.name), _("Nama templat hanya boleh huruf kecil, angka dan garis bawah, paling panjang 512.")),
        (not LANGUAGE.fullmatch(draft.language), _("Bahasa templat ditulis seperti id atau en_US.")),
        (not body, _("Isi templat masih kosong.")),
        (len(body) > BODY, _("Isi templat paling panjang {limit} karakter.").format(limit=BODY)),
        (numbers != list(range(1, len(numbers) + 1)), _("Isian harus berurutan dari {{1}} tanpa ada yang terlewat.")),
        (bool(_ANY_HOLE.sub("", _HOLE.sub("", body)) != _HOLE.sub("", body)), _("Isian ditulis dengan angka, misalnya {{1}}.")),
        (bool(re.match(r"\{\{", body) or re.search(r"\}\}$", body)), _("Isi templat tidak boleh dimulai atau diakhiri dengan isian.")),
        (len(draft.examples) != len(numbers) or not all(text.strip() for text in draft.examples), _("Beri satu contoh untuk setiap isian; Meta memeriksanya.")),
        (len(draft.footer) > FOOTER or "{{" in draft.footer, _("Kaki templat paling panjang {limit} karakter dan tanpa isian.").format(limit=FOOTER)),
        (bool(draft.url) != bool(draft.button_text), _("Tombol tautan memerlukan tulisan dan alamat.")),
        (len(draft.button_text) > BUTTON_TEXT or len(draft.leave_text) > BUTTON_TEXT, _("Tulisan tombol paling panjang {limit} karakter.").format(limit=BUTTON_TEXT)),
        (bool(draft.url) and (not draft.url.startswith("https://") or len(draft.url) > URL), _("Alamat tombol harus https, paling panjang {limit} karakter.").format(limit=URL)),
        (bool(holes(draft.url)) and (not draft.url.endswith("{{1}}") or not draft.url_example), _("Isian pada alamat tombol berdiri di ujungnya sebagai {{1}}, dengan satu contoh.")),
    )  # fmt: skip


def submission(draft: Draft) -> dict[str, Any]:
    """Return what is posted to `message_templates`; the draft must be free of faults."""
    body: dict[str, Any] = {"type": "BODY", "text": draft.body.strip()}
    if draft.examples:
        body["example"] = {"body_text": [list(draft.examples)]}
    parts = [body]
    if draft.footer:
        parts.append({"type": "FOOTER", "text": draft.footer})
    buttons: list[dict[str, Any]] = []
    if draft.url:
        button: dict[str, Any] = {"type": "URL", "text": draft.button_text, "url": draft.url}
        if holes(draft.url):
            button["example"] = [draft.url_example]
        buttons.append(button)
    if draft.leave_text:
        buttons.append({"type": "QUICK_REPLY", "text": draft.leave_text})
    if buttons:
        parts.append({"type": "BUTTONS", "buttons": buttons})
    return {
        "name": draft.name,
        "language": draft.language,
        "category": draft.category.value.upper(),
        "parameter_format": "POSITIONAL",
        "components": parts,
    }
