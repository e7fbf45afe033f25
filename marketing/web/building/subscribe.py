"""The subscription form and what follows it, from texts and typed values to views."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from marketing.contacts.asking import mark_of
from marketing.contacts.purpose_words import purpose_title
from marketing.domain import site
from marketing.domain.consent_wording import Wording
from marketing.domain.product import Category
from marketing.domain.types import Purpose
from marketing.i18n import gettext as _
from marketing.i18n import language
from marketing.tenants.profile import TenantProfile
from marketing.web.form_proof import Verdict
from marketing.web.views.parts import Option
from marketing.web.views.states import category_label
from marketing.web.views.subscribe import Box, FormView

# Sosialisasi rests on the public task and a number for WhatsApp is not confirmed by a mail: neither is asked for here.
ASKED: Final = (
    Purpose.PROMOTIONAL,
    Purpose.NEWSLETTER,
    Purpose.RETENTION,
    Purpose.PERSONALISED,
    Purpose.ENGAGEMENT_TRACKING,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed, to be shown again."""

    email: str = ""
    name: str = ""
    purposes: Collection[str] = ()
    topics: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Faults:
    """What is to be mended before the form can be taken."""

    again: str = ""
    email: str = ""
    purpose: str = ""

    def __bool__(self) -> bool:
        """Return whether anything is wrong."""
        return bool(self.again or self.email or self.purpose)


def address(tenant_id: str, part: str = "") -> str:
    """Return the form's own address, of its frame (`bingkai`) or of its poster."""
    return f"/langganan/{tenant_id}{'/' + part if part else ''}"


def box(wording: Wording, *, checked: bool = False) -> Box:
    """Return a purpose with its own text; the first line stands beside the box, the rest under it."""
    lines = [line.strip() for line in wording.text.splitlines()[1:] if line.strip()]
    return Box(
        wording.purpose, purpose_title(wording.purpose), wording.question, tuple(lines), mark_of(wording), checked
    )


def topics(chosen: Iterable[str]) -> tuple[Option, ...]:
    """Return the topics: the categories of products."""
    wanted = set(chosen)
    return tuple(Option(name, category_label(name), selected=name in wanted) for name in Category)


def again_text(verdict: Verdict) -> str:
    """Return why the form has to be sent once more; empty when it need not."""
    return {
        Verdict.FINE: "",
        Verdict.TOO_FAST: _("Formulir terkirim terlalu cepat. Periksa isinya, lalu kirim sekali lagi."),
        Verdict.TOO_OLD: _("Formulir ini sudah lama terbuka. Periksa isinya, lalu kirim sekali lagi."),
        Verdict.FORGED: _("Formulir ini perlu dimuat ulang. Isi kembali, lalu kirim sekali lagi."),
    }[verdict]


def form_view(
    profile: TenantProfile,
    texts: Mapping[Purpose, Wording],
    *,
    part: str,
    proof: str,
    typed: Typed,
    faults: Faults,
) -> FormView:
    """Return the form; boxes are ticked only where this person ticked them a moment ago."""
    other = "en" if language() == "id" else "id"
    return FormView(
        office=profile.dinas_short,
        area=profile.short_name,
        action=address(profile.id, part),
        language_href=f"{address(profile.id, part)}?bahasa={other}",
        boxes=tuple(box(text, checked=purpose in typed.purposes) for purpose, text in texts.items()),
        topics=topics(typed.topics),
        proof=proof,
        spoken=language(),
        email=typed.email,
        name=typed.name,
        again=faults.again,
        wrong_email=faults.email,
        wrong_purpose=faults.purpose,
        home_href=site.home(profile.id),
    )
