"""The alert rules are whole and speak only of numbers that Siar tells, with labels that they have."""

import re
from typing import Any

import yaml

from marketing.observability.catalogue import COUNTED, READ, Kind
from tests.repo.conftest import ROOT

FOLDER = ROOT / "docs"
RULES: dict[str, Any] = yaml.safe_load((FOLDER / "prometheus" / "siar.rules.yml").read_text("utf-8"))
METRICS = {metric.name: metric for metric in (*COUNTED, *READ)}
TOLD = METRICS.keys() | {
    f"{metric.name}{end}"
    for metric in METRICS.values()
    if metric.kind is Kind.HISTOGRAM
    for end in ("_bucket", "_sum", "_count")
}


def rules() -> list[dict[str, Any]]:
    return [rule for group in RULES["groups"] for rule in group["rules"]]


def test_every_rule_has_a_name_of_its_own_a_condition_and_a_sentence() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names) >= 8
    for rule in rules():
        assert rule.keys() <= {"alert", "expr", "for", "annotations", "labels"}
        assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
        assert rule["annotations"]["summary"]
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_rules_and_pages_name_numbers_that_exist() -> None:
    text = (FOLDER / "prometheus" / "siar.rules.yml").read_text("utf-8") + (FOLDER / "scale.md").read_text("utf-8")
    named = set(re.findall(r"\bsiar_[a-z_]+", text))
    assert named
    assert named <= TOLD, named - TOLD


def test_rules_choose_by_labels_that_the_number_has() -> None:
    for rule in rules():
        for name, chosen in re.findall(r"(siar_[a-z_]+)\{([^}]*)\}", rule["expr"]):
            assert set(re.findall(r"(\w+)=", chosen)) <= set(METRICS[name].labels), rule["alert"]
        used = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        named = [METRICS[name] for name in re.findall(r"siar_[a-z_]+", rule["expr"]) if name in METRICS]
        assert used <= {label for metric in named for label in metric.labels}, rule["alert"]
