"""Our calls to Telegram against a description of the whole Bot API 10.1, where it lies at hand."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest

from marketing.channels.pace import Pace
from marketing.channels.social import Access
from marketing.channels.telegram.adapter import TelegramDoor
from marketing.channels.telegram.talking import BotLine
from marketing.channels.telegram.updates import Words
from marketing.demo.simulators import telegram
from marketing.demo.simulators.server import Asked, Fault
from marketing.demo.simulators.telegram import TelegramServer
from tests.conformance.social_suite import BENCHES
from tests.support.bot_api import BotApi

SPEC: Final = Path(os.environ.get("SIAR_SPECS", "")) / "telegram-bot-api-10.1.json"
API: Final = BotApi(SPEC)
PERSON: Final = 912_345_678

pytestmark = pytest.mark.skipif(not SPEC.is_file(), reason="SIAR_SPECS names no folder with the Bot API's description")


def calls(tmp_path: Path) -> Iterator[Asked]:
    """Live whole lives of posts of every form, a lost answer among them, and yield every call that was made."""
    with BENCHES["telegram"](tmp_path) as bench:
        for pictures in (0, 1, 3):
            bench.door = replace(bench.door, pace=Pace())  # as if a minute had passed
            outcome = bench.publish(bench.post(pictures=pictures))
            assert [bench.publisher.withdraw(outcome.handle) for _time in range(2)] == [True, True]
        bench.server.break_next(bench.submitting, Fault.DROP_ANSWER)
        bench.door = replace(bench.door, pace=Pace())
        post = bench.post()
        bench.publish(post)
        bench.server.pass_time(bench.delay)
        bench.publisher.find(post, bench.note)
        bench.door.check(bench.access, bench.server.now)
        server = bench.server
        assert isinstance(server, TelegramServer)
        server.chats[telegram.CHANNEL].deletes_old = False
        for pictures in (0, 1):  # too old to delete: emptied
            bench.door = replace(bench.door, pace=Pace())
            outcome = bench.publish(bench.post(f"tts-{pictures}", pictures=pictures))
            bench.server.pass_time(timedelta(hours=50))
            assert bench.publisher.withdraw(outcome.handle) is False
        yield from bench.server.asked
        bench.server.asked.clear()
        conversation(server, bench.access)
        yield from bench.server.asked


def conversation(server: TelegramServer, access: Access) -> None:
    """Listen both ways, ask a question with buttons and answer it."""
    line = BotLine(TelegramDoor(Pace(), server.url), access)
    line.listen_at("https://siar.example/webhook/telegram/1", "a" * 64)
    line.listen_nowhere()
    server.meets(PERSON)
    line.say(Words(PERSON, "Setuju?", (("Ya", "ya:1"), ("Tidak", "tidak:1"))))
    server.people.presses(PERSON, server.standing(PERSON)[0], "Ya")
    (update,) = line.updates(0, timedelta(0))
    assert line.updates(update["update_id"], timedelta(0)) == []
    line = BotLine(TelegramDoor(Pace(), server.url), access)
    line.say(Words(PERSON, "Tercatat.", query=update["callback_query"]["id"], message=41))


def test_every_call_fits_the_description(tmp_path: Path) -> None:
    asked = list(calls(tmp_path))
    assert sorted({misfit for one in asked for misfit in API.misfits(one)}) == []
    made = {one.path.rpartition("/")[2] for one in asked}
    assert made - {"getMe", "getChatMember"} == {
        *("sendMessage", "sendPhoto", "sendMediaGroup", "deleteMessage", "forwardMessage", "getChat"),
        *("editMessageText", "editMessageCaption", "editMessageReplyMarkup"),
        *("setWebhook", "deleteWebhook", "getupdates", "answerCallbackQuery"),
    }


@pytest.mark.parametrize(
    ("method", "fields", "misfit"),
    [
        ("sendMesage", {"chat_id": "1", "text": "a"}, "sendMesage: no such method"),
        ("sendMessage", {"chat_id": "1"}, "sendMessage: text is required"),
        ("sendMessage", {"chat_id": "1", "text": "a", "caption": "b"}, "sendMessage: caption is unknown"),
        ("deleteMessage", {"chat_id": "1", "message_id": "x"}, "deleteMessage.message_id: 'x' is no Integer"),
        (
            "sendMediaGroup",
            {"chat_id": "1", "media": '[{"type": "photo", "media": "attach://none"}]'},
            "sendMediaGroup.media: ",
        ),
        (
            "sendMessage",
            {"chat_id": "1", "text": "a", "reply_markup": '{"inline_keyboard": [[{"url": "https://a.example"}]]}'},
            "sendMessage.reply_markup: ",
        ),
    ],
)
def test_a_call_that_telegram_does_not_know_is_found(method: str, fields: dict[str, str], misfit: str) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    asked = Asked("POST", f"/bot1:a/{method}", (), headers, urlencode(fields).encode())
    (found,) = API.misfits(asked)
    assert found.startswith(misfit)
