"""The staff find a person, read why each message went or not, write a withdrawal down, and see no more than their role needs."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketing.contacts.addresses import address_hash
from marketing.contacts.consent_service import record_consent
from marketing.contacts.merging import merge
from marketing.db.models import Address, AuditEntry, ConsentNow, ConsentRecord, Contact, Message, Order
from marketing.domain.consent import ConsentEvent, ConsentState
from marketing.domain.types import ChannelName, Purpose, Role
from marketing.privacy import privacy_of
from tests.functional.web.visits import Enter
from tests.support.world import TENANT, World, add_contact, add_contacts, add_product, messages, promotion

P = Purpose
MAIL = "orang1@surat.example"
KEEPERS = (Role.MARKETER, Role.MANAGING_TEAM, Role.OPERATOR)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def phone(world: World, contact_id: int, number: str) -> None:
    with world.app.database.write() as session:
        session.add(
            Address(
                tenant_id=TENANT,
                contact_id=contact_id,
                channel=ChannelName.WHATSAPP,
                normalised=number,
                hash=_hash(world, number),
            )
        )


def _hash(world: World, normalised: str) -> str:
    return address_hash(world.app.settings.signing_key, TENANT, normalised)


def test_a_whole_address_finds_its_person_and_stands_in_no_address_of_ours(enter: Enter, world: World) -> None:
    one, two = add_contact(world.app, 1), add_contact(world.app, 2)
    phone(world, two, "+6281234567890")
    visit = enter(Role.HEAD)
    for typed, hit, miss in ((" ORANG1@surat.example ", one, two), ("0812 3456 7890", two, one)):
        answer = visit.post("/kontak/cari", {"q": typed})
        assert answer.status_code == 200
        assert f'href="/kontak/{hit}"' in answer.text
        assert f'href="/kontak/{miss}"' not in answer.text
        assert typed.strip() not in answer.text
    assert "Tidak ada yang cocok" in visit.post("/kontak/cari", {"q": "tidak@ada.example"}).text
    for typed in ("orang1@surat", "0812 345"):  # a part of an address
        answer = visit.post("/kontak/cari", {"q": typed})
        assert answer.status_code == 200
        assert "q=" not in answer.text.partition("<main")[2]
    assert visit.act("/kontak/cari", {"q": "Orang 2", "jenis": "masyarakat"}) == "/kontak?q=Orang+2&jenis=masyarakat"


def test_parts_of_addresses_are_searched_only_by_roles_that_see_them(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1)
    for role in Role:
        visit = enter(role)
        found = f'href="/kontak/{number}"' in visit.page("/kontak?q=surat.exa")
        assert found is (role in KEEPERS), role
        assert f'href="/kontak/{number}"' in visit.page("/kontak?q=orang")


def test_the_list_masks_addresses_and_the_page_shows_them_to_some(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1, P.PROMOTIONAL)
    for role in Role:
        visit = enter(role)
        assert MAIL not in visit.page("/kontak")
        assert "o***@surat.example" in visit.page("/kontak")
        assert (MAIL in visit.page(f"/kontak/{number}")) is (role in KEEPERS), role


def test_the_list_is_narrowed_by_kind_consent_and_standing(enter: Enter, world: World) -> None:
    given, refused, silent = (
        add_contact(world.app, 1, P.PROMOTIONAL),
        add_contact(world.app, 2, P.PROMOTIONAL),
        add_contact(world.app, 3),
    )
    world.withdraw(refused, P.PROMOTIONAL)
    world.suppress(silent)
    with world.app.database.write() as session:
        session.get_one(Contact, given).paused_until = world.clock() + timedelta(days=3)
        session.get_one(Contact, silent).restricted_at = world.clock()
    visit = enter(Role.MARKETER)
    for query, expected in (
        ("", {given, refused, silent}),
        ("tujuan=promotional", {given}),
        ("tujuan=promotional&keadaan=withdrawn", {refused}),
        ("tujuan=newsletter&keadaan=none", {given, refused, silent}),
        ("keadaan=none", {silent}),
        ("orang=henti", {silent}),
        ("orang=dibatasi", {silent}),
        ("orang=dijeda", {given}),
        ("orang=dihapus", set()),
        ("jenis=penyedia", set()),
        ("q=%25", set()),
        ("jenis=%27&tujuan=x&keadaan=y&orang=z", {given, refused, silent}),
    ):
        page = visit.page(f"/kontak?{query}")
        assert set(map(int, re.findall(r'href="/kontak/(\d+)"', page))) == expected, query


def test_pages_lead_on_by_key_and_back(enter: Enter, world: World) -> None:
    numbers = add_contacts(world.app, range(1, 104))
    visit, seen, address = enter(Role.MARKETER), [], "/kontak"
    while address:
        page = visit.page(address)
        seen += [int(one) for one in re.findall(r'row-title"><a href="/kontak/(\d+)"', page)]
        found = re.search(r'href="([^"]+)" rel="next"', page)
        last, address = address, found[1].replace("&amp;", "&") if found else ""
    assert seen == sorted(numbers, reverse=True)
    back = re.search(r'href="([^"]+)" rel="prev"', visit.page(last))
    assert back
    page = visit.page(back[1].replace("&amp;", "&"))
    assert [int(one) for one in re.findall(r'row-title"><a href="/kontak/(\d+)"', page)] == seen[50:100]


def test_every_message_says_why_it_went_or_not(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1, P.PROMOTIONAL)
    product = add_product(world.app, 1)
    world.run(world.approved(promotion(product)))
    world.withdraw(number, P.PROMOTIONAL)
    world.run(world.approved(promotion(product)))
    sent, skipped = messages(world)
    page = words(enter(Role.MANAGING_TEAM).page(f"/kontak/{number}"))
    assert f"Diizinkan oleh baris {sent.consent_event_id} buku besar (UU 27/2022 Ps. 20(2)a)" in page
    assert skipped.article == "UU 27/2022 Ps. 40"
    assert "Tidak dikirim: Menarik persetujuannya (UU 27/2022 Ps. 40)" in page
    assert "Promosi produk UMKM : Dicabut" in page


def test_the_history_shows_the_text_that_was_shown_and_who_wrote_it_down(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1)
    staff = world.staff(Role.MARKETER)
    with world.app.database.write() as session:
        event = ConsentEvent(P.NEWSLETTER, ConsentState.GIVEN, world.clock(), "2026-1", "kertas", language="id")
        refused = record_consent(
            session,
            tenant_id=TENANT,
            contact_id=number,
            events=[event],
            now=world.clock(),
            evidence={"scan": "ARSIP-7"},
            recorded_by=staff.id,
        )
        session.add(
            Order(
                tenant_id=TENANT, external_id="O-1", number="ORD-1", contact_id=number, placed_at=world.clock(),
                status="selesai", shipping_cost=0, total=350_000, complaint=None, content_hash="",
            )
        )  # fmt: skip
    assert refused == []
    page = words(enter(Role.OPERATOR).page(f"/kontak/{number}"))
    for part in ("Buletin UMKM : Disetujui", "formulir kertas", "versi 2026-1", "Pindaian kertas ARSIP-7", staff.name):
        assert part in page, part
    assert "Ya, kirimi saya buletin UMKM" in page.partition("Bunyi teks yang ditampilkan")[2]
    assert "ORD-1 Rp350.000" in page


def test_a_withdrawal_is_written_down_for_the_person_and_holds_at_once(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1, P.PROMOTIONAL, P.NEWSLETTER)
    world.app.planner.start(world.approved(promotion(add_product(world.app, 1))))
    visit = enter(Role.MARKETER)
    form = {"tujuan": ["promotional", "'"], "catatan": "menelepon ke loket"}
    assert visit.act(f"/kontak/{number}/cabut", form) == f"/kontak/{number}?kabar=dicabut"
    with world.app.database.read() as session:
        states = {row.purpose: row.state for row in session.scalars(select(ConsentNow))}
        line = session.scalars(select(ConsentRecord).order_by(ConsentRecord.id.desc())).first()
        (message,) = session.scalars(select(Message))
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert states == {P.PROMOTIONAL: ConsentState.WITHDRAWN, P.NEWSLETTER: ConsentState.GIVEN}
    assert line
    assert visit.user
    assert (line.recorded_by, line.source, line.evidence) == (visit.user.id, "petugas", {"note": "menelepon ke loket"})
    assert (message.state, message.reason) == ("skipped", "withdrawn")
    assert entry
    assert (entry.action, entry.details["purposes"]) == ("consent.withdrawn_for", ["promotional"])
    assert "loket" not in json.dumps(entry.details)
    page = words(visit.page(f"/kontak/{number}"))
    assert "menelepon ke loket" in page
    assert "petugas, atas permintaan orangnya" in page


def test_leaving_everything_puts_the_address_on_the_list(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1, P.PROMOTIONAL)
    visit = enter(Role.OPERATOR)
    visit.act(f"/kontak/{number}/cabut", {"semua": "1", "catatan": "surat masuk 12"})
    assert "Berhenti dari semuanya" in words(visit.page(f"/kontak/{number}"))
    assert "Alamat itu ada di daftar henti" in visit.post("/kontak/daftar-henti/cari", {"alamat": MAIL}).text


@pytest.mark.parametrize(
    "form", [{"catatan": "x"}, {"tujuan": "promotional"}, {"semua": "1", "catatan": f"dari {MAIL}"}]
)
def test_a_withdrawal_without_purpose_or_with_an_address_in_its_note_is_refused(
    enter: Enter, world: World, form: dict[str, str]
) -> None:
    number = add_contact(world.app, 1, P.PROMOTIONAL)
    assert enter(Role.MARKETER).post(f"/kontak/{number}/cabut", form).status_code == 422
    with world.app.database.read() as session:
        assert session.scalars(select(ConsentNow.state)).all() == [ConsentState.GIVEN]


def test_a_merged_contact_leads_to_the_one_that_goes_on(enter: Enter, world: World) -> None:
    keep, gone = add_contact(world.app, 1), add_contact(world.app, 2, P.NEWSLETTER)
    with world.app.database.write() as session:
        merge(session, keep, gone, tenant_id=TENANT, user_id=None, now=world.clock())
    visit = enter(Role.MARKETER)
    answer = visit.get(f"/kontak/{gone}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/kontak/{keep}")
    page = words(visit.page(f"/kontak/{keep}"))
    assert f"Digabung dari kontak nomor {gone}" in page
    assert f"Tercatat pada kontak nomor {gone}" in page
    assert f'href="/kontak/{gone}"' not in visit.page("/kontak")


def test_probable_doubles_are_listed_and_nothing_is_merged(enter: Enter, world: World) -> None:
    one, two = add_contact(world.app, 1), add_contact(world.app, 2)
    with world.app.database.write() as session:
        for number in (one, two):
            row = session.get_one(Contact, number)
            row.name, row.kecamatan = "Maria", "Kota Soe"
    visit = enter(Role.MARKETER)
    page = visit.page("/kontak?orang=ganda")
    assert f'href="/kontak/{one}"' in page
    assert f'href="/kontak/{two}"' in page
    assert "nama dan kecamatan yang sama" in page
    with world.app.database.read() as session:
        assert session.get_one(Contact, two).merged_into is None


def test_of_an_erased_person_only_what_is_kept_is_shown(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1, P.PROMOTIONAL)
    privacy_of(world.app).erase(TENANT, number, None)
    visit = enter(Role.OPERATOR)
    page = visit.page(f"/kontak/{number}")
    assert "Data orang ini dihapus" in page
    assert "Promosi produk UMKM" in page  # the ledger stays as proof
    assert not re.search(r"orang1|Orang 1|/cabut|/batasi", page)
    assert f'href="/kontak/{number}"' in visit.page("/kontak?orang=dihapus")
    assert visit.post(f"/kontak/{number}/cabut", {"semua": "1", "catatan": "x"}).status_code == 403
    assert visit.post(f"/kontak/{number}/batasi").status_code == 403
    page = visit.page("/kontak/daftar-henti")
    assert "Tidak dapat dibuka" in page
    assert "/buka" not in page


def test_a_restriction_is_set_and_lifted_by_those_who_may(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1)
    visit = enter(Role.MANAGING_TEAM)
    visit.act(f"/kontak/{number}/batasi")
    assert "Dibatasi" in words(visit.page(f"/kontak/{number}"))
    visit.act(f"/kontak/{number}/buka")
    assert "Dibatasi" not in words(visit.page(f"/kontak/{number}"))
    assert world.audited()[-2:] == ["privacy.restricted", "privacy.lifted"]


@pytest.mark.parametrize("shape", ["27560", "kantara"])
def test_the_receipt_is_a_file_without_the_address(enter: Enter, world: World, shape: str) -> None:
    number = add_contact(world.app, 1, P.PROMOTIONAL)
    visit = enter(Role.MARKETER)
    answer = visit.get(f"/kontak/{number}/tanda-terima.json?bentuk={shape}")
    assert answer.json()
    assert f"tts-{number}" in answer.text
    assert MAIL not in answer.text
    assert visit.get(f"/kontak/{number}/tanda-terima.json?bentuk=xml").status_code == 404
    assert visit.get(f"/kontak/{add_contact(world.app, 2)}/tanda-terima.json").status_code == 404


def test_the_file_of_all_is_posted_for_written_down_and_holds_no_formula(enter: Enter, world: World) -> None:
    number = add_contact(world.app, 1, P.PROMOTIONAL)
    with world.app.database.write() as session:
        session.get_one(Contact, number).name = "=HYPERLINK(1)"
    visit = enter(Role.OPERATOR)
    answer = visit.post("/kontak/unduh.csv")
    assert "'=HYPERLINK(1)" in answer.text
    assert MAIL in answer.text
    assert world.audited()[-1] == "contacts.exported"
    assert visit.client.post("/kontak/unduh.csv").status_code == 403
    assert enter(Role.HEAD).post("/kontak/unduh.csv").status_code == 403
    assert visit.get("/kontak/unduh.csv").status_code == 405
