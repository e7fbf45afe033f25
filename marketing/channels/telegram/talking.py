"""What a bot does in a chat with one person, and how it asks for what it was told: calls of the bot's library."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

from limits import RateLimitItemPerSecond
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest

from marketing.channels.errors import TemporaryError
from marketing.channels.pace import AWAY, Limit
from marketing.channels.social import Access
from marketing.channels.telegram.adapter import PER_SECOND, TelegramDoor
from marketing.channels.telegram.errors import SOON, LostError
from marketing.channels.telegram.updates import ALLOWED, Words

T = TypeVar("T")
_WAIT_MORE: Final = 15.0
PER_PERSON: Final = RateLimitItemPerSecond(1)


@dataclass(frozen=True, slots=True)
class BotLine:
    """One bot's conversations with single persons."""

    door: TelegramDoor
    access: Access

    @property
    def _bot(self) -> str:
        return self.access.token.partition(":")[0]

    def name(self) -> str:
        """Return the bot's user name, without the @; ChannelError says what is wrong."""

        async def ask(bot: Bot) -> str:
            return str(bot.username)

        return self._call(ask)

    def listen_at(self, url: str, secret: str) -> None:
        """Let Telegram tell us at this address, with the secret in a header of each call."""

        async def ask(bot: Bot) -> bool:
            return await bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED, max_connections=5)

        self._call(ask)

    def listen_nowhere(self) -> None:
        """End that; what was not told yet is kept there for a day and can be asked for."""

        async def ask(bot: Bot) -> bool:
            return await bot.delete_webhook()

        self._call(ask)

    def updates(self, after: int, wait: timedelta) -> Sequence[Mapping[str, Any]]:
        """Return what was told since the update `after`, waiting so long for it; asking confirms everything up to `after`."""
        asked: dict[str, Any] = {"timeout": int(wait.total_seconds()), "limit": 100, "allowed_updates": list(ALLOWED)}
        if after:
            asked["offset"] = after + 1

        async def ask(bot: Bot) -> Any:
            # As it came over the wire: an update that the library cannot read would otherwise stand in the way for ever.
            # (Its own spelling of the name is kept for its own reading; the Bot API's names know no case.)
            patience = wait.total_seconds() + _WAIT_MORE
            return await bot.do_api_request("getupdates", api_kwargs=asked, read_timeout=patience)

        found = self._call(ask)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def say(self, words: Words) -> None:
        """Say it once. TemporaryError is certain that nothing was said; LostError is not; GoneError ends the chat."""
        chat = f"telegram/{self._bot}/{words.chat}"
        try:
            self.door.pace.take([Limit(PER_SECOND, f"telegram/{self._bot}"), Limit(PER_PERSON, chat)])
        except TemporaryError as error:
            if str(error) != AWAY:  # nobody counts: an answer is still due, and Telegram's own 429 is obeyed
                raise

        async def speak(bot: Bot) -> None:
            if words.query:
                with suppress(BadRequest):  # too late, or answered by an earlier try
                    await bot.answer_callback_query(words.query)
                with suppress(BadRequest):  # without its buttons already
                    await bot.edit_message_reply_markup(words.chat, words.message)
            keys = [[InlineKeyboardButton(label, callback_data=value)] for label, value in words.buttons]
            await bot.send_message(
                words.chat,
                words.text,
                reply_markup=InlineKeyboardMarkup(keys) if keys else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )

        self.door.call(self.access, speak)

    def _call(self, ask: Callable[[Bot], Awaitable[T]]) -> T:
        try:
            return self.door.call(self.access, ask)
        except LostError as error:
            raise TemporaryError(str(error), SOON) from None
