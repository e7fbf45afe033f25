"""The businesses behind the rows: which rows mean the same one, what is true of it, and what it is called by.

A business is known by its ID, else by its NIB, else by its name and owner. Rows of one business complete each other; where
they differ the first one wins, but in what opens doors (verified, binaan, NIK checked) the more careful answer does.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from catalog_sync.contract import Kind, SetAside
from catalog_sync.contract.models import Role
from catalog_sync.sources.spreadsheet.facts import Facts, told
from catalog_sync.sources.spreadsheet.fields import OF_BUSINESS, SEVERAL, Field
from catalog_sync.sources.spreadsheet.words import BIG
from marketing.domain.identifiers import squeezed
from marketing.domain.product import VerificationStatus
from marketing.i18n import gettext as _
from marketing.tabular.cells import UnreadableError, shown
from marketing.tabular.headings import key

Key = tuple[str, str, str]

REMARKS: Final = 10_000
DIFFERENCES: Final = 3
SLUG: Final = 48
_CAREFUL: Final = (
    VerificationStatus.REVOKED.value,
    VerificationStatus.REJECTED.value,
    VerificationStatus.PENDING.value,
    VerificationStatus.VERIFIED.value,
)
_PLAIN: Final = (
    Field.NIB, Field.BINAAN, Field.REGION, Field.KECAMATAN, Field.OWNER, Field.NIK, Field.NIK_VERIFIED, Field.ADDRESS,
    Field.PHONE, Field.EMAIL, Field.WEBSITE, Field.SHOPS, Field.GROUP,
)  # fmt: skip
_VERIFICATION: Final = {
    "status": Field.BUSINESS_STATUS,
    "by": Field.BUSINESS_VERIFIED_BY,
    "at": Field.BUSINESS_VERIFIED_AT,
    "note": Field.BUSINESS_NOTE,
}


@dataclass(slots=True)
class _Group:
    """The rows of one business: what they say together, where it was said first, and how often they differed."""

    place: str
    values: dict[Field, Any]
    differences: int = 0


@dataclass(slots=True)
class Businesses:
    """Collects rows with `add`, then `settle`; only after that is known who owns what."""

    _groups: dict[Key, _Group] = field(default_factory=dict)
    _ids: dict[Key, str] = field(default_factory=dict)
    _by_nib: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))
    _by_name: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))
    _remarks: list[tuple[Key | None, SetAside]] = field(default_factory=list)
    _untold: int = 0

    def add(self, facts: Facts, place: str) -> None:
        """Take the business of one row; a row that names none is left out."""
        values, name = facts.values, _key_of(facts.values)
        if facts.unreadable(Field.ROLE):
            values[Field.ROLE] = ""  # neither role is the careful one, so the contract refuses the business
        for line in told(facts, Kind.BUSINESS, "", place):
            self._remark(name, line)
        if name is None:
            return
        group = self._groups.get(name)
        if group is None:
            self._groups[name] = _Group(place, dict(values))
        else:
            self._merge(name, group, values, place)

    def refuse(self, line: SetAside) -> None:
        """Keep the line for a row that could not be read at all."""
        self._remark(None, line)

    def settle(self) -> None:
        """Let rows with a name alone join the business they must mean, and give every business its id."""
        for name, group in self._groups.items():
            if name[0] == "id" and (nib := _nib(group.values)):
                self._by_nib[nib].append(name)
        for name in [name for name in self._groups if name[0] == "nib"]:
            self._join(name, self._by_nib.get(name[1], ()))
        for name, group in self._groups.items():
            if name[0] != "name":
                self._by_name[key(group.values.get(Field.BUSINESS_NAME, ""))].append(name)
        for name in [name for name in self._groups if name[0] == "name"]:
            self._join(name, self._alike(name[1], name[2]), or_drop=True)
        for name in [name for name in self._groups if name[0] == "name"]:
            self._by_name[name[1]].append(name)
        for name in [name for name in self._groups if name[0] == "name" and not name[2]]:
            self._join(name, [other for other in self._alike(name[1], "") if other != name], or_drop=True)
        self._ids |= {name: _id_of(name, group.values) for name, group in self._groups.items()}

    def owner_of(self, values: dict[Field, Any]) -> str:
        """Return the id of the business a row means; UnreadableError when it names none, or one of several."""
        name = _key_of(values)
        if name is None:
            raise UnreadableError(_("usaha pemilik produk belum diisi"))
        if name in self._ids:
            return self._ids[name]
        found: list[Key] = []
        if name[0] != "id":
            nib = _nib(values)
            owner = key(values.get(Field.OWNER, ""))
            alike = self._alike(key(values.get(Field.BUSINESS_NAME, "")), owner)
            same = [one for one in alike if not nib or _nib(self._groups[one].values) in ("", nib)]
            found = self._by_nib.get(nib, []) or same
        known = {self._ids[one] for one in found if one in self._ids}
        if len(known) == 1:
            return known.pop()
        text = shown(values.get(Field.BUSINESS_ID) or values.get(Field.BUSINESS_NAME) or values.get(Field.NIB))
        if known:
            raise UnreadableError(
                _("nama usaha “{name}” dipakai {count} usaha; isi ID Usaha atau NIB").format(
                    name=text, count=len(known)
                )
            )
        raise UnreadableError(_("usaha “{name}” tidak ada dalam daftar usaha").format(name=text))

    def records(self) -> Iterator[tuple[dict[str, Any] | None, list[SetAside]]]:
        """Yield every business in the form of the contract, each with the remarks about it."""
        remarks: dict[str, list[SetAside]] = defaultdict(list)
        for name, line in self._remarks:
            identity = self._ids.get(name, "") if name else ""
            remarks[identity].append(SetAside(line.kind, identity, line.reason, line.excerpt))
        for name, group in self._groups.items():
            identity = self._ids[name]
            yield _record(identity, group.values), remarks.pop(identity, [])
        loose = [line for lines in remarks.values() for line in lines]
        if self._untold:
            loose.append(
                SetAside(Kind.BUSINESS, "", _("{count} catatan lain tentang usaha.").format(count=self._untold))
            )
        yield from ((None, [line]) for line in loose)

    def _merge(self, name: Key, group: _Group, values: dict[Field, Any], place: str) -> None:
        differing = []
        for one, value in values.items():
            known = group.values.get(one)
            if known is None:
                group.values[one] = value
            elif one in SEVERAL:
                group.values[one] = [*known, *(part for part in value if part not in known)]
            elif _plain(known) != _plain(value):
                differing.append(one)
                group.values[one] = _careful(one, known, value)
        if differing:
            group.differences += 1
            if group.differences <= DIFFERENCES:
                self._remark(name, _difference(group, differing, place))

    def _join(self, name: Key, candidates: Sequence[Key], *, or_drop: bool = False) -> None:
        """Give a group's rows to the one business they can mean; of several nobody knows which."""
        alive = [one for one in candidates if one in self._groups]
        if len(alive) > 1 and or_drop:
            del self._groups[name]
        if len(alive) != 1:
            return
        group = self._groups.pop(name)
        self._merge(alive[0], self._groups[alive[0]], group.values, group.place)
        self._ids[name] = _id_of(alive[0], self._groups[alive[0]].values)

    def _alike(self, name: str, owner: str) -> list[Key]:
        """Return the businesses of this name whose owner is the same, or not told on one of the two sides."""
        if not name:
            return []
        found = [one for one in self._by_name.get(name, ()) if one in self._groups]
        return [one for one in found if self._owner(one) in (owner, "") or not owner]

    def _owner(self, name: Key) -> str:
        return key(self._groups[name].values.get(Field.OWNER, ""))

    def _remark(self, name: Key | None, line: SetAside) -> None:
        if len(self._remarks) < REMARKS:
            self._remarks.append((name, line))
        else:
            self._untold += 1


def _key_of(values: dict[Field, Any]) -> Key | None:
    if identity := values.get(Field.BUSINESS_ID):
        return ("id", identity, "")
    if nib := _nib(values):
        return ("nib", nib, "")
    owner = key(values.get(Field.OWNER, ""))
    name = key(values.get(Field.BUSINESS_NAME, "")) or owner
    return ("name", name, owner) if name else None


def _nib(values: dict[Field, Any]) -> str:
    return squeezed(values.get(Field.NIB, ""))


def _id_of(name: Key, values: dict[Field, Any]) -> str:
    """Return the id in the column, the NIB, or one made of name and owner, which the same name and owner always give."""
    kind, text, owner = name
    return text if kind != "name" else derived_id(values.get(Field.BUSINESS_NAME, ""), text, owner)


def derived_id(shown_as: str, *parts: str) -> str:
    """Return a readable id that the same parts always give."""
    plain = unicodedata.normalize("NFKD", shown_as).encode("ascii", "ignore").decode().casefold()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:SLUG].strip("-")
    digest = hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()[:12]
    return f"{slug}-{digest}" if slug else digest


def _plain(value: Any) -> Any:
    return key(value) if isinstance(value, str) else value


def _careful(name: Field, known: Any, value: Any) -> Any:
    if name is Field.BUSINESS_STATUS:
        return min(known, value, key=_CAREFUL.index)
    if name in (Field.BINAAN, Field.NIK_VERIFIED):
        return known and value
    return known


def _difference(group: _Group, differing: list[Field], place: str) -> SetAside:
    names = ", ".join(one.removeprefix(OF_BUSINESS) for one in differing)
    return SetAside(
        Kind.BUSINESS,
        "",
        _("{place}: data usaha ({fields}) berbeda dari {first}; yang dipakai {first}.").format(
            place=place, fields=names, first=group.place[:1].lower() + group.place[1:]
        ),
    )


def _record(identity: str, values: dict[Field, Any]) -> dict[str, Any]:
    """Return a business in the form of the contract; a big one offers as penyedia, because it is no UMKM."""
    size = values.get(Field.SCALE)
    name = values.get(Field.BUSINESS_NAME) or values.get(Field.OWNER)
    record: dict[str, Any] = {
        "id": identity,
        "role": Role.PENYEDIA.value if size == BIG else values.get(Field.ROLE, Role.UMKM.value),
        "name": name,
        "scale": None if size == BIG else size,
    }
    record |= {one.removeprefix(OF_BUSINESS): values[one] for one in _PLAIN if one in values}
    verification = {part: values[one] for part, one in _VERIFICATION.items() if one in values}
    if verification:
        record["verification"] = verification
    return {part: value for part, value in record.items() if value is not None}
