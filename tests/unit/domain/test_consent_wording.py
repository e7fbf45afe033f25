"""The seven elements of UU 27/2022 Ps. 21(1), versions that never go back, and what a consent is worth after a change."""

from datetime import UTC, datetime, timedelta

import pytest

from marketing.domain.consent_wording import (
    LABELS,
    Element,
    Standing,
    composed,
    current_version,
    is_version,
    missing_elements,
    series,
    standing,
    text_hash,
)
from marketing.domain.types import Purpose
from marketing.tenants.profile import load_profiles
from marketing.tenants.shipped_wordings import shipped_wordings

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(days=30), NOW + timedelta(days=30)
TOLD = dict.fromkeys(Element, "sesuatu yang dikatakan dengan cukup lengkap")


@pytest.mark.parametrize("tenant", load_profiles())
def test_every_purpose_is_told_whole_in_every_language(tenant: str) -> None:
    texts = shipped_wordings(tenant)
    assert {(one.purpose, one.language) for one in texts} == {(purpose, lang) for purpose in Purpose for lang in LABELS}
    for one in texts:
        assert missing_elements(one.text, one.language) == (), one
        assert "{" not in one.text
        assert one.hash == text_hash(one.text)
        assert one.question.endswith(".")
        assert is_version(one.version)
    assert len({one.hash for one in texts}) == len(texts)


def test_the_daerah_itself_is_named() -> None:
    for tenant, profile in load_profiles().items():
        text = shipped_wordings(tenant)[0].text
        for name in (profile.dinas, profile.regulation_name, profile.dpo.email):
            assert name in text


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("element", Element)
def test_each_element_is_missed(language: str, element: Element) -> None:
    assert missing_elements(composed("Ya.", TOLD, language), language) == ()
    for said in ("", "ya", "{tujuan} yang belum diisi sama sekali"):
        assert missing_elements(composed("Ya.", {**TOLD, element: said}, language), language) == (element,)


@pytest.mark.parametrize("text", ["", "Saya setuju.", "Dasar hukum", ":" * 99, "\0" * 50, "Tujuan:\nTujuan:\n"])
def test_a_text_that_tells_nothing_misses_everything(text: str) -> None:
    assert missing_elements(text, "id") == tuple(Element)


@pytest.mark.parametrize("version", ["2026-1", "2026-12", "2026-1.1"])
def test_versions(version: str) -> None:
    assert is_version(version)


@pytest.mark.parametrize(
    "version", ["", "1", "2026", "2026-", "2026-1.", "2026-1\n", "2026-1 ", "٢٠٢٦-١x", "2026-1.1.1"]
)
def test_what_is_no_version(version: str) -> None:
    assert not is_version(version)


def test_the_version_in_force_is_the_latest_that_has_begun() -> None:
    assert current_version([("2026-1", BEFORE), ("2026-2", AFTER)], NOW) == "2026-1"
    assert current_version([("2026-2", AFTER)], NOW) == ""
    assert current_version([("2026-10", BEFORE), ("2026-9", BEFORE)], NOW) == "2026-10"
    assert current_version([], NOW) == ""


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("2026-2.1", Standing.CURRENT),
        ("2026-2", Standing.ACCEPTED),
        ("2026-1", Standing.OUTDATED),
        ("kasir-3", Standing.FOREIGN),
        ("", Standing.FOREIGN),
    ],
)
def test_mended_words_keep_a_consent_and_another_meaning_asks_anew(version: str, found: Standing) -> None:
    published = [
        ("2026-1", BEFORE - timedelta(days=9)),
        ("2026-2", BEFORE),
        ("2026-2.1", BEFORE + timedelta(days=1)),
        ("2026-3", AFTER),
    ]
    assert standing(version, published, NOW) is found
    assert standing("2026-2", published, AFTER) is Standing.OUTDATED


def test_a_text_that_is_announced_outdates_nothing_yet() -> None:
    assert standing("2026-1", [("2026-1", BEFORE), ("2026-2", AFTER)], NOW) is Standing.CURRENT
    assert series("2026-2.7") == "2026-2"
