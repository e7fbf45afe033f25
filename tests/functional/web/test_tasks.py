"""What only people can do for a post: the task on the phone from the list to the proof, doubts settled, groups and persons."""

import io
import re
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from marketing.channels.base import InDoubt
from marketing.db.models import ChannelAccount, Post, ShareTask
from marketing.delivery.share_tasks import CHECK, ask_person
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role
from tests.functional.web.visits import Enter, Visit
from tests.support.publishers import started, with_broken
from tests.support.world import TENANT, World, add_product, promotion

C = ChannelName
SHARED = "/tugas/1/dibagikan"
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # what no engine changes
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def waiting(world: World, channel: ChannelName = C.WHATSAPP, **changes: object) -> int:
    """Let a campaign leave a task for a person; returns the campaign."""
    campaign = world.approved(promotion(add_product(world.app, 1), channels=(channel,), **changes))
    world.run(campaign)
    return campaign


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (360, 640)).save(out, "PNG")
    return out.getvalue()


def send(visit: Visit, body: bytes, name: str = "layar.png", **fields: str) -> Any:
    """Press the button with a picture chosen."""
    data = {"csrf": visit.csrf, **fields}
    return visit.client.post(SHARED, data=data, files={"bukti": (name, body, "image/png")})


def task(world: World) -> ShareTask:
    with world.app.database.read() as session:
        return session.scalars(select(ShareTask)).one()


def post(world: World) -> Post:
    with world.app.database.read() as session:
        return session.scalars(select(Post)).one()


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_task_is_found_done_and_shown_with_its_name_and_time(enter: Enter, world: World) -> None:
    campaign = waiting(world)
    visit = enter(Role.MARKETER)
    home = visit.page("/beranda")
    assert "1 kiriman Grup WhatsApp siap dibagikan" in home
    assert 'href="/tugas/1"' in home
    assert 'href="/tugas/1"' in visit.page("/tugas")
    page = visit.page("/tugas/1")
    assert re.search(r'href="https://wa\.me/\?text=[^"]*Tenun', page)
    assert "Sudah saya bagikan" in page
    assert 'src="/tugas/1/kode.svg"' in page
    code = visit.get("/tugas/1/kode.svg")
    assert code.headers["content-type"] == "image/svg+xml"
    assert b"<script" not in code.content
    world.clock.forward(hours=1)
    assert visit.act("/tugas/1/ambil") == "/tugas/1?kabar=tugas-diambil"
    assert "untuk Anda" in visit.page("/tugas/1")
    place = visit.act(SHARED)
    assert "sudah dibagikan" in visit.page(place)
    said = "Dibagikan oleh pemasar@tts.example, 22 November 2026 10.00 WITA."
    for address in ("/tugas/1", f"/kampanye/{campaign}", "/kotak-keluar/kiriman/1"):
        assert said in words(visit.page(address)), address
    assert visit.post(SHARED).status_code == 403
    assert visit.post("/tugas/1/ambil").status_code == 403
    assert "siap dibagikan" not in visit.page("/beranda")
    assert (post(world).state, task(world).done_by) == (PostState.PUBLISHED, visit.user and visit.user.id)
    assert world.audited()[-2:] == ["task.taken", "post.shared"]


@ONE
def test_a_proof_is_seen_only_by_who_does_such_tasks(enter: Enter, world: World) -> None:
    waiting(world)
    visit = enter(Role.COMPANION)
    assert send(visit, picture()).status_code == 303
    answer = visit.get("/tugas/1/bukti.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert "no-store" in answer.headers["cache-control"]
    with Image.open(io.BytesIO(answer.content)) as kept:
        assert kept.format == "JPEG"
    for role, status in ((Role.MARKETER, 200), (Role.HEAD, 403), (Role.OPERATOR, 403)):
        assert enter(role).get("/tugas/1/bukti.jpg").status_code == status, role
    assert "bukti.jpg" not in enter(Role.HEAD).page("/tugas/1")
    assert enter(Role.MARKETER, "blitar").get("/tugas/1/bukti.jpg").status_code == 404
    assert enter(signed_in=False).get("/tugas/1/bukti.jpg").status_code == 303
    (file,) = (world.app.settings.proof_dir / TENANT).iterdir()
    assert visit.get(f"/gambar/{file.name}").status_code == 404, "a proof is no public picture"


@ONE
def test_what_is_no_proof_is_refused_beside_its_field_and_nothing_is_confirmed(enter: Enter, world: World) -> None:
    waiting(world)
    visit = enter(Role.MARKETER)
    answer = send(visit, SVG)
    assert answer.status_code == 422
    assert "bukan foto JPEG, PNG, WebP atau GIF" in answer.text
    assert 'id="bukti-salah"' in answer.text
    assert "Sudah saya bagikan" in answer.text
    assert post(world).state is PostState.AWAITING_HUMAN
    assert not world.app.settings.proof_dir.exists()


@ONE
def test_a_picture_of_forty_megabytes_is_refused_before_it_is_read(enter: Enter, world: World) -> None:
    waiting(world)
    visit = enter(Role.MARKETER)
    answer = send(visit, b"\xff\xd8" + bytes(40 * 1024 * 1024))
    assert (answer.status_code, "lebih besar dari 10 MB" in answer.text) == (422, True)
    assert visit.client.post(SHARED, data={"csrf": visit.csrf}, files={"bukti": ("", b"")}).status_code == 303


@ONE
def test_a_form_of_somebody_else_and_more_than_one_file_are_refused(enter: Enter, world: World) -> None:
    waiting(world)
    visit = enter(Role.MARKETER)
    assert send(visit, picture(), csrf="palsu").status_code == 403
    files = [("bukti", ("a.png", picture())), ("lagi", ("b.png", picture()))]
    assert visit.client.post(SHARED, data={"csrf": visit.csrf}, files=files).status_code in (400, 422)
    assert enter(Role.MARKETER, "blitar").post(SHARED).status_code == 404
    assert post(world).state is PostState.AWAITING_HUMAN


@ONE
def test_a_tiktok_draft_has_its_own_steps_and_asks_for_its_address(enter: Enter, world: World) -> None:
    waiting(world, C.TIKTOK)
    visit = enter(Role.MARKETER)
    page = words(visit.page("/tugas/1"))
    assert "Ketuk Kotak Masuk" in page
    assert "Tautan kiriman" in page
    assert "Buka WhatsApp" not in page
    assert visit.get("/tugas/1/kode.svg").status_code == 404
    answer = visit.post(SHARED, {"tautan": "javascript:alert(1)"})
    assert answer.status_code == 422
    assert 'id="tautan-salah"' in answer.text
    visit.act(SHARED, {"tautan": "https://www.tiktok.com/@dinas/photo/1"})
    assert post(world).permalink == "https://www.tiktok.com/@dinas/photo/1"


@ONE
def test_hostile_words_stay_words(enter: Enter, world: World) -> None:
    hostile = "<script>alert(1)</script>"
    waiting(world, headline=hostile, body=hostile)
    visit = enter(Role.MARKETER)
    visit.act("/tugas/petugas", {"nama": f"Grup {hostile}"})
    for address in ("/tugas", "/tugas/1", "/tugas/petugas"):
        page = visit.page(address)
        assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@ONE
def test_a_text_too_long_for_a_code_leads_the_phone_to_the_task(enter: Enter, world: World) -> None:
    waiting(world, body="Kain tenun tangan dari kampung. " * 60)
    page = words(enter(Role.MARKETER).page("/tugas/1"))
    assert "membuka halaman tugas ini di ponsel Anda: siar.example/tugas/1" in page


def doubtful(world: World) -> int:
    """Leave a Facebook post in doubt until a person is asked; returns the campaign."""
    campaign = started(world, C.FACEBOOK)
    publishing, broken, _publishers = with_broken(world, C.FACEBOOK, InDoubt("", "timeout"))
    broken.find = lambda one, _note: InDoubt(one.key, "cannot_tell")  # type: ignore[method-assign]
    for _day in range(8):
        publishing.publish(campaign)
        world.clock.forward(hours=5)
    assert task(world).kind == CHECK
    return campaign


def test_a_post_in_doubt_is_settled_on_its_page_by_a_sender(enter: Enter, world: World) -> None:
    campaign = doubtful(world)
    visit = enter(Role.APPROVER)
    assert "1 kiriman Facebook perlu diperiksa" in visit.page("/beranda")
    page = words(visit.page("/tugas/1"))
    assert "Apakah kiriman ini sudah tayang?" in page
    assert "Cari kiriman di bawah ini di antara yang terbit sekitar 22 November 2026 09.00 WITA" in page
    companion = enter(Role.COMPANION)
    assert "Ya, kirim lagi" not in companion.page("/tugas/1")
    assert companion.post("/tugas/1/hasil", {"hasil": "tidak"}).status_code == 403
    assert visit.post("/tugas/1/hasil", {"hasil": "mungkin"}).status_code == 422
    assert visit.post("/tugas/1/hasil", {"hasil": "ada", "tautan": "data:x"}).status_code == 422
    assert post(world).state is PostState.UNCONFIRMED
    place = visit.act("/tugas/1/hasil", {"hasil": "tidak"})
    assert "mengirimnya lagi" in visit.page(place)
    assert post(world).state is PostState.QUEUED
    assert ("delivery.publish", {"campaign_id": campaign}) in world.tasks.asked
    assert visit.post("/tugas/1/hasil", {"hasil": "ada"}).status_code == 403
    assert world.audited()[-1] == "post.checked"


@ONE
def test_a_doubt_that_stands_is_published_where_the_person_saw_it(enter: Enter, world: World) -> None:
    doubtful(world)
    visit = enter(Role.MARKETER)
    visit.act("/tugas/1/hasil", {"hasil": "ada", "tautan": "https://www.facebook.com/1"})
    assert (post(world).state, post(world).permalink) == (PostState.PUBLISHED, "https://www.facebook.com/1")
    assert "Diperiksa oleh pemasar@tts.example" in words(visit.page("/tugas/1"))


@ONE
def test_a_task_that_settled_itself_says_so_and_takes_no_word(enter: Enter, world: World) -> None:
    waiting(world, C.FACEBOOK)
    with world.app.database.write() as session:
        ask_person(session, session.get_one(Post, 1), CHECK, "Periksa", world.clock())
    visit = enter(Role.MARKETER)
    assert "tidak perlu dikerjakan lagi" in visit.page("/tugas/1")
    assert 'href="/tugas/1"' not in visit.page("/tugas")
    assert visit.post("/tugas/1/hasil", {"hasil": "ada"}).status_code == 403


def test_a_group_is_added_with_its_administrator_whose_the_task_is_then(enter: Enter, world: World) -> None:
    companion = enter(Role.COMPANION)
    visit = enter(Role.MARKETER)
    assert companion.user
    stranger = enter(Role.MARKETER, "blitar").user
    assert stranger
    for name, person in ((" ", ""), ("x" * 101, ""), ("UMKM", str(stranger.id)), ("UMKM", "99"), ("UMKM", "x")):
        assert visit.post("/tugas/petugas", {"nama": name, "petugas": person}).status_code == 422, (name, person)
    visit.act("/tugas/petugas", {"nama": "UMKM Mollo", "petugas": str(companion.user.id)})
    waiting(world)
    assert task(world).assignee_id == companion.user.id
    page = words(companion.page("/tugas"))
    assert "Bagikan ke grup “UMKM Mollo”" in page
    assert "pilih grup “UMKM Mollo”" in words(companion.page("/tugas/1"))
    assert "siap dibagikan" in companion.page("/beranda")
    assert "siap dibagikan" not in visit.page("/beranda"), "a colleague's task is theirs until it is late"
    world.clock.forward(hours=25)
    again = enter(Role.APPROVER)
    assert "1 sudah terlambat" in again.page("/beranda")
    again.act("/tugas/1/ambil")
    with world.app.database.read() as session:
        account = session.scalars(select(ChannelAccount)).one().id
    fresh = enter(Role.OPERATOR)
    fresh.act(f"/tugas/petugas/{account}", {"petugas": ""})
    assert fresh.post(f"/tugas/petugas/{account}", {"petugas": str(stranger.id)}).status_code == 422
    assert enter(Role.OPERATOR, "blitar").post(f"/tugas/petugas/{account}", {"petugas": ""}).status_code == 404
