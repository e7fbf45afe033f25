"""A template message of WhatsApp to one person, and what came back about it; one vocabulary for sender, webhook and engine."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from marketing.domain.types import ChannelName, EmailType, Purpose


class TemplateCategory(StrEnum):
    """What Meta lets a template be for; marketing may be switched off by a person, utility (an order's news) may not."""

    MARKETING = "marketing"
    UTILITY = "utility"


@dataclass(frozen=True, slots=True)
class OutboundTemplate:
    """One approved template, filled for one person; the counterpart of OutboundEmail.

    `recipient` is the number in E.164 digits without plus. `reference` is our unguessable name of the message, which Meta gives
    back with every status (`biz_opaque_callback_data`, at most 512 characters). `body` fills {{1}}, {{2}} …; `buttons` are the
    ends of the addresses of the template's URL buttons, in order, empty for a button without a variable.
    """

    key: str
    tenant: str
    email_type: EmailType
    recipient: str = field(repr=False)
    template: str
    language: str
    category: TemplateCategory
    reference: str
    header_picture: str = ""
    body: tuple[str, ...] = field(default=(), repr=False)
    buttons: tuple[str, ...] = field(default=(), repr=False)
    campaign: int = 0
    purpose: Purpose | None = None


class StatusKind(StrEnum):
    """How far a message came; they arrive in any order and more than once."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class FaultAction(StrEnum):
    """What an error code of WhatsApp asks for (Cloud API error codes, channels.md B.2)."""

    RETRY = "retry"  # a passing fault before acceptance
    LATER = "later"  # nobody is to write to this person for a day or more: the cap per user (131049, 130472)
    FAIL = "fail"  # this message is refused, nobody else's is
    UNREACHABLE = "unreachable"  # no WhatsApp at this number (131026): counts as a bounce
    OPTED_OUT = "opted_out"  # left all marketing of ours at WhatsApp (131050): the number is suppressed for marketing
    TEMPLATE = "template"  # the template cannot be sent now: it pauses
    ACCOUNT = "account"  # the account cannot send now: it pauses until a person acts
    RECONNECT = "reconnect"  # the token is dead


@dataclass(frozen=True, slots=True)
class StatusReport:
    """One status of one message, from a signed webhook.

    `identity` is the same for the same status told twice. `reference` is the message's, empty when Meta left it out; then
    `provider_id` (wamid) finds it. `action` is what `code` asks for when it failed, `detail` its redacted sentence.
    """

    identity: UUID
    kind: StatusKind
    at: datetime
    reference: str
    provider_id: str
    code: int = 0
    action: FaultAction | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MarketingChoice:
    """Somebody stopped or resumed marketing from us inside WhatsApp (webhook `user_preferences`); number in E.164 digits."""

    identity: UUID
    sender: str = field(repr=False)
    stopped: bool
    at: datetime
    channel: ChannelName = ChannelName.WHATSAPP
