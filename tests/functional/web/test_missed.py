"""Belum pasti, terlewat, pemulihan: what a person settles on a page is what happens, and nobody is sent to twice."""

import pytest

from marketing.channels.base import Accepted, Failed, InDoubt, SendOutcome
from marketing.db.models import DatabaseLife, Message
from marketing.delivery.tallying import mend, tally
from marketing.domain.campaign import CampaignState
from marketing.domain.content import OutboundEmail
from marketing.domain.message import MessageState
from marketing.domain.missed import JUDGED_ARRIVED, NEVER_ARRIVED
from marketing.domain.types import Purpose, Role
from tests.functional.web.visits import Enter, Visit
from tests.support.world import World, add_contact, add_product, messages, promotion

WHY = "Relai menyatakan tidak menerima"
ANSWERS: dict[str, SendOutcome] = {}


def answer(email: OutboundEmail) -> SendOutcome:
    """The first is taken, the second's answer is lost, the third's too, the fourth is refused for the time being for ever."""
    number = int(email.recipient_address.removeprefix("orang").partition("@")[0])
    match number:
        case 2 | 3:
            return InDoubt(email.key, "no_answer")
        case 4:
            return Failed(email.key, "gave_up", "")
        case _:
            return Accepted(email.key, "id")


def in_doubt(world: World, monkeypatch: pytest.MonkeyPatch) -> int:
    """Send to five people: two in doubt, one given up, one without consent."""
    monkeypatch.setattr(world.outbox, "answer", answer)
    for number in range(1, 5):
        add_contact(world.app, number, Purpose.PROMOTIONAL)
    add_contact(world.app, 5)
    campaign_id = world.approved(promotion(add_product(world.app, 1)))
    world.run(campaign_id)
    assert world.campaign(campaign_id).state is CampaignState.SENT
    monkeypatch.undo()
    return campaign_id


def count(world: World) -> None:
    """Let what is kept be counted, and prove that it is true."""
    with world.app.database.write() as session:
        tally(session, world.clock())
        from marketing.db.models import Campaign

        for campaign in session.query(Campaign):
            assert mend(session, campaign) is None


def states(world: World) -> list[tuple[str, str]]:
    return [(row.state, row.reason) for row in messages(world)]


def again(world: World, campaign_id: int) -> int:
    before = len(world.outbox.sent)
    while world.app.pipeline.deliver(campaign_id, batches=3):
        pass
    world.app.sweeper.sweep()
    return len(world.outbox.sent) - before


def test_doubts_are_settled_and_only_the_missed_are_sent_to(
    enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign_id = in_doubt(world, monkeypatch)
    count(world)
    marketer, approver = enter(Role.MARKETER), enter(Role.APPROVER)
    assert "Belum pasti: 2" in marketer.page(f"/kampanye/{campaign_id}")
    address = f"/kampanye/{campaign_id}/terlewat"
    page = marketer.page(address)
    assert "Orang 2" in page
    assert "Orang 1" not in page
    second, third = (row.id for row in messages(world) if row.state is MessageState.UNKNOWN)
    for typed, status in (
        ({"surat": str(second), "putusan": "sampai", "catatan": ""}, 422),
        ({"surat": str(second), "putusan": "mungkin", "catatan": WHY}, 422),
        ({"putusan": "sampai", "catatan": WHY}, 422),
        ({"surat": "99999999999999999999", "putusan": "sampai", "catatan": WHY}, 422),
        ({"surat": str(second), "putusan": "sampai", "catatan": "tanya orang@surat.example"}, 422),
    ):
        assert marketer.post(f"{address}/pastikan", typed).status_code == status, typed
    assert states(world)[1] == (MessageState.UNKNOWN, "no_answer")
    marketer.act(f"{address}/pastikan", {"surat": str(second), "putusan": "sampai", "catatan": WHY})
    marketer.act(f"{address}/pastikan", {"surat": [str(third), "1"], "putusan": "tidak", "catatan": WHY})
    count(world)
    assert states(world)[:4] == [
        (MessageState.ACCEPTED, ""),
        (MessageState.ACCEPTED, JUDGED_ARRIVED),
        (MessageState.FAILED, NEVER_ARRIVED),
        (MessageState.FAILED, "gave_up"),
    ]
    assert again(world, campaign_id) == 0
    assert "Tidak ada yang belum pasti" in approver.page(address)
    assert approver.post(f"{address}/kirim", {"catatan": WHY}).status_code == 422
    assert approver.post(f"{address}/kirim", {"kelompok": "produk", "catatan": WHY}).status_code == 422
    approver.act(f"{address}/kirim", {"kelompok": ["tidak-sampai"], "catatan": WHY})
    assert world.campaign(campaign_id).state is CampaignState.SENDING
    assert again(world, campaign_id) == 1
    approver.act(f"{address}/kirim", {"kelompok": ["gangguan", "tidak-sampai"], "catatan": WHY})
    world.withdraw(4, Purpose.PROMOTIONAL)  # decided anew: who has left since is left out
    assert again(world, campaign_id) == 0
    assert world.campaign(campaign_id).state is CampaignState.SENT
    ledger = world.ledger(campaign_id)
    assert ledger.balances
    assert (ledger.sent, ledger.of(MessageState.SKIPPED)) == (3, ledger.audience - 3)
    assert sorted(email.recipient_address for email in world.outbox.sent).count("orang3@surat.example") == 2
    count(world)
    assert {"unknown.arrived", "unknown.not_sent", "campaign.missed"} <= set(world.audited())


def test_a_neighbour_settles_nothing(enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign_id = in_doubt(world, monkeypatch)
    stranger = enter(Role.APPROVER, "blitar")
    address = f"/kampanye/{campaign_id}/terlewat"
    assert stranger.get(address).status_code == 404
    for act, form in (("pastikan", {"semua": "ya", "putusan": "tidak"}), ("kirim", {"kelompok": "gangguan"})):
        assert stranger.post(f"{address}/{act}", {**form, "catatan": WHY}).status_code == 404
    approver = enter(Role.APPROVER)
    approver.act(f"{address}/pastikan", {"semua": "ya", "putusan": "tidak", "catatan": WHY})
    assert world.ledger(campaign_id).of(MessageState.UNKNOWN) == 0


def test_a_restored_database_is_decided_on_its_page(
    enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign_id = world.approved(promotion(add_product(world.app, 1)))
    world.app.guard.beat()
    world.app.planner.start(campaign_id)
    approver: Visit = enter(Role.APPROVER)
    assert "Kiriman massal ditahan" not in approver.page("/beranda")
    assert "Tidak ada yang ditahan" in approver.page("/beranda/pemulihan")
    with world.app.database.write() as session:
        life = session.get_one(DatabaseLife, 1)
        life.held_at, life.marker_number, life.marker_at = world.clock(), 9_000, world.clock()
    assert "Kiriman massal ditahan" in approver.page("/beranda")
    assert "1 surat akan dikirim lagi" in approver.page("/beranda/pemulihan")
    assert approver.post("/beranda/pemulihan", {"catatan": WHY}).status_code == 422
    assert approver.post("/beranda/pemulihan", {f"pilihan-{campaign_id}": "<b>", "catatan": WHY}).status_code == 422
    approver.act("/beranda/pemulihan", {f"pilihan-{campaign_id}": "belum-pasti", "catatan": WHY})
    with world.app.database.read() as session:
        assert session.get_one(Message, 1).state is MessageState.UNKNOWN
    assert "Kiriman massal ditahan" not in approver.page("/beranda")
