"""What people type in to let an account in, on a page or at the command line, as an access; pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from marketing.channels.social import Access, SocialProvider
from marketing.channels.tiktok.client import DIRECT, FIGURES, MODE
from marketing.channels.whatsapp.cloud import WABA
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _

PRIVACIES: Final = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY")
"""Who may see a direct post; TikTok says for each account which of them it offers, and wants no default."""
_BOT: Final = re.compile(r"\d{5,20}:[\w-]{20,100}", re.ASCII)
_NAME: Final = re.compile(r"@[A-Za-z]\w{3,31}", re.ASCII)
_CHAT: Final = re.compile(r"-\d{5,20}", re.ASCII)
_NUMBER: Final = re.compile(r"\d{5,25}", re.ASCII)
_TOPIC: Final = re.compile(r"\d{0,10}", re.ASCII)
_TOKEN: Final = re.compile(r"[\x21-\x7e]{20,1000}", re.ASCII)


def telegram_access(token: str, chat: str, log_chat: str = "", topic: str = "") -> Access:
    """Return a bot's access to one chat; InvalidInputError names the field that does not fit."""
    token, chat, log_chat, topic = token.strip(), chat.strip(), log_chat.strip(), topic.strip()
    if not _BOT.fullmatch(token):
        raise InvalidInputError(
            _("Token bot berupa angka, titik dua, lalu huruf dan angka. Salin seluruhnya dari @BotFather."),
            field="token",
        )
    if not (_NAME.fullmatch(chat) or _CHAT.fullmatch(chat)):
        raise InvalidInputError(
            _("Tulis @nama saluran atau grup, atau nomornya yang dimulai dengan tanda minus."), field="saluran"
        )
    if log_chat and not _CHAT.fullmatch(log_chat):
        raise InvalidInputError(_("Nomor saluran catatan dimulai dengan tanda minus."), field="catatan")
    if not _TOPIC.fullmatch(topic):
        raise InvalidInputError(_("Nomor topik hanya terdiri dari angka."), field="topik")
    settings: dict[str, Any] = {"username": chat.removeprefix("@")} if chat.startswith("@") else {}
    settings |= ({"log_chat": log_chat} if log_chat else {}) | ({"topic": int(topic)} if int(topic or 0) else {})
    return Access(SocialProvider.TELEGRAM, chat, chat, token, settings=settings)


def whatsapp_access(token: str, number: str, business: str) -> Access:
    """Return the access to a number at WhatsApp's Cloud API; InvalidInputError names the field that does not fit."""
    token, number, business = token.strip(), number.strip(), business.strip()
    for field, given in (("nomor", number), ("bisnis", business)):
        if not _NUMBER.fullmatch(given):
            raise InvalidInputError(
                _("Nomor pengenal hanya terdiri dari angka. Salin dari WhatsApp Manager, bukan nomor teleponnya."),
                field=field,
            )
    if not _TOKEN.fullmatch(token):
        raise InvalidInputError(_("Salin seluruh izin (access token) pengguna sistem, tanpa spasi."), field="token")
    return Access(SocialProvider.WHATSAPP_CLOUD, number, number, token, settings={WABA: business})


def tiktok_settings(privacy: str = "", *, comments: bool = False, figures: bool = False) -> Mapping[str, Any]:
    """Return how an account posts: into the inbox, or directly for those who may see it."""
    if privacy and privacy not in PRIVACIES:
        raise InvalidInputError(_("Pilih siapa yang dapat melihat kiriman."), field="lihat")
    direct = {MODE: DIRECT, "privacy": privacy, "comments": comments} if privacy else {}
    return {**direct, **({FIGURES: True} if figures else {})}
