"""Mails of one campaign that differ by a name and by links alone are written once, with holes, and filled for each person.

What a template may ask about a person is whether something is there: whether there is a name, which facts a product has that
was chosen for them. Each such shape is a stencil of its own. A stencil is made the second time that its like is asked for,
so that a single mail, a preview or a trial costs no more than ever; and what does not fit (a name that is not printable, a
template that does more with it than print it) is written for each person anew.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any, Final, NamedTuple

from marketing.delivery.mail_context import CampaignMail, Chosen, marketing_context, shown_to
from marketing.delivery.product_cards import reason_words, told
from marketing.domain.links import LinkPurpose, LinkSigner, MessageTokens, Place, place_of
from marketing.domain.stencil import FilledBody, Hole, Holes, Stencil, fits, key_of
from marketing.domain.text import one_line, web_address
from marketing.domain.types import EmailType
from marketing.i18n import language
from marketing.templates.compiler import compile_email
from marketing.templates.context import ProductCard

KEPT: Final = 48  # stencils of a process, some 250 kB each
_MANY: Final = 10_000
_WORDS: Final = tuple(one.name for one in fields(ProductCard) if one.name not in {"url", "parts"})
_ADDRESSES: Final = frozenset({"picture_url", "wide_url"})
_NOTHING: Final = object()


class Person(NamedTuple):
    """Whom a message is for, and what it keeps of them: the products chosen for them, their last order's day in words."""

    contact_id: int
    name: str
    own: Sequence[Chosen] = ()
    last_order: str = ""


class Filled(NamedTuple):
    """One person's mail, with what its envelope says of it."""

    body: FilledBody
    subject: str
    unsubscribe_url: str


@dataclass(frozen=True, slots=True)
class Press:
    """A stencil and what goes into it: the places of its tokens, and for some what each person's are.

    `own` are, by number, the links of products that were chosen for the person; `wishes` are the addresses of their preferences.
    `leave` is the number of the way out.
    """

    stencil: Stencil
    subject: str
    places: tuple[Place, ...]
    own: tuple[tuple[int, int], ...]
    wishes: tuple[int, ...]
    leave: int

    @classmethod
    def of(cls, stencil: Stencil, subject: str, tokens: Sequence[tuple[LinkPurpose, int]]) -> "Press":
        """Return the press of these tokens; a counted link below zero is that of the person's own product of this place."""
        own = [(at, -1 - link_id) for at, (_purpose, link_id) in enumerate(tokens) if link_id < 0]
        wishes = [at for at, (purpose, _link_id) in enumerate(tokens) if purpose is LinkPurpose.PREFERENCES]
        unknown = place_of(LinkPurpose.OPEN)
        places = [
            unknown if purpose is LinkPurpose.PREFERENCES or link_id < 0 else place_of(purpose, link_id)
            for purpose, link_id in tokens
        ]
        return cls(
            stencil, subject, tuple(places), tuple(own), tuple(wishes), tokens.index((LinkPurpose.UNSUBSCRIBE, 0))
        )


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A product that was chosen for a person: its words for the holes, and what a template may see of it besides.

    `shape` says of each fact whether it is there; what cannot go into a hole stands in it as it is.
    """

    card: ProductCard
    words: tuple[str, ...]
    shape: tuple[Hashable, ...]
    link_id: int | None


class OpenReader:
    """A reader who is not known yet."""

    def __init__(self, signer: LinkSigner, *, named: bool) -> None:
        self.holes = Holes()
        self.tokens: dict[tuple[LinkPurpose, int], int] = {}
        self._signer = signer
        self._words = 0
        self.name: str = self.word() if named else ""

    def word(self, *, lead: bool = False) -> Any:
        """Return the hole of the next word."""
        self._words += 1
        return self.holes.word(self._words - 1, lead=lead)

    def link(self, purpose: LinkPurpose) -> Any:
        """Return the hole of an address."""
        number = self.tokens.setdefault((purpose, 0), len(self.tokens))
        return self.holes.token(number, self._signer.prefix(purpose))

    def click(self, link_id: int) -> Any:
        """Return the hole of an address that counts."""
        number = self.tokens.setdefault((LinkPurpose.CLICK, link_id), len(self.tokens))
        return self.holes.token(number, self._signer.prefix(LinkPurpose.CLICK))

    def chosen(self, own: OwnCard, number: int) -> ProductCard:
        """Return the card of the product in this place, with holes; each place has a token of its own."""
        open_card: dict[str, Any] = {
            name: self.word(lead=name in _ADDRESSES) if there is True else there
            for name, there in zip(_WORDS, own.shape, strict=False)
        }
        if own.link_id is not None:
            open_card["url"] = self.click(-1 - number)  # whose link it is, each person's choice says
        return replace(own.card, **open_card)


class Stencils:
    """The stencils of a process, by what they were made of; used by any number of threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._most = kept
        self._kept: OrderedDict[Hashable, Stencil | None] = OrderedDict()
        self._asked: set[int] = set()
        self._lock = threading.Lock()

    def of(self, key: Hashable, make: Callable[[], Stencil | None]) -> Any:
        """Return the stencil, None when there can be none, and something else the first time that it is asked for."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            if (asked := hash(key)) not in self._asked:
                if len(self._asked) >= _MANY:
                    self._asked.clear()
                self._asked.add(asked)
                return _NOTHING
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True)
class Presser:
    """Fills the stencils of campaigns."""

    signer: LinkSigner
    public_url: str
    stencils: Stencils = field(default_factory=Stencils)

    def filled(self, mail: CampaignMail, person: Person, tokens: MessageTokens, now: datetime) -> Filled | None:
        """Return the mail of one person in the language in force, None when it must be written anew."""
        if mail.content.email_type is EmailType.TRANSACTIONAL:
            return None
        cards = self._own_cards(mail, person.own, now) if person.own else ()
        own_words = [word for word in (person.name, person.last_order) if word]
        if cards is None or not all(map(fits, own_words)):
            return None
        shape = (language(), bool(person.name), bool(person.last_order), tuple([card.shape for card in cards]))
        press = mail.made.get(shape, _NOTHING)
        if press is _NOTHING:
            press = self._press(mail, person, cards, now)
            if press is _NOTHING:
                return None
            mail.made[shape] = press
        if press is None:
            return None
        words = tuple(chain(own_words, *[card.words for card in cards]))
        made = tokens.at(press.places)
        for at, card in press.own:
            made[at] = tokens.click(cards[card].link_id or 0)
        for at in press.wishes:
            made[at] = self.signer.token(LinkPurpose.PREFERENCES, person.contact_id)
        leave = f"{self.signer.prefix(LinkPurpose.UNSUBSCRIBE)}{made[press.leave]}"
        return Filled(FilledBody(press.stencil, words, tuple(made)), press.subject, leave)

    def _press(self, mail: CampaignMail, person: Person, cards: Sequence[OwnCard], now: datetime) -> Any:
        """Return the press of this shape, None when its template leaves the subset, _NOTHING when it is not worth one yet."""
        reader = OpenReader(self.signer, named=bool(person.name))
        last_order = reader.word() if person.last_order else ""
        shared = () if person.own else shown_to(reader, mail, None, self.public_url, now)
        context = marketing_context(reader, mail, shared, last_order=last_order, public_url=self.public_url, now=now)
        if person.own:
            context = replace(context, products=tuple(reader.chosen(card, at) for at, card in enumerate(cards)))
        template = (mail.content.email_type, mail.content.variant, language(), mail.source)
        found = self.stencils.of(
            (*template, fingerprint(context)), lambda: compile_email(*template).press(context, reader.holes)
        )
        if not isinstance(found, Stencil):
            return found
        return Press.of(found, one_line(context.subject), tuple(reader.tokens))

    def _own_cards(self, mail: CampaignMail, own: Sequence[Chosen], now: datetime) -> list[OwnCard] | None:
        shown = [choice for choice in own if mail.card(choice["id"], self.public_url, now) is not None]
        with_summary = told(len(shown), mail.content.variant)
        cards: list[OwnCard] = []
        for choice in shown:
            key = (language(), with_summary, *(str(choice.get(name)) for name in ("id", "why", "times", "reason")))
            if key not in mail.made:
                mail.made[key] = self._own_card(mail, choice, now, with_summary=with_summary)
            card = mail.made[key]
            if card is None:
                return None
            cards.append(card)
        return cards

    def _own_card(self, mail: CampaignMail, choice: Chosen, now: datetime, *, with_summary: bool) -> OwnCard | None:
        """Return the card for the holes; None when a word of it does not fit."""
        card = mail.card(choice["id"], self.public_url, now)
        if card is None:
            return None
        said = replace(
            card,
            reason=reason_words(choice, mail.offers[choice["id"]]),
            summary=card.summary if with_summary else "",
        )
        words: list[str] = []
        shape: list[Hashable] = []
        for name in _WORDS:
            value: str = getattr(said, name)
            if not value or (name in _ADDRESSES and web_address(value) != value):
                shape.append(value)
            elif fits(value):
                shape.append(True)
                words.append(value)
            else:
                return None
        link_id = mail.link_of(card.url)
        return OwnCard(said, tuple(words), (*shape, link_id is None and card.url, card.parts), link_id)


def fingerprint(value: object) -> Hashable:
    """Return what tells the context of one stencil from that of another."""
    if type(value) is Hole:
        return key_of(value)
    if isinstance(value, tuple):
        return tuple(map(fingerprint, value))
    if is_dataclass(value):
        return (type(value).__name__, *(fingerprint(getattr(value, one.name)) for one in fields(value)))
    return value
