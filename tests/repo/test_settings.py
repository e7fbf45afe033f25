"""Every setting stands in .env.example, and nothing stands there that is no setting."""

import re

import pytest

from marketing.settings import Settings, load_settings
from tests.repo.conftest import ROOT, Files

NAMED = re.compile(r"SIAR_[A-Z0-9_]+[A-Z0-9]")
FOR_TESTS = {"SIAR_REQUIRE_ALL", "SIAR_SPECS"}


def example() -> str:
    return (ROOT / ".env.example").read_text("utf-8")


def known() -> set[str]:
    return {f"SIAR_{name.upper()}" for name in Settings.model_fields}


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(re.findall(r"^# (SIAR_[A-Z_]+)=", example(), re.MULTILINE)) == known()


def test_the_example_changes_nothing_as_it_is() -> None:
    assert [line for line in example().splitlines() if line.strip() and not line.startswith("#")] == []


def test_every_setting_that_code_and_pages_name_exists(files: Files) -> None:
    found = files("marketing", "catalog_sync", "workers", suffixes=(".py", ".html", ".po"))
    named = {name for path in found for name in NAMED.findall(path.read_text("utf-8"))}
    assert named - known() - FOR_TESTS == set()


@pytest.mark.parametrize("line", [line[2:] for line in example().splitlines() if re.match(r"# SIAR_[A-Z_]+=.", line)])
def test_every_example_is_a_value_that_can_be_read(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    name, _equals, rest = line.partition("=")
    value = re.sub(r"\s+#.*", "", rest)
    monkeypatch.setenv(name, value)
    assert value == "" or name.removeprefix("SIAR_").lower() in load_settings().model_fields_set
