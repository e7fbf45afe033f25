"""What a marketer types into the composer for a newsletter, and what stands of it."""

import re
from collections.abc import Sequence

from marketing.db.models import Campaign
from marketing.delivery.versions import content_of
from marketing.domain.campaign import CampaignContent
from marketing.domain.types import Role
from tests.functional.web.visits import Enter, typed
from tests.support.world import TENANT, World

ARCHIVE = f"/galeri/{TENANT}/buletin"
FEED = f"{ARCHIVE}/umpan.rss"
SITE = "https://siar.example"
Form = dict[str, str | Sequence[str]]


def newsletter(*products: int, **changes: str | Sequence[str]) -> Form:
    """A newsletter with an article, a figure and an event."""
    return typed(*products, jenis="newsletter", arsip="ya") | {
        "blok": ["1", "2", "3"],
        "blok-1-jenis": "article",
        "blok-1-judul": "Memotret dengan ponsel",
        "blok-1-isi": "Dekat jendela.\n\nTiga gambar.",
        "blok-2-jenis": "market",
        "blok-2-label": "Kemiri kupas, per kg",
        "blok-2-nilai": "Rp38.000",
        "blok-2-sumber": "Pantauan Pasar Inpres SoE",
        "blok-2-tanggal": "2026-11-20",
        "blok-3-jenis": "event",
        "blok-3-judul": "Pasar UMKM",
        "blok-3-tempat": "Alun-alun SoE",
        "blok-3-tanggal": "2026-12-12",
        "blok-3-jam": "08:00",
        **changes,
    }


def saved(world: World, campaign_id: int) -> CampaignContent:
    with world.app.database.read() as session:
        return content_of(session, session.get_one(Campaign, campaign_id))


def number_in(address: str) -> int:
    found = re.search(r"/kampanye/(\d+)", address)
    assert found
    return int(found[1])


def published(enter: Enter, world: World, *products: int, **changes: str) -> tuple[int, str]:
    """Send a newsletter; return its number and the path of its page."""
    place = enter(Role.MARKETER).act("/kampanye/susun", {**newsletter(*products, **changes), "aksi": "ajukan"})
    campaign = number_in(place)
    enter(Role.APPROVER).act(f"/kampanye/{campaign}/setujui", {"versi": "1"})
    world.run(campaign)
    return campaign, f"{ARCHIVE}/{world.campaign(campaign).slug}"
