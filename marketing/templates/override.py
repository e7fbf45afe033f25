"""May this template stand in for ours? Read strictly, compiled, filled with a sample, and searched for what the law asks.

Lines are those of the source as it was written: it is read with its part comments in place before they are expanded.
The legal footer: who writes and from where, why it came, how to choose and how to leave (UU 27/2022 Ps. 9, 21; RFC 8058).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from jinja2 import nodes

from marketing.domain.rendering import RenderError, template_tree
from marketing.domain.types import EmailType
from marketing.errors import MarketingError
from marketing.i18n import LANGUAGES
from marketing.i18n import gettext as _
from marketing.templates.checks import Examined, Level, findings
from marketing.templates.compiler import (
    PART,
    CompiledEmail,
    RenderedEmail,
    TemplateError,
    TemplateSource,
    compile_email,
    read_source,
)
from marketing.templates.context import MailContext
from marketing.templates.reading import visible
from marketing.templates.registry import MailTemplate
from marketing.templates.source_check import check_source
from marketing.templates.translation import translated
from marketing.templates.variables import misused
from marketing.tenants.profile import TenantProfile

Part = Literal["mjml", "text"]
LARGEST_SOURCE: Final = 200_000  # characters
MOST_LOOPS: Final = 30
MOST_PARTS: Final = 30
LONGEST_FILLING: Final = 0.25  # seconds for one recipient's mail; ours take a thousandth
_BASE: Final = "https://contoh.siar.example"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a template is refused; `line` is 0 where none can be named."""

    part: Part
    line: int
    text: str


def refusals(
    source: TemplateSource,
    template: MailTemplate,
    profile: TenantProfile,
    timer: Callable[[], float] = time.perf_counter,
) -> list[Refusal]:
    """Return every reason against a template, the first of each kind; none when it may be used."""
    found = [*_read("mjml", source.mjml, template), *_read("text", source.text, template)]
    if found:
        return found
    try:
        for language in LANGUAGES:
            compiled = compile_email(template.email_type, template.variant, language, source)
            found += _filled(compiled, _marked(template.sample(profile)), timer)
    except TemplateError as error:
        return [Refusal("mjml", error.line, error.reason)]
    except MarketingError as error:
        return [Refusal("mjml", 0, str(error))]
    return list(dict.fromkeys(found))


def _read(part: Part, text: str, template: MailTemplate) -> Iterator[Refusal]:
    """Read one part as it was written."""
    is_html = part == "mjml"
    if len(text) > LARGEST_SOURCE:
        yield Refusal(part, 0, _("templat lebih panjang dari {most} karakter").format(most=LARGEST_SOURCE))
        return
    if not text.strip():
        yield Refusal(part, 1, _("bagian ini kosong; setiap surel memiliki HTML dan teks"))
        return
    if wrong := _wrong_part(text, is_html=is_html):
        yield Refusal(part, *wrong)
        return
    try:
        if is_html:
            check_source(text)
        tree = template_tree(translated(text, LANGUAGES[0], html=is_html), html=is_html)
    except TemplateError as error:
        yield Refusal(part, error.line, error.reason)
        return
    except RenderError as error:
        yield Refusal(part, error.line, str(error))
        return
    loops = list(tree.find_all(nodes.For))
    if len(loops) > MOST_LOOPS:
        reason = _("paling banyak {most} perulangan dalam satu templat").format(most=MOST_LOOPS)
        yield Refusal(part, loops[MOST_LOOPS].lineno, reason)
        return
    for one in misused(tree, template.context):
        yield Refusal(part, one.line, one.text)


def _wrong_part(text: str, *, is_html: bool) -> tuple[int, str] | None:
    """Return line and reason of the first shared part that cannot be put in."""
    for number, match in enumerate(PART.finditer(text)):
        line = text.count("\n", 0, match.start()) + 1
        if number == MOST_PARTS:
            return line, _("paling banyak {most} bagian bersama dalam satu templat").format(most=MOST_PARTS)
        try:
            read_source("layouts", f"{match[1]}.{'mjml' if is_html else 'txt'}")
        except FileNotFoundError:
            return line, _("bagian bersama “{name}” tidak ada").format(name=match[1])
    return None


def _marked(sample: MailContext) -> MailContext:
    """Return the sample with addresses that can be told apart, also where a kind of mail has none."""
    links = {name: f"{_BASE}/{name}" for name in ("web_view", "unsubscribe", "pixel", "why_page", "preferences")}
    changes: dict[str, Any] = {"links": replace(sample.links, **links, why=sample.links.why or "Mengapa ini datang.")}
    return replace(sample, **changes)


def _filled(compiled: CompiledEmail, context: MailContext, timer: Callable[[], float]) -> Iterator[Refusal]:
    begun = timer()
    rendered = compiled.render(context)
    if timer() - begun > LONGEST_FILLING:
        yield Refusal("mjml", 0, _("mengisi templat ini terlalu lama; kurangi perulangan"))
    shown = Examined(rendered.subject, context.preheader, rendered.html, rendered.text, unsubscribe_url="", own="")
    for finding in findings(shown):
        if finding.level is Level.ERROR:
            yield Refusal("mjml", 0, finding.text)
    marketing = compiled.template.email_type is not EmailType.TRANSACTIONAL
    yield from _lawful(rendered, context, marketing=marketing)


def _lawful(rendered: RenderedEmail, context: MailContext, *, marketing: bool) -> Iterator[Refusal]:
    words, addresses = visible(rendered.html)
    plain = " ".join(rendered.text.split())
    for needed, why in (
        (context.sender.dinas, _("nama Dinas tidak tertulis")),
        (context.sender.address, _("alamat Dinas tidak tertulis")),
        (context.links.why, _("kalimat mengapa surel ini datang (links.why) tidak tertulis")),
    ):
        told = " ".join(needed.split())
        if told not in words:
            yield Refusal("mjml", 0, why)
        if told not in plain:
            yield Refusal("text", 0, why)
    links = context.links
    wanted = [(links.why_page, _("tautan “mengapa saya menerima ini” (links.why_page) tidak ada"))]
    if marketing:
        wanted += [
            (links.unsubscribe, _("tautan berhenti berlangganan (links.unsubscribe) tidak ada atau tidak terlihat")),
            (links.preferences, _("tautan pilihan (links.preferences) tidak ada")),
        ]
    for address, why in wanted:
        if address not in addresses:
            yield Refusal("mjml", 0, why)
        if address not in rendered.text:
            yield Refusal("text", 0, why)
    if not marketing and (links.unsubscribe in addresses or links.unsubscribe in rendered.text):
        yield Refusal("mjml", 0, _("surel transaksi tidak menawarkan berhenti berlangganan"))
