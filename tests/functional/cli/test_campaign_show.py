"""What came of a campaign, from the command line: for people, and as an object in which nothing unknown is 0."""

import json
from datetime import timedelta

from marketing.db.models import ChannelAccount, Event, Post, PostFigure, PostMeasuring
from marketing.domain.account import AccountState
from marketing.domain.events import EventType
from marketing.domain.insights import MeasuringState, Metric
from marketing.domain.types import ChannelName, Purpose
from tests.functional.cli.conftest import Siar
from tests.support.world import TENANT, World, add_contact, add_product, promotion


def test_the_figures_of_a_campaign_are_shown_and_exported(siar: Siar, small_world: World) -> None:
    world = small_world
    settings = {
        "SIAR_DATABASE_URL": str(world.app.database.engine.url),
        "SIAR_DATA_DIR": str(world.app.settings.data_dir),
        "SIAR_SECRET_KEY": world.app.settings.signing_key.decode(),
    }
    add_contact(world.app, 1, Purpose.PROMOTIONAL)
    channels = (ChannelName.EMAIL, ChannelName.FACEBOOK, ChannelName.TELEGRAM)
    campaign = world.approved(promotion(add_product(world.app, 1), channels=channels))
    world.run(campaign)
    now = world.clock()
    with world.app.database.write() as session:
        account = ChannelAccount(
            tenant_id=TENANT, channel=ChannelName.FACEBOOK, provider="facebook_page", remote_id="1", name="UMKM TTS", settings={},
            state=AccountState.ACTIVE, sealed_credentials="", report={}, created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(account)
        session.flush()
        post = session.query(Post).filter_by(channel=ChannelName.FACEBOOK).one()
        post.account = str(account.id)
        session.add(
            PostMeasuring(
                post_id=post.id, tenant_id=TENANT, state=MeasuringState.OPEN, asked_at=now, due_at=now + timedelta(days=1), changed_at=now
            )
        )  # fmt: skip
        for metric, number in ((Metric.REACH, 1_200), (Metric.COMMENTS, 0)):
            session.add(PostFigure(tenant_id=TENANT, post_id=post.id, metric=metric, number=number, at=now))
        for number, machine in enumerate((False, False, True)):
            session.add(
                Event(
                    tenant_id=TENANT, event_id=f"e{number}", type=EventType.CLICKED, campaign_id=campaign, post_id=post.id, machine=machine,
                    at=now,
                )
            )  # fmt: skip
    found = json.loads(siar("campaign", "show", str(campaign), "--tenant", "tts", "--json", **settings).out)
    facebook, telegram = found["posts"]
    assert (facebook["reach"], facebook["comments"], facebook["views"]) == (1_200, 0, None)
    assert (facebook["account"], facebook["link_clicks"], facebook["machine_link_clicks"]) == ("UMKM TTS", 2, 1)
    assert {telegram[metric.value] for metric in Metric} == {None}
    assert found["sums"] == {"comments": {"number": 0, "posts": 1}}
    assert found["mail"]["audience"] == 1
    assert found["mail"]["clicks"] == 0
    told = siar("campaign", "show", str(campaign), "--tenant", "tts", **settings)
    assert told.code == 0
    assert "Jangkauan 1.200" in told.out
    assert "Komentar 0" in told.out
    assert "Dilihat tidak tersedia" in told.out
    assert siar("campaign", "show", "999", "--tenant", "tts", **settings).sentence
