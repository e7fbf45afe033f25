"""A request to Telegram against the Bot API's own description (methods and types with their fields), read from its JSON form."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

from marketing.demo.simulators.server import Asked

_WHOLE: Final = "Array of "
_ATTACHED: Final = "attach://"


@dataclass(frozen=True)
class BotApi:
    """The description in one file; `misfits` says what a call does that it does not allow."""

    file: Path

    @cached_property
    def described(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.file.read_text("utf-8"))
        return found

    def misfits(self, asked: Asked) -> Iterator[str]:
        """Yield what does not fit, in words that name the method and the field."""
        method = asked.path.rpartition("/")[2]
        names = {name.lower(): name for name in self.described["methods"]}  # "case-insensitive", core.telegram.org
        known = self.described["methods"].get(names.get(method.lower(), ""))
        if known is None:
            yield f"{method}: no such method"
            return
        files = {name for name, value in asked.parts.items() if not _is_text(value)}
        call = _Call(self, frozenset(files))
        yield from call.object(known, {**_fields(asked), **dict.fromkeys(files, "")}, method)
        yield from (f"{method}: file {name} is named nowhere" for name in files - call.named)


@dataclass
class _Call:
    api: BotApi
    files: frozenset[str]
    named: set[str] = field(default_factory=set)

    def object(self, described: Mapping[str, Any], given: Mapping[str, Any], where: str) -> Iterator[str]:
        fields = {one["name"]: one for one in described.get("fields", ())}
        for name, one in fields.items():
            if one["required"] and name not in given:
                yield f"{where}: {name} is required"
        for name, value in given.items():
            if name in self.files and name not in fields:
                continue  # what `attach://` names further down
            if name not in fields:
                yield f"{where}: {name} is unknown"
            elif not any(self.fits(kind, name, value) for kind in fields[name]["types"]):
                yield f"{where}.{name}: {value!r} is no {' or '.join(fields[name]['types'])}"

    def fits(self, kind: str, name: str, value: Any) -> bool:
        if kind == "InputFile":
            self.named |= {name} & self.files
            return name in self.files
        if kind.startswith(_WHOLE):
            items = _opened(value)
            inner = kind.removeprefix(_WHOLE)
            return isinstance(items, list) and all(self.fits(inner, name, item) for item in items)
        if kind in _PLAIN:
            if isinstance(value, str) and value.startswith(_ATTACHED):
                self.named.add(value.removeprefix(_ATTACHED))
                return kind == "String" and value.removeprefix(_ATTACHED) in self.files
            return bool(_PLAIN[kind](value))
        described, given = self.api.described["types"][kind], _opened(value)
        if not isinstance(given, dict):
            return False
        if subtypes := described.get("subtypes"):
            return any(self.fits(one, name, given) for one in subtypes)
        return not list(self.object(described, given, kind))


_PLAIN: Final[Mapping[str, Any]] = {
    "String": lambda value: isinstance(value, str),
    "Integer": lambda value: (isinstance(value, int) and not isinstance(value, bool)) or _is_whole(value),
    "Float": lambda value: isinstance(value, int | float) or _is_whole(value),
    "Boolean": lambda value: value is True or value is False or value in {"true", "false"},
}


def _is_whole(value: Any) -> bool:
    return isinstance(value, str) and value.removeprefix("-").isdecimal()


def _opened(value: Any) -> Any:
    """Return what a field of a form holds as JSON."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return None


def _is_text(value: bytes) -> bool:
    try:
        return "\x00" not in value.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _fields(asked: Asked) -> dict[str, Any]:
    kind = asked.headers.get("content-type", "")
    if kind.startswith("multipart/"):
        return {name: value.decode("utf-8") for name, value in asked.parts.items() if _is_text(value)}
    if "json" in kind:
        return asked.json
    return dict(parse_qsl(asked.body.decode("utf-8"), keep_blank_values=True))
