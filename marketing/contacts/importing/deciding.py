"""Who each row of a batch is, and what it would change. Pure, but for the twins within the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from marketing.contacts.importing.known import SOURCE, Facts, Known, external_id_of
from marketing.contacts.importing.record import Given, Person, Remark
from marketing.contacts.importing.seen import SeenRows
from marketing.domain.consent import ConsentEvent, ConsentState, Refused, admit
from marketing.domain.types import BuyerKind, Purpose
from marketing.i18n import SOURCE_LANGUAGE
from marketing.i18n import gettext as _

SAID_IN_FILE: Final = "impor"


@dataclass(frozen=True, slots=True)
class Change:
    """What a row does: to a new contact when `contact_id` is None. `moved` are addresses that take the place of others."""

    person: Person
    contact_id: int | None
    external_id: str
    values: Mapping[str, Any]
    added: tuple[Given, ...]
    moved: tuple[tuple[int, Given], ...]
    consents: tuple[ConsentEvent, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether all of this is known already."""
        written = self.values or self.added or self.moved or self.consents
        return self.contact_id is not None and not written


def without_twins(people: Sequence[Person], seen: SeenRows) -> tuple[list[Person], list[Remark]]:
    """Return the people of a batch that no earlier row of the file has named; addresses of earlier rows stay with those."""
    first = seen.first((name, person.row) for person in people for name in _names(person))
    kept: list[Person] = []
    remarks: list[Remark] = []
    for person in people:
        earlier = {name: row for name in _names(person) if (row := first[name]) < person.row}
        own = tuple(one for one in person.addresses if _address_name(one) not in earlier)
        if not own or _names(person)[0] in earlier:
            row = earlier.get(_names(person)[0]) or min(earlier.values())
            remarks.append(Remark(person.row, "", _("orang yang sama sudah ada di baris {row}").format(row=row), True))  # noqa: FBT003  the row is refused
            continue
        remarks += [
            Remark(person.row, "", _("satu alamatnya sudah dipakai orang di baris {row}").format(row=row))
            for row in sorted(set(earlier.values()))
        ]
        kept.append(replace(person, addresses=own) if earlier else person)
    return kept, remarks


def decide(person: Person, facts: Facts, *, zone: str, now: datetime) -> tuple[Change | None, list[Remark]]:
    """Return what a row changes, None when it is refused, and what is to be said about it."""
    keys = [(one.channel, one.hash) for one in person.addresses]
    known = _match(person, facts)
    if any(key in facts.erased for key in keys) or (known is not None and known.erased):
        return None, [Remark(person.row, "", _("pernah dihapus"), refused=True)]
    taken = [key for key in keys if key in facts.by_address and (known is None or facts.by_address[key] != known.id)]
    free = [one for one in person.addresses if (one.channel, one.hash) not in facts.by_address]
    remarks = []
    if taken:
        text = _("satu alamatnya milik kontak lain; bila orangnya sama, gabungkan kedua kontak itu")
        remarks.append(Remark(person.row, "", text))
    if known is None:
        return _new(person, free, zone, now), remarks
    own_id = external_id_of(person)
    merged = own_id in facts.merged
    by_id = bool(person.external_id) and own_id in facts.by_external_id and not merged
    moved, added = _placed(person, known, free) if by_id else ([], free)
    change = Change(
        person,
        known.id,
        "",
        _differing(person, known, own=known.source == SOURCE and not merged),
        tuple(added),
        tuple(moved),
        _admitted(person, known.consents, now),
    )
    return change, remarks


def _match(person: Person, facts: Facts) -> Known | None:
    """Return who this is: by the file's id, else by the first address; by another only where nothing speaks against it."""
    found = facts.by_external_id.get(external_id_of(person))
    first, *rest = person.addresses
    if found is None:
        found = facts.by_address.get((first.channel, first.hash))
    if found is not None:
        return facts.contacts[found]
    for one in rest:
        found = facts.by_address.get((one.channel, one.hash))
        if found is not None and all(
            channel is not first.channel for _id, channel, _h in facts.contacts[found].addresses
        ):
            return facts.contacts[found]
    return None


def _new(person: Person, free: list[Given], zone: str, now: datetime) -> Change:
    values = {
        "name": person.name,
        "kind": person.kind or BuyerKind.MASYARAKAT,
        "locale": person.locale or SOURCE_LANGUAGE,
        "zone": person.zone or zone,
        "kecamatan": person.kecamatan,
        "preferences": {"categories": list(person.topics)} if person.topics else {},
    }
    return Change(person, None, external_id_of(person), values, tuple(free), (), _admitted(person, {}, now))


def _differing(person: Person, known: Known, *, own: bool) -> dict[str, Any]:
    """Return the columns to change: a file is the word on people it brought, and fills only gaps in those of a catalogue."""
    said = {
        "name": person.name,
        "kind": person.kind,
        "locale": person.locale,
        "zone": person.zone,
        "kecamatan": person.kecamatan,
    }
    values: dict[str, Any] = {
        name: value
        for name, value in said.items()
        if value and value != getattr(known, name) and (own or not getattr(known, name))
    }
    topics = list(known.preferences.get("categories", ()))
    if new := [topic for topic in person.topics if topic not in topics]:
        values["preferences"] = {**known.preferences, "categories": topics + new}
    return values


def _placed(person: Person, known: Known, free: list[Given]) -> tuple[list[tuple[int, Given]], list[Given]]:
    """Return the addresses that replace the only one of their kind, because the file's own id tells who it is, and those to add."""
    moved: list[tuple[int, Given]] = []
    added: list[Given] = []
    named = {(one.channel, one.hash) for one in person.addresses}
    for one in free:
        standing = [(row_id, hashed) for row_id, channel, hashed in known.addresses if channel is one.channel]
        taken = any(channel_given.channel is one.channel for _row, channel_given in moved)
        if len(standing) == 1 and not taken and (one.channel, standing[0][1]) not in named:
            moved.append((standing[0][0], one))
        else:
            added.append(one)
    return moved, added


def _admitted(person: Person, standing: Mapping[Purpose, ConsentEvent], now: datetime) -> tuple[ConsentEvent, ...]:
    """Return the lines that the ledger will take: a withdrawal that we hold is never overridden by a file."""
    events = [
        one for one in person.consents.events if not isinstance(admit(one, standing.get(one.purpose), now), Refused)
    ]
    ended = [
        ConsentEvent(purpose, ConsentState.WITHDRAWN, now, "", SAID_IN_FILE, imported=True)
        for purpose in person.consents.stopped
        if purpose in standing and standing[purpose].state is ConsentState.GIVEN
    ]
    return (*events, *ended)


def _names(person: Person) -> list[str]:
    """Return what a row may be known again by, the surest first."""
    names = [_address_name(one) for one in person.addresses]
    return [f"id:{person.external_id}", *names] if person.external_id else names


def _address_name(one: Given) -> str:
    return f"{one.channel.value}:{one.hash}"
