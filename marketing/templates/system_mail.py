"""Mails of the system itself: no kind of marketing (TTS Ps. 7(3)), no link that counts, nothing to leave.

Their words come ready-made in the language of whoever asked; only the look is shared with the campaigns' mails.
"""

from dataclasses import dataclass, fields
from functools import cache

from jinja2 import Template

from marketing.domain.rendering import fill
from marketing.domain.text import one_line
from marketing.i18n import language
from marketing.templates.compiler import RenderedEmail, compile_files
from marketing.templates.context import SenderIdentity


@dataclass(frozen=True, slots=True)
class ConfirmationContext:
    """Asks whether the owner of a mailbox wants what somebody asked for in its name."""

    sender: SenderIdentity
    subject: str
    preheader: str
    headline: str
    request: str
    wishes: tuple[str, ...]
    how: str
    action: str
    address_note: str
    ignore: str
    confirm_url: str


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Tells a person what became of what they asked of their data (UU 27/2022 Ps. 30, 41, 45); `url` may be empty."""

    sender: SenderIdentity
    subject: str
    preheader: str
    headline: str
    lines: tuple[str, ...]
    facts: tuple[str, ...]
    note: str
    action: str = ""
    address_note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class SignInContext:
    """Tells a person who works with Siar about their own account or tasks, and leads to the page for it."""

    sender: SenderIdentity
    subject: str
    preheader: str
    headline: str
    lines: tuple[str, ...]
    facts: tuple[str, ...]
    action: str
    address_note: str
    url: str
    note: str


def render_confirmation(context: ConfirmationContext) -> RenderedEmail:
    """Fill the confirmation for one address; raises RenderError."""
    return _rendered("konfirmasi", context)


def render_request(context: RequestContext) -> RenderedEmail:
    """Fill the answer to what a person asked of their data; raises RenderError."""
    return _rendered("permintaan", context)


def render_sign_in(context: SignInContext) -> RenderedEmail:
    """Fill a mail about signing in; raises RenderError."""
    return _rendered("masuk", context)


def _rendered(name: str, context: ConfirmationContext | RequestContext | SignInContext) -> RenderedEmail:
    html, text = _compiled(name, language())
    values = {field.name: getattr(context, field.name) for field in fields(context)}
    values["subject"] = one_line(context.subject)
    return RenderedEmail(subject=values["subject"], html=fill(html, values), text=fill(text, values).strip() + "\n")


@cache
def _compiled(name: str, spoken: str) -> tuple[Template, Template]:
    """Return a system mail as HTML and text templates in one language; made once per process."""
    return compile_files("system", name, language=spoken)
