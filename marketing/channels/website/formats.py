"""A feed as RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1; pure, and the same bytes for the same feed.

Atom comes from feedgen, which refuses a feed that lacks what the RFC requires. RSS is written with lxml: feedgen stamps the
present time into it unless told otherwise, has no `g:` namespace (Google and Meta read products from it) and cannot escape
a title apart. JSON Feed is plain `json`.
"""

import json
import re
from email.utils import format_datetime
from typing import Any

from feedgen.feed import FeedGenerator
from lxml import etree

from marketing.channels.website.feed import Feed, FeedItem, html_body, picture_type, plain_body, utc
from marketing.domain.text import cut

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_GOOGLE = "http://base.google.com/ns/1.0"
_NAMESPACES = {"atom": _ATOM, "dc": _DC, "media": _MEDIA, "g": _GOOGLE}
# Readers disagree whether an RSS title is text or HTML. A "<" that could open a tag is therefore escaped twice: harmless to
# both. Everything else is escaped once, so that "Keripik & Sambal" reads well everywhere (rssboard.org/rss-profile, title).
_TAG_OPEN = re.compile(r"<(?=[A-Za-z/!?])")
_LANGUAGE = "id"
_GENERATOR = "Siar"


def rss(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0 with enclosures and the `g:` product attributes (support.google.com/merchants/7052112)."""
    root = etree.Element("rss", nsmap=_NAMESPACES, version="2.0")
    channel = etree.SubElement(root, "channel")
    _text(channel, "title", _title(feed.title))
    _text(channel, "link", feed.home_url)
    _text(channel, "description", _title(feed.description))
    _text(channel, "language", _LANGUAGE)
    _text(channel, "lastBuildDate", format_datetime(utc(feed.updated), usegmt=True))
    _text(channel, "generator", _GENERATOR)
    etree.SubElement(channel, f"{{{_ATOM}}}link", href=feed.self_urls.rss, rel="self", type="application/rss+xml")
    for item in feed.items:
        _rss_item(etree.SubElement(channel, "item"), feed, item)
    return _xml(root)


def _rss_item(node: Any, feed: Feed, item: FeedItem) -> None:
    _text(node, "title", _title(item.title))
    _text(node, "link", item.url)
    _text(node, "guid", feed.item_id(item)).set("isPermaLink", "false")
    _text(node, "description", html_body(item))
    _text(node, "pubDate", format_datetime(utc(item.updated), usegmt=True))
    _text(node, f"{{{_DC}}}creator", item.business)
    if item.category:
        _text(node, "category", item.category)
    if item.picture_url:
        kind = picture_type(item)
        # The size is not known here; 0 is what the RSS profile asks for then.
        etree.SubElement(node, "enclosure", url=item.picture_url, length="0", type=kind)
        picture = etree.SubElement(node, f"{{{_MEDIA}}}content", url=item.picture_url, medium="image", type=kind)
        if item.picture_alt:
            _text(picture, f"{{{_MEDIA}}}description", item.picture_alt).set("type", "plain")
    google = {
        "id": cut(item.id, 50),
        "title": cut(item.title, 150),
        "description": cut(plain_body(item), 5000),
        "link": item.url,
        "image_link": item.picture_url,
        "availability": "in_stock" if item.available else "out_of_stock",
        "price": f"{item.price} IDR",
        "condition": "new",
        "brand": cut(item.business, 70),
        "identifier_exists": "no",  # handmade goods have no GTIN; without this they are disapproved
        "product_type": item.category,
    }
    for name, value in google.items():
        if value:
            _text(node, f"{{{_GOOGLE}}}{name}", value)


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom (RFC 4287)."""
    writer = FeedGenerator()
    writer.id(feed.self_urls.atom)
    writer.title(feed.title)
    writer.subtitle(feed.description)
    writer.updated(utc(feed.updated))
    writer.author(name=feed.author)
    writer.language(_LANGUAGE)
    writer.generator(_GENERATOR)
    writer.link(href=feed.self_urls.atom, rel="self", type="application/atom+xml")
    writer.link(href=feed.home_url, rel="alternate", type="text/html")
    for item in feed.items:
        entry = writer.add_entry(order="append")
        entry.id(feed.item_id(item))
        entry.title(item.title)
        entry.updated(utc(item.updated))
        entry.author(name=item.business)
        entry.link(href=item.url, rel="alternate", type="text/html")
        if item.picture_url:
            entry.link(
                href=item.picture_url, rel="enclosure", type=picture_type(item), title=item.picture_alt or item.title
            )
        if item.category:
            entry.category(term=item.category)
        entry.content(html_body(item), type="html")
    written: bytes = writer.atom_str(pretty=True)
    return written


def json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home_url,
        "feed_url": feed.self_urls.json,
        "description": feed.description,
        "language": _LANGUAGE,
        "authors": [{"name": feed.author, "url": feed.home_url}],
        "items": [_json_item(feed, item) for item in feed.items],
    }
    written = json.dumps(document, ensure_ascii=False, indent=2)
    # Nothing in JSON needs "<", ">" or "&" bare, and without them the feed may stand inside a page's <script>.
    for char in "<>&":
        written = written.replace(char, f"\\u{ord(char):04x}")
    return written.encode()


def _json_item(feed: Feed, item: FeedItem) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": feed.item_id(item),
        "url": item.url,
        "title": item.title,
        "content_text": plain_body(item),
        "content_html": html_body(item),
        "date_modified": utc(item.updated).isoformat(),
        "authors": [{"name": item.business}],
        "_siar": {
            "about": "https://jsonfeed.org/version/1.1#extensions",
            "product_id": item.id,
            "price": item.price,
            "currency": "IDR",
            "price_text": item.price_text,
            "available": item.available,
            "business": item.business,
            "business_place": item.business_place,
            "how_to_order": item.how_to_order,
        },
    }
    if item.category:
        entry["tags"] = [item.category]
    if item.picture_url:
        entry["image"] = item.picture_url
        entry["attachments"] = [
            {"url": item.picture_url, "mime_type": picture_type(item), "title": item.picture_alt or item.title}
        ]
    return entry


def _title(text: str) -> str:
    return _TAG_OPEN.sub("&lt;", text)


def _text(parent: Any, tag: str, text: str) -> Any:
    node = etree.SubElement(parent, tag)
    node.text = text
    return node


def _xml(root: Any) -> bytes:
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written
