"""Receipts of consent, for other programs: ISO/IEC TS 27560:2023 and Kantara Consent Receipt 1.1, from the same facts.

The person appears as our reference alone. A receipt made again from the same ledger is the same but for its date.
"""

import base64
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from marketing.domain.consent import ConsentEvent, ConsentState, LedgerLine
from marketing.domain.types import ChannelName, Purpose

SCHEMA_27560: Final = "ISO/IEC TS 27560:2023"
SCHEMA_KANTARA: Final = "KI-CR-v1.1.0"
JURISDICTION: Final = "ID"
_SHA256: Final = re.compile("[0-9a-f]{64}")
_NAMESPACE: Final = uuid.UUID("6f1d3b3e-8a53-5d0e-9a54-3f7f6f0c27d1")

# Kantara CR 1.1 appendices A and B name what a purpose is and which kinds of data it takes.
_CATEGORY: Mapping[Purpose, str] = {
    Purpose.PROMOTIONAL: "6 - Marketing",
    Purpose.NEWSLETTER: "6 - Marketing",
    Purpose.RETENTION: "6 - Marketing",
    Purpose.PERSONALISED: "5 - Personalize Experience",
    Purpose.ENGAGEMENT_TRACKING: "5 - Personalize Experience",
    Purpose.WHATSAPP_MARKETING: "6 - Marketing",
    Purpose.TELEGRAM_MARKETING: "6 - Marketing",
    Purpose.SOSIALISASI: "1 - Core Function",
}
_CONTACT, _PERSON = "2 - Contact", "1 - Biographical"
_BEHAVIOUR: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.RETENTION: ("order_history",),
    Purpose.PERSONALISED: ("order_history", "topics"),
    Purpose.ENGAGEMENT_TRACKING: ("opens_and_clicks",),
}


@dataclass(frozen=True, slots=True)
class Controller:
    """Who answers for the data (UU 27/2022 Ps. 53), and whom to write to."""

    name: str
    address: str
    email: str
    phone: str
    officer: str
    officer_email: str
    notice_url: str


@dataclass(frozen=True, slots=True)
class SealedLine:
    """One ledger line with its seal and, where it is known, the text that was shown."""

    line: LedgerLine
    recorded_at: datetime
    seal: str
    text: str = ""

    @property
    def event(self) -> ConsentEvent:
        """The decision itself."""
        return self.line.event


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a receipt tells: our reference of the person, the lines oldest first (at least one), who holds the data."""

    principal: str
    controller: Controller
    lines: Sequence[SealedLine]
    issued_at: datetime

    @property
    def id(self) -> str:
        """The number of this receipt: another as soon as a line is added."""
        return str(uuid.uuid5(_NAMESPACE, f"receipt|{self.principal}|{self.lines[-1].seal}"))


def in_force(lines: Iterable[SealedLine]) -> Mapping[Purpose, SealedLine]:
    """Return the last line of each purpose."""
    return {line.event.purpose: line for line in lines}


def as_shown(lines: Iterable[SealedLine]) -> Mapping[Purpose, SealedLine]:
    """Return the last line of each purpose that names a text: who leaves is shown none, the earlier one still tells."""
    return {line.event.purpose: line for line in lines if line.event.wording_version}


def lawful_basis(purpose: Purpose) -> str:
    """Return the ground of UU 27/2022 Ps. 20(2) on which a purpose rests."""
    return "UU 27/2022 Ps. 20(2)e" if purpose is Purpose.SOSIALISASI else "UU 27/2022 Ps. 20(2)a"


def receipt_27560(facts: ReceiptFacts) -> dict[str, Any]:
    """Return the receipt with the fields of ISO/IEC TS 27560:2023; `seal` and `evidence` are additions of ours."""
    controller = facts.controller
    return {
        "schema_version": SCHEMA_27560,
        "receipt_id": facts.id,
        "issued_at": _iso(facts.issued_at),
        "record_id": str(uuid.uuid5(_NAMESPACE, f"record|{facts.principal}")),
        "pii_principal_id": facts.principal,
        "pii_processing": [_processing(facts, line) for line in in_force(facts.lines).values()],
        "party_identification": [
            {
                "party_id": "controller",
                "party_name": controller.name,
                "party_role": "pii_controller",
                "party_type": "public_authority",
                "party_address": controller.address,
                "party_email": controller.email,
                "party_phone": controller.phone,
                "party_url": controller.notice_url,
                "party_contact": {"name": controller.officer, "email": controller.officer_email},
            }
        ],
        "events": [_event(one) for one in facts.lines],
    }


def receipt_kantara(facts: ReceiptFacts) -> dict[str, Any]:
    """Return the receipt with the keys of Kantara CR 1.1; its time is that of the last decision, in seconds."""
    controller, last = facts.controller, facts.lines[-1]
    return {
        "version": SCHEMA_KANTARA,
        "jurisdiction": JURISDICTION,
        "consentTimestamp": int(last.event.at.timestamp()),
        "collectionMethod": last.event.source,
        "consentReceiptID": facts.id,
        "language": last.event.language or "id",
        "piiPrincipalId": facts.principal,
        "piiControllers": [
            {
                "piiController": controller.name,
                "contact": controller.officer,
                "address": {"streetAddress": controller.address, "addressCountry": JURISDICTION},
                "email": controller.officer_email or controller.email,
                "phone": controller.phone,
            }
        ],
        "policyUrl": controller.notice_url,
        "services": [
            {
                "service": controller.name,
                "purposes": [_kantara_purpose(facts, line) for line in in_force(facts.lines).values()],
            }
        ],
        "sensitive": False,
        "spiCat": [],
    }


def _processing(facts: ReceiptFacts, line: SealedLine) -> dict[str, Any]:
    event, shown = line.event, as_shown(facts.lines).get(line.event.purpose, line)
    return {
        "privacy_notice": notice_name(shown.event),
        "privacy_notice_text": shown.text,
        "language": shown.event.language,
        "purpose": event.purpose.value,
        "purpose_type": _CATEGORY[event.purpose],
        "lawful_basis": lawful_basis(event.purpose),
        "state": event.state.value,
        "channel": event.channel,
        "pii_information": [{"pii_type": kind, "pii_optional": kind == "name"} for kind in _kinds(event)],
        "pii_controllers": ["controller"],
        "collection_method": event.source,
        "jurisdiction": JURISDICTION,
        "retention_period": "until_withdrawn",
        "withdrawal_method": facts.controller.notice_url,
        "privacy_rights": "UU 27/2022 Ps. 5-13",
    }


def _event(one: SealedLine) -> dict[str, Any]:
    event = one.event
    return {
        "event_time": _iso(event.at),
        "recorded_at": _iso(one.recorded_at),
        "event_type": "explicit" if event.purpose is not Purpose.SOSIALISASI else "notice",
        "event_state": event.state.value,
        "purpose": event.purpose.value,
        "channel": event.channel,
        "entity_id": f"user:{one.line.recorded_by}" if one.line.recorded_by else "pii_principal",
        "notice_version": event.wording_version,
        "notice_text_sha256": event.wording_hash,
        "evidence": dict(one.line.evidence),
        "seal": one.seal,
    }


def _kantara_purpose(facts: ReceiptFacts, line: SealedLine) -> dict[str, Any]:
    event, shown = line.event, as_shown(facts.lines).get(line.event.purpose, line)
    given = event.state is ConsentState.GIVEN
    return {
        "purpose": shown.text.partition("\n")[0] or event.purpose.value,
        "purposeCategory": [_CATEGORY[event.purpose]],
        "consentType": "EXPLICIT",
        "piiCategory": [_CONTACT, _PERSON],
        "primaryPurpose": True,
        "termination": "until withdrawn" if given else f"{event.state.value} {_iso(event.at)}",
        "thirdPartyDisclosure": event.channel == ChannelName.WHATSAPP,
        **({"thirdPartyName": "WhatsApp"} if event.channel == ChannelName.WHATSAPP else {}),
    }


def _kinds(event: ConsentEvent) -> tuple[str, ...]:
    address = "phone_number" if event.channel == ChannelName.WHATSAPP else "email_address"
    return (address, "name", *_BEHAVIOUR.get(event.purpose, ()))


def notice_name(event: ConsentEvent) -> str:
    """Return the text that was shown by its own hash (RFC 6920), or by its version when only that was kept."""
    if _SHA256.fullmatch(event.wording_hash):
        digest = base64.urlsafe_b64encode(bytes.fromhex(event.wording_hash)).decode().rstrip("=")
        return f"ni:///sha-256;{digest}"
    return event.wording_version


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
