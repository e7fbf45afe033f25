"""May this person get this message now? Decided when planning, again when claiming, and once more as it leaves.

marketing/contacts/permission_query.py says the same as SQL, for a plan of many people: what changes here changes there.

Where the law leaves a choice, this was chosen:
- A hard bounce and a legal order stop order mail too: the first cannot arrive (the buyer must be told another way, and the
  skipped row says so), the second was ordered. Complaint, "stop all" and the office's own list stop only what is not owed.
- A person's own pause skips rather than delays: news of two months ago is no news.
- Sosialisasi rests on the public task (UU 27/2022 Ps. 20(2)e): no consent, but an objection is honoured like a withdrawal.
  The task is towards registered businesses and providers and is no promotion: anybody else, and any message that promotes
  products, would need a consent that this purpose does not ask for.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from marketing.domain.consent import ConsentState
from marketing.domain.frequency import FrequencyCap
from marketing.domain.quiet_hours import QuietHours
from marketing.domain.types import BuyerKind, EmailType, Purpose

__all__ = [
    "ARTICLES",
    "NOT_OBJECTED",
    "PUBLIC_TASK",
    "PURPOSE_OF",
    "REGISTERED",
    "STOPS_EVERYTHING",
    "UNGIVEN",
    "Allowed",
    "Decision",
    "FrequencyCap",
    "Held",
    "Later",
    "QuietHours",
    "SendFacts",
    "SkipReason",
    "Skipped",
    "decide",
    "decide_for",
    "held",
    "skipped",
]


class SkipReason(StrEnum):
    """Why a message is not sent; each with the article it rests on."""

    NO_ADDRESS = "no_address"
    ERASED = "erased"
    RESTRICTED = "restricted"
    UNREACHABLE = "unreachable"
    LEGAL_STOP = "legal_stop"
    SUPPRESSED = "suppressed"
    NO_CONSENT = "no_consent"
    NOT_CONFIRMED = "not_confirmed"
    WITHDRAWN = "withdrawn"
    OUTDATED_WORDING = "outdated_wording"
    NOT_REGISTERED = "not_registered"
    PAUSED = "paused"
    OWN_LIMIT = "own_limit"
    TOO_OFTEN = "too_often"
    PRODUCT_HELD = "product_held"
    NOTHING_TO_SAY = "nothing_to_say"
    NOT_PAID = "not_paid"
    CANCELLED = "cancelled"
    ORDER_OFF = "order_off"
    SUPERSEDED = "superseded"


ARTICLES: Mapping[SkipReason, str] = {
    SkipReason.NO_ADDRESS: "",
    SkipReason.ERASED: "UU 27/2022 Ps. 43",
    SkipReason.RESTRICTED: "UU 27/2022 Ps. 41",
    SkipReason.UNREACHABLE: "",
    SkipReason.LEGAL_STOP: "UU 27/2022 Ps. 42",
    SkipReason.SUPPRESSED: "UU 27/2022 Ps. 41",
    SkipReason.NO_CONSENT: "UU 27/2022 Ps. 20(2)a",
    SkipReason.NOT_CONFIRMED: "UU 27/2022 Ps. 20(2)a",
    SkipReason.WITHDRAWN: "UU 27/2022 Ps. 40",
    SkipReason.OUTDATED_WORDING: "UU 27/2022 Ps. 21(2)",
    SkipReason.NOT_REGISTERED: "UU 27/2022 Ps. 20(2)e",
    SkipReason.PAUSED: "UU 27/2022 Ps. 41",
    SkipReason.OWN_LIMIT: "UU 27/2022 Ps. 41",
    SkipReason.TOO_OFTEN: "",
    SkipReason.PRODUCT_HELD: "",
    SkipReason.NOTHING_TO_SAY: "",
    SkipReason.NOT_PAID: "Perwali Blitar 24/2024 Ps. 10(1)",
    SkipReason.CANCELLED: "",
    SkipReason.ORDER_OFF: "",
    SkipReason.SUPERSEDED: "",
}

PURPOSE_OF: Mapping[EmailType, Purpose | None] = {
    EmailType.PROMOTIONAL: Purpose.PROMOTIONAL,
    EmailType.NEWSLETTER: Purpose.NEWSLETTER,
    EmailType.RETENTION: Purpose.RETENTION,
    EmailType.PERSONALISED: Purpose.PERSONALISED,
    EmailType.TRANSACTIONAL: None,  # contract, UU 27/2022 Ps. 20(2)b: no consent asked, no promotion carried
}
PUBLIC_TASK = frozenset({Purpose.SOSIALISASI})
"""Needs no consent (UU 27/2022 Ps. 20(2)e; TTS Ps. 6(1)c, Blitar Ps. 12(3)); whoever objects is left alone."""
REGISTERED = frozenset({BuyerKind.PELAKU_UMKM, BuyerKind.PENYEDIA})
"""Towards whom the public task is (TTS Ps. 6(1)c; Perwali Blitar 24/2024 Ps. 12(3))."""
STOPS_EVERYTHING: Mapping[str, SkipReason] = {
    "hard_bounce": SkipReason.UNREACHABLE,
    "legal": SkipReason.LEGAL_STOP,
}
UNGIVEN: Mapping[ConsentState, SkipReason] = {
    ConsentState.WITHDRAWN: SkipReason.WITHDRAWN,
    ConsentState.REQUESTED: SkipReason.NOT_CONFIRMED,
}
NOT_OBJECTED = frozenset({ConsentState.NONE, ConsentState.REQUESTED, ConsentState.GIVEN})


@dataclass(slots=True)  # not frozen: one for every message of a campaign (docs/decisions.md, 70)
class SendFacts:
    """What is known about one person at the moment of the decision.

    `suppression` is why the address is on the list of never-send; `outdated` are the purposes whose consent was given on a
    text that no longer holds; `local` is the moment by the person's own clock, None where the hour does not matter; `kind` is the
    group of Perwali Blitar Ps. 7(1), None where it is not known.
    """

    has_address: bool
    erased: bool
    suppressed: bool
    consent: Mapping[Purpose, ConsentState] = field(default_factory=dict)
    marketing_recently: int = 0
    suppression: str = ""
    restricted: bool = False
    outdated: AbstractSet[Purpose] = frozenset()
    paused: bool = False
    weekly_limit: int | None = None
    marketing_this_week: int = 0
    local: datetime | None = None
    kind: BuyerKind | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The message may go."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """The message will not go; the row keeps reason and article."""

    reason: SkipReason
    article: str


@dataclass(frozen=True, slots=True)
class Held:
    """The message waits for a condition, not for an hour: what brings it about, or a person, lets it go."""

    reason: SkipReason
    article: str


@dataclass(frozen=True, slots=True)
class Later:
    """The message may go, but not before `until` (UTC)."""

    until: datetime


Decision = Allowed | Skipped | Later


def skipped(reason: SkipReason) -> Skipped:
    """Return the refusal with its article."""
    return Skipped(reason, ARTICLES[reason])


def held(reason: SkipReason) -> Held:
    """Return the waiting with its article."""
    return Held(reason, ARTICLES[reason])


def decide(facts: SendFacts, email_type: EmailType, cap: FrequencyCap, quiet: QuietHours | None = None) -> Decision:
    """Decide for one e-mail. Without `quiet` it may go at any hour."""
    return decide_for(facts, PURPOSE_OF[email_type], cap, quiet)


def decide_for(
    facts: SendFacts,
    purpose: Purpose | None,
    cap: FrequencyCap,
    quiet: QuietHours | None = None,
    *,
    promotes: bool = False,
    owed: bool = False,
) -> Decision:
    """Decide for one message of a purpose, None for what a contract needs.

    `owed` says that the message tells of the person's own order on a channel that they must have agreed to (WhatsApp Business
    Messaging Policy: opt-in whatever the message): its purpose is asked, but no cap, pause or hour holds it back.
    `promotes` says that the message shows products; under the public task that is asked, elsewhere the purpose tells it.
    Order matters: the strongest reason is the one that is told.
    """
    found = _impossible(facts)
    if found is None and purpose is not None:
        found = _unwanted(facts, purpose, promotes=promotes) or (None if owed else _too_much(facts, cap))
    if found is not None:
        return skipped(found)
    if purpose is not None and not owed and quiet is not None and facts.local is not None:
        until = quiet.wait_until(facts.local)
        if until is not None:
            return Later(until.astimezone(UTC))
    return Allowed()


def _impossible(facts: SendFacts) -> SkipReason | None:
    """Return what stops every message, also one that a contract needs."""
    if facts.erased:
        return SkipReason.ERASED
    if not facts.has_address:
        return SkipReason.NO_ADDRESS
    return STOPS_EVERYTHING.get(facts.suppression) if facts.suppressed else None


def _unwanted(facts: SendFacts, purpose: Purpose, *, promotes: bool) -> SkipReason | None:
    """Return why the person is not to be written to for this purpose at all."""
    if facts.restricted:
        return SkipReason.RESTRICTED
    if facts.suppressed:
        return SkipReason.SUPPRESSED
    state = facts.consent.get(purpose, ConsentState.NONE)
    if purpose in PUBLIC_TASK:
        return _outside_the_task(facts, state, promotes=promotes)
    if state is not ConsentState.GIVEN:
        return UNGIVEN.get(state, SkipReason.NO_CONSENT)
    return SkipReason.OUTDATED_WORDING if purpose in facts.outdated else None


def _outside_the_task(facts: SendFacts, state: ConsentState, *, promotes: bool) -> SkipReason | None:
    """Return why the public task does not carry a message to this person."""
    if state not in NOT_OBJECTED:
        return SkipReason.WITHDRAWN
    if facts.kind not in REGISTERED:
        return SkipReason.NOT_REGISTERED
    return SkipReason.NO_CONSENT if promotes else None


def _too_much(facts: SendFacts, cap: FrequencyCap) -> SkipReason | None:
    """Return whether it is too much: for the person's own wish first, then for anybody."""
    if facts.paused:
        return SkipReason.PAUSED
    if facts.weekly_limit is not None and facts.marketing_this_week >= facts.weekly_limit:
        return SkipReason.OWN_LIMIT
    return SkipReason.TOO_OFTEN if facts.marketing_recently >= cap.limit else None
