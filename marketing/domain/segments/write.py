"""A tree as the text that `parse` reads back to the very same tree."""

import json
import re
from collections.abc import Mapping
from typing import Final

from marketing.domain.segments import vocabulary as v
from marketing.domain.segments.tree import (
    And,
    Attribute,
    Bought,
    Consent,
    Created,
    Engaged,
    HasAddress,
    InSegment,
    Leaf,
    NameContains,
    Node,
    Not,
    Or,
    Suppressed,
    Topics,
)

PLAIN: Final = re.compile(r"[^\W\d_][\w./-]*")
"""A value that needs no quotes."""


def written(node: Node) -> str:
    """Return the canonical text of a tree."""
    match node:
        case And(parts=parts):
            return f" {v.AND} ".join(_held(part) for part in parts)
        case Or(parts=parts):
            return f" {v.OR} ".join(_held(part) for part in parts)
        case Not(part=part):
            return f"{v.NOT} {_held(part)}"
    return _leaf(node)


def quoted(value: str) -> str:
    """Return a value as it stands in the text: bare when it is one plain word."""
    return value if PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _held(node: Node) -> str:
    text = written(node)
    return f"({text})" if isinstance(node, And | Or) else text


def _leaf(leaf: Leaf) -> str:  # noqa: C901  one case per condition
    match leaf:
        case Attribute(field=name, values=(value,)):
            return f"{name} = {quoted(value)}"
        case Attribute(field=name, values=values):
            return f"{name} {v.IN} ({', '.join(quoted(value) for value in values)})"
        case NameContains(text=text):
            return f"{v.NAME} {v.CONTAINS} {quoted(text)}"
        case Created(days=days):
            return _call(v.CREATED, {v.DAYS: days})
        case Topics(match=match, topics=topics):
            return f"{v.TOPICS} {match} ({', '.join(topics)})"
        case Bought():
            return _call(v.BOUGHT, _bought(leaf))
        case Engaged(deed=deed, days=days, campaign=campaign):
            return _call(deed, {v.DAYS: days, v.CAMPAIGN: campaign})
        case Consent(purpose=purpose, state=state):
            return _call(v.CONSENT, {purpose: state})
        case HasAddress(channel=channel):
            return f"{v.ADDRESS}({channel})"
        case Suppressed(channel=channel):
            return f"{v.SUPPRESSED}({channel or ''})"
        case InSegment(segment=segment):
            return f"{v.SEGMENT}({segment})"


def _bought(leaf: Bought) -> Mapping[str, object]:
    return {
        v.CATEGORY: leaf.category,
        v.PRODUCT: leaf.product,
        v.BUSINESS: leaf.business,
        v.DAYS: leaf.days,
        v.TIMES: leaf.times if leaf.times != 1 else None,
        v.SPENT: leaf.spent or None,
    }


def _call(name: str, given: Mapping[str, object]) -> str:
    return f"{name}({', '.join(f'{key}={value}' for key, value in given.items() if value is not None)})"
