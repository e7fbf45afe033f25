"""The list of never-send through its page; and who may do what with people, here and from another Daerah."""

import pytest
from sqlalchemy import select

from marketing.db.models import ConsentNow, Suppression
from marketing.domain.consent import ConsentState
from marketing.domain.types import Purpose, Role
from tests.functional.web.visits import Enter
from tests.support.world import World, add_contact

MAIL = "orang1@surat.example"
FORM = {"alamat": MAIL, "sebab": "manual", "catatan": "diminta di loket"}


def standing(world: World) -> list[str]:
    with world.app.database.read() as session:
        return list(session.scalars(select(Suppression.reason)))


def test_an_address_is_stopped_found_and_opened_again(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1)
    visit = enter(Role.OPERATOR)
    assert "tidak ada di daftar henti" in visit.post("/kontak/daftar-henti/cari", {"alamat": MAIL}).text
    assert visit.act("/kontak/daftar-henti", FORM) == "/kontak/daftar-henti?kabar=henti_catat"
    found = visit.post("/kontak/daftar-henti/cari", {"alamat": MAIL.upper().replace("SURAT.EXAMPLE", "surat.example")})
    assert "Alamat itu ada di daftar henti" in found.text
    page = visit.page("/kontak/daftar-henti?sebab=manual")
    for part in (
        "Keputusan dinas",
        "diminta di loket",
        visit.user.name if visit.user else "",
        f'href="/kontak/{number}"',
    ):
        assert part in page, part
    assert MAIL not in page + found.text
    assert "Tidak ada yang cocok" in visit.page("/kontak/daftar-henti?sebab=legal")
    visit.act("/kontak/daftar-henti/1/buka", {"alasan": "salah_catat"})
    assert standing(world) == []
    assert world.audited()[-2:] == ["suppression.added", "suppression.lifted"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"alamat": "maria"}, "Ini bukan alamat"),
        ({"sebab": "erased"}, "Pilih sebabnya"),
        ({"catatan": ""}, "Tulis catatannya"),
        ({"catatan": MAIL}, "tidak boleh memuat alamat"),
    ],
)
def test_a_wrong_entry_is_said_beside_its_field(enter: Enter, world: World, changed: dict[str, str], said: str) -> None:
    answer = enter(Role.MARKETER).post("/kontak/daftar-henti", FORM | changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert standing(world) == []


def test_a_legal_order_opens_only_by_a_letter(enter: Enter, world: World) -> None:
    visit = enter(Role.MANAGING_TEAM)
    visit.act("/kontak/daftar-henti", FORM | {"sebab": "legal"})
    answer = visit.post("/kontak/daftar-henti/1/buka", {"alasan": "perintah_berakhir"})
    assert answer.status_code == 422
    assert "nomor surat yang mengakhirinya" in answer.text
    visit.act("/kontak/daftar-henti/1/buka", {"alasan": "perintah_berakhir", "surat": "440/12/2026"})
    assert standing(world) == []


ACTS = {
    "/kontak/{n}/cabut": {Role.MARKETER, Role.MANAGING_TEAM, Role.OPERATOR},
    "/kontak/{n}/batasi": {Role.MANAGING_TEAM, Role.OPERATOR},
    "/kontak/{n}/buka": {Role.MANAGING_TEAM, Role.OPERATOR},
    "/kontak/daftar-henti": {Role.MARKETER, Role.MANAGING_TEAM, Role.OPERATOR},
    "/kontak/daftar-henti/1/buka": {Role.MANAGING_TEAM, Role.OPERATOR},
}


def test_acts_are_for_their_roles_alone(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1, Purpose.PROMOTIONAL)
    people = {role: enter(role) for role in (*Role, None)}
    people[Role.OPERATOR].act("/kontak/daftar-henti", FORM)
    for path, allowed in ACTS.items():
        for role in {*Role, None} - allowed:
            answer = people[role].post(path.format(n=number), FORM | {"semua": "1", "alasan": "salah_catat"})
            assert answer.status_code == 403, (role, path)
    assert standing(world) == ["manual"]
    with world.app.database.read() as session:
        assert session.scalars(select(ConsentNow.state)).all() == [ConsentState.GIVEN]


def test_no_act_without_the_token_of_its_form(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1, Purpose.PROMOTIONAL)
    visit = enter(Role.OPERATOR)
    visit.act("/kontak/daftar-henti", FORM)
    for path in (*ACTS, "/kontak/cari", "/kontak/daftar-henti/cari"):
        answer = visit.client.post(path.format(n=number), data=FORM | {"semua": "1", "alasan": "salah_catat"})
        assert answer.status_code == 403, path
    assert standing(world) == ["manual"]


def test_the_pages_are_for_staff_and_another_daerah_finds_nothing(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1, Purpose.PROMOTIONAL)
    enter(Role.OPERATOR).act("/kontak/daftar-henti", FORM)
    for path in ("/kontak", f"/kontak/{number}", "/kontak/daftar-henti"):
        assert enter(None).get(path).status_code == 403
        assert enter(signed_in=False).get(path).status_code == 303
    stranger = enter(Role.OPERATOR, "blitar")
    assert "Orang 1" not in stranger.page("/kontak")
    assert "Daftar henti masih kosong" in stranger.page("/kontak/daftar-henti")
    assert "tidak ada di daftar henti" in stranger.post("/kontak/daftar-henti/cari", {"alamat": MAIL}).text
    assert "Tidak ada yang cocok" in stranger.post("/kontak/cari", {"q": MAIL}).text
    for path in (f"/kontak/{number}", f"/kontak/{number}/tanda-terima.json"):
        assert stranger.get(path).status_code == 404
    form = {"semua": "1", "catatan": "x", "alasan": "salah_catat"}
    for path in ("/kontak/{n}/cabut", "/kontak/{n}/batasi", "/kontak/{n}/buka", "/kontak/daftar-henti/1/buka"):
        assert stranger.post(path.format(n=number), form).status_code == 404, path
    assert standing(world) == ["manual"]


@pytest.mark.parametrize(
    "path", ["/kontak/0", "/kontak/99999999999999999999999", "/kontak?sesudah=-1", "/kontak?sebelum=x"]
)
def test_impossible_numbers_are_told_not_to_exist(enter: Enter, world: World, path: str) -> None:
    assert world
    assert enter(Role.OPERATOR).get(path).status_code in (404, 422)
