"""Which variables a template may use: those of its typed context, walked through the template's own tree.

Filling a template for a sample finds only what the sample reaches; this finds a wrong name in every branch, with its line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from jinja2 import nodes

from marketing.i18n import gettext as _

Types = Mapping[str, Any]
LOOP: Final = frozenset(
    {"index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0", "previtem", "nextitem"}
)
_UNKNOWN: Final = object()  # already complained about, or of no known shape: nothing more is said


@dataclass(frozen=True, slots=True)
class Misuse:
    """A name that is not there."""

    line: int
    text: str


def misused(tree: nodes.Template, context: type) -> list[Misuse]:
    """Return every use of a variable or field that the context does not have, in the order in which they stand."""
    scope: dict[str, Any] = {**get_type_hints(context), "range": range}
    found = {(one.line, one.text): one for node in tree.body for one in _walk(node, scope)}
    return sorted(found.values(), key=lambda one: one.line)


def _walk(node: nodes.Node, scope: Types) -> Iterator[Misuse]:
    match node:
        case nodes.For():
            yield from _walk(node.iter, scope)
            inner = {**scope, **_bound(node.target, _element(_typed(node.iter, scope))), "loop": LOOP}
            for child in (*node.body, *([node.test] if node.test else [])):
                yield from _walk(child, inner)
            for child in node.else_:
                yield from _walk(child, scope)
        case nodes.Name():
            if node.name not in scope:
                yield Misuse(node.lineno, _("variabel “{name}” tidak ada").format(name=node.name))
        case nodes.Getattr() | nodes.Getitem():
            yield from _walk(node.node, scope)
            if isinstance(node, nodes.Getitem):
                yield from _walk(node.arg, scope)
            owner, name = _typed(node.node, scope), _field(node)
            if name is not None and not _has(owner, name):
                where = f"{node.node.name}.{name}" if isinstance(node.node, nodes.Name) else f".{name}"
                yield Misuse(node.lineno, _("variabel “{name}” tidak ada").format(name=where))
        case _:
            for child in node.iter_child_nodes():
                yield from _walk(child, scope)


def _field(node: nodes.Getattr | nodes.Getitem) -> str | None:
    """Return the name that is asked for; None for a place in a list."""
    if isinstance(node, nodes.Getattr):
        return str(node.attr)
    return node.arg.value if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str) else None


def _has(owner: Any, name: str) -> bool:
    if owner is _UNKNOWN:
        return True
    return name in owner if isinstance(owner, frozenset) else name in _fields(owner)


def _fields(owner: Any) -> Types:
    """Return what a typed value has: fields of a data class, and its properties; of several kinds, what one of them has."""
    if isinstance(owner, UnionType):
        return {name: kind for member in get_args(owner) for name, kind in _fields(member).items()}
    if not (isinstance(owner, type) and is_dataclass(owner)):
        return {}
    properties = {name: str for name, value in vars(owner).items() if isinstance(value, property)}
    return {**properties, **get_type_hints(owner)}


def _typed(node: nodes.Node, scope: Types) -> Any:
    """Return the type of an expression as far as it matters for what may be asked of it."""
    match node:
        case nodes.Name():
            return scope.get(node.name, _UNKNOWN)
        case nodes.Getattr() | nodes.Getitem():
            owner, name = _typed(node.node, scope), _field(node)
            if name is None:
                return _element(owner)
            return _fields(owner).get(name, _UNKNOWN)
        case nodes.Filter() if node.name == "paragraphs":
            return tuple[tuple[str, ...], ...]
        case _:
            return _UNKNOWN


def _element(kind: Any) -> Any:
    """Return what a list of this type holds."""
    if get_origin(kind) is tuple and get_args(kind):
        return get_args(kind)[0]
    return _UNKNOWN if kind is range or kind is _UNKNOWN else str


def _bound(target: nodes.Node, kind: Any) -> Types:
    names = [target] if isinstance(target, nodes.Name) else list(target.find_all(nodes.Name))
    return {name.name: kind if len(names) == 1 else _UNKNOWN for name in names}
