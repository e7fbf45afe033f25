"""`siar social telegram-bot` and `telegram-listen`: a bot that answers people without a public address."""

import pytest

from marketing.demo.simulators import telegram
from marketing.demo.simulators.telegram import TelegramServer
from tests.functional.cli.conftest import Siar

WHO = ("--tenant", "tts", "--as", "operator@dinas.example")
MARIA = 912_345_678


def test_a_bot_is_switched_on_asked_and_switched_off(siar: Siar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: "kata sandi panjang")
    assert siar("migrate").code == 0
    assert siar("user", "operator@dinas.example", "--tenant", "tts", "--role", "operator", "--name", "Op").code == 0
    monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: telegram.TOKEN)
    with TelegramServer() as server:
        here = {"SIAR_TELEGRAM_HOST": server.url}
        assert siar("social", "telegram", *WHO, "--chat", "@umkm_tts", **here).code == 0
        assert "https" in siar("social", "telegram-bot", "1", *WHO, "--cara", "webhook", **here).sentence
        assert "Cara yang ada" in siar("social", "telegram-bot", "1", *WHO, "--cara", "burung", **here).sentence
        on = siar("social", "telegram-bot", "1", *WHO, "--cara", "tanya", **here)
        assert on.code == 0, on.err
        assert "@umkm_tts_bot" in on.out
        assert telegram.TOKEN not in on.out + on.err
        server.meets(MARIA)
        server.people.says(MARIA, "/start")
        listened = siar("social", "telegram-listen", "--tenant", "tts", "--sekali", **here)
        assert "1 kabar baru" in listened.out, listened.err
        assert "/langganan/tts/telegram" in server.standing(MARIA)[0]["text"]
        away = siar(
            "social", "telegram-bot", "1", *WHO, "--cara", "webhook", SIAR_PUBLIC_URL="https://siar.example", **here
        )
        assert away.code == 0, away.err
        assert server.people.webhook["url"] == "https://siar.example/webhook/telegram/1"
        assert "tidak lagi" in siar("social", "telegram-bot", "1", *WHO, "--cara", "mati", **here).out
        assert server.people.webhook == {}
