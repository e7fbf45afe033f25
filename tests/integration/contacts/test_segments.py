"""A segment means the same to the database and to the pure evaluator, on both engines, whoever the people are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketing.contacts import segments
from marketing.contacts.segment_query import Asked, members
from marketing.db.models import Contact, Segment
from marketing.domain.campaign import AudienceFilter
from marketing.domain.segments.evaluate import belongs
from marketing.domain.segments.parse import parse
from marketing.domain.segments.tree import And, Attribute, Created, Field, Node, Not, Or
from marketing.domain.segments.write import written
from marketing.domain.types import Purpose
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from tests.support.segments import Town, trees
from tests.support.world import START, TENANT, World, add_contact, add_product, messages, promotion

ROUNDS = 120


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sql_finds_exactly_those_whom_the_evaluator_lets_in(world: World, seed: int) -> None:
    town = Town(world, seed)
    seen: set[int] = set()

    @settings(max_examples=ROUNDS, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(trees(town.products, town.businesses, town.campaigns), st.none() | st.integers(0, len(town.people)))
    def agree(tree: Node, upto: int | None) -> None:
        expected = {row_id for row_id, person in town.people.items() if belongs(tree, person, town.now)}
        first = min(town.people)
        asked = Asked(TENANT, town.now) if upto is None else Asked(TENANT, town.now, first + 2, first + upto)
        if upto is not None:
            expected = {row_id for row_id in expected if first + 2 < row_id <= first + upto}
        with world.app.database.read() as session:
            found = list(session.scalars(members(session, tree, asked)))
        assert sorted(found) == sorted(expected), written(tree)
        seen.add(len(found))

    agree()
    assert len(seen) > 10  # the trees tell people apart


def test_nobody_erased_or_merged_or_of_another_daerah_belongs(world: World) -> None:
    ids = [add_contact(world.app, number) for number in range(4)]
    add_contact(world.app, 9, tenant="blitar")
    with world.app.database.write() as session:
        session.execute(update(Contact).where(Contact.id == ids[0]).values(erased_at=START))
        session.execute(update(Contact).where(Contact.id == ids[1]).values(merged_into=ids[2]))
    with world.app.database.read() as session:
        found = list(session.scalars(members(session, Not(Created(1)), Asked(TENANT, START + timedelta(days=2)))))
    assert sorted(found) == ids[2:]


def test_a_tree_of_the_largest_size_is_answered(world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    parts = [
        f"(not bought(days={n + 1}, times=2, spent={n + 1}) or clicked(days={n + 1}))" for n in range(29)
    ]  # fmt: skip
    tree = parse(" and ".join([*parts, "consent(promotional=given)", "address(email)"]))
    with world.app.database.read() as session:
        assert segments.count(session, TENANT, tree, world.clock()) == 1


def kept(session: Session, name: str, text: str, segment_id: int | None = None) -> Segment:
    return segments.save(
        session, tenant_id=TENANT, name=name, text=text, user_id=None, now=START, segment_id=segment_id
    )


def test_a_segment_inside_another_follows_its_changes_and_may_not_lead_back(world: World) -> None:
    add_contact(world.app, 1)
    with world.app.database.write() as session:
        inner = kept(session, "Dalam", "kelompok = masyarakat")
        outer = kept(session, "Luar", f"segmen({inner.id}) dan tidak mengklik(hari=9)")
        assert segments.count(session, TENANT, segments.whole_of(session, outer), START) == 1
        assert (
            segments.explanation_of(session, outer)
            == "Orang yang termasuk segmen “Dalam” dan tidak mengklik dalam 9 hari terakhir"
        )
        kept(session, "Dalam", "kind = penyedia", inner.id)
        assert segments.count(session, TENANT, segments.whole_of(session, outer), START) == 0
        for text in (f"segment({outer.id})", f"segment({inner.id})", f"not (kind = penyedia or segment({outer.id}))"):
            with pytest.raises(InvalidInputError, match="memuat dirinya sendiri"):
                kept(session, "Dalam", text, inner.id)
        assert segments.uses(session, inner) == ["segmen “Luar”"]
        with pytest.raises(NotAllowedError, match="masih dipakai: segmen “Luar”"):
            segments.delete(session, inner)
        segments.delete(session, outer)
        segments.delete(session, inner)
        assert segments.listed(session, TENANT) == []


def test_segments_that_grow_together_beyond_reason_are_refused(world: World) -> None:
    wide = " or ".join(["clicked()"] * 50)
    with world.app.database.write() as session:
        first = kept(session, "A", wide)
        many = " or ".join([f"segment({first.id})"] * 4)
        kept(session, "B", many)
        with pytest.raises(InvalidInputError, match="lebih dari 200"):
            kept(session, "C", f"{many} or clicked()")
        with pytest.raises(InvalidInputError, match="lebih dari 200"):  # B would grow with it
            kept(session, "A", f"{wide} or clicked()", first.id)


@pytest.mark.parametrize(
    "text", ["bought(product=99)", "bought(business=99)", "clicked(campaign=99)", "segment(99)", "not segment(99)"]
)
def test_what_a_segment_speaks_of_must_be_there(world: World, text: str) -> None:
    with world.app.database.read() as session, pytest.raises(InvalidInputError, match="nomor 99 tidak ada"):
        segments.understand(session, TENANT, text)


def test_rows_of_another_daerah_are_not_there(world: World) -> None:
    product = add_product(world.app, 1)
    with world.app.database.read() as session:
        assert (
            segments.understand(session, TENANT, f"bought(product={product})").explanation
            == "Orang yang membeli produk “Tenun 1”"
        )
        with pytest.raises(InvalidInputError, match="tidak ada"):
            segments.understand(session, "blitar", f"bought(product={product})")


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b", "Sudah"])
def test_a_name_is_needed_and_stands_once(world: World, name: str) -> None:
    with world.app.database.write() as session:
        row = kept(session, "Sudah", "clicked()")
        kept(session, " Sudah ", "received()", row.id)
        with pytest.raises(InvalidInputError) as wrong:
            kept(session, name, "clicked()")
        assert wrong.value.field == "nama"


def planned(world: World, audience: Callable[[Session], AudienceFilter]) -> set[int]:
    with world.app.database.write() as session:
        wanted = audience(session)
    campaign = world.approved(promotion(add_product(world.app, 1), audience=wanted))
    world.app.planner.start(campaign)
    return {message.contact_id for message in messages(world)}


def test_a_campaign_reaches_segments_minus_segments_asked_at_planning(world: World) -> None:
    ids = [add_contact(world.app, number, Purpose.PROMOTIONAL) for number in range(6)]
    with world.app.database.write() as session:
        for place, row_id in zip(("SoE", "SoE", "Molo", "Molo", "Kie", "SoE"), ids, strict=True):
            session.get_one(Contact, row_id).kecamatan = place
        session.get_one(Contact, ids[1]).locale = "en"
        soe, molo = kept(session, "SoE", "kecamatan = soe"), kept(session, "Molo", "kecamatan = MOLO")
        english = kept(session, "Inggris", "locale = en")
        numbers = (soe.id, molo.id), (english.id,)
    reached = planned(world, lambda _session: AudienceFilter(segments=numbers[0], besides=numbers[1]))
    assert reached == {ids[0], ids[2], ids[3], ids[5]}


def test_only_besides_takes_from_everybody_and_kinds_still_narrow(world: World) -> None:
    ids = [add_contact(world.app, number, Purpose.PROMOTIONAL) for number in range(3)]
    with world.app.database.write() as session:
        session.get_one(Contact, ids[0]).kind = "penyedia"  # type: ignore[assignment]
        session.get_one(Contact, ids[1]).locale = "en"
        english = kept(session, "Inggris", "locale = en").id
    assert planned(world, lambda _session: AudienceFilter(besides=(english,))) == {ids[0], ids[2]}


def test_a_draft_holds_its_segment_and_a_lost_exception_reaches_nobody(world: World) -> None:
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    with world.app.database.write() as session:
        row = kept(session, "Kecuali ini", "locale = en")
        number = row.id
    campaign = world.approved(promotion(add_product(world.app, 1), audience=AudienceFilter(besides=(number,))))
    with world.app.database.write() as session:
        with pytest.raises(NotAllowedError, match="kampanye “"):
            segments.delete(session, session.get_one(Segment, number))
        session.delete(session.get_one(Segment, number))  # behind our back
    world.app.planner.start(campaign)
    assert messages(world) == []
    with world.app.database.read() as session:
        from marketing.db.models import Campaign

        standing = session.get_one(Campaign, campaign)
        assert (standing.state, standing.planned_at) == ("paused", None)
        assert "tidak ada" in standing.state_reason


def test_combining_nothing_narrows_nothing_and_a_stranger_is_refused(world: World) -> None:
    with world.app.database.write() as session:
        assert segments.combined(session, TENANT, (), ()) is None
        row = kept(session, "A", "locale = en")
        leaf = Attribute(Field.LOCALE, ("en",))
        assert segments.combined(session, TENANT, (row.id,), ()) == leaf
        assert segments.combined(session, TENANT, (row.id, row.id), (row.id,)) == And((Or((leaf, leaf)), Not(leaf)))
        with pytest.raises(NotFoundError):
            segments.combined(session, "blitar", (row.id,), ())
        with pytest.raises(InvalidInputError):
            segments.require(session, "blitar", [row.id], field="penerima")
        segments.require(session, TENANT, [row.id], field="penerima")
        assert session.scalars(select(Segment.expression)).one() == {"text": "locale = en", "segments": []}
