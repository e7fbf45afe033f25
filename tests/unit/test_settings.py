"""Settings that follow from others."""

import pytest

from marketing.errors import SettingsError
from marketing.settings import load_settings


def test_the_public_address_follows_host_and_port_unless_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIAR_PORT", "9123")
    assert load_settings().public_url == "http://127.0.0.1:9123"
    monkeypatch.setenv("SIAR_PUBLIC_URL", "https://siar.contoh.example/")
    settings = load_settings()
    assert settings.public_url == "https://siar.contoh.example"
    assert settings.secure_cookies


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIAR_PORT", "banyak")
    with pytest.raises(SettingsError, match="SIAR_PORT"):
        load_settings()


def test_the_key_is_made_once_and_only_its_owner_reads_it() -> None:
    settings = load_settings()
    key = settings.signing_key
    assert len(key) == 64
    assert load_settings().signing_key == key
    assert (settings.data_dir / "kunci").stat().st_mode & 0o077 == 0
