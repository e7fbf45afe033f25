"""What the codes of social channels mean, once for all of them: what follows by itself, and the sentence that people read.

Adapters say most refusals as sentences already; what they keep as a code is what passes or is looked up without anybody's help.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.i18n import N_
from marketing.i18n import gettext as _


class Then(StrEnum):
    """What follows a fault by itself, before any person does anything."""

    RETRY = "retry"
    PAUSE = "pause"  # tried again too, but only when a limit opens: hours, or a person's hand
    LOOK = "look"  # looked up, never repeated blindly
    REFRESH = "refresh"  # only a person can let the account in again
    SUPPRESS = "suppress"  # this person is not written to any more
    FAIL = "fail"


_LOST: Final = N_("Jawaban kanal hilang di jalan ({code}). Siar memeriksa dahulu dan tidak mengirim dua kali.")
_WAIT: Final = N_("{provider} meminta menunggu ({code}). Siar mencoba lagi sendiri.")
_CODES: Final[Mapping[str, tuple[Then, str]]] = {
    "pace": (Then.RETRY, N_("Batas kirim kanal ini sedang penuh. Siar mengirim lagi sendiri.")),
    "unreachable": (
        Then.RETRY,
        N_("Kanal tidak dapat dihubungi. Siar mencoba lagi sendiri; bila lama, periksa sambungan internet server."),
    ),
    "broker_away": (
        Then.RETRY,
        N_("Antrean kerja tidak menjawab. Siar mencoba lagi sendiri; operator perlu memeriksa Redis."),
    ),
    "token_busy": (Then.RETRY, N_("Izin akun sedang diperbarui. Siar mencoba lagi sebentar lagi.")),
    "paused": (Then.PAUSE, N_("Akun ini dijeda petugas. Kiriman menunggu sampai dilanjutkan di Kanal.")),
    "meta_usage": (Then.PAUSE, N_("Jatah pemakaian Meta hampir habis. Siar menunggu sampai dibuka lagi.")),
    "meta_429": (Then.RETRY, N_("Meta meminta menunggu. Siar mencoba lagi sendiri.")),
    "meta_no_token": (Then.RETRY, N_("Meta tidak memberi izin baru. Siar mencoba lagi sendiri.")),
    "meta_100_33": (
        Then.FAIL,
        N_("Meta tidak menemukan yang diminta, atau akun ini tidak boleh melihatnya. Periksa akunnya di Facebook."),
    ),
    "wa_resting": (
        Then.PAUSE,
        N_("Nomor WhatsApp ini sedang beristirahat atas permintaan Meta. Siar mencoba lagi sendiri."),
    ),
    "facebook_no_id": (Then.RETRY, N_("Facebook menjawab tanpa nomor. Siar memeriksa lalu mencoba lagi sendiri.")),
    "instagram_no_id": (Then.RETRY, N_("Instagram menjawab tanpa nomor. Siar memeriksa lalu mencoba lagi sendiri.")),
    "instagram_quota": (
        Then.PAUSE,
        N_("Batas kiriman Instagram dalam 24 jam sudah tercapai. Siar mengirim lagi setelah ada tempat."),
    ),
    "instagram_container_unread": (
        Then.LOOK,
        N_("Instagram belum mau menunjukkan keadaan kiriman ini. Siar bertanya lagi dan tidak mengirim dua kali."),
    ),
    "instagram_not_seen": (
        Then.LOOK,
        N_(
            "Instagram menyatakan kiriman sudah terbit, tetapi belum terlihat. Siar bertanya lagi; bila lama, periksa akunnya."
        ),
    ),
    "facebook_too_many_posts": (
        Then.LOOK,
        N_("Terlalu banyak kiriman baru di Halaman untuk diperiksa sendiri. Lihat Halaman itu, lalu tandai hasilnya."),
    ),
    "facebook_changed_words": (
        Then.LOOK,
        N_("Ada kiriman dengan tautan yang sama tetapi teks lain. Lihat Halaman itu, lalu tandai hasilnya."),
    ),
    "facebook_duplicate": (
        Then.LOOK,
        N_("Facebook menyebut kiriman ini sudah ada, tetapi tidak terlihat. Lihat Halaman itu, lalu tandai hasilnya."),
    ),
    "telegram_429": (Then.RETRY, N_("Telegram meminta menunggu. Siar mencoba lagi sendiri.")),
    "telegram_conflict": (
        Then.RETRY,
        N_("Program lain sedang membaca bot Telegram ini. Matikan program itu; Siar mencoba lagi sendiri."),
    ),
    "telegram_blocked": (Then.SUPPRESS, N_("Orang ini memblokir bot atau menutup akunnya. Ia tidak dikirimi lagi.")),
    "telegram_cannot_tell": (
        Then.LOOK,
        N_("Jawaban Telegram hilang dan tidak dapat diperiksa sendiri. Buka salurannya, lalu tandai hasilnya."),
    ),
    "tiktok_cannot_tell": (
        Then.LOOK,
        N_(
            "Jawaban TikTok hilang dan tidak dapat diperiksa sendiri. Buka aplikasi TikTok Dinas, lalu tandai hasilnya."
        ),
    ),
    "tiktok_no_number": (
        Then.LOOK,
        N_("TikTok menjawab tanpa nomor kiriman. Buka aplikasi TikTok Dinas, lalu tandai hasilnya."),
    ),
    "unreadable": (Then.LOOK, _LOST),
}
_PROVIDERS: Final = {
    "meta": "Meta",
    "tiktok": "TikTok",
    "telegram": "Telegram",
    "facebook": "Facebook",
    "instagram": "Instagram",
}
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(?:_-?[a-z0-9]+)*|[A-Z][A-Za-z]+(?:Error|Out|Timeout)")
_LOST_CODES: Final = re.compile(
    r"http_\d+|meta_(?:-1|[12])(?:_\d+)?|tiktok_(?:internal_error|5\d\d|200)|[A-Z][A-Za-z]+(?:Error|Out|Timeout)"
)


def words_of(reason: str) -> str:
    """Return a reason as people read it; one that is a sentence already stays as it is."""
    if not _CODE.fullmatch(reason):
        return reason
    if reason in _CODES:
        return _(_CODES[reason][1]).format(code=reason)
    if _LOST_CODES.fullmatch(reason):
        return _(_LOST).format(code=reason)
    provider = _PROVIDERS.get(reason.partition("_")[0])
    if provider is not None:
        return _(_WAIT).format(provider=provider, code=reason)
    return _("Kanal menjawab dengan kode {code}. Laporkan kepada operator bila tidak berubah dalam sehari.").format(
        code=reason
    )


def follows(error: Exception) -> Then:
    """Return what follows an adapter's error by itself; whatever is no ChannelError may have taken effect and is looked up."""
    code = str(error)
    if code in _CODES:
        return _CODES[code][0]
    match error:
        case ReconnectError():
            return Then.REFRESH
        case PermanentError():
            return Then.FAIL
        case TemporaryError(retry_after=wait):
            return Then.PAUSE if wait.total_seconds() >= 3600 else Then.RETRY  # noqa: PLR2004  an hour: a limit, no hiccup
    return Then.LOOK
