"""From a campaign's words and offers to the post of one channel; the same code shows the preview and makes the post."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from marketing.channels import registry
from marketing.domain import site
from marketing.domain.brief import BriefProduct, PostBrief
from marketing.domain.campaign import CampaignContent
from marketing.domain.content import CardWords, OutboundPost, PostPicture
from marketing.domain.hashtag_choice import chosen_hashtags
from marketing.domain.links import with_utm
from marketing.domain.text import count_hashtags
from marketing.domain.types import ChannelName
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.products.catalogue import Offer
from marketing.products.picture_variants import card_picture, post_picture
from marketing.products.post_card import readable
from marketing.tenants.profile import TenantProfile


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
        locale: str = SOURCE_LANGUAGE,
    ) -> OutboundPost:
        """Return the post that these words and offers become on this channel.

        It speaks `locale`, whoever looks at it or sends it off: an office's channel has one language.
        """
        offers = tuple(offers)
        brief = PostBrief(
            key=marker,
            tenant=profile.id,
            marker=marker,
            title=content.headline or content.subject,
            text=content.body,
            link=f"{self.public_url}{site.promo(profile.id, marker)}",
            products=tuple(self._product(offer, channel, marker, profile, now=now) for offer in offers),
            hashtags=_hashtags(content, offers, profile),
        )
        with speaking(locale):
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
            picture=self._picture(offer, channel, profile, now=now),
        )

    def _picture(
        self, offer: Offer, channel: ChannelName, profile: TenantProfile, *, now: datetime
    ) -> PostPicture | None:
        """Return our first copy: as a card where the channel allows it, else in the shape it takes."""
        stored = next((picture for picture in offer.facts.pictures if picture.sha256), None)
        if stored is None:
            return None
        limits = registry.capabilities(channel)
        words = _card_words(offer, profile, now) if limits.card else None
        if words is not None:
            return card_picture(stored, limits, words, folder=self.picture_dir, public_url=self.public_url)
        return post_picture(
            stored,
            limits,
            folder=self.picture_dir,
            public_url=self.public_url,
            alt=offer.facts.name,
        )


def _hashtags(content: CampaignContent, offers: Iterable[Offer], profile: TenantProfile) -> tuple[str, ...]:
    """Return the writer's own, in the text or beside it; where there are none, those that fit the products."""
    if content.hashtags or count_hashtags(content.body):
        return content.hashtags
    return chosen_hashtags(profile.short_name, (offer.facts.category for offer in offers))


def _card_words(offer: Offer, profile: TenantProfile, now: datetime) -> CardWords | None:
    """Return what stands on the product's card; None when its name is written in letters the card does not have."""
    name = readable(offer.facts.name)
    if not name:
        return None
    return CardWords(
        name=name,
        business=readable(offer.facts.business.name),
        price=readable(offer.price_text(now)),
        before=readable(offer.before_text(now)),
        office=readable(profile.dinas_short),
        colour=profile.brand_color,
    )
