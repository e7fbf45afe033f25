"""What readers do: clicks are counted apart from machines, leaving is immediate, nothing happens by looking."""

import re

import pytest
from sqlalchemy import select

from marketing.db.models import ConsentNow, Event, Message, Suppression
from marketing.domain.events import EventType
from marketing.domain.links import LinkPurpose
from marketing.domain.types import ChannelName, Purpose, Role
from tests.functional.web.visits import Enter, Visit
from tests.support.world import World, add_contact, add_product, promotion

SCANNER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture(name="reader")
def _reader(enter: Enter, world: World) -> Visit:
    add_contact(world.app, 1, Purpose.PROMOTIONAL, Purpose.NEWSLETTER)
    every = (ChannelName.EMAIL, ChannelName.WEBSITE)
    world.run(world.approved(promotion(add_product(world.app, 1), channels=every)))
    return enter(signed_in=False)


def link(world: World, pattern: str) -> str:
    found = re.search(rf'"https://siar\.example({pattern}[^"]+)"', world.outbox.sent[0].html)
    assert found
    return found[1]


def leave_link(world: World) -> str:
    return world.app.signer.url(LinkPurpose.UNSUBSCRIBE, 1).removeprefix("https://siar.example")


def events(world: World, kind: EventType) -> list[Event]:
    with world.app.database.read() as session:
        return list(session.scalars(select(Event).where(Event.type == kind).order_by(Event.id)))


def test_a_click_is_counted_once_and_leads_on(reader: Visit, world: World, enter: Enter) -> None:
    address = link(world, "/k/")
    for _time in range(2):
        answer = reader.get(address)
        assert answer.status_code == 302
        assert answer.headers["location"].startswith("https://siar.example/galeri/tts")
    assert [hit.machine for hit in events(world, EventType.CLICKED)] == [False]
    assert events(world, EventType.CLICKED)[0].contact_id is None  # no consent to be named
    page = enter(Role.MARKETER).page("/kampanye/1")
    assert re.search(r"Klik orang</dt><dd[^>]*>1</dd>", page)


def test_machines_are_kept_apart(reader: Visit, world: World, enter: Enter) -> None:
    address = link(world, "/k/")
    reader.get(address, headers={"User-Agent": SCANNER})
    reader.client.head(address)
    assert all(hit.machine for hit in events(world, EventType.CLICKED))
    page = enter(Role.MARKETER).page("/kampanye/1")
    assert re.search(r"Klik orang</dt><dd[^>]*>0</dd>", page)


@pytest.mark.parametrize("token", ["1-2-x", "1-1-" + "A" * 22, "https:%2f%2fjahat.example"])
def test_an_unknown_link_leads_nowhere(reader: Visit, token: str) -> None:
    answer = reader.get(f"/k/{token}?url=https://jahat.example&next=//jahat.example")
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_opening_is_noted_and_looks_the_same_for_everybody(reader: Visit, world: World) -> None:
    known, unknown = reader.get(link(world, "/b/")), reader.get("/b/salah")
    assert known.content == unknown.content
    assert len(events(world, EventType.OPENED)) == 1


def test_looking_at_the_page_to_leave_changes_nothing(reader: Visit, world: World) -> None:
    page = reader.page(leave_link(world))
    assert "Berhenti" in page
    assert "orang1@" not in page
    assert standing(world, Purpose.PROMOTIONAL) == "given"
    assert events(world, EventType.UNSUBSCRIBED) == []


@pytest.mark.parametrize("multipart", [False, True])
def test_one_click_leaves_at_once(reader: Visit, world: World, multipart: bool) -> None:
    body = {"List-Unsubscribe": (None, "One-Click")} if multipart else None
    answer = reader.client.post(
        leave_link(world), **({"files": body} if body else {"data": {"List-Unsubscribe": "One-Click"}})
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert standing(world, Purpose.PROMOTIONAL) == "withdrawn"
    assert standing(world, Purpose.NEWSLETTER) == "given"
    world.run(world.approved(promotion(add_product(world.app, 2))))
    assert len(world.outbox.sent) == 1
    with world.app.database.read() as session:
        assert session.scalars(select(Message.reason).where(Message.campaign_id == 2)).one() == "withdrawn"


def test_a_person_may_leave_everything(reader: Visit, world: World) -> None:
    answer = reader.client.post(leave_link(world), data={"lingkup": "semua"})
    assert answer.status_code == 200
    assert standing(world, Purpose.NEWSLETTER) == "withdrawn"
    with world.app.database.read() as session:
        assert session.scalars(select(Suppression.reason)).one() == "unsubscribe_all"


def test_an_unknown_token_leaves_nobody(reader: Visit, world: World) -> None:
    assert reader.client.post("/u/salah", data={"lingkup": "semua"}).status_code == 404
    assert reader.client.post("/u/salah", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert standing(world, Purpose.PROMOTIONAL) == "given"


def test_the_mail_in_the_browser_and_why_it_came(reader: Visit, world: World) -> None:
    url = world.app.signer.url
    shown = reader.get(url(LinkPurpose.WEB_VIEW, 1).removeprefix("https://siar.example"))
    assert "Tiga tenun baru" in shown.text
    assert shown.headers["x-robots-tag"] == "noindex"
    why = reader.page(url(LinkPurpose.WHY, 1).removeprefix("https://siar.example"))
    assert "UU 27/2022 Ps. 20(2)a" in why
    assert "orang1@" not in why


def standing(world: World, purpose: Purpose) -> str:
    with world.app.database.read() as session:
        return session.get_one(ConsentNow, (1, purpose)).state


def test_mail_services_may_send_many_genuine_clicks_but_guesses_are_limited(reader: Visit, world: World) -> None:
    genuine = [
        reader.client.post(leave_link(world), data={"List-Unsubscribe": "One-Click"}).status_code for _n in range(70)
    ]
    assert set(genuine) == {200}
    guesses = [
        reader.client.post("/u/1-AAAAAAAAAAAAAAAAAAAAAA", data={"List-Unsubscribe": "One-Click"}).status_code
        for _n in range(70)
    ]
    assert guesses[0] == 200
    assert guesses[-1] == 429
