"""What an account offers: a listing as it goes out, what it is remembered by, and what an office chose for its category."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.port import Choice
from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState
from marketing.domain.picture_shape import Shape, placed
from marketing.products.picture_variants import variant

AUTO: Final = "auto"
CHOICES: Final = "choices"
_SIDES: Final = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose products go to an account: of one business, or of the Daerah without those that have a shop of their own."""

    business_id: int | None
    elsewhere: AbstractSet[int]

    def holds(self, listing: Listing) -> bool:
        """Return whether this listing belongs here; marketplaces take goods, not services."""
        if listing.kind != "goods":
            return False
        if self.business_id is not None:
            return listing.business_row_id == self.business_id
        return listing.business_row_id not in self.elsewhere


@dataclass(frozen=True, slots=True)
class Target:
    """What should stand: `content` stands for words, pictures and choices; price in rupiah at this moment."""

    content: str
    price: int
    stock: int | None

    @property
    def fingerprint(self) -> str:
        """Everything that goes out in one line; its beginning is the content alone."""
        return f"{self.content}:{self.price}:{self.stock}"

    def refused_as(self, refused_hash: str) -> bool:
        """Return whether it is still what was refused."""
        return bool(refused_hash) and self.fingerprint.startswith(refused_hash)


def scope_of(session: Session, account: ChannelAccount) -> Scope:
    """Return what goes to an account."""
    query = select(ChannelAccount.business_id).where(
        ChannelAccount.tenant_id == account.tenant_id,
        ChannelAccount.provider == account.provider,
        ChannelAccount.state != AccountState.REMOVED,
        ChannelAccount.business_id.is_not(None),
    )
    return Scope(account.business_id, frozenset(found for found in session.scalars(query) if found is not None))


def target_of(listing: Listing, choice: Choice, now: datetime) -> Target:
    """Return what should stand for a listing; what is sold out never comes here, the gate holds it."""
    parts = {
        "sku": listing.sku,
        "title": listing.title,
        "description": listing.description,
        "category": listing.category,
        "business": listing.business,
        "weight": listing.weight_gram,
        "pictures": [picture.sha256 for picture in listing.pictures],
        "choice": [choice.category_id, sorted(choice.attributes.items()), choice.parcel_cm],
    }
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    content = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
    return Target(content, listing.price_at(now), listing.stock)


def choice_of(settings: Mapping[str, Any], category: str) -> Choice:
    """Return what the office chose for a category of ours; settings that cannot be read choose nothing."""
    kept = settings.get(CHOICES)
    chosen = kept.get(category) if isinstance(kept, dict) else None
    if not isinstance(chosen, dict):
        return Choice()
    attributes = chosen.get("attributes")
    sides = chosen.get("parcel_cm")
    whole = isinstance(sides, list) and len(sides) == _SIDES and all(isinstance(side, int) for side in sides)
    return Choice(
        category_id=str(chosen.get("category_id") or ""),
        attributes={str(key): str(value) for key, value in attributes.items()} if isinstance(attributes, dict) else {},
        parcel_cm=(sides[0], sides[1], sides[2]) if whole and sides else None,
    )


def next_change(listing: Listing, now: datetime) -> datetime | None:
    """Return when the clock alone changes the price: a sale begins or ends."""
    if listing.sale is None:
        return None
    return min((moment for moment in (listing.sale.starts, listing.sale.ends) if moment > now), default=None)


def with_pictures(listing: Listing) -> tuple[Listing, Sequence[bytes]]:
    """Return the listing with the square pictures that lie on the disk, and their bytes in the same order."""
    found = []
    contents: list[bytes] = []
    for picture in listing.pictures:
        path = variant(Path(picture.path).parent, picture.sha256, Shape.SQUARE)
        if path is not None:
            width, height = placed(picture.width, picture.height, Shape.SQUARE).canvas
            found.append(replace(picture, width=width, height=height))
            contents.append(path.read_bytes())
    return replace(listing, pictures=tuple(found)), contents
