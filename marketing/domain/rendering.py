"""Filling a template with values inside a sandbox: no methods, no imports, few filters, bounded work and output.

Template text may one day be edited by people, and values come from catalogues that anyone may fill. So everything is
refused that is not on a short list: the parts of the language, the filters, the tests, the one callable (`range`).
"""

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, cast

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS

from marketing.domain.stencil import Hole, LeavesSubsetError, filtered, printed
from marketing.domain.text import web_address
from marketing.errors import MarketingError
from marketing.i18n import gettext as _

MAX_OUTPUT = 2_000_000
MAX_RANGE = 50  # three nested loops of so many are a tenth of a second
MAX_LOOP_DEPTH = 3  # the parts of a newsletter, the products in one, what a bundle holds

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
# Neither `attr`, `map` and `format` (a way around the sandbox) nor `center`, `batch`, `indent`, `replace` (a way to swell).
_FILTERS = ("capitalize", "e", "escape", "join", "length", "lower", "trim", "upper")
_TESTS = ("defined", "even", "odd", "in", "eq", "ne")
_NODES: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.For,
    nodes.If,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
    nodes.Add,
    nodes.Sub,
    nodes.List,
    nodes.Tuple,
    nodes.Call,
)


class RenderError(MarketingError):
    """A template cannot be read or filled; `line` is 0 when it is not known."""

    def __init__(self, message: str, *, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def paragraphs(text: str) -> tuple[tuple[str, ...], ...]:
    """Return plain text as paragraphs of lines; a blank line ends a paragraph."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return tuple(tuple(block.strip().split("\n")) for block in _BLANK_LINES.split(unified) if block.strip())


def _bounded_range(*bounds: int) -> range:
    counted = range(*bounds)
    if len(counted) > MAX_RANGE:
        raise RenderError(_("Perulangan templat melebihi {most} putaran.").format(most=MAX_RANGE))
    return counted


@cache
def _data_of(kind: Hashable) -> frozenset[str]:
    """Return the names of a context's own values: they need no second look at each of the hundreds of places of a mail."""
    declared = fields(kind) if is_dataclass(kind) else ()
    return frozenset(field.name for field in declared if not field.name.startswith("_"))


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, narrowed: attributes are data only, and nothing can be called but the bounded range."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute in _data_of(cast("Hashable", type(obj))):
            value = getattr(obj, attribute)
            if not callable(value):
                return value
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return super().is_safe_attribute(obj, attr, value) and not callable(value)

    def is_safe_callable(self, obj: Any) -> bool:
        return obj is _bounded_range


class _HolesSandbox(_Sandbox):
    """The same, for values that may be holes."""

    def getitem(self, obj: Any, argument: Any) -> Any:
        if type(argument) is Hole:  # a person's own word would choose what is looked up
            raise LeavesSubsetError
        return super().getitem(obj, argument)


def _sandbox(*, html: bool, holes: bool) -> _Sandbox:
    environment = (_HolesSandbox if holes else _Sandbox)(
        autoescape=html,
        undefined=StrictUndefined,
        loader=None,
        trim_blocks=not html,
        lstrip_blocks=not html,
        finalize=printed if holes else None,
    )
    environment.filters = {name: FILTERS[name] for name in _FILTERS}
    environment.filters |= {"paragraphs": paragraphs, "link": web_address}
    if holes:
        environment.filters = {name: filtered(name, usual) for name, usual in environment.filters.items()}
    environment.tests = {name: TESTS[name] for name in _TESTS}
    environment.globals = {"range": _bounded_range}
    return environment


_SANDBOXES = {(html, holes): _sandbox(html=html, holes=holes) for html in (True, False) for holes in (True, False)}


def _nodes(node: nodes.Node, depth: int = 0) -> Iterator[tuple[nodes.Node, int]]:
    inside = depth + isinstance(node, nodes.For)
    yield node, inside
    for child in node.iter_child_nodes():
        yield from _nodes(child, inside)


def _refuse_unlisted(tree: nodes.Template) -> None:
    for node, depth in _nodes(tree):
        if not isinstance(node, _NODES) or (isinstance(node, nodes.Name) and node.name == "self"):
            name = type(node).__name__.lower()
            raise RenderError(_("Templat tidak boleh memakai “{name}”.").format(name=name), line=node.lineno)
        if depth > MAX_LOOP_DEPTH or (isinstance(node, nodes.For) and node.recursive):
            raise RenderError(_("Perulangan templat terlalu dalam."), line=node.lineno)


def _unreadable(error: TemplateSyntaxError) -> RenderError:
    return RenderError(_("Templat tidak terbaca: {why}").format(why=error.message), line=error.lineno)


def parse_template(source: str, *, html: bool, holes: bool = False) -> Template:
    """Read a template once; HTML escapes every value, text keeps it. Raises RenderError with the line.

    With `holes`, values may be holes of a stencil; filling raises LeavesSubsetError when more is done with one than printing it.
    """
    template_tree(source, html=html)
    try:
        return _SANDBOXES[html, holes].from_string(source)
    except TemplateSyntaxError as error:  # an unknown filter or test is found only now
        raise _unreadable(error) from error


def template_tree(source: str, *, html: bool) -> nodes.Template:
    """Return what a template says as a tree, once nothing in it is forbidden; raises RenderError with the line."""
    try:
        tree = _SANDBOXES[html, False].parse(source)
        _refuse_unlisted(tree)
    except TemplateSyntaxError as error:
        raise _unreadable(error) from error
    except RecursionError as error:
        raise RenderError(_("Templat bersarang terlalu dalam.")) from error
    return tree


def fill(template: Template, values: Mapping[str, object]) -> str:
    """Return the filled template; a missing value, a forbidden step or too much output is a RenderError."""
    parts: list[str] = []
    size = 0
    try:
        for part in template.generate(values):
            size += len(part)
            if size > MAX_OUTPUT:
                raise RenderError(_("Hasil templat melebihi {most} karakter.").format(most=MAX_OUTPUT))
            parts.append(part)
    except SecurityError as error:
        raise RenderError(_("Templat mencoba langkah terlarang: {why}").format(why=error)) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise RenderError(_("Templat tidak dapat diisi: {why}").format(why=error)) from error
    return "".join(parts)
