"""What can go wrong with a marketplace, as values the caller acts on; each provider keeps one table from its codes to a `Rule`.

Failure
├── Refused       this item, for good: the sentence says what to change
├── Later         not done; hand it over again after `retry_after`
├── TokenExpired  refresh the access token (under the account's lock, saving the new pair first), then hand it over again
├── Paused        nothing of this account works until a person has acted
└── Reconnect     the authorisation ended: the shop must be connected again
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from marketing.channels.errors import ChannelError
from marketing.domain.text import cut, one_line
from marketing.i18n import gettext as _

SOON: Final = timedelta(minutes=5)
LOOK_UP_AFTER: Final = timedelta(
    minutes=5
)  # a search index may lag behind what was stored; no provider says by how much
_QUOTED: Final = 160
_SECRET_SHOWN: Final = 6  # a secret shorter than this would blank ordinary words


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused for good; `detail` is a sentence that says what to change."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Later:
    """Surely not done, or harmless to repeat; hand it over again after `retry_after`."""

    code: str
    detail: str
    retry_after: timedelta


@dataclass(frozen=True, slots=True)
class TokenExpired:
    """The access token is spent; the adapter never refreshes by itself, because a refresh token works only once."""

    code: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The account waits for a person (permission, address list, banned shop)."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reconnect:
    """The authorisation is gone; only its owner can give it again."""

    code: str
    detail: str


Failure = Refused | Later | TokenExpired | Paused | Reconnect


class Fate(StrEnum):
    """What a provider's code means for the call."""

    LATER = "later"
    FAULT = "fault"  # a fault of theirs: whether the call took effect is not known
    TOKEN = "token"  # noqa: S105  a kind, not a secret
    RECONNECT = "reconnect"
    PAUSED = "paused"
    REFUSED = "refused"
    GONE = "gone"  # the listing does not exist


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a provider's table; `text` is Indonesian and marked for translation."""

    fate: Fate
    text: str
    retry_after: timedelta = SOON
    for_everyone: bool = False  # asking again for another item of the account would fail the same way


class ProviderError(ChannelError):
    """A call that did not succeed, on its way through an adapter; the adapter hands a `Failure` to its caller."""

    def __init__(self, rule: Rule, code: str, message: str = "") -> None:
        super().__init__(f"{rule.fate.value}: {code}")
        self.rule = rule
        self.code = code
        self.message = message

    def after(self, delay: timedelta | None) -> "ProviderError":
        """Return the same error with the provider's own delay, where it named one."""
        return self if delay is None else ProviderError(replace(self.rule, retry_after=delay), self.code, self.message)

    @property
    def for_everyone(self) -> bool:
        """Return whether the rest of a batch would fail the same way."""
        return self.rule.for_everyone or self.rule.fate in {Fate.TOKEN, Fate.RECONNECT, Fate.PAUSED}

    @property
    def unsure(self) -> bool:
        """Return whether the call may have taken effect although it failed."""
        return self.rule.fate is Fate.FAULT

    @property
    def failure(self) -> Failure:
        """Return what the caller acts on."""
        fate, detail = self.rule.fate, self.detail
        if fate is Fate.TOKEN:
            return TokenExpired(self.code)
        if fate is Fate.RECONNECT:
            return Reconnect(self.code, detail)
        if fate is Fate.PAUSED:
            return Paused(self.code, detail)
        if fate in {Fate.LATER, Fate.FAULT}:
            return Later(self.code, detail, self.rule.retry_after)
        return Refused(self.code, detail)

    @property
    def detail(self) -> str:
        """Return the sentence for people, with the provider's own words where it gave some."""
        text = _(self.rule.text)
        return _("{text} (Jawaban: {words})").format(text=text, words=self.message) if self.message else text


def quoted(words: object, *secrets: str) -> str:
    """Return a provider's message fit to be shown: one line, short, and without any of the secrets it may echo."""
    text = one_line(str(words or ""))
    for secret in secrets:
        if len(secret) >= _SECRET_SHOWN:
            text = text.replace(secret, "…")
    return cut(text, _QUOTED)
