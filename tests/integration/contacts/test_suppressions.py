"""The list of never-send: by hand with a reason, lifted by a code and never against an erasure, and no address in it."""

import json

import pytest
from sqlalchemy import select

from marketing.contacts import suppressions as s
from marketing.contacts.erasing import ERASED
from marketing.contacts.unsubscribe import UNSUBSCRIBE_ALL
from marketing.db.models import AuditEntry, Suppression
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, Purpose, Role
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from tests.support.world import TENANT, World, add_contact, add_product, messages, promotion

MAIL = "orang1@surat.example"


def reach(world: World, typed: str = MAIL, tenant: str = TENANT) -> s.Reach:
    (found,) = s.reaches_of(world.app.settings.signing_key, tenant, typed)
    return found


def put(world: World, reason: s.Reason = s.Reason.MANUAL, note: str = "diminta lewat loket", typed: str = MAIL) -> int:
    with world.app.database.write() as session:
        return s.add(
            session,
            tenant_id=TENANT,
            reach=reach(world, typed),
            reason=reason,
            note=note,
            user_id=world.staff(Role.OPERATOR).id,
            now=world.clock(),
        ).id


def lift(world: World, row_id: int, why: str = s.LiftReason.MISTAKE, document: str = "", tenant: str = TENANT) -> None:
    with world.app.database.write() as session:
        s.lift(session, tenant, row_id, why=why, document=document, user_id=None, now=world.clock())


def rows(world: World) -> list[Suppression]:
    with world.app.database.read() as session:
        return list(session.scalars(select(Suppression)))


def stands(world: World, reason: str) -> int:
    with world.app.database.write() as session:
        found = reach(world)
        row = Suppression(
            tenant_id=TENANT, channel=found.channel, address_hash=found.hash, reason=reason, at=world.clock()
        )
        session.add(row)
        session.flush()
        return row.id


def test_who_is_put_on_the_list_gets_no_marketing_until_it_is_lifted(world: World) -> None:
    product = add_product(world.app, 1)
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    row_id = put(world)
    world.run(world.approved(promotion(product)))
    lift(world, row_id)
    world.run(world.approved(promotion(product)))
    first, second = messages(world)
    assert (first.state, first.reason) == (MessageState.SKIPPED, "suppressed")
    assert second.state is MessageState.ACCEPTED


@pytest.mark.parametrize("typed", ["ORANG1@surat.example", "  orang1@SURAT.example "])
def test_an_address_is_found_however_it_is_written(small_world: World, typed: str) -> None:
    put(small_world)
    with small_world.app.database.read() as session:
        (row,) = s.find(session, TENANT, [reach(small_world, typed)])
        assert row.reason == "manual"
        assert s.find(session, TENANT, [reach(small_world, "orang2@surat.example")]) == []
        assert s.find(session, "blitar", [reach(small_world, tenant="blitar")]) == []
        assert s.find(session, "blitar", [reach(small_world)]) == []


@pytest.mark.parametrize(
    ("typed", "channel"),
    [
        ("0812 3456 7890", ChannelName.WHATSAPP),
        ("6281234567890", ChannelName.WHATSAPP),
        ("@toko_tenun", ChannelName.TELEGRAM),
        ("a@b.example", ChannelName.EMAIL),
    ],
)
def test_the_channel_is_known_by_the_form_of_the_address(small_world: World, typed: str, channel: ChannelName) -> None:
    assert reach(small_world, typed).channel is channel


@pytest.mark.parametrize(
    "typed", ["", "maria", "a@b", "Toko 081234567890", "a@b.example\r\nBcc: c@d.example", "x" * 5000]
)
def test_what_is_no_address_reaches_nobody(small_world: World, typed: str) -> None:
    assert s.reaches_of(small_world.app.settings.signing_key, TENANT, typed) == ()


def test_neither_list_nor_audit_log_holds_the_address(small_world: World) -> None:
    lift(small_world, put(small_world))
    put(small_world, note="diminta lewat surat")
    (row,) = rows(small_world)
    with small_world.app.database.read() as session:
        lines = list(session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("suppression."))))
    said = json.dumps([[line.action, line.subject, line.details] for line in lines])
    assert [line.action.partition(".")[2] for line in lines] == ["added", "lifted", "added"]
    assert "orang1" not in said
    assert row.address_hash not in said
    assert row.address_hash[: s.HASH_PREFIX] in said
    assert "loket" not in said


@pytest.mark.parametrize(
    "note", ["", " \n ", "a@b.example", "telp 0812-3456-7890", "NIK 5302 0112 3456 0001", "x" * 301]
)
def test_a_note_says_why_and_repeats_no_address(small_world: World, note: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        put(small_world, note=note)
    assert refused.value.field == "catatan"
    assert rows(small_world) == []


@pytest.mark.parametrize(
    "reason", [s.Reason.ERASED, s.Reason.COMPLAINT, s.Reason.HARD_BOUNCE, s.Reason.UNSUBSCRIBE_ALL]
)
def test_what_only_events_know_is_not_entered_by_hand(small_world: World, reason: s.Reason) -> None:
    with pytest.raises(InvalidInputError):
        put(small_world, reason)


@pytest.mark.parametrize(
    ("before", "legal_takes_over"),
    [("manual", True), ("complaint", True), ("unsubscribe_all", True), ("legal", False), ("erased", False)],
)
def test_a_legal_order_takes_the_place_of_weaker_reasons_only(
    small_world: World, before: str, *, legal_takes_over: bool
) -> None:
    stands(small_world, before)
    with pytest.raises(InvalidInputError):
        put(small_world)
    if legal_takes_over:
        put(small_world, s.Reason.LEGAL)
    else:
        with pytest.raises(InvalidInputError):
            put(small_world, s.Reason.LEGAL)
    (row,) = rows(small_world)
    assert row.reason == ("legal" if legal_takes_over else before)


def test_an_erased_address_is_never_lifted(small_world: World) -> None:
    row_id = stands(small_world, "erased")
    with pytest.raises(NotAllowedError, match="43"):
        lift(small_world, row_id, document="440/1/2026")
    assert len(rows(small_world)) == 1


def test_a_legal_order_is_lifted_only_by_the_letter_that_ends_it(small_world: World) -> None:
    row_id = put(small_world, s.Reason.LEGAL)
    for document in ("", "  ", "a@b.example", "08123456789", "<b>1</b>", "x" * 99):
        with pytest.raises(InvalidInputError) as refused:
            lift(small_world, row_id, s.LiftReason.ORDER_ENDED, document)
        assert refused.value.field == "surat", document
    lift(small_world, row_id, s.LiftReason.ORDER_ENDED, "440/12/PN-SoE/2026")
    assert rows(small_world) == []


def test_lifting_needs_a_reason_and_the_own_daerah(small_world: World) -> None:
    row_id = put(small_world)
    with pytest.raises(InvalidInputError):
        lift(small_world, row_id, "")
    with pytest.raises(NotFoundError):
        lift(small_world, row_id, tenant="blitar")
    with pytest.raises(NotFoundError):
        lift(small_world, row_id + 1)
    assert len(rows(small_world)) == 1


def test_the_reasons_are_those_that_the_rest_of_the_system_writes() -> None:
    assert UNSUBSCRIBE_ALL in set(s.Reason)
    assert ERASED in set(s.Reason)
