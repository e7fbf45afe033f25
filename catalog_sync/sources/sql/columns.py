"""Which column is which field of the contract: by the operator's word, by the contract's own names, or as a sheet would say it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, get_args

from pydantic import BaseModel

from catalog_sync.contract import Kind
from catalog_sync.contract.models import PermitType
from catalog_sync.contract.parse import MODELS
from catalog_sync.sources.spreadsheet.fields import OF_BUSINESS, Field
from catalog_sync.sources.spreadsheet.headings import field_of
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

PERMIT: Final = "permits."
EXPIRES: Final = ".expires"
MANY: Final = frozenset({"images", "marketplace_urls"})
"""Fields that several columns may fill."""
OF_DATABASES: Final[Mapping[str, str]] = MappingProxyType(
    {"usaha_id": "business_id", "umkm_id": "business_id", "diubah_pada": "updated_at", "tanggal_ubah": "updated_at"}
)
"""Names that stand in tables and not above columns of a sheet."""
NOT_TOLD: Final = frozenset({"status"})
"""In a table this is seldom the verification; the operator says so where it is."""
_PERMITS: Final[Mapping[Field, str]] = MappingProxyType(
    {
        Field.PIRT: f"{PERMIT}{PermitType.PIRT}",
        Field.PIRT_EXPIRES: f"{PERMIT}{PermitType.PIRT}{EXPIRES}",
        Field.BPOM: f"{PERMIT}{PermitType.BPOM_MD}",
        Field.BPOM_EXPIRES: f"{PERMIT}{PermitType.BPOM_MD}{EXPIRES}",
        Field.SNI: f"{PERMIT}{PermitType.SNI}",
        Field.HKI: f"{PERMIT}{PermitType.HKI}",
        Field.WEIGHT: "weight_gram",
        Field.BUSINESS_ID: "business_id",
    }
)
SUREST_LAST: Final = 1_000
_KILOGRAMS: Final = re.compile(r"kg|kilo")


@dataclass(frozen=True, slots=True)
class Target:
    """A field of the contract: its path, and the type that it holds (a permit's number is text)."""

    path: str
    type: Any


def targets(kind: Kind) -> dict[str, Target]:
    """Return every field of a kind by its dotted path, one level deep as the contract is."""
    found: dict[str, Target] = {}
    for name, field in MODELS[kind].model_fields.items():
        part = _part(field.annotation)
        if part is None:
            found[name] = Target(name, field.annotation)
        else:
            found |= {
                f"{name}.{inner}": Target(f"{name}.{inner}", one.annotation) for inner, one in part.model_fields.items()
            }
    if kind is Kind.PRODUCT:
        for permit in PermitType:
            found[f"{PERMIT}{permit}"] = Target(f"{PERMIT}{permit}", str)
            found[f"{PERMIT}{permit}{EXPIRES}"] = Target(f"{PERMIT}{permit}{EXPIRES}", "day")
    return found


def assigned(kind: Kind, columns: Sequence[str], given: Mapping[str, Any], name: str) -> dict[int, Target]:
    """Return the field of each column that has one; CatalogError where the mapping names what is not there.

    What nobody asked for is not read: a shop's table holds more than a promotion needs (UU 27/2022 Ps. 27).
    """
    twice = [column for column in columns if list(columns).count(column) > 1]
    if twice:
        raise _wrong(name, _("kolom {column} ada dua kali; beri nama lain dengan AS").format(column=twice[0][:60]))
    known, by_name = targets(kind), _names(kind)
    missing = [column for column in given if column not in columns]
    if missing:
        raise _wrong(name, _("tidak ada kolom {column}").format(column=missing[0][:60]))
    found: dict[int, Target] = {}
    best: dict[str, tuple[int, int]] = {}
    for number, column in enumerate(columns):
        path, rank = _said(given[column], known, name) if column in given else _understood(kind, column, by_name)
        if path not in known:
            continue
        if path in MANY:
            found[number] = known[path]
        elif rank < best.get(path, (SUREST_LAST, 0))[0]:
            if path in best:
                del found[best[path][1]]  # a surer name for the same field
            best[path] = (rank, number)
            found[number] = known[path]
    return found


def _said(path: Any, known: Mapping[str, Target], name: str) -> tuple[str, int]:
    """Return what the mapping says of a column; null leaves it out."""
    if path not in (None, "") and not (isinstance(path, str) and path in known):
        raise _wrong(name, _("{path} bukan kolom kontrak").format(path=str(path)[:60]))
    return path or "", -1


def _understood(kind: Kind, column: str, by_name: Mapping[str, str]) -> tuple[str, int]:
    """Return the path a name means without being told, and how far from certain it is; an empty path for none."""
    plain = _plain(column)
    if plain in by_name:
        return by_name[plain], 0
    if kind not in (Kind.BUSINESS, Kind.PRODUCT) or plain in NOT_TOLD:
        return "", 0
    heading = field_of(column, of_business=kind is Kind.BUSINESS)
    if heading is None:
        return "", 0
    field, rank = heading
    if kind is Kind.BUSINESS:
        path = field.value.removeprefix(OF_BUSINESS) if field.of_business else ""
    elif field is Field.WEIGHT and _KILOGRAMS.search(plain):
        path = ""  # kilograms in a number would be read as grams
    else:
        path = _PERMITS.get(field, "" if field.of_business else field.value)
    return path, rank + 1


def _names(kind: Kind) -> dict[str, str]:
    """Return the path of every name of the contract's own, with a dot or an underscore, and of what only tables say."""
    found: dict[str, str] = {}
    if kind is Kind.PRODUCT:
        found |= OF_DATABASES
        for number in ("", *(f"_{one}" for one in range(1, 11))):
            found |= {f"image_url{number}": "images", f"image{number}": "images", f"foto{number}": "images"}
        for permit in PermitType:
            found[f"permit_{permit.lower()}"] = f"{PERMIT}{permit}"
            found[f"permit_{permit.lower()}_expires"] = f"{PERMIT}{permit}{EXPIRES}"
    for path in targets(kind):
        found[_plain(path)] = path
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.strip().casefold()).strip("_")


def _part(annotation: Any) -> type[BaseModel] | None:
    """Return the model of an optional part, None for plain fields and for lists."""
    for one in (annotation, *get_args(annotation)):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
    return None


def _wrong(name: str, reason: str) -> CatalogError:
    return CatalogError(_("Kueri “{name}”: {reason}. Perbaiki pemetaan sumber ini.").format(name=name, reason=reason))
