"""Both notices of a breach as drafts: to the people concerned and to the body (UU 27/2022 Ps. 46)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketing.domain.data_rights import BREACH_ARTICLE, HOURS, RequestState, breach_due_at
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.tenants.profile import TenantProfile
from marketing.web.building.data_requests import clock_view
from marketing.web.building.words import moment_text, number_text
from marketing.web.views.data_requests import Letter, LettersView


@dataclass(frozen=True, slots=True)
class Breach:
    """What is known of a breach; what is not known yet stands as an empty text and as a gap in the letter."""

    known_at: datetime
    happened_at: datetime
    what: str
    how: str
    people: int | None
    handling: str
    body: str


def letters_view(
    breach: Breach, log: Sequence[tuple[str, int, datetime]], profile: TenantProfile, now: datetime
) -> LettersView:
    """Return both drafts; the log's facts are for the writer, they stand beside the letters and not in them."""
    due = breach_due_at(breach.known_at)
    people = (
        ngettext("{n} orang", "{n} orang", breach.people).format(n=number_text(breach.people))
        if breach.people is not None
        else _gap()
    )
    about = (
        (_("Data yang terungkap"), breach.what or _gap()),
        (_("Kapan terungkap"), moment_text(breach.happened_at, profile)),
        (_("Kapan kami mengetahuinya"), moment_text(breach.known_at, profile)),
        (_("Bagaimana terungkap"), breach.how or _gap()),
        (_("Penanganan dan pemulihan"), breach.handling or _gap()),
    )
    closing = tuple(
        part
        for part in (
            profile.dinas,
            profile.address,
            _("Petugas pelindungan data: {who}, {address}").format(
                who=profile.dpo.name or profile.dpo.title, address=profile.dpo.email
            ),
        )
        if part
    )
    subject = Letter(
        title=_("Pemberitahuan kepada orang yang datanya terungkap"),
        to=_("Kepada: orang yang datanya terungkap"),
        paragraphs=(
            _("Dengan surat ini kami memberi tahu bahwa pelindungan data pribadi Anda gagal. Kami menyesalinya."),
            _("Pemberitahuan ini kami sampaikan menurut {article}.").format(article=BREACH_ARTICLE),
        ),
        parts=about,
        closing=(_("Anda dapat bertanya dan meminta salinan atau penghapusan data Anda kepada kami:"), *closing),
    )
    body = Letter(
        title=_("Pemberitahuan kepada lembaga"),
        to=_("Kepada: {body}").format(body=breach.body or _("lembaga pelindungan data pribadi")),
        paragraphs=(
            _(
                "Bersama ini kami laporkan kegagalan pelindungan data pribadi menurut {article}, dalam {hours} jam sejak diketahui."
            ).format(article=BREACH_ARTICLE, hours=HOURS),
        ),
        parts=((_("Pengendali data"), profile.dinas), *about, (_("Banyaknya orang"), people)),
        closing=closing,
    )
    return LettersView(
        clock=clock_view(RequestState.RECEIVED, due, now),
        due=moment_text(due, profile),
        letters=(subject, body),
        log=tuple(
            (action, _("{n} kali, terakhir {time}").format(n=number_text(count), time=moment_text(last, profile)))
            for action, count, last in log
        ),
    )


def _gap() -> str:
    return _("(belum diketahui; lengkapi sebelum dikirim)")
