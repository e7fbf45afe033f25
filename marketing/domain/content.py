"""What is handed to a channel, what the channel can carry, and whether the one fits the other."""

from dataclasses import dataclass, field
from enum import StrEnum

from marketing.domain.types import ChannelName, EmailType


@dataclass(frozen=True, slots=True)
class OutboundEmail:
    """One finished e-mail for one person; `key` is ours, `message_id` stays the same over every repeat."""

    key: str
    email_type: EmailType
    message_id: str
    sender_name: str
    sender_address: str
    recipient_name: str
    recipient_address: str
    subject: str
    html: str
    text: str
    reply_to: str = ""
    unsubscribe_url: str = ""
    list_id: str = ""
    feedback_id: str = ""


@dataclass(frozen=True, slots=True)
class PostPicture:
    """A picture of a post: our stored JPEG (path inside the data folder) and its public address."""

    path: str
    url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class OutboundPost:
    """One thing published to many; `marker` makes it findable again so that a lost answer never makes a second post."""

    key: str
    tenant: str
    marker: str
    title: str
    text: str
    link: str
    pictures: tuple[PostPicture, ...] = ()
    hashtags: tuple[str, ...] = ()


class MediaRule(StrEnum):
    """Whether a channel wants a picture with every post."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The declared limits of a channel; text length in Unicode code points, sizes in pixels, ratio as width/height."""

    channel: ChannelName
    max_text: int
    max_pictures: int
    media: MediaRule
    max_hashtags: int | None = None
    min_width: int = 0
    min_ratio: float = 0.0
    max_ratio: float = float("inf")
    picture_formats: tuple[str, ...] = ("JPEG", "PNG")
    can_delete: bool = False
    needs_human: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Misfit:
    """One way in which a post does not fit a channel, as a sentence for people."""

    channel: ChannelName
    text: str


@dataclass(frozen=True, slots=True)
class Fit:
    """The verdict of `fits`; empty means it fits."""

    misfits: tuple[Misfit, ...] = field(default=())

    def __bool__(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.misfits
