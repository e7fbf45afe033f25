"""One pull of a served catalogue in a process of its own, so that the peak of memory is its own.

`python -m benchmarks.pull URL ADDRESS MOMENT FOLDER [PRODUCT]`: with a product, a post that names it stands on two
(sandbox) channels before the pull, and the time until it is withdrawn is told too.
"""

import json
import logging
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from catalog_sync.configured import SOURCE_NAME
from catalog_sync.saved_sources import SourceSpec
from catalog_sync.sources.base import SourceFormat
from marketing.bootstrap import App, build_app
from marketing.channels.base import Published
from marketing.db.models import Campaign, Post, PostProduct, Product, Withdrawal
from marketing.domain.campaign import CampaignState
from marketing.domain.content import OutboundPost
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, EmailType
from marketing.domain.withdrawal import WithdrawalState
from marketing.settings import Settings

TENANT = "tts"
MEGABYTE_IN_KB = 1024
STATUS = Path("/proc/self/status")
CHANNELS = (ChannelName.FACEBOOK, ChannelName.TELEGRAM)


def pull(url: str, address: str, now: datetime, folder: Path, product: str = "") -> dict[str, float]:
    """Pull once and return what it took; pictures are not copied, and no page is spared by an ETag."""
    settings = Settings(data_dir=folder, database_url=url)
    app = build_app(settings, clock=_clock(now))
    posts = _publish(app, product, now) if product else 0
    catalog = replace(app.catalog, pictures=None)
    before, started = peak_megabytes(), time.perf_counter()
    result = catalog.pull(TENANT, SourceSpec(SOURCE_NAME, SourceFormat.CONTRACT, address))
    seconds = time.perf_counter() - started
    with app.database.read() as session:
        withdrawn = session.scalar(
            select(func.count()).where(Withdrawal.state == WithdrawalState.DONE, Withdrawal.place.like("pos:%"))
        )
        deleted = session.scalar(select(func.count()).where(Post.state == PostState.WITHDRAWN))
    app.close()
    assert withdrawn == deleted == posts, f"{withdrawn} of {posts} posts were withdrawn"
    return {
        "seconds": seconds,
        "new": result.new,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "total": result.total,
        "promotable": result.promotable,
        "peak_mb": peak_megabytes(),
        "peak_before_mb": before,
    }


def _clock(start: datetime) -> Callable[[], datetime]:
    return lambda: start


def _publish(app: App, external_id: str, now: datetime) -> int:
    """Let a post that names the product stand on the channels."""
    with app.database.write() as session:
        product = session.scalars(select(Product).where(Product.external_id == external_id)).one()
        assert product.promotable, "only what may be promoted can be recalled"
        campaign = Campaign(
            tenant_id=TENANT, slug=f"ukur-{external_id}", name="Ukur", email_type=EmailType.PROMOTIONAL,
            state=CampaignState.SENT, state_reason="", version=1, audience=0, created_at=now,
        )  # fmt: skip
        session.add(campaign)
        session.flush()
        for channel in CHANNELS:
            marker = f"{TENANT}-{campaign.slug}"
            outbound = OutboundPost(marker, TENANT, marker, product.name, product.name, "")
            outcome = app.publishers.of(TENANT, channel, "sandbox").submit(outbound, "")
            assert isinstance(outcome, Published), outcome
            post = Post(
                tenant_id=TENANT, campaign_id=campaign.id, version=1, channel=channel, account="sandbox", marker=marker,
                state=PostState.PUBLISHED, content={}, handle=outcome.handle, queued_at=now,
            )  # fmt: skip
            session.add(post)
            session.flush()
            session.add(PostProduct(post_id=post.id, product_id=product.id))
    return len(CHANNELS)


def peak_megabytes() -> float:
    """Return the largest resident size of this process so far; on Linux without what the parent had before exec."""
    if STATUS.is_file():
        line = next(line for line in STATUS.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
        return round(int(line.split()[1]) / MEGABYTE_IN_KB, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE_IN_KB, 1)


if __name__ == "__main__":
    logging.disable(logging.INFO)
    database_url, where, moment, data, *names = sys.argv[1:]
    print(json.dumps(pull(database_url, where, datetime.fromisoformat(moment), Path(data), *names)))
