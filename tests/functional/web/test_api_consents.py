"""Consent at somebody else's check-out: it counts once its owner confirmed it, and a no is never lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from marketing.contacts.consent_proof import prove
from marketing.db.models import Address, Answered, ApiKey, ConsentRecord, Contact, Subscription, Suppression
from marketing.db.session import Database
from marketing.domain.api_key import KeyScope
from marketing.domain.consent import ConsentState
from marketing.domain.types import ChannelName, Purpose
from tests.support.api import Program
from tests.support.subscribing import MAIL, states, suppress, token_in_mail
from tests.support.world import TENANT, World, add_contact, add_product, messages, promotion

PHONE = "+6281234567890"


@pytest.fixture(name="world")
def _world(small_world: World) -> World:
    """On SQLite; what locks and engines could change is tested on both below."""
    return small_world


@pytest.fixture(name="shop")
def _shop(world: World) -> Iterator[Program]:
    with Program.opened(world) as program:
        yield program


def count(world: World, table: type) -> int:
    with world.app.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def last_line(world: World) -> ConsentRecord:
    with world.app.database.read() as session:
        return session.scalars(select(ConsentRecord).order_by(ConsentRecord.id.desc()).limit(1)).one()


def test_a_ticked_box_waits_until_the_owner_of_the_mailbox_confirms(shop: Program, world: World) -> None:
    assert shop.states(shop.checkout()) == {"promotional": "pending"}
    assert (count(world, ConsentRecord), count(world, Contact)) == (0, 0)
    world.app.subscriptions.mail(int(world.tasks.asked[-1][1]["subscription_id"]))
    assert world.outbox.sent[-1].recipient_address == MAIL
    row = world.app.subscriptions.confirm(token_in_mail(world))
    assert row is not None
    assert row.contact_id is not None
    assert states(world, row.contact_id) == {Purpose.PROMOTIONAL: ConsentState.GIVEN}
    line = last_line(world)
    kept = {name: line.evidence[name] for name in ("api_key", "place", "page", "order", "network", "user_agent")}
    assert kept == {
        "api_key": shop.key.prefix,
        "place": "checkout",
        "page": "https://toko.example/bayar",  # without what it was asked: that may be a person's data
        "order": "INV-17",
        "network": "203.0.113.0/24",
        "user_agent": "Peramban",
    }
    assert line.wording_hash == shop.yes()["wording"]["sha256"]
    with world.app.database.read() as session:
        assert prove(session, TENANT).fault is None


def test_a_shop_that_confirms_addresses_itself_may_vouch(shop: Program, world: World) -> None:
    both = {"email": MAIL, "phone": "0812-3456-7890", "name": "Maria"}
    boxes = [
        shop.yes(Purpose.NEWSLETTER),
        shop.yes(Purpose.WHATSAPP_MARKETING),
        {"purpose": "retention", "given": False},
    ]
    found = shop.states(shop.vouched(*boxes, person=both))
    assert found == {"newsletter": "given", "whatsapp_marketing": "given", "retention": "unchanged"}
    assert world.tasks.asked == []
    with world.app.database.read() as session:
        rows = session.scalars(select(Address).order_by(Address.id)).all()
        assert {(row.channel, row.normalised) for row in rows} == {
            (ChannelName.EMAIL, MAIL),
            (ChannelName.WHATSAPP, PHONE),
        }
        assert len({row.contact_id for row in rows}) == 1
        assert all(row.confirmed_at == world.clock() for row in rows)
    assert set(states(world, rows[0].contact_id)) == {Purpose.NEWSLETTER, Purpose.WHATSAPP_MARKETING}
    line = last_line(world)
    assert (line.source, line.evidence["address_proof"]) == ("api", "link")
    assert shop.states(shop.vouched(shop.yes(Purpose.NEWSLETTER))) == {"newsletter": "given"}
    assert count(world, ConsentRecord) == 2  # what stands is not written again


def test_an_unticked_box_withdraws_nothing_and_a_withdrawal_does(shop: Program, world: World) -> None:
    maria = add_contact(world.app, 1, Purpose.PROMOTIONAL, Purpose.NEWSLETTER, email=MAIL)
    unticked = {"purpose": "promotional", "given": False}
    assert shop.states(shop.checkout(unticked)) == {"promotional": "unchanged"}
    assert states(world, maria)[Purpose.PROMOTIONAL] is ConsentState.GIVEN
    assert shop.states(shop.checkout({**unticked, "withdrawn": True})) == {"promotional": "withdrawn"}
    assert states(world, maria) == {
        Purpose.PROMOTIONAL: ConsentState.WITHDRAWN,
        Purpose.NEWSLETTER: ConsentState.GIVEN,
    }


def test_nobody_is_vouched_back_in(shop: Program, world: World) -> None:
    maria = add_contact(world.app, 1, Purpose.PROMOTIONAL, email=MAIL)
    world.clock.forward(hours=1)
    world.withdraw(maria, Purpose.PROMOTIONAL)
    before = {"collected_at": (world.clock() - timedelta(minutes=1)).isoformat()}
    assert shop.states(shop.vouched(**before)) == {"promotional": "unchanged"}  # said before the no
    assert world.tasks.asked == []
    world.clock.forward(hours=1)
    assert shop.states(shop.vouched()) == {"promotional": "pending"}
    assert states(world, maria)[Purpose.PROMOTIONAL] is ConsentState.WITHDRAWN
    assert len(world.tasks.asked) == 1


@pytest.mark.parametrize("reason", ["erased", "legal", "complaint", "unsubscribe_all"])
def test_an_address_that_must_be_left_alone_is_not_taken_in(shop: Program, world: World, reason: str) -> None:
    suppress(world, MAIL, reason)
    assert shop.states(shop.vouched()) == {"promotional": "pending"}
    assert (count(world, Contact), count(world, ConsentRecord)) == (0, 0)
    world.app.subscriptions.mail(int(world.tasks.asked[-1][1]["subscription_id"]))
    assert len(world.outbox.sent) == (1 if reason == "unsubscribe_all" else 0)  # only that one is the owner's to lift


def test_two_addresses_of_two_people_stay_two_people(shop: Program, world: World) -> None:
    maria = add_contact(world.app, 1, email=MAIL)
    shop.states(shop.vouched(shop.yes(Purpose.WHATSAPP_MARKETING), person={"phone": PHONE}))
    both = {"email": MAIL, "phone": PHONE}
    shop.states(shop.vouched(shop.yes(), shop.yes(Purpose.WHATSAPP_MARKETING), person=both))
    assert set(states(world, maria)) == {Purpose.PROMOTIONAL}
    assert count(world, Contact) == 2


def test_leaving_from_the_account_page_holds_at_once(shop: Program, world: World) -> None:
    maria = add_contact(world.app, 1, *Purpose, email=MAIL)
    campaign = world.approved(promotion(add_product(world.app, 1)))
    world.app.planner.start(campaign)
    body = {"person": {"email": MAIL.upper()}, "purposes": ["promotional"], "source": "akun"}
    answer = shop.post("withdrawals", body)
    assert (answer.status_code, answer.json()["withdrawn"]) == (200, ["promotional"])
    assert [row.reason for row in messages(world)] == ["withdrawn"]
    assert states(world, maria)[Purpose.NEWSLETTER] is ConsentState.GIVEN
    everything = {"person": {"email": MAIL}, "everything": True, "source": "akun"}
    assert len(shop.post("withdrawals", everything).json()["withdrawn"]) == len(Purpose)
    assert set(states(world, maria).values()) == {ConsentState.WITHDRAWN}
    assert count(world, Suppression) == 1
    world.clock.forward(hours=1)
    assert shop.states(shop.vouched()) == {"promotional": "pending"}


def test_an_unknown_address_leaves_with_the_same_answer_and_stays_away(shop: Program, world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL, email=MAIL)
    body = {"purposes": ["promotional"], "source": "akun"}
    known, unknown = (shop.post("withdrawals", {**body, "person": {"email": to}}) for to in (MAIL, "x@y.example"))
    assert known.json() == unknown.json()
    away = {"everything": True, "source": "akun", "person": {"email": "x@y.example"}}
    assert shop.post("withdrawals", away).status_code == 200
    assert count(world, Suppression) == 1


def test_the_same_request_again_is_answered_as_the_first_time(shop: Program, world: World) -> None:
    body = shop.vouched()
    first = shop.post("consents", body, name="satu-nomor")
    world.clock.forward(days=6)  # so late that it would be refused today
    again = shop.post("consents", body, name="satu-nomor")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    other = shop.post("consents", {**body, "order_id": "INV-18"}, name="satu-nomor")
    assert other.status_code == 422
    assert "Nomor permintaan" in other.json()["detail"]
    assert count(world, ConsentRecord) == 1
    neighbour = shop.other()
    assert neighbour.states(neighbour.checkout(), name="satu-nomor") == {
        "promotional": "given"
    }  # names are the key's own
    world.clock.forward(days=31)
    world.app.sweeper.sweep()
    assert count(world, Answered) == 0


def test_a_refused_request_leaves_its_name_free(shop: Program, world: World) -> None:
    late = shop.checkout(collected_at=(world.clock() - timedelta(hours=73)).isoformat())
    assert shop.post("consents", late, name="satu-nomor").status_code == 422
    assert shop.states(shop.checkout(), name="satu-nomor") == {"promotional": "pending"}


def test_the_texts_to_show_are_told_whole_and_prove_themselves(shop: Program) -> None:
    headers = {"Authorization": f"Bearer {shop.key.secret}"}
    answer = shop.client.get("/api/v1/wordings?locale=en", headers=headers).json()["wordings"]
    assert {one["purpose"] for one in answer} == set(Purpose) - {Purpose.SOSIALISASI, Purpose.TELEGRAM_MARKETING}
    for one in answer:
        shown = {"version": one["version"], "language": one["language"], "text": one["text"]}
        box = {"purpose": one["purpose"], "given": True, "wording": shown}
        person = {"email": MAIL, "phone": PHONE}
        assert shop.states(shop.vouched(box, person=person)) == {one["purpose"]: "given"}


def test_a_key_is_used_by_day_and_ends_when_it_is_revoked(shop: Program, world: World) -> None:
    from marketing.accounts import api_keys

    shop.states(shop.checkout())
    with world.app.database.write() as session:
        row = session.scalars(select(ApiKey)).one()
        assert str(row.last_used_on) == "2026-11-22"
        assert shop.key.secret not in f"{row.hash}{row.prefix}{row.name}"
        api_keys.revoke(session, tenant_id=TENANT, prefix=row.prefix, user_id=None, now=world.clock())
    answer = shop.post("consents", shop.checkout())
    assert answer.status_code == 401
    assert world.audited()[-2:] == ["api_key.added", "api_key.revoked"]


def test_a_key_without_the_right_may_neither_vouch_nor_read_nor_leave(shop: Program, world: World) -> None:
    plain = shop.other(KeyScope.CONSENTS)
    refused = plain.post("consents", plain.vouched())
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/address_proof")
    leaves = {"person": {"email": MAIL}, "everything": True, "source": "akun"}
    assert plain.post("withdrawals", leaves).status_code == 403
    assert shop.other(KeyScope.WITHDRAWALS).post("consents", plain.checkout()).status_code == 403
    assert count(world, Subscription) == 0


def test_a_key_of_one_daerah_touches_nobody_of_another(shop: Program, world: World) -> None:
    maria = add_contact(world.app, 1, Purpose.PROMOTIONAL, email=MAIL)
    other = shop.other(tenant="blitar")
    leaves: dict[str, Any] = {"person": {"email": MAIL}, "everything": True, "source": "akun"}
    assert other.post("withdrawals", leaves).status_code == 200
    assert states(world, maria)[Purpose.PROMOTIONAL] is ConsentState.GIVEN


def test_on_either_engine_twins_are_one_and_leaving_stops_what_waits(database: Database, tmp_path: Path) -> None:
    world = World.make(database, tmp_path)
    with Program.opened(world) as shop:
        body = shop.vouched()
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _turn: shop.post("consents", body, name="satu-nomor"), range(4)))
        assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
        assert (count(world, ConsentRecord), count(world, Contact)) == (1, 1)
        world.app.planner.start(world.approved(promotion(add_product(world.app, 1))))
        leaves = {"person": {"email": MAIL}, "everything": True, "source": "akun"}
        with ThreadPoolExecutor(4) as pool:
            gone = list(pool.map(lambda _turn: shop.post("withdrawals", leaves, name="nomor-dua"), range(4)))
        assert {(answer.status_code, answer.text) for answer in gone} == {(200, gone[0].text)}
    assert [row.reason for row in messages(world)] == ["withdrawn"]
    assert count(world, ConsentRecord) == 1 + len(Purpose)
    assert count(world, Suppression) == 1
