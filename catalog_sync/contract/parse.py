"""One raw record in, one checked record or the reason why it is set aside out; pure, and it never raises.

Neither a reason nor an excerpt repeats a person's data: buyers and orders are named by their field only.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import ValidationError

from catalog_sync.contract.models import Business, Buyer, Consent, Order, Product
from catalog_sync.contract.reasons import reason_of
from marketing.domain.privacy import MASK, without, without_nik
from marketing.domain.product import VerificationStatus
from marketing.i18n import gettext as _

Record = Business | Product | Buyer | Order

EXCERPT_LIMIT: Final = 300
VALUE_LIMIT: Final = 120
EXTRA_LIMIT: Final = 64 * 1024
ID_LIMIT: Final = 100
OWN_NIK_LENGTH: Final = 8
"""Shorter ones are no NIK, and masking them would mask ordinary numbers."""


class Kind(StrEnum):
    """The four lists of a page, by the name of one record."""

    BUSINESS = "business"
    PRODUCT = "product"
    BUYER = "buyer"
    ORDER = "order"

    @property
    def feed(self) -> str:
        """The name of the list, which is also the address and the file name."""
        return {"business": "businesses"}.get(self.value, f"{self.value}s")


MODELS: Final[dict[Kind, type[Record]]] = {
    Kind.BUSINESS: Business,
    Kind.PRODUCT: Product,
    Kind.BUYER: Buyer,
    Kind.ORDER: Order,
}


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that could not be taken: what it was, which one, why (a sentence for people), and a harmless excerpt.

    `lost` is the verification it no longer has, where that much of it could be read: it is heard all the same.
    """

    kind: str
    external_id: str
    reason: str
    excerpt: str = ""
    lost: VerificationStatus | None = None


def parse(kind: Kind, raw: Any) -> Record | SetAside:
    """Check one record of a page."""
    flaw = _unstorable(raw)
    if flaw is not None:
        return SetAside(kind, _identity(raw), flaw, _excerpt(kind, raw, ()))
    try:
        record = _checked(kind, raw)
    except ValidationError as error:
        fields = [str(item["loc"][0]) for item in error.errors(include_url=False, include_input=False) if item["loc"]]
        return SetAside(kind, _identity(raw), reason_of(error), _excerpt(kind, raw, fields))
    if kind in (Kind.BUSINESS, Kind.BUYER) and (MASK in record.id or without_nik(record.id) != record.id):
        return SetAside(kind, "", _("id memuat NIK; pakai pengenal lain di katalog."))
    if record.model_extra and len(json.dumps(record.model_extra)) > EXTRA_LIMIT:
        return SetAside(kind, record.id, _("Kolom yang tidak dikenal lebih dari 64 KB."))
    return record


def split_consents(raw: Any) -> tuple[Any, list[SetAside]]:
    """Take the malformed consents out of a raw buyer, so that a bad line costs the line and not the person."""
    if not isinstance(raw, dict) or not isinstance(raw.get("consents"), list) or _unstorable(raw) is not None:
        return raw, []
    sound: list[Any] = []
    set_aside: list[SetAside] = []
    for line in raw["consents"]:
        try:
            Consent.model_validate_json(json.dumps(line))
        except ValidationError as error:
            set_aside.append(SetAside("consent", _identity(raw), reason_of(error)))
        else:
            sound.append(line)
    return {**raw, "consents": sound}, set_aside


def _unstorable(raw: Any) -> str | None:
    """Say what no database could keep: broken characters, NUL, numbers without end, nesting without bottom."""
    if not isinstance(raw, dict):
        return _("Rekaman harus berupa objek.")
    try:
        text = json.dumps(raw, ensure_ascii=False, allow_nan=False)
        text.encode()
    except UnicodeEncodeError:
        return _("Memuat huruf rusak (bukan UTF-8).")
    except (ValueError, TypeError):
        return _("Memuat bilangan yang tidak sah.")
    except RecursionError:
        return _("Bersarang terlalu dalam.")
    # json writes NUL as \u0000; a text that merely spells those six characters has its backslash doubled
    if "\\u0000" in text.replace("\\\\", ""):
        return _("Memuat karakter NUL.")
    return None


def _checked(kind: Kind, raw: dict[str, Any]) -> Record:
    """Check a record, and once more with the owner's NIK masked wherever a business repeats it, whatever its form."""
    record = MODELS[kind].model_validate_json(json.dumps(raw))
    nik = (record.owner_nik or "") if isinstance(record, Business) else ""
    if len(nik) < OWN_NIK_LENGTH:
        return record
    masked = {key: value if key == "owner_nik" else without(value, nik) for key, value in raw.items()}
    return record if masked == raw else MODELS[kind].model_validate_json(json.dumps(masked))


def _identity(raw: Any) -> str:
    """Return the id for the list of set-aside records, made harmless."""
    identity = raw.get("id") if isinstance(raw, dict) else None
    if not isinstance(identity, str):
        return ""
    return _storable(without_nik(identity))[:ID_LIMIT]


def _excerpt(kind: Kind, raw: Any, fields: list[str] | tuple[str, ...]) -> str:
    """Return id, name and the fields in question, cut short; nothing at all of buyers and orders."""
    if kind not in (Kind.BUSINESS, Kind.PRODUCT) or not isinstance(raw, dict):
        return ""
    own = raw.get("owner_nik")
    shown = {}
    for name in dict.fromkeys(("id", "name", *fields)):
        if name not in raw or name.startswith("owner_"):
            continue
        value = raw[name]
        try:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        except (ValueError, TypeError, RecursionError):
            continue
        if isinstance(own, str) and own.strip():
            text = text.replace(own.strip(), MASK)
        shown[name] = _storable(str(without_nik(text)))[:VALUE_LIMIT]
    return json.dumps(shown, ensure_ascii=False)[:EXCERPT_LIMIT]


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\x00", "")
