"""What Telegram's refusals and updates mean, whatever comes over the wire."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.telegram.errors import GoneError, LostError, meaning
from marketing.channels.telegram.updates import Began, Blocked, Other, Pressed, PutOut, Wrote, parsed, read, shape

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PARTS = ("chat", "from", "message", "date", "text", "data", "id", "new_chat_member", "message_id", "type", "status")
BODY = st.dictionaries(st.sampled_from(PARTS), JSON, max_size=6)


def lost_on_the_way() -> NetworkError:
    error = NetworkError("x")
    error.__cause__ = httpx.ConnectError("no route")
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (InvalidToken(), ReconnectError),
        (Forbidden("Forbidden: bot was kicked from the channel chat"), ReconnectError),
        (Forbidden("Forbidden: bot was blocked by the user"), GoneError),
        (Forbidden("Forbidden: user is deactivated"), GoneError),
        (BadRequest("Bad Request: not enough rights to send photos to the chat"), ReconnectError),
        (BadRequest("Bad Request: chat not found"), ReconnectError),
        (BadRequest("Bad Request: message thread not found"), ReconnectError),
        (BadRequest("Bad Request: message caption is too long"), PermanentError),
        (BadRequest("Bad Request: PHOTO_INVALID_DIMENSIONS"), PermanentError),
        (NetworkError("Request Entity Too Large"), PermanentError),
        (BadRequest("Bad Request: something that nobody has seen yet"), PermanentError),
        (Conflict("Conflict: terminated by other getUpdates request"), TemporaryError),
        (lost_on_the_way(), TemporaryError),
        (TimedOut(), LostError),
        (NetworkError("Bad Gateway"), LostError),
        (TelegramError("Invalid server response"), LostError),
    ],
)
def test_each_refusal_asks_for_one_thing(error: TelegramError, kind: type[Exception]) -> None:
    found = meaning(error)
    assert type(found) is kind
    if kind in {ReconnectError, PermanentError}:
        assert str(found).endswith(".")


def test_a_wait_is_kept_to_the_second_and_a_moved_group_names_its_new_number() -> None:
    waiting = meaning(RetryAfter(4321))
    assert isinstance(waiting, TemporaryError)
    assert waiting.retry_after == timedelta(seconds=4321)
    assert "-1001" in str(meaning(ChatMigrated(-1001)))


@given(st.sampled_from(("message", "callback_query", "my_chat_member", "lain")), BODY | JSON, st.integers())
def test_nothing_that_is_told_breaks_the_reading(kind: str, body: Any, number: int) -> None:
    update = {"update_id": number, kind: body}
    assert isinstance(read(update), Began | Wrote | Pressed | Blocked | PutOut | Other)
    json.dumps(shape(update))


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_an_update_or_refused(raw: bytes) -> None:
    try:
        assert "update_id" in parsed(raw)
    except ValueError:
        return


def test_a_start_is_told_from_words_and_only_in_a_chat_of_two() -> None:
    chat, person = {"id": 77_777, "type": "private"}, {"id": 77_777, "first_name": "Maria", "is_bot": False}
    message = {"chat": chat, "from": person, "date": 1_795_000_000}

    def said(**changes: Any) -> object:
        return read({"update_id": 1, "message": {**message, **changes}})

    began = said(text="/start abc")
    assert isinstance(began, Began)
    assert (began.payload, began.person.chat, began.at) == ("abc", 77_777, datetime.fromtimestamp(1_795_000_000, UTC))
    assert isinstance(said(text="/start@umkm_bot"), Began)
    assert isinstance(said(text="/starting"), Wrote)
    assert isinstance(said(), Wrote)
    assert said(text="STOP", chat={"id": -5, "type": "group"}) == Other("message", kept=False)
    assert said(text="STOP", **{"from": {**person, "is_bot": True}}) == Other("message", kept=False)
    assert read({"update_id": 1, "poll": {}}) == Other("poll", kept=True)
