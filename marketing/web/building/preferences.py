"""The preference centre, from what holds for a person to its view."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from marketing.contacts.preferences import WEEKLY_LIMITS, Preferences, Wishes
from marketing.delivery.archive import masked
from marketing.domain.consent import channel_of
from marketing.domain.permission import FrequencyCap
from marketing.domain.types import ChannelName
from marketing.i18n import LANGUAGES
from marketing.i18n import gettext as _
from marketing.tenants.profile import profile_of
from marketing.web.building.subscribe import box, topics
from marketing.web.views.parts import Option
from marketing.web.views.preferences import PreferencesView

LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}


def preferences_view(
    found: Preferences,
    now: datetime,
    *,
    action: str,
    wrong: str = "",
    wrong_pause: str = "",
    pause: str | None = None,
    bot: bool = False,
) -> PreferencesView:
    """Return the page of one person; `pause` is what was typed when it has to be typed again, `bot` whether the Daerah has one."""
    boxes = [(channel_of(choice.purpose), box(choice.wording, checked=choice.on)) for choice in found.choices]
    wishes = found.wishes
    tomorrow = now.astimezone(profile_of(found.tenant_id).tz).date() + timedelta(days=1)
    return PreferencesView(
        address=masked(found.address) or _("alamat Anda"),
        action=action,
        email_boxes=tuple(one for channel, one in boxes if channel is ChannelName.EMAIL),
        phone_boxes=tuple(one for channel, one in boxes if channel is ChannelName.WHATSAPP),
        telegram_boxes=tuple(one for channel, one in boxes if channel is ChannelName.TELEGRAM),
        telegram_href=f"{action}/telegram" if bot else "",
        topics=topics(wishes.topics),
        limits=_limits(wishes),
        languages=tuple(Option(name, LANGUAGE_NAMES[name], selected=name == wishes.language) for name in LANGUAGES),
        pause=pause if pause is not None else (wishes.paused_until.isoformat() if wishes.paused_until else ""),
        earliest_pause=tomorrow.isoformat(),
        standing=_standing(found),
        wrong=wrong,
        wrong_pause=wrong_pause,
    )


def with_typed(found: Preferences, purposes: frozenset[str], wishes: Wishes) -> Preferences:
    """Return the page's facts with what a person just typed, so that a mistake elsewhere loses none of it."""
    choices = tuple(replace(choice, on=choice.purpose in purposes) for choice in found.choices)
    return replace(found, choices=choices, wishes=wishes)


def read_date(text: str) -> date | None:
    """Return a date as a date field sends it; None for an empty one. ValueError for anything else."""
    return date.fromisoformat(text) if text else None


def _limits(wishes: Wishes) -> tuple[Option, ...]:
    usual = FrequencyCap()
    words = {
        1: _("Paling banyak seminggu sekali"),
        2: _("Paling banyak dua kali seminggu"),
    }
    return (
        Option(
            "",
            _("Seperti biasa (paling banyak {n} surat seminggu)").format(n=usual.limit),
            selected=wishes.weekly_limit not in WEEKLY_LIMITS,
        ),
        *(Option(str(n), words[n], selected=wishes.weekly_limit == n) for n in WEEKLY_LIMITS),
    )


def _standing(found: Preferences) -> tuple[str, ...]:
    lines = []
    if found.left_all:
        lines.append(_("Anda sudah berhenti dari semua. Centang lagi yang Anda inginkan, lalu simpan."))
    if found.barred:
        lines.append(
            _(
                "Alamat ini sedang tidak kami kirimi, misalnya karena surat terpental atau diadukan. Tulis ke petugas data."
            )
        )
    if found.restricted:
        lines.append(_("Pemrosesan data Anda dibatasi atas permintaan Anda. Yang dikirim hanya surat pesanan."))
    return tuple(lines)
