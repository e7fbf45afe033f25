"""A request to WhatsApp's Cloud API against Meta's own description of it, read from its OpenAPI form.

Meta's description contradicts itself where `allOf` meets `additionalProperties: false` (all of its examples fail a plain
validator), so the parts of an `allOf` are merged first; the pattern of a button's index (`^[2-6, 11-14]$`) refuses Meta's own
example and is left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator

from marketing.demo.simulators.server import Asked

PROOF: Final = "appsecret_proof"
"""Of the Graph API as a whole, which this description does not speak of."""
PAGING: Final = frozenset({"limit", "after", "fields"})
_REF: Final = "#/components/"


@dataclass(frozen=True)
class CloudApi:
    """The description in one file; `misfits` says what a call does that it does not allow."""

    file: Path

    @cached_property
    def described(self) -> dict[str, Any]:
        found: dict[str, Any] = yaml.load(self.file.read_text("utf-8"), Loader=yaml.CSafeLoader)
        return found

    def misfits(self, asked: Asked) -> Iterator[str]:
        """Yield what does not fit, in words that name the place."""
        place, name = self._place(asked)
        if place is None:
            yield f"{asked.method} {asked.path}: no such call"
            return
        one = place[asked.method.lower()]
        known = {
            str(self._opened(given).get("name")) for given in (*place.get("parameters", ()), *one.get("parameters", ()))
        }
        yield from (f"{name}: {key} is unknown" for key, _value in asked.query if key not in known | {PROOF} | PAGING)
        if "Bearer " not in asked.headers.get("authorization", ""):
            yield f"{name}: no bearer token"
        body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if body is not None and asked.method == "POST":
            kind = str(asked.json.get("type", ""))
            schema = self._merged(self._chosen(body, kind))
            for error in Draft202012Validator(schema).iter_errors(asked.json):
                yield f"{name}.{'.'.join(map(str, error.absolute_path))}: {error.message}"
            yield from self._components(name, asked.json)

    def _components(self, name: str, body: Mapping[str, Any]) -> Iterator[str]:
        """Check the parts of a template message by the kind that each names."""
        known = self.described["components"]["schemas"]["TemplateComponent"]["discriminator"]["mapping"]
        parts = body.get("template", {}).get("components", ()) if isinstance(body.get("template"), dict) else ()
        for part in parts:
            schema = self._merged(self._opened({"$ref": known[part["type"]]}))
            for error in Draft202012Validator(schema).iter_errors(part):
                yield f"{name}.{part['type']}: {error.message}"

    def _place(self, asked: Asked) -> tuple[dict[str, Any] | None, str]:
        for path, place in self.described["paths"].items():
            pattern = re.sub(r"\\\{[^{}]*\\\}", r"[^/]+", re.escape(path))
            last, wanted = path.rpartition("/")[2], asked.path.rpartition("/")[2]
            literal = not last.startswith("{")
            if re.fullmatch(pattern, asked.path) and asked.method.lower() in place and (not literal or last == wanted):
                return place, f"{asked.method} {last}"
        return None, ""

    def _chosen(self, schema: dict[str, Any], kind: str) -> dict[str, Any]:
        opened = self._opened(schema)
        mapping = opened.get("discriminator", {}).get("mapping", {})
        return self._opened({"$ref": mapping[kind]}) if kind in mapping else opened

    def _opened(self, found: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in found:
            here: Any = self.described
            for step in found["$ref"].removeprefix("#/").split("/"):
                here = here[step]
            found = here
        return found

    def _merged(self, schema: Any) -> Any:
        """Return the schema with references opened, `allOf` merged and what contradicts Meta's examples left out."""
        if isinstance(schema, list):
            return [self._merged(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        opened = self._opened(schema)
        if "allOf" in opened:
            whole: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
            for part in (self._merged(one) for one in opened["allOf"]):
                whole["properties"] |= part.get("properties", {})
                whole["required"] += part.get("required", [])
                if part.get("additionalProperties") is False:
                    whole["additionalProperties"] = False
            return whole
        dropped = {"example", "examples", "discriminator", "pattern", "description"}
        return {name: self._merged(value) for name, value in opened.items() if name not in dropped}
