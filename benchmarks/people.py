"""Many contacts at once, most of them willing, some not: what a campaign of a Daerah meets."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from marketing.contacts.addresses import address_hash
from marketing.db.bulk import insert_rows, next_ids
from marketing.db.models import Address, ConsentNow, ConsentRecord, Contact
from marketing.domain.consent import ConsentState
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from tests.support.world import START, TENANT, World

PART = 2_000
UNWILLING = 10  # one in so many never agreed to promotion


def add_people(world: World, number: int, *, all_willing: bool = False, purpose: Purpose = Purpose.PROMOTIONAL) -> int:
    """Add contacts with an address and a consent; return how many agreed to the purpose."""
    key = world.app.settings.signing_key
    willing = 0
    for start in range(0, number, PART):
        with world.app.database.write() as session:
            people = range(start, min(start + PART, number))
            stamp: dict[str, Any] = {
                "tenant_id": TENANT,
                "source": "katalog",
                "kind": BuyerKind.MASYARAKAT,
                "locale": "id",
            }
            stamp |= {"zone": "Asia/Makassar", "preferences": {}, "content_hash": "x", "created_at": START}
            ids = list(next_ids(session, Contact, len(people)))
            named = zip(ids, people, strict=True)
            insert_rows(
                session,
                Contact,
                [
                    {"id": row_id, "external_id": f"B-{one}", "name": f"Orang ke-{one}", **stamp}
                    for row_id, one in named
                ],
            )
            insert_rows(session, Address, list(_addresses(key, ids)))
            agreed = [row_id for row_id in ids if all_willing or row_id % UNWILLING]
            _consent(session, agreed, purpose)
            willing += len(agreed)
    return willing


def _addresses(key: bytes, ids: list[int]) -> Iterator[dict[str, Any]]:
    for row_id in ids:
        address = f"orang{row_id}@surat.example"
        yield {
            "tenant_id": TENANT,
            "contact_id": row_id,
            "channel": ChannelName.EMAIL,
            "normalised": address,
            "hash": address_hash(key, TENANT, address),
        }


def _consent(session: Session, ids: list[int], purpose: Purpose) -> None:
    """Write the ledger and its fold; the seals stay empty, because nothing here reads them."""
    now = {"tenant_id": TENANT, "purpose": purpose, "state": ConsentState.GIVEN, "at": START}
    line = {**now, "recorded_at": START, "wording_version": "2026-1", "source": "formulir", "evidence": {}, "seal": ""}
    line |= {"channel": "", "language": "", "wording_hash": "", "seal_form": 1}
    written = list(zip(ids, next_ids(session, ConsentRecord, len(ids)), strict=True))
    insert_rows(session, ConsentRecord, [{"id": line_id, "contact_id": row_id, **line} for row_id, line_id in written])
    insert_rows(
        session, ConsentNow, [{"contact_id": row_id, "event_id": line_id, **now} for row_id, line_id in written]
    )
