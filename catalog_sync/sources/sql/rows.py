"""One row of a query as a raw record of the contract, or why it is set aside, named by its id and its place. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final
from urllib.parse import urljoin

from catalog_sync.contract import Kind, SetAside
from catalog_sync.contract.parse import ID_LIMIT
from catalog_sync.sources.category_words import known_category
from catalog_sync.sources.sql.columns import EXPIRES, MANY, PERMIT, Target
from catalog_sync.sources.sql.values import value_of
from marketing.domain.privacy import masked
from marketing.domain.product import Category, VerificationStatus
from marketing.domain.text import cut, one_line
from marketing.i18n import gettext as _
from marketing.tabular.cells import UnreadableError

EXCERPT: Final = 120
FALLEN: Final = (VerificationStatus.PENDING, VerificationStatus.REJECTED, VerificationStatus.REVOKED)


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one query; `fields` says which column is which field."""

    kind: Kind
    fields: Mapping[int, Target]
    zone: tzinfo
    picture_base: str = ""

    def record(self, row: Sequence[Any], number: int) -> dict[str, Any] | SetAside:
        """Return the raw record of a row, the `number`-th of its query.

        A row with an unreadable cell that takes its verification back goes on all the same: `parse` refuses it, but what
        it takes back is heard.
        """
        record: dict[str, Any] = {}
        permits: dict[str, dict[str, Any]] = {}
        reason = ""
        for column, target in self.fields.items():
            try:
                value = value_of(row[column], target, self.zone)
            except UnreadableError as error:
                reason = reason or f"{target.path}: {error}"
                value = str(row[column])  # which `parse` will refuse, should the record get that far
            if value is None:
                continue
            if target.path.startswith(PERMIT):
                name, dot, _rest = target.path.removeprefix(PERMIT).partition(EXPIRES)
                permits.setdefault(name, {"type": name})["expires" if dot else "number"] = value
            else:
                _put(record, target.path, value)
        listed = [permit for permit in permits.values() if permit.get("number")]
        if listed:
            given = record.get("permits")
            record["permits"] = [*(given if isinstance(given, list) else ()), *listed]
        if self.kind is Kind.PRODUCT and not reason:
            reason = _category(record)
        if reason and record.get("verification", {}).get("status") not in FALLEN:
            return self._aside(row, reason, number)
        return self._completed(record)

    def _completed(self, record: dict[str, Any]) -> dict[str, Any]:
        """Add what the contract asks for and a shop's table seldom says; nothing here makes a product more lawful."""
        if self.kind is Kind.BUSINESS:
            return {"role": "umkm", **record}
        if self.kind is not Kind.PRODUCT:
            return record
        if isinstance(images := record.get("images"), list):
            record["images"] = [self._image(one) for one in images]
        return record

    def _image(self, image: Any) -> Any:
        if isinstance(image, str):
            image = {"url": image}
        if self.picture_base and isinstance(image, dict) and isinstance(image.get("url"), str):
            try:
                return {**image, "url": urljoin(self.picture_base, image["url"])}
            except ValueError:  # no address at all: the picture is told to be missing when it is fetched
                return image
        return image

    def _aside(self, row: Sequence[Any], reason: str, number: int) -> SetAside:
        place = _("baris ke-{number} kueri {name}").format(number=number, name=self.kind.feed)
        excerpt = self._shown(row, "name", EXCERPT) if self.kind in (Kind.BUSINESS, Kind.PRODUCT) else ""
        return SetAside(self.kind, self._shown(row, "id", ID_LIMIT), f"{reason} ({place}).", excerpt)

    def _shown(self, row: Sequence[Any], path: str, limit: int) -> str:
        """Return a cell for people: one line, short, without a NIK."""
        column = next((column for column, target in self.fields.items() if target.path == path), None)
        if column is None or row[column] is None:
            return ""
        return cut(masked(one_line(str(value_of(row[column], Target(path, str), self.zone)))), limit)


def _category(record: dict[str, Any]) -> str:
    """Put in the category that the shop's own word or the name tells; return the reason when none does."""
    found = known_category(str(record.get("category", "")), str(record.get("name", "")))
    if found is None:
        return _("category: golongan tidak dikenal; pakai {choices}").format(choices=", ".join(Category))
    record["category"] = found.value
    return ""


def _put(record: dict[str, Any], path: str, value: Any) -> None:
    """Put a value under its path; several columns of pictures follow each other, of anything else the first one counts."""
    name, dot, inner = path.partition(".")
    if dot:
        record.setdefault(name, {}).setdefault(inner, value)
    elif name in MANY and isinstance(value, list):
        record[name] = [*record.get(name, []), *value]
    else:
        record.setdefault(name, value)
