"""Follow the short links in posts: where they lead is looked up, and whoever follows one is counted and not remembered.

A post is for everybody, so a click on its link says nothing of who it was, and nothing of who it was is written. A double click is
told apart by `visit`, which the caller makes of what a browser sends with a key that lives as long as its process: nobody can
make it again.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.insert import engine_insert
from marketing.db.models import Event, Post, PostProduct, Product
from marketing.domain import site
from marketing.domain.events import EventType, event_id
from marketing.domain.links import with_utm
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName

MEDIUM = "social"


@dataclass(frozen=True, slots=True)
class PostHit:
    """One request to the link of a post."""

    post_id: int
    token: str
    visit: str
    machine: bool
    at: datetime


def post_destination(session: Session, post_id: int, product_id: int | None) -> str | None:
    """Return the path on our own site that a post's link leads to, with UTM parameters; None for a post that never was.

    It leads on for years: whether what it shows still stands is the page's to say. A campaign that is not on our site has no
    page of its own there, so its only product is shown, or the gallery.
    """
    post = session.get(Post, post_id)
    if post is None:
        return None
    if product_id is not None:
        known = session.scalar(select(Product.id).where(Product.id == product_id, Product.tenant_id == post.tenant_id))
        path = site.product(post.tenant_id, product_id) if known is not None else site.home(post.tenant_id)
    else:
        path = _page(session, post)
    return with_utm(path, source=post.channel, medium=MEDIUM, campaign=post.marker, content=f"{post.channel}-{post.id}")


def record_post_click(session: Session, hit: PostHit) -> bool:
    """Count a click, once per visit, link and minute; False when the post is not known or the click was."""
    post = session.get(Post, hit.post_id)
    if post is None:
        return False
    minute = hit.at.strftime("%Y%m%d%H%M")
    row = {
        "tenant_id": post.tenant_id,
        "event_id": str(event_id(EventType.CLICKED, hit.token, hit.visit, minute, int(hit.machine))),
        "type": EventType.CLICKED,
        "campaign_id": post.campaign_id,
        "post_id": post.id,
        "machine": hit.machine,
        "at": hit.at,
    }
    added = session.scalars(engine_insert(session, Event).on_conflict_do_nothing().returning(Event.id), [row]).all()
    return bool(added)


def _page(session: Session, post: Post) -> str:
    on_site = select(Post.id).where(
        Post.campaign_id == post.campaign_id,
        Post.marker == post.marker,
        Post.channel == ChannelName.WEBSITE,
        Post.state == PostState.PUBLISHED,
    )
    if session.scalar(on_site.limit(1)) is not None:
        return site.promo(post.tenant_id, post.marker)
    products = list(session.scalars(select(PostProduct.product_id).where(PostProduct.post_id == post.id).limit(2)))
    return site.product(post.tenant_id, products[0]) if len(products) == 1 else site.home(post.tenant_id)
