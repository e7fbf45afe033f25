"""The published JSON Schema is the models', and it accepts what the contract's own examples say."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from catalog_sync.contract.schema import json_schema, published_schema, schema_text, write_schema

PAGE: dict[str, Any] = {
    "schema": "siar-catalog/1",
    "region": "53.02",
    "businesses": [{"id": "U-001", "role": "umkm", "verification": {"status": "verified", "by": None, "at": None}}],
    "products": [{"id": "P-1", "business_id": "U-001", "category": "jasa", "warna": "merah"}],
    "deleted": {"products": ["P-9"]},
    "next_cursor": None,
}


def test_the_published_file_matches_the_models(tmp_path: Path) -> None:
    assert published_schema() == schema_text(), "run catalog_sync.contract.schema.write_schema"
    assert write_schema(tmp_path).read_text("utf-8") == schema_text()


def test_the_schema_is_one_and_accepts_a_page() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    jsonschema.Draft202012Validator(json_schema()).validate(PAGE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"schema": "siar-catalog/2"},
        {"products": [{"id": 7, "business_id": "U-001", "category": "jasa"}]},
        {"products": [{"id": "7", "business_id": "U-001", "category": "mobil"}]},
        {"businesses": [{"id": "U", "role": "umkm", "nib": 220123456789}]},
    ],
)
def test_the_schema_refuses_what_we_set_aside(wrong: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json.loads(published_schema())).validate({**PAGE, **wrong})
