"""Campaigns, doubts and a restored database from the command line, by a named person."""

from pathlib import Path

from marketing.db.models import Campaign, DatabaseLife, Message
from marketing.delivery.life_markers import FILE
from marketing.domain.campaign import CampaignState, Priority
from marketing.domain.message import MessageState
from marketing.domain.missed import NEVER_ARRIVED
from marketing.domain.types import Purpose, Role
from tests.functional.cli.conftest import Siar
from tests.support.world import World, add_contact, add_product, promotion

HERE = ("--tenant", "tts", "--as", "penyetuju@dinas.example")
WHY = ("--reason", "sudah diperiksa")


def test_a_named_person_controls_a_campaign_and_a_restored_database(
    siar: Siar, small_world: World, tmp_path: Path
) -> None:
    world = small_world
    settings = {
        "SIAR_DATABASE_URL": str(world.app.database.engine.url),
        "SIAR_DATA_DIR": str(world.app.settings.data_dir),
        "SIAR_SECRET_KEY": world.app.settings.signing_key.decode(),
    }
    for number in range(2):
        add_contact(world.app, number, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    world.staff(Role.APPROVER)

    def said(*arguments: str, code: int = 0) -> str:
        done = siar(*arguments, **settings)
        assert done.code == code, done
        return done.out + done.err

    assert "0 dari 2 terkirim" in said("campaign", "list", "--tenant", "tts")
    assert "Tidak ada orang dengan surel itu" in said("campaign", "pause", "1", *HERE[:2], "--as", "x@y.z", code=1)
    said("campaign", "pause", "1", *HERE)
    assert world.campaign(campaign).state is CampaignState.PAUSED
    said("campaign", "resume", "1", *HERE, *WHY)
    said("campaign", "priority", "1", "first", *HERE)
    assert world.campaign(campaign).priority == Priority.FIRST
    assert "Pilih first" in said("campaign", "priority", "1", "tinggi", *HERE, code=1)
    with world.app.database.write() as session:
        first, second = session.query(Message).order_by(Message.id)
        first.state, first.reason = MessageState.FAILED, NEVER_ARRIVED
        second.state, second.handed_over_at = MessageState.UNKNOWN, world.clock()
        for message in (first, second):
            message.attempt = 1
        session.get_one(Campaign, campaign).state = CampaignState.SENT
    log = tmp_path / "mail.log"
    reference = world.app.signer.reference(2)
    stamp = f"{world.clock().isoformat()} relai postfix/"
    log.write_text(
        f"{stamp}cleanup[1]: QA000: message-id=<{reference}@x.y>\n"
        f"{stamp}qmgr[1]: QA000: from=<a@x.y>, size=1, nrcpt=1 (queue active)"
    )
    assert "1 dipastikan sampai di relai" in said("mail", "log", str(log), "--tenant", "tts")
    assert said("campaign", "missed", "1", "--tenant", "tts").strip() == "tidak-sampai\t1"
    assert "1 orang masuk antrean" in said("campaign", "missed", "1", *HERE, "--group", "tidak-sampai", *WHY)
    assert "0 tidak seimbang" in said("doctor", "ledger", "--tenant", "tts")
    assert "tidak ditahan" in said("restore", "status", "--tenant", "tts")
    assert (world.app.settings.data_dir / FILE).exists()
    with world.app.database.write() as session:
        life = session.get_one(DatabaseLife, 1)
        life.number -= 1  # what the backup knew
    assert "1 surat akan dikirim (lagi)" in said("doctor", "restore", "--tenant", "tts", code=1)
    said("restore", "decide", *HERE, *WHY, "--choice", "batalkan")
    assert world.campaign(campaign).state is CampaignState.CANCELLED
    assert "tidak ditahan" in said("restore", "status", "--tenant", "tts")
