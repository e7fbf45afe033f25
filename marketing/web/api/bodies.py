"""What programs send, field by field. Unknown fields are refused, so that a misspelt "withdrawn" is never a silent nothing."""

import re
from datetime import datetime
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    model_validator,
)

from marketing.contacts.addresses import LONGEST, NORMALISE
from marketing.domain.text import one_line, web_address
from marketing.domain.types import ChannelName, Purpose

MOST_DECISIONS = len(Purpose)
TEXT_LENGTH = 10_000
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class FaultError(ValueError):
    """What is wrong with a value; its text is a key of the sentences in `problems`."""


def _moment(value: object) -> object:
    """Let RFC 3339 through and nothing else: pydantic would take a number for a time too."""
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        raise FaultError("moment")
    if not isinstance(value, str | datetime):
        raise FaultError("moment")
    return value


def _email(text: str) -> str:
    if (found := NORMALISE[ChannelName.EMAIL](text)) is None:
        raise FaultError("email")
    return found


def _phone(text: str) -> str:
    if (found := NORMALISE[ChannelName.WHATSAPP](text)) is None:
        raise FaultError("phone")
    return found


def _page(text: str) -> str:
    """Keep where a page is and drop what it was asked: a query may carry a person's data."""
    try:
        parts = urlsplit(web_address(text))
        host = parts.hostname
    except ValueError:
        host = None
    if not host:
        raise FaultError("page")
    return f"{parts.scheme}://{host}{parts.path}"


Moment = Annotated[AwareDatetime, BeforeValidator(_moment, json_schema_input_type=str)]
Email = Annotated[str, Field(min_length=3, max_length=LONGEST), AfterValidator(_email)]
Phone = Annotated[str, Field(min_length=5, max_length=40), AfterValidator(_phone)]
Line = Annotated[str, AfterValidator(one_line)]
Locale = Literal["id", "en"]


class Body(BaseModel):
    """The base of every body."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Addressee(Body):
    """Somebody, by at least one address."""

    email: Email | None = Field(None, examples=["maria@surat.example"])
    phone: Phone | None = Field(None, examples=["+6281234567890"])

    @model_validator(mode="after")
    def _has_address(self) -> Self:
        if self.email is None and self.phone is None:
            raise FaultError("no_address")
        return self

    @property
    def addresses(self) -> dict[ChannelName, str]:
        """The addresses by channel."""
        both = {ChannelName.EMAIL: self.email, ChannelName.WHATSAPP: self.phone}
        return {channel: address for channel, address in both.items() if address}


class Person(Addressee):
    """Who answered."""

    name: Line = Field("", max_length=100)
    locale: Locale = "id"


class WordingShown(Body):
    """The text beside the box, as GET /wordings gave it; `sha256` or the whole `text`, not both."""

    version: str = Field(min_length=1, max_length=20, examples=["2026-1"])
    language: Locale = "id"
    sha256: str | None = Field(None, pattern=r"^[0-9a-fA-F]{64}$")
    text: str | None = Field(None, min_length=1, max_length=TEXT_LENGTH)

    @model_validator(mode="after")
    def _is_proved(self) -> Self:
        if (self.sha256 is None) == (self.text is None):
            raise FaultError("one_proof")
        return self


class Decision(Body):
    """One box. `given: false` is an unticked box and withdraws nothing; only `withdrawn: true` does."""

    purpose: Purpose
    given: StrictBool
    withdrawn: StrictBool = False
    wording: WordingShown | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if self.given and self.withdrawn:
            raise FaultError("both")
        if self.given and self.wording is None:
            raise FaultError("wording")
        return self


class AddressProof(Body):
    """The program confirmed the addresses itself; needs the scope `vouch`."""

    method: Literal["link", "code", "login"]
    confirmed_at: Moment


class Place(Body):
    """Where it was said."""

    source: str = Field(pattern=r"^[a-z][a-z0-9_-]{1,39}$", examples=["checkout"])
    page: Annotated[str, Field(max_length=500), AfterValidator(_page)] | None = Field(
        None, examples=["https://toko.example/bayar"]
    )
    order_id: str | None = Field(None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$", examples=["INV-2026-17"])
    ip: str | None = Field(None, max_length=45)
    user_agent: str | None = Field(None, max_length=1000)


class ConsentRequest(Place):
    """POST /consents."""

    person: Person
    decisions: list[Decision] = Field(min_length=1, max_length=MOST_DECISIONS)
    collected_at: Moment
    address_proof: AddressProof | None = None

    @model_validator(mode="after")
    def _is_said_once(self) -> Self:
        purposes = [one.purpose for one in self.decisions]
        if len(set(purposes)) < len(purposes):
            raise FaultError("twice")
        return self


class WithdrawalRequest(Place):
    """POST /withdrawals: some purposes, or `everything`."""

    person: Addressee
    purposes: list[Purpose] = Field(default_factory=list, max_length=MOST_DECISIONS)
    everything: StrictBool = False
    said_at: Moment | None = None

    @model_validator(mode="after")
    def _leaves_something(self) -> Self:
        if self.everything == bool(self.purposes):
            raise FaultError("leave_what")
        return self


class DecisionState(BaseModel):
    """What became of one box."""

    purpose: Purpose
    state: Literal["given", "pending", "withdrawn", "unchanged"] = Field(
        description=(
            "given: counts. pending: counts once the owner of the mailbox confirms the mail that we send. "
            "withdrawn: has ended. unchanged: nothing was done."
        )
    )


class ConsentAnswer(BaseModel):
    """The answer of POST /consents."""

    decisions: list[DecisionState]


class WithdrawalAnswer(BaseModel):
    """The answer of POST /withdrawals, the same whether or not the address is known."""

    withdrawn: list[Purpose]
    effective_at: AwareDatetime


class WordingOut(BaseModel):
    """One text to show beside a box, whole."""

    purpose: Purpose
    version: str
    language: Locale
    sha256: str
    question: str
    text: str


class WordingsAnswer(BaseModel):
    """The answer of GET /wordings."""

    wordings: list[WordingOut]


class ProblemError(BaseModel):
    """One fault; `pointer` is a JSON pointer into the body."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[ProblemError] = Field(default_factory=list)
