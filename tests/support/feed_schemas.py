"""Whether a feed is what its standard asks for: RFC 4287's schema, JSON Feed 1.1 as a JSON Schema, RSS 2.0's own rules."""

import json
import re
from collections import Counter
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
from jsonschema import Draft202012Validator
from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"
ATOM = "{http://www.w3.org/2005/Atom}"
RSS_ITEM = {"title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source"}
RSS_CHANNEL = {
    *("title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate"),
    *("lastBuildDate", "category", "generator", "docs", "cloud", "ttl", "image", "rating", "textInput"),
    *("skipHours", "skipDays", "item"),
}


@cache
def _atom_schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))


@cache
def _json_schema() -> Draft202012Validator:
    schema = json.loads((SCHEMAS / "json_feed_1_1.json").read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def check(form: str, content: bytes) -> int:
    """Check a feed by the name of its form and return how many items it has; AssertionError says what is wrong."""
    return {"rss": check_rss, "atom": check_atom, "json": check_json_feed}[form](content)


def check_atom(content: bytes) -> int:
    root = etree.fromstring(content)
    schema = _atom_schema()
    assert schema.validate(root), schema.error_log
    entries = root.findall(f"{ATOM}entry")
    # the Schematron rules of Appendix B, and what the text asks beyond the grammar
    assert root.find(f"{ATOM}author") is not None or all(entry.find(f"{ATOM}author") is not None for entry in entries)
    for node in (root, *entries):
        assert urlsplit(node.findtext(f"{ATOM}id")).scheme
        alternates = Counter(
            (link.get("type"), link.get("hreflang"))
            for link in node.findall(f"{ATOM}link")
            if link.get("rel", "alternate") == "alternate"
        )
        assert all(number == 1 for number in alternates.values())
    for entry in entries:
        assert entry.find(f"{ATOM}content") is not None or entry.find(f"{ATOM}link[@rel='alternate']") is not None
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    _read(content, len(entries))
    return len(entries)


def check_rss(content: bytes) -> int:
    root = etree.fromstring(content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    assert {child.tag for child in channel if "{" not in child.tag} <= RSS_CHANNEL
    (own,) = channel.findall(f"{ATOM}link[@rel='self']")
    assert own.get("href")
    assert own.get("type") == "application/rss+xml"
    assert int(channel.findtext("ttl")) > 0
    assert parsedate_to_datetime(channel.findtext("lastBuildDate"))
    assert channel.findtext("language")
    items = channel.findall("item")
    for item in items:
        plain = Counter(child.tag for child in item if "{" not in child.tag)
        assert set(plain) <= RSS_ITEM
        assert all(number == 1 for tag, number in plain.items() if tag != "category")
        guid = item.find("guid")
        assert guid.get("isPermaLink") == "false"
        assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}(-\d\d){0,2}:[\w.~!$&'()*+,;=:@/?%-]*", guid.text), "RFC 4151"
        assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo
        for enclosure in item.findall("enclosure"):
            assert set(enclosure.attrib) == {"url", "length", "type"}
            assert int(enclosure.get("length")) >= 0
    guids = [item.findtext("guid") for item in items]
    assert len(set(guids)) == len(guids)
    _read(content, len(items))
    return len(items)


def check_json_feed(content: bytes) -> int:
    whole = json.loads(content)
    errors = [f"{error.json_path}: {error.message}" for error in _json_schema().iter_errors(whole)]
    assert errors == []
    ids = [item["id"] for item in whole["items"]]
    assert len(set(ids)) == len(ids)
    return len(ids)


def _read(content: bytes, number: int) -> None:
    read = feedparser.parse(content)
    assert read.bozo == 0, read.bozo_exception
    assert len(read.entries) == number
