"""What a reader of a mail really sees: words and links that nothing hides."""

import re
from typing import Any, Final

from lxml import html as reader

_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|max-height\s*:\s*0(?![.\d])", re.IGNORECASE
)
_FONT_SIZE: Final = re.compile(r"font-size\s*:\s*([^;]+)", re.IGNORECASE)
_NOTHING: Final = re.compile(r"0(?:\.0*)?[a-z%]*\s*(?:!important)?\s*", re.IGNORECASE)


_Hiding = tuple[bool, str]
"""Whether something around hides an element for good, and the font size that holds for it."""


def visible(markup: str) -> tuple[str, frozenset[str]]:
    """Return the words that a reader sees and the addresses of the links that stand among them."""
    body = reader.document_fromstring(markup).find("body")
    if body is None:
        return "", frozenset()
    seen = _seen(body)
    words: list[str] = []
    links: set[str] = set()
    for element in body.iter():
        if isinstance(element.tag, str) and element.tag not in {"style", "script"} and seen[element]:
            words.append(element.text or "")
            if element.tag == "a" and _shows_something(element, seen):
                links.add(str(element.get("href")))
        if element is not body and seen[element.getparent()]:
            words.append(element.tail or "")
    return " ".join(" ".join(words).split()), frozenset(links)


def _shows_something(link: Any, seen: dict[Any, bool]) -> bool:
    return any((inner.text or "").strip() or inner.tag == "img" for inner in link.iter() if seen[inner]) or any(
        (inner.tail or "").strip() for inner in link.iterdescendants()
    )


def _seen(body: Any) -> dict[Any, bool]:
    """Return for every element of the body whether nothing hides it; what is around an element is looked at once."""
    hiding: dict[Any, _Hiding] = {None: (False, "")}
    for element in (*reversed([*body.iterancestors()]), *body.iter()):
        hiding[element] = _hiding(element, *hiding[element.getparent()])
    return {element: not (hidden or _NOTHING.fullmatch(size)) for element, (hidden, size) in hiding.items()}


def _hiding(element: Any, hidden: bool, size: str) -> _Hiding:
    """Add what the element says of itself; a font size of nothing hides until one inside sets another (MJML does so)."""
    style = element.get("style") or ""
    own_size = next(iter(_FONT_SIZE.findall(style)), "")
    return hidden or element.get("hidden") is not None or bool(_HIDDEN.search(style)), own_size or size
