"""What Telegram tells a bot by itself, and what is said back; pure, and without the bot's library, which no page needs.

Source: core.telegram.org/bots/api#update, #getting-updates, #setwebhook, #chatmemberupdated, read 22 Nov 2026. Telegram tells at
least once; `update_id` is the same for the same update.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the name of a header
MAX_BYTES: Final = 256 * 1024
"""A message has at most 4,096 characters; what carries more than this is nothing that a bot of ours is told."""
ALLOWED: Final = ("message", "callback_query", "my_chat_member")
"""What we ask to be told; anything else comes only from an earlier setting."""
PRIVATE: Final = "private"
OUT: Final = frozenset({"left", "kicked"})
_LATEST: Final = 4_102_444_800  # 1 Jan 2100
_LONGEST: Final = 4_096
_MOST_NUMBER: Final = 2**53


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks to the bot, in a chat of the two alone; `chat` is the person's own number."""

    chat: int
    name: str = field(default="", repr=False)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Began:
    """A person pressed Start; `payload` is what our link carried, empty for a bot that was found otherwise."""

    person: Person
    payload: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wrote:
    """A person wrote something else, or sent a picture, whose text is empty."""

    person: Person
    text: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person pressed a button under a message of ours; `query` wants an answer, `message` bears the button."""

    person: Person
    data: str
    query: str
    message: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """A person blocked the bot: it may not and cannot write any more."""

    person: Person


@dataclass(frozen=True, slots=True)
class PutOut:
    """The bot was taken out of a channel or group, which an account names by its number or its `@name`."""

    chat: int
    username: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """Something that concerns nobody or that we do not know; `kept` says that it is new to us and worth keeping."""

    kind: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What is said to one person: in answer to a button (`query`, whose `message` loses its buttons), with `buttons` of its own."""

    chat: int
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    query: str = ""
    message: int = 0

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Words":
        """Return the words that `to_json` wrote."""
        return cls(**{**data, "buttons": tuple((str(label), str(value)) for label, value in data["buttons"])})

    def to_json(self) -> dict[str, Any]:
        """Return them as JSON."""
        return asdict(self)


News = Began | Wrote | Pressed | Blocked | PutOut | Other


def parsed(raw_body: bytes) -> dict[str, Any]:
    """Return the update in a body; ValueError when it is none."""
    if len(raw_body) > MAX_BYTES:
        raise ValueError("too large")
    try:
        found = json.loads(raw_body)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(found, dict) or number_of(found) is None:
        raise ValueError("no update")
    return found


def number_of(update: Mapping[str, Any]) -> int | None:
    """Return the update's own number, None for what has none."""
    return _whole(update.get("update_id"))


def read(update: Mapping[str, Any]) -> News:
    """Say what an update is."""
    kind = next((name for name in update if name != "update_id"), "")
    body = _object(update, kind)
    match kind:
        case "message":
            return _message(body)
        case "callback_query":
            return _pressed(body)
        case "my_chat_member":
            return _membership(body)
    return Other(kind[:60], kept=True)


def shape(found: Any, depth: int = 6) -> Any:
    """Return a value's form without anything that it says, to keep of what we do not know."""
    if isinstance(found, dict) and depth:
        return {str(name)[:60]: shape(value, depth - 1) for name, value in list(found.items())[:40]}
    if isinstance(found, list) and depth:
        return [shape(value, depth - 1) for value in found[:5]]
    return type(found).__name__


def _message(body: Mapping[str, Any]) -> News:
    person, at = _person(body), _moment(body.get("date"))
    if person is None or at is None:
        return Other("message", kept=False)  # in a group or channel people speak with each other
    text = str(body.get("text") or "")[:_LONGEST]
    command, _space, payload = text.partition(" ")
    if command.partition("@")[0] == "/start":
        return Began(person, payload.strip(), at)
    return Wrote(person, text, at)


def _pressed(body: Mapping[str, Any]) -> News:
    message = _object(body, "message")
    person, number = _person({**message, "from": body.get("from")}), _whole(message.get("message_id"))
    data, query = body.get("data"), body.get("id")
    if person is None or number is None or not isinstance(data, str) or not isinstance(query, str):
        return Other("callback_query", kept=False)
    return Pressed(person, data[:64], query[:64], number)


def _membership(body: Mapping[str, Any]) -> News:
    status = _object(body, "new_chat_member").get("status")
    chat = _whole(_object(body, "chat").get("id"))
    if status not in OUT or chat is None:
        return Other("my_chat_member", kept=False)
    person = _person(body)
    username = str(_object(body, "chat").get("username") or "")[:40]
    return Blocked(person) if person is not None else PutOut(chat, username)


def _person(body: Mapping[str, Any]) -> Person | None:
    """Return who speaks in a chat of two; the chat's number is then the person's."""
    chat, sender = _object(body, "chat"), _object(body, "from")
    number = _whole(chat.get("id"))
    if (
        chat.get("type") != PRIVATE
        or number is None
        or number <= 0
        or number != sender.get("id")
        or sender.get("is_bot")
    ):
        return None
    return Person(number, str(sender.get("first_name") or "")[:100], str(sender.get("language_code") or "")[:10])


def _object(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def _whole(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) < _MOST_NUMBER else None


def _moment(value: object) -> datetime | None:
    seconds = _whole(value)
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None and 0 < seconds < _LATEST else None
