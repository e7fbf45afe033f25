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
from marketing.domain.links import LinkPurpose, LinkSigner, with_utm
from marketing.domain.text import count_hashtags
from marketing.domain.types import ChannelName
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.products.catalogue import Offer
from marketing.products.picture_variants import card_picture, post_picture
from marketing.products.post_card import readable
from marketing.tenants.profile import TenantProfile


@dataclass(frozen=True, slots=True)
class PostComposer:
    """Puts a campaign into the form of a channel; the same code shows the preview and makes the post.

    What leaves the house carries short links of our own, which count who follows them (marketing.engagement.post_links); on our
    own site nobody is led around.
    """

    public_url: str
    picture_dir: Path
    signer: LinkSigner

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
        post_id: int = 0,
    ) -> OutboundPost:
        """Return the post that these words and offers become on this channel; a preview is of no post yet, so its links lead nowhere.

        It speaks `locale`, whoever looks at it or sends it off: an office's channel has one language.
        """
        offers, links = tuple(offers), _Links(self, profile.id, channel, marker, post_id)
        brief = PostBrief(
            key=marker,
            tenant=profile.id,
            marker=marker,
            title=content.headline or content.subject,
            text=content.body,
            link=links.whole,
            products=tuple(self._product(offer, channel, links, profile, now=now) for offer in offers),
            hashtags=_hashtags(content, offers, profile),
        )
        with speaking(locale):
            return registry.compose(channel, brief, profile.dinas_short)

    def _product(
        self, offer: Offer, channel: ChannelName, links: "_Links", profile: TenantProfile, *, now: datetime
    ) -> BriefProduct:
        return BriefProduct(
            id=offer.facts.id,
            name=offer.facts.name,
            business=offer.facts.business.name,
            price=offer.price_text(now),
            url=links.of(offer),
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


@dataclass(frozen=True, slots=True)
class _Links:
    """The addresses that one post carries."""

    composer: PostComposer
    tenant: str
    channel: ChannelName
    marker: str
    post_id: int

    @property
    def whole(self) -> str:
        """Where all of it is shown."""
        if self.channel is ChannelName.WEBSITE:
            return f"{self.composer.public_url}{site.promo(self.tenant, self.marker)}"
        return self.composer.signer.url(LinkPurpose.POST, self.post_id)

    def of(self, offer: Offer) -> str:
        """Return the page of one product."""
        if self.channel is ChannelName.WEBSITE:
            return with_utm(
                offer.page_url(self.composer.public_url, self.tenant), campaign=self.marker, medium=self.channel
            )
        return self.composer.signer.url(LinkPurpose.POST, self.post_id, offer.row_id)


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
        band=profile.band,
    )
