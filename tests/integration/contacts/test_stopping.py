"""Whoever writes a no stops what waits in the same transaction: every way in which a no is written, and that there is no other."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from marketing.contacts.consent_service import record_consents
from marketing.contacts.erasing import erase_person
from marketing.contacts.merging import merge
from marketing.contacts.personal_data import find_person
from marketing.contacts.preferences import Wishes, change, leave_all
from marketing.contacts.restricting import restrict
from marketing.contacts.service import ContactRecord, upsert_contacts
from marketing.contacts.unsubscribe import Scope, unsubscribe
from marketing.contacts.withdrawing_for import withdraw_for
from marketing.db.models import Contact
from marketing.domain.consent import ConsentEvent, ConsentState, LedgerLine
from marketing.domain.message import MessageState
from marketing.domain.types import BuyerKind, ChannelName, EmailType, Purpose, Role
from tests.repo.conftest import ROOT
from tests.support.world import TENANT, World, add_contact, add_product, messages, promotion

P = Purpose
Act = Callable[[World, Session, int], object]


def _from_a_catalogue(world: World, session: Session, contact: int) -> object:
    word = ConsentEvent(P.PROMOTIONAL, ConsentState.WITHDRAWN, world.clock(), "", "toko", imported=True)
    known = session.get_one(Contact, contact)
    record = ContactRecord(
        external_id=known.external_id, name="Orang", kind=BuyerKind.MASYARAKAT, locale="id", zone="Asia/Makassar",
        preferences={}, addresses={ChannelName.EMAIL: "orang5@surat.example"}, consents=(word,), content_hash="baru",
    )  # fmt: skip
    return upsert_contacts(
        session, [record], tenant_id=TENANT, source=known.source, signing_key=world.app.settings.signing_key, now=world.clock()
    )  # fmt: skip


def _by_hand_of_the_person(world: World, session: Session, contact: int) -> None:
    change(
        session,
        session.get_one(Contact, contact),
        agreed=(),
        withdrawn=frozenset({P.PROMOTIONAL}),
        wishes=Wishes(),
        now=world.clock(),
    )


def _refused(world: World, session: Session, contact: int) -> object:
    word = ConsentEvent(P.PROMOTIONAL, ConsentState.REFUSED, world.clock(), "", "formulir")
    return record_consents(session, TENANT, [LedgerLine(contact, word)], world.clock())


def _merged(world: World, session: Session, contact: int) -> object:
    other = add_no(world, session)
    return merge(session, other, contact, tenant_id=TENANT, user_id=None, now=world.clock())


def add_no(world: World, session: Session) -> int:
    """Add somebody who said no; it is the same person, as it turns out."""
    other = Contact(
        tenant_id=TENANT, source="katalog", external_id="lama", name="Orang", kind=BuyerKind.MASYARAKAT, locale="id",
        zone="Asia/Makassar", preferences={}, content_hash="x", created_at=world.clock(),
    )  # fmt: skip
    session.add(other)
    session.flush()
    word = ConsentEvent(P.PROMOTIONAL, ConsentState.WITHDRAWN, world.clock(), "", "formulir")
    record_consents(session, TENANT, [LedgerLine(other.id, word)], world.clock())
    return other.id


WAYS: Final[Mapping[str, Act]] = {
    "one click": lambda world, session, contact: unsubscribe(session, contact, Scope.PURPOSE, source="tautan", now=world.clock()),
    "preference centre": _by_hand_of_the_person,
    "leaving all": lambda world, session, contact: leave_all(session, session.get_one(Contact, contact), now=world.clock()),
    "staff": lambda world, session, contact: withdraw_for(
        session, tenant_id=TENANT, contact_id=contact, purposes=[P.PROMOTIONAL], everything=False, note="Lewat telepon",
        user_id=world.staff(Role.MARKETER).id, now=world.clock(),
    ),
    "catalogue": _from_a_catalogue,
    "ledger": _refused,
    "merge": _merged,
    "restriction": lambda world, session, contact: restrict(session, [contact], tenant_id=TENANT, now=world.clock()),
    "erasure": lambda world, session, contact: erase_person(
        session, find_person(session, TENANT, contact, locked=True), signing_key=world.app.settings.signing_key, now=world.clock()
    ),
}  # fmt: skip
REASONS: Final = {"restriction": "restricted", "erasure": "erased"}


def _file(world: World, folder: Path, address: str) -> None:
    path = folder / "kontak.csv"
    path.write_text(f"Surel;Setuju promosi\n{address};tidak\n")
    world.app.imports.run_file(TENANT, path, {}, dry_run=False, errors=None)


def test_a_no_stops_what_waits_before_it_is_committed(small_world: World, tmp_path: Path) -> None:
    world = small_world
    world.staff(Role.MARKETER)
    ways = [*WAYS, "file", "nothing"]
    people = {way: add_contact(world.app, number, P.PROMOTIONAL, P.NEWSLETTER) for number, way in enumerate(ways, 1)}
    product = add_product(world.app, 1)
    other = promotion(product, email_type=EmailType.NEWSLETTER, variant="buletin")
    for content in (promotion(product), other):
        world.app.planner.start(world.approved(content))
    world.clock.forward(minutes=1)
    for way, act in WAYS.items():
        with world.app.database.write() as session:
            act(world, session, people[way])
    _file(world, tmp_path, f"orang{people['file']}@surat.example")
    found: dict[int, list[tuple[MessageState, str]]] = {}
    merged = max(one.contact_id for one in messages(world))
    for one in messages(world):
        found.setdefault(one.contact_id, []).append((one.state, str(one.reason)))
    for way, person in people.items():
        mine = found[merged if way == "merge" else person]
        stopped = (MessageState.SKIPPED, REASONS.get(way, "withdrawn"))
        promoted = (MessageState.QUEUED, "") if way == "nothing" else stopped
        everything = way in ("leaving all", "restriction", "erasure")
        assert mine == [promoted, stopped if everything else (MessageState.QUEUED, "")], way


def test_a_no_that_is_taken_back_in_the_same_breath_stops_nothing(small_world: World) -> None:
    world = small_world
    contact = add_contact(world.app, 1, P.PROMOTIONAL)
    world.app.planner.start(world.approved(promotion(add_product(world.app, 1))))
    said = [
        LedgerLine(contact, ConsentEvent(P.PROMOTIONAL, state, world.clock(), "2026-1", "formulir", language="id"))
        for state in (ConsentState.WITHDRAWN, ConsentState.GIVEN)
    ]
    with world.app.database.write() as session:
        assert record_consents(session, TENANT, said, world.clock()) == {}
    assert [one.state for one in messages(world)] == [MessageState.QUEUED]


def test_one_place_writes_the_ledger_and_one_the_restriction() -> None:
    """Both stop what waits themselves; a second place could forget it."""
    code = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for folder in ("marketing", "catalog_sync", "workers")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    }
    writes = re.compile(r"insert\w*\((?:session, )?ConsentRecord\b|(?<!class )\bConsentRecord\(")
    ledger = {path for path, text in code.items() if writes.search(text)}
    assert ledger == {"marketing/contacts/consent_service.py"}
    restricted = {path for path, text in code.items() if re.search(r"restricted_at\s*=(?!=)|restricted_at=now", text)}
    assert restricted == {
        "marketing/contacts/restricting.py",
        "marketing/contacts/merging.py",  # takes the stricter of both, and stops what came over
        "marketing/contacts/erasing.py",
    }
