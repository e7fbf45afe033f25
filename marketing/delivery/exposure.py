"""Record which business was shown where, so that every eligible UMKM can get its fair share."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.models import Campaign, Exposure
from marketing.delivery.versions import content_of
from marketing.domain.types import ChannelName
from marketing.products.catalogue import load_offers


def record_exposure(session: Session, campaign_id: int, channel: ChannelName, *, audience: int, now: datetime) -> None:
    """Add one placement per product of the campaign on this channel; a second call adds nothing.

    `audience` is the number of people reached where it is known (e-mail), 0 where the channel does not say.
    """
    campaign = session.get_one(Campaign, campaign_id)
    known = select(Exposure.product_id).where(Exposure.campaign_id == campaign_id, Exposure.channel == channel)
    shown = set(session.scalars(known))
    offers = load_offers(session, campaign.tenant_id, content_of(session, campaign).product_ids)
    session.add_all(
        Exposure(
            tenant_id=campaign.tenant_id,
            campaign_id=campaign_id,
            channel=channel,
            product_id=offer.row_id,
            business_id=offer.business_row_id,
            audience=audience,
            position=position,
            at=now,
        )
        for position, offer in enumerate(offers.values(), start=1)
        if offer.row_id not in shown
    )
