"""Give every picture of a source its copy: see which ones lack it, fetch without a transaction, write the answers."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog_sync.pictures import Copy, PictureStore
from catalog_sync.repository import Scope
from catalog_sync.sources.base import CatalogSource
from marketing.db.models import Product, ProductImage
from marketing.db.session import Database

BATCH: Final = 50


@dataclass(frozen=True, slots=True)
class PictureCounts:
    """How many pictures got their copy in this round, and how many could not."""

    copied: int = 0
    failed: int = 0


def copy_missing(database: Database, scope: Scope, store: PictureStore, source: CatalogSource) -> PictureCounts:
    """Fetch what has no copy yet; an address that has one is left alone. Failed ones are tried again at each pull."""
    with database.read() as session:
        wanted = _without_copy(session, scope, store)
    copied = failed = 0
    batch: list[Copy] = []
    for copy in store.take(wanted, hosts=source.picture_hosts, source_folder=source.picture_folder):
        copied, failed = copied + (copy.error is None), failed + (copy.error is not None)
        batch.append(copy)
        if len(batch) == BATCH:
            _write(database, wanted, batch)
            batch = []
    _write(database, wanted, batch)
    return PictureCounts(copied, failed)


def _without_copy(session: Session, scope: Scope, store: PictureStore) -> dict[str, list[int]]:
    """Return the addresses to fetch with the products that show them, also those whose file was lost."""
    query = (
        select(ProductImage.url, ProductImage.product_id, ProductImage.sha256)
        .join(Product, Product.id == ProductImage.product_id)
        .where(Product.tenant_id == scope.tenant_id, Product.source == scope.source, Product.deleted_at.is_(None))
        .order_by(ProductImage.product_id, ProductImage.position)
    )
    wanted: dict[str, list[int]] = defaultdict(list)
    for url, product_id, sha256 in session.execute(query):
        if sha256 is None or not store.path(sha256).is_file():
            wanted[url].append(product_id)
    return wanted


def _write(database: Database, wanted: dict[str, list[int]], batch: list[Copy]) -> None:
    if not batch:
        return
    with database.write() as session:
        for copy in batch:
            session.execute(
                update(ProductImage)
                .where(ProductImage.url == copy.url, ProductImage.product_id.in_(wanted[copy.url]))
                .values(sha256=copy.sha256, width=copy.width, height=copy.height, error=copy.error)
            )
