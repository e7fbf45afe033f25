"""What the marketer wrote once and every channel says in its own tone; and how it is laid out within a limit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from marketing.domain.content import PostPicture


@dataclass(frozen=True, slots=True)
class BriefProduct:
    """One product of a post with the three blocks of Blitar Ps. 9(1); `price` is already written out for people."""

    id: str
    name: str
    business: str
    price: str
    url: str
    how_to_order: str
    picture: PostPicture | None = None


@dataclass(frozen=True, slots=True)
class PostBrief:
    """One campaign's post before a channel has given it its form; `link` is the page that shows all of it."""

    key: str
    tenant: str
    marker: str
    title: str
    text: str
    link: str
    products: tuple[BriefProduct, ...] = ()
    hashtags: tuple[str, ...] = ()
