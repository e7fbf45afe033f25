"""Sources are connected, tried, pulled and forgotten by those who may; nobody enters an address inside our own network."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import escape
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog_sync.saved_sources import SourceSpec, access, keep
from catalog_sync.sources import outside
from catalog_sync.sources.base import SourceFormat
from marketing.db.models import AuditEntry, CatalogSource, Product, SetAside, SyncRun
from marketing.domain.sealing import Sealer
from marketing.domain.types import Role
from marketing.errors import CatalogError
from marketing.queue import TaskName
from marketing.sample.server import CatalogueServer
from tests.functional.web.visits import Enter
from tests.support.world import TENANT, World

PUBLIC = "https://93.184.215.14/api"  # a literal, so that no test asks a name server
HOSTILE = "=1+1<script>alert(1)</script>"


def typed(**changes: str) -> dict[str, str]:
    return {
        "nama": "toko",
        "bentuk": "contract",
        "alamat": PUBLIC,
        "token": "rahasia-1",
        "pemetaan": "",
        "menit": "",
    } | changes


def sealer(world: World) -> Sealer:
    return Sealer((world.app.settings.signing_key,))


def kept(world: World, name: str = "toko") -> CatalogSource | None:
    with world.app.database.read() as session:
        return session.get(CatalogSource, (TENANT, name))


def secrets(world: World, name: str = "toko") -> dict[str, str]:
    row = kept(world, name)
    assert row
    return access(row, sealer(world))


def keep_source(world: World, name: str, format_: SourceFormat, location: str, **more: object) -> None:
    """Connect a source as the command line does."""
    with world.app.database.write() as session:
        spec = SourceSpec(name, format_, location, **more)  # type: ignore[arg-type]
        keep(session, TENANT, spec, sealer(world), world.clock())


def add_run(world: World, *aside: str, source: str = "toko", tenant: str = TENANT, **changes: object) -> int:
    values: dict[str, object] = {
        "started_at": world.clock(),
        "finished_at": world.clock() + timedelta(seconds=72),
        "state": "done",
        "counts": {"new": 3, "changed": 41, "unchanged": 1160, "deleted": 2, "set_aside": len(aside), "withheld": 0},
    } | changes
    with world.app.database.write() as session:
        run = SyncRun(tenant_id=tenant, source=source, **values)
        session.add(run)
        session.flush()
        for reason in aside:
            session.add(
                SetAside(
                    tenant_id=tenant,
                    sync_run_id=run.id,
                    kind="product",
                    external_id="P-9",
                    reason=reason,
                    excerpt="Rahasia",
                )
            )
        return run.id


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_source_is_entered_and_its_secrets_are_never_shown_again(enter: Enter, world: World) -> None:
    visit = enter(Role.MANAGING_TEAM)
    assert "Belum ada sumber" in visit.page("/katalog/sumber")
    secret = f"{PUBLIC}?kunci=rahasia-2"
    place = visit.act("/katalog/sumber/simpan", typed(alamat=secret, menit="30"))
    assert secrets(world) == {"location": secret, "token": "rahasia-1", "outside_only": True}
    pages = visit.page(place) + visit.page("/katalog/sumber/isi?sumber=toko")
    assert "Sumber tersimpan" in pages
    assert "tiap 30 menit" in pages
    assert PUBLIC in pages
    assert "rahasia-" not in pages
    row = kept(world)
    assert row
    assert row.not_before == world.clock() + timedelta(minutes=30), "time to try it first"
    with world.app.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "source.add")).one()
        assert entry.subject == "source:toko"
        assert "rahasia" not in json.dumps(entry.details)


def test_a_change_keeps_what_was_not_typed_again(enter: Enter, world: World) -> None:
    visit = enter(Role.OPERATOR)
    visit.act("/katalog/sumber/simpan", typed(alamat=f"{PUBLIC}?kunci=rahasia-2"))
    change = typed(nama="lain", token="", menit="60")
    visit.act("/katalog/sumber/simpan?sumber=toko", change)
    assert secrets(world) == {"location": f"{PUBLIC}?kunci=rahasia-2", "token": "rahasia-1", "outside_only": True}
    row = kept(world)
    assert row
    assert row.minutes == 60
    assert kept(world, "lain") is None
    visit.act("/katalog/sumber/simpan?sumber=toko", typed(token="", alamat="https://93.184.215.15/api"))
    assert secrets(world)["token"] == "", "a token never follows to another server"
    assert world.audited().count("source.change") == 2


def test_an_address_inside_our_network_is_refused_and_what_was_typed_stays_but_the_token(
    enter: Enter, world: World
) -> None:
    visit = enter(Role.OPERATOR)
    for address in ("http://127.0.0.1:8000/", "http://[::ffff:10.0.0.1]/", "/etc/passwd", f"http://x/{HOSTILE}"):
        answer = visit.post("/katalog/sumber/simpan", typed(alamat=address, pemetaan='{"unit": '))
        assert answer.status_code == 422, address
        assert "Belum tersimpan" in answer.text
        assert escape(address) in answer.text
        assert "rahasia-1" not in answer.text
        assert "<script>alert" not in answer.text
    assert kept(world) is None


def test_a_mapping_that_cannot_be_read_is_told_by_line_and_column(enter: Enter, world: World) -> None:
    visit = enter(Role.OPERATOR)
    answer = visit.post("/katalog/sumber/simpan", typed(pemetaan='{\n"unit" 1}'))
    assert answer.status_code == 422
    assert "baris 2, kolom 8" in answer.text
    wrong = visit.post("/katalog/sumber/simpan", typed(bentuk="merchant_feed", pemetaan='{"apa": 1}'))
    assert "Pemetaan umpan “apa” tidak sah" in wrong.text
    assert kept(world) is None


def test_what_the_operator_connected_from_files_keeps_its_address_and_mapping(
    enter: Enter, world: World, tmp_path: Path
) -> None:
    mapping = {"products": "SELECT 1"}
    keep_source(world, "gudang", SourceFormat.SQL, f"sqlite:///{tmp_path}/x.db", mapping=mapping, token="t")
    visit = enter(Role.MANAGING_TEAM)
    page = visit.page("/katalog/sumber/isi?sumber=gudang")
    assert 'name="alamat"' not in page
    assert 'name="pemetaan"' not in page
    visit.act(
        "/katalog/sumber/simpan?sumber=gudang",
        typed(alamat=PUBLIC, pemetaan='{"products": "SELECT password FROM user"}', menit="15"),
    )
    row = kept(world, "gudang")
    assert row
    assert (row.format, row.mapping, row.minutes) == ("sql", mapping, 15)
    assert secrets(world, "gudang") == {"location": f"sqlite:///{tmp_path}/x.db", "token": "t", "outside_only": False}


def test_who_may_look_pull_and_change(enter: Enter, world: World) -> None:
    keep_source(world, "toko", SourceFormat.CONTRACT, PUBLIC)
    marketer = enter(Role.MARKETER)
    page = marketer.page("/katalog/sumber")
    assert "Ambil sekarang" in page
    assert "Lupakan" not in page
    assert "/katalog/sumber/isi" not in page
    assert marketer.get("/katalog/sumber/isi").status_code == 403
    for path in ("simpan", "simpan?sumber=toko", "lupakan?sumber=toko"):
        assert marketer.post(f"/katalog/sumber/{path}", typed()).status_code == 403, path
    assert kept(world)
    for role in (Role.APPROVER, Role.COMPANION, Role.HEAD):
        visit = enter(role)
        assert visit.get("/katalog/sumber").status_code == 403, role
        for path in ("tarik", "coba", "lupakan"):
            assert visit.post(f"/katalog/sumber/{path}?sumber=toko").status_code == 403, (role, path)
    assert world.tasks.asked == []
    forged = enter(Role.OPERATOR).client
    for path in ("simpan", "tarik", "coba", "lupakan"):
        assert forged.post(f"/katalog/sumber/{path}?sumber=toko", data=typed(csrf="palsu")).status_code == 403, path
    assert kept(world)


def test_a_pull_is_queued_and_written_down(enter: Enter, world: World) -> None:
    keep_source(world, "toko", SourceFormat.CONTRACT, PUBLIC)
    visit = enter(Role.MARKETER)
    place = visit.act("/katalog/sumber/tarik?sumber=toko")
    assert "Pengambilan dimulai" in visit.page(place)
    assert world.tasks.asked == [(TaskName.SYNC, {"tenant_id": TENANT, "source": "toko"})]
    assert visit.post("/katalog/sumber/tarik?sumber=tidak-ada").status_code == 404
    assert enter(Role.MARKETER, "blitar").post("/katalog/sumber/tarik?sumber=toko").status_code == 404
    assert world.audited().count("catalog.sync") == 1


def test_the_source_of_the_settings_is_pulled_but_neither_changed_nor_forgotten(enter: Enter, world: World) -> None:
    world.app.settings.catalog_sources[TENANT] = "https://ada:rahasia@katalog.example/api?kunci=rahasia"
    visit = enter(Role.OPERATOR)
    page = visit.page("/katalog/sumber")
    assert "https://katalog.example/api" in page
    assert "rahasia" not in page
    assert "SIAR_CATALOG_SOURCES" in page
    visit.act("/katalog/sumber/tarik?sumber=katalog")
    assert world.tasks.asked == [(TaskName.SYNC, {"tenant_id": TENANT})]
    assert visit.get("/katalog/sumber/isi?sumber=katalog").status_code == 403
    assert visit.post("/katalog/sumber/lupakan?sumber=katalog").status_code == 403


def test_a_forgotten_source_leaves_its_history_and_its_products(enter: Enter, world: World) -> None:
    keep_source(world, "toko", SourceFormat.CONTRACT, PUBLIC)
    add_run(world, "Harga bukan angka.")
    visit = enter(Role.OPERATOR)
    page = visit.page(visit.act("/katalog/sumber/lupakan?sumber=toko"))
    assert kept(world) is None
    assert "Sumber ini tidak tersimpan lagi" in page
    assert "1 menit 12 detik" in page
    assert "source.forget" in world.audited()


def test_the_history_tells_numbers_errors_and_deletions_that_were_held_back(enter: Enter, world: World) -> None:
    keep_source(world, "toko", SourceFormat.CONTRACT, PUBLIC, minutes=15)
    for _number in range(22):
        add_run(world)
    add_run(world, "Harga bukan angka.", counts={"new": 1, "set_aside": 1, "withheld": 1102}, since=world.clock())
    visit = enter(Role.MARKETER)
    page = words(visit.page("/katalog/sumber"))
    assert "20 pengambilan terakhir" in page
    assert "1.160" in page
    assert "1.102 produk tidak ada lagi di sumber tetapi belum dihapus" in page
    assert "siar sync --tenant tts --source toko --delete-many" in page
    assert "hanya yang berubah" in page
    add_run(world, state="failed", counts={"by_kind": {"product": {"new": 7}}}, error="93.184.215.14 menjawab 502.")
    page = words(visit.page("/katalog/sumber"))
    assert "Pengambilan terakhir gagal 93.184.215.14 menjawab 502." in page
    add_run(world, state="running", finished_at=None, counts={})
    assert "berjalan sejak 22 November 2026 09.00 WITA" in words(visit.page("/katalog/sumber"))


def test_set_aside_records_are_searched_and_downloaded_without_formulas_or_contents(enter: Enter, world: World) -> None:
    run = add_run(world, "Harga bukan angka.", HOSTILE, "\t@SUM(1)", "\r-1")
    visit = enter(Role.MARKETER)
    page = visit.page(f"/katalog/sumber/pengambilan/{run}")
    assert "Harga bukan angka." in page
    assert "<script>alert" not in page
    assert "Rahasia" not in page
    found = visit.page(f"/katalog/sumber/pengambilan/{run}?q=harga&jenis=product")
    assert "Harga bukan angka." in found
    assert "SUM" not in found
    answer = visit.get(f"/katalog/sumber/pengambilan/{run}.csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="disisihkan-tts-{run}.csv"'
    assert answer.text.startswith("\ufeff")
    assert "Rahasia" not in answer.text
    reasons = [row["Alasan"] for row in csv.DictReader(io.StringIO(answer.text[1:]), delimiter=";")]
    assert reasons == ["Harga bukan angka.", f"'{HOSTILE}", "'@SUM(1)", "'-1"]
    assert len(visit.get(f"/katalog/sumber/pengambilan/{run}.csv?q=harga").text.splitlines()) == 2
    other = enter(Role.MARKETER, "blitar")
    assert other.get(f"/katalog/sumber/pengambilan/{run}").status_code == 404
    assert other.get(f"/katalog/sumber/pengambilan/{run}.csv").status_code == 404
    assert f"/katalog/sumber/pengambilan/{run}" in visit.page("/katalog")


@pytest.fixture(name="catalogue")
def _catalogue(tmp_path: Path) -> Iterator[CatalogueServer]:
    verified = {"status": "verified", "by": "Tim", "at": "2026-08-01T09:00:00+08:00"}
    business = {
        "id": "U-1", "name": "Usaha 1", "role": "umkm", "scale": "mikro", "nib": "0220123456789", "is_binaan": True, "domicile_region": "53.02",
        "owner_nik": "5302014506900001", "owner_nik_verified": True, "address": "Jalan Satu", "phone": "+6281200000001", "verification": verified,
    }  # fmt: skip
    good = {
        "id": "P-1", "business_id": "U-1", "kind": "goods", "category": "kerajinan", "name": "Selendang", "price": 350_000, "unit": "lembar",
        "stock": 12, "how_to_order": {"text": "Pesan lewat WhatsApp."}, "images": [{"url": "1.jpg"}], "verification": verified,
    }  # fmt: skip
    pending = {**good, "id": "P-2", "name": HOSTILE, "verification": {"status": "pending"}}
    broken = {**good, "id": "P-3", "price": "50,000"}
    for name, rows in (
        ("businesses", [business]),
        ("products", [good, pending, broken]),
        ("buyers", []),
        ("orders", []),
    ):
        (tmp_path / f"{name}.json").write_text(json.dumps({"schema": "siar-catalog/1", name: rows}))
    server = CatalogueServer(tmp_path).start()
    yield server
    server.stop()


def test_a_dry_run_shows_what_would_change_and_changes_nothing(
    enter: Enter, world: World, catalogue: CatalogueServer
) -> None:
    keep_source(world, "toko", SourceFormat.CONTRACT, catalogue.address)
    visit = enter(Role.MARKETER)
    page = words(visit.post("/katalog/sumber/coba?sumber=toko").text)
    assert "Tidak ada yang diubah." in page
    assert re.search(r"Baru \d+ produk", page)
    assert "tertahan: TTS" in page
    with world.app.database.read() as session:
        assert session.scalars(select(Product.id)).all() == []
        assert session.scalars(select(SyncRun.id)).all() == []


def test_a_dry_run_of_a_catalogue_that_cannot_be_read_says_why(enter: Enter, world: World) -> None:
    keep_source(world, "toko", SourceFormat.CONTRACT, "http://127.0.0.1:9/")
    visit = enter(Role.MARKETER)
    answer = visit.post("/katalog/sumber/coba?sumber=toko")
    assert answer.status_code == 200
    assert "127.0.0.1/businesses tidak dapat dihubungi" in answer.text
    for _number in range(5):
        visit.post("/katalog/sumber/coba?sumber=toko")
    assert visit.post("/katalog/sumber/coba?sumber=toko").status_code == 429


@pytest.mark.parametrize(
    ("format_", "token"),
    [(SourceFormat.CONTRACT, ""), (SourceFormat.MERCHANT_FEED, ""), (SourceFormat.WOOCOMMERCE, "ck_1:cs_1")],
)
def test_a_name_that_moves_inside_after_it_was_entered_is_never_connected(
    enter: Enter, world: World, catalogue: CatalogueServer, format_: SourceFormat, token: str
) -> None:
    address = catalogue.address.replace("127.0.0.1", "localhost")  # a name, as one whose answer has changed since
    keep_source(world, "toko", format_, address, token=token, outside_only=True)
    answer = enter(Role.MARKETER).post("/katalog/sumber/coba?sumber=toko")
    assert "localhost menunjuk ke jaringan dalam" in answer.text
    with pytest.raises(CatalogError, match="jaringan dalam"):
        world.app.catalog.pull_due(TENANT, "toko")


def test_the_token_of_the_settings_never_goes_to_an_entered_address(
    enter: Enter, world: World, catalogue: CatalogueServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    object.__setattr__(world.app.catalog, "token", "milik-setelan")
    monkeypatch.setattr(outside, "is_public", lambda _address: True)  # the test's own server stands for a public one
    catalogue.token = "milik-setelan"
    visit = enter(Role.MARKETER)
    keep_source(world, "toko", SourceFormat.CONTRACT, catalogue.address, outside_only=True)
    assert "menolak kunci akses (401)" in visit.post("/katalog/sumber/coba?sumber=toko").text
    keep_source(world, "toko", SourceFormat.CONTRACT, catalogue.address)
    assert "Tidak ada yang diubah." in visit.post("/katalog/sumber/coba?sumber=toko").text
