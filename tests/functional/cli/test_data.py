"""`siar data`: shows the months of messages and lets go those that have had their time."""

import json
from pathlib import Path

from marketing.db.session import Database
from marketing.domain.types import Purpose
from tests.functional.cli.conftest import Siar
from tests.support.world import World, add_contact, add_product, promotion


def test_months_are_shown_and_tidied(siar: Siar, installed: Path, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{installed}")
    world = World.make(database, tmp_path)
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    world.clock.forward(days=-400)  # of October 2025
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.run(campaign)
    (month,) = json.loads(siar("data", "months", "--json").out)
    assert (month["messages"], month["due"], month["held"]) == (1, False, False)
    assert "disimpan" in siar("data", "months").out
    assert "Tidak ada" in siar("data", "tidy").out
    (month,) = json.loads(siar("data", "months", "--json", SIAR_MESSAGE_MONTHS=3).out)
    assert month["due"]
    assert "1 surat dihapus" in siar("data", "tidy", SIAR_MESSAGE_MONTHS=3).out
    assert siar("data", "months").out.strip() == "Belum ada surat."
    assert world.ledger(campaign).balances
    database.close()


def test_too_few_months_are_refused_with_a_sentence(siar: Siar) -> None:
    assert "SIAR_MESSAGE_MONTHS" in siar("data", "tidy", SIAR_MESSAGE_MONTHS=2).sentence


def test_secrets_are_sealed_anew_at_the_command_line(siar: Siar) -> None:
    assert siar("migrate").code == 0
    done = siar("data", "reseal", SIAR_SEAL_KEY="kunci-segel-baru")
    assert (done.code, "0 rahasia" in done.out) == (0, True), done.err
