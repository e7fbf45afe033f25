"""`siar social`: accounts let in by their own providers, tried, listed and let go."""

import json
from collections.abc import Callable

import pytest

from marketing.demo.simulators import graph, telegram, tiktok
from marketing.demo.simulators.graph import GraphServer
from marketing.demo.simulators.telegram import TelegramServer
from marketing.demo.simulators.tiktok import TikTokServer
from tests.functional.cli.conftest import Siar

WHO = ("--tenant", "tts", "--as", "operator@dinas.example")
Answers = Callable[..., None]


@pytest.fixture
def office(siar: Siar, monkeypatch: pytest.MonkeyPatch) -> Siar:
    monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: "kata sandi panjang")
    assert siar("migrate").code == 0
    added = siar("user", "operator@dinas.example", "--tenant", "tts", "--role", "operator", "--name", "Op")
    assert added.code == 0, added.err
    return siar


def test_a_telegram_channel_is_connected_tried_and_let_go(office: Siar, monkeypatch: pytest.MonkeyPatch) -> None:
    with TelegramServer() as server:
        host = {"SIAR_TELEGRAM_HOST": server.url}
        monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: "7218345678:AAHsalahsalahsalahsalah")
        refused = office("social", "telegram", *WHO, "--chat", "@umkm_tts", **host)
        assert refused.code == 1
        assert "Penyedia menolak" in refused.sentence
        monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: telegram.TOKEN)
        done = office("social", "telegram", *WHO, "--chat", "@umkm_tts", "--log-chat", "-1009999999999", **host)
        assert (done.code, telegram.TOKEN in done.out + done.err) == (0, False), done.err
        assert "UMKM TTS" in done.out
        assert office("social", "check", "1", *WHO, **host).code == 0
        server.chats[telegram.CHANNEL].member = False
        assert office("social", "check", "1", *WHO, **host).code == 1
        (account,) = json.loads(office("social", "list", "--tenant", "tts", "--json").out)["accounts"]
        assert (account["provider"], account["state"]) == ("telegram", "reconnect")
        assert office("social", "remove", "1", *WHO, **host).code == 0


@pytest.mark.parametrize("choice", [(), ("--privacy", "PUBLIC_TO_EVERYONE", "--comments")])
def test_a_tiktok_account_is_connected_by_its_owner(
    office: Siar, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], choice: tuple[str, ...]
) -> None:
    with TikTokServer() as server:
        server.held = None  # tokens end by the clock of the command
        settings = {
            "SIAR_TIKTOK_HOST": server.url,
            "SIAR_TIKTOK_CLIENT_KEY": tiktok.CLIENT_KEY,
            "SIAR_TIKTOK_CLIENT_SECRET": tiktok.CLIENT_SECRET,
            "SIAR_PUBLIC_URL": "https://siar.example",
        }
        monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: server.agree(capsys.readouterr().out.strip()))
        done = office("social", "tiktok", *WHO, *choice, **settings)
        assert done.code == 0, done.err
        assert "UMKM TTS" in done.out
        assert office("social", "check", "1", *WHO, **settings).code == 0
        monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: "https://siar.example/?code=kode1&state=lain")
        assert "bukan jawaban" in office("social", "tiktok", *WHO, **settings).sentence


def test_without_a_registration_nobody_can_be_let_in(office: Siar) -> None:
    assert "SIAR_TIKTOK_CLIENT_KEY" in office("social", "tiktok", *WHO).sentence
    assert "Belum ada akun" in office("social", "list", "--tenant", "tts").out


def test_a_page_and_its_instagram_account_are_connected_by_one_token(
    office: Siar, monkeypatch: pytest.MonkeyPatch
) -> None:
    with GraphServer() as server:
        server.held = None  # tokens end by the clock of the command
        server.tokens[graph.USER_TOKEN] = None
        apart = {"SIAR_META_APP_ID": graph.APP_ID, "SIAR_META_APP_SECRET": graph.APP_SECRET}
        settings = {**apart, "SIAR_META_HOST": server.url}
        assert "SIAR_META_APP_ID" in office("social", "facebook", *WHO).sentence
        monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: "EAAdicuri")
        assert "Penyedia menolak" in office("social", "facebook", *WHO, **settings).sentence
        monkeypatch.setattr("typer.prompt", lambda *_args, **_kwargs: graph.USER_TOKEN)
        assert graph.PAGE in office("social", "facebook", *WHO, "--page", "77", **settings).sentence
        told = ""
        for command in ("facebook", "instagram"):
            done = office("social", command, *WHO, **settings)
            assert done.code == 0, done.err
            told += done.out + done.err
        assert "Dinas Perindagkop UMKM TTS" in told
        assert not any(secret in told for secret in (graph.TOKEN, graph.USER_TOKEN, graph.APP_SECRET))
        assert [office("social", "check", number, *WHO, **settings).code for number in "12"] == [0, 0]
        accounts = json.loads(office("social", "list", "--tenant", "tts", "--json").out)["accounts"]
        assert [account["provider"] for account in accounts] == ["facebook_page", "instagram"]
