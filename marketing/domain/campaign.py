"""The life of a campaign and what it says (design section 5)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum, StrEnum
from typing import Any, Final

from marketing.domain.newsletter import Block, block_json, block_of
from marketing.domain.types import BuyerKind, ChannelName, EmailType


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


S = CampaignState
TRANSITIONS: Mapping[CampaignState, frozenset[CampaignState]] = {
    S.DRAFT: frozenset({S.IN_REVIEW, S.CANCELLED}),
    S.IN_REVIEW: frozenset({S.APPROVED, S.DRAFT, S.CANCELLED}),
    S.APPROVED: frozenset({S.SCHEDULED, S.DRAFT, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.SENDING, S.PAUSED, S.DRAFT, S.CANCELLED, S.FAILED}),
    S.SENDING: frozenset({S.SENT, S.PAUSED, S.CANCELLED, S.FAILED}),
    S.PAUSED: frozenset({S.SCHEDULED, S.SENDING, S.DRAFT, S.CANCELLED}),
    S.SENT: frozenset({S.SENDING}),  # again, to those whom it missed
    S.CANCELLED: frozenset(),
    S.FAILED: frozenset({S.DRAFT}),
}
CAN_WAIT = frozenset({S.DRAFT, S.IN_REVIEW, S.APPROVED, S.SCHEDULED, S.SENDING, S.PAUSED})


class Priority(IntEnum):
    """Whose turn comes first among campaigns that send at the same time."""

    LATER = -1
    USUAL = 0
    FIRST = 1


NEWEST_TEMPLATE = -1
"""What goes on for years (order mail) is set in whatever template is in force when a mail is written."""
EDITABLE = frozenset({S.DRAFT, S.IN_REVIEW, S.APPROVED, S.SCHEDULED})


@dataclass(frozen=True, slots=True)
class AudienceFilter:
    """Who is addressed: everyone with an e-mail address, narrowed by kind, topic and segment; empty means all.

    `segments` are ids of which one must fit, `besides` ids of which none may; both are asked anew at planning.
    """

    kinds: tuple[BuyerKind, ...] = ()
    topics: tuple[str, ...] = ()
    segments: tuple[int, ...] = ()
    besides: tuple[int, ...] = ()


CHAT: Final = "whatsapp"
"""The variant of what goes to persons by WhatsApp; that of order updates begins with it."""


def is_chat(variant: str) -> bool:
    """Return whether what is written in this variant goes to persons by WhatsApp."""
    return variant.partition("-")[0] == CHAT


@dataclass(frozen=True, slots=True)
class ChatTemplate:
    """The template of WhatsApp that a campaign goes out in; `fields` say what fills {{1}}, {{2}} … (marketing.domain.chat)."""

    name: str
    language: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CampaignContent:
    """What a campaign says, to whom and where; frozen with each version. Products are our row ids, in order.

    `blocks` are the parts of a newsletter; `archived` says that the issue also stands in the public archive once it is sent.
    `template` is the version of the office's own template it is set in, 0 the shipped one; `chat` is the template of WhatsApp
    where it goes to persons there instead of by e-mail. Versions written before these existed have none of them.
    """

    email_type: EmailType
    variant: str
    subject: str
    preheader: str
    headline: str
    body: str
    product_ids: tuple[int, ...]
    channels: tuple[ChannelName, ...]
    audience: AudienceFilter = AudienceFilter()
    hashtags: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    archived: bool = False
    template: int = 0
    chat: ChatTemplate | None = None

    @property
    def to_persons(self) -> ChannelName | None:
        """The one channel on which this writes to persons, none where it is only published."""
        if is_chat(self.variant):
            return ChannelName.WHATSAPP
        return ChannelName.EMAIL if ChannelName.EMAIL in self.channels else None

    def to_json(self) -> dict[str, Any]:
        """Return the content as plain JSON values."""
        return asdict(self) | {"blocks": [block_json(block) for block in self.blocks]}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "CampaignContent":
        """Read what `to_json` wrote."""
        audience, chat = raw["audience"], raw.get("chat")
        return cls(
            email_type=EmailType(raw["email_type"]),
            variant=raw["variant"],
            subject=raw["subject"],
            preheader=raw["preheader"],
            headline=raw["headline"],
            body=raw["body"],
            product_ids=tuple(raw["product_ids"]),
            channels=tuple(ChannelName(name) for name in raw["channels"]),
            audience=AudienceFilter(
                kinds=tuple(BuyerKind(kind) for kind in audience["kinds"]),
                topics=tuple(audience["topics"]),
                segments=tuple(audience.get("segments", ())),
                besides=tuple(audience.get("besides", ())),
            ),
            hashtags=tuple(raw["hashtags"]),
            blocks=tuple(block_of(block) for block in raw.get("blocks", ())),
            archived=bool(raw.get("archived", False)),
            template=int(raw.get("template", 0)),
            chat=ChatTemplate(chat["name"], chat["language"], tuple(chat["fields"])) if chat else None,
        )
