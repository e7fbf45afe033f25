"""Whole campaigns through an office's own accounts: SendGrid and relays, healthy, down, paused, used up, cancelled."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from marketing.bootstrap import utc_now
from marketing.channels.email.adapter import EmailMessenger
from marketing.channels.email.rates import AccountRates, Rate, Rates, UsedUp
from marketing.db.models import ChannelAccount, Message
from marketing.delivery.outcomes import MAX_ATTEMPTS
from marketing.domain.account import AccountState, MailProvider
from marketing.domain.message import MessageState
from marketing.domain.types import EmailType, Purpose, Role
from marketing.domain.warm_up import HOURLY
from marketing.errors import InvalidInputError, NotFoundError
from marketing.mail.account_settings import Login, MailSettings
from marketing.mail.account_words import line_of
from marketing.mail.domains import domains_of, set_warm_up
from marketing.mail.ways import HEALTH
from marketing.queue import TaskName
from marketing.tenants.profile import profile_of
from tests.integration.email.scripted_relay import Rules, ScriptedRelay
from tests.support.redis import RedisServer
from tests.support.sendgrid import KEY, SendGridServer, free_port
from tests.support.world import TENANT, World, add_contact, add_product, messages, promotion

HOME = MailSettings(location="Indonesia", host="127.0.0.1", tls="none")


@pytest.fixture
def server() -> Iterator[SendGridServer]:
    with SendGridServer() as server:
        yield server


def sendgrid(server: SendGridServer, **changes: Any) -> MailSettings:
    return MailSettings(location="Amerika Serikat", host=server.url, **changes)


def add(world: World, name: str, settings: MailSettings, secret: str = "") -> int:
    provider = MailProvider.SENDGRID if secret else MailProvider.SMTP
    return world.app.mail_accounts.add(TENANT, name, provider, settings, Login(secret))


@contextmanager
def sending(world: World, rates: Rates | None = None) -> Iterator[World]:
    """Let the world send through its accounts instead of into its outbox."""
    messenger = EmailMessenger(world.app.mail_accounts.ways, world.clock, rates)
    outbox, world.app = world.app, replace(world.app, pipeline=replace(world.app.pipeline, messenger=messenger))
    try:
        yield world
    finally:
        messenger.close()
        world.app = outbox


def campaign(world: World, people: int = 3) -> int:
    for number in range(1, people + 1):
        add_contact(world.app, number, Purpose.PROMOTIONAL)
    found = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(found)
    return found


def told(world: World) -> Counter[tuple[MessageState, str, int]]:
    return Counter((row.state, row.reason, row.attempt) for row in messages(world))


def row_of(world: World, account_id: int) -> ChannelAccount:
    with world.app.database.read() as session:
        return session.get_one(ChannelAccount, account_id)


def test_a_campaign_leaves_by_sendgrid_and_everyone_gets_their_own(world: World, server: SendGridServer) -> None:
    server.now = world.clock()
    add(world, "SendGrid", sendgrid(server), KEY)
    with sending(world):
        world.run(campaign(world, 12))
    assert told(world) == {(MessageState.ACCEPTED, "", 1): 12}
    # The first is written whole, next to the stencil that the others are filled from.
    assert sorted(len(body["personalizations"]) for body in server.bodies) == [1, 11]
    assert {row.provider_id for row in messages(world)} == {"pesan-1", "pesan-2"}
    assert len({got.address for got in server.got}) == 12
    assert len({got.html for got in server.got}) == 12, "each has links of their own"
    references = {world.app.signer.reference(row.id) for row in messages(world)}
    assert {got.reference for got in server.got} == references
    for body in server.bodies:
        assert body["categories"] == [TENANT, "promotional", f"kampanye-{messages(world)[0].campaign_id}"]


def test_an_office_without_an_account_of_its_own_uses_the_settings(small_world: World) -> None:
    ways = small_world.app.mail_accounts.ways
    (account,) = ways.of(TENANT, EmailType.PROMOTIONAL)
    assert account.id == "setelan"
    number = add(small_world, "relai", HOME)
    assert [one.id for one in ways.of(TENANT, EmailType.PROMOTIONAL)] == [str(number)]
    assert [one.id for one in ways.of("blitar", EmailType.PROMOTIONAL)] == ["setelan"]
    small_world.app.mail_accounts.remove(TENANT, number)
    assert [one.id for one in ways.of(TENANT, EmailType.PROMOTIONAL)] == ["setelan"]


def test_an_account_that_is_down_leaves_its_share_to_the_other_and_says_so(small_world: World) -> None:
    rules = Rules()
    with ScriptedRelay(rules) as relay, sending(small_world) as world:
        add(world, "sehat", replace(HOME, port=relay.port))
        ill = add(world, "mati", replace(HOME, port=free_port()))
        world.run(campaign(world, 10))
        assert told(world) == {(MessageState.ACCEPTED, "", 1): 10}
        assert len(rules.messages) == 10
        assert row_of(world, ill).report[HEALTH]["reason"] == "connection"
        line = line_of(row_of(world, ill))
        assert line.trouble
        assert not line.needs_attention, "no person is needed: it is tried again"


def test_the_trouble_that_one_worker_noted_is_over_when_another_ones_mail_is_taken(small_world: World) -> None:
    with ScriptedRelay(Rules()) as relay, sending(small_world) as world:
        account = add(world, "relai", replace(HOME, port=relay.port))
        found = campaign(world, 60)
        world.app.pipeline.deliver(found, batches=1)
        with world.app.database.write() as session:
            session.get_one(ChannelAccount, account).report = {
                HEALTH: {"at": "2026-11-22T00:00:00+00:00", "reason": "tls"}
            }
        world.app.pipeline.deliver(found, batches=1)
        assert row_of(world, account).report[HEALTH]["reason"] == ""


def test_when_everything_is_down_nobody_is_taken_and_nobody_is_ever_given_up(small_world: World) -> None:
    port = free_port()
    with sending(small_world) as world:
        account = add(world, "mati", replace(HOME, port=port))
        found = campaign(world)
        for _round in range(MAX_ATTEMPTS + 1):
            world.app.pipeline.deliver(found, batches=3)
            assert told(world) == {(MessageState.DEFERRED, "connection", 0): 3}
            assert {row.handed_over_at for row in messages(world)} == {None}
            world.clock.forward(minutes=2)
        rules = Rules()
        with ScriptedRelay(rules) as relay:
            world.app.mail_accounts.add(TENANT, "mati", MailProvider.SMTP, replace(HOME, port=relay.port), Login())
            world.app.pipeline.deliver(found, batches=3)
            assert told(world) == {(MessageState.ACCEPTED, "", 1): 3}
        assert row_of(world, account).report.get(HEALTH) is None


def test_a_wrong_key_needs_a_person_and_condemns_nobody(small_world: World, server: SendGridServer) -> None:
    with sending(small_world) as world:
        account = add(world, "SendGrid", sendgrid(server), "SG.salah")
        world.run(campaign(world))
        assert told(world) == {(MessageState.DEFERRED, "credentials", 0): 3}
        assert line_of(row_of(world, account)).needs_attention
        assert world.app.mail_accounts.try_out(TENANT, account) == "credentials"
        add(world, "SendGrid", sendgrid(server), KEY)
        assert world.app.mail_accounts.try_out(TENANT, account) == ""
        assert not line_of(row_of(world, account)).trouble


def test_paused_accounts_send_nothing_until_they_go_on(small_world: World) -> None:
    with ScriptedRelay(Rules()) as relay, sending(small_world) as world:
        account = add(world, "relai", replace(HOME, port=relay.port))
        world.app.mail_accounts.pause(TENANT, account)
        found = campaign(world)
        world.run(found)
        assert told(world) == {(MessageState.DEFERRED, "no_account", 0): 3}
        world.app.mail_accounts.resume(TENANT, account)
        world.clock.forward(minutes=16)
        world.run(found)
        assert told(world) == {(MessageState.ACCEPTED, "", 1): 3}


def test_accounts_carry_the_kinds_they_are_for(small_world: World) -> None:
    bulk = add(small_world, "massal", replace(HOME, kinds=frozenset({EmailType.PROMOTIONAL, EmailType.NEWSLETTER})))
    order = add(small_world, "pesanan", replace(HOME, kinds=frozenset({EmailType.TRANSACTIONAL})))
    ways = small_world.app.mail_accounts.ways
    assert [one.id for one in ways.of(TENANT, EmailType.NEWSLETTER)] == [str(bulk)]
    assert [one.id for one in ways.of(TENANT, EmailType.TRANSACTIONAL)] == [str(order)]
    assert ways.of(TENANT, EmailType.RETENTION) == []


def test_a_rate_that_is_used_up_defers_with_a_due_time_and_is_no_attempt(small_world: World) -> None:
    rules = Rules()
    with ScriptedRelay(rules) as relay, sending(small_world) as world:
        add(world, "relai", replace(HOME, port=relay.port, rate=Rate(per_hour=4)))
        world.run(campaign(world, 10))
        assert told(world) == {(MessageState.ACCEPTED, "", 1): 4, (MessageState.DEFERRED, "rate", 0): 6}
        assert all(
            world.clock() < row.not_before <= world.clock() + timedelta(minutes=75)
            for row in messages(world)
            if row.not_before is not None
        )
        assert len(rules.messages) == 4


def test_a_domain_that_warms_up_sends_bulk_mail_within_the_cap_of_its_day(small_world: World) -> None:
    first, second = Rules(), Rules()
    with ScriptedRelay(first) as one_relay, ScriptedRelay(second) as other_relay, sending(small_world) as world:
        add(world, "satu", replace(HOME, port=one_relay.port))
        add(world, "dua", replace(HOME, port=other_relay.port))
        with world.app.database.write() as session:
            domain = domains_of(profile_of(TENANT))[0]
            set_warm_up(session, profile_of(TENANT), domain, world.clock(), begin=True)
        found = campaign(world, HOURLY[0] + HOURLY[1] + 5)
        world.run(found)
        assert told(world)[MessageState.ACCEPTED, "", 1] == HOURLY[0], "counted over both accounts"
        ways = world.app.mail_accounts.ways
        assert {one.rates.warm_up for one in ways.of(TENANT, EmailType.TRANSACTIONAL)} == {Rate()}
        assert {one.rates.warm_up for one in ways.of("blitar", EmailType.PROMOTIONAL)} == {Rate()}
        world.clock.forward(days=1)
        world.run(found)
        assert told(world)[MessageState.ACCEPTED, "", 1] == HOURLY[0] + HOURLY[1]
        assert len(first.messages) + len(second.messages) == HOURLY[0] + HOURLY[1]
        assert world.ledger(found).balances


def test_a_provider_is_kept_while_its_row_stays_and_made_anew_when_it_changes(small_world: World) -> None:
    ways = small_world.app.mail_accounts.ways
    add(small_world, "relai", HOME)
    (first,) = ways.of(TENANT, EmailType.PROMOTIONAL)
    (same,) = ways.of(TENANT, EmailType.PROMOTIONAL)
    assert same.provider is first.provider
    add(small_world, "relai", replace(HOME, port=2526))
    (other,) = ways.of(TENANT, EmailType.PROMOTIONAL)
    assert other.provider is not first.provider
    assert other.id == first.id


def test_a_cancelled_campaign_stops_what_waits_at_sendgrid(small_world: World, server: SendGridServer) -> None:
    server.now = small_world.clock()
    with sending(small_world) as world:
        account = add(world, "SendGrid", sendgrid(server, hold_minutes=15), KEY)
        found = campaign(world, 60)
        world.app.pipeline.deliver(found, batches=1)
        batches = {body["batch_id"] for body in server.bodies}
        assert batches == set(row_of(world, account).report["batches"].values())
        with world.app.database.write() as session:
            world.app.campaigns.cancel(session, world.staff(Role.MARKETER), found)
        assert (TaskName.CANCEL_HELD_MAIL, {"campaign_id": found}) in world.tasks.asked
        assert world.app.mail_accounts.cancel_held(found) == 1
        assert server.cancelled == batches
        assert "mail_account.cancel_held" in world.audited()


def test_a_secret_lies_sealed_and_comes_out_in_no_list(small_world: World, server: SendGridServer) -> None:
    account = add(small_world, "SendGrid", sendgrid(server), KEY)
    row = row_of(small_world, account)
    kept = json.dumps([row.settings, row.report, row.sealed_credentials, row.remote_id, row.name])
    assert KEY not in kept + repr(line_of(row)) + repr(Login(KEY)) + repr(small_world.app.mail_accounts.ways)
    small_world.app.mail_accounts.remove(TENANT, account)
    assert row_of(small_world, account).sealed_credentials == ""
    assert row_of(small_world, account).state is AccountState.REMOVED
    with pytest.raises(NotFoundError):
        small_world.app.mail_accounts.try_out(TENANT, account)
    assert small_world.audited()[-2:] == ["mail_account.add", "mail_account.removed"]


def test_an_account_of_another_office_does_not_exist(small_world: World) -> None:
    account = add(small_world, "relai", HOME)
    for act in (small_world.app.mail_accounts.pause, small_world.app.mail_accounts.remove):
        with pytest.raises(NotFoundError):
            act("blitar", account)
    assert small_world.app.mail_accounts.standing("blitar") == []


@pytest.mark.parametrize(
    ("provider", "changes", "login", "field"),
    [
        (MailProvider.SMTP, {"location": " "}, Login(), "location"),
        (MailProvider.SMTP, {"host": "https://smtp.kantor.go.id", "tls": "starttls"}, Login(), "host"),
        (MailProvider.SMTP, {"host": "a b", "tls": "starttls"}, Login(), "host"),
        (MailProvider.SMTP, {"host": "smtp.kantor.go.id"}, Login(), "tls"),
        (MailProvider.SMTP, {"port": 0}, Login(), "port"),
        (MailProvider.SMTP, {"weight": 0}, Login(), "weight"),
        (MailProvider.SMTP, {"rate": Rate(per_day=-1)}, Login(), "rate"),
        (MailProvider.SMTP, {}, Login(user="siar"), "secret"),
        (MailProvider.SMTP, {}, Login("a\r\nb", "siar"), "secret"),
        (MailProvider.SMTP, {"hold_minutes": 15}, Login(), ""),
        (MailProvider.SENDGRID, {"host": "https://api.sendgrid.com"}, Login(""), "secret"),
        (MailProvider.SENDGRID, {"host": "https://api.sendgrid.com"}, Login("SG.a\nb"), "secret"),
        (MailProvider.SENDGRID, {"host": "https://jahat.example"}, Login(KEY), "host"),
        (MailProvider.SENDGRID, {"host": "http://api.sendgrid.com"}, Login(KEY), "host"),
        (MailProvider.SENDGRID, {"host": "https://api.sendgrid.com", "hold_minutes": 5}, Login(KEY), "hold_minutes"),
        (
            MailProvider.SENDGRID,
            {"host": "https://api.sendgrid.com", "asm": {Purpose.RETENTION: 0}},
            Login(KEY),
            "asm",
        ),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_sentence(
    small_world: World, provider: MailProvider, changes: dict[str, Any], login: Login, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        small_world.app.mail_accounts.add(TENANT, "akun", provider, replace(HOME, **changes), login)
    assert refused.value.field == field
    assert login.secret not in str(refused.value) or not login.secret


@pytest.mark.redis
@pytest.mark.skipif(not RedisServer.available(), reason="redis-server is not installed")
def test_workers_share_their_rates_through_the_broker(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    try:
        workers = [Rates.shared(server.url, utc_now) for _worker in range(3)]
        limits = AccountRates("7", Rate(per_day=5), {"gmail.com": Rate(per_hour=2)})
        taken = [take(worker, limits, "gmail.com") for worker in workers for _mail in range(3)]
        assert sum(taken) == 2
        others = [take(worker, limits, "lain.example") for worker in workers for _mail in range(3)]
        assert sum(others) == 3
        assert all(isinstance(worker.permits(limits).due(), UsedUp) for worker in workers)
    finally:
        server.stop()
    assert not take(workers[0], limits, "lain.example"), "when nobody can count, nothing leaves"


def take(rates: Rates, limits: AccountRates, domain: str) -> bool:
    """Return whether one mail may leave; what else was taken is given back."""
    permits = rates.permits(limits)
    may = permits.due() == 0.0 and permits.due_for(domain) == 0.0
    if may:
        permits.use(domain)
    permits.give_back()
    return may


def test_messages_of_a_dead_provider_are_not_counted_as_sent(small_world: World) -> None:
    with sending(small_world) as world:
        add(world, "mati", replace(HOME, port=free_port()))
        found = campaign(world)
        world.run(found)
        assert world.ledger(found).balances
        with world.app.database.read() as session:
            assert all(row.lease_owner is None for row in session.query(Message))
