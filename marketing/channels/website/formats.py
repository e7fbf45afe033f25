"""A feed as RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1; pure, and the same bytes for the same feed.

Both XML forms are written with lxml. feedgen 1.0.0 was tried and left: `FeedEntry.atom_entry` overwrites its own loop
variable, so every link of an entry loses `rel` and `type` (a picture then reads as a second permalink, against RFC 4287
4.1.2), and it switches the locale of the whole process to write a date (`util.formatRFC2822`, unsafe beside threads). JSON
Feed is plain `json`.
"""

import json
import re
from email.utils import format_datetime
from typing import Any

from lxml import etree

from marketing.channels.website.feed import Feed, FeedItem, html_body, picture_type, plain_body, utc

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_NAMESPACES = {"atom": _ATOM, "dc": _DC, "media": _MEDIA}
# Readers disagree whether an RSS title is text or HTML. A "<" that could open a tag is therefore escaped twice: harmless to
# both. Everything else is escaped once, so that "Keripik & Sambal" reads well everywhere (rssboard.org/rss-profile, title).
_TAG_OPEN = re.compile(r"<(?=[A-Za-z/!?])")
_LANGUAGE = "id"
_GENERATOR = "Siar"
_MINUTES = "15"  # how often a reader should ask again: catalogues are pulled as often


def rss(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0 with the picture as enclosure.

    Merchant readers have a feed of their own with all products: what is missing there counts as removed, and here only the
    newest stand.
    """
    root = etree.Element("rss", nsmap=_NAMESPACES, version="2.0")
    channel = etree.SubElement(root, "channel")
    add_text(channel, "title", safe_title(feed.title))
    add_text(channel, "link", feed.home_url)
    add_text(channel, "description", safe_title(feed.description))
    add_text(channel, "language", _LANGUAGE)
    add_text(channel, "lastBuildDate", format_datetime(utc(feed.updated), usegmt=True))
    add_text(channel, "generator", _GENERATOR)
    add_text(channel, "ttl", _MINUTES)
    etree.SubElement(channel, f"{{{_ATOM}}}link", href=feed.self_urls.rss, rel="self", type="application/rss+xml")
    for item in feed.items:
        _rss_item(etree.SubElement(channel, "item"), feed, item)
    return to_xml(root)


def _rss_item(node: Any, feed: Feed, item: FeedItem) -> None:
    add_text(node, "title", safe_title(item.title))
    add_text(node, "link", item.url)
    add_text(node, "guid", feed.item_id(item)).set("isPermaLink", "false")
    add_text(node, "description", html_body(item))
    add_text(node, "pubDate", format_datetime(utc(item.published), usegmt=True))
    add_text(node, f"{{{_DC}}}creator", item.business)
    if item.category:
        add_text(node, "category", item.category)
    if item.picture_url:
        kind = picture_type(item)
        # 0 is what the RSS profile asks for when the size is not known.
        etree.SubElement(node, "enclosure", url=item.picture_url, length=str(item.picture_bytes), type=kind)
        etree.SubElement(node, f"{{{_MEDIA}}}content", url=item.picture_url, medium="image", type=kind)


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom (RFC 4287); what the RFC requires of it, `Feed` and `FeedItem` already refuse to lack."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", _LANGUAGE)
    add_text(root, f"{{{_ATOM}}}id", feed.id)
    add_text(root, f"{{{_ATOM}}}title", feed.title)
    add_text(root, f"{{{_ATOM}}}subtitle", feed.description)
    add_text(root, f"{{{_ATOM}}}updated", utc(feed.updated).isoformat())
    add_text(etree.SubElement(root, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name", feed.author)
    add_text(root, f"{{{_ATOM}}}generator", _GENERATOR)
    _link(root, "self", feed.self_urls.atom, "application/atom+xml")
    _link(root, "alternate", feed.home_url, "text/html")
    for item in feed.items:
        _atom_entry(etree.SubElement(root, f"{{{_ATOM}}}entry"), feed, item)
    return to_xml(root)


def _atom_entry(node: Any, feed: Feed, item: FeedItem) -> None:
    add_text(node, f"{{{_ATOM}}}id", feed.item_id(item))
    add_text(node, f"{{{_ATOM}}}title", item.title)  # no type: plain text (RFC 4287, 3.1.1)
    add_text(node, f"{{{_ATOM}}}published", utc(item.published).isoformat())
    add_text(node, f"{{{_ATOM}}}updated", utc(item.updated).isoformat())
    add_text(etree.SubElement(node, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name", item.business)
    _link(node, "alternate", item.url, "text/html")
    if item.picture_url:
        _link(node, "enclosure", item.picture_url, picture_type(item), item.picture_bytes)
    if item.category:
        etree.SubElement(node, f"{{{_ATOM}}}category", term=item.category)
    add_text(node, f"{{{_ATOM}}}content", html_body(item)).set("type", "html")


def _link(parent: Any, rel: str, href: str, kind: str, size: int = 0) -> None:
    node = etree.SubElement(parent, f"{{{_ATOM}}}link", rel=rel, href=href, type=kind)
    if size:
        node.set("length", str(size))


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
        "date_published": utc(item.published).isoformat(),
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
        picture: dict[str, Any] = {"url": item.picture_url, "mime_type": picture_type(item)}
        picture["title"] = item.picture_alt or item.title
        if item.picture_bytes:
            picture["size_in_bytes"] = item.picture_bytes
        entry["attachments"] = [picture]
    return entry


def safe_title(text: str) -> str:
    """Return a title that readers which take it for HTML and readers which take it for text both show as written."""
    return _TAG_OPEN.sub("&lt;", text)


def add_text(parent: Any, tag: str, text: str) -> Any:
    """Add an element with its text and return it."""
    node = etree.SubElement(parent, tag)
    node.text = text
    return node


def to_xml(root: Any) -> bytes:
    """Return the document as UTF-8 with its declaration."""
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written
