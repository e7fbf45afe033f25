import html
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from marketing.channels.website.feed import plain_body
from marketing.channels.website.payload import atom, json_feed, rss
from marketing.domain.text import cleaned, one_line
from tests.unit.channels.website.feed_samples import HOSTILE, ITEM, MOMENT, SITE, feed, item

A = "{http://www.w3.org/2005/Atom}"
G = "{http://base.google.com/ns/1.0}"
TEXT_FIELDS = ("title", "price_text", "picture_alt", "business", "business_place", "how_to_order", "category")
LEGAL_TAGS = {"p", "br", "strong", "img"}


class Body(HTMLParser):
    """Reads an item's HTML back: its tags, and its text with the paragraphs as lines."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.other: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text += "\n" if tag == "br" else ""

    def handle_endtag(self, tag: str) -> None:
        self.text += "\n\n" if tag == "p" else ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_decl(self, decl: str) -> None:
        self.other.append(decl)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)

    def unknown_decl(self, data: str) -> None:
        self.other.append(data)


def entries(whole: Any) -> list[dict[str, str]]:
    """Read title, address, HTML and plain facts of the first item back from all three formats."""
    xml_rss = etree.fromstring(rss(whole)).find("channel/item")
    xml_atom = etree.fromstring(atom(whole)).find(f"{A}entry")
    read = json.loads(json_feed(whole))["items"][0]
    assert xml_rss is not None
    assert xml_atom is not None
    return [
        {
            "title": xml_rss.findtext(f"{G}title") or "",
            "url": xml_rss.findtext("link") or "",
            "html": xml_rss.findtext("description") or "",
        },
        {
            "title": xml_atom.findtext(f"{A}title") or "",
            "url": xml_atom.find(f"{A}link").get("href"),
            "html": xml_atom.findtext(f"{A}content") or "",
        },
        {"title": read["title"], "url": read["url"], "html": read["content_html"]},
    ]


@pytest.mark.parametrize("write", [rss, atom])
def test_feedparser_reads_every_field_back(write: Any) -> None:
    read = feedparser.parse(write(feed(item(), item(id="P-2", url=f"{SITE}/produk/p2"))))
    assert read.bozo == 0
    assert read.feed.title == "Produk UMKM TTS"
    assert read.feed.link == SITE
    assert [entry.id for entry in read.entries] == [
        f"tag:umkm.ttskab.example,2026:tts/produk/P-{number}" for number in (1, 2)
    ]
    first = read.entries[0]
    assert (first.title, first.link, first.author) == ("Keripik Pisang & Sambal", ITEM.url, "Dapur Mama Yuli")
    assert [tag.term for tag in first.tags] == ["makanan_olahan"]
    assert [(link.href, link.type) for link in first.links if link.rel == "enclosure"] == [
        (ITEM.picture_url, "image/jpeg")
    ]
    assert (first.get("published_parsed") or first.updated_parsed)[:6] == (2026, 11, 20, 3, 4, 5)
    for block in (
        "Renyah, digoreng",
        "Harga:",
        "Rp15.000",
        "Dapur Mama Yuli, Kota SoE",
        "WhatsApp 0812-3456-7890",
        "Sebungkus keripik",
    ):
        assert block in first.summary, "product, business and how to order: Blitar Ps. 9(1)"


def test_atom_keeps_the_structure_of_rfc_4287() -> None:
    root = etree.fromstring(atom(feed(item(), item(id="P-2", picture_url=""))))
    assert root.tag == f"{A}feed"
    nodes = [root, *root.findall(f"{A}entry")]
    for node in nodes:
        for required in ("id", "title", "updated"):  # 4.1.1, 4.1.2: exactly one each
            assert len(node.findall(A + required)) == 1
        assert node.findtext(f"{A}author/{A}name")
        assert urlsplit(node.findtext(f"{A}id")).scheme, "an id is an IRI (4.2.6)"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", node.findtext(f"{A}updated"))  # 3.3
        alternates = [
            (link.get("type"), link.get("hreflang"))
            for link in node.findall(f"{A}link")
            if link.get("rel", "alternate") == "alternate"
        ]
        assert len(alternates) == len(set(alternates)) == 1
    assert len({node.findtext(f"{A}id") for node in nodes}) == 3
    assert [link.get("href") for link in root.findall(f"{A}link[@rel='self']")] == [f"{SITE}/tts/atom.xml"]
    assert {node.tag for node in root.iter()} <= {
        A + tag
        for tag in [
            "feed",
            "id",
            "title",
            "subtitle",
            "updated",
            "author",
            "name",
            "generator",
            "link",
            "entry",
            "category",
            "content",
        ]
    }
    assert [len(entry.findall(f"{A}link[@rel='enclosure']")) for entry in nodes[1:]] == [1, 0]


def test_json_feed_has_what_version_1_1_requires() -> None:
    whole = json.loads(json_feed(feed()))
    assert whole["version"] == "https://jsonfeed.org/version/1.1"
    assert whole["title"]
    assert whole["feed_url"] == f"{SITE}/tts/feed.json"
    (entry,) = whole["items"]
    assert isinstance(entry["id"], str)
    assert entry["content_text"]
    assert datetime.fromisoformat(entry["date_modified"]) == MOMENT
    assert all(attachment["url"] and attachment["mime_type"] for attachment in entry["attachments"])
    standard = {
        "id",
        "url",
        "title",
        "content_html",
        "content_text",
        "image",
        "date_modified",
        "authors",
        "tags",
        "attachments",
    }
    assert {key for key in entry if not key.startswith("_")} <= standard
    assert entry["_siar"]["price"] == 15000


def test_rss_carries_what_merchant_readers_need() -> None:
    channel = etree.fromstring(rss(feed(item(available=False)))).find("channel")
    assert channel is not None
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    node = channel.find("item")
    values = {child.tag.removeprefix(G): child.text for child in node if child.tag.startswith(G)}
    assert values["price"] == "15000 IDR"
    assert values["availability"] == "out_of_stock"
    assert values["identifier_exists"] == "no"
    assert {"id", "title", "description", "link", "image_link"} <= set(values)
    assert node.find("guid").get("isPermaLink") == "false"
    assert set(node.find("enclosure").attrib) == {"url", "length", "type"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_words_and_nothing_else(text: str) -> None:
    safe = dict.fromkeys((*TEXT_FIELDS, "description"), f"x {text}")
    whole = feed(item(**safe, id=f"x{text}"), title=f"x {text}", author=f"x {text}", description=f"x {text}")
    for write in (rss, atom):
        raw = write(whole)
        assert feedparser.parse(raw).bozo == 0
        assert not re.search(rb"<(script|img|svg|b|x|!DOCTYPE|!\[CDATA|\?php)", raw, re.IGNORECASE)
    assert len(etree.fromstring(rss(whole)).findall(".//item")) == 1
    assert len(etree.fromstring(atom(whole)).findall(f".//{A}entry")) == 1
    assert not set(b"<>&") & set(json_feed(whole))
    for read in entries(whole):
        body = Body(read["html"])
        assert {tag for tag, _ in body.tags} <= LEGAL_TAGS
        assert body.other == []
        assert all(set(attributes) <= ({"src", "alt"} if tag == "img" else set()) for tag, attributes in body.tags)
        assert [attributes["alt"] for tag, attributes in body.tags if tag == "img"] == [one_line(f"x {text}")]
        assert one_line(f"x {text}") in body.text
        assert read["title"] == one_line(f"x {text}")
    # A reader that takes an RSS title for HTML must not find an element in it either.
    title = etree.fromstring(rss(whole)).findtext("channel/item/title") or ""
    assert Body(title).tags == []
    assert Body(title).other == []


@given(st.text(), st.text(), st.sampled_from([*TEXT_FIELDS, "description"]))
def test_any_text_survives_the_round_trip(text: str, other: str, field: str) -> None:
    given_item = item(**{field: f"{text} ok {other}"})
    want = cleaned(f"{text} ok {other}").strip() if field == "description" else one_line(f"{text} ok {other}")
    assert getattr(given_item, field) == want
    for read in entries(feed(given_item)):
        body = Body(read["html"])
        assert (
            read["title"] == given_item.title
            if len(given_item.title) <= 150
            else read["title"].endswith(("…", given_item.title))
        )
        if field in {"price_text", "business", "business_place", "how_to_order"}:
            assert want in body.text
        if field == "picture_alt":
            assert dict(body.tags)["img"]["alt"] == want
        if field == "description":
            assert body.text.split() == plain_body(given_item).split()
    assert json.loads(json_feed(feed(given_item)))["items"][0]["content_text"] == plain_body(given_item)


@pytest.mark.parametrize(
    ("changes", "article"),
    [
        ({"title": " "}, "9(1)a"),
        ({"title": "\u202e\x00"}, "9(1)a"),
        ({"price_text": ""}, "9(1)a"),
        ({"url": ""}, "9(1)a"),
        ({"url": "javascript:alert(1)"}, "9(1)a"),
        ({"business": "\t"}, "9(1)b"),
        ({"how_to_order": ""}, "9(1)c"),
    ],
)
def test_an_item_without_a_block_of_blitar_9_1_is_refused(changes: dict[str, str], article: str) -> None:
    with pytest.raises(ValueError, match=re.escape(article)):
        item(**changes)


def test_values_that_cannot_be_right_are_refused() -> None:
    for bad in ({"price": -1}, {"updated": datetime(2026, 1, 1)}):  # noqa: DTZ001  the naive one is the case
        with pytest.raises(ValueError):
            item(**bad)
    for wrong in ({"home_url": "file:///etc"}, {"author": ""}, {"items": (ITEM, ITEM)}):
        with pytest.raises(ValueError):
            feed(**wrong)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:image/svg+xml,<svg/>", 'https://x/"onload=', "//x/y.jpg", "file:///x.jpg"]
)
def test_a_dangerous_picture_is_left_out_and_the_product_stays(address: str) -> None:
    whole = feed(item(picture_url=address))
    for write in (rss, atom, json_feed):
        assert html.escape(address).encode() not in write(whole)
    assert b"<enclosure" not in rss(whole)
    assert "image" not in json.loads(json_feed(whole))["items"][0]


def test_equal_moments_are_equal_bytes() -> None:
    wita = timezone(timedelta(hours=8))
    same = feed(item(updated=MOMENT.astimezone(wita)), updated=MOMENT.astimezone(wita).replace(microsecond=9))
    assert [write(same) for write in (rss, atom, json_feed)] == [write(feed()) for write in (rss, atom, json_feed)]
    assert MOMENT.tzinfo is UTC


def test_an_empty_catalogue_is_still_a_valid_feed() -> None:
    whole = feed(items=())
    assert feedparser.parse(rss(whole)).bozo == feedparser.parse(atom(whole)).bozo == 0
    assert json.loads(json_feed(whole))["items"] == []
