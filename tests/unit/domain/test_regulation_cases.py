"""Every example of every article goes through the whole gate; every declared code has an example that it holds."""

import pytest

from marketing.domain.eligibility import decide
from marketing.domain.regulations import GATES
from marketing.domain.regulations.base import Case

EXAMPLES = [
    pytest.param(regulation, case, id=f"{article.code_prefix}: {case.name}")
    for regulation, gate in GATES.items()
    for article in gate.articles
    for case in article.cases
]


@pytest.mark.parametrize(("regulation", "case"), EXAMPLES)
def test_the_gate_decides_the_example_as_the_article_says(regulation: str, case: Case) -> None:
    decision = decide(case.product, regulation=regulation, region_code=case.region_code, now=case.now)
    assert {reason.code for reason in decision.reasons} == case.codes
    assert decision.promotable is case.promotable


@pytest.mark.parametrize("regulation", GATES)
def test_every_article_has_allowed_examples_and_every_code_a_refused_one(regulation: str) -> None:
    for article in GATES[regulation].articles:
        assert any(case.promotable for case in article.cases), article.citation
        assert set().union(*(case.codes for case in article.cases)) == set(article.codes)
        assert len({case.name for case in article.cases}) == len(article.cases)


@pytest.mark.parametrize(("regulation", "case"), EXAMPLES)
def test_a_reason_is_a_sentence_with_its_pasal_and_a_cure(regulation: str, case: Case) -> None:
    decision = decide(case.product, regulation=regulation, region_code=case.region_code, now=case.now)
    for reason in decision.reasons:
        assert "Pasal" in reason.citation
        assert reason.text[0].isupper()
        assert reason.text.endswith(".")
        assert reason.cure[0].islower()
        assert reason.cure.endswith(".")


def test_the_codes_are_those_printed_in_the_regulations() -> None:
    assert list(GATES["perbup_tts_17_2025"].codes) == [
        "TTS 1(6)", "TTS 10(1)a", "TTS 10(1)b", "TTS 10(1)c", "TTS 10(1)d", "TTS 10(1)e", "TTS 10(2)",
    ]  # fmt: skip
    assert list(GATES["perwali_blitar_24_2024"].codes) == [
        "Blitar 6(2)b", "Blitar 8(1)", "Blitar 8(2)", "Blitar 8(3)", "Blitar 9(1)a", "Blitar 9(1)b", "Blitar 9(1)c",
    ]  # fmt: skip


def test_each_regulation_has_its_own_version() -> None:
    assert len({gate.version for gate in GATES.values()}) == len(GATES)
