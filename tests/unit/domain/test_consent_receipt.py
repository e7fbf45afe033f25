"""Receipts in both shapes: all fields, the person only as our reference, the same again from the same lines."""

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from marketing.domain.consent import ConsentEvent, ConsentState, LedgerLine
from marketing.domain.consent_receipt import (
    Controller,
    ReceiptFacts,
    SealedLine,
    notice_name,
    receipt_27560,
    receipt_kantara,
)
from marketing.domain.types import Purpose

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
CONTROLLER = Controller("Dinas", "SoE", "umkm@d.example", "", "PPDP", "ppdp@d.example", "https://d.example/izin")
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def line(
    purpose: Purpose, state: ConsentState = ConsentState.GIVEN, days: int = 3, seal: str = "s", by: int | None = None
) -> SealedLine:
    at = NOW - timedelta(days=days)
    event = ConsentEvent(
        purpose, state, at, "2026-1", "formulir", channel="email", language="id", wording_hash=EMPTY_SHA256
    )
    return SealedLine(LedgerLine(17, event, {"form": "beranda"}, by), at, seal, "Ya, kirimi saya.\n\nDasar hukum: …")


FACTS = ReceiptFacts(
    "tts-17",
    CONTROLLER,
    (
        line(Purpose.NEWSLETTER, seal="1"),
        line(Purpose.PERSONALISED, seal="2", by=4),
        line(Purpose.NEWSLETTER, ConsentState.WITHDRAWN, 1, "3"),
    ),
    NOW,
)


def test_a_27560_receipt_has_header_processing_parties_and_events() -> None:
    found = json.loads(json.dumps(receipt_27560(FACTS)))
    assert found["schema_version"] == "ISO/IEC TS 27560:2023"
    assert found["pii_principal_id"] == "tts-17"
    for name in ("receipt_id", "record_id"):
        uuid.UUID(found[name])
    assert [(one["purpose"], one["state"]) for one in found["pii_processing"]] == [
        ("newsletter", "withdrawn"),
        ("personalised", "given"),
    ]
    for one in found["pii_processing"]:
        assert {"privacy_notice", "language", "lawful_basis", "pii_information", "pii_controllers", "collection_method",
                "jurisdiction", "retention_period", "withdrawal_method", "privacy_rights"} <= set(one)  # fmt: skip
    (party,) = found["party_identification"]
    assert (party["party_name"], party["party_role"]) == ("Dinas", "pii_controller")
    assert [one["event_state"] for one in found["events"]] == ["given", "given", "withdrawn"]
    assert [one["entity_id"] for one in found["events"]] == ["pii_principal", "user:4", "pii_principal"]
    assert found["events"][0]["notice_text_sha256"] == EMPTY_SHA256


def test_a_kantara_receipt_has_every_key_of_version_1_1() -> None:
    found = json.loads(json.dumps(receipt_kantara(FACTS)))
    assert {
        "version", "jurisdiction", "consentTimestamp", "collectionMethod", "consentReceiptID", "language", "piiPrincipalId",
        "piiControllers", "policyUrl", "services", "sensitive", "spiCat",
    } == set(found)  # fmt: skip
    assert found["version"] == "KI-CR-v1.1.0"
    assert found["consentTimestamp"] == int((NOW - timedelta(days=1)).timestamp())
    newsletter, personal = found["services"][0]["purposes"]
    assert newsletter["termination"].startswith("withdrawn 2026-11-21")
    assert personal["termination"] == "until withdrawn"
    assert personal["purposeCategory"] == ["5 - Personalize Experience"]
    assert personal["purpose"] == "Ya, kirimi saya."


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_can_be_receipted(purpose: Purpose) -> None:
    facts = replace(FACTS, lines=(line(purpose),))
    basis = receipt_27560(facts)["pii_processing"][0]["lawful_basis"]
    assert basis.endswith("e" if purpose is Purpose.SOSIALISASI else "a")
    assert receipt_kantara(facts)["services"][0]["purposes"]


def test_the_number_stays_until_a_line_is_added() -> None:
    later = replace(FACTS, issued_at=NOW + timedelta(days=9))
    assert receipt_27560(later)["receipt_id"] == receipt_27560(FACTS)["receipt_id"]
    more = replace(FACTS, lines=(*FACTS.lines, line(Purpose.NEWSLETTER, days=0, seal="4")))
    assert receipt_27560(more)["receipt_id"] != receipt_27560(FACTS)["receipt_id"]
    assert receipt_27560(more)["record_id"] == receipt_27560(FACTS)["record_id"]
    stranger = replace(FACTS, principal="tts-18")
    assert receipt_27560(stranger)["receipt_id"] != receipt_27560(FACTS)["receipt_id"]


def test_the_text_is_named_by_its_own_hash() -> None:
    event = FACTS.lines[0].event
    assert notice_name(event) == "ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    assert notice_name(replace(event, wording_hash="")) == "2026-1"
    assert notice_name(replace(event, wording_hash="bukan hex")) == "2026-1"
