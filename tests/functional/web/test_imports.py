"""A marketer brings contacts in by the page: file, meaning of columns, dry run, import, errors to download."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from marketing.contacts.importing.reading import LIMITS
from marketing.db.models import Contact, ImportJob
from marketing.domain.types import Role
from marketing.queue import TaskName
from tests.functional.web.visits import Enter, Visit
from tests.support.world import World

PAGE = "/kontak/impor"
FILE = (
    "Nama;Kontak;Persetujuan promosi;Waktu persetujuan;Versi kalimat;Sumber;NIK\n"
    "Budi <script>;081234567890;ya;2026-01-05;2026-1;formulir;5302014506900001\n"
    "Siti;salah;;;;;\n"
)


def send(visit: Visit, content: bytes | str, name: str = "orang.csv", **data: str) -> Any:
    content = content.encode() if isinstance(content, str) else content
    return visit.client.post(PAGE, data={"csrf": visit.csrf, **data}, files={"berkas": (name, content, "text/csv")})


def work(world: World) -> None:
    """Do what the workers were asked for."""
    asked = [ids for task, ids in world.tasks.asked if task is TaskName.IMPORT_CONTACTS]
    world.tasks.asked.clear()
    for ids in asked:
        world.app.imports.run(int(ids["job_id"]))


def count(world: World) -> int:
    with world.app.database.read() as session:
        return session.scalars(select(func.count()).select_from(Contact)).one()


def test_from_the_file_to_the_contacts(enter: Enter, world: World) -> None:
    visit = enter(Role.MARKETER)
    place = send(visit, FILE).headers["location"].partition("?")[0]
    page = visit.page(place)
    assert "Dapat berarti lebih dari satu hal" in page
    assert "<script>" not in page.partition("Baris pertama")[2]
    assert "5302014506900001" not in page
    refused = visit.post(f"{place}/mulai", {"aksi": "hitung"})
    assert (refused.status_code, "Kolom “Kontak”" in refused.text) == (422, True)
    assert "kabar=impor-hitung" in visit.act(f"{place}/mulai", {"aksi": "hitung", "kolom-1": "phone"})
    running = visit.page(place)
    assert f'data-live="{place}"' in running
    assert "live.mjs" in running
    work(world)
    tried = visit.page(place)
    assert "Belum ada yang diubah" in tried
    assert "data-live=" not in tried
    assert count(world) == 0
    errors = visit.get(f"{place}/galat.csv")
    assert errors.headers["content-disposition"].startswith("attachment")
    assert "nomor telepon" in errors.text
    assert "salah" not in errors.text.replace("bermasalah", "")
    visit.act(f"{place}/mulai", {"aksi": "impor", "kolom-1": "phone"})
    work(world)
    assert count(world) == 1
    assert "Berkas yang diunggah sudah dihapus" in visit.page(place)
    assert visit.post(f"{place}/mulai", {"aksi": "impor", "kolom-1": "phone"}).status_code == 403
    assert [one for one in world.audited() if "import" in one] == [
        "contacts.import_try", "contacts.import", "contacts.import_start", "contacts.import",
    ]  # fmt: skip
    with world.app.database.read() as session:
        assert not Path(session.scalars(select(ImportJob.path)).one()).exists()


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COMPANION, Role.HEAD, Role.OPERATOR])
def test_only_marketers_and_the_managing_team_may(enter: Enter, role: Role) -> None:
    visit = enter(role)
    assert visit.get(PAGE).status_code == 403
    assert send(visit, FILE).status_code == 403


def test_nobody_signs_in_by_a_file_and_no_other_site_sends_one(enter: Enter) -> None:
    assert enter(signed_in=False).get(PAGE).status_code in {302, 303}
    visit = enter(Role.MANAGING_TEAM)
    assert send(visit, FILE, csrf="salah").status_code == 403
    assert visit.page(PAGE).count("orang.csv") == 0


def test_a_file_of_another_daerah_is_not_there(enter: Enter) -> None:
    place = send(enter(Role.MARKETER), FILE).headers["location"].partition("?")[0]
    other = enter(Role.MARKETER, "blitar")
    assert other.get(place).status_code == 404
    assert other.get(f"{place}/galat.csv").status_code == 404
    for act in ("mulai", "batal", "lanjut"):
        assert other.post(f"{place}/{act}").status_code == 404


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Pilih berkas"),
        (b"%PDF-1.4", "bukan CSV atau XLSX"),
        (b"PK\x03\x04rusak", "rusak"),
        (b"Produk;Harga\nKain;1\n", "Tidak ada kolom surel"),
        (b"\x00\xff\xfe\x00" * 50, "Tidak ada kolom surel"),
    ],
)
def test_what_is_no_list_of_contacts_is_told_and_not_kept(
    enter: Enter, world: World, content: bytes, told: str
) -> None:
    answer = send(enter(Role.MARKETER), content)
    assert (answer.status_code, told in answer.text) == (422, True), re.sub(r"<[^>]+>|\s+", " ", answer.text)[:900]
    assert not [one for one in (world.app.settings.data_dir / "impor").glob("*") if one.suffix != ".csv"]


def test_a_name_is_never_a_path_and_a_large_upload_is_refused_before_it_is_read(enter: Enter, world: World) -> None:
    visit = enter(Role.MARKETER)
    place = send(visit, FILE, name="../../../etc/cron.d/x<b>.csv").headers["location"].partition("?")[0]
    assert "<b>" not in visit.page(place)
    with world.app.database.read() as session:
        assert Path(session.scalars(select(ImportJob.path)).one()).parent == world.app.settings.data_dir / "impor"
    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": str(LIMITS.bytes * 2)}
    assert visit.client.post(PAGE, content=b"x", headers=headers).status_code == 422


def test_cancelled_before_it_began(enter: Enter, world: World) -> None:
    visit = enter(Role.MARKETER)
    place = send(visit, FILE.replace("Kontak", "HP")).headers["location"].partition("?")[0]
    visit.act(f"{place}/mulai", {"aksi": "impor"})
    visit.act(f"{place}/batal")
    work(world)
    assert "Dibatalkan" in visit.page(place)
    assert count(world) == 0
