"""Templates that an office wrote: versions, what a campaign keeps, what order mail follows."""

from dataclasses import replace

import pytest

from marketing.domain.campaign import NEWEST_TEMPLATE
from marketing.domain.types import EmailType, Purpose
from marketing.errors import NotFoundError
from marketing.mail.templates import Change, TemplateRefusedError, history, in_force, pinned_source, restore, save
from marketing.templates.compiler import TemplateSource, shipped_source
from marketing.templates.registry import template_of
from marketing.tenants.profile import profile_of
from marketing.web.queries.mail_templates import names_of, standing_numbers
from tests.support.world import TENANT, World, add_contact, add_product, promotion

KIND, VARIANT = EmailType.PROMOTIONAL, promotion().variant
PROFILE = profile_of(TENANT)
SHIPPED = shipped_source(KIND, VARIANT)
TEMPLATE = template_of(KIND, VARIANT)


def by(world: World) -> Change:
    return Change(None, "uji", world.clock())


def saying(words: str) -> TemplateSource:
    part = "{# part: headline #}"
    return TemplateSource(SHIPPED.mjml.replace(part, f"{part}<mj-text>{words}</mj-text>"), SHIPPED.text)


def saved(world: World, words: str) -> int:
    with world.app.database.write() as session:
        return save(session, PROFILE, TEMPLATE, saying(words), by(world)).number


def test_versions_follow_one_another_and_the_newest_is_in_force(world: World) -> None:
    assert [saved(world, "satu"), saved(world, "dua")] == [1, 2]
    with world.app.database.read() as session:
        assert in_force(session, TENANT, KIND, VARIANT) == 2
        assert in_force(session, "blitar", KIND, VARIANT) == 0
        assert standing_numbers(session, TENANT) == {(KIND, VARIANT): 2}
        assert standing_numbers(session, "blitar") == {}
        assert names_of(session, TENANT) == {}
        assert [row.number for row in history(session, TENANT, KIND, VARIANT)] == [2, 1]


def test_an_earlier_version_comes_back_as_a_new_one_and_so_does_the_shipped(world: World) -> None:
    saved(world, "satu")
    saved(world, "dua")
    with world.app.database.write() as session:
        back = restore(session, PROFILE, TEMPLATE, 1, by(world))
        assert (back.number, "satu" in back.mjml) == (3, True)
        restore(session, PROFILE, TEMPLATE, 0, by(world))
        assert in_force(session, TENANT, KIND, VARIANT) == 0
        assert len(history(session, TENANT, KIND, VARIANT)) == 4
        assert standing_numbers(session, TENANT) == {}
        with pytest.raises(NotFoundError):
            restore(session, PROFILE, TEMPLATE, 99, by(world))
        with pytest.raises(NotFoundError, match="Versi 4"):
            restore(session, PROFILE, TEMPLATE, 4, by(world))


def test_a_refused_template_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(TemplateRefusedError) as caught, world.app.database.write() as session:
        save(session, PROFILE, TEMPLATE, saying("{{ rahasia }}"), by(world))
    assert caught.value.refusals[0].line > 0
    with world.app.database.read() as session:
        assert history(session, TENANT, KIND, VARIANT) == []


def test_a_campaign_goes_out_in_the_look_that_was_approved(world: World) -> None:
    saved(world, "Salam dari SoE")
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    campaign = world.approved(promotion(add_product(world.app, 1)), minutes=0)
    saved(world, "Ditulis sesudahnya")
    world.run(campaign)
    [mail] = world.outbox.sent
    assert "Salam dari SoE" in mail.html
    assert "Ditulis sesudahnya" not in mail.html


def test_order_mail_follows_the_newest(world: World) -> None:
    content = replace(promotion(add_product(world.app, 1)), email_type=KIND, variant=VARIANT, template=NEWEST_TEMPLATE)
    with world.app.database.read() as session:
        assert pinned_source(session, TENANT, content) is None
    saved(world, "satu")
    saved(world, "dua")
    with world.app.database.read() as session:
        source = pinned_source(session, TENANT, content)
    assert source is not None
    assert "dua" in source.mjml
