"""What the marketer wrote once and every channel says in its own tone; and how it is laid out within a limit.

A product is shown whole or not at all: Blitar Ps. 9(1) wants product, business and how to order together, so when room runs
out names get shorter first, then the introduction, then whole products leave and the closing line says how many.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from marketing.domain.content import Capabilities, OutboundPost, PostPicture
from marketing.domain.text import (
    TextUnit,
    cleaned,
    count_hashtags,
    cut,
    hashtags,
    measured,
    one_line,
    plain,
    shortened_order,
    tagged,
    web_address,
    without_hashtags,
    without_links,
    without_mentions,
)
from marketing.i18n import gettext as _

_WIDTHS = (200, 90, 60, 40, 24)
_INTRODUCTION = 80  # an introduction shorter than this says nothing; below it, fields are shortened instead
_TITLE = 150
_FIELD = 4_000  # of a product's words: what comes later is on no channel, however much a catalogue sends
_SPARE = 4  # times the channel's limit is read of a text: cleaning makes it shorter
_FREE_HASHTAGS = 5  # where a channel names no limit; more than these look like spam
_GAP = "\n\n"
_EMPTY_LINES = re.compile(r"\n\s*\n\s*")
# Every channel puts “Pesan:” before it, so “Pesan lewat WhatsApp …” loses its first word.
_ORDER_LEAD = re.compile(
    r"^(?:cara\s+)?(?:pesan|pemesanan|order)\s*:?\s+(?=(?:lewat|via|melalui|di|ke|langsung|hubungi)\b)", re.IGNORECASE
)


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


@dataclass(frozen=True, slots=True)
class Form:
    """How one channel puts a brief into words; `closing` runs from the line that may go first to the one kept longest."""

    heading: Callable[[str], str]
    product: Callable[[BriefProduct], str]
    more: Callable[[int], str]
    closing: tuple[str, ...]


def prepared(brief: PostBrief, limits: Capabilities, *, said: Callable[[str], str] = str, order_at: str) -> PostBrief:
    """Return the brief with hostile text defused and hashtags within the limit; `order_at` stands in for a missing order text."""
    keep = _FREE_HASHTAGS if limits.max_hashtags is None else limits.max_hashtags
    whole = cleaned(cut(brief.text, _SPARE * limits.max_text))
    text = _EMPTY_LINES.sub(_GAP, without_hashtags(said(whole), keep).strip())
    tags = hashtags(brief.hashtags, keep - count_hashtags(text), tagged(text))

    def worded(words: str) -> str:
        # A “#” in a product's name is a number or a trick, an “@” nobody whom the office wants to call.
        return plain(said(one_line(cut(words, _FIELD))))

    def named(words: str) -> str:
        # An address belongs to how to order; in a name it would lead away from who sells.
        return worded(without_links(cut(words, _FIELD)))

    products = tuple(
        replace(
            product,
            name=named(product.name) or _("Produk UMKM"),
            business=named(product.business) or _("UMKM setempat"),
            price=named(product.price) or _("tanyakan kepada penjual"),
            how_to_order=_ORDER_LEAD.sub("", worded(product.how_to_order)) or worded(order_at),
            url=web_address(product.url),
        )
        for product in brief.products
    )
    return replace(
        brief,
        title=cut(worded(brief.title), _TITLE, limits.text_unit) or _("Produk UMKM pilihan"),
        text=text,
        link=web_address(brief.link),
        products=products,
        hashtags=tags,
    )


def composed(brief: PostBrief, form: Form, limits: Capabilities, *, link: str) -> OutboundPost:
    """Return the finished post of a prepared brief; its text always fits the channel."""
    text = _laid_out(brief, form, limits)
    if limits.max_mentions is not None:
        text = without_mentions(text, limits.max_mentions)
    title = brief.title if limits.max_title is None else cut(brief.title, limits.max_title, limits.text_unit)
    return OutboundPost(
        key=brief.key,
        tenant=brief.tenant,
        marker=brief.marker,
        title=title,
        text=text,
        link=link,
        pictures=_pictures(brief, limits.max_pictures),
        hashtags=brief.hashtags,
    )


def _pictures(brief: PostBrief, limit: int) -> tuple[PostPicture, ...]:
    """Return the products' pictures, each once, in the order of the products; what does not fit is left to `fits` to say."""
    found = {product.picture.path: product.picture for product in brief.products if product.picture}
    return tuple(found.values())[:limit]


def _shortened(product: BriefProduct, width: int, unit: TextUnit) -> BriefProduct:
    return replace(
        product,
        name=cut(product.name, width, unit),
        business=cut(product.business, width, unit),
        price=cut(product.price, width, unit),
        how_to_order=shortened_order(product.how_to_order, width, unit),
    )


def _attempts(count: int) -> Iterator[tuple[int, int, int]]:
    """Yield (width of fields, number of products, least introduction), from the fullest form to the barest."""
    yield from ((width, count, _INTRODUCTION) for width in _WIDTHS)
    yield (_WIDTHS[-1], count, 0)
    yield from ((_WIDTHS[2], fewer, 0) for fewer in range(count - 1, -1, -1))
    yield (_WIDTHS[-1], 0, 0)


def _is_its_product(brief: PostBrief) -> bool:
    """Return whether the title only says what the one product is called: then the product speaks first, and once."""
    return len(brief.products) == 1 and brief.title == brief.products[0].name


def _laid_out(brief: PostBrief, form: Form, limits: Capabilities) -> str:
    unit, heading = limits.text_unit, "" if _is_its_product(brief) else form.heading(brief.title)
    for width, shown, introduction in _attempts(len(brief.products)):
        blocks = [form.product(_shortened(product, width, unit)) for product in brief.products[:shown]]
        if hidden := len(brief.products) - shown:
            blocks.append(form.more(hidden))
        bare = _GAP.join(filter(None, [heading, *blocks, *form.closing]))
        room = limits.max_text - measured(bare, unit)
        text_room = room - len(_GAP)
        if room < 0 or text_room < min(introduction, measured(brief.text, unit)):
            continue
        said = cut(brief.text, text_room, unit) if text_room >= min(_WIDTHS[-1], measured(brief.text, unit)) else ""
        middle = [*blocks, said] if _is_its_product(brief) else [said, *blocks]
        return _GAP.join(filter(None, [heading, *middle, *form.closing]))
    # Only an absurd address or name gets here: keep the last closing lines that still fit beside the heading.
    heading = heading or brief.title
    for kept in range(1, len(form.closing) + 1):
        text = _GAP.join(filter(None, [heading, *form.closing[kept:]]))
        if measured(text, unit) <= limits.max_text:
            return text
    return cut(heading, limits.max_text, unit)
