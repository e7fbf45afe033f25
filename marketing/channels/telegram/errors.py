"""What Telegram's refusals mean; pure.

Telegram has no codes but the status and an English sentence, so words are looked for. Sources, read 22 Nov 2026:
core.telegram.org/bots/api#making-requests (ok, error_code, description, parameters), #responseparameters, #sendphoto,
#deletemessage, #editmessagecaption, core.telegram.org/api/errors.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from marketing.channels.errors import ChannelError, PermanentError, ReconnectError, TemporaryError
from marketing.domain.text import cut, one_line
from marketing.i18n import N_
from marketing.i18n import gettext as _

SOON: Final = timedelta(minutes=1)
_QUOTED: Final = 160
_TOKEN: Final = N_(
    "Telegram tidak mengenal token bot ini. Buat token baru di @BotFather, lalu hubungkan ulang akunnya."
)
_OUTSIDE: Final = N_(
    "Bot dikeluarkan dari saluran atau grup ini. Jadikan bot administrator lagi, lalu hubungkan ulang akunnya."
)
_MOVED: Final = N_("Grup ini sudah menjadi supergrup. Hubungkan ulang dengan nomor barunya: {number}.")
_REFUSED: Final = N_("Telegram menolak permintaan ini ({words}). Laporkan kepada operator.")

_RECONNECT: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            "not enough rights",
            "have no rights",
            "need administrator rights",
            "chat_admin_required",
            "chat_write_forbidden",
        ),
        N_(
            "Bot tidak punya hak untuk menulis di sana. Beri hak “Kirim pesan” dan “Hapus pesan”, lalu hubungkan ulang akunnya."
        ),
    ),
    **dict.fromkeys(
        ("chat not found", "peer_id_invalid"),
        N_(
            "Telegram tidak menemukan saluran atau grup ini. Periksa namanya, masukkan bot, lalu hubungkan ulang akunnya."
        ),
    ),
    **dict.fromkeys(
        ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid"),
        N_("Topik grup ini ditutup atau sudah tidak ada. Hubungkan ulang akunnya dengan topik lain."),
    ),
}
_FAIL: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("caption is too long", "message is too long", "media_caption_too_long"),
        N_("Teksnya terlalu panjang bagi Telegram. Persingkat, lalu buat kampanyenya lagi."),
    ),
    **dict.fromkeys(
        (
            "photo_invalid_dimensions",
            "image_process_failed",
            "photo_save_file_invalid",
            "photo_ext_invalid",
            "entity too large",
            "file is too big",
        ),
        N_(
            "Telegram menolak fotonya: paling besar 10 MB, dan tidak terlalu panjang atau sempit. Ganti foto produknya."
        ),
    ),
    **dict.fromkeys(
        ("button_url_invalid", "wrong http url", "inline keyboard button url"),
        N_("Telegram menolak alamat tombolnya. Pastikan alamat publik Siar (SIAR_PUBLIC_URL) dimulai dengan https://."),
    ),
}
_LEFT: Final = (
    "blocked by the user",
    "user is deactivated",
    "initiate conversation",
    "bots can't send messages to bots",
)


class LostError(Exception):
    """The call may have been done; the answer did not come."""


class GoneError(PermanentError):
    """This person cannot be written to any more: they blocked the bot, closed their account, or never began the chat."""


def meaning(error: TelegramError) -> ChannelError | LostError:
    """Return what an error of the library means: wait, connect again, leave the person alone, give up; or that nobody knows."""
    said = str(error).lower()
    match error:
        case RetryAfter():
            return TemporaryError("telegram_429", _wait(error))
        case InvalidToken() | EndPointNotFound():  # the library calls it that where a method is asked for by its name
            return ReconnectError(_(_TOKEN))
        case ChatMigrated():
            return ReconnectError(_(_MOVED).format(number=error.new_chat_id))
        case Forbidden():
            if any(words in said for words in _LEFT):
                return GoneError("telegram_blocked")
            return ReconnectError(_(_OUTSIDE))
        case Conflict():
            return TemporaryError("telegram_conflict", SOON)
        case BadRequest():
            return _bad_request(said)
        case NetworkError() if isinstance(
            error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
        ):
            return TemporaryError("unreachable", SOON)
        case NetworkError() if "entity too large" in said:
            return _bad_request(said)
        case _:
            return LostError(type(error).__name__)


def _bad_request(said: str) -> ChannelError:
    for words, text in _RECONNECT.items():
        if words in said:
            return ReconnectError(_(text))
    for words, text in _FAIL.items():
        if words in said:
            return PermanentError(_(text))
    return PermanentError(_(_REFUSED).format(words=cut(one_line(said.removeprefix("bad request: ")), _QUOTED)))


def _wait(error: RetryAfter) -> timedelta:
    wait = error.retry_after  # seconds today, a timedelta one day (python-telegram-bot 22.2)
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
