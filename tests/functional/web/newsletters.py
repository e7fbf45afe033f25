"""What a marketer types into the composer for a newsletter, and what stands of it."""

import re
from collections.abc import Sequence

from marketing.db.models import Campaign
from marketing.delivery.versions import content_of
from marketing.domain.campaign import CampaignContent
from tests.functional.web.visits import typed
from tests.support.world import World

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
