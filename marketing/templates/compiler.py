"""From the template files to one finished e-mail: MJML once per process and language, afterwards only Jinja for each."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Template
from mjml import mjml_to_html

from marketing.domain.rendering import MAX_OUTPUT, RenderError, fill, parse_template
from marketing.domain.stencil import LONGEST_WORD, Holes, LeavesSubsetError, Sheet, Stencil
from marketing.domain.text import one_line
from marketing.domain.types import EmailType
from marketing.i18n import SOURCE_LANGUAGE
from marketing.templates.context import MailContext
from marketing.templates.registry import MailTemplate, template_of
from marketing.templates.source_check import TemplateError, check_source, protect
from marketing.templates.translation import translated

__all__ = ["CompiledEmail", "RenderError", "RenderedEmail", "TemplateError", "compile_email"]

KEPT = 256  # compiled templates: every kind in two languages, and what offices wrote

PART = re.compile(r"\{# part: ([a-z_]+) #\}")
_INDENT = re.compile(r"\s*\n\s*")
_LONGEST_ESCAPE = len("&quot;")  # the most that one character becomes in HTML
_EMPTY_LINES = re.compile(r"[^\S\n]*\n(?:[^\S\n]*\n){2,}")


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """The two parts of a template as they are written."""

    mjml: str
    text: str


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """One e-mail in words: the same content as HTML and as text."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class CompiledEmail:
    """A template ready for many recipients."""

    template: MailTemplate
    html: Template
    text: Template
    source: TemplateSource = field(repr=False)
    """Compiled and in one language."""

    def render(self, context: MailContext) -> RenderedEmail:
        """Fill the template for one recipient; raises RenderError, and TypeError when the context is another mail's."""
        values = self._values(context)
        return RenderedEmail(subject=values["subject"], html=fill(self.html, values), text=_filled(self.text, values))

    def press(self, context: MailContext, holes: Holes) -> Stencil | None:
        """Fill the template for many recipients at once, with holes in the context; None when it does more than print them."""
        html, text = _with_holes(self.source)
        try:
            values = self._values(context)
            sheets = (
                _sheet(holes, lambda: fill(html, values), html=True),
                _sheet(holes, lambda: _filled(text, values), html=False),
            )
        except (LeavesSubsetError, RenderError):
            return None
        return Stencil(*sheets)

    def _values(self, context: MailContext) -> dict[str, Any]:
        if not isinstance(context, self.template.context):
            raise TypeError(f"{self.template.email_type} takes {self.template.context.__name__}")
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        values["subject"] = one_line(context.subject)  # it becomes a header line: no line end may survive
        return values


def _filled(text: Template, values: dict[str, Any]) -> str:
    return _EMPTY_LINES.sub("\n\n", fill(text, values)).strip() + "\n"


def _sheet(holes: Holes, filled: Callable[[], str], *, html: bool) -> Sheet:
    holes.printed.clear()
    text = filled()
    if len(text) + len(holes.printed) * LONGEST_WORD * _LONGEST_ESCAPE > MAX_OUTPUT:
        raise LeavesSubsetError
    return Sheet.cut(text, holes.printed, html=html)


def read_source(*path: str) -> str:
    """Return a template file of this package."""
    return resources.files("marketing.templates").joinpath(*path).read_text("utf-8")


def with_parts(source: str, suffix: str) -> str:
    """Put the shared layouts where a template names them; Jinja itself may not include anything."""
    return PART.sub(lambda match: with_parts(read_source("layouts", f"{match[1]}.{suffix}"), suffix), source)


def compile_mjml(source: str) -> str:
    """Return the HTML of an MJML source with its Jinja tokens whole; raises TemplateError."""
    check_source(source)
    protected = protect(source)
    compiled = _INDENT.sub(
        "\n", str(mjml_to_html(protected.source).html)
    )  # a fifth of the size, and Gmail cuts at 102 kB
    return protected.restored(compiled)


@lru_cache(maxsize=KEPT)
def compile_email(
    email_type: EmailType, variant: str, language: str = SOURCE_LANGUAGE, source: TemplateSource | None = None
) -> CompiledEmail:
    """Return the compiled template of a kind and variant in one language, made once per process; raises TemplateError.

    `source` is what an office wrote instead of the shipped template.
    """
    template = template_of(email_type, variant)
    spoken = _spoken(source or shipped_source(email_type, variant), language)
    return CompiledEmail(template, *_parsed(spoken), spoken)


def shipped_source(email_type: EmailType, variant: str) -> TemplateSource:
    """Return the template of this package."""
    return _source_in("email", template_of(email_type, variant).email_type.value, variant)


def compile_files(*folder: str, language: str) -> tuple[Template, Template]:
    """Return the HTML and the text template of a folder of this package, in one language; raises TemplateError."""
    return _parsed(_spoken(_source_in(*folder), language))


def _source_in(*folder: str) -> TemplateSource:
    return TemplateSource(read_source(*folder, "body.mjml"), read_source(*folder, "body.txt"))


def _spoken(source: TemplateSource, language: str) -> TemplateSource:
    html = translated(with_parts(source.mjml, "mjml"), language, html=True)
    return TemplateSource(compile_mjml(html), translated(with_parts(source.text, "txt"), language, html=False))


def _parsed(source: TemplateSource, *, holes: bool = False) -> tuple[Template, Template]:
    try:
        html = parse_template(source.mjml, html=True, holes=holes)
        return html, parse_template(source.text, html=False, holes=holes)
    except RenderError as error:
        raise TemplateError(error.line, str(error)) from error


@lru_cache(maxsize=KEPT)
def _with_holes(source: TemplateSource) -> tuple[Template, Template]:
    return _parsed(source, holes=True)
