"""The published JSON Schema, made from the models; a test holds the file and the models together."""

import json
from importlib import resources
from pathlib import Path
from typing import Any, Final

from catalog_sync.contract.models import Page

FILE_NAME: Final = "siar-catalog-1.schema.json"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a page and of everything in it."""
    schema = Page.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "siar-catalog/1"}


def schema_text() -> str:
    """Return the schema as it is published."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def published_schema() -> str:
    """Return the file that ships with Siar."""
    return (resources.files("catalog_sync.contract") / FILE_NAME).read_text("utf-8")


def write_schema(folder: Path) -> Path:
    """Write the schema into a folder and return the file."""
    path = folder / FILE_NAME
    path.write_text(schema_text(), "utf-8")
    return path
