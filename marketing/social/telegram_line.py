"""The bot's own calls: switched on and off by a person, said what waits, and asked for what it was told where no webhook can reach us."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from marketing.accounts.channel_acts import ChannelActs
from marketing.channels.errors import ChannelError, PermanentError, ReconnectError, TemporaryError
from marketing.channels.social import SocialProvider
from marketing.channels.telegram.updates import Person, Words, number_of
from marketing.db.exclusive import exclusively
from marketing.db.models import ChannelAccount, ProviderEvent, User
from marketing.db.session import Database
from marketing.domain.account import AccountState
from marketing.domain.types import ChannelName, Role
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.observability import get_logger
from marketing.queue import TaskName, TaskQueue
from marketing.social.publishers import AccountMemory, AccountPublishers
from marketing.social.reasons import Then, follows
from marketing.social.telegram_bot import BOT, POLL, PROVIDER, SAID, SEALED, STOP, UPDATES, WEBHOOK, TelegramBots

if TYPE_CHECKING:
    from marketing.channels.telegram.talking import BotLine

LAST_UPDATE: Final = "last_update"
SAY_WITHIN: Final = timedelta(hours=1)
"""An answer that could not leave for so long is not said any more: whoever waited has written again."""
OFF: Final = ""
MANY: Final = 200
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TelegramLines:
    """Works for the bots through Telegram."""

    database: Database
    queue: TaskQueue
    publishers: AccountPublishers
    bots: TelegramBots
    clock: Callable[[], datetime]

    def switch(self, user: User, account_id: int, way: str, url: str = "") -> str:
        """Let an account's bot hear people by webhook at this address, by asking, or not at all; returns the bot's name.

        InvalidInputError where another account's bot is the same, or the address is none that Telegram calls. ChannelError
        is Telegram's no.
        """
        if way == WEBHOOK and not url.startswith("https://"):
            raise InvalidInputError(
                _("Telegram hanya memanggil alamat https. Isi SIAR_PUBLIC_URL dengan https, atau pilih cara “tanya”.")
            )
        acts = ChannelActs(self.database, self.clock, lambda row: row.provider == PROVIDER)
        with acts.held(user, account_id, (Role.OPERATOR,), "bot", {"way": way}) as (_session, row):
            tenant_id = row.tenant_id
        line = self._line(tenant_id, account_id)
        name = line.name()
        self._only_one(account_id, name, way)
        if way == WEBHOOK:
            line.listen_at(url, self.bots.secret(tenant_id, account_id))
        else:
            line.listen_nowhere()
        with self.database.write() as session:
            row = session.get_one(ChannelAccount, account_id, with_for_update=True)
            row.settings = {**row.settings, BOT: name, UPDATES: way}
        return name

    def say(self, event_id: int) -> None:
        """Say what waits under this event, once; what certainly did not arrive is tried again for an hour."""
        with self.database.write() as session:
            event = session.get(ProviderEvent, event_id, with_for_update=True)
            if event is None or SAID not in event.payload or event.account_id is None:
                return
            kept: str = event.payload[SAID]
            # Written ahead: an answer is rather lost than said twice.
            event.payload = {name: value for name, value in event.payload.items() if name != SAID}
            tenant_id, account_id, since = event.tenant_id, event.account_id, event.received_at
        words = Words.from_json(json.loads(self.bots.sealer.open(SEALED, kept)))
        try:
            self._line(tenant_id, account_id).say(words)
        except TemporaryError as error:
            if self.clock() - since < SAY_WITHIN:
                self._put_back(event_id, kept)
                self.queue.later(TaskName.TELEGRAM_SAY, error.retry_after, event_id=event_id)
        except ReconnectError as error:
            self.publishers.lost(tenant_id, ChannelName.TELEGRAM, str(account_id), str(error))
        except PermanentError as error:
            self._refused(account_id, event_id, words, error)
        except Exception as error:  # noqa: BLE001  nobody knows whether it arrived: it is not said twice
            log.warning("an answer of the bot may be lost", account=account_id, reason=type(error).__name__)

    def say_what_waits(self, tenant_id: str) -> None:
        """Say what the queue forgot: the broker was away, or nobody works here but whoever asks."""
        query = select(ProviderEvent).where(
            ProviderEvent.tenant_id == tenant_id,
            ProviderEvent.provider == PROVIDER,
            ProviderEvent.received_at > self.clock() - SAY_WITHIN,
        )
        with self.database.read() as session:
            waiting = [row.id for row in session.scalars(query.order_by(ProviderEvent.id)) if SAID in row.payload]
        for event_id in waiting[:MANY]:
            self.say(event_id)

    def round(self, tenant_id: str, wait: timedelta = timedelta(0)) -> int:
        """Ask for what bots of this Daerah were told, and say what waits; returns how much was new."""
        with self.database.read() as session:
            query = select(ChannelAccount).where(
                ChannelAccount.tenant_id == tenant_id,
                ChannelAccount.provider == PROVIDER,
                ChannelAccount.state.in_((AccountState.ACTIVE, AccountState.PAUSED)),
            )
            asking = [row.id for row in session.scalars(query) if row.settings.get(UPDATES) == POLL]
        fresh = 0
        for account_id in asking:
            fresh += self._asked(tenant_id, account_id, wait)
        self.say_what_waits(tenant_id)
        return fresh

    def _asked(self, tenant_id: str, account_id: int, wait: timedelta) -> int:
        """Ask one bot, one process at a time: Telegram tells whoever asks first, and refuses two."""
        with exclusively(self.database, f"telegram updates {account_id}") as alone:
            if not alone:
                return 0
            memory, fresh = AccountMemory(self.database, account_id), 0
            after = int(memory.read().get(LAST_UPDATE, 0))
            try:
                found = self._line(tenant_id, account_id).updates(after, wait)
            except ReconnectError as error:
                self.publishers.lost(tenant_id, ChannelName.TELEGRAM, str(account_id), str(error))
                return 0
            except ChannelError as error:
                log.warning("the bot could not be asked", account=account_id, reason=str(error))
                return 0
            for update in found:
                fresh += self.bots.take(account_id, update)
            if found:
                memory.keep(**{LAST_UPDATE: max([after, *(number_of(one) or 0 for one in found)])})
            return fresh

    def _refused(self, account_id: int, event_id: int, words: Words, error: PermanentError) -> None:
        log.warning("the bot may not answer", account=account_id, reason=str(error))
        if follows(error) is Then.SUPPRESS:
            with self.database.read() as session:
                account = session.get_one(ChannelAccount, account_id)
            self.bots.leave(account, Person(words.chat), -event_id, STOP)

    def _put_back(self, event_id: int, kept: str) -> None:
        with self.database.write() as session:
            event = session.get_one(ProviderEvent, event_id, with_for_update=True)
            event.payload = {**event.payload, SAID: kept}

    def _only_one(self, account_id: int, name: str, way: str) -> None:
        with self.database.read() as session:
            query = select(ChannelAccount).where(ChannelAccount.provider == PROVIDER, ChannelAccount.id != account_id)
            same = [
                row.id for row in session.scalars(query) if row.settings.get(BOT) == name and row.settings.get(UPDATES)
            ]
        if same and way != OFF:
            text = _("Bot @{name} sudah mendengarkan lewat akun nomor {number}. Matikan di sana lebih dahulu.")
            raise InvalidInputError(text.format(name=name, number=same[0]))

    def _line(self, tenant_id: str, account_id: int) -> "BotLine":
        from marketing.channels.telegram.adapter import TelegramDoor  # noqa: PLC0415  brings the whole bot library
        from marketing.channels.telegram.talking import BotLine  # noqa: PLC0415

        door: Any = self.publishers.doors[SocialProvider.TELEGRAM]
        assert isinstance(door, TelegramDoor)
        return BotLine(door, self.publishers.access(tenant_id, account_id, sending=False))
