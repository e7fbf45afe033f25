"""Publish the posts of a campaign: write ahead, submit once, record; a person finishes where the channel needs one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketing.channels import registry
from marketing.channels.base import (
    AwaitingHuman,
    Deferred,
    Failed,
    InDoubt,
    Pending,
    Published,
    Publisher,
    PublishOutcome,
)
from marketing.db.models import Campaign, Post, ShareTask
from marketing.db.session import Database
from marketing.delivery.claiming import LEASE, may_go_on
from marketing.delivery.exposure import record_exposure
from marketing.delivery.versions import content_of
from marketing.domain import site
from marketing.domain.brief import BriefProduct, PostBrief
from marketing.domain.campaign import CampaignContent
from marketing.domain.content import OutboundPost, PostPicture
from marketing.domain.links import with_utm
from marketing.domain.post import TRANSITIONS, PostState
from marketing.domain.transitions import change
from marketing.domain.types import ChannelName
from marketing.errors import NotAllowedError, NotFoundError
from marketing.i18n import gettext as _
from marketing.observability import get_logger
from marketing.products.catalogue import Offer, load_offers
from marketing.products.picture_variants import make_files, post_picture
from marketing.tenants.profile import TenantProfile, profile_of

SHARE = "share"
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PostComposer:
    """Puts a campaign into the form of a channel; the same code shows the preview and makes the post."""

    public_url: str
    picture_dir: Path

    def compose(
        self,
        content: CampaignContent,
        channel: ChannelName,
        marker: str,
        offers: Iterable[Offer],
        profile: TenantProfile,
        *,
        now: datetime,
    ) -> OutboundPost:
        """Return the post that these words and offers become on this channel."""
        brief = PostBrief(
            key=marker,
            tenant=profile.id,
            marker=marker,
            title=content.headline or content.subject,
            text=content.body,
            link=f"{self.public_url}{site.promo(profile.id, marker)}",
            products=tuple(self._product(offer, channel, marker, profile, now=now) for offer in offers),
            hashtags=content.hashtags,
        )
        return registry.compose(channel, brief, profile.dinas_short)

    def _product(
        self, offer: Offer, channel: ChannelName, marker: str, profile: TenantProfile, *, now: datetime
    ) -> BriefProduct:
        return BriefProduct(
            id=offer.facts.id,
            name=offer.facts.name,
            business=offer.facts.business.name,
            price=offer.price_text(now),
            url=with_utm(offer.page_url(self.public_url, profile.id), campaign=marker, medium=channel),
            how_to_order=offer.facts.how_to_order.text,
            picture=self._picture(offer, channel),
        )

    def _picture(self, offer: Offer, channel: ChannelName) -> PostPicture | None:
        """Return our first copy, in the shape this channel takes."""
        stored = next((picture for picture in offer.facts.pictures if picture.sha256), None)
        if stored is None:
            return None
        return post_picture(
            stored,
            registry.capabilities(channel),
            folder=self.picture_dir,
            public_url=self.public_url,
            alt=offer.facts.name,
        )


@dataclass(frozen=True, slots=True)
class Publishing:
    """Publishes queued posts through the ports."""

    database: Database
    publishers: Mapping[ChannelName, Publisher]
    composer: PostComposer
    clock: Callable[[], datetime]

    def publish(self, campaign_id: int) -> None:
        """Submit every due post of the campaign, each by itself so that one channel's fault stays its own."""
        while (claimed := self._claim(campaign_id)) is not None:
            row_id, channel, outbound = claimed
            if outbound is None:
                continue
            try:
                make_files(outbound.pictures)
                outcomes = list(self.publishers[channel].publish([outbound]))
            except Exception as error:  # the fault of one channel must not keep the others from their turn
                log.exception("channel failed", channel=channel, post=row_id)
                outcomes = [InDoubt(outbound.key, type(error).__name__)]
            for outcome in outcomes:
                self._record(row_id, outcome)

    def _claim(self, campaign_id: int) -> tuple[int, ChannelName, OutboundPost | None] | None:
        """Write the next due post as submitting; one that cannot be written has failed and comes without its form."""
        now = self.clock()
        with self.database.write() as session:
            campaign = session.get(Campaign, campaign_id)
            if campaign is None or not may_go_on(session, campaign, now):
                return None
            profile = profile_of(campaign.tenant_id)
            due = or_(Post.not_before.is_(None), Post.not_before <= now)
            query = select(Post).where(Post.campaign_id == campaign_id, Post.state == PostState.QUEUED, due)
            post = session.scalars(query.order_by(Post.id).limit(1).with_for_update(skip_locked=True)).first()
            if post is None:
                return None
            content = content_of(session, campaign)
            offers = load_offers(session, campaign.tenant_id, content.product_ids).values()
            try:
                outbound = self.composer.compose(content, post.channel, post.marker, offers, profile, now=now)
            except (TypeError, ValueError, LookupError) as error:
                log.exception("post could not be composed", post=post.id)
                post.state = change(TRANSITIONS, post.state, PostState.FAILED)
                post.reason, post.settled_at = type(error).__name__, now
                return post.id, post.channel, None
            post.state = change(TRANSITIONS, post.state, PostState.SUBMITTING)
            post.lease_until, post.content = now + LEASE, asdict(outbound)
            return post.id, post.channel, outbound

    def _record(self, row_id: int, outcome: PublishOutcome) -> None:
        now = self.clock()
        with self.database.write() as session:
            post = session.get_one(Post, row_id, with_for_update=True)
            if post.state is not PostState.SUBMITTING:
                return  # its lease ran out and the sweeper was first: whoever looks it up finds this post by its marker
            post.lease_until, post.settled_at = None, now
            match outcome:
                case Published(handle=handle, permalink=permalink):
                    post.state = change(TRANSITIONS, post.state, PostState.PUBLISHED)
                    post.handle, post.permalink = handle, permalink
                    record_exposure(session, post.campaign_id, post.channel, audience=0, now=now)
                case Pending(handle=handle):
                    post.state, post.handle = change(TRANSITIONS, post.state, PostState.PENDING), handle
                case AwaitingHuman(handle=handle, instruction=instruction):
                    post.state, post.handle = change(TRANSITIONS, post.state, PostState.AWAITING_HUMAN), handle
                    session.add(
                        ShareTask(
                            tenant_id=post.tenant_id,
                            post_id=post.id,
                            kind=SHARE,
                            instruction=instruction,
                            created_at=now,
                        )
                    )
                case Deferred(reason=reason, retry_after=retry_after):
                    post.state = change(TRANSITIONS, post.state, PostState.QUEUED)
                    post.reason, post.not_before = reason, now + max(retry_after, timedelta(minutes=1))
                case Failed(detail=detail):
                    post.state, post.reason = change(TRANSITIONS, post.state, PostState.FAILED), detail
                case InDoubt(reason=reason):
                    post.state, post.reason = change(TRANSITIONS, post.state, PostState.UNCONFIRMED), reason
                    post.not_before = now + LEASE


def confirm_share(session: Session, *, tenant_id: str, post_id: int, user_id: int, now: datetime) -> None:
    """Record that a named person finished a post by hand; only then does it count as published (TTS Ps. 7(2)a)."""
    post = session.get(Post, post_id, with_for_update=True)
    if post is None or post.tenant_id != tenant_id:
        raise NotFoundError(_("Kiriman ini tidak ada."))
    if post.state is not PostState.AWAITING_HUMAN:
        raise NotAllowedError(_("Kiriman ini tidak sedang menunggu petugas."))
    task = session.scalars(select(ShareTask).where(ShareTask.post_id == post_id, ShareTask.kind == SHARE)).one()
    task.done_by, task.done_at = user_id, now
    post.state, post.settled_at = change(TRANSITIONS, post.state, PostState.PUBLISHED), now
    record_exposure(session, post.campaign_id, post.channel, audience=0, now=now)
