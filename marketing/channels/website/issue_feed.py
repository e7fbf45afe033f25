"""The issues of the newsletter as RSS 2.0; pure, and the same bytes for the same issues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from lxml import etree

from marketing.channels.website.feed import utc
from marketing.channels.website.formats import add_text, safe_title, to_xml
from marketing.domain.text import cleaned, one_line

_ATOM = "http://www.w3.org/2005/Atom"
_MINUTES = "60"  # how often a reader should ask again: issues are rare, withdrawals should not wait for long


@dataclass(frozen=True, slots=True)
class IssueEntry:
    """One issue; `id` is a tag URI (RFC 4151) that stays when Siar moves, `summary` is plain text."""

    id: str
    title: str
    url: str
    summary: str
    published: datetime


@dataclass(frozen=True, slots=True)
class IssueFeed:
    """The archive as a feed; `updated` is when it last changed."""

    title: str
    description: str
    home_url: str
    self_url: str
    language: str
    updated: datetime
    entries: Sequence[IssueEntry]


def issue_rss(feed: IssueFeed) -> bytes:
    """Return the feed."""
    root = etree.Element("rss", nsmap={"atom": _ATOM}, version="2.0")
    channel = etree.SubElement(root, "channel")
    add_text(channel, "title", safe_title(one_line(feed.title)))
    add_text(channel, "link", feed.home_url)
    add_text(channel, "description", safe_title(one_line(feed.description)))
    add_text(channel, "language", feed.language)
    add_text(channel, "lastBuildDate", format_datetime(utc(feed.updated), usegmt=True))
    add_text(channel, "generator", "Siar")
    add_text(channel, "ttl", _MINUTES)
    etree.SubElement(channel, f"{{{_ATOM}}}link", href=feed.self_url, rel="self", type="application/rss+xml")
    for entry in feed.entries:
        item = etree.SubElement(channel, "item")
        add_text(item, "title", safe_title(one_line(entry.title)))
        add_text(item, "link", entry.url)
        add_text(item, "guid", entry.id).set("isPermaLink", "false")
        add_text(item, "pubDate", format_datetime(utc(entry.published), usegmt=True))
        add_text(item, "description", escape(cleaned(entry.summary)))
    return to_xml(root)
