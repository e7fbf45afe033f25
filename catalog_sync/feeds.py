"""Write the open feeds of a Daerah from what may be promoted now (TTS Ps. 7(1); Blitar Ps. 9(1))."""

from datetime import datetime

from marketing.channels.website.adapter import FeedFiles, WebsitePublisher
from marketing.channels.website.payload import Feed, FeedItem, SelfUrls
from marketing.db.session import Database
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer, promotable_offers
from marketing.tenants.profile import TenantProfile


def write_feeds(
    database: Database, website: WebsitePublisher, profile: TenantProfile, public_url: str, now: datetime
) -> tuple[FeedFiles, int]:
    """Write RSS, Atom and JSON Feed and return the files with the number of products; the gate is asked again for each."""
    with database.read() as session:
        offers = [offer for offer in promotable_offers(session, profile.id) if offer.stands(profile, now)]
    items = tuple(_item(offer, profile, public_url, now) for offer in offers)
    home = f"{public_url}/{profile.id}"
    with speaking(SOURCE_LANGUAGE):
        title = _("Produk UMKM {name}").format(name=profile.name)
        description = _("Produk UMKM yang sudah diverifikasi dan layak promosi menurut {law}.")
    feed = Feed(
        tenant=profile.id,
        title=title,
        description=description.format(law=profile.regulation_name),
        home_url=home,
        self_urls=SelfUrls(rss=f"{home}/umpan.rss", atom=f"{home}/umpan.atom", json=f"{home}/umpan.json"),
        author=profile.dinas,
        items=items,
        updated=max((item.updated for item in items), default=now),
    )
    return website.write_feeds(feed), len(items)


def _item(offer: Offer, profile: TenantProfile, public_url: str, now: datetime) -> FeedItem:
    facts, business = offer.facts, offer.facts.business
    return FeedItem(
        id=f"{profile.id}:{facts.id}",
        title=facts.name,
        price=facts.price_at(now) or 0,
        price_text=offer.price_text(now),
        picture_url=offer.picture_url(public_url) or facts.pictures[0].url,
        picture_alt=facts.pictures[0].alt or facts.name,
        business=business.name,
        business_place=business.domicile_kecamatan or business.address or profile.name,
        how_to_order=facts.how_to_order.text or facts.how_to_order.url or facts.how_to_order.whatsapp,
        url=offer.page_url(public_url, profile.id),
        category=facts.category,
        description=facts.description,
        updated=facts.verification.at or now,
        available=True,
    )
