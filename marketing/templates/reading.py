"""What a reader of a mail really sees: words and links that nothing hides."""

import re
from typing import Any, Final

from lxml import html as reader

_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|max-height\s*:\s*0(?![.\d])", re.IGNORECASE
)
_FONT_SIZE: Final = re.compile(r"font-size\s*:\s*([^;]+)", re.IGNORECASE)
_NOTHING: Final = re.compile(r"0(?:\.0*)?[a-z%]*\s*(?:!important)?\s*", re.IGNORECASE)


def visible(markup: str) -> tuple[str, frozenset[str]]:
    """Return the words that a reader sees and the addresses of the links that stand among them."""
    body = reader.document_fromstring(markup).find("body")
    if body is None:
        return "", frozenset()
    words: list[str] = []
    links: set[str] = set()
    for element in body.iter():
        if isinstance(element.tag, str) and element.tag not in {"style", "script"} and _is_seen(element):
            words.append(element.text or "")
            if element.tag == "a" and _shows_something(element):
                links.add(str(element.get("href")))
        parent = element.getparent()
        if element is not body and _is_seen(parent):
            words.append(element.tail or "")
    return " ".join(" ".join(words).split()), frozenset(links)


def _shows_something(link: Any) -> bool:
    return any((inner.text or "").strip() or inner.tag == "img" for inner in link.iter() if _is_seen(inner)) or any(
        (inner.tail or "").strip() for inner in link.iterdescendants()
    )


def _is_seen(element: Any) -> bool:
    """Return whether nothing hides an element; a font size of nothing hides until one inside sets another (MJML does so)."""
    size = ""
    for around in (element, *element.iterancestors()):
        style = around.get("style") or ""
        if around.get("hidden") is not None or _HIDDEN.search(style):
            return False
        size = size or next(iter(_FONT_SIZE.findall(style)), "")
    return not _NOTHING.fullmatch(size)
