"""One product before the gate, and the list for the pendamping: everything is told, nothing of another Daerah, nothing runs."""

import csv
import io
import re
from html import unescape

import pytest
from sqlalchemy import select

from marketing.db.models import Business, Product
from marketing.domain.types import Role
from marketing.products.gate import evaluate_gate
from marketing.tenants.profile import profile_of
from tests.functional.web.visits import Enter
from tests.support.world import TENANT, World, add_product

LAPSED = [{"type": "PIRT", "number": "9065302010123-20", "expires": None}]


def ask_gate(world: World) -> None:
    with world.app.database.write() as session:
        evaluate_gate(session, profile_of(TENANT), world.clock())


def words(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_a_held_product_tells_law_cure_remarks_and_its_past(enter: Enter, world: World) -> None:
    number = add_product(world.app, 1)
    ask_gate(world)
    world.clock.forward(days=1)
    with world.app.database.write() as session:
        row = session.get_one(Product, number)
        row.category, row.permits, row.halal_number = "makanan_olahan", LAPSED, "MUI-lama-1234"  # type: ignore[assignment]
        row.halal_status, row.catalog_version = "certified", 2  # type: ignore[assignment]
    ask_gate(world)
    page = words(enter(Role.COMPANION).page(f"/katalog/produk/{number}"))
    for said in (
        "Tertahan",
        "1 alasan menahan produk ini",
        "P-IRT kedaluwarsa 31 Desember 2020.",
        "Perbup TTS 17/2025 Pasal 10 ayat (2) jo. UU 18/2012 Ps. 91 dan PerBPOM 4/2024",
        "Kualitas produk sesuai ketentuan peraturan perundang-undangan.",
        "Supaya lolos: perpanjang P-IRT",
        "Catatan ini tidak menahan produk.",
        "Angka pertama P-IRT 9065302010123-20 bukan kode kemasan 1 sampai 8.",
        "Nomor halal MUI-lama-1234 tidak berbentuk ID dan 17 angka.",
        "23 November 2026 09.00 WITA",
        "katalog versi 2",
        "22 November 2026 09.00 WITA",
        "TTS 10(2)",
        "NIB 0220123456789",
        "NIK pemilik terverifikasi",
    ):
        assert said in page, said
    assert page.index("katalog versi 2") < page.index("katalog versi 1")


def test_a_ready_product_leads_on_and_may_be_promoted_by_those_who_may(enter: Enter, world: World) -> None:
    number = add_product(world.app, 1, price=100_000)
    ask_gate(world)
    page = enter(Role.MARKETER).page(f"/katalog/produk/{number}")
    assert "Produk ini boleh dipromosikan" in page
    assert f'href="/kampanye/susun?produk={number}"' in page
    assert f'src="/gambar/{"a" * 64}.jpg"' in page
    assert "Perlu dilihat" not in page
    assert "/kampanye/susun" not in enter(Role.HEAD).page(f"/katalog/produk/{number}")


def test_the_page_asks_now(enter: Enter, world: World) -> None:
    number = add_product(world.app, 1)
    ask_gate(world)
    with world.app.database.write() as session:
        session.get_one(Product, number).stock = 0
    page = enter(Role.MARKETER).page(f"/katalog/produk/{number}")
    assert "Stok 0: produk tidak dapat dipesan." in page
    assert "/kampanye/susun?produk=" not in page


def test_a_product_that_is_gone_has_a_past_and_no_decision(enter: Enter, world: World) -> None:
    number = add_product(world.app, 1, stock=0)
    ask_gate(world)
    with world.app.database.write() as session:
        session.get_one(Product, number).deleted_at = world.clock()
    page = words(enter(Role.MARKETER).page(f"/katalog/produk/{number}"))
    assert "hilang dari katalog 22 November 2026 09.00 WITA" in page
    assert "Supaya lolos" not in page
    assert "TTS 10(1)c" in page


@pytest.mark.parametrize("path", ["/katalog/produk/{n}", "/katalog/pendampingan", "/katalog/pendampingan.csv"])
def test_only_staff_of_the_own_daerah(enter: Enter, world: World, path: str) -> None:
    number = add_product(world.app, 1, stock=0, promotable=False)
    address = path.format(n=number)
    assert enter(signed_in=False).get(address).status_code == 303
    assert enter(None).get(address).status_code == 403
    for role in Role:
        assert enter(role).get(address).status_code == 200
    elsewhere = enter(Role.MARKETER, "blitar").get(address)
    assert elsewhere.status_code == (404 if "produk" in path else 200)
    assert "Usaha 1" not in elsewhere.text


@pytest.mark.parametrize("number", ["0", "999", "abc", str(2**63)])
def test_no_such_product(enter: Enter, number: str) -> None:
    assert enter(Role.MARKETER).get(f"/katalog/produk/{number}").status_code in (404, 422)


def test_hostile_words_stay_words(enter: Enter, world: World) -> None:
    evil = '"><script>alert(1)</script>'
    number = add_product(world.app, 1, name=evil, stock=0, promotable=False)
    with world.app.database.write() as session:
        session.get_one(Product, number).description = evil
        session.scalars(select(Business)).one().name = evil
    visit = enter(Role.MARKETER)
    for path in (f"/katalog/produk/{number}", "/katalog/pendampingan", "/katalog?tab=tertahan"):
        assert "<script>alert" not in visit.page(path)


def test_the_lists_lead_to_the_page(enter: Enter, world: World) -> None:
    held, ready = add_product(world.app, 1, stock=0, promotable=False), add_product(world.app, 2)
    ask_gate(world)
    visit = enter(Role.MARKETER)
    assert f'href="/katalog/produk/{held}"' in visit.page("/katalog?tab=tertahan")
    assert f'href="/katalog/produk/{ready}"' in visit.page("/katalog?tab=siap")
    assert 'href="/katalog/pendampingan"' in visit.page("/katalog")


def test_guidance_gathers_per_business_and_can_be_searched(enter: Enter, world: World) -> None:
    for number in range(1, 24):
        add_product(world.app, number, stock=0, promotable=False)
    add_product(world.app, 30)
    ask_gate(world)
    visit = enter(Role.COMPANION)
    first, second = visit.page("/katalog/pendampingan"), visit.page("/katalog/pendampingan?halaman=2")
    assert "23 UMKM mempunyai produk yang tertahan" in first
    assert (first.count('class="held"'), second.count('class="held"')) == (20, 3)
    assert "Perbup TTS 17/2025 Pasal 9 ayat (1) huruf e" in first
    assert "Langkah berikut:" in first
    found = words(visit.page("/katalog/pendampingan?q=usaha+23"))
    assert "1 dari 1 produk tertahan" in found
    assert "Usaha 22" not in found
    assert "Tidak ada yang cocok" in visit.page("/katalog/pendampingan?q=usaha+30")


def test_nobody_to_help_is_said(enter: Enter, world: World) -> None:
    add_product(world.app, 1)
    ask_gate(world)
    page = enter(Role.COMPANION).page("/katalog/pendampingan")
    assert "Tidak ada yang perlu didampingi" in page
    assert "pendampingan.csv" not in page


def test_the_file_holds_every_gap_and_no_formula(enter: Enter, world: World) -> None:
    number = add_product(world.app, 1, stock=0, promotable=False, name="=HYPERLINK(1)")
    add_product(world.app, 2, promotable=False, price=None, permits=[])
    with world.app.database.write() as session:
        business = session.get_one(Product, number).business
        business.name, business.nib = '@SUM(1);"x"', ""
    answer = enter(Role.COMPANION).get("/katalog/pendampingan.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="pendampingan-tts-2026-11-22.csv"'
    assert answer.text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert [(row["Id usaha"], row["Kode"]) for row in rows] == [
        ("U-1", "TTS 10(1)a"),
        ("U-1", "TTS 10(1)c"),
        ("U-2", "TTS 10(1)c"),
    ]
    assert rows[0]["Usaha"] == '\'@SUM(1);"x"'
    assert rows[0]["Produk"] == "'=HYPERLINK(1)"
    assert rows[0]["Kontak"] == "'+6281200000001"
    assert all(not str(cell).startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
