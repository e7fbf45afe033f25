"""One row of a query as a raw record of the contract, or why it is set aside, named by its id and its place. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final
from urllib.parse import urljoin

from catalog_sync.contract import Kind, SetAside
from catalog_sync.contract.parse import ID_LIMIT
from catalog_sync.contract.privacy import masked
from catalog_sync.sources.category_words import category_of
from catalog_sync.sources.sql.columns import EXPIRES, PERMIT, Target
from catalog_sync.sources.sql.values import UnreadableError, value_of
from marketing.domain.product import Category
from marketing.domain.text import one_line
from marketing.i18n import gettext as _

MANY: Final = frozenset({"images", "marketplace_urls"})  # several columns may fill them


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one query; `fields` says which column is which field."""

    kind: Kind
    fields: Mapping[int, Target]
    zone: tzinfo
    picture_base: str = ""

    def record(self, row: Sequence[Any], number: int) -> dict[str, Any] | SetAside:
        """Return the raw record of a row, the `number`-th of its query."""
        record: dict[str, Any] = {}
        permits: dict[str, dict[str, Any]] = {}
        for column, target in self.fields.items():
            try:
                value = value_of(row[column], target.type, self.zone)
            except UnreadableError as error:
                return self._aside(row, f"{target.path}: {error}", number)
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
        return self._completed(record)

    def _completed(self, record: dict[str, Any]) -> dict[str, Any]:
        """Add what the contract asks for and a shop's table seldom says; nothing here makes a product more lawful."""
        if self.kind is Kind.BUSINESS:
            return {"role": "umkm", **record}
        if self.kind is not Kind.PRODUCT:
            return record
        told = record.get("category")
        if not (isinstance(told, str) and told in set(Category)):
            words = (told if isinstance(told, str) else "", str(record.get("name", "")))
            record["category"] = category_of(*words).value
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
        column = next((column for column, target in self.fields.items() if target.path == "id"), None)
        identity = "" if column is None or row[column] is None else masked(one_line(str(row[column])))[:ID_LIMIT]
        place = _("baris ke-{number} kueri {name}").format(number=number, name=self.kind.feed)
        return SetAside(self.kind, identity, f"{reason} ({place}).")


def _put(record: dict[str, Any], path: str, value: Any) -> None:
    """Put a value under its path; several columns of pictures follow each other, of anything else the first one counts."""
    name, dot, inner = path.partition(".")
    if dot:
        record.setdefault(name, {}).setdefault(inner, value)
    elif name in MANY and isinstance(value, list):
        record[name] = [*record.get(name, []), *value]
    else:
        record.setdefault(name, value)
