"""STOP in a chat: whoever writes it is left alone from the same transaction on, and is told so (UU 27/2022 Ps. 9, 40).

The webhooks of WhatsApp and Telegram call this with every message; what does not ask to stop is left to a person.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from marketing.accounts.answered import Question, once
from marketing.contacts.addresses import NORMALISE, address_hash
from marketing.contacts.leaving import Leaving, leave, owners_of
from marketing.contacts.suppressions import Reach
from marketing.db.session import Database
from marketing.domain.consent import purposes_on
from marketing.domain.stop_words import StopScope, stop_scope
from marketing.domain.types import ChannelName
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _
from marketing.tenants.profile import profile_of

CHATS: Final = (ChannelName.WHATSAPP, ChannelName.TELEGRAM)
SOURCE: Final = "obrolan"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message as a webhook brought it: the sender's number or chat id, and the provider's own id of the message."""

    channel: ChannelName
    sender: str
    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody left; `reply` is to be sent back unless this is a repeat, whose reply has gone."""

    scope: StopScope
    reply: str
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class ChatLeaving:
    """Takes STOP from chats."""

    database: Database
    signing_key: bytes = field(repr=False)
    clock: Callable[[], datetime]

    def leave_by_chat(self, tenant_id: str, message: ChatMessage) -> Left | None:
        """Withdraw, bar and stop in one transaction; None for a message that does not ask to stop.

        The same message again changes nothing. InvalidInputError for a channel that is no chat or a sender without address.
        """
        scope = stop_scope(message.text)
        if scope is None:
            return None
        address = NORMALISE[message.channel](message.sender) if message.channel in CHATS else None
        if address is None:
            raise InvalidInputError(_("Pengirim pesan ini tidak dapat dikenali di kanal itu."), field="sender")
        reach = Reach(message.channel, address_hash(self.signing_key, tenant_id, address))
        question = Question(
            tenant_id, f"chat:{message.channel}", message.message_id, [reach.hash, scope], self.signing_key
        )
        # A message's id may hold the sender's number (WhatsApp's do), so the ledger keeps its hash.
        evidence = {"chat": str(reach.channel), "message": question.hashed(message.message_id), "scope": str(scope)}
        now = self.clock()
        with self.database.write() as session:

            def work() -> dict[str, Any]:
                leaving = _leaving(session, tenant_id, reach, scope)
                leave(session, tenant_id, leaving, source=SOURCE, evidence=evidence, now=now)
                return {"scope": scope, "reply": reply_to(scope, reach.channel, profile_of(tenant_id).dinas_short)}

            answer, is_repeat = once(session, question, now, work)
        return Left(StopScope(answer["scope"]), answer["reply"], is_repeat)


def _leaving(session: Session, tenant_id: str, reach: Reach, scope: StopScope) -> Leaving:
    """Return what is left: a chat that stands for no purpose, or for nobody we know, has no consent, so its address is barred."""
    here = purposes_on(reach.channel)
    bar = not here or not owners_of(session, tenant_id, [reach])
    return Leaving((reach,), here, everything=scope is StopScope.ALL, bar=bar)


def reply_to(scope: StopScope, channel: ChannelName, office: str) -> str:
    """Return what whoever left is told: what has ended, what goes on, and that nothing more is to be done."""
    if scope is StopScope.ALL:
        return _(
            "Sudah kami hentikan. {office} tidak mengirim promosi atau kabar lagi kepada Anda, di sini maupun lewat surel. Kabar pesanan Anda sendiri tetap dikirim lewat surel."
        ).format(office=office)
    place = "WhatsApp" if channel is ChannelName.WHATSAPP else "Telegram"
    return _(
        "Sudah kami hentikan. {office} tidak mengirim promosi atau kabar lagi lewat {place}. Kabar pesanan Anda sendiri tetap dikirim lewat surel. Untuk berhenti dari semuanya, balas STOP SEMUA."
    ).format(office=office, place=place)
