"""Susun kampanye: one form, with what was typed and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from marketing.domain.types import EmailType, Purpose
from marketing.web import paths
from marketing.web.views.parts import Option
from marketing.web.views.preview import ChatPreview, EmailPreview, PostPreview


@dataclass(frozen=True, slots=True)
class PickRow:
    """A product to pick; the least shown come first so that no business is forgotten."""

    id: int
    name: str
    business: str
    price: str
    exposure: str
    picture: str = ""
    picked: bool = False

    @property
    def words(self) -> str:
        """What the search in the picker looks through."""
        return f"{self.name} {self.business}".lower()


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """A channel to tick; `max_text` is its own limit, 0 for none."""

    name: str
    ticked: bool
    max_text: int = 0
    note: str = ""
    needs_human: bool = False
    available: bool = True


@dataclass(frozen=True, slots=True)
class ChatChoice:
    """The templates of WhatsApp to choose from; `fields` are the choices for each hole of the chosen one, whose words are `body`."""

    templates: tuple[Option, ...]
    fields: tuple[tuple[Option, ...], ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class AudienceChoice:
    """A group of people to choose, with who they are in words."""

    value: str
    label: str
    help: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """How many will get it, and how many of the group will be left out for which reason."""

    will_receive: int
    left_out: int = 0
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BlockField:
    """A field of a block; `shape` is an input type, "textarea" or "select"."""

    id: str
    label: str
    shape: str
    value: str
    note: str = ""
    wrong: str = ""
    optional: bool = False
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of a newsletter; `counted` is the sentence of a figure that our catalogue gives and nobody types."""

    key: str
    id: str
    kind: str
    label: str
    fields: tuple[BlockField, ...]
    measure: str = ""
    counted: str = ""
    wrong: str = ""
    number: int = 0
    first: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the fields; strings exactly as typed, so that nothing is lost when something is wrong."""

    name: str = ""
    email_type: str = "promotional"
    subject: str = ""
    preheader: str = ""
    headline: str = ""
    text: str = ""
    date: str = ""
    time: str = ""
    archived: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class ComposerView:
    """The composer. `errors` maps a field name to a sentence; `misfits` are warnings of the channels about this text."""

    draft: Draft
    zone: str
    types: tuple[Option, ...]
    products: tuple[PickRow, ...]
    channels: tuple[ChannelChoice, ...]
    audiences: tuple[AudienceChoice, ...]
    besides: tuple[Option, ...] = ()
    count: AudienceCount | None = None
    campaign_id: int | None = None
    product_query: str = ""
    products_left: int = 0
    earliest_date: str = ""
    email: EmailPreview | None = None
    previews: tuple[PostPreview, ...] = ()
    blocks: tuple[BlockView, ...] = ()
    blank_blocks: tuple[BlockView, ...] = ()
    measures: tuple[Option, ...] = ()
    block_limit: int = 0
    chat: ChatChoice | None = None
    chat_preview: ChatPreview | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    returned_note: str = ""
    returned_by: str = ""
    subject_limit: int = 60
    preheader_limit: int = 90
    headline_limit: int = 80

    @property
    def action(self) -> str:
        """Where the form is posted."""
        return paths.compose(self.campaign_id)

    @property
    def is_newsletter(self) -> bool:
        """Whether the blocks of a newsletter are looked at: of its kind, or written already."""
        return bool(self.blocks) or self.draft.email_type not in (EmailType.PROMOTIONAL, Purpose.WHATSAPP_MARKETING)

    @property
    def by_chat(self) -> bool:
        """Whether it goes to persons by WhatsApp."""
        return self.draft.email_type == Purpose.WHATSAPP_MARKETING

    @property
    def picked(self) -> int:
        """How many products are picked."""
        return sum(row.picked for row in self.products)
