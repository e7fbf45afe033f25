"""Telegram tells a bot: believed only with the secret of that account, once; and the links that lead people to the bot."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from marketing.channels.social import Access, SocialProvider
from marketing.channels.telegram.updates import MAX_BYTES, SECRET_HEADER
from marketing.db.models import ChannelAccount, ConsentRecord, ProviderEvent
from marketing.demo.simulators import telegram
from marketing.domain.links import LinkPurpose
from marketing.domain.types import Purpose, Role
from marketing.queue import TaskName
from marketing.telegram import bots_of
from marketing.web.app import create_app
from tests.support.world import TENANT, World, add_contact

MARIA = 912_345_678
PERSON = {"id": MARIA, "is_bot": False, "first_name": "Maria", "language_code": "id"}


@dataclass
class Bot:
    """A bot whose updates come to our webhook."""

    world: World
    client: TestClient
    account: int

    def told(self, body: bytes | dict[str, Any], secret: str | None = None) -> int:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        right = bots_of(self.world.app).secret(TENANT, self.account)
        headers = {SECRET_HEADER.encode(): (right if secret is None else secret).encode("latin-1")}
        path = f"/webhook/telegram/{self.account}"
        return int(self.client.post(path, content=content, headers=headers).status_code)

    def message(self, number: int, text: str) -> dict[str, Any]:
        date = int(self.world.clock().timestamp())
        chat = {"id": MARIA, "type": "private", "first_name": "Maria"}
        return {
            "update_id": number,
            "message": {"message_id": 7, "date": date, "chat": chat, "from": PERSON, "text": text},
        }

    def rows(self, table: type) -> int:
        with self.world.app.database.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def switch(self, **settings: str) -> None:
        with self.world.app.database.write() as session:
            session.get_one(ChannelAccount, self.account).settings = settings


@pytest.fixture
def bot(small_world: World) -> Iterator[Bot]:
    access = Access(SocialProvider.TELEGRAM, str(telegram.CHANNEL), "UMKM TTS", telegram.TOKEN)
    account = small_world.app.social.connect(small_world.staff(Role.OPERATOR), access)
    app = create_app(small_world.app)
    with TestClient(app, base_url="https://siar.example", follow_redirects=False) as client:
        made = Bot(small_world, client, account)
        made.switch(bot="umkm_tts_bot", updates="webhook")
        yield made


def test_a_genuine_update_is_dealt_with_once_and_answered_by_a_worker(bot: Bot) -> None:
    assert [bot.told(bot.message(1, "/start")) for _time in range(3)] == [204, 204, 204]
    assert bot.rows(ProviderEvent) == 1
    assert [task for task, _ids in bot.world.tasks.asked].count(TaskName.TELEGRAM_SAY) == 1


@pytest.mark.parametrize("secret", ["", "x", "a" * 64, "ä" * 10])
def test_without_the_secret_nothing_happens(bot: Bot, secret: str) -> None:
    assert bot.told(bot.message(1, "STOP"), secret) in {403, 422}
    assert bot.rows(ProviderEvent) == 0


def test_the_secret_of_another_account_and_a_bot_that_does_not_listen_here_are_refused(bot: Bot) -> None:
    other = bots_of(bot.world.app).secret(TENANT, bot.account + 1)
    assert bot.told(bot.message(1, "STOP"), other) == 403
    for settings in ({"bot": "umkm_tts_bot", "updates": "poll"}, {"updates": "webhook"}, {}):
        bot.switch(**settings)
        assert bot.told(bot.message(1, "STOP")) == 403
    bot.account = 999
    assert bot.told(bot.message(1, "STOP")) == 403


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"null", b'{"update_id": "1"}', b'{"update_id": true}', b'{"update_id": 1e400}', b"[" * 60_000],
)
def test_what_is_no_update_is_refused(bot: Bot, body: bytes) -> None:
    assert bot.told(body) == 400
    assert bot.rows(ProviderEvent) == 0


@pytest.mark.parametrize(
    "update",
    [
        {"message": None},
        {"message": {"chat": {"id": MARIA, "type": "private"}, "from": None, "date": 1, "text": ["x"]}},
        {"message": {"chat": {"id": -1, "type": "private"}, "from": {"id": -1}, "date": 1, "text": "stop"}},
        {"message": {"chat": {"id": 5, "type": "private"}, "from": {"id": 5}, "date": 1, "text": "stop"}},
        {"callback_query": {"id": 5, "from": PERSON, "data": "ya:1"}},
        {"my_chat_member": {"chat": {"id": "x"}, "new_chat_member": {"status": "left"}}},
        {},
    ],
)
def test_a_crooked_update_does_no_harm(bot: Bot, update: dict[str, Any]) -> None:
    assert bot.told({"update_id": 9, **update}) == 204
    assert bot.rows(ConsentRecord) == 0


def test_what_is_too_long_is_not_read(bot: Bot) -> None:
    assert bot.told(b'{"update_id": 1, "x": "' + b"a" * MAX_BYTES + b'"}') == 413


def test_an_update_of_a_kind_nobody_knows_yet_is_kept_once_without_its_words(bot: Bot) -> None:
    for _time in range(2):
        assert bot.told({"update_id": 3, "stars_gift": {"from": PERSON, "words": "rahasia"}}) == 204
    with bot.world.app.database.read() as session:
        (event,) = session.scalars(select(ProviderEvent))
    assert event.kind == "stars_gift"
    assert "rahasia" not in str(event.payload)
    assert "Maria" not in str(event.payload)


def test_the_form_and_a_poster_lead_to_the_bot_only_where_there_is_one(bot: Bot) -> None:
    for path in ("/langganan/tts", "/langganan/tts/poster?lewat=telegram"):
        assert "/langganan/tts/telegram" in bot.client.get(path).text
    code = bot.client.get("/langganan/tts/poster.svg?lewat=telegram")
    assert code.content != bot.client.get("/langganan/tts/poster.svg").content
    answer = bot.client.get("/langganan/tts/telegram")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-store")
    target, _mark, payload = answer.headers["location"].partition("?start=")
    assert target == "https://t.me/umkm_tts_bot"
    assert bot.world.app.signer.read(LinkPurpose.TELEGRAM, payload) is not None
    assert bot.world.app.signer.read(LinkPurpose.PREFERENCES, payload) is None
    bot.switch()
    assert bot.client.get("/langganan/tts/telegram").status_code == 404
    assert "telegram" not in bot.client.get("/langganan/tts").text


def test_the_preference_page_leads_its_person_to_the_bot_and_lets_them_leave(bot: Bot) -> None:
    person = add_contact(bot.world.app, 1, Purpose.TELEGRAM_MARKETING)
    stranger = add_contact(bot.world.app, 2)
    link = bot.world.app.signer.url(LinkPurpose.PREFERENCES, stranger).removeprefix("https://siar.example")
    page = bot.client.get(link).text
    assert f"{link}/telegram" in page
    assert 'value="telegram_marketing"' not in page, "no box to tick: the chat itself asks"
    payload = bot.client.get(f"{link}/telegram").headers["location"].partition("?start=")[2]
    ids = bot.world.app.signer.read(LinkPurpose.TELEGRAM, payload)
    assert ids is not None
    assert ids[2] == stranger
    assert bot.client.get("/p/bukan-tautan/telegram").status_code == 404
    mine = bot.world.app.signer.url(LinkPurpose.PREFERENCES, person).removeprefix("https://siar.example")
    assert 'value="telegram_marketing"' in bot.client.get(mine).text
