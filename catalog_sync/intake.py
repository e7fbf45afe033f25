"""From the pages of a source to checked records: what is new to us goes on, what did not change is only counted.

One intake serves a pull and its rehearsal alike: both meet the same records, duplicates and reasons.
"""

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from catalog_sync.contract import Kind, Product, SetAside, parse
from catalog_sync.contract.parse import split_consents
from catalog_sync.diff import raw_hash
from catalog_sync.repository import Catalogued, Scope, live_ids, living_hashes, owners_of
from catalog_sync.sources.base import Page
from marketing.db import models
from marketing.db.session import Database
from marketing.domain.privacy import masked
from marketing.domain.product import VerificationStatus
from marketing.errors import CatalogError
from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile

BATCH: Final = 500
FEW: Final = 20
"""A source that loses this many records or fewer at once may have meant it, however small it is."""
TABLES: Final[Mapping[Kind, Catalogued]] = {Kind.BUSINESS: models.Business, Kind.PRODUCT: models.Product}
FALLEN: Final = frozenset({VerificationStatus.PENDING, VerificationStatus.REJECTED, VerificationStatus.REVOKED})


@dataclass(slots=True)
class Batch:
    """Some records of one kind, checked; `fallen` are unreadable ones that yet say their verification is gone."""

    kind: Kind
    records: list[Any] = field(default_factory=list)
    raw_hashes: dict[str, str] = field(default_factory=dict)
    unchanged: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    fallen: dict[str, VerificationStatus] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Absent:
    """What a snapshot no longer lists; `withheld` counts what stays although it is not listed."""

    gone: tuple[str, ...] = ()
    withheld: int = 0


@dataclass(slots=True)
class Intake:
    """What one run has seen of its source so far; it reads the database and never writes."""

    database: Database
    scope: Scope
    profile: TenantProfile
    signing_key: bytes = field(repr=False)
    now: datetime
    seen: dict[Kind, set[str]] = field(default_factory=lambda: defaultdict(set))
    gone: dict[Kind, list[str]] = field(default_factory=lambda: defaultdict(list))
    newest: datetime | None = None
    _hash_key: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._hash_key = hashlib.sha256(b"catalog-record" + self.signing_key).digest()

    def batches(self, page: Page) -> Iterator[Batch]:
        """Yield the page's records in small batches; CatalogError when it belongs to another Daerah, before the first."""
        if page.region and page.region.replace(".", "") != self.profile.region_code.replace(".", ""):
            raise CatalogError(
                _("Katalog ini untuk wilayah {region}, bukan {ours} ({name}). Periksa alamat katalog.").format(
                    region=masked(page.region[:20]), ours=self.profile.region_code, name=self.profile.short_name
                )
            )
        for kind in Kind:
            raws = page.records.get(kind, ())
            for start in range(0, len(raws), BATCH):
                yield self._batch(kind, raws[start : start + BATCH])
            self.gone[kind] += [key for key in page.deleted.get(kind, ()) if isinstance(key, str) and key.isprintable()]
        for kind in TABLES:
            aside = [record for record in page.set_aside if record.kind == kind]
            if aside:
                yield self._unread(kind, aside)
        if other := [record for record in page.set_aside if record.kind not in TABLES]:
            yield Batch(Kind.ORDER, set_aside=other)

    def left(self, kind: Kind) -> list[str]:
        """Return what the catalogue says has left it, without what the same run also listed."""
        return [key for key in dict.fromkeys(self.gone[kind]) if key not in self.seen[kind]]

    def absent(self, kind: Kind, *, however_many: bool) -> Absent:
        """Return what a complete snapshot no longer lists, unless most of the catalogue would go at once.

        An export cut short looks exactly like a catalogue that lost its products; then a person decides. A business
        whose row could not be read is known by its products that still stand.
        """
        if not self.seen[kind]:
            return Absent()  # nothing of this kind was listed at all: the source does not speak of it
        with self.database.read() as session:
            live = live_ids(session, TABLES[kind], self.scope)
            there = self.seen[kind]
            if kind is Kind.BUSINESS:
                there = there | owners_of(session, self.scope, self.seen[Kind.PRODUCT])
        gone = tuple(key for key in live if key not in there)
        if however_many or len(gone) <= max(FEW, len(live) // 2):
            return Absent(gone)
        return Absent(withheld=len(gone))

    def _batch(self, kind: Kind, raws: Sequence[Any]) -> Batch:
        known = self._known(kind, raws)
        batch = Batch(kind)
        for raw in raws:
            self._take(batch, raw, known)
        return batch

    def _unread(self, kind: Kind, aside: list[SetAside]) -> Batch:
        """Return what the source itself could not read: not the same as gone, and a lost verification still counts."""
        fallen = {
            record.external_id: record.lost
            for record in aside
            if record.lost is not None and record.external_id not in self.seen[kind]
        }
        self.seen[kind] |= {record.external_id for record in aside if record.external_id}
        return Batch(kind, set_aside=aside, fallen=fallen)

    def _known(self, kind: Kind, raws: Sequence[Any]) -> dict[str, str]:
        if kind not in TABLES:
            return {}
        ids = [identity for raw in raws if (identity := _identity(raw))]
        with self.database.read() as session:
            return living_hashes(session, TABLES[kind], self.scope, ids)

    def _take(self, batch: Batch, raw: Any, known: Mapping[str, str]) -> None:
        kind, identity = batch.kind, _identity(raw)
        digest = raw_hash(raw, self._hash_key) if kind in TABLES else ""
        if digest and known.get(identity) == digest:
            if identity in self.seen[kind]:
                batch.set_aside.append(_duplicate(kind, identity))
            else:
                self.seen[kind].add(identity)
                batch.unchanged += 1
            return
        sound, bad_lines = split_consents(raw) if kind is Kind.BUYER else (raw, [])
        record = parse(kind, sound)
        if isinstance(record, SetAside):
            batch.set_aside.append(record)
            if identity in known and identity not in self.seen[kind] and (status := _fallen(raw)):
                batch.fallen[identity] = status
            if identity:
                self.seen[kind].add(identity)
        elif record.id in self.seen[kind]:
            batch.set_aside.append(_duplicate(kind, record.id))
        else:
            self.seen[kind].add(record.id)
            batch.records.append(record)
            batch.raw_hashes[record.id] = digest
            batch.set_aside += bad_lines
            if record.updated_at is not None:
                at_most = min(record.updated_at, self.now)  # a clock ahead of ours must not hide what comes next
                self.newest = max(self.newest or at_most, at_most)


def apart(records: Sequence[Product], owners: Container[str]) -> tuple[list[Product], list[SetAside]]:
    """Return the products whose business is there, and a reason for each whose business is not."""
    said = _("Usaha pemilik produk ini tidak ada di katalog, atau disisihkan.")
    known = [record for record in records if record.business_id in owners]
    return known, [SetAside(Kind.PRODUCT, record.id, said) for record in records if record.business_id not in owners]


def _duplicate(kind: Kind, identity: str) -> SetAside:
    return SetAside(kind, identity, _("Pengenal ini sudah dipakai rekaman lain pada pengambilan ini."))


def _identity(raw: Any) -> str:
    identity = raw.get("id") if isinstance(raw, dict) else None
    return identity.strip() if isinstance(identity, str) and identity.isprintable() else ""


def _fallen(raw: dict[str, Any]) -> VerificationStatus | None:
    """Return the lost verification of a record that cannot be read otherwise."""
    verification = raw.get("verification")
    status = verification.get("status") if isinstance(verification, dict) else None
    return next((one for one in FALLEN if one.value == status), None)
