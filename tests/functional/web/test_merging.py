"""One person who was recorded twice becomes one contact: chosen by a role that may, told in the log, nothing lost."""

import pytest
from sqlalchemy import select

from marketing.db.models import Address, AuditEntry, Contact
from marketing.domain.types import Purpose, Role
from tests.functional.web.visits import Enter
from tests.support.world import TENANT, World, add_contact

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # what no engine changes
P = Purpose


def named(world: World, contact: int, name: str, kecamatan: str = "") -> None:
    with world.app.database.write() as session:
        row = session.get_one(Contact, contact)
        row.name, row.kecamatan = name, kecamatan


def test_the_managing_team_merges_a_double_and_the_history_of_both_stays(enter: Enter, world: World) -> None:
    keep, gone, other = (add_contact(world.app, number, P.PROMOTIONAL) for number in (1, 2, 3))
    for contact, name in ((keep, "Budi Tefa"), (gone, "BUDI TEFA"), (other, "Ani")):
        named(world, contact, name, "Soe")
    world.withdraw(gone, P.PROMOTIONAL)
    visit = enter(Role.MANAGING_TEAM)
    assert f'href="/kontak/{keep}/gabung"' in visit.page("/kontak?orang=ganda")
    page = visit.page(f"/kontak/{keep}/gabung")
    assert f'value="{gone}"' in page
    assert f'value="{other}"' not in page
    assert "orang2@surat.example" not in page
    place = visit.act(f"/kontak/{keep}/gabung", {"lain": str(gone), "yakin": "ya"})
    shown = visit.page(place)
    assert "Riwayat keduanya" in shown
    assert f"Tercatat pada kontak nomor {gone}" in shown
    assert visit.get(f"/kontak/{gone}").headers["location"] == f"/kontak/{keep}"
    with world.app.database.read() as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == "contacts.merge")).one()
        assert set(session.scalars(select(Address.contact_id))) == {keep, other}
    assert visit.user is not None
    assert (told.user_id, told.details["gone"], told.details["consents"]) == (visit.user.id, gone, ["promotional"])


def test_what_cannot_be_merged_is_told_and_changes_nothing(enter: Enter, world: World) -> None:
    keep, gone = add_contact(world.app, 1), add_contact(world.app, 2)
    foreign = add_contact(world.app, 3, tenant="blitar")
    visit = enter(Role.OPERATOR)
    place = f"/kontak/{keep}/gabung"
    for data, said in (
        ({"lain": str(gone)}, "Centang dahulu"),
        ({"yakin": "ya"}, "Pilih salah satu"),
        ({"yakin": "ya", "nomor": "tiga"}, "Pilih salah satu"),
        ({"yakin": "ya", "nomor": "9" * 30}, "Pilih salah satu"),
        ({"yakin": "ya", "nomor": str(keep)}, "dua kontak yang berbeda"),
        ({"yakin": "ya", "nomor": str(foreign), "lain": str(gone)}, f"Kontak nomor {foreign} tidak ada"),
        ({"yakin": "ya", "nomor": "4711"}, "Kontak nomor 4711 tidak ada"),
    ):
        answer = visit.post(place, data)
        assert answer.status_code == 422, data
        assert said in answer.text, data
    assert visit.post(f"/kontak/{foreign}/gabung", {"yakin": "ya", "nomor": str(keep)}).status_code == 404
    with world.app.database.read() as session:
        assert set(session.scalars(select(Contact.merged_into))) == {None}
    visit.act(place, {"yakin": "ya", "nomor": str(gone)})
    assert visit.get(f"/kontak/{gone}/gabung").headers["location"] == place


def test_only_those_who_answer_for_the_data_merge(enter: Enter, world: World) -> None:
    keep, gone = add_contact(world.app, 1), add_contact(world.app, 2)
    for role in (Role.MARKETER, Role.APPROVER, Role.COMPANION, Role.HEAD):
        visit = enter(role)
        assert visit.get(f"/kontak/{keep}/gabung").status_code == 403
        assert visit.post(f"/kontak/{keep}/gabung", {"nomor": str(gone), "yakin": "ya"}).status_code == 403
        assert "/gabung" not in visit.page(f"/kontak/{keep}")
    assert enter(Role.OPERATOR, TENANT).get(f"/kontak/{keep}/gabung").status_code == 200
