"""The whole life of posts before simulated providers: on every channel, one with a lost answer, one late, and one recalled.

Nobody waits for a provider's minutes here: what waits is brought forward, and the providers' clocks with it.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from catalog_sync.configured import SOURCE_NAME
from catalog_sync.saved_sources import SourceSpec
from catalog_sync.sources.base import SourceFormat
from marketing.bootstrap import App
from marketing.db.models import Campaign, Post, PostMeasuring, PostProduct, Product
from marketing.delivery.post_figures import begin
from marketing.demo.people import staff
from marketing.demo.providers import Town
from marketing.domain.campaign import CampaignContent
from marketing.domain.post import OPEN, PostState
from marketing.domain.types import ChannelName, EmailType, Role
from marketing.errors import MarketingError
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.i18n import gettext as _
from marketing.products.catalogue import least_shown, load_offers
from marketing.queue import TaskName

SLUG: Final = "peragaan-ditarik"
FAR: Final = 40
"""So far down the list of the least shown is a product that no other campaign of the demo praises."""
STEP: Final = timedelta(minutes=2)
SEEN_AFTER: Final = timedelta(hours=6)
PATIENCE_SECONDS: Final = 240.0
LOOK_SECONDS: Final = 0.05
PRESS_SECONDS: Final = 1.0
CHANNELS: Final = (
    ChannelName.FACEBOOK,
    ChannelName.INSTAGRAM,
    ChannelName.TIKTOK,
    ChannelName.WHATSAPP,
    ChannelName.TELEGRAM,
)


@dataclass(slots=True)
class Rehearsal:
    """Plays and watches; `lives` are the states that each post was seen in."""

    app: App
    town: Town
    lives: dict[int, list[PostState]] = field(default_factory=dict)

    def begin(self, tenant_id: str) -> None:
        """Connect every account and start a campaign for the social channels alone, once per data folder.

        An answer of the Page gets lost on its way: this campaign's, never one that somebody writes in a later run.
        """
        self.town.connect(self.app, tenant_id)
        with self.app.database.write() as session, speaking(SOURCE_LANGUAGE):
            if session.scalar(select(exists().where(Campaign.tenant_id == tenant_id, Campaign.slug == SLUG))):
                return
            self.town.lose_the_answer(tenant_id)
            people = staff(session, tenant_id)
            author, now = people[Role.MARKETER], self.app.clock()
            name, content = _("Kiriman yang ditarik"), _content(session, tenant_id)
            campaign = self.app.campaigns.create(
                session, author, name=name, content=content, scheduled_at=now, slug=SLUG
            )
            self.app.campaigns.submit(session, author, campaign.id)
            self.app.campaigns.approve(session, people[Role.APPROVER], campaign.id)

    def settle(self, tenants: Sequence[str]) -> None:
        """Wait until every post has come as far as it can by itself; MarketingError when one does not."""
        deadline, pressed = time.monotonic() + PATIENCE_SECONDS, time.monotonic()
        while not self._look(tenants):
            if time.monotonic() > deadline:
                raise MarketingError(_("Kiriman peragaan belum selesai; lihat log pekerja."))
            if time.monotonic() - pressed > PRESS_SECONDS:
                self._bring_forward(tenants)
                pressed = time.monotonic()
            time.sleep(LOOK_SECONDS)
        self._measure(tenants)

    def recall(self, tenant_id: str, catalogue: Path, address: str) -> None:
        """Revoke the product of that campaign in the catalogue, and pull: the recall belongs to the pull."""
        mine = (Campaign.tenant_id == tenant_id, Campaign.slug == SLUG)
        with self.app.database.read() as session:
            query = (
                select(Product.external_id)
                .join(PostProduct, PostProduct.product_id == Product.id)
                .join(Post, Post.id == PostProduct.post_id)
                .join(Campaign, Campaign.id == Post.campaign_id)
            )
            product = session.scalars(query.where(*mine)).first()
        if product is None:
            return
        _revoke(catalogue / "products.json", product, self.app.clock())
        self.town.tick()
        self.app.catalog.pull(tenant_id, SourceSpec(SOURCE_NAME, SourceFormat.CONTRACT, address))
        self._look([tenant_id])

    def _measure(self, tenants: Sequence[str]) -> None:
        """Ask how far the posts reached, as if hours had passed since."""
        self.town.ahead += SEEN_AFTER
        self.town.tick()
        for tenant_id in tenants:
            now = self.app.clock()
            with self.app.database.write() as session:
                begin(session, tenant_id, now)
                session.execute(update(PostMeasuring).where(PostMeasuring.tenant_id == tenant_id).values(due_at=now))
            self.app.measuring.run(tenant_id)

    def _look(self, tenants: Sequence[str]) -> bool:
        """Note how far every post is; True when none goes on by itself."""
        self.town.tick()
        with self.app.database.read() as session:
            rows = session.execute(select(Post.id, Post.state).where(Post.tenant_id.in_(tenants))).all()
            unplanned = exists().where(
                Campaign.slug == SLUG,
                Campaign.tenant_id.in_(tenants),
                ~exists().where(Post.campaign_id == Campaign.id),
            )
            coming = session.scalar(select(unplanned))
        for post_id, state in rows:
            life = self.lives.setdefault(post_id, [])
            if not life or life[-1] is not state:
                life.append(state)
        return not coming and not any(state in OPEN for _post, state in rows)

    def _bring_forward(self, tenants: Sequence[str]) -> None:
        self.town.ahead += STEP
        self.town.tick()
        now = self.app.clock()
        waiting = (Post.tenant_id.in_(tenants), Post.state.in_(OPEN - {PostState.SUBMITTING}))
        with self.app.database.write() as session:
            campaigns = set(session.scalars(select(Post.campaign_id).where(*waiting)))
            session.execute(update(Post).where(*waiting, Post.not_before > now).values(not_before=now))
        for campaign_id in campaigns:
            self.app.queue.send(TaskName.PUBLISH, campaign_id=campaign_id)


def _content(session: Session, tenant_id: str) -> CampaignContent:
    ids = least_shown(session, tenant_id, FAR)[-1:]
    offer = load_offers(session, tenant_id, ids)[ids[0]]
    return CampaignContent(
        email_type=EmailType.PROMOTIONAL,
        variant="produk_baru",
        subject=offer.facts.name,
        preheader="",
        headline=offer.facts.name,
        body=_("Kiriman peragaan: verifikasi produk ini sebentar lagi dicabut di katalog."),
        product_ids=tuple(ids),
        channels=CHANNELS,
    )


def _revoke(path: Path, product: str, now: datetime) -> None:
    page = json.loads(path.read_bytes().decode("utf-8", "surrogateescape"))
    page["generated_at"] = now.isoformat()
    for record in page["products"]:
        if record.get("id") == product:
            record["verification"]["status"] = "revoked"
            record["updated_at"] = now.isoformat()
    path.write_bytes(json.dumps(page, ensure_ascii=False, indent=1).encode("utf-8", "surrogateescape"))
