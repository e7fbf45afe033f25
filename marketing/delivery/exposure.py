"""Record which business was shown where, so that every eligible UMKM can get its fair share."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, Exposure
from marketing.delivery.versions import content_of
from marketing.domain.types import ChannelName
from marketing.products.catalogue import load_offers


def record_exposure(session: Session, campaign_id: int, channel: ChannelName, *, audience: int, now: datetime) -> None:
    """Add one placement per product of the campaign on this channel; a second call only brings the number up to date.

    `audience` is the number of people reached where it is known (e-mail), 0 where the channel does not say.
    """
    campaign = session.get_one(Campaign, campaign_id)
    products = content_of(session, campaign).product_ids
    _add(session, campaign, channel, dict.fromkeys(products, audience), now)


def record_personal_exposure(
    session: Session, campaign: Campaign, contexts: Iterable[Mapping[str, Any]], now: datetime
) -> None:
    """Add one placement per product that an automation chose for people, each with the number it was sent to."""
    shown = Counter(choice["id"] for context in contexts for choice in context.get("products", ()))
    _add(session, campaign, ChannelName.EMAIL, dict(shown.most_common()), now)


def _add(
    session: Session, campaign: Campaign, channel: ChannelName, audiences: Mapping[int, int], now: datetime
) -> None:
    known = select(Exposure).where(Exposure.campaign_id == campaign.id, Exposure.channel == channel)
    shown = {row.product_id: row for row in session.scalars(known)}
    for product_id in shown.keys() & audiences.keys():  # more have been reached since: those whom it had missed
        shown[product_id].audience = max(shown[product_id].audience, audiences[product_id])
    session.add_all(
        Exposure(
            tenant_id=campaign.tenant_id,
            campaign_id=campaign.id,
            channel=channel,
            product_id=offer.row_id,
            business_id=offer.business_row_id,
            audience=audiences[offer.row_id],
            position=position,
            at=now,
        )
        for position, offer in enumerate(load_offers(session, campaign.tenant_id, audiences).values(), start=1)
        if offer.row_id not in shown
    )
