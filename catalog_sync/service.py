"""One pull of one catalogue, from the first page to the gate."""

from dataclasses import dataclass, field
from datetime import datetime

from catalog_sync.contract import SetAside
from catalog_sync.diff import Counts
from catalog_sync.pictures import PictureStore
from catalog_sync.sources.base import CatalogSource
from marketing.db.session import Database
from marketing.tenants.profile import TenantProfile


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a pull did. `new` … `deleted` count products; `by_kind` has every kind of record."""

    run_id: int
    new: int
    changed: int
    unchanged: int
    deleted: int
    set_aside: list[SetAside]
    held: dict[str, int]
    total: int
    promotable: int
    by_kind: dict[str, Counts] = field(default_factory=dict)


def sync(
    database: Database,
    source: CatalogSource,
    *,
    profile: TenantProfile,
    source_name: str,
    signing_key: bytes,
    now: datetime,
    pictures: PictureStore | None = None,
    since: datetime | None = None,
) -> SyncResult:
    """Pull the catalogue, keep what changed, fetch new pictures, ask the gate."""
    raise NotImplementedError
