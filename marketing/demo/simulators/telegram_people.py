"""People who speak with a bot at a simulated Telegram, and how the bot is told: by asking or at its webhook.

Written from core.telegram.org/bots/api#getting-updates, #setwebhook, #callbackquery, #answercallbackquery, read 22 Nov 2026.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final
from urllib.parse import urlsplit

from marketing.demo.simulators.server import Asked, Reply

PORTS: Final = frozenset({443, 80, 88, 8443})
LONGEST_DATA: Final = 64
BOT: Final = {"id": 110201543, "is_bot": True, "first_name": "Siar", "username": "umkm_tts_bot"}
QUERY_LIFE: Final = timedelta(minutes=15)
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class PersonRefusalError(Exception):
    """An answer that says no, in Telegram's words."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.reply = Reply({"ok": False, "error_code": code, "description": description}, code)


@dataclass
class People:
    """What persons did that the bot has not confirmed yet, and how it wants to be told."""

    clock: Callable[[], datetime]
    waiting: list[dict[str, Any]]
    webhook: dict[str, Any]
    queries: dict[str, datetime]

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Begin with nobody and no webhook."""
        self.clock, self.waiting, self.webhook, self.queries = clock, [], {}, {}
        self._numbers = count(731_500_001)

    def told(self, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Note an update and return it."""
        update = {"update_id": next(self._numbers), kind: dict(body)}
        self.waiting.append(update)
        return update

    def presses_link(self, person: int, link: str, name: str = "Maria") -> dict[str, Any]:
        """Follow a link to the bot and press Start; a payload that Telegram would not carry is refused as it does."""
        payload = link.partition("?start=")[2]
        if not _PAYLOAD.fullmatch(payload):
            raise ValueError(payload)
        return self.says(person, f"/start {payload}", name)

    def says(self, person: int, text: str, name: str = "Maria", language: str = "id") -> dict[str, Any]:
        """Write a message to the bot."""
        return self.told("message", {**self._message(person, name, language), "text": text})

    def presses(self, person: int, message: Mapping[str, Any], label: str) -> dict[str, Any]:
        """Press the button with this label under a message of the bot."""
        keys = [key for row in message["reply_markup"]["inline_keyboard"] for key in row]
        (data,) = [key["callback_data"] for key in keys if key["text"] == label]
        return self.presses_data(person, message, data)

    def presses_data(self, person: int, message: Mapping[str, Any], data: str) -> dict[str, Any]:
        """Press a button as a changed client can: with any data at all."""
        query = f"{person}{len(self.queries):05d}"
        self.queries[query] = self.clock()
        body = {
            "id": query,
            "from": _user(person, "Maria", "id"),
            "message": dict(message),
            "chat_instance": "1",
            "data": data,
        }
        return self.told("callback_query", body)

    def blocks(self, person: int) -> dict[str, Any]:
        """Block the bot."""
        user = _user(person, "Maria", "id")
        states = {
            name: {"status": status, "user": BOT}
            for name, status in (("old_chat_member", "member"), ("new_chat_member", "kicked"))
        }
        body = {
            "chat": {"id": person, "type": "private"},
            "from": user,
            "date": int(self.clock().timestamp()),
            **states,
        }
        return self.told("my_chat_member", body)

    def _message(self, person: int, name: str, language: str) -> dict[str, Any]:
        chat = {"id": person, "type": "private", "first_name": name}
        date = int(self.clock().timestamp())
        return {"message_id": 1, "date": date, "chat": chat, "from": _user(person, name, language)}

    def get_updates(self, fields: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Answer getUpdates: what was confirmed is forgotten, and a standing webhook is in the way."""
        if self.webhook.get("url"):
            raise PersonRefusalError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        offset = int(fields.get("offset") or 0)
        self.waiting = [one for one in self.waiting if one["update_id"] >= offset]
        allowed = set(fields.get("allowed_updates") or ())
        found = [one for one in self.waiting if not allowed or allowed & set(one)]
        return found[: int(fields.get("limit") or 100)]

    def set_webhook(self, fields: Mapping[str, Any], _asked: Asked) -> bool:
        """Answer setWebhook."""
        parts, secret = urlsplit(str(fields.get("url", ""))), str(fields.get("secret_token", ""))
        if parts.scheme != "https":
            raise PersonRefusalError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in PORTS:
            raise PersonRefusalError(
                400, "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
            )
        if secret and not _SECRET.fullmatch(secret):
            raise PersonRefusalError(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = dict(fields)
        return True

    def answer_query(self, fields: Mapping[str, Any]) -> bool:
        """Answer answerCallbackQuery: once, and not too late."""
        asked = self.queries.pop(str(fields.get("callback_query_id", "")), None)
        if asked is None or self.clock() - asked > QUERY_LIFE:
            raise PersonRefusalError(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        return True


def check_buttons(markup: Mapping[str, Any]) -> None:
    """Refuse a keyboard whose buttons say too much."""
    for row in markup.get("inline_keyboard", ()):
        if any(not 1 <= len(key["callback_data"].encode()) <= LONGEST_DATA for key in row if "callback_data" in key):
            raise PersonRefusalError(400, "Bad Request: BUTTON_DATA_INVALID")


def _user(person: int, name: str, language: str) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": name, "language_code": language}
