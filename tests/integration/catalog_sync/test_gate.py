"""Stored answers of the gate: new ones when a day passes or the rules change, none when nothing happened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from marketing.db.models import GateDecision, Product
from marketing.products import gate
from marketing.products.gate import ask_all_when_due, evaluate_gate, gate_report
from marketing.tenants.profile import profile_of
from tests.integration.catalog_sync.conftest import NOW, Catalogue, product

TTS = profile_of("tts")


@pytest.fixture
def food(catalogue: Catalogue) -> Catalogue:
    permit = {"type": "PIRT", "number": "2065302010123-26", "expires": "2026-11-23"}
    halal = {"status": "certified", "number": "ID53110000123456789"}
    catalogue.products = [product("P-1", category="makanan_olahan", permits=[permit], halal=halal), product("P-2")]
    catalogue.pull()
    return catalogue


def test_a_permit_that_lapses_overnight_is_a_new_decision(food: Catalogue) -> None:
    midnight = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # 24 November 00.00 WITA
    for now, new in ((NOW, 0), (midnight - timedelta(seconds=1), 0), (midnight, 1), (midnight, 0)):
        assert ask_all_when_due(food.database, TTS, now) == new
    with food.database.read() as session:
        report = gate_report(session, "tts")
        assert (report.total, report.promotable, report.held) == (2, 1, {"TTS 10(2)": 1})
        last = session.scalars(select(GateDecision).order_by(GateDecision.id.desc())).first()
        assert last
        assert (last.decided_at, last.promotable, last.catalog_version) == (midnight, False, 1)
        assert set(last.reasons[0]) == {"code", "citation", "text", "cure"}
        assert last.reasons[0]["code"] == "TTS 10(2)"
        assert last.facts["permits"] == [{"type": "PIRT", "number": "2065302010123-26", "expires": "2026-11-23"}]
        assert last.facts["business"]["nik_given"] is True


def test_a_new_version_of_the_rules_is_decided_anew(food: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    decide = gate.decide

    def revised(*args: object, **more: object) -> gate.Eligibility:
        return gate.Eligibility(decide(*args, **more).reasons, "baru/2")  # type: ignore[arg-type]

    monkeypatch.setattr(gate, "decide", revised)
    rules = replace(gate.GATES[TTS.regulation], version="baru/2")
    monkeypatch.setattr(gate, "GATES", {TTS.regulation: rules})
    assert [ask_all_when_due(food.database, TTS, NOW) for _ in range(2)] == [2, 0]


def test_only_the_products_asked_for_are_decided(food: Catalogue) -> None:
    later = NOW + timedelta(days=30)
    with food.database.write() as session:
        first, second = session.scalars(select(Product).order_by(Product.id)).all()
        assert evaluate_gate(session, TTS, later, [second.id]) == 0
        assert first.promotable
        assert evaluate_gate(session, TTS, later, [first.id]) == 1
        assert not first.promotable
        assert evaluate_gate(session, TTS, later, []) == 0
        assert evaluate_gate(session, profile_of("blitar"), later, [first.id]) == 0


def test_what_an_operator_switched_by_hand_is_put_right(food: Catalogue) -> None:
    with food.database.write() as session:
        for row in session.scalars(select(Product)):
            row.promotable = False
        assert evaluate_gate(session, TTS, NOW) == 0
    with food.database.read() as session:
        assert all(session.scalars(select(Product.promotable)))
