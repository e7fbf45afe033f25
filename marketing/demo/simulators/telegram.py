"""A Telegram that keeps the Bot API's rules: chats, rights, lengths, albums, floods, and its own words for each refusal.

Written from core.telegram.org/bots/api (Bot API 10.1) and telegram.constants of python-telegram-bot 22.8, read 22 Nov 2026.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from PIL import Image, UnidentifiedImageError

from marketing.demo.simulators.server import Asked, Fault, ProviderServer, Reply
from marketing.demo.simulators.telegram_people import People, PersonRefusalError, check_buttons

TOKEN: Final = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105  the example of Telegram's own page
CHANNEL: Final = -1001234567890
PER_CHAT: Final = timedelta(seconds=1)
PER_MINUTE: Final = 20
PHOTO_BYTES: Final = 10 * 1024 * 1024
TEXT, CAPTION = 4_096, 1_024
FLOOD_SECONDS: Final = 7
DELETABLE: Final = timedelta(hours=48)
"""Without the right to delete, a message can be deleted for so long (deleteMessage)."""
WORDS: Final[Mapping[Fault, tuple[int, str]]] = {
    Fault.RATE: (429, f"Too Many Requests: retry after {FLOOD_SECONDS}"),
    Fault.TOKEN: (401, "Unauthorized"),
    Fault.PERMISSION: (403, "Forbidden: bot is not a member of the channel chat"),
    Fault.POLICY: (400, "Bad Request: not enough rights to send photos to the chat"),
    Fault.BUSY: (500, "Internal Server Error"),
}


class RefusalError(Exception):
    """An answer that says no, in Telegram's words."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            body["parameters"] = parameters
        self.reply = Reply(body, code)


@dataclass(slots=True)
class Chat:
    """A channel or group with its messages by number."""

    number: int
    title: str
    kind: str = "channel"
    username: str = ""
    member: bool = True
    topics: frozenset[int] = frozenset()
    deletes_old: bool = True
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    sent_at: list[datetime] = field(default_factory=list)

    def described(self) -> dict[str, Any]:
        """Return the chat as the API writes it."""
        chat = {"id": self.number, "type": self.kind, "title": self.title}
        return chat | ({"username": self.username} if self.username else {})


class TelegramServer(ProviderServer):
    """One bot and the chats it may write to."""

    def __init__(self, port: int = 0) -> None:
        """Begin with a public channel that the bot administers."""
        super().__init__(port)
        self.chats = {CHANNEL: Chat(CHANNEL, "UMKM TTS", username="umkm_tts")}
        self.flood_control = False
        self.people = People(lambda: self.now)
        self._numbers = count(41)

    def standing(self, chat: int = CHANNEL) -> list[dict[str, Any]]:
        """Return the messages that stand in a chat, in their order."""
        return list(self.chats[chat].messages.values())

    def refuse(self, fault: Fault) -> Reply:
        """Say a fault in Telegram's words."""
        code, words = WORDS[fault]
        parameters = {"retry_after": FLOOD_SECONDS} if fault is Fault.RATE else {}
        return RefusalError(code, words, **parameters).reply

    def answer(self, asked: Asked) -> Reply:
        """Do what a method asks for, or say why not."""
        token, _slash, method = asked.path.removeprefix("/bot").partition("/")
        if token != TOKEN:
            return self.refuse(Fault.TOKEN)
        method = _SPELT.get(method.lower(), "")  # "All methods in the Bot API are case-insensitive"
        if not method:
            return RefusalError(404, "Not Found").reply
        act: Callable[[dict[str, Any], Asked], Any] = getattr(self, f"_{method}")
        try:
            return Reply({"ok": True, "result": act(fields_of(asked), asked)})
        except (RefusalError, PersonRefusalError) as refusal:
            return refusal.reply

    def meets(self, person: int) -> None:
        """Let a person begin a chat with the bot, who may answer from now on."""
        self.chats.setdefault(person, Chat(person, "", kind="private"))

    def _getUpdates(self, fields: dict[str, Any], _asked: Asked) -> list[dict[str, Any]]:  # noqa: N802
        return self.people.get_updates(fields)

    def _setWebhook(self, fields: dict[str, Any], asked: Asked) -> bool:  # noqa: N802
        return self.people.set_webhook(fields, asked)

    def _deleteWebhook(self, _fields: dict[str, Any], _asked: Asked) -> bool:  # noqa: N802
        self.people.webhook.clear()
        return True

    def _answerCallbackQuery(self, fields: dict[str, Any], _asked: Asked) -> bool:  # noqa: N802
        return self.people.answer_query(fields)

    def _editMessageReplyMarkup(self, fields: dict[str, Any], _asked: Asked) -> dict[str, Any]:  # noqa: N802
        message = self._standing(fields)
        if message.get("reply_markup") == fields.get("reply_markup"):
            raise RefusalError(400, "Bad Request: message is not modified: specified new message content is the same")
        message.pop("reply_markup", None)
        return message

    def _getMe(self, _fields: dict[str, Any], _asked: Asked) -> dict[str, Any]:  # noqa: N802  the API's own name
        return {"id": 110201543, "is_bot": True, "first_name": "Siar", "username": "umkm_tts_bot"}

    def _getChat(self, fields: dict[str, Any], _asked: Asked) -> dict[str, Any]:  # noqa: N802
        chat = self._chat(fields)
        return chat.described() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS}

    def _getChatMember(self, fields: dict[str, Any], asked: Asked) -> dict[str, Any]:  # noqa: N802
        chat, me = self._chat(fields), self._getMe(fields, asked)
        return {"status": "administrator", "user": me, **RIGHTS} if chat.member else {"status": "left", "user": me}

    def _getChatMemberCount(self, fields: dict[str, Any], _asked: Asked) -> int:  # noqa: N802
        return 812 if self._chat(fields).member else 0

    def _sendMessage(self, fields: dict[str, Any], _asked: Asked) -> dict[str, Any]:  # noqa: N802
        chat = self._writable(fields, 1)
        text = str(fields.get("text", ""))
        if not text.strip():
            raise RefusalError(400, "Bad Request: message text is empty")
        if _length(text) > TEXT:
            raise RefusalError(400, "Bad Request: message is too long")
        return self._stored(chat, {"text": text}, fields)

    def _sendPhoto(self, fields: dict[str, Any], asked: Asked) -> dict[str, Any]:  # noqa: N802
        chat = self._writable(fields, 1)
        return self._stored(chat, self._photo(fields.get("photo"), fields, asked), fields)

    def _sendMediaGroup(self, fields: dict[str, Any], asked: Asked) -> list[dict[str, Any]]:  # noqa: N802
        media = fields.get("media") or []
        if not 2 <= len(media) <= 10:  # noqa: PLR2004  2-10 items, Bot API sendMediaGroup
            raise RefusalError(400, "Bad Request: wrong number of messages in the album")
        if "reply_markup" in fields:
            raise RefusalError(400, "Bad Request: reply markup is not allowed in an album")
        chat, group = self._writable(fields, len(media)), str(next(self._numbers))
        photos = [self._photo(item.get("media"), item, asked) for item in media]
        return [self._stored(chat, photo | {"media_group_id": group}, {}) for photo in photos]

    def _deleteMessage(self, fields: dict[str, Any], _asked: Asked) -> bool:  # noqa: N802
        chat, number = self._chat(fields), int(fields.get("message_id", 0))
        if number not in chat.messages:
            raise RefusalError(400, "Bad Request: message to delete not found")
        sent = datetime.fromtimestamp(chat.messages[number]["date"], UTC)
        if not chat.deletes_old and self.now - sent >= DELETABLE:
            raise RefusalError(400, "Bad Request: message can't be deleted for everyone")
        del chat.messages[number]
        return True

    def _editMessageCaption(self, fields: dict[str, Any], _asked: Asked) -> dict[str, Any]:  # noqa: N802
        message = self._standing(fields)
        if "caption" not in message:
            raise RefusalError(400, "Bad Request: there is no caption in the message to edit")
        return self._edited(message, "caption", str(fields.get("caption", "")), CAPTION, fields)

    def _editMessageText(self, fields: dict[str, Any], _asked: Asked) -> dict[str, Any]:  # noqa: N802
        message = self._standing(fields)
        if "text" not in message:
            raise RefusalError(400, "Bad Request: there is no text in the message to edit")
        return self._edited(message, "text", str(fields.get("text", "")), TEXT, fields)

    def _standing(self, fields: dict[str, Any]) -> dict[str, Any]:
        message = self._chat(fields).messages.get(int(fields.get("message_id", 0)))
        if message is None:
            raise RefusalError(400, "Bad Request: message to edit not found")
        return message

    def _edited(
        self, message: dict[str, Any], part: str, words: str, most: int, fields: dict[str, Any]
    ) -> dict[str, Any]:
        if _length(words) > most:
            raise RefusalError(400, f"Bad Request: message {'caption ' if part == 'caption' else ''}is too long")
        if (message[part], message.get("reply_markup")) == (words, fields.get("reply_markup")):
            raise RefusalError(400, "Bad Request: message is not modified: specified new message content is the same")
        message.pop("reply_markup", None)
        message |= {part: words, "edit_date": int(self.now.timestamp())}
        if fields.get("reply_markup"):
            message["reply_markup"] = fields["reply_markup"]
        return message

    def _forwardMessage(self, fields: dict[str, Any], _asked: Asked) -> dict[str, Any]:  # noqa: N802
        source = self._chat({"chat_id": fields.get("from_chat_id")})
        message = source.messages.get(int(fields.get("message_id", 0)))
        if message is None:
            raise RefusalError(400, "Bad Request: message to forward not found")
        kept: dict[str, Any] = {name: message[name] for name in ("text", "caption", "photo") if name in message}
        return self._stored(self._writable(fields, 1), kept, {})

    def _chat(self, fields: Mapping[str, Any]) -> Chat:
        wanted = str(fields.get("chat_id", ""))
        for chat in self.chats.values():
            if wanted in {str(chat.number), f"@{chat.username}" if chat.username else ""}:
                return chat
        raise RefusalError(400, "Bad Request: chat not found")

    def _writable(self, fields: Mapping[str, Any], messages: int) -> Chat:
        chat = self._chat(fields)
        if not chat.member and chat.kind == "private":
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        if not chat.member:
            raise RefusalError(403, "Forbidden: bot was kicked from the channel chat")
        topic = int(fields.get("message_thread_id") or 0)
        if topic and topic not in chat.topics:
            raise RefusalError(400, "Bad Request: message thread not found")
        if self.flood_control:
            chat.sent_at = [at for at in chat.sent_at if self.now - at < timedelta(minutes=1)]
            if (chat.sent_at and self.now - chat.sent_at[-1] < PER_CHAT) or len(chat.sent_at) + messages > PER_MINUTE:
                raise RefusalError(*WORDS[Fault.RATE], retry_after=FLOOD_SECONDS)
        chat.sent_at += [self.now] * messages
        return chat

    def _photo(self, given: Any, fields: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
        caption = str(fields.get("caption", ""))
        if _length(caption) > CAPTION:
            raise RefusalError(400, "Bad Request: message caption is too long")
        if isinstance(given, str) and given.startswith(("http://", "https://")):
            size = (1080, 1080)
        else:
            content = asked.parts.get(str(given or "").removeprefix("attach://") or "photo", b"")
            size = _size(content or asked.parts.get("photo", b""))
        photo = [{"file_id": "AgAC", "file_unique_id": "A", "width": size[0], "height": size[1]}]
        return {"photo": photo} | ({"caption": caption} if caption else {})

    def _stored(self, chat: Chat, content: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
        check_buttons(fields.get("reply_markup") or {})
        for row in (fields.get("reply_markup") or {}).get("inline_keyboard", ()):
            if any("url" in button and not _is_public(button["url"]) for button in row):
                raise RefusalError(400, "Bad Request: BUTTON_URL_INVALID")
        number = max(chat.messages, default=next(self._numbers)) + 1
        date = int(self.now.timestamp())
        message = {"message_id": number, "date": date, "chat": chat.described(), **content}
        if fields.get("reply_markup"):
            message["reply_markup"] = fields["reply_markup"]
        if fields.get("message_thread_id"):
            message["message_thread_id"] = int(fields["message_thread_id"])
        chat.messages[number] = message
        return message


METHODS: Final = frozenset({
    "getMe", "getChat", "getChatMember", "getChatMemberCount", "sendMessage", "sendPhoto", "sendMediaGroup", "deleteMessage",
    "forwardMessage", "editMessageCaption", "editMessageText", "editMessageReplyMarkup", "getUpdates", "setWebhook",
    "deleteWebhook", "answerCallbackQuery",
})  # fmt: skip
_SPELT: Final = {name.lower(): name for name in METHODS}
GIFTS: Final = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
)
RIGHTS: Final = dict.fromkeys(("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories", "can_post_messages"), True)  # fmt: skip


def fields_of(asked: Asked) -> dict[str, Any]:
    """Read a form or a multipart body; what is JSON inside a field is opened, as the API does."""
    kind = asked.headers.get("content-type", "")
    if kind.startswith("multipart/"):
        given = {
            name: value.decode("utf-8", "replace") for name, value in asked.parts.items() if len(value) < CAPTION * 40
        }
    elif "json" in kind:
        return asked.json
    else:
        given = dict(parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True))
    return {name: _opened(value) for name, value in given.items()}


def _opened(value: str) -> Any:
    if not value.startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _is_public(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "tg"} and "." in (parts.hostname or "")


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _size(content: bytes) -> tuple[int, int]:
    if len(content) > PHOTO_BYTES:
        raise RefusalError(413, "Request Entity Too Large")
    try:
        with Image.open(BytesIO(content)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError):
        raise RefusalError(400, "Bad Request: IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):  # noqa: PLR2004  sendPhoto's own limits
        raise RefusalError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    return width, height
