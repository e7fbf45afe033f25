import html
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from marketing.channels.website.feed import plain_body
from marketing.channels.website.payload import atom, json_feed, rss
from marketing.domain.text import cleaned, one_line
from tests.support.feed_schemas import check
from tests.unit.channels.website.feed_samples import HOSTILE, ITEM, MOMENT, SITE, feed, item

A = "{http://www.w3.org/2005/Atom}"
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
            "title": xml_rss.findtext("title") or "",
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


def written_titles(title: str) -> set[str]:
    """Return the title as it is, and as RSS writes it: what could open a tag is escaped once more there."""
    return {title, re.sub(r"<(?=[A-Za-z/!?])", "&lt;", title)}


FORMS = (("rss", rss), ("atom", atom), ("json", json_feed))


@pytest.mark.parametrize(("form", "write"), FORMS)
def test_each_form_is_what_its_standard_asks(form: str, write: Any) -> None:
    later = MOMENT + timedelta(hours=1)
    whole = feed(item(), item(id="P-2", picture_url="", updated=later), item(id="P-3", price_was="Rp20.000"))
    assert check(form, write(whole)) == 3
    assert check(form, write(feed(items=()))) == 0


@pytest.mark.parametrize("cut", [b"updated", b"id", b"title"])
def test_the_schema_refuses_an_entry_that_lacks_something(cut: bytes) -> None:
    whole = re.sub(rb"(<entry>.*?)<%b>.*?</%b>" % (cut, cut), rb"\1", atom(feed()), flags=re.DOTALL)
    with pytest.raises(AssertionError):
        check("atom", whole)


def test_the_structure_that_schemas_do_not_see() -> None:
    root = etree.fromstring(atom(feed(item(), item(id="P-2", picture_url=""), scope="kategori/kerajinan")))
    assert root.findtext(f"{A}id") == "tag:umkm.ttskab.example,2026:tts/umpan/kategori/kerajinan"
    assert [link.get("href") for link in root.findall(f"{A}link[@rel='self']")] == [f"{SITE}/tts/atom.xml"]
    entries = root.findall(f"{A}entry")
    assert [entry.findtext(f"{A}author/{A}name") for entry in entries] == [ITEM.business] * 2
    assert [len(entry.findall(f"{A}link[@rel='enclosure']")) for entry in entries] == [1, 0]
    enclosure = etree.fromstring(rss(feed())).find("channel/item/enclosure")
    assert dict(enclosure.attrib) == {"url": ITEM.picture_url, "length": "48213", "type": "image/jpeg"}
    (entry,) = json.loads(json_feed(feed()))["items"]
    assert entry["_siar"]["price"] == 15000
    assert entry["attachments"][0]["size_in_bytes"] == 48213
    assert datetime.fromisoformat(entry["date_published"]) == MOMENT


def test_ids_stay_when_siar_moves() -> None:
    moved = feed(home_url="https://lain.example/umkm", authority="umkm.ttskab.example")
    assert moved.item_id(ITEM) == feed().item_id(ITEM)
    assert moved.id == feed().id


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_words_and_nothing_else(text: str) -> None:
    safe = dict.fromkeys((*TEXT_FIELDS, "description"), f"x {text}")
    whole = feed(item(**safe, id=f"x{text}"), title=f"x {text}", author=f"x {text}", description=f"x {text}")
    for form, write in FORMS:
        assert check(form, write(whole)) == 1
    for write in (rss, atom):
        raw = write(whole)
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
        assert read["title"] in written_titles(one_line(f"x {text}"))
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
        assert read["title"] in written_titles(given_item.title)
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
    for bad in ({"price": -1}, {"updated": datetime(2026, 1, 1)}, {"published": datetime(2026, 1, 1)}):  # noqa: DTZ001  the naive one is the case
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
    same = feed(
        item(published=MOMENT.astimezone(wita), updated=MOMENT.astimezone(wita)),
        updated=MOMENT.astimezone(wita).replace(microsecond=9),
    )
    assert [write(same) for write in (rss, atom, json_feed)] == [write(feed()) for write in (rss, atom, json_feed)]
    assert MOMENT.tzinfo is UTC


def test_an_empty_catalogue_is_still_a_valid_feed() -> None:
    whole = feed(items=())
    assert feedparser.parse(rss(whole)).bozo == feedparser.parse(atom(whole)).bozo == 0
    assert json.loads(json_feed(whole))["items"] == []
