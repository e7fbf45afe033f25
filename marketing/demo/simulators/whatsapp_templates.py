"""Templates by WhatsApp's rules: names, languages, examples, review, and what a filled one must look like.

Written from developers.facebook.com …/whatsapp/templates/overview and …/templates/components, read 22 Nov 2026.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from marketing.demo.simulators.whatsapp_words import RefusalError

CATEGORIES: Final = frozenset({"MARKETING", "UTILITY", "AUTHENTICATION"})
_HOLE: Final = re.compile(r"\{\{(\d+)\}\}")
_BAD_TEXT: Final = re.compile(r"[\n\t]| {5,}")
BODY_MAX: Final = 1_024
_EXISTS, _EXAMPLES, _FORMAT = 2388024, 2388043, 2388299


def holes(text: str) -> int:
    """Return how many numbered holes a text has."""
    return len(set(_HOLE.findall(text)))


@dataclass
class Template:
    """One language of a template."""

    id: str
    name: str
    language: str
    category: str
    components: list[dict[str, Any]]
    status: str = "PENDING"
    reason: str = "NONE"
    quality: str = "UNKNOWN"
    previous_category: str = ""

    def component(self, kind: str) -> dict[str, Any]:
        """Return one of its parts, empty when it has none of this kind."""
        return next((part for part in self.components if part.get("type") == kind), {})

    def listed(self) -> dict[str, Any]:
        """Return it as the API lists it."""
        found = {
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "components": self.components,
            "parameter_format": "POSITIONAL",
            "quality_score": {"score": self.quality},
            "rejected_reason": self.reason,
        }
        return found | ({"previous_category": self.previous_category} if self.previous_category else {})


@dataclass
class TemplateRules:
    """The templates of one business account."""

    standing: dict[tuple[str, str], Template] = field(default_factory=dict)
    recategorise: bool = False
    """Whether review makes a utility template a marketing one, as Meta does by itself."""
    _ids: Any = field(default_factory=lambda: count(594_425_479_261_596))

    def add(self, name: str, body: str, *, category: str = "MARKETING", **given: Any) -> Template:
        """Put an approved template there; `header`, `buttons`, `language` and `status` may be given."""
        parts: list[dict[str, Any]] = [{"type": "BODY", "text": body}]
        if header := given.get("header"):
            parts.insert(0, {"type": "HEADER", "format": header})
        if buttons := given.get("buttons"):
            parts.append({"type": "BUTTONS", "buttons": buttons})
        language = given.get("language", "id")
        template = Template(str(next(self._ids)), name, language, category, parts, given.get("status", "APPROVED"))
        self.standing[name, language] = template
        return template

    def create(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Take a template for review."""
        name, language, category = (str(fields.get(key, "")) for key in ("name", "language", "category"))
        if not re.fullmatch(r"[a-z0-9_]{1,512}", name):
            raise RefusalError(100, "Message template name can only have lowercase letters and underscores.")
        if not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2,3})?", language):
            raise RefusalError(100, "Param language must be one of the supported languages.")
        if category not in CATEGORIES:
            raise RefusalError(100, "Param category must be one of {AUTHENTICATION, MARKETING, UTILITY}")
        if (name, language) in self.standing:
            raise RefusalError(100, f"There is already {language} content for this template.", _EXISTS)
        parts = fields.get("components")
        if not isinstance(parts, list) or not any(part.get("type") == "BODY" for part in parts):
            raise RefusalError(100, "Message template components param is missing expected field(s): BODY", 2388023)
        for part in parts:
            _check_part(part)
        template = Template(str(next(self._ids)), name, language, category, parts)
        self.standing[name, language] = template
        if self.recategorise and category == "UTILITY":
            template.category, template.previous_category = "MARKETING", "UTILITY"
        return {"id": template.id, "status": template.status, "category": template.category}

    def listed(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return a page of templates."""
        found = [template.listed() for template in self.standing.values()]
        limit, begin = int(fields.get("limit") or 25), int(fields.get("after") or 0)
        asked = str(fields.get("fields") or "id,name,status,category,language,components").split(",")
        page = [{key: one[key] for key in ("id", *asked) if key in one} for one in found[begin : begin + limit]]
        paging: dict[str, Any] = {"cursors": {"before": str(begin), "after": str(begin + len(page))}}
        if begin + limit < len(found):
            paging["next"] = "https://graph.facebook.com/next"
        return {"data": page, "paging": paging}

    def delete(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Delete a name, or one language of it by its id."""
        name, number = str(fields.get("name", "")), str(fields.get("hsm_id") or "")
        keys = [key for key, one in self.standing.items() if key[0] == name and number in {"", one.id}]
        if not keys:
            raise RefusalError(100, "Message Template Not Found", 2593002)
        for key in keys:
            del self.standing[key]
        return {"success": True}

    def filled(self, given: Mapping[str, Any]) -> Template:
        """Return the template that a message names, filled right; else say what is wrong with it."""
        language = given.get("language")
        code = language.get("code") if isinstance(language, dict) else None
        if not given.get("name") or not code:
            raise RefusalError(131008, "template['name'] and template['language']['code'] are required")
        template = self.standing.get((str(given["name"]), str(code)))
        if template is None or template.status in {"PENDING", "REJECTED"}:
            raise RefusalError(132001, f"template name ({given['name']}) does not exist in {code}")
        if template.status in {"PAUSED", "DISABLED"}:
            raise RefusalError(132015 if template.status == "PAUSED" else 132016)
        _check_filling(template, given.get("components") or [])
        return template


def _check_part(part: Mapping[str, Any]) -> None:
    text = str(part.get("text") or "")
    wanted = holes(text)
    if part.get("type") == "BODY":
        examples = (part.get("example") or {}).get("body_text") or [[]]
        if wanted and len(examples[0]) != wanted:
            raise RefusalError(
                100, "Message template component type BODY is missing expected field(s) (example)", _EXAMPLES
            )
        if text.startswith("{{") or text.endswith("}}"):
            raise RefusalError(100, "Variables can't be at the start or end of the template.", _FORMAT)
        if not text or len(text) > BODY_MAX:
            raise RefusalError(100, "The message body can't be more than 1024 characters.", 2388040)
    if part.get("type") == "FOOTER" and (wanted or len(text) > 60):  # noqa: PLR2004  Meta's limit
        raise RefusalError(100, "Message footer can't have variables or more than 60 characters.", 2388040)
    for button in part.get("buttons") or []:
        if len(str(button.get("text", ""))) > 25:  # noqa: PLR2004  Meta's limit
            raise RefusalError(100, "Button text can't be more than 25 characters.", 2388040)
        if button.get("type") == "URL" and holes(str(button.get("url"))) and not button.get("example"):
            raise RefusalError(
                100, "Message template component type BUTTONS is missing expected field(s) (example)", _EXAMPLES
            )


def _check_filling(template: Template, parts: Sequence[Mapping[str, Any]]) -> None:
    given = {str(part.get("type", "")).lower(): part.get("parameters") or [] for part in parts}
    body = str(template.component("BODY").get("text", ""))
    values = [str(one.get("text", "")) for one in given.get("body", [])]
    if len(values) != holes(body):
        raise RefusalError(
            132000,
            f"body: number of localizable_params ({len(values)}) does not match the expected number of params ({holes(body)})",
        )
    if any(_BAD_TEXT.search(value) for value in values):
        raise RefusalError(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    if any(not value for value in values):
        raise RefusalError(131008, "Parameter of type text is missing text value")
    if len(_HOLE.sub("", body)) + sum(map(len, values)) > BODY_MAX:
        raise RefusalError(132005, "body: text too long")
    header = str(template.component("HEADER").get("format", "TEXT"))
    pictures = [one for one in given.get("header", []) if one.get("type") == "image"]
    if (header == "IMAGE") != bool(pictures):
        raise RefusalError(
            132012, "header: Format mismatch, expected IMAGE" if header == "IMAGE" else "header: unexpected"
        )
    if any(not str((one.get("image") or {}).get("link", "")).startswith("https://") for one in pictures):
        raise RefusalError(131053, "Media upload error: link must be https")
    _check_buttons(template, [part for part in parts if str(part.get("type", "")).lower() == "button"])


def _check_buttons(template: Template, parts: Sequence[Mapping[str, Any]]) -> None:
    buttons = template.component("BUTTONS").get("buttons") or []
    filled = {
        str(index) for index, one in enumerate(buttons) if one.get("type") == "URL" and holes(str(one.get("url", "")))
    }
    told = {str(part.get("index")) for part in parts if part.get("sub_type") == "url" and part.get("parameters")}
    if filled - told:
        raise RefusalError(131008, f"Button at index {min(filled - told)} of type Url requires a parameter")
    if told - filled:
        raise RefusalError(132000, "button: number of params does not match")
