"""`siar consent`: it finds what was done behind its back, names the line, and prints receipts without an address."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from marketing.contacts.consent_service import record_consents
from marketing.contacts.receipts import page_facts
from marketing.db.models import Contact
from marketing.db.session import Database
from marketing.domain.consent import ConsentState
from marketing.domain.consent_wording import Standing
from marketing.domain.types import Purpose
from marketing.tenants.profile import profile_of
from tests.functional.cli.conftest import Siar
from tests.support.ledger import behind, lines
from tests.support.world import TENANT, World, add_contact


@pytest.fixture(name="ledger")
def _ledger(installed: Path, tmp_path: Path) -> Iterator[World]:
    """The installation that the command finds in this folder: two people of TTS with two lines each, one of Blitar."""
    database = Database(f"sqlite:///{installed}")
    world = World.make(database, tmp_path)
    ids = [add_contact(world.app, number) for number in (1, 2)]
    other = add_contact(world.app, 3, tenant="blitar")
    with database.write() as session:
        record_consents(session, TENANT, lines(ids, [Purpose.NEWSLETTER, Purpose.PERSONALISED]), world.clock())
        record_consents(session, "blitar", lines([other]), world.clock())
    yield world
    database.close()


def verified(siar: Siar, *arguments: str, code: int = 0) -> Any:
    done = siar("consent", "verify", "--json", *arguments)
    assert done.code == code, done.err
    return json.loads(done.out)


def test_an_untouched_ledger_is_said_to_be_so(siar: Siar, ledger: World) -> None:
    tts, blitar = verified(siar)
    assert (tts["tenant"], tts["intact"], tts["lines"], tts["first_bad"]) == ("tts", True, 4, None)
    assert (blitar["tenant"], blitar["intact"], blitar["lines"]) == ("blitar", True, 1)
    assert tts["audit"] == {"intact": True, "first_bad": None}
    done = siar("consent", "verify", "--tenant", "tts")
    assert done.code == 0
    assert "tts: buku besar persetujuan utuh, 4 baris." in done.out
    assert tts["seal"] in done.out
    assert "Catatan audit utuh." in done.out
    assert "blitar" not in done.out
    assert ledger.audited() == ["consent.anchored", "consent.anchored"]  # one for each Daerah, however often it runs


def test_a_row_changed_behind_its_back_is_found_and_named(siar: Siar, ledger: World) -> None:
    with behind(ledger.app.database) as connection:
        connection.execute(text("UPDATE consent_event SET state = 'withdrawn' WHERE id = 2"))
    tts, blitar = verified(siar, code=1)
    assert (tts["intact"], tts["first_bad"]["line"], tts["first_bad"]["kind"]) == (False, 2, "line")
    assert blitar["intact"]
    done = siar("consent", "verify", "--tenant", "tts")
    assert done.code == 1
    assert "tts: buku besar persetujuan rusak setelah 1 baris." in done.out
    assert "Baris 2 tidak cocok dengan segelnya" in done.out
    assert siar("consent", "verify", "--tenant", "blitar").code == 0
    with pytest.raises(Exception, match="append-only"), ledger.app.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM consent_event"))  # the trigger is back


def test_a_tail_taken_away_after_a_good_run_is_missed(siar: Siar, ledger: World) -> None:
    verified(siar)
    with behind(ledger.app.database) as connection:
        connection.execute(text("DELETE FROM consent_now WHERE event_id = 4"))
        connection.execute(text("DELETE FROM consent_event WHERE id = 4"))
    (tts,) = verified(siar, "--tenant", "tts", code=1)
    assert (tts["first_bad"]["line"], tts["first_bad"]["kind"]) == (4, "missing")


def test_a_fold_that_is_none_is_found(siar: Siar, ledger: World) -> None:
    with ledger.app.database.engine.begin() as connection:
        connection.execute(text("UPDATE consent_now SET state = 'withdrawn' WHERE contact_id = 1"))
    (tts,) = verified(siar, "--tenant", "tts", code=1)
    assert tts["first_bad"]["kind"] == "fold"


def test_the_audit_log_is_proved_with_it(siar: Siar, ledger: World) -> None:
    verified(siar)
    with behind(ledger.app.database, "audit_entry") as connection:
        connection.execute(text("UPDATE audit_entry SET action = 'lain' WHERE tenant_id = 'tts'"))
    (tts,) = verified(siar, "--tenant", "tts", code=1)
    assert (tts["intact"], tts["first_bad"], tts["audit"]) == (False, None, {"intact": False, "first_bad": 1})
    assert "Catatan audit rusak pada nomor 1." in siar("consent", "verify", "--tenant", "tts").out


def test_an_empty_installation_is_whole(siar: Siar) -> None:
    assert [(one["lines"], one["intact"]) for one in verified(siar)] == [(0, True), (0, True)]


def test_receipts_in_both_shapes_hold_no_address(siar: Siar, ledger: World) -> None:
    for name in ("1", "tts-1", "B-1"):
        done = siar("consent", "receipt", name, "--tenant", "tts")
        assert done.code == 0, done.err
        found = json.loads(done.out)
        assert found["pii_principal_id"] == "tts-1"
        assert [one["event_state"] for one in found["events"]] == ["given", "given"]
        assert found["pii_processing"][0]["privacy_notice_text"].startswith("Ya, kirimi saya buletin UMKM")
        assert "orang1@" not in done.out
        assert "Orang 1" not in done.out
    done = siar("consent", "receipt", "1", "--tenant", "tts", "--form", "kantara")
    assert json.loads(done.out)["version"] == "KI-CR-v1.1.0"
    assert "orang1@" not in done.out


def test_who_is_not_there_and_what_is_no_form(siar: Siar, ledger: World) -> None:
    assert "tidak ada di Daerah ini" in siar("consent", "receipt", "3", "--tenant", "tts").sentence  # of Blitar
    assert "tidak ada di Daerah ini" in siar("consent", "receipt", "9" * 40, "--tenant", "tts").sentence
    silent = add_contact(ledger.app, 4)
    assert "belum memuat apa pun" in siar("consent", "receipt", str(silent), "--tenant", "tts").sentence
    assert "tidak dikenal" in siar("consent", "verify", "--tenant", "jakarta").sentence
    assert siar("consent", "receipt", "1", "--tenant", "tts", "--form", "pdf").code == 2
    with ledger.app.database.write() as session:
        session.get_one(Contact, 2).external_id = "B-1"
        session.get_one(Contact, 2).source = "toko"
    assert "tts-1, tts-2" in siar("consent", "receipt", "B-1", "--tenant", "tts").sentence


def test_the_page_of_a_receipt_has_what_holds_and_on_which_words(ledger: World) -> None:
    ledger.withdraw(1, Purpose.NEWSLETTER)
    with ledger.app.database.read() as session:
        page = page_facts(
            session, profile_of(TENANT), session.get_one(Contact, 1), ledger.clock(), notice_url="https://x"
        )
    newsletter, personal = page.purposes
    assert (newsletter.state, len(newsletter.lines), newsletter.standing) == (
        ConsentState.WITHDRAWN,
        2,
        Standing.CURRENT,
    )
    assert (personal.state, personal.standing) == (ConsentState.GIVEN, Standing.CURRENT)
    assert newsletter.text.startswith("Ya, kirimi saya buletin")
    assert personal.text.startswith("Ya, pilihkan produk")
    assert page.receipt.controller.notice_url == "https://x"
