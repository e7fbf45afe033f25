"""Secrets at rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.sealing import Sealer
from marketing.errors import SettingsError

OLD, NEW = b"kunci-lama" * 4, b"kunci-baru" * 4


@given(st.text(), st.text(min_size=1))
def test_what_was_sealed_opens_again_and_only_for_its_purpose(text: str, purpose: str) -> None:
    sealer = Sealer([NEW])
    sealed = sealer.seal(purpose, text) if _encodable(text + purpose) else ""
    if sealed:
        assert text not in sealed or len(text) < 4
        assert sealer.open(purpose, sealed) == text
        with pytest.raises(SettingsError):
            sealer.open(f"{purpose}x", sealed)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def test_nothing_stays_nothing() -> None:
    assert Sealer([NEW]).seal("kanal", "") == ""
    assert Sealer([NEW]).open("kanal", "") == ""


def test_a_key_can_be_changed() -> None:
    sealed = Sealer([OLD]).seal("kanal", "rahasia")
    assert Sealer([NEW, OLD]).open("kanal", sealed) == "rahasia"
    with pytest.raises(SettingsError, match="SIAR_SEAL_KEYS_OLD"):
        Sealer([NEW]).open("kanal", sealed)


def test_a_touched_seal_does_not_open() -> None:
    sealed = Sealer([NEW]).seal("kanal", "rahasia")
    for place in range(0, len(sealed), 7):
        touched = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(SettingsError):
            Sealer([NEW]).open("kanal", touched)


def test_the_same_text_never_looks_the_same_and_no_key_is_shown() -> None:
    sealer = Sealer([NEW])
    assert sealer.seal("kanal", "rahasia") != sealer.seal("kanal", "rahasia")
    assert "kunci-baru" not in repr(sealer)
