"""A fresh link to the mailbox is enough to take a copy and to be erased at once; an old, a late and a strange one are not."""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from marketing.contacts.own_data import VALID_FOR
from marketing.db.models import Address, AuditEntry, Contact, DataRequest, Order, Suppression
from marketing.domain.data_rights import RequestState, RightKind
from marketing.domain.links import LinkPurpose
from marketing.domain.types import Purpose, Role
from marketing.privacy import privacy_of
from tests.functional.web.visits import Enter, Visit
from tests.support.orders import add_order
from tests.support.world import TENANT, World, add_contact

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # what no engine changes
K = RightKind


@pytest.fixture(name="person")
def _person(world: World) -> int:
    return add_contact(world.app, 1, Purpose.PROMOTIONAL)


def choices(world: World, person: int) -> str:
    return urlsplit(world.app.signer.url(LinkPurpose.PREFERENCES, person)).path


def asked(visit: Visit, world: World, person: int, act: str) -> str:
    """Press the button of the preference centre and return where the mailed link leads."""
    before = len(world.outbox.sent)
    assert visit.client.post(choices(world, person), data={"aksi": act}).status_code == 303
    privacy_of(world.app).tell_waiting()
    assert len(world.outbox.sent) == before + 1
    return link(world)


def link(world: World) -> str:
    mail = world.outbox.sent[-1]
    found = re.search(r"https://siar\.example(/s/\S+)", mail.text)
    assert found
    assert found[1] in mail.html
    return found[1]


def request_of(world: World, number: int = 1) -> DataRequest:
    with world.app.database.read() as session:
        return session.get_one(DataRequest, number)


def test_a_copy_is_taken_at_once_and_answers_the_request(enter: Enter, world: World, person: int) -> None:
    visit = enter(signed_in=False)
    path = asked(visit, world, person, "data")
    assert request_of(world).state == RequestState.RECEIVED
    page = visit.get(path)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert "orang1@surat.example" not in page.text
    assert request_of(world).state == RequestState.RECEIVED  # looking changes nothing
    answer = visit.client.post(f"{path}/salinan", data={"bentuk": "json"})
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert [one["address"] for one in json.loads(answer.text)["addresses"]] == ["orang1@surat.example"]
    done = request_of(world)
    assert (done.state, done.handled_by, done.done_at) == (RequestState.DONE, None, world.clock())
    assert "orang1@surat.example" in visit.client.post(f"{path}/salinan", data={"bentuk": "html"}).text
    with world.app.database.read() as session:
        taken = session.scalars(select(AuditEntry).where(AuditEntry.action == "privacy.packed")).all()
    assert [one.details["by"] for one in taken] == ["owner", "owner"]
    assert visit.client.post(f"{path}/hapus").status_code == 200  # this link is for a copy alone
    assert request_of(world).kind == K.ACCESS
    with world.app.database.read() as session:
        assert session.get_one(Contact, person).erased_at is None


def test_an_erasure_is_confirmed_by_post_and_done_at_once(enter: Enter, world: World, person: int) -> None:
    visit = enter(signed_in=False)
    copy = asked(visit, world, person, "data")
    path = asked(visit, world, person, "hapus")
    assert "Hapus data saya untuk selamanya" in visit.page(path)
    assert visit.client.post(f"{path}/hapus").headers["location"] == path
    assert "sudah dihapus" in visit.page(path)
    with world.app.database.read() as session:
        assert session.get_one(Contact, person).erased_at == world.clock()
        assert session.scalars(select(Address)).all() == []
        assert [one.reason for one in session.scalars(select(Suppression))] == ["erased"]
        assert {one.state for one in session.scalars(select(DataRequest))} == {RequestState.DONE}
    assert "Surel ini yang terakhir" in world.outbox.sent[-1].text
    sent = len(world.outbox.sent)
    assert visit.client.post(f"{path}/hapus").status_code == 303  # again changes nothing
    assert visit.client.post(f"{copy}/salinan", data={"bentuk": "json"}).status_code == 200
    assert "sudah dihapus" in visit.client.post(f"{copy}/salinan", data={"bentuk": "json"}).text
    assert len(world.outbox.sent) == sent
    assert visit.get(choices(world, person)).status_code == 404


def test_an_open_order_holds_the_erasure_and_the_staff_decide(enter: Enter, world: World, person: int) -> None:
    visit = enter(signed_in=False)
    add_order(world.app, 1, person, events=["paid"])
    path = asked(visit, world, person, "hapus")
    for page in (visit.page(path), visit.client.post(f"{path}/hapus").text):
        assert "belum selesai" in page
        assert "paling lambat 25 November 2026" in re.sub(r"\s+", " ", page)
        assert "untuk selamanya" not in page
    assert request_of(world).state == RequestState.RECEIVED
    queue = enter(Role.MANAGING_TEAM)
    assert "Pertimbangkan dahulu" in queue.page("/kontak/permintaan/1")
    with world.app.database.write() as session:
        session.scalars(select(Order)).one().status = "completed"
    assert "untuk selamanya" in visit.page(path)
    assert "Belum dikonfirmasi lewat tautan" in queue.page("/kontak/permintaan/1")
    visit.client.post(f"{path}/hapus")
    done = queue.page("/kontak/permintaan/1")
    assert "orangnya sendiri, lewat tautannya" in done
    assert "Belum dikonfirmasi" not in done


def test_a_late_link_opens_nothing_but_a_new_one_comes_to_the_address(enter: Enter, world: World, person: int) -> None:
    visit = enter(signed_in=False)
    path = asked(visit, world, person, "hapus")
    world.clock.forward(seconds=VALID_FOR.total_seconds())
    assert "lewat waktunya" in visit.page(path)
    for act in ("hapus", "salinan"):
        answer = visit.client.post(f"{path}/{act}", data={"bentuk": "json"})
        assert "lewat waktunya" in answer.text
        assert "orang1@surat.example" not in answer.text
    assert "Tautan baru diminta" in visit.client.post(f"{path}/baru").text
    privacy_of(world.app).tell_waiting()
    assert link(world) != path
    assert "untuk selamanya" in visit.page(link(world))
    with world.app.database.read() as session:
        assert session.scalars(select(func.count()).select_from(DataRequest)).one() == 1
        assert session.get_one(Contact, person).erased_at is None


def test_pressing_again_and_again_sends_one_link(enter: Enter, world: World, person: int) -> None:
    visit = enter(signed_in=False)
    asked(visit, world, person, "data")
    for _time in range(3):
        visit.client.post(choices(world, person), data={"aksi": "data"})
        privacy_of(world.app).tell_waiting()
    assert len(world.outbox.sent) == 1
    world.clock.forward(minutes=10)
    asked(visit, world, person, "data")


def test_what_the_staff_finish_is_fetched_by_the_person(enter: Enter, world: World, person: int) -> None:
    visit = enter(signed_in=False)
    privacy = privacy_of(world.app)
    number = privacy.ask(TENANT, person, K.PORTABILITY)
    assert world.outbox.sent == []  # somebody at the counter may not be the owner of the mailbox
    privacy.finish(TENANT, number, world.staff(Role.OPERATOR).id, "Terima kasih.")
    answer = visit.client.post(f"{link(world)}/salinan", data={"bentuk": "json"})
    assert json.loads(answer.text)["addresses"]
    refused = privacy.ask(TENANT, person, K.RESTRICT)
    privacy.finish(TENANT, refused, None, "")
    assert "/s/" not in world.outbox.sent[-1].text


def test_no_other_link_and_no_invented_one_opens_the_door(enter: Enter, world: World, person: int) -> None:
    visit = enter(signed_in=False)
    path = asked(visit, world, person, "hapus")
    issued = int(world.clock().timestamp())
    signer = world.app.signer
    urls = [signer.url(purpose, 1, issued) for purpose in LinkPurpose if purpose is not LinkPurpose.OWN_DATA]
    urls += [signer.url(LinkPurpose.OWN_DATA, 1), signer.url(LinkPurpose.OWN_DATA, 4711, issued), f"{path}x"]
    later = int((world.clock() + timedelta(days=9)).timestamp())
    forged = f"/s/1-{'x' * len(str(later))}-{path.rpartition('-')[2]}"
    for url in [*urls, forged]:
        token = url.rpartition("/")[2]
        assert visit.get(f"/s/{token}").status_code == 404
        for act in ("salinan", "hapus", "baru"):
            assert visit.client.post(f"/s/{token}/{act}", data={"bentuk": "json"}).status_code in (404, 429)
    with world.app.database.read() as session:
        assert session.get_one(Contact, person).erased_at is None


def test_without_a_mailbox_the_request_waits_for_the_staff(enter: Enter, world: World, person: int) -> None:
    visit = enter(signed_in=False)
    with world.app.database.write() as session:
        session.delete(session.scalars(select(Address)).one())
    answer = visit.client.post(choices(world, person), data={"aksi": "data"})
    assert "paling lambat 3 × 24 jam" in visit.page(answer.headers["location"])
    privacy_of(world.app).tell_waiting()
    assert world.outbox.sent == []
    assert request_of(world).state == RequestState.RECEIVED
