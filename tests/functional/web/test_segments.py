"""Segments on the web: built row by row or written as text, without a script; counted as they stand; used by campaigns."""

import html
import re

import pytest
from sqlalchemy import func, select

from marketing.db.models import Contact, Segment
from marketing.domain.types import Purpose, Role
from tests.functional.web.visits import Answer, Enter, Visit, typed
from tests.support.world import World, add_contact, add_product, messages

NEW = "/kontak/segmen/susun"
TEXT = {"cara": "teks", "nama": "Masyarakat", "teks": "kelompok = masyarakat dan izin(promotional=given)"}
ROWS = {
    "cara": "baris", "nama": "Pembeli kerajinan", "gabung": "dan", "s0-jenis": "kind", "s0-nilai": ["masyarakat", "penyedia"],
    "s1-jenis": "bought", "s1-category": "kerajinan", "s1-days": "180", "s1-spent": "1.500.000", "s2-jenis": "clicked",
    "s2-days": "90", "s2-bukan": "ya",
}  # fmt: skip
SAID = "kind in (masyarakat, penyedia) and bought(category=kerajinan, days=180, spent=1500000) and not clicked(days=90)"


def plain(answer: Answer) -> str:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text if hasattr(answer, "text") else answer))
    return html.unescape(text)


def fields(page: str) -> dict[str, list[str]]:
    """Return what a browser would send of the big form, buttons apart."""
    form = (
        page.split('name="cara"', maxsplit=1)[0].rpartition("<form")[2]
        + page.split('name="cara"', 1)[1].split("</form>", maxsplit=1)[0]
    )
    found: dict[str, list[str]] = {"cara": re.findall(r'^ value="(\w+)"', page.split('name="cara"', 1)[1])}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        ticked = not re.search(r'type="(checkbox|radio)"', tag) or " checked" in tag
        if name and ticked and name[1] != "csrf":
            found.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    for name, options in re.findall(r'<select[^>]*name="([^"]*)">(.*?)</select>', form):
        values = re.findall(r'value="([^"]*)"( selected)?', options)
        found[name] = [next((value for value, chosen in values if chosen), values[0][0])]
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name] = [html.unescape(value)]
    return found


def step(visit: Visit, page: str, act: str, **changes: str) -> str:
    """Press a button of the form as it stands."""
    answer = visit.post(NEW, {**fields(page), **changes, "aksi": act})
    assert answer.status_code == 200, plain(answer)
    return str(answer.text)


def test_a_segment_is_built_row_by_row_and_counted_at_every_step(enter: Enter, world: World) -> None:
    for number in range(3):
        add_contact(world.app, number, *([Purpose.PROMOTIONAL] if number else []))
    visit = enter(Role.MARKETER)
    page = step(visit, visit.page(NEW), "tambah", tambah="consent")
    assert "2. Izin" in plain(page)
    assert "Lengkapi syaratnya" in plain(page)
    page = step(visit, page, "hitung", **{"s0-nilai": "masyarakat", "s1-untuk": "promotional", "s1-keadaan": "given"})
    assert "2 orang termasuk sekarang Masyarakat yang mengizinkan promosi" in plain(page)
    page = step(visit, page, "hitung", **{"s1-bukan": "ya"})
    assert "1 orang termasuk sekarang Masyarakat yang tidak mengizinkan promosi" in plain(page)
    page = step(visit, page, "buang-1")
    assert "3 orang termasuk sekarang Masyarakat" in plain(page)
    page = step(visit, page, "teks")
    assert fields(page)["teks"] == ["kind = masyarakat"]
    page = step(visit, page, "baris", teks="alamat(email) atau bukan terdaftar(hari=9)")
    assert fields(page)["gabung"] == ["atau"]
    assert (fields(page)["s0-kanal"], fields(page)["s1-days"], fields(page)["s1-bukan"]) == (["email"], ["9"], ["ya"])
    page = step(visit, page, "baris", cara="teks", teks="clicked() and (received() or clicked())")
    assert fields(page)["cara"] == ["teks"]  # rows cannot say it


def test_what_rows_say_is_saved_shown_again_and_listed_in_words(enter: Enter, world: World) -> None:
    visit = enter(Role.MARKETER)
    place = visit.act(NEW, {**ROWS, "aksi": "simpan"})
    page = visit.page(place)
    assert "Segmen tersimpan." in page
    again = fields(page)
    assert again["s0-nilai"] == ["penyedia", "masyarakat"]
    assert (again["s1-spent"], again["s2-bukan"], again["nama"]) == (["1500000"], ["ya"], ["Pembeli kerajinan"])
    with world.app.database.read() as session:
        assert session.scalars(select(Segment.expression)).one()["text"] == SAID
    assert world.audited()[-1] == "segment.saved"
    words = plain(enter(Role.APPROVER).page("/kontak/segmen"))
    assert (
        "Masyarakat atau Penyedia yang membeli kerajinan paling sedikit senilai Rp1.500.000 dalam 180 hari terakhir dan tidak mengklik"
        in words
    )
    visit.act(place.partition("?")[0], {**TEXT, "aksi": "simpan"})
    with world.app.database.read() as session:
        assert session.scalars(select(Segment.name)).one() == "Masyarakat"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nama": " "}, "Beri segmen nama"),
        ({"teks": ""}, "Kolom 1:"),
        ({"teks": "kelompok = masyarakat dan"}, "Kolom 26: ada akhir teks"),
        ({"teks": "segment(77)"}, "Segmen nomor 77 tidak ada."),
        ({"teks": "(" * 9_000}, "terlalu dalam"),
        ({"teks": "x" * 30_000}, "paling panjang 20000 huruf"),
        ({"teks": "<script>alert(1)</script>"}, "Kolom 1: tanda “<”"),
        ({"cara": "baris", "s0-jenis": "bought", "s0-days": "<b>"}, "“<b>” bukan angka."),
        ({"cara": "baris", "s0-jenis": "bought", "s0-category": "emas"}, "makanan_olahan"),
        ({"cara": "baris", "s0-jenis": "name", "s0-nilai": ""}, "Isi “Nilai”."),
        ({"cara": "baris", "s0-jenis": "consent", "s0-untuk": "x) or clicked(", "s0-keadaan": "given"}, "diharapkan promotional"),
        ({"cara": "baris", "s0-jenis": "mantra"}, "Kolom 1:"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost_or_saved(
    enter: Enter, world: World, changes: dict[str, str], sentence: str
) -> None:
    answer = enter(Role.MARKETER).post(NEW, {**TEXT, **changes, "aksi": "simpan"})
    assert answer.status_code == 422
    assert sentence in plain(answer)
    assert "<script>alert" not in answer.text
    if changes.get("teks") == "segment(77)":
        assert fields(answer.text)["teks"] == ["segment(77)"]
    with world.app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Segment)) == 0


def test_only_those_who_write_campaigns_change_segments_of_their_own_daerah(enter: Enter, world: World) -> None:
    marketer = enter(Role.MARKETER)
    place = marketer.act(NEW, {**TEXT, "aksi": "simpan"}).partition("?")[0]
    for role in (Role.COMPANION, Role.HEAD, Role.OPERATOR, Role.MANAGING_TEAM):
        visit = enter(role)
        for path in ("/kontak/segmen", NEW, place):
            assert visit.get(path).status_code == 403, (role, path)
    assert enter(Role.APPROVER).post(f"{place}/hapus").status_code == 403
    stranger = enter(Role.MARKETER, "blitar")
    assert stranger.get(place).status_code == stranger.post(place, TEXT).status_code == 404
    assert stranger.post(f"{place}/hapus").status_code == 404
    assert marketer.client.post(f"{place}/hapus", data={"csrf": "palsu"}).status_code == 403
    assert "Belum ada segmen" in stranger.page("/kontak/segmen")


def test_a_campaign_takes_a_segment_minus_another_counts_live_and_holds_both(enter: Enter, world: World) -> None:
    ids = [add_contact(world.app, number, Purpose.PROMOTIONAL) for number in range(4)]
    with world.app.database.write() as session:
        session.get_one(Contact, ids[0]).locale = "en"
        session.get_one(Contact, ids[1]).kecamatan = "Molo"
    visit, product = enter(Role.MARKETER), add_product(world.app, 1)
    visit.act(NEW, {**TEXT, "nama": "Indonesia", "teks": "locale = id", "aksi": "simpan"})
    visit.act(NEW, {**TEXT, "nama": "Molo", "teks": "kecamatan = molo", "aksi": "simpan"})
    count = visit.page("/kampanye/penerima?jenis=promotional&penerima=segmen:1&kecuali=2")
    assert "<output>2</output>" in count
    assert "<output>3</output>" in visit.page("/kampanye/penerima?jenis=promotional&penerima=semua&kecuali=2")
    assert visit.get("/kampanye/penerima?jenis=promotional&penerima=segmen:9").status_code == 404
    assert visit.get("/kampanye/penerima?jenis=promotional&penerima=segmen:x").status_code == 422
    chosen = {"penerima": "segmen:1", "kecuali": ["2"]}
    place = visit.act("/kampanye/susun", {**typed(product, **chosen), "aksi": "simpan"})
    page = visit.page(place)
    assert re.search(r'name="penerima" value="segmen:1" checked', page)
    assert re.search(r'name="kecuali" value="2" checked', page)
    shown = visit.post("/kampanye/susun", {**typed(product, **chosen), "aksi": "hitung"})
    assert "<output>2</output>" in shown.text
    for number in (1, 2):
        answer = visit.post(f"/kontak/segmen/{number}/hapus")
        assert answer.status_code == 403
        assert "kampanye “Tenun pekan ini”" in plain(answer)
    assert "kampanye “Tenun pekan ini”" in plain(visit.page("/kontak/segmen/1"))
    for wrong in ({"penerima": "segmen:99"}, {"kecuali": ["99"]}):
        answer = visit.post("/kampanye/susun", {**typed(product, **wrong), "aksi": "simpan"})
        assert (answer.status_code, "sudah tidak ada" in answer.text) == (422, True)
    number = int(re.findall(r"\d+", place)[0])
    visit.act(f"/kampanye/{number}/susun", {**typed(product, **chosen), "aksi": "ajukan"})
    enter(Role.APPROVER).act(f"/kampanye/{number}/setujui", {"versi": "2"})
    with world.app.database.write() as session:
        session.get_one(Contact, ids[2]).kecamatan = "MOLO"  # between approval and start
    world.app.planner.start(number)
    assert {message.contact_id for message in messages(world)} == {ids[3]}
    assert "Orang di segmen “Indonesia” yang menyetujui promosi, kecuali segmen “Molo”" in plain(
        visit.page(f"/kampanye/{number}")
    )


def test_a_segment_that_nothing_needs_is_deleted(enter: Enter, world: World) -> None:
    visit = enter(Role.MARKETER)
    place = visit.act(NEW, {**TEXT, "aksi": "simpan"}).partition("?")[0]
    visit.act(NEW, {**TEXT, "nama": "Luar", "teks": "segmen(1)", "aksi": "simpan"})
    assert "segmen “Luar”" in plain(visit.post(f"{place}/hapus"))
    visit.act("/kontak/segmen/2/hapus")
    page = visit.page(visit.act(f"{place}/hapus"))
    assert "Segmen dihapus." in page
    assert "Belum ada segmen" in page
    assert world.audited()[-1] == "segment.deleted"
