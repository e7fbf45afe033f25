"""An answer of the site as it must read among files: links lead to files, addresses seen from outside name folders; pure."""

import html
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree
from lxml import html as lxml_html

from marketing.web.export.addresses import Extent, absolute, file_of, relative

_LINKS: Final = ("href", "src", "poster", "data")
_LISTS: Final = ("srcset", "imagesrcset")
_URL = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")
_IMPORT = re.compile(r"""((?:\bfrom|\bimport)\s*\(?\s*["'])(\.{1,2}/[^"']+)(["'])""")
# How an address goes on inside XML (&amp;), JSON (& or \\u0026) and CSV; an entity for anything but "&" ends it.
_ADDRESS_REST: Final = r"/(?:[^\s\"'<>\\,&]|&amp;|\\u0026|&(?!(?:lt|gt|quot|apos|#\w+);))*"
_LISTED = re.compile(r"<url><loc>([^<]*)</loc>.*</url>\n")
_ESCAPED_AND = re.compile(r"&amp;|\\u0026")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The content of a file and the names of all things it leads to."""

    content: bytes
    leads_to: Collection[str]


@dataclass(frozen=True, slots=True)
class Rewriter:
    """Rewrites answers of one export; `gone` are things that answered 404 since something led to them."""

    extent: Extent
    gone: Collection[str]

    def rewrite(self, told: str, media_type: str, content: bytes) -> Rewritten:
        """Return an answer as it stands in its file; pictures stay as they are."""
        kind = media_type.partition(";")[0].strip()
        if kind == "text/html":
            return self._page(told, content)
        if kind == "text/css":
            return self._text(told, content, _URL)
        if kind in {"text/javascript", "application/javascript"}:
            return self._text(told, content, _IMPORT)
        if kind in {"text/plain", "text/csv"} or _is_data(kind):
            return self.outside(_LISTED.sub(self._standing, content.decode()))
        return Rewritten(content, ())

    def outside(self, text: str) -> Rewritten:
        """Return a text in which every absolute address of an exported thing is the one it has among files."""
        leads_to: list[str] = []

        def replaced(match: re.Match[str]) -> str:
            written = match.group()
            address = _ESCAPED_AND.sub("&", written)
            closing = "" if "?" in address else address[len(address.rstrip(".;:)]")) :]  # the end of a sentence
            address = address.removesuffix(closing)
            told = self.extent.told(address)
            if told is None:
                return written
            leads_to.append(told)
            found = absolute(told, self.extent.base_url, address) + closing
            ands = _ESCAPED_AND.search(written)
            return found.replace("&", ands.group()) if ands else found

        pattern = re.compile(re.escape(self.extent.base_url) + _ADDRESS_REST)
        return Rewritten(pattern.sub(replaced, text).encode(), leads_to)

    def _standing(self, line: re.Match[str]) -> str:
        """Return a line of a sitemap, or nothing when its page is gone."""
        return "" if self.extent.told(html.unescape(line.group(1))) in self.gone else line.group()

    def _page(self, told: str, content: bytes) -> Rewritten:
        source = file_of(told)
        root = lxml_html.document_fromstring(content, parser=lxml_html.HTMLParser(encoding="utf-8"))
        leads_to: list[str] = []

        def pointed(address: str) -> str | None:
            found = self.extent.told(address, told)
            if found is None or found in self.gone:
                return None if found or self.extent.is_ours(address, told) else address
            leads_to.append(found)
            return relative(found, source, address)

        for form in root.xpath("//form"):  # nobody would answer it
            form.drop_tree()
        for element in root.iter(etree.Element):
            if element.tag == "link" and element.get("rel") == "canonical":
                continue  # seen from outside; see `outside`
            _point(element, pointed)
        whole = lxml_html.tostring(root, encoding="unicode", doctype="<!doctype html>")
        outside = self.outside(whole)
        return Rewritten(outside.content, [*leads_to, *outside.leads_to])

    def _text(self, told: str, content: bytes, pattern: re.Pattern[str]) -> Rewritten:
        source, leads_to = file_of(told), list[str]()

        def pointed(match: re.Match[str]) -> str:
            found = self.extent.told(match.group(2), told)
            if found is None:
                return match.group()
            leads_to.append(found)
            whole, start = match.group(), match.start()
            path = relative(found, source, match.group(2))
            path = path if path.startswith(".") or pattern is _URL else f"./{path}"
            return whole[: match.start(2) - start] + path + whole[match.end(2) - start :]

        return Rewritten(pattern.sub(pointed, content.decode()).encode(), leads_to)


def _is_data(kind: str) -> bool:
    return kind.endswith(("xml", "json")) and kind != "image/svg+xml"


def _point(element: Any, pointed: Callable[[str], str | None]) -> None:
    """Let every address of an element point to its file; one that leads nowhere any more is taken out, its words stay."""
    for name, value in list(element.attrib.items()):
        plain = name.rpartition("}")[2].removeprefix("xlink:")
        if plain in _LINKS and not value.startswith("#"):
            found = pointed(value)
            if found is None:
                del element.attrib[name]
            else:
                element.set(name, found)
        elif plain in _LISTS:
            choices = [choice.strip().partition(" ") for choice in value.split(",") if choice.strip()]
            kept = [(pointed(address), size) for address, _blank, size in choices]
            element.set(name, ", ".join(f"{address} {size}".strip() for address, size in kept if address))


def leading_page(title: str, target: str) -> bytes:
    """Return a page that leads on at once; for the front door of an export."""
    href, words = html.escape(target), html.escape(title)
    return (
        f'<!doctype html>\n<html lang="id"><head><meta charset="utf-8"><title>{words}</title>'
        f'<meta http-equiv="refresh" content="0; url={href}"></head><body><p><a href="{href}">{words}</a></p></body></html>\n'
    ).encode()
