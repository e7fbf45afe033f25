"""A Telegram bot that people speak with: it asks for consent, takes STOP, and says each thing once.

What it is told is dealt with in one transaction; what it then says waits there, sealed, until a worker has said it. Consent
counts for the chat alone, with the text shown there and a button pressed there.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.channels.telegram.updates import (
    Began,
    Blocked,
    Other,
    Person,
    Pressed,
    PutOut,
    Words,
    Wrote,
    number_of,
    read,
    shape,
)
from marketing.contacts.addresses import address_hash
from marketing.contacts.asking import mark_of, text_of_mark, wordings_now
from marketing.contacts.chat_consent import Yes, agree
from marketing.contacts.leaving_by_chat import ChatLeaving, ChatMessage
from marketing.db.models import ChannelAccount, ProviderEvent
from marketing.db.session import Database
from marketing.domain.account import AccountState
from marketing.domain.keyed_hash import HashPurpose, keyed_hash
from marketing.domain.links import LinkPurpose, LinkSigner
from marketing.domain.sealing import Sealer
from marketing.domain.types import ChannelName, Purpose
from marketing.errors import InvalidInputError
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.i18n import gettext as _
from marketing.observability import get_logger
from marketing.queue import TaskName, TaskQueue
from marketing.social import telegram_words as words
from marketing.social.provider_events import first_told
from marketing.social.publishers import AccountPublishers
from marketing.tenants.profile import profile_of

PROVIDER: Final = "telegram"
BOT: Final = "bot"
UPDATES: Final = "updates"
WEBHOOK, POLL = "webhook", "poll"
LINK_HOURS: Final = 24
YES, NO = "ya", "tidak"
SEALED: Final = "telegram-words"
ASKED: Final = "asked"
SAID: Final = "said"
STOP: Final = "/stop"
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TelegramBots:
    """The bots of all Daerah, one account each."""

    database: Database
    queue: TaskQueue
    publishers: AccountPublishers
    sealer: Sealer
    signer: LinkSigner
    signing_key: bytes = field(repr=False)
    clock: Callable[[], datetime]

    def secret(self, tenant_id: str, account_id: int) -> str:
        """Return what Telegram has to say in the header of each call, for one account."""
        return keyed_hash(self.signing_key, HashPurpose.REQUEST, tenant_id, f"telegram-webhook:{account_id}")

    def invitation(self, tenant_id: str, contact_id: int = 0) -> str | None:
        """Return the link that begins a chat, good for a day; None where the Daerah has no bot that listens.

        Its payload names an account, the hour until which it counts, and a person or nobody: at most 64 characters.
        """
        with self.database.read() as session:
            account = bot_of(session, tenant_id)
        if account is None:
            return None
        until = int(self.clock().timestamp()) // 3600 + LINK_HOURS
        payload = self.signer.token(LinkPurpose.TELEGRAM, account.id, until, contact_id)
        return f"https://t.me/{account.settings[BOT]}?start={payload}"

    def take(self, account_id: int, update: Mapping[str, Any]) -> bool:
        """Deal with what Telegram told; False for a repeat and for what is nobody's. Repeating changes nothing."""
        with self.database.read() as session:
            account = session.get(ChannelAccount, account_id)
        if account is None or not listens(account):
            return False
        news = read(update)
        match news:
            case Began() | Wrote() | Pressed():
                with speaking(_language(news.person)):
                    return self._heard(account, news, number_of(update) or 0)
            case Blocked(person=person):
                return self.leave(account, person, number_of(update) or 0, STOP) is not None
            case PutOut(chat=chat, username=username):
                if account.remote_id.lower() in {str(chat), f"@{username}".lower()}:
                    reason = _(
                        "Bot dikeluarkan dari saluran atau grup ini. Masukkan lagi, lalu hubungkan ulang akunnya."
                    )
                    self.publishers.lost(account.tenant_id, ChannelName.TELEGRAM, str(account.id), reason)
                return True
            case Other(kind=kind, kept=True):
                with self.database.write() as session:
                    key = f"{account.id}:{number_of(update)}"
                    return (
                        first_told(session, account, key, kind, {"shape": shape(update)}, now=self.clock()) is not None
                    )
        return False

    def _heard(self, account: ChannelAccount, news: Began | Wrote | Pressed, number: int) -> bool:
        kind, key = self._name(account, news, number)
        if isinstance(news, Wrote) and (reply := self.leave(account, news.person, number, news.text)) is not None:
            return self._reply(account, f"{account.id}:{number}", "stop", Words(news.person.chat, reply))
        with self.database.write() as session:
            event = first_told(session, account, key, kind, {}, now=self.clock())
            if event is None:
                return False
            saying = self._answer(session, account, news, event)
            self._say(session, event, saying)
        return True

    def _reply(self, account: ChannelAccount, key: str, kind: str, saying: Words) -> bool:
        with self.database.write() as session:
            event = first_told(session, account, key, kind, {}, now=self.clock())
            if event is not None:
                self._say(session, event, saying)
        return event is not None

    def _say(self, session: Session, event: ProviderEvent, saying: Words) -> None:
        """Keep what is to be said, sealed, and wake a worker once the transaction stands."""
        event.payload = {**event.payload, SAID: self.sealer.seal(SEALED, json.dumps(saying.to_json()))}
        self.queue.enqueue(session, TaskName.TELEGRAM_SAY, event_id=event.id)

    def _name(self, account: ChannelAccount, news: Began | Wrote | Pressed, number: int) -> tuple[str, str]:
        """Return what an event is called: once a minute for Start, once a day for anything else that is written."""
        chat = self._hash(account.tenant_id, news.person)[:32]
        match news:
            case Began(payload=payload, at=at):
                mark = keyed_hash(self.signing_key, HashPurpose.REQUEST, account.tenant_id, payload)[:16]
                return "start", f"{account.id}:start:{chat}:{mark}:{at:%Y%m%d%H%M}"
            case Wrote(at=at):
                day = at.astimezone(profile_of(account.tenant_id).tz)
                return "text", f"{account.id}:text:{chat}:{day:%Y%m%d}"
        return "button", f"{account.id}:{number}"

    def _answer(
        self, session: Session, account: ChannelAccount, news: Began | Wrote | Pressed, event: ProviderEvent
    ) -> Words:
        profile, chat = profile_of(account.tenant_id), news.person.chat
        match news:
            case Began(payload=""):
                return Words(chat, words.greeting(profile, self._link(account)))
            case Began(person=person, payload=payload):
                return self._asking(session, account, person, payload, event)
            case Pressed():
                return replace(self._pressed(session, account, news), query=news.query, message=news.message)
        return Words(chat, words.not_read(profile))

    def _asking(
        self, session: Session, account: ChannelAccount, person: Person, payload: str, event: ProviderEvent
    ) -> Words:
        now = self.clock()
        ids = self.signer.read(LinkPurpose.TELEGRAM, payload) or ()
        fresh = len(ids) == 3 and ids[0] == account.id and now.timestamp() < (ids[1] + 1) * 3600  # noqa: PLR2004  its three parts
        text = wordings_now(session, account.tenant_id, [Purpose.TELEGRAM_MARKETING], _language(person), now).get(
            Purpose.TELEGRAM_MARKETING
        )
        if not fresh or text is None:
            return Words(person.chat, words.asked_too_long_ago(self._link(account)))
        event.payload = {
            ASKED: {"chat": self._hash(account.tenant_id, person), "contact": ids[2], "mark": mark_of(text)}
        }
        keys = ((words.yes_label(), f"{YES}:{event.id}"), (words.no_label(), f"{NO}:{event.id}"))
        return Words(person.chat, words.asking(profile_of(account.tenant_id), text), keys)

    def _pressed(self, session: Session, account: ChannelAccount, news: Pressed) -> Words:
        person, profile = news.person, profile_of(account.tenant_id)
        answer, _colon, name = news.data.partition(":")
        asked, event_id = self._asked(session, account, person, name)
        text = text_of_mark(session, account.tenant_id, asked.get("mark", ""), self.clock()) if asked else None
        if answer == NO and asked:
            self._spend(session, event_id)
            return Words(person.chat, words.declined())
        if answer != YES or text is None:
            return Words(person.chat, words.asked_too_long_ago(self._link(account)))
        evidence = {"form": "bot", "bot": str(account.settings[BOT]), "question": event_id}
        contact = int(asked["contact"])
        yes = Yes(ChannelName.TELEGRAM, str(person.chat), person.name, text, contact, evidence)
        whose = agree(session, account.tenant_id, yes, self.signing_key, self.clock())
        self._spend(session, event_id)
        if whose is None:
            return Words(person.chat, words.barred(profile))
        return Words(person.chat, words.agreed(profile, self.signer.url(LinkPurpose.PREFERENCES, whose)))

    def _asked(
        self, session: Session, account: ChannelAccount, person: Person, name: str
    ) -> tuple[Mapping[str, Any], int]:
        """Return what a button's question was, empty unless it was asked in this very chat."""
        event_id = int(name) if name.isascii() and name.isdecimal() and len(name) < 16 else 0  # noqa: PLR2004  of a row's number
        event = session.get(ProviderEvent, event_id, with_for_update=True) if event_id else None
        asked: Mapping[str, Any] = event.payload.get(ASKED, {}) if event is not None else {}
        genuine = event is not None and event.provider == PROVIDER and event.account_id == account.id
        genuine = genuine and asked.get("chat") == self._hash(account.tenant_id, person)
        return (asked, event_id) if genuine else ({}, 0)

    def _spend(self, session: Session, event_id: int) -> None:
        """Forget a question that was answered: its buttons do nothing any more."""
        event = session.get_one(ProviderEvent, event_id)
        event.payload = {name: value for name, value in event.payload.items() if name != ASKED}

    def leave(self, account: ChannelAccount, person: Person, number: int, text: str) -> str | None:
        """Let a person leave who asks for it; returns what to answer, None for a message that does not ask."""
        chats = ChatLeaving(self.database, self.signing_key, self.clock)
        message = ChatMessage(ChannelName.TELEGRAM, str(person.chat), text, f"{account.id}:{number}")
        try:
            left = chats.leave_by_chat(account.tenant_id, message)
        except InvalidInputError:
            log.warning("somebody wrote from a chat whose number is none", account=account.id)
            return None
        return left.reply if left is not None else None

    def _hash(self, tenant_id: str, person: Person) -> str:
        return address_hash(self.signing_key, tenant_id, str(person.chat))

    def _link(self, account: ChannelAccount) -> str:
        return f"{self.signer.base_url}/langganan/{account.tenant_id}/telegram"


def bot_of(session: Session, tenant_id: str) -> ChannelAccount | None:
    """Return the account whose bot speaks with people."""
    query = select(ChannelAccount).where(
        ChannelAccount.tenant_id == tenant_id,
        ChannelAccount.provider == PROVIDER,
        ChannelAccount.state.in_((AccountState.ACTIVE, AccountState.PAUSED)),
    )
    return next((row for row in session.scalars(query.order_by(ChannelAccount.id)) if listens(row)), None)


def listens(account: ChannelAccount) -> bool:
    """Return whether this account's bot hears people."""
    return (
        account.provider == PROVIDER
        and account.state is not AccountState.REMOVED
        and bool(account.settings.get(BOT))
        and account.settings.get(UPDATES) in {WEBHOOK, POLL}
    )


def _language(person: Person) -> str:
    return "en" if person.language.startswith("en") else SOURCE_LANGUAGE
