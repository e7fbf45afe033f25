"""Sosialisasi: what the Dinas tells registered businesses as its task, and how that stays apart from promotion.

TTS Perbup 17/2025 Ps. 6(1)c and Perwali Blitar 24/2024 Ps. 12(3) make telling and teaching the Dinas's duty; it rests on
UU 27/2022 Ps. 20(2)e and asks no consent. `permission` decides for each person; here is what such an edition may hold.
"""

import re
from collections.abc import Mapping
from typing import Final

from marketing.domain.campaign import CampaignContent, is_chat
from marketing.domain.newsletter import words_of
from marketing.domain.permission import PURPOSE_OF, REGISTERED
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.i18n import gettext as _

VARIANT: Final = "sosialisasi"
"""The variant of a newsletter that is sosialisasi; it has a list of its own (List-ID) and is left on its own."""
_ARTICLES: Final[Mapping[str, str]] = {
    "perbup_tts_17_2025": "Perbup TTS 17/2025 Ps. 6(1)c",
    "perwali_blitar_24_2024": "Perwali Blitar 24/2024 Ps. 12(3)",
}
_PRODUCT_PAGE: Final = re.compile(r"/(?:produk|promo)/", re.IGNORECASE)
_CHANNELS: Final = frozenset({ChannelName.EMAIL, ChannelName.WHATSAPP})


def purpose_of(email_type: EmailType, variant: str) -> Purpose | None:
    """Return the purpose that a message of this type and variant rests on, None for what a contract needs.

    Whatever goes to persons by WhatsApp needs their opt-in, order updates too (WhatsApp Business Messaging Policy, opt-in).
    """
    if is_chat(variant):
        return Purpose.WHATSAPP_MARKETING
    if email_type is EmailType.NEWSLETTER and variant == VARIANT:
        return Purpose.SOSIALISASI
    return PURPOSE_OF[email_type]


def task_article(regulation: str) -> str:
    """Return the article that makes telling and teaching the task of the Dinas, by the id of the Daerah's regulation."""
    return _ARTICLES.get(regulation, _("peraturan Daerah"))


def promotes(content: CampaignContent) -> bool:
    """Return whether this shows products or leads to their pages."""
    said = (content.subject, content.preheader, content.headline, content.body, *words_of(content.blocks))
    return bool(content.product_ids) or any(_PRODUCT_PAGE.search(text) for text in said)


def misfits(content: CampaignContent) -> tuple[str, ...]:
    """Return why this is no sosialisasi, as sentences for people; empty when it is."""
    found: list[str] = []
    if promotes(content):
        found.append(
            _(
                "Sosialisasi tidak memuat produk atau tautan ke halamannya. Pindahkan ke buletin atau promosi (Ps. 20(2)a)."
            )
        )
    if not set(content.audience.kinds) <= REGISTERED:
        found.append(_("Sosialisasi hanya untuk pelaku UMKM dan penyedia. Ubah pilihan penerimanya."))
    if not set(content.channels) <= _CHANNELS:
        found.append(_("Sosialisasi dikirim kepada orangnya, bukan diterbitkan. Pilih surel atau WhatsApp."))
    return tuple(found)
