"""Bytes of a feed to its items, one after the other, in memory that does not grow with the feed.

No document type is accepted, so there are no entities to blow up and nothing outside to fetch. A broken letter becomes
U+FFFD and costs its own item; what breaks the XML itself costs the rest of the feed, in one sentence that names the line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from catalog_sync.sources.merchant_feed.text import MEGABYTE, readable
from marketing.errors import CatalogError
from marketing.i18n import gettext as _

ITEM_BYTES: Final = 4 * MEGABYTE
GOOGLE: Final = "http://base.google.com/ns/1.0"
ATOM: Final = "http://www.w3.org/2005/Atom"
PLAIN: Final = frozenset({"", ATOM, "http://purl.org/rss/1.0/"})
ROOTS: Final = frozenset({"rss", "feed", "RDF"})
PARENTS: Final = frozenset({"channel", "feed", "RDF"})


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item: its fields by name without prefix, each with all its values; `place` says where it stands."""

    fields: dict[str, list[str]]
    place: str


def items(chunks: Iterable[bytes], where: str) -> Iterator[FeedItem]:
    """Yield the items of a feed, plain or gzip; CatalogError names `where` it breaks."""
    from lxml import etree  # noqa: PLC0415  4 MB of every process

    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=("{*}item", "{*}entry", "{*}rss", "{*}feed", "{*}RDF"),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    number, since_last, root = 0, 0, ""
    try:
        for text in readable(chunks, where):
            parser.feed(text.encode())
            since_last += len(text)
            for event, element in parser.read_events():
                if event == "start":
                    root = root or _root(element, where)
                elif _is_item(element):
                    number, since_last = number + 1, 0
                    yield FeedItem(_fields(element), _place(number, element))
                    _forget(element)
            if since_last > ITEM_BYTES:
                raise CatalogError(
                    _("{where}: satu produk lebih besar dari {limit} MB.").format(
                        where=where, limit=ITEM_BYTES // MEGABYTE
                    )
                )
        parser.close()
    except etree.XMLSyntaxError as error:
        line = error.position[0] if error.position else 0
        raise CatalogError(
            _("{where} bukan XML yang sah (baris {line}). Perbaiki umpan lalu ambil lagi.").format(
                where=where, line=line
            )
        ) from None  # the library's words repeat the feed
    if not root:
        raise _no_feed(where)


def _root(element: Any, where: str) -> str:
    """Check the root once, before anything below it is believed."""
    if element.getparent() is not None or _name(element) not in ROOTS:
        raise _no_feed(where)
    if element.getroottree().docinfo.doctype:
        raise CatalogError(
            _("{where} memuat DOCTYPE, yang tidak diterima. Hapus baris DOCTYPE dari umpan.").format(where=where)
        )
    return _name(element)


def _no_feed(where: str) -> CatalogError:
    return CatalogError(
        _("{where} bukan umpan produk: isinya bukan RSS 2.0 atau Atom. Periksa alamatnya.").format(where=where)
    )


def _name(element: Any) -> str:
    return _split(element.tag)[1]


def _split(tag: str) -> tuple[str, str]:
    """Return namespace and name; a prefix that nobody declared stays in the name, and the parser complains at the end."""
    namespace, _brace, name = tag.rpartition("}")
    return namespace.removeprefix("{"), name


def _is_item(element: Any) -> bool:
    parent = element.getparent()
    return _name(element) in {"item", "entry"} and parent is not None and _name(parent) in PARENTS


def _forget(element: Any) -> None:
    """Free the item and everything before it."""
    parent = element.getparent()
    element.clear()
    while parent[0] is not element:
        del parent[0]


def _place(number: int, element: Any) -> str:
    return _("butir ke-{number}, baris {line}").format(number=number, line=element.sourceline)


def _fields(element: Any) -> dict[str, list[str]]:
    """Return the fields; one that Google defines wins over the plain one of the same name."""
    own: dict[str, list[str]] = {}
    plain: dict[str, list[str]] = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        namespace, name = _split(child.tag)
        if namespace == GOOGLE:
            own.setdefault(name, []).append("".join(child.itertext()))
        elif namespace in PLAIN:
            text = "".join(child.itertext())
            if name == "link" and not text.strip() and child.get("rel", "alternate") == "alternate":
                text = child.get("href", "")
            if text.strip():
                plain.setdefault(name, []).append(text)
    return plain | {key: values for key, values in own.items() if any(value.strip() for value in values)}
