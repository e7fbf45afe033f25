"""Who may do what: every private address asked by every kind of person, and by a neighbour from another Daerah."""

from collections.abc import Mapping

from marketing.domain.types import ChannelName, Purpose, Role
from tests.functional.web.visits import Enter
from tests.support.world import World, add_contact, add_product, promotion

M, A, V, N = "pemasar", "penyetuju", "tim_pengelola", "tanpa peran"
# What each kind of person is answered. Reading pages is for everybody with a role; mails name people.
READ = {M: 200, A: 200, V: 200, N: 403}
MAIL = {M: 200, A: 200, V: 403, N: 403}
WRITE = {M: 200, A: 403, V: 403, N: 403}
PAGES: Mapping[str, Mapping[str, int]] = {
    "/beranda": READ,
    "/katalog": READ,
    "/kampanye": READ,
    "/kampanye/{campaign}": READ,
    "/kampanye/{campaign}/neraca": READ,
    "/kampanye/{campaign}/pratinjau.html": READ,
    "/kampanye/{campaign}/terlewat": MAIL,
    "/beranda/pemulihan": MAIL,
    "/kampanye/susun": WRITE,
    "/kampanye/penerima?jenis=promotional&penerima=semua": WRITE,
    "/kampanye/{draft}/susun": WRITE,
    "/surel/templat": READ,
    "/surel/templat/promotional/diskon": READ,
    "/surel/templat/promotional/diskon/beda": READ,
    "/surel/templat/promotional/diskon/0/pratinjau.html": READ,
    "/kotak-keluar": {M: 303, A: 303, V: 303, N: 403},
    "/kotak-keluar/surat": MAIL,
    "/kotak-keluar/surat/{mail}": MAIL,
    "/kotak-keluar/surat/{mail}/isi.html": MAIL,
    "/kotak-keluar/kesehatan": MAIL,
    "/kotak-keluar/kiriman": READ,
    "/kotak-keluar/kiriman/{post}": READ,
    "/tugas": READ,
    "/tugas/{task}": READ,
    "/tugas/{task}/kode.svg": READ,
    "/tugas/petugas": WRITE,
    "/kotak-keluar/pos/{marker}": {M: 303, A: 303, V: 303, N: 403},
}
# Acts that the role forbids; what the state forbids is tested where it belongs.
FORBIDDEN: Mapping[str, tuple[str, ...]] = {
    "/kampanye/susun": (A, V, N),
    "/kampanye/{draft}/susun": (A, V, N),
    "/kampanye/{draft}/ajukan": (A, V, N),
    "/kampanye/{draft}/setujui": (M, V, N),
    "/kampanye/{draft}/kembalikan": (M, V, N),
    "/kampanye/{draft}/jadwalkan": (A, V, N),
    "/kampanye/{draft}/jeda": (V, N),
    "/kampanye/{draft}/lanjutkan": (M, V, N),
    "/kampanye/{draft}/batalkan": (V, N),
    "/kampanye/{draft}/uji": (V, N),
    "/kampanye/{draft}/giliran": (M, V, N),
    "/kampanye/{campaign}/terlewat/pastikan": (V, N),
    "/kampanye/{campaign}/terlewat/kirim": (M, V, N),
    "/beranda/pemulihan": (M, V, N),
    "/surel/templat/promotional/diskon": (M, A, V, N),
    "/surel/templat/promotional/diskon/pulihkan": (M, A, V, N),
    "/surel/templat/promotional/diskon/pratinjau.html": (M, A, V, N),
    "/tugas/{task}/dibagikan": (N,),
    "/tugas/{task}/ambil": (N,),
    "/tugas/{task}/dihapus": (N,),
    "/tugas/{task}/hasil": (V, N),
    "/tugas/petugas": (A, V, N),
    "/katalog/sinkron": (A, N),
}
FORM = {"versi": "1", "catatan": "Perbaiki.", "tanggal": "2026-12-01", "jam": "09:00", "kapan": "nanti", "giliran": "1"}


def rows(world: World) -> dict[str, int | str]:
    """A campaign that went out by mail and to a group, and a draft."""
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    product = add_product(world.app, 1)
    campaign = world.approved(promotion(product, channels=(ChannelName.EMAIL, ChannelName.WHATSAPP)))
    world.run(campaign)
    with world.app.database.write() as session:
        author = world.staff(Role.MARKETER)
        draft = world.app.campaigns.create(session, author, name="Draf", content=promotion(product), scheduled_at=None)
        marker = f"tts-{world.campaign(campaign).slug}"
        return {"campaign": campaign, "draft": draft.id, "mail": 1, "post": 1, "task": 1, "marker": marker}


def test_every_page_answers_each_role_as_it_should(enter: Enter, world: World) -> None:
    known = rows(world)
    people = {M: enter(Role.MARKETER), A: enter(Role.APPROVER), V: enter(Role.MANAGING_TEAM), N: enter(None)}
    for path, expected in PAGES.items():
        address = path.format(**known)
        for who, visit in people.items():
            assert visit.get(address).status_code == expected[who], (who, address)


def test_no_role_reaches_an_act_that_is_not_its_own(enter: Enter, world: World) -> None:
    known = rows(world)
    people = {M: enter(Role.MARKETER), A: enter(Role.APPROVER), V: enter(Role.MANAGING_TEAM), N: enter(None)}
    for path, forbidden in FORBIDDEN.items():
        for who in forbidden:
            answer = people[who].post(path.format(**known), FORM)
            assert answer.status_code == 403, (who, path, answer.status_code)
    assert world.campaign(int(known["draft"])).state == "draft"
    assert world.campaign(int(known["draft"])).scheduled_at is None


def test_another_daerah_finds_nothing_of_ours(enter: Enter, world: World) -> None:
    known = rows(world)
    marketer, approver = enter(Role.MARKETER, "blitar"), enter(Role.APPROVER, "blitar")
    for path in PAGES:
        if "{" in path and "{marker}" not in path:
            for visit in (marketer, approver):
                expected = 403 if visit is approver and path.endswith("susun") else 404
                assert visit.get(path.format(**known)).status_code == expected, path
    for path in FORBIDDEN:
        if "{" in path:
            for visit in (marketer, approver):
                answer = visit.post(path.format(**known), FORM)
                assert answer.status_code in (403, 404), (path, answer.status_code)
    assert marketer.post(f"/kampanye/{known['draft']}/ajukan").status_code == 404
    assert approver.post(f"/kampanye/{known['draft']}/setujui", {"versi": "1"}).status_code == 404
    assert marketer.post(f"/tugas/{known['task']}/dibagikan").status_code == 404
    for page in ("/beranda", "/kampanye", "/katalog", "/kotak-keluar/surat", "/kotak-keluar/kiriman"):
        text = marketer.page(page)
        assert "orang1@surat.example" not in text
        assert "Tenun 1" not in text
        assert "Tenun baru" not in text
    assert "<output>0</output>" in marketer.page("/kampanye/penerima?jenis=promotional&penerima=semua")
    assert "Tenun 1" not in marketer.page(f"/kotak-keluar/kiriman?kampanye={known['campaign']}")
    assert "Tenun 1" not in marketer.page("/kampanye/susun?produk=1")


def test_ids_that_no_row_can_have(enter: Enter, world: World) -> None:
    visit = enter(Role.MARKETER)
    for row in ("0", "-1", "x", "9" * 30):
        for path in (
            "/kampanye/{}",
            "/kampanye/{}/susun",
            "/kotak-keluar/surat/{}",
            "/kotak-keluar/kiriman/{}",
            "/tugas/{}",
        ):
            assert visit.get(path.format(row)).status_code == 404, (path, row)
    for query in ("halaman=0", "halaman=x"):
        assert visit.get(f"/kampanye?{query}").status_code == 404
    for query in ("kampanye=" + "9" * 40, "q=%00", "q=" + "x" * 900, "keadaan=ngawur&jenis=ngawur"):
        assert visit.get(f"/kotak-keluar/surat?{query}").status_code == 200
        assert visit.get(f"/kotak-keluar/kiriman?{query}").status_code == 200
        assert visit.get(f"/katalog?{query}").status_code == 200


def test_every_answer_carries_the_headers(enter: Enter, world: World) -> None:
    known = rows(world)
    visit = enter(Role.MARKETER)
    addresses = [path.format(**known) for path in PAGES]
    for address in [*addresses, "/masuk", "/tidak-ada/halaman", "/tts", "/sehat", "/u/salah", "/static/css/siar.css"]:
        headers = visit.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, address
        assert "unsafe-eval" not in policy
        assert ("unsafe-inline" in policy) is address.endswith(".html"), address
        assert ("sandbox" in policy) is address.endswith(".html"), address
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
    assert visit.get("/beranda").headers["cache-control"] == "no-store"
    mail = visit.get(f"/kotak-keluar/surat/{known['mail']}/isi.html").headers["content-security-policy"]
    assert "script-src" not in mail
    assert "allow-scripts" not in mail
    assert "allow-same-origin" not in mail


def test_looking_changes_nothing(enter: Enter, world: World) -> None:
    known = rows(world)
    visit = enter(Role.MARKETER)
    before, asked = dump(world), list(world.tasks.asked)
    for path in PAGES:
        visit.get(path.format(**known))
    assert dump(world) == before
    assert world.tasks.asked == asked


def dump(world: World) -> dict[str, list[tuple[object, ...]]]:
    from marketing.db.base import Base

    with world.app.database.read() as session:
        return {
            table.name: sorted((tuple(map(str, row)) for row in session.execute(table.select())), key=str)
            for table in Base.metadata.sorted_tables
        }
