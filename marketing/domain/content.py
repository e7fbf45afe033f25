"""What is handed to a channel, what the channel can carry, and whether the one fits the other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from marketing.domain.insights import Metric
from marketing.domain.quoted_printable import encoded
from marketing.domain.text import TextUnit, count_hashtags, count_mentions, measured
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.i18n import N_
from marketing.i18n import gettext as _


class MailBody(Protocol):
    """What a mail says, as HTML and as text."""

    @property
    def html(self) -> str: ...

    @property
    def text(self) -> str: ...

    def encoded(self) -> tuple[Sequence[str], Sequence[str]]:
        """Return text and HTML in quoted-printable, each to be joined; UnicodeEncodeError for half a character."""


@dataclass(frozen=True, slots=True)
class WholeBody:
    """A body in one piece; one that shares its words with many others is a `FilledBody` (marketing.domain.stencil)."""

    html: str
    text: str

    def encoded(self) -> tuple[Sequence[str], Sequence[str]]:
        """Return text and HTML in quoted-printable."""
        return (encoded(self.text),), (encoded(self.html),)


@dataclass(slots=True)  # not frozen: one for every message of a campaign (docs/decisions.md, 70)
class OutboundEmail:
    """One finished e-mail for one person; `key` is ours, `message_id` stays the same over every repeat.

    Who carries it is chosen by `tenant` and `email_type`; `campaign` is 0 for what belongs to none (a confirmation),
    `purpose` what a person leaves by leaving this (none for what a contract needs). A
    provider may be told both, and of the message only its reference: the part of `message_id` before the `@`.
    """

    key: str
    email_type: EmailType
    message_id: str
    sender_name: str
    sender_address: str
    recipient_name: str
    recipient_address: str
    subject: str
    body: MailBody = field(repr=False)
    reply_to: str = ""
    unsubscribe_url: str = ""
    list_id: str = ""
    list_name: str = ""
    feedback_id: str = ""
    tenant: str = ""
    campaign: int = 0
    purpose: Purpose | None = None

    @property
    def html(self) -> str:
        """What it says, as HTML; made anew each time."""
        return self.body.html

    @property
    def text(self) -> str:
        """What it says, as text; made anew each time."""
        return self.body.text

    @property
    def reference(self) -> str:
        """Our unguessable name for the message, by which a provider's reports find it again."""
        return self.message_id.lstrip("<").partition("@")[0]


@dataclass(frozen=True, slots=True)
class CardWords:
    """What stands on a product card; prices are written out for people, `before` is empty without a sale."""

    name: str
    business: str
    price: str
    before: str
    office: str
    colour: str
    band: str = ""


@dataclass(frozen=True, slots=True)
class PostPicture:
    """A picture of a post: our stored JPEG (path inside the data folder) and its public address.

    With a `card`, the file is made of `photo` (the stored picture's hash) and those words.
    """

    path: str
    url: str
    alt: str
    width: int
    height: int
    photo: str = ""
    card: CardWords | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "PostPicture":
        """Return the picture that `asdict` wrote."""
        words = data.get("card")
        return cls(**{**data, "card": CardWords(**words) if words else None})


@dataclass(frozen=True, slots=True)
class OutboundPost:
    """One thing published to many; `marker` makes it findable again so that a lost answer never makes a second post.

    `text` is everything the channel shows, the hashtags included; `hashtags` names those we chose.
    """

    key: str
    tenant: str
    marker: str
    title: str
    text: str
    link: str
    pictures: tuple[PostPicture, ...] = ()
    hashtags: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "OutboundPost":
        """Return the post that `asdict` wrote."""
        pictures = tuple(PostPicture.from_json(picture) for picture in data["pictures"])
        return cls(**{**data, "pictures": pictures, "hashtags": tuple(data["hashtags"])})


class MediaRule(StrEnum):
    """Whether a channel wants a picture with every post."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The declared limits of a channel; text counted in `text_unit`, sizes in pixels, ratio as width/height.

    `card` says whether a product may be shown on our card. `links` says whether an address in the text is of use there; `human_step` is what a person does when `needs_human`;
    with `drafts` what awaits the person lies at the provider already.
    `figures` is what the provider counts of a post at best; without any, nobody can be asked.
    """

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
    card: bool = False
    needs_human: bool = False
    source: str = ""
    max_title: int | None = None
    max_mentions: int | None = None
    text_unit: TextUnit = TextUnit.CODE_POINTS
    links: bool = True
    human_step: str = ""
    drafts: bool = False
    figures: tuple[Metric, ...] = ()


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


CHANNEL_LABELS = {
    ChannelName.WEBSITE: N_("Situs web"),
    ChannelName.FACEBOOK: "Facebook",
    ChannelName.INSTAGRAM: "Instagram",
    ChannelName.TIKTOK: "TikTok",
    ChannelName.WHATSAPP: "WhatsApp",
    ChannelName.TELEGRAM: "Telegram",
    ChannelName.EMAIL: N_("Surel"),
    ChannelName.MARKETPLACE: N_("Lokapasar"),
}
_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}


_SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def post_handle(tenant: str, marker: str) -> str:
    """Return our own handle of a post, safe as the name of a file; ValueError when tenant or marker is not."""
    for part in (tenant, marker):
        if not _SEGMENT.fullmatch(part):
            raise ValueError(
                _("Tanda pos “{part}” tidak aman; pakai huruf, angka, “-” atau “_”, paling panjang 100.").format(
                    part=part[:40]
                )
            )
    return f"{tenant}.{marker}"


def parse_handle(handle: str) -> tuple[str, str]:
    """Return (tenant, marker) of our own handle; ValueError when it is not one."""
    tenant, _dot, marker = handle.partition(".")
    post_handle(tenant, marker)
    return tenant, marker


def fits(post: OutboundPost, capabilities: Capabilities) -> Fit:
    """Return every way in which the post does not fit, each saying what to do about it."""
    channel = capabilities.channel
    sentences = [*_text_misfits(post, capabilities), *_picture_misfits(post, capabilities)]
    return Fit(tuple(Misfit(channel, sentence) for sentence in sentences))


def _text_misfits(post: OutboundPost, limits: Capabilities) -> Iterator[str]:
    name = _(CHANNEL_LABELS[limits.channel])
    length = measured(post.text, limits.text_unit)
    if not post.text.strip():
        yield _("Teks untuk {channel} masih kosong; tulis setidaknya satu kalimat.").format(channel=name)
    if length > limits.max_text:
        yield _("Teks {length} karakter; {channel} memuat paling banyak {limit}. Kurangi {over} karakter.").format(
            length=length, channel=name, limit=limits.max_text, over=length - limits.max_text
        )
    title = measured(post.title, limits.text_unit)
    if limits.max_title is not None and title > limits.max_title:
        yield _("Judul {length} karakter; {channel} memuat paling banyak {limit}. Persingkat judulnya.").format(
            length=title, channel=name, limit=limits.max_title
        )
    tags = max(len(post.hashtags), count_hashtags(post.text))
    if limits.max_hashtags is not None and tags > limits.max_hashtags:
        yield _("Ada {count} tagar; {channel} menerima paling banyak {limit}. Hapus {over} tagar.").format(
            count=tags, channel=name, limit=limits.max_hashtags, over=tags - limits.max_hashtags
        )
    mentions = count_mentions(post.text)
    if limits.max_mentions is not None and mentions > limits.max_mentions:
        yield _("Ada {count} sebutan @; {channel} menerima paling banyak {limit}. Hapus {over} sebutan.").format(
            count=mentions, channel=name, limit=limits.max_mentions, over=mentions - limits.max_mentions
        )
    if not limits.links and (post.link or "://" in post.text or "://" in post.title):
        yield _("{channel} tidak memakai tautan di dalam teks; hapus tautannya dan arahkan ke profil.").format(
            channel=name
        )


def _picture_misfits(post: OutboundPost, limits: Capabilities) -> Iterator[str]:
    name, count = _(CHANNEL_LABELS[limits.channel]), len(post.pictures)
    if limits.media is MediaRule.REQUIRED and not count:
        yield _("{channel} tidak menerima kiriman tanpa gambar; tambahkan foto produk.").format(channel=name)
    if count > limits.max_pictures:
        yield _("Ada {count} gambar; {channel} memuat paling banyak {limit}. Hapus {over} gambar.").format(
            count=count, channel=name, limit=limits.max_pictures, over=count - limits.max_pictures
        )
    for number, picture in enumerate(post.pictures, start=1):
        yield from _one_picture_misfits(number, picture, limits)


def _one_picture_misfits(number: int, picture: PostPicture, limits: Capabilities) -> Iterator[str]:
    name = _(CHANNEL_LABELS[limits.channel])
    kind = _FORMATS.get(picture.path.rpartition(".")[2].lower(), "")
    if kind not in limits.picture_formats:
        yield _("Gambar {number} bukan {formats}; {channel} hanya menerima itu. Ubah dahulu formatnya.").format(
            number=number, formats=_(" atau ").join(limits.picture_formats), channel=name
        )
    if picture.width < 1 or picture.height < 1:
        yield _("Ukuran gambar {number} tidak terbaca; unggah ulang gambarnya.").format(number=number)
        return
    if picture.width < limits.min_width:
        yield _(
            "Gambar {number} selebar {width} piksel; {channel} meminta paling sedikit {limit}. Pakai foto yang lebih besar."
        ).format(number=number, width=picture.width, channel=name, limit=limits.min_width)
    ratio = picture.width / picture.height
    if ratio < limits.min_ratio:
        yield _("Gambar {number} terlalu tinggi untuk {channel}; potong bagian atas atau bawahnya.").format(
            number=number, channel=name
        )
    if ratio > limits.max_ratio:
        yield _("Gambar {number} terlalu lebar untuk {channel}; potong sisi kiri atau kanannya.").format(
            number=number, channel=name
        )
