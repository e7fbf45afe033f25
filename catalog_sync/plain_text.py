"""Catalogue text, which may be HTML, as plain text: scripts gone with their content, paragraphs and lists kept as lines.

The result is plain text and nothing more: every sink (page, feed, mail, file) escapes it for itself. Reading is repeated
until nothing changes, so that markup hidden in entities or between tags does not come out of it, and reading twice is
reading once. What merely looks like markup (`a < b`, `<3`, `R&D`) stays.
"""

import re
from html import unescape
from typing import Final

import nh3

from marketing.domain.text import cleaned

_LINE: Final = {"br", "tr", "dt", "dd", "option"}
_BLOCK: Final = {
    "address", "article", "aside", "blockquote", "caption", "center", "div", "dl", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "tfoot", "thead", "ul",
}  # fmt: skip
_LISTED: Final = "li"
_CELLS: Final = {"td", "th"}
_KEPT: Final = _LINE | _BLOCK | _CELLS | {_LISTED}
_GONE: Final = {
    "audio", "canvas", "head", "iframe", "math", "noembed", "noframes", "noscript", "object", "script", "select",
    "style", "svg", "template", "textarea", "title", "video",
}  # fmt: skip
_INLINE: Final = {
    "a", "abbr", "acronym", "applet", "area", "b", "base", "basefont", "bdi", "bdo", "big", "blink", "body",
    "button", "cite", "code", "col", "colgroup", "data", "datalist", "del", "details", "dfn", "dialog", "dir", "em",
    "embed", "font", "frame", "frameset", "html", "i", "img", "input", "ins", "kbd", "keygen", "label", "legend",
    "link", "map", "mark", "marquee", "menu", "meta", "meter", "nobr", "optgroup", "output", "param", "picture",
    "plaintext", "progress", "q", "rp", "rt", "ruby", "s", "samp", "slot", "small", "source", "span", "strike",
    "strong", "sub", "summary", "sup", "time", "track", "tt", "u", "var", "wbr", "xmp",
}  # fmt: skip
_NAMES: Final = sorted(_KEPT | _GONE | _INLINE, key=len, reverse=True)
_LONG: Final = "|".join(name for name in _NAMES if len(name) > 1)
_SHORT: Final = "|".join(name for name in _NAMES if len(name) == 1)

_MARKUP: Final = re.compile(
    rf"<(?:!--|!doctype\b|/?(?:{_LONG})(?=[\s/>])|/?(?:{_SHORT})(?=[\s/>])[^<>]*>|/[a-z][\w:.-]*\s*>|/?[a-z][\w:.-]*(?:[:-][^<>]*|[^<>]*=[^<>]*)>)",
    re.IGNORECASE,
)
"""What is read as markup: known elements, and unknown ones with an attribute or a prefix (`<o:p>`, `<x onload=…>`) or closing."""
_OPENING: Final = re.compile(r"<(?!\x02)")
_ENTITY: Final = re.compile(r"&(?!(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});)", re.IGNORECASE)
_NESTED: Final = re.compile(r"&(?:(?:amp|#0*38|#x0*26);)+", re.IGNORECASE)  # escaped many times over counts as once
_LAYOUT: Final = re.compile(r"<(?:p|br|li|div|h[1-6]|ul|ol|table|tr)[\s/>]", re.IGNORECASE)
_TAG: Final = re.compile(r"<(/?)([a-z0-9]+)>")
_ROUNDS: Final = 6
_BULLET: Final = "• "
_BEFORE_BULLET: Final = re.compile(rf"\s+{_BULLET}\s*")


def plain_text(text: str) -> str:
    """Return catalogue text of several lines without markup, entities, controls and bidirectional overrides."""
    now = _tidied(cleaned(text))
    for _ in range(_ROUNDS):
        if "<" not in now and "&" not in now:
            return now
        read = _tidied(cleaned(_read(now)))
        if read == now:
            return now
        now = read
    return _tidied(now.replace("<", "").replace("&", ""))  # only text made to resist gets here


def _read(text: str) -> str:
    """Read the text as HTML once."""
    marked = _ENTITY.sub("&amp;", _NESTED.sub("&amp;", text))
    if "<" not in marked:
        return unescape(marked)
    marked = _OPENING.sub("&lt;", _MARKUP.sub(lambda found: "<\x02" + found.group()[1:], marked)).replace("<\x02", "<")
    if _LAYOUT.search(marked):
        marked = " ".join(marked.split())
    safe = nh3.clean(marked, tags=_KEPT, clean_content_tags=_GONE, attributes={}, link_rel=None)
    return unescape(_BEFORE_BULLET.sub(f"\n{_BULLET}", _TAG.sub(_line_of, safe)))


def _line_of(tag: re.Match[str]) -> str:
    closing, name = tag[1], tag[2]
    if name == _LISTED:
        return "" if closing else f"\n{_BULLET}"
    if name in _CELLS:
        return " " if closing else ""
    if name in _LINE:
        return "\n"
    return "\n\n" if name in _BLOCK else ""


def _tidied(text: str) -> str:
    """Take blanks off the ends of lines and empty lines off both ends; one empty line at most parts two paragraphs."""
    if "\n" not in text:
        return text.strip()
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
