"""Templates and numbers of WhatsApp in the database, on both engines: as Meta has them, page by page, and what a fault does."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.channels.pace import Pace
from marketing.channels.social import SocialProvider
from marketing.channels.whatsapp.cloud import WhatsAppMessenger, opening
from marketing.channels.whatsapp.cloud_errors import Fault
from marketing.db.models import ChannelAccount, WhatsAppTemplate
from marketing.demo.simulators.graph import APP_SECRET
from marketing.demo.simulators.server import Fault as Breakage
from marketing.demo.simulators.whatsapp import PORTFOLIO, WABA, WhatsAppServer
from marketing.domain.account import AccountState
from marketing.domain.sealing import Sealer
from marketing.domain.types import Role
from marketing.domain.whatsapp_message import TemplateCategory
from marketing.domain.whatsapp_template import Draft, TemplateState
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.social.whatsapp_numbers import WhatsAppNumbers
from marketing.social.whatsapp_templates import WhatsAppTemplates, usable
from marketing.whatsapp import look_after, templates_of
from tests.support.whatsapp import access, office, template
from tests.support.world import TENANT, World, add_user

DRAFT = Draft("pesanan_siap", "id", TemplateCategory.UTILITY, "Pesanan {{1}} siap diambil.", ("A-1",))


@pytest.fixture
def server() -> Iterator[WhatsAppServer]:
    with WhatsAppServer() as one:
        yield one


@pytest.fixture
def kept(world: World, server: WhatsAppServer) -> WhatsAppTemplates:
    return templates_of(office(world, server))


def numbers(world: World) -> WhatsAppNumbers:
    return WhatsAppNumbers(world.app.database, Sealer((world.app.settings.signing_key,)), world.clock)


def states(world: World) -> dict[str, TemplateState]:
    with world.app.database.read() as session:
        return {row.name: row.state for row in session.scalars(select(WhatsAppTemplate))}


def account(world: World) -> ChannelAccount:
    with world.app.database.read() as session:
        return session.scalars(select(ChannelAccount)).one()


def test_every_page_is_taken_in_and_what_is_gone_is_gone(
    world: World, kept: WhatsAppTemplates, server: WhatsAppServer
) -> None:
    for number in range(230):
        server.templates.add(f"banyak_{number}", "Halo {{1}}.")
    server.tier = "TIER_2K"
    assert kept.sync(TENANT) == 232
    assert server.count("/message_templates") == 3
    found = account(world)
    assert (found.settings["tier"], found.settings["portfolio"], found.name) == (2_000, PORTFOLIO, "Dinas Koperasi UMKM TTS")  # fmt: skip
    world.clock.now = server.pass_time(timedelta(hours=1))
    del server.templates.standing["banyak_7", "id"]
    server.templates.standing["banyak_8", "id"].status = "PAUSED"
    assert kept.sync(TENANT) == 231
    assert (states(world)["banyak_7"], states(world)["banyak_8"]) == (TemplateState.DELETED, TemplateState.PAUSED)
    with world.app.database.read() as session:
        offered = {row.name for row in usable(session, TENANT)}
    assert {"banyak_7", "banyak_8"} & offered == set()
    assert len(offered) == 230


def test_a_template_is_submitted_reviewed_and_recategorised(
    world: World, kept: WhatsAppTemplates, server: WhatsAppServer
) -> None:
    server.templates.recategorise = True
    marketer = world.staff(Role.MARKETER)
    number = kept.submit(marketer, DRAFT)
    with world.app.database.read() as session:
        row = session.get_one(WhatsAppTemplate, number)
        assert (row.state, row.category, row.body_count) == (TemplateState.PENDING, "marketing", 1)
    with pytest.raises(PermanentError, match="wa_100"):
        kept.submit(marketer, DRAFT)
    with pytest.raises(NotAllowedError):
        kept.submit(world.staff(Role.HEAD), DRAFT)
    with pytest.raises(NotFoundError):
        kept.remove(add_user(world.app, Role.OPERATOR, "lain@blitar.example", "blitar"), number)
    kept.remove(marketer, number)
    assert states(world)["pesanan_siap"] is TemplateState.DELETED
    assert [act for act in world.audited() if act.startswith("whatsapp")] == ["whatsapp_template.submit", "whatsapp_template.remove"]  # fmt: skip


def test_a_revoked_token_waits_for_a_person_and_the_hourly_round_goes_on(
    world: World, kept: WhatsAppTemplates, server: WhatsAppServer
) -> None:
    server.tokens.clear()
    with pytest.raises(ReconnectError, match="Hubungkan ulang"):
        kept.sync(TENANT)
    assert account(world).state is AccountState.RECONNECT
    called = len(server.asked)
    look_after(world.app, TENANT)
    assert len(server.asked) == called, "a number that waits for a person is left alone"
    with pytest.raises(InvalidInputError):
        kept.submit(world.staff(Role.OPERATOR), DRAFT)
    with pytest.raises(TemporaryError, match="reconnect"):
        numbers(world).of(TENANT)


def test_without_the_right_to_see_the_portfolio_a_number_is_let_in_all_the_same(
    world: World, kept: WhatsAppTemplates, server: WhatsAppServer
) -> None:
    door = world.app.social.publishers.doors[SocialProvider.WHATSAPP_CLOUD]
    assert door.provider is SocialProvider.WHATSAPP_CLOUD
    with pytest.raises(PermanentError, match="grup"):
        door.open(access(), None)  # type: ignore[arg-type]  # nothing is remembered where nothing is opened
    server.break_next(f"/{WABA}", Breakage.PERMISSION)
    assert kept.sync(TENANT) == 2
    assert "portfolio" not in account(world).settings
    assert kept.sync(TENANT) == 2
    assert account(world).settings["portfolio"] == PORTFOLIO


def test_who_may_send_follows_the_account(world: World, kept: WhatsAppTemplates) -> None:
    keeper, found = world.staff(Role.OPERATOR), account(world)
    with pytest.raises(TemporaryError, match="no_number"):
        numbers(world).of("blitar")
    assert numbers(world).of(TENANT).account_id == found.id
    world.app.social.pause(keeper, found.id)
    with pytest.raises(TemporaryError, match="paused"):
        numbers(world).of(TENANT)
    world.app.social.resume(keeper, found.id)
    numbers(world).told(found.id, Fault(131048))
    with pytest.raises(TemporaryError, match="wa_resting") as resting:
        numbers(world).of(TENANT)
    assert resting.value.retry_after == timedelta(hours=24)
    world.clock.forward(hours=25)
    assert numbers(world).of(TENANT).account_id == found.id
    numbers(world).told(found.id, Fault(131031))
    paused = account(world)
    assert (paused.state, "Meta mengunci" in paused.state_reason) == (AccountState.PAUSED, True)
    world.app.social.remove(keeper, found.id)
    with pytest.raises(TemporaryError, match="no_number"):
        numbers(world).of(TENANT)
    assert kept.sync(TENANT) == 0


def test_a_refused_template_is_not_offered_again(world: World, kept: WhatsAppTemplates, server: WhatsAppServer) -> None:
    kept.sync(TENANT)
    server.templates.standing["promo_umkm", "id"].status = "DISABLED"
    messenger = WhatsAppMessenger(numbers(world), Pace(), opening(APP_SECRET, server.url))
    list(messenger.send([template()]))
    assert states(world)["promo_umkm"] is TemplateState.DISABLED
    with world.app.database.read() as session:
        assert [row.name for row in usable(session, TENANT)] == ["pesanan_dikirim"]
