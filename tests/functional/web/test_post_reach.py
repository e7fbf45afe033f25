"""Links in posts and what posts reached: counted without anybody's data, shown without a 0 that nobody said."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from marketing.db.models import ChannelAccount, Event, Post, PostFigure, PostMeasuring, Product
from marketing.domain.account import AccountState
from marketing.domain.insights import MeasuringState, Metric
from marketing.domain.links import LinkPurpose
from marketing.domain.types import ChannelName, Purpose, Role
from tests.functional.web.visits import Enter, Visit
from tests.support.world import TENANT, World, add_contact, add_product, promotion

C = ChannelName
BOTS = ("facebookexternalhit/1.1", "WhatsApp/2.23.20.0", "TelegramBot (like TwitterBot)", "")


def went_out(world: World, *channels: ChannelName, products: int = 1) -> int:
    campaign = world.approved(
        promotion(*(add_product(world.app, number + 1) for number in range(products)), channels=channels)
    )
    world.run(campaign)
    return campaign


def post_of(world: World, channel: ChannelName) -> Post:
    with world.app.database.read() as session:
        return session.scalars(select(Post).where(Post.channel == channel)).one()


def link_of(world: World, channel: ChannelName) -> str:
    found = re.search(r"https://siar\.example(/t/[\w-]+)", post_of(world, channel).content["text"])
    assert found, "the caption carries a short link of our own"
    return found[1]


def clicks(world: World) -> list[Event]:
    with world.app.database.read() as session:
        return list(session.scalars(select(Event).order_by(Event.id)))


@pytest.fixture(name="world")
def _one_engine(small_world: World) -> World:
    """One engine is enough here: what is written is written on both in the tests of figures and of e-mail's clicks."""
    return small_world


@pytest.fixture(name="reader")
def _reader(enter: Enter) -> Visit:
    return enter(signed_in=False)


def test_a_link_in_a_caption_leads_to_the_promotion_with_utm_and_is_counted_for_its_post(
    reader: Visit, world: World
) -> None:
    went_out(world, C.FACEBOOK, C.TELEGRAM, C.WEBSITE)
    links = {channel: link_of(world, channel) for channel in (C.FACEBOOK, C.TELEGRAM)}
    assert links[C.FACEBOOK] != links[C.TELEGRAM]
    for channel, link in links.items():
        answer = reader.get(link)
        assert answer.status_code == 302
        target = urlsplit(answer.headers["location"])
        assert (target.scheme, target.netloc) == ("", ""), "only ever a page of our own"
        post = post_of(world, channel)
        assert target.path == f"/galeri/tts/promo/{post.marker}"
        assert parse_qs(target.query) == {
            "utm_source": [channel.value],
            "utm_medium": ["social"],
            "utm_campaign": [post.marker],
            "utm_content": [f"{channel}-{post.id}"],
        }
        assert reader.get(answer.headers["location"]).status_code == 200
    assert [(event.post_id, event.machine) for event in clicks(world)] == [
        (post_of(world, channel).id, False) for channel in links
    ]
    for event in clicks(world):
        assert (event.contact_id, event.message_id, event.link_id) == (None, None, None)
    assert "/t/" not in post_of(world, C.WEBSITE).content["text"], "our own site leads nobody around"


def test_a_double_click_counts_once_two_people_twice_and_machines_apart(reader: Visit, world: World) -> None:
    went_out(world, C.FACEBOOK)
    link = link_of(world, C.FACEBOOK)
    for agent in ("Mozilla/5.0 (Linux; Android 14) Chrome/131.0", "Mozilla/5.0 (iPhone) Safari/605.1"):
        for _time in range(2):
            reader.get(link, headers={"User-Agent": agent})
    assert [event.machine for event in clicks(world)] == [False, False]
    for bot in BOTS:
        reader.get(link, headers={"User-Agent": bot})
    reader.client.head(link)
    assert [event.machine for event in clicks(world)][2:] == [True] * (len(BOTS) + 1)
    world.clock.forward(minutes=2)
    reader.get(link, headers={"User-Agent": "Mozilla/5.0 (iPhone) Safari/605.1"})
    assert len(clicks(world)) == 2 + len(BOTS) + 2


def test_a_flood_is_led_on_and_not_counted(reader: Visit, world: World) -> None:
    went_out(world, C.FACEBOOK)
    link = link_of(world, C.FACEBOOK)
    answers = {reader.get(link, headers={"User-Agent": f"Mozilla/5.0 Chrome/{n}"}).status_code for n in range(45)}
    assert answers == {302}
    assert len(clicks(world)) == 30


def test_only_what_we_signed_leads_anywhere(reader: Visit, world: World) -> None:
    went_out(world, C.FACEBOOK)
    signer, link = world.app.signer, link_of(world, C.FACEBOOK)
    for bad in (
        link[:-1],
        link + "a",
        "/t/https://jahat.example",
        "/t/1-0",
        "/t/%00",
        link.replace("/t/", "/k/"),
    ):
        assert reader.get(bad).status_code == 404, bad
    for ids in ((0,), (999,), (1, 2, 3)):
        assert reader.get("/t/" + signer.token(LinkPurpose.POST, *ids)).status_code == 404
    assert clicks(world) == []
    elsewhere = reader.get("/t/" + signer.token(LinkPurpose.POST, 1, 999)).headers["location"]
    assert elsewhere.startswith("/galeri/tts?utm_source=facebook&")


def test_a_link_leads_on_long_after_its_campaign_and_a_withdrawn_product_says_so(reader: Visit, world: World) -> None:
    campaign = went_out(world, C.FACEBOOK)
    link = link_of(world, C.FACEBOOK)
    target = reader.get(link).headers["location"]
    assert target.startswith("/galeri/tts/produk/1?"), "a campaign that is not on our site shows its product"
    assert "Tenun 1" in reader.page(target)
    with world.app.database.write() as session:
        session.execute(update(Product).values(stock=0, promotable=False))
    world.clock.forward(days=400)
    answer = reader.get(reader.get(link).headers["location"])
    assert answer.status_code == 404
    assert "sedang tidak dipromosikan" in answer.text
    assert world.campaign(campaign).finished_at is not None


def test_several_products_without_a_page_lead_to_the_gallery(reader: Visit, world: World) -> None:
    went_out(world, C.FACEBOOK, products=2)
    assert reader.get(link_of(world, C.FACEBOOK)).headers["location"].startswith("/galeri/tts?")


def measured(world: World, channel: ChannelName, provider: str, figures: dict[Metric, int], **state: object) -> int:
    """Let the post stand on a connected account and have these figures."""
    now, post = world.clock(), post_of(world, channel)
    with world.app.database.write() as session:
        account = ChannelAccount(
            tenant_id=TENANT, channel=channel, provider=provider, remote_id="1", name=f"Akun {channel}", settings={},
            state=AccountState.ACTIVE, sealed_credentials="", report={}, created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(account)
        session.flush()
        session.execute(update(Post).where(Post.id == post.id).values(account=str(account.id)))
        row = {"state": MeasuringState.OPEN, "asked_at": now, "due_at": now + timedelta(days=1), "reason": ""} | state
        session.add(PostMeasuring(post_id=post.id, tenant_id=TENANT, changed_at=now, **row))
        for metric, number in figures.items():
            session.add(
                PostFigure(
                    tenant_id=TENANT, post_id=post.id, metric=metric, number=number - 1, at=now - timedelta(days=1)
                )
            )
            session.add(PostFigure(tenant_id=TENANT, post_id=post.id, metric=metric, number=number, at=now))
    return post.id


def row_of(page: str, channel: str) -> dict[str, str]:
    """Return a post's cells by their label."""
    table = page.partition('id="jangkauan"')[2].partition("</section>")[0]
    (row,) = [row for row in table.split("<tr")[2:] if f">{channel}</" in row]
    cells = re.findall(r'data-label="([^"]+)">(.*?)</td>', row, re.DOTALL)
    return {label: re.sub(r"<[^>]+>", "", text).strip() for label, text in cells} | {"": re.sub(r"<[^>]+>", " ", row)}


def test_the_page_shows_figures_per_account_and_never_a_zero_that_nobody_said(
    enter: Enter, reader: Visit, world: World
) -> None:
    campaign = went_out(world, C.FACEBOOK, C.INSTAGRAM, C.TELEGRAM)
    figures = {Metric.REACH: 1_200, Metric.REACTIONS: 87, Metric.COMMENTS: 0}
    measured(world, C.FACEBOOK, "facebook_page", figures)
    measured(world, C.INSTAGRAM, "instagram", {Metric.REACTIONS: 13}, asked_at=world.clock())
    reader.get(link_of(world, C.FACEBOOK))
    reader.get(link_of(world, C.FACEBOOK), headers={"User-Agent": BOTS[0]})
    assert "1 klik orang · 3 kiriman terbit" in enter(Role.MARKETER).page("/kampanye")
    page = enter(Role.MARKETER).page(f"/kampanye/{campaign}")
    facebook, telegram = row_of(page, "Facebook"), row_of(page, "Telegram")
    assert (facebook["Jangkauan"], facebook["Reaksi"], facebook["Komentar"]) == ("1.200", "87", "0")
    assert (facebook["Dilihat"], facebook["Disimpan"]) == ("tidak tersedia", "tidak tersedia")
    assert facebook["Klik tautan kita"] == "1 (1 mesin tidak dihitung)"
    assert "Akun facebook" in facebook[""]
    assert "Terakhir ditanyakan" in facebook[""]
    assert {label: text for label, text in telegram.items() if label} == {
        "Angka kanal": "tidak tersedia",
        "Klik tautan kita": "0",
    }
    assert "Reaksi: 100 pada 2 kiriman" in page
    assert "Komentar: 0 pada 1 kiriman" in page
    assert "Jangkauan: " not in page, "people are not added up"


def test_a_post_that_is_gone_and_one_not_asked_for_say_so(enter: Enter, world: World) -> None:
    campaign = went_out(world, C.FACEBOOK, C.INSTAGRAM)
    gone = "Tidak ada lagi di Facebook: dihapus atau disembunyikan seseorang di sana."
    measured(world, C.FACEBOOK, "facebook_page", {Metric.REACH: 5}, state=MeasuringState.GONE, reason=gone, due_at=None)
    measured(world, C.INSTAGRAM, "instagram", {}, asked_at=None)
    page = enter(Role.APPROVER).page(f"/kampanye/{campaign}")
    facebook, instagram = row_of(page, "Facebook"), row_of(page, "Instagram")
    assert gone in facebook[""]
    assert facebook["Jangkauan"] == "5"
    assert instagram["Jangkauan"] == "belum ada"
    assert "satu jam setelah terbit" in instagram[""]
    alone = enter(Role.MARKETER).page(f"/kotak-keluar/kiriman/{post_of(world, C.FACEBOOK).id}")
    assert gone in alone
    assert "<dt>Jangkauan</dt><dd>5</dd>" in alone
    home = enter(Role.APPROVER).page("/beranda")
    assert "Kiriman Facebook “Tenun” hilang" in home
    assert "Instagram “Tenun” hilang" not in home


def test_clicks_in_posts_are_not_clicks_in_mails(enter: Enter, reader: Visit, world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign = went_out(world, C.EMAIL, C.FACEBOOK)
    reader.get(link_of(world, C.FACEBOOK))
    page = enter(Role.MARKETER).page(f"/kampanye/{campaign}")
    assert re.search(r"Klik orang</dt><dd[^>]*>0</dd>", page)
    assert row_of(page, "Facebook")["Klik tautan kita"] == "1"
