"""How a pull comes by its records: killed and gone on with, asked only for changes, compared with a whole snapshot, rehearsed."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from catalog_sync.contract import Kind, SetAside
from catalog_sync.intake import FEW
from catalog_sync.rehearsal import Rehearsed, rehearse
from catalog_sync.service import SyncResult, sync
from catalog_sync.sources.base import Page
from catalog_sync.sources.contract import ContractFolder
from marketing.db.exclusive import exclusively
from marketing.db.models import Business, GateDecision, Product, SyncRun
from marketing.domain.product import VerificationStatus
from marketing.errors import CatalogError
from marketing.tenants.profile import profile_of
from tests.integration.catalog_sync.conftest import KEY, NIK, NOW, Catalogue, business, product


class Listed:
    """A source that is a list of pages; `fails_after` breaks it there, `killed_after` kills the process there."""

    picture_hosts: frozenset[str] = frozenset()
    picture_folder: Path | None = None
    memory: dict[str, Any] = {}  # noqa: RUF012  empty for good

    def __init__(self, *pages: Page, snapshot: bool = True, killed_after: int = 99, fails_after: int = 99) -> None:
        self._pages, self.snapshot = pages, snapshot
        self._killed_after, self._fails_after = killed_after, fails_after
        self.asked: list[str] = []

    def pages(self, since: datetime | None, *, resume: str = "") -> Iterator[Page]:
        self.asked.append(resume)
        for number, page in enumerate(self._pages[int(resume or 0) :], start=int(resume or 0)):
            if number == self._fails_after:
                raise CatalogError("Putus.")
            if number == self._killed_after:
                raise SystemExit
            yield page


def page(products: Sequence[Any], businesses: Sequence[Any] = (), resume: str = "") -> Page:
    return Page({Kind.BUSINESS: list(businesses), Kind.PRODUCT: list(products)}, resume=resume)


def pull(catalogue: Catalogue, source: Any, now: datetime = NOW, **more: Any) -> SyncResult:
    return sync(
        catalogue.database, source, profile=profile_of("tts"), source_name="katalog", signing_key=KEY, now=now, **more
    )


def try_out(catalogue: Catalogue, source: Any) -> Rehearsed:
    return rehearse(
        catalogue.database, source, profile=profile_of("tts"), source_name="katalog", signing_key=KEY, now=NOW
    )


def living(catalogue: Catalogue) -> set[str]:
    with catalogue.database.read() as session:
        return set(session.scalars(select(Product.external_id).where(Product.deleted_at.is_(None))))


def three(**more: Any) -> Listed:
    pages = [page([product(f"P-{n}")], [business()] if n == 1 else (), resume=str(n)) for n in (1, 2, 3)]
    return Listed(*pages, **more)


def forget_end_of_run(catalogue: Catalogue) -> None:
    """Leave the run as a kill -9 leaves it: begun and never ended."""
    with catalogue.database.write() as session:
        run = session.scalars(select(SyncRun).order_by(SyncRun.id.desc())).first()
        assert run is not None
        run.state, run.finished_at = "running", None


def test_a_killed_pull_goes_on_after_the_last_page_that_was_taken(catalogue: Catalogue) -> None:
    with pytest.raises(SystemExit):
        pull(catalogue, three(killed_after=2))
    forget_end_of_run(catalogue)
    assert living(catalogue) == {"P-1", "P-2"}
    second = three()
    result = pull(catalogue, second, NOW + timedelta(minutes=1))
    assert second.asked == ["2"]
    assert (result.new, result.deleted, result.complete) == (1, 0, False)
    assert living(catalogue) == {"P-1", "P-2", "P-3"}
    third = three()
    assert pull(catalogue, third, NOW + timedelta(minutes=2)).unchanged == 3
    assert third.asked == [""]


def test_a_pull_killed_long_ago_begins_anew(catalogue: Catalogue) -> None:
    with pytest.raises(SystemExit):
        pull(catalogue, three(killed_after=2))
    forget_end_of_run(catalogue)
    again = three()
    pull(catalogue, again, NOW + timedelta(hours=7))
    assert again.asked == [""]


def test_what_a_snapshot_no_longer_lists_has_left(catalogue: Catalogue) -> None:
    pull(catalogue, three())
    result = pull(catalogue, Listed(page([product("P-1")], [business()])))
    assert (result.deleted, result.total) == (2, 1)
    assert living(catalogue) == {"P-1"}


def test_a_snapshot_that_broke_or_that_is_none_deletes_nothing(catalogue: Catalogue) -> None:
    pull(catalogue, three())
    with pytest.raises(CatalogError):
        pull(catalogue, three(fails_after=1))
    pull(catalogue, Listed(page([product("P-1")]), snapshot=False))
    pull(catalogue, Listed(page([])))  # nothing of the kind was listed at all
    assert living(catalogue) == {"P-1", "P-2", "P-3"}


def test_an_unreadable_row_is_not_a_deleted_one(catalogue: Catalogue) -> None:
    pull(catalogue, three())
    broken = {**product("P-2"), "price": "50,000"}
    result = pull(catalogue, Listed(page([product("P-1"), broken], [business()])))
    assert living(catalogue) == {"P-1", "P-2"}
    assert [aside.external_id for aside in result.set_aside] == ["P-2"]


def test_what_a_source_cannot_read_keeps_its_business_and_is_heard_when_it_lost_its_verification(
    catalogue: Catalogue,
) -> None:
    pull(catalogue, three())
    aside = [
        SetAside("product", "P-1", "Baris 2: harga tidak terbaca.", lost=VerificationStatus.REVOKED),
        SetAside("product", "P-2", "Baris 3: harga tidak terbaca."),
        SetAside("order", "O-1", "Baris 4: tidak terbaca."),
    ]
    listed = Page({Kind.BUSINESS: [business("U-2")], Kind.PRODUCT: [product("P-3")]}, set_aside=aside)
    foreseen = try_out(catalogue, Listed(listed))
    result = pull(catalogue, Listed(listed))
    _same(foreseen, result)
    assert living(catalogue) == {"P-1", "P-2", "P-3"}, "their business was not listed, but they stand"
    assert (result.deleted, result.promotable, len(result.set_aside)) == (0, 2, 3)
    with catalogue.database.read() as session:
        row = session.scalars(select(Product).where(Product.external_id == "P-1")).one()
    assert (row.verification_status, row.promotable) == (VerificationStatus.REVOKED, False)


def test_most_of_a_catalogue_never_goes_at_once_by_itself(catalogue: Catalogue) -> None:
    many = [product(f"P-{number}") for number in range(2 * FEW + 2)]
    pull(catalogue, Listed(page(many, [business()])))
    short = Listed(page(many[: FEW - 2], [business()]))
    assert try_out(catalogue, short).withheld == FEW + 4
    held_back = pull(catalogue, short)
    assert (held_back.deleted, held_back.withheld) == (0, FEW + 4)
    meant = pull(catalogue, short, however_many_deleted=True)
    assert (meant.deleted, meant.withheld) == (FEW + 4, 0)


def test_a_record_that_did_not_change_is_not_read_again(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue.pull()
    read: list[str] = []
    from catalog_sync import intake

    real = intake.parse

    def watched(kind: Kind, raw: Any) -> Any:
        read.append(f"{kind} {raw.get('id')}")
        return real(kind, raw)

    monkeypatch.setattr(intake, "parse", watched)
    catalogue.products[1]["price"] = 5_000
    catalogue.businesses[0] = dict(reversed(catalogue.businesses[0].items()))  # another order of keys is no change
    result = catalogue.pull()
    assert (result.changed, result.unchanged) == (1, 1)
    assert [entry for entry in read if entry.startswith(("product", "business"))] == ["product P-2"]


def test_the_hash_of_a_raw_record_tells_nothing_of_a_nik(catalogue: Catalogue) -> None:
    catalogue.pull()
    with catalogue.database.read() as session:
        first = session.scalars(select(Business.raw_hash)).one()
    other = Catalogue(catalogue.folder, catalogue.database)
    with catalogue.database.write() as session:
        session.execute(Business.__table__.update().values(raw_hash=""))  # type: ignore[attr-defined]
    sync(
        catalogue.database, ContractFolder(other.folder), profile=profile_of("tts"), source_name="katalog",
        signing_key=b"kunci-lain" * 4, now=NOW,
    )  # fmt: skip
    with catalogue.database.read() as session:
        second = session.scalars(select(Business.raw_hash)).one()
    assert first
    assert second
    assert first != second, "keyed: without the installation's key nobody can try out NIKs against it"
    assert NIK not in first


@pytest.mark.parametrize(
    "status", [VerificationStatus.REVOKED, VerificationStatus.REJECTED, VerificationStatus.PENDING]
)
def test_a_revocation_inside_a_record_that_cannot_be_read_counts(
    catalogue: Catalogue, status: VerificationStatus
) -> None:
    assert catalogue.pull().promotable == 1
    sound = dict(catalogue.products[0])
    catalogue.products[0] = {**sound, "price": "murah", "verification": {"status": status.value}}
    result = catalogue.pull()
    assert (result.promotable, len(result.set_aside)) == (0, 1)
    catalogue.products[0] = sound
    mended = catalogue.pull()
    assert (mended.promotable, mended.changed) == (1, 1)


def test_a_business_that_loses_its_standing_unreadably_takes_its_products_along(catalogue: Catalogue) -> None:
    catalogue.pull()
    catalogue.businesses[0] = {**business(), "role": "raja", "verification": {"status": "revoked"}}
    assert catalogue.pull().promotable == 0


def test_verified_pending_verified_within_a_second_ends_as_the_last_word(catalogue: Catalogue) -> None:
    catalogue.pull()
    for status in ("pending", "verified"):
        catalogue.products[0] = product("P-1", verification={"status": status, "by": "Tim", "at": NOW.isoformat()})
        catalogue.pull()
    with catalogue.database.read() as session:
        row = session.scalars(select(Product).where(Product.external_id == "P-1")).one()
        said = session.scalars(
            select(GateDecision.promotable).where(GateDecision.product_id == row.id).order_by(GateDecision.id)
        )
        assert (row.promotable, list(said), row.lost_at) == (True, [True, False, True], None)


def test_a_product_that_changes_its_business_is_judged_by_the_new_one(catalogue: Catalogue) -> None:
    catalogue.businesses.append(business("U-2", nib=None))
    catalogue.pull()
    catalogue.products[0]["business_id"] = "U-2"
    result = catalogue.pull()
    assert (result.changed, result.promotable) == (1, 0)
    assert result.held["TTS 10(1)a"] == 1


def test_a_clock_ahead_of_ours_hides_no_later_change(catalogue: Catalogue) -> None:
    catalogue.products[0]["updated_at"] = "2031-01-01T00:00:00Z"
    assert catalogue.pull().newest == NOW


def test_two_pulls_of_one_source_never_run_at_once(catalogue: Catalogue) -> None:
    with exclusively(catalogue.database, "catalog tts katalog") as first:
        assert first
        with exclusively(catalogue.database, "catalog tts katalog") as second:
            assert not second
        with exclusively(catalogue.database, "catalog tts lain") as other:
            assert other
    with exclusively(catalogue.database, "catalog tts katalog") as again:
        assert again


def test_a_rehearsal_says_what_a_pull_then_does_and_writes_nothing(catalogue: Catalogue) -> None:
    catalogue.products = [product(f"P-{number}") for number in range(4)]
    before = try_out(catalogue, Listed(*_whole(catalogue)))
    with catalogue.database.read() as session:
        assert [session.scalar(select(func.count()).select_from(t)) for t in (Product, Business, SyncRun)] == [0, 0, 0]
    _same(before, pull(catalogue, Listed(*_whole(catalogue))))
    catalogue.products[0]["price"] = None
    catalogue.products[1]["verification"] = {"status": "revoked"}
    catalogue.products[2]["stock"] = "banyak"
    catalogue.products[3:] = [product("P-9"), product("P-10", business_id="U-404")]
    second = try_out(catalogue, Listed(*_whole(catalogue)))
    told = {(change.id, change.what): change for change in second.changes if change.kind == "product"}
    assert set(told) == {("P-0", "changed"), ("P-1", "changed"), ("P-9", "new"), ("P-3", "deleted")}
    assert told["P-0", "changed"].fields == ("price",)
    assert told["P-1", "changed"].reasons == ("TTS 10(1)c",)
    assert json.dumps([change.fields for change in second.changes])
    _same(second, pull(catalogue, Listed(*_whole(catalogue))))


def test_a_rehearsal_knows_what_a_changed_business_does_to_its_products(catalogue: Catalogue) -> None:
    catalogue.pull()
    catalogue.businesses[0]["nib"] = None
    found = try_out(catalogue, Listed(*_whole(catalogue)))
    assert {(change.id, change.what, change.promotable) for change in found.changes} == {
        ("U-1", "changed", None),
        ("P-1", "affected", False),
    }
    _same(found, pull(catalogue, Listed(*_whole(catalogue))))


def _whole(catalogue: Catalogue) -> list[Page]:
    return [page(catalogue.products, catalogue.businesses)]


def _same(rehearsed: Rehearsed, done: SyncResult) -> None:
    names = ("new", "changed", "unchanged", "deleted", "total", "promotable")
    assert {name: getattr(rehearsed, name) for name in names} == {name: getattr(done, name) for name in names}
    assert [aside.external_id for aside in rehearsed.set_aside] == [aside.external_id for aside in done.set_aside]
