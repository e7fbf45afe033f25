"""May this person get this message now? Decided when planning and again when sending."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from marketing.domain.consent import ConsentState
from marketing.domain.types import EmailType, Purpose


class SkipReason(StrEnum):
    """Why a message is not sent; each with the article it rests on."""

    NO_ADDRESS = "no_address"
    ERASED = "erased"
    SUPPRESSED = "suppressed"
    NO_CONSENT = "no_consent"
    WITHDRAWN = "withdrawn"
    TOO_OFTEN = "too_often"
    PRODUCT_HELD = "product_held"
    NOTHING_TO_SAY = "nothing_to_say"
    NOT_PAID = "not_paid"
    CANCELLED = "cancelled"


ARTICLES: Mapping[SkipReason, str] = {
    SkipReason.NO_ADDRESS: "",
    SkipReason.ERASED: "UU 27/2022 Ps. 43",
    SkipReason.SUPPRESSED: "UU 27/2022 Ps. 41",
    SkipReason.NO_CONSENT: "UU 27/2022 Ps. 20(2)a",
    SkipReason.WITHDRAWN: "UU 27/2022 Ps. 40",
    SkipReason.TOO_OFTEN: "",
    SkipReason.PRODUCT_HELD: "",
    SkipReason.NOTHING_TO_SAY: "",
    SkipReason.NOT_PAID: "Perwali Blitar 24/2024 Ps. 10(1)",
    SkipReason.CANCELLED: "",
}

PURPOSE_OF: Mapping[EmailType, Purpose | None] = {
    EmailType.PROMOTIONAL: Purpose.PROMOTIONAL,
    EmailType.NEWSLETTER: Purpose.NEWSLETTER,
    EmailType.RETENTION: Purpose.RETENTION,
    EmailType.PERSONALISED: Purpose.PERSONALISED,
    EmailType.TRANSACTIONAL: None,  # contract, UU 27/2022 Ps. 20(2)b: no consent asked, no promotion carried
}


@dataclass(frozen=True, slots=True)
class FrequencyCap:
    """At most `limit` marketing messages to one person within `window`, over all campaigns."""

    limit: int = 4
    window: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SendFacts:
    """What is known about one person at the moment of the decision."""

    has_address: bool
    erased: bool
    suppressed: bool
    consent: Mapping[Purpose, ConsentState] = field(default_factory=dict)
    marketing_recently: int = 0


@dataclass(frozen=True, slots=True)
class Allowed:
    """The message may go."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """The message will not go; the row keeps reason and article."""

    reason: SkipReason
    article: str


@dataclass(frozen=True, slots=True)
class Later:
    """The message may go, but not before `until`."""

    until: datetime


Decision = Allowed | Skipped | Later


def skipped(reason: SkipReason) -> Skipped:
    """Return the refusal with its article."""
    return Skipped(reason, ARTICLES[reason])


def decide(facts: SendFacts, email_type: EmailType, cap: FrequencyCap) -> Decision:
    """Decide for one message. Order matters: the strongest reason is the one that is told."""
    if facts.erased:
        return skipped(SkipReason.ERASED)
    if not facts.has_address:
        return skipped(SkipReason.NO_ADDRESS)
    purpose = PURPOSE_OF[email_type]
    if purpose is None:
        return Allowed()
    if facts.suppressed:
        return skipped(SkipReason.SUPPRESSED)
    state = facts.consent.get(purpose, ConsentState.NONE)
    if state is ConsentState.WITHDRAWN:
        return skipped(SkipReason.WITHDRAWN)
    if state is not ConsentState.GIVEN:
        return skipped(SkipReason.NO_CONSENT)
    if facts.marketing_recently >= cap.limit:
        return skipped(SkipReason.TOO_OFTEN)
    return Allowed()
