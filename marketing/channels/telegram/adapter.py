"""A Telegram channel or group as a Publisher, through python-telegram-bot: photo, album or text, in a topic where one is chosen.

The Bot API has no key of idempotency and shows a bot nothing of a chat's past. So a lost answer is looked up by forwarding: the
numbers after the last message we know of are forwarded into the office's own log chat, compared, and deleted there again. An
office without a log chat asks a person to look.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from marketing.channels.base import Absent, Failed, InDoubt, Published, Ready
from marketing.channels.errors import TemporaryError
from marketing.channels.pace import Limit, Pace
from marketing.channels.social import Access, Memory, SocialProvider
from marketing.channels.telegram.errors import SOON, LostError, meaning
from marketing.channels.telegram.payload import CAPABILITIES
from marketing.channels.tls import trusted
from marketing.domain.content import Capabilities, OutboundPost, fits
from marketing.domain.types import ChannelName
from marketing.i18n import N_
from marketing.i18n import gettext as _

T = TypeVar("T")
HOST: Final = "https://api.telegram.org"
LAST: Final = "last_message"
LOOKED_THROUGH: Final = 20
"""So many numbers after the last known message are looked at; more than an office posts between two look-ups."""
PER_SECOND: Final = RateLimitItemPerSecond(30)  # of a bot, all chats together (telegram.constants, 22 Nov 2026)
PER_CHAT: Final = RateLimitItemPerSecond(1)
PER_CHAT_MINUTE: Final = RateLimitItemPerMinute(20)
_BUTTON: Final = N_("Lihat produk")
_WITHDRAWN: Final = N_("Kiriman ini sudah ditarik.")
_GONE: Final = ("message to delete not found", "message_id_invalid")
_HAS_NO_CAPTION: Final = "no caption in the message"
_NOT_THERE: Final = ("message to forward not found", "message_id_invalid", "message can't be forwarded")


@dataclass(frozen=True, slots=True)
class TelegramDoor:
    """The way to Telegram; an empty host is Telegram's own."""

    pace: Pace
    host: str = ""
    timeout_seconds: float = 20.0

    @property
    def provider(self) -> SocialProvider:
        return SocialProvider.TELEGRAM

    def open(self, access: Access, memory: Memory) -> "TelegramPublisher":
        return TelegramPublisher(self, access, memory)

    def renew(self, access: Access, now: datetime) -> Access:  # noqa: ARG002  the port's; a bot's token has no end
        return access.renewed(access.token, None)

    def check(self, access: Access, now: datetime) -> str:  # noqa: ARG002  the port's
        async def ask(bot: Bot) -> str:
            chat = await bot.get_chat(access.remote_id)
            me = await bot.get_chat_member(access.remote_id, bot.id)
            if me.status not in {"administrator", "creator"} and chat.type == "channel":
                raise Forbidden("bot is not an administrator")
            return chat.title or access.name

        return self.call(access, ask)

    def call(self, access: Access, ask: Callable[[Bot], Awaitable[T]]) -> T:
        """Speak to Telegram as this bot; its errors become ours, what is lost on the way is raised as it is."""

        async def speak() -> T:
            timeouts: dict[str, Any] = dict.fromkeys(
                ("read_timeout", "write_timeout", "connect_timeout", "media_write_timeout"), self.timeout_seconds
            )
            private = {**_PRIVATE, "verify": trusted()}
            request, unused = (HTTPXRequest(**timeouts, httpx_kwargs=private) for _way in range(2))
            # initialised by hand: the library asks getMe first, and a wrong token is told apart only there
            base = f"{self.host or HOST}/bot"
            async with Bot(access.token, base_url=base, request=request, get_updates_request=unused) as bot:
                return await ask(bot)

        try:
            # In a thread of its own: whoever calls may have a loop running already.
            with ThreadPoolExecutor(1) as thread:
                return thread.submit(asyncio.run, speak()).result()
        except TelegramError as error:
            raise meaning(error) from None


class TelegramPublisher:
    """One chat of one bot."""

    name: ChannelName = ChannelName.TELEGRAM
    capabilities: Capabilities = CAPABILITIES

    def __init__(self, door: TelegramDoor, access: Access, memory: Memory) -> None:
        self._door = door
        self._access = access
        self._memory = memory

    def prepare(self, post: OutboundPost, note: str) -> Ready | Failed:  # noqa: ARG002  nothing is kept from an earlier try
        if misfits := fits(post, self.capabilities).misfits:
            return Failed(post.key, "unsupported", " ".join(misfit.text for misfit in misfits))
        chat, bot = self._access.remote_id, self._access.token.partition(":")[0]
        limits = (
            Limit(PER_SECOND, f"telegram/{bot}"),
            Limit(PER_CHAT, f"telegram/{bot}/{chat}"),
            Limit(PER_CHAT_MINUTE, f"telegram/{bot}/{chat}"),
        )
        self._door.pace.take(limits[:2])
        self._door.pace.take(limits[2:], cost=max(1, len(post.pictures)))
        return Ready(json.dumps({LAST: self._memory.read().get(LAST, 0)}))

    def submit(self, post: OutboundPost, note: str) -> Published | InDoubt:  # noqa: ARG002  only the look-up needs it
        try:
            messages = self._door.call(self._access, lambda bot: self._sent(bot, post))
        except LostError as error:
            return InDoubt(post.key, str(error))
        return self._published(post, messages)

    def find(self, post: OutboundPost, note: str) -> Published | Absent | InDoubt:
        log_chat, last = str(self._access.settings.get("log_chat", "")), int(json.loads(note or "{}").get(LAST, 0))
        if not log_chat or not last:
            return InDoubt(post.key, "telegram_cannot_tell")
        try:
            numbers = self._door.call(self._access, lambda bot: self._seen(bot, post, log_chat, last))
        except LostError as error:
            raise TemporaryError(str(error), SOON) from None
        return self._standing(post, numbers) if numbers else Absent(post.key)

    def poll(self, post: OutboundPost, handle: str) -> Published:
        return Published(post.key, handle, self._permalink(_numbers(handle)[0]))

    def withdraw(self, handle: str) -> bool:
        """Delete every message of the post; what may no longer be deleted says at least that it was withdrawn, and False.

        "A message can only be deleted if it was sent less than 48 hours ago", unless the bot's rights allow more (Bot API,
        deleteMessage). A picture cannot be taken away by an edit, so a person has to do the rest.
        """

        async def delete(bot: Bot) -> bool:
            left = []
            for number in _numbers(handle):
                try:
                    await bot.delete_message(self._access.remote_id, number)
                except BadRequest as error:
                    if not any(words in str(error).lower() for words in _GONE):
                        left.append(number)
            if left:
                await self._emptied(bot, left[0])
            return not left

        try:
            return self._door.call(self._access, delete)
        except LostError as error:  # deleting twice does no harm
            raise TemporaryError(str(error), SOON) from None

    async def _emptied(self, bot: Bot, number: int) -> None:
        """Put a word of withdrawal in place of what a message says, and take its button; what refuses that is left."""
        chat, words = self._access.remote_id, _(_WITHDRAWN)
        with suppress(BadRequest):
            try:
                await bot.edit_message_caption(chat, number, caption=words)
            except BadRequest as error:
                if _HAS_NO_CAPTION not in str(error).lower():
                    raise
                await bot.edit_message_text(words, chat, number)

    async def _sent(self, bot: Bot, post: OutboundPost) -> Sequence[Message]:
        place: dict[str, Any] = {"chat_id": self._access.remote_id}
        if topic := self._access.settings.get("topic"):
            place["message_thread_id"] = int(topic)
        pictures = [await asyncio.to_thread(Path(picture.path).read_bytes) for picture in post.pictures]
        if len(pictures) <= 1:
            place["reply_markup"] = _button(post.link)
        if not pictures:
            return (await bot.send_message(text=post.text, **place),)
        if len(pictures) == 1:
            return (await bot.send_photo(photo=pictures[0], caption=post.text, **place),)
        # an album carries no button (Bot API, sendMediaGroup): the link stands in its text, as in every post
        album = [
            InputMediaPhoto(picture, caption=None if number else post.text) for number, picture in enumerate(pictures)
        ]
        return await bot.send_media_group(media=album, **place)

    async def _seen(self, bot: Bot, post: OutboundPost, log_chat: str, last: int) -> list[int]:
        """Return the numbers of the messages after the last known one that are this post."""
        found: list[int] = []
        for number in range(last + 1, last + 1 + LOOKED_THROUGH):
            try:
                copy = await bot.forward_message(log_chat, self._access.remote_id, number, disable_notification=True)
            except BadRequest as error:
                if any(words in str(error).lower() for words in _NOT_THERE):
                    continue
                raise
            if (copy.caption or copy.text) == post.text:
                found = list(range(number, number + max(1, len(post.pictures))))
            await bot.delete_message(log_chat, copy.message_id)
            if found:
                break
        return found

    def _published(self, post: OutboundPost, messages: Sequence[Message]) -> Published:
        return self._standing(post, [message.message_id for message in messages])

    def _standing(self, post: OutboundPost, numbers: Sequence[int]) -> Published:
        self._memory.keep(**{LAST: max([*numbers, int(self._memory.read().get(LAST, 0))])})
        return Published(post.key, ",".join(map(str, numbers)), self._permalink(numbers[0]))

    def _permalink(self, number: int) -> str:
        """Return the message's address: by name for a public chat, by number for a private one (whose members alone can open it)."""
        username = str(self._access.settings.get("username", ""))
        place = username or f"c/{self._access.remote_id.removeprefix('-100')}"
        return f"https://t.me/{place}/{number}"


async def _obeyed(response: httpx.Response) -> None:
    """Raise RetryAfter for a 429 of whatever stands before Telegram: its body is none the library reads, its header counts."""
    if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        return
    await response.aread()
    with suppress(ValueError):
        if isinstance(response.json(), dict):
            return
    seconds = response.headers.get("Retry-After", "")
    raise RetryAfter(int(seconds) if seconds.isdecimal() and int(seconds) < _DAY else 60)


_DAY: Final = 86_400
_PRIVATE: Final[dict[str, Any]] = {"trust_env": False, "event_hooks": {"response": [_obeyed]}}


def _button(link: str) -> InlineKeyboardMarkup | None:
    """Return the button under a single message; Telegram takes only addresses that the internet can reach."""
    if not link.startswith("https://"):
        return None
    return InlineKeyboardMarkup([[InlineKeyboardButton(_(_BUTTON), url=link)]])


def _numbers(handle: str) -> list[int]:
    return [int(number) for number in handle.split(",")]
