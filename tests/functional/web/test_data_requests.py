"""The queue shows what presses first, the staff answer within the hour, and each act is theirs by name."""

import json
import re

import pytest
from sqlalchemy import select

from marketing.db.models import AuditEntry, Contact, DataRequest
from marketing.domain.data_rights import RequestState, RightKind
from marketing.domain.types import Purpose, Role
from marketing.privacy import privacy_of
from tests.functional.web.visits import Enter
from tests.support.world import TENANT, World, add_contact

K = RightKind
QUEUE = "/kontak/permintaan"


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def request_of(world: World, number: int) -> DataRequest:
    with world.app.database.read() as session:
        return session.get_one(DataRequest, number)


def test_the_late_one_stands_first_and_is_loud(enter: Enter, world: World) -> None:
    privacy = privacy_of(world.app)
    late = privacy.ask(TENANT, add_contact(world.app, 1), K.ERASE)
    world.clock.forward(hours=60)
    soon = privacy.ask(TENANT, add_contact(world.app, 2), K.ACCESS)
    world.clock.forward(hours=50)
    fine = privacy.ask(TENANT, add_contact(world.app, 3), K.RESTRICT)
    page = enter(Role.MARKETER).page(QUEUE)
    places = [page.index(f'href="{QUEUE}/{number}"') for number in (late, soon, fine)]
    assert places == sorted(places)
    said = words(page)
    assert "1 permintaan sudah lewat batas waktunya" in said
    for part in ("terlambat 1 hari 14 jam", "sisa 22 jam", "sisa 3 hari", "UU 27/2022 Ps. 43"):
        assert part in said, part


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COMPANION, Role.HEAD])
def test_who_has_nothing_to_do_with_contacts_sees_no_requests(enter: Enter, role: Role) -> None:
    visit = enter(role)
    for path in (QUEUE, "/kontak/pelanggaran"):
        assert visit.get(path).status_code == 403


def test_a_marketer_looks_and_cannot_act(enter: Enter, world: World) -> None:
    contact = add_contact(world.app, 1)
    number = privacy_of(world.app).ask(TENANT, contact, K.ERASE)
    visit = enter(Role.MARKETER)
    page = visit.page(f"{QUEUE}/{number}")
    assert f"{QUEUE}/{number}/selesai" not in page
    for act in ("mulai", "selesai", "tolak", "perbaiki", "salinan"):
        assert visit.post(f"{QUEUE}/{number}/{act}", {"yakin": "ya", "alasan": "x"}).status_code == 403
    assert visit.post(QUEUE, {"alamat": "orang1@surat.example", "jenis": "erase"}).status_code == 403
    assert visit.post("/kontak/pelanggaran", {}).status_code == 403
    assert request_of(world, number).state == RequestState.RECEIVED
    assert enter(Role.OPERATOR, "blitar").get(f"{QUEUE}/{number}").status_code == 404


def test_a_request_by_telephone_is_taken_in_started_and_answered(enter: Enter, world: World) -> None:
    contact = add_contact(world.app, 1, *Purpose)
    visit = enter(Role.MANAGING_TEAM)
    wrong = visit.post(QUEUE, {"alamat": "tak-dikenal@surat.example", "jenis": "terbang"})
    assert wrong.status_code == 422
    assert "Tidak ada kontak dengan alamat ini" in wrong.text
    assert "tak-dikenal@surat.example" in wrong.text
    address = visit.act(QUEUE, {"alamat": " Orang1@Surat.Example ", "jenis": "object"})
    number = int(re.findall(r"\d+", address)[0])
    visit.act(f"{QUEUE}/{number}/mulai")
    assert request_of(world, number).state == RequestState.IN_PROGRESS
    visit.act(f"{QUEUE}/{number}/selesai", {"jawaban": "<b>Beres.</b>"})
    done = request_of(world, number)
    assert visit.user is not None
    assert (done.state, done.handled_by, done.contact_id) == (RequestState.DONE, visit.user.id, contact)
    assert visit.post(f"{QUEUE}/{number}/selesai").status_code == 409
    page = visit.page(f"{QUEUE}?tab=selesai")
    assert f"{QUEUE}/{number}" in page
    assert "&lt;b&gt;Beres." in visit.page(f"{QUEUE}/{number}")
    assert [mail.subject for mail in world.outbox.sent] == ["Permintaan Anda: Menolak pemrofilan"]


def test_an_erasure_wants_one_more_word_and_then_leaves_nobody(enter: Enter, world: World) -> None:
    contact = add_contact(world.app, 1)
    number = privacy_of(world.app).ask(TENANT, contact, K.ERASE, source="preferensi")
    visit = enter(Role.OPERATOR)
    held = visit.post(f"{QUEUE}/{number}/selesai", {"jawaban": "Selamat jalan."})
    assert held.status_code == 422
    assert "Centang dahulu" in held.text
    assert "Selamat jalan." in held.text
    visit.act(f"{QUEUE}/{number}/selesai", {"jawaban": "Selamat jalan.", "yakin": "ya"})
    with world.app.database.read() as session:
        assert session.get_one(Contact, contact).name == ""
    assert "Orang 1" not in visit.page(f"{QUEUE}/{number}")
    assert visit.post(f"{QUEUE}/{number}/salinan", {"bentuk": "json"}).status_code == 403
    assert "Selamat jalan." in world.outbox.sent[0].text


def test_a_refusal_without_a_reason_stays_on_the_page(enter: Enter, world: World) -> None:
    number = privacy_of(world.app).ask(TENANT, add_contact(world.app, 1), K.ACCESS)
    visit = enter(Role.OPERATOR)
    assert visit.post(f"{QUEUE}/{number}/tolak", {"alasan": " "}).status_code == 422
    visit.act(f"{QUEUE}/{number}/tolak", {"alasan": "Bukan orangnya."})
    assert request_of(world, number).answer == "Bukan orangnya."


def test_the_copy_downloads_in_both_shapes_and_is_written_down(enter: Enter, world: World) -> None:
    number = privacy_of(world.app).ask(TENANT, add_contact(world.app, 1), K.PORTABILITY)
    visit = enter(Role.OPERATOR)
    answer = visit.post(f"{QUEUE}/{number}/salinan", {"bentuk": "json"})
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(answer.text)["addresses"][0]["address"] == "orang1@surat.example"
    page = visit.post(f"{QUEUE}/{number}/salinan", {"bentuk": "html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "orang1@surat.example" in page.text
    with world.app.database.read() as session:
        log = session.scalars(select(AuditEntry).where(AuditEntry.action == "privacy.packed")).all()
    assert visit.user is not None
    assert {(one.user_id, one.details["shape"]) for one in log} == {(visit.user.id, "json"), (visit.user.id, "html")}


def test_a_correction_is_made_on_the_page_of_its_request(enter: Enter, world: World) -> None:
    contact = add_contact(world.app, 1)
    number = privacy_of(world.app).ask(TENANT, contact, K.RECTIFY)
    other = privacy_of(world.app).ask(TENANT, contact, K.ACCESS)
    visit = enter(Role.OPERATOR)
    wrong = visit.post(f"{QUEUE}/{number}/perbaiki", {"nama": "Maria", "surel": "salah", "telepon": ""})
    assert wrong.status_code == 422
    assert "salah tulis" in wrong.text
    visit.act(f"{QUEUE}/{number}/perbaiki", {"nama": "Maria Tefa", "surel": "maria@surat.example", "telepon": ""})
    with world.app.database.read() as session:
        standing = session.get_one(Contact, contact)
        assert (standing.name, standing.addresses[0].normalised) == ("Maria Tefa", "maria@surat.example")
    assert visit.post(f"{QUEUE}/{other}/perbaiki", {"nama": "X"}).status_code == 403


def test_both_notices_of_a_breach_are_drafted_with_the_clock_and_the_log(enter: Enter, world: World) -> None:
    privacy_of(world.app).ask(TENANT, add_contact(world.app, 1), K.ACCESS)
    world.clock.forward(hours=2)
    visit = enter(Role.OPERATOR)
    assert 'value="2026-11-22"' in visit.page("/kontak/pelanggaran")
    typed = {
        "tahu-tanggal": "2026-11-22", "tahu-jam": "10:30", "terjadi-tanggal": "2026-11-22", "terjadi-jam": "08:00",
        "apa": "<script>nama</script> dan surel", "bagaimana": "Berkas salah kirim.", "banyak": "1200", "tangani": "", "lembaga": "Komdigi",
    }  # fmt: skip
    answer = visit.post("/kontak/pelanggaran", typed)
    assert answer.status_code == 200
    said = words(answer.text)
    for part in (
        "Kirim paling lambat 25 November 2026 10.30 WITA", "sisa 2 hari 23 jam", "UU 27/2022 Ps. 46", "Kepada: Komdigi", "1.200 orang",
        "(belum diketahui; lengkapi sebelum dikirim)", "privacy.asked", "1 kali",
    ):  # fmt: skip
        assert part in said, part
    assert "<script>nama" not in answer.text
    assert "Orang 1" not in answer.text
    for change in (
        {"tahu-tanggal": "2027-01-01"}, {"tahu-tanggal": "kemarin"}, {"terjadi-jam": "11:00"}, {"apa": ""}, {"banyak": "dua"},
        {"terjadi-tanggal": "0001-01-01"}, {"banyak": "²"},
    ):  # fmt: skip
        assert visit.post("/kontak/pelanggaran", typed | change).status_code == 422, change
