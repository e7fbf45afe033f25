"""Mail that came back, as people see it: on Beranda, on the campaign, on the message, and on its own page."""

from sqlalchemy import select

from marketing.channels.email.inbound.imap import MailboxAddress
from marketing.db.models import Campaign, MailBreaker, Message
from marketing.delivery import breakers
from marketing.delivery.feedback import take_in
from marketing.domain.bounce import BounceClass, Verdict
from marketing.domain.breakers import BreakerKind, BreakerLevel
from marketing.domain.campaign import CampaignState
from marketing.domain.events import event_id
from marketing.domain.feedback import Feedback, FeedbackKind, FeedbackSource
from marketing.domain.types import EmailType, Role
from marketing.feedback import mailbox_accounts_of, mailboxes_of
from marketing.web import paths
from tests.functional.web.visits import Enter
from tests.support.feedback import sent_campaign
from tests.support.world import TENANT, World, messages

REASON = "daftar penerima sudah dibersihkan"


def tell(world: World, message_id: int, kind: FeedbackKind, bounce: BounceClass, detail: str = "") -> None:
    verdict = Verdict(bounce, "5.1.1" if bounce is BounceClass.HARD else "")
    told = Feedback(
        event_id("u", message_id, kind), message_id, kind, world.clock(), FeedbackSource.SENDGRID, verdict, detail
    )
    with world.app.database.write() as session:
        take_in(session, TENANT, [told], world.clock())


def trip(world: World, campaign_id: int | None, kind: BreakerKind) -> int:
    with world.app.database.write() as session:
        row = MailBreaker(
            tenant_id=TENANT, campaign_id=campaign_id, kind=kind, level=BreakerLevel.STOP, bad=12, sent=200,
            tripped_at=world.clock(),
        )  # fmt: skip
        session.add(row)
        if campaign_id is not None:
            campaign = session.get_one(Campaign, campaign_id)
            campaign.state, campaign.state_reason = CampaignState.PAUSED, breakers.sentence(row)
        session.flush()
        return row.id


def test_what_came_back_is_told_on_the_message_and_counted_on_the_campaign(world: World, enter: Enter) -> None:
    campaign_id, _people = sent_campaign(world, 3)
    dead, angry, _fine = (message.id for message in messages(world))
    tell(world, dead, FeedbackKind.DEFERRED, BounceClass.SOFT, "450 coba lagi")
    tell(world, dead, FeedbackKind.BOUNCED, BounceClass.HARD, "550 5.1.1 <…>: tidak <b>ada</b>")
    tell(world, angry, FeedbackKind.COMPLAINED, BounceClass.COMPLAINT)
    visit = enter(Role.APPROVER)
    page = visit.page(paths.mail(dead))
    assert "Ditunda server penerima; penyedia mencoba lagi · 450 coba lagi" in page
    assert "Terpental · Alamatnya tidak ada · 5.1.1 · 550 5.1.1 &lt;…&gt;: tidak &lt;b&gt;ada&lt;/b&gt;" in page
    assert "Alamatnya tidak ada · 5.1.1" in visit.page(paths.mails(state="bounced"))
    page = visit.page(paths.campaign(campaign_id))
    assert "Alamatnya tidak ada: 1" in page
    assert "tidak dikirimi apa pun lagi" in page
    page = visit.page(paths.OUTBOX_HEALTH)
    assert "33,33%" in page
    assert "1 dari 3 surat massal" in page


def test_a_stopped_campaign_says_why_and_goes_on_with_a_reason(world: World, enter: Enter) -> None:
    campaign_id, _people = sent_campaign(world, 1)
    trip(world, campaign_id, BreakerKind.HARD_BOUNCES)
    marketer, approver = enter(Role.MARKETER), enter(Role.APPROVER)
    page = approver.page(paths.campaign(campaign_id))
    assert "6,00% alamat penerima tidak ada (12 dari 200 surat)" in page
    assert "Mengapa boleh dilanjutkan" in page
    assert "6,00% alamat penerima tidak ada" in marketer.page(paths.HOME)
    act = paths.campaign_act(campaign_id, "lanjutkan")
    assert marketer.post(act, {"catatan": REASON}).status_code == 403
    assert "Tulis catatannya" in approver.post(act).text
    assert world.campaign(campaign_id).state is CampaignState.PAUSED
    approver.act(act, {"catatan": REASON})
    assert world.campaign(campaign_id).state is CampaignState.SENDING


def test_the_whole_daerahs_stop_is_lifted_by_an_approver_with_a_reason(world: World, enter: Enter) -> None:
    sent_campaign(world, 1)
    row = trip(world, None, BreakerKind.COMPLAINTS)
    marketer, approver = enter(Role.MARKETER), enter(Role.APPROVER)
    neighbour = enter(Role.APPROVER, "blitar")
    assert "Semua kiriman massal berhenti" in approver.page(paths.HOME)
    assert "Mengapa boleh dilanjutkan" in approver.page(paths.OUTBOX_HEALTH)
    assert "Mengapa boleh dilanjutkan" not in marketer.page(paths.OUTBOX_HEALTH)
    lift = paths.breaker_lift(row)
    assert marketer.post(lift, {"catatan": REASON}).status_code == 403
    assert neighbour.post(lift, {"catatan": REASON}).status_code == 404
    assert "Semua kiriman massal" not in neighbour.page(paths.OUTBOX_HEALTH)
    assert approver.post(lift, {"catatan": " "}).status_code == 422
    approver.act(lift, {"catatan": REASON})
    assert "Tidak ada yang berhenti" in approver.page(paths.OUTBOX_HEALTH)
    with world.app.database.read() as session:
        assert session.scalars(select(MailBreaker.lift_reason)).all() == [REASON]


def test_order_mail_that_did_not_arrive_waits_for_somebody_and_technical_faults_too(world: World, enter: Enter) -> None:
    campaign_id, _people = sent_campaign(world, 2)
    one, two = (message.id for message in messages(world))
    with world.app.database.write() as session:
        session.get_one(Campaign, campaign_id).email_type = EmailType.TRANSACTIONAL
        session.get_one(Message, one).trigger = "P-1"
    tell(world, one, FeedbackKind.BOUNCED, BounceClass.HARD)
    tell(world, two, FeedbackKind.BOUNCED, BounceClass.TECHNICAL)
    visit = enter(Role.MARKETER)
    home = visit.page(paths.HOME)
    assert "2 surel pesanan tidak sampai" in home
    assert "1 surat kembali karena galat teknis" in home
    page = visit.page(paths.OUTBOX_HEALTH)
    assert paths.mail(one) in page
    world.clock.forward(days=8)
    assert "surel pesanan tidak sampai" not in enter(Role.MARKETER).page(paths.HOME)


def test_mailboxes_say_whether_they_open(world: World, enter: Enter) -> None:
    mailbox_accounts_of(world.app).add(
        TENANT, MailboxAddress("localhost", 1, "implicit", "pantul@dinas.example", "rahasia")
    )
    visit = enter(Role.MARKETER)
    assert "Belum dibaca." in visit.page(paths.OUTBOX_HEALTH)
    mailboxes_of(world.app).run(TENANT)
    page = visit.page(paths.OUTBOX_HEALTH)
    assert "Servernya tidak dapat dihubungi." in page
    assert "rahasia" not in page
    assert "pantul@dinas.example" not in enter(Role.APPROVER).page(paths.OUTBOX_HEALTH)
