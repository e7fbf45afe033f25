"""What may stand in the ledger, and that its seal covers every bit of a line."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.consent import (
    PAPER,
    ConsentEvent,
    ConsentState,
    LedgerLine,
    Refused,
    admit,
    admit_line,
    channel_of,
    seal_line,
)
from marketing.domain.consent_evidence import TEXT_LENGTH, network_of, plain, proof
from marketing.domain.types import ChannelName, Purpose

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
GIVEN = ConsentEvent(
    Purpose.NEWSLETTER,
    ConsentState.GIVEN,
    NOW,
    "2026-1",
    "formulir",
    channel="email",
    language="id",
    wording_hash="ab" * 32,
)
LINE = LedgerLine(7, GIVEN, {"form": "beranda"}, 3)


def sealed(line: LedgerLine, previous: str = "", tenant: str = "tts", at: datetime = NOW) -> str:
    return seal_line(previous, line, tenant_id=tenant, recorded_at=at)


def test_the_seal_covers_everything_that_is_kept_of_a_line() -> None:
    changes: list[dict[str, Any]] = [
        {"purpose": Purpose.PROMOTIONAL},
        {"state": ConsentState.WITHDRAWN},
        {"at": NOW - timedelta(microseconds=1)},
        {"wording_version": "2026-2"},
        {"wording_hash": "cd" * 32},
        {"language": "en"},
        {"source": "checkout"},
        {"channel": "whatsapp"},
    ]
    others = [sealed(replace(LINE, event=replace(GIVEN, **change))) for change in changes]
    others += [
        sealed(replace(LINE, contact_id=8)),
        sealed(replace(LINE, evidence={"form": "beranda", "scan": ""})),
        sealed(replace(LINE, recorded_by=None)),
        sealed(LINE, previous="x"),
        sealed(LINE, tenant="blitar"),
        sealed(LINE, at=NOW + timedelta(seconds=1)),
    ]
    assert len({sealed(LINE), *others}) == 1 + len(others)


def test_the_seal_does_not_depend_on_the_zone_of_a_clock_nor_the_order_of_evidence() -> None:
    wita = NOW.astimezone(datetime.strptime("+0800", "%z").tzinfo)
    turned = replace(LINE, event=replace(GIVEN, at=wita), evidence={"b": 1, "a": "x"})
    assert sealed(turned, at=wita) == sealed(replace(LINE, evidence={"a": "x", "b": 1}))


@given(st.text(), st.text())
def test_text_cannot_move_from_one_field_to_the_next(source: str, version: str) -> None:
    one = replace(LINE, event=replace(GIVEN, source=source + "x", wording_version=version))
    other = replace(LINE, event=replace(GIVEN, source=source, wording_version="x" + version))
    assert sealed(_encodable(one)) != sealed(_encodable(other))


def _encodable(line: LedgerLine) -> LedgerLine:
    event = line.event
    clean = [text.encode("utf-8", "replace").decode() for text in (event.source, event.wording_version)]
    return replace(line, event=replace(event, source=clean[0], wording_version=clean[1]))


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_has_its_channel(purpose: Purpose) -> None:
    event = replace(GIVEN, purpose=purpose, channel=channel_of(purpose))
    assert admit(event, None, NOW) is event


def test_what_is_allowed_on_one_channel_allows_nothing_on_another_but_leaving_works_from_anywhere() -> None:
    by_telegram = replace(GIVEN, channel=ChannelName.TELEGRAM)
    assert admit(by_telegram, None, NOW) == Refused("other_channel")
    assert admit(replace(by_telegram, state=ConsentState.REQUESTED), None, NOW) == Refused("other_channel")
    leaving = replace(by_telegram, state=ConsentState.WITHDRAWN)
    assert admit(leaving, GIVEN, NOW) is leaving


@pytest.mark.parametrize(("scan", "by"), [("", 3), ("S-12", None), ("", None)])
def test_paper_counts_with_its_scan_and_the_member_of_staff_who_entered_it(scan: str, by: int | None) -> None:
    on_paper = replace(GIVEN, source=PAPER)
    assert admit_line(LedgerLine(7, on_paper, {"scan": scan}, by), None, NOW) == Refused("no_proof")
    full = LedgerLine(7, on_paper, {"scan": "S-12"}, 3)
    assert admit_line(full, None, NOW) is full


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::9", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        (" 10.1.2.3 ", "10.1.2.0/24"),
        ("203.0.113.77, 10.0.0.1", ""),
        ("tidak", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_the_network_is_kept(ip: str, network: str) -> None:
    assert network_of(ip) == network


def test_evidence_is_short_plain_and_without_what_is_unknown() -> None:
    found = proof(
        ip="203.0.113.77", user_agent="Peramban\r\nSet-Cookie: x\0" + "a" * 9_000, form="beranda", doi_sent_at=NOW
    )
    assert set(found) == {"network", "user_agent", "form", "doi_sent_at"}
    assert len(found["user_agent"]) <= 300
    assert not {"\r", "\n", "\0"} & set(found["user_agent"])
    assert found["doi_sent_at"] == "2026-11-22T01:00:00+00:00"
    assert "77" not in found["network"]


def test_evidence_that_would_not_come_back_as_sealed_is_refused() -> None:
    for value in (0.1, b"x", object(), {"a": {1.5}}):
        with pytest.raises(ValueError, match="no evidence"):
            plain({"x": value})
    assert len(plain({"x": "a" * 9_999})["x"]) == TEXT_LENGTH


@given(st.dictionaries(st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)))
def test_evidence_survives_json_as_it_is_and_twice_is_once(evidence: dict[str, Any]) -> None:
    found = plain(evidence)
    assert json.loads(json.dumps(found)) == found
    assert plain(found) == found
    assert "\0" not in json.dumps(found, ensure_ascii=False)
    json.dumps(found, ensure_ascii=False).encode()
