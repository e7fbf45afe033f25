"""What TikTok's codes mean; pure.

Source: developers.tiktok.com tiktok-api-v2-error-handling, content-posting-api-reference-photo-post, -query-creator-info,
-get-video-status, oauth-error-handling, read 22 Nov 2026. The code speaks before the status: creator_info says "no" with 200.
"""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from marketing.channels.errors import ChannelError, PermanentError, ReconnectError, TemporaryError
from marketing.domain.text import cut, one_line
from marketing.i18n import N_
from marketing.i18n import gettext as _

MINUTE: Final = timedelta(minutes=1)
SOON: Final = timedelta(minutes=5)
HOUR: Final = timedelta(hours=1)
_QUOTED: Final = 160
_OK: Final = "ok"
_UNKNOWN_PUBLISH: Final = frozenset({"invalid_publish_id", "token_not_authorized_for_specified_publish_id"})
_BY_STATUS: Final[Mapping[int, str]] = {  # a gateway in front of the API answers without a code
    HTTPStatus.UNAUTHORIZED: "access_token_invalid",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_exceeded",
}

_SCOPES: Final = ("scope_not_authorized", "scope_permission_missed")
_RECONNECT: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("access_token_invalid", "access_token_expired", "invalid_grant", "access_denied"),
        N_("Izin akun TikTok sudah berakhir atau dicabut. Hubungkan ulang akunnya."),
    ),
    **dict.fromkeys(
        _SCOPES,
        N_("Akun TikTok belum memberi semua izin yang diminta. Hubungkan ulang dan setujui semuanya."),
    ),
    "unaudited_client_can_only_post_to_private_accounts": N_(
        "Aplikasi belum diaudit TikTok, jadi tidak boleh memposting langsung. Hubungkan ulang akun dengan cara Kotak Masuk."
    ),
    "privacy_level_option_mismatch": N_(
        "Pilihan siapa yang dapat melihat tidak ditawarkan TikTok untuk akun ini. Hubungkan ulang akun dan pilih yang lain."
    ),
}
_LATER: Final[Mapping[str, tuple[timedelta, str]]] = {
    "rate_limit_exceeded": (MINUTE, ""),  # all limits of the API are counted by the minute
    "spam_risk_too_many_posts": (
        timedelta(hours=6),  # some 15 posts in 24 hours, the phone and other apps included
        N_("Akun TikTok ini sudah mencapai batas kiriman dalam 24 jam; kiriman menunggu."),
    ),
    "spam_risk_too_many_pending_share": (
        HOUR,
        N_("Lima draf menunggu di Kotak Masuk TikTok. Selesaikan di aplikasi TikTok; kiriman ini menunggu."),
    ),
    "reached_active_user_cap": (timedelta(hours=6), ""),
    # ours, not this post's: the operator corrects the registration, and what waits goes out then
    **dict.fromkeys(
        ("invalid_client", "unauthorized_client"),
        (HOUR, N_("Kunci aplikasi TikTok ditolak. Operator perlu memeriksa SIAR_TIKTOK_CLIENT_KEY dan rahasianya.")),
    ),
    "server_error": (SOON, ""),
    "temporarily_unavailable": (SOON, ""),
}
_REFUSED: Final[Mapping[str, str]] = {
    "spam_risk_user_banned_from_posting": N_(
        "TikTok melarang akun ini memposting. Buka aplikasi TikTok akun Dinas dan baca pemberitahuannya."
    ),
    "spam_risk_text": N_("TikTok menganggap teks ini spam. Ubah kata-kata dan tagarnya, lalu buat kampanye lagi."),
    "spam_risk": N_("TikTok menganggap kiriman ini berisiko. Jangan diulang; periksa akun di aplikasi TikTok."),
    "url_ownership_unverified": N_(
        "Alamat gambar kita belum diverifikasi di TikTok for Developers. Ikuti docs/channels/tiktok.md, bagian Domain."
    ),
    "app_version_check_failed": N_("Aplikasi TikTok di ponsel Dinas terlalu lama. Perbarui, lalu buat kampanye lagi."),
}
_FAILED: Final[Mapping[str, str]] = {
    **_REFUSED,
    "picture_size_check_failed": N_("Ukuran gambar tidak diterima TikTok. Ganti foto produknya."),
    "file_format_check_failed": N_("Format gambar tidak diterima TikTok; harus JPEG atau WebP. Ganti foto produknya."),
    **dict.fromkeys(
        ("photo_pull_failed", "video_pull_failed"),
        N_(
            "TikTok tidak dapat mengambil gambar dari situs kita. Periksa bahwa situs dapat dibuka dari internet, lalu kirim lagi."
        ),
    ),
    "internal": N_("TikTok sedang terganggu dan tidak memproses kiriman ini. Kirim lagi nanti."),
    "auth_removed": N_("Izin akun dicabut saat kiriman diproses. Hubungkan ulang akun TikTok, lalu kirim lagi."),
    "publish_cancelled": N_("Kiriman dibatalkan di TikTok sebelum selesai."),
    "spam_risk_too_many_posts": N_("Akun ini sudah mencapai batas kiriman TikTok dalam 24 jam. Kirim lagi besok."),
    "spam_risk_too_many_pending_share": N_(
        "Terlalu banyak draf menunggu di Kotak Masuk TikTok. Selesaikan dahulu di aplikasi, lalu kirim lagi."
    ),
}


class ScopeError(ReconnectError):
    """The account lets us in, but not for this."""


class UnknownPublishError(PermanentError):
    """TikTok does not know this number of a post, or not as this account's."""


class UnclearError(Exception):
    """TikTok had a fault of its own: the call may have taken effect. The text is a code."""


def refusal(code: str, message: str, status: int, *secrets: str) -> ChannelError | UnclearError | None:
    """Return what an answer's code means, None for a good one; no secret that TikTok may echo is repeated."""
    if code == _OK:
        return None
    code = code or _BY_STATUS.get(status, "")
    if code in _RECONNECT:
        closed = ScopeError if code in _SCOPES else ReconnectError
        return closed(_(_RECONNECT[code]))
    if code in _LATER:
        wait, words = _LATER[code]
        return TemporaryError(_(words) if words else f"tiktok_{code}", wait)
    if code in _REFUSED:
        return PermanentError(_(_REFUSED[code]))
    if code == "internal_error" or status >= HTTPStatus.INTERNAL_SERVER_ERROR or (not code and status == HTTPStatus.OK):
        return UnclearError(f"tiktok_{code or status}")
    words = _quoted(f"{code} {message}", secrets) or str(int(status))
    kind = UnknownPublishError if code in _UNKNOWN_PUBLISH else PermanentError
    return kind(_("TikTok menolak permintaan ini ({words}). Laporkan kepada operator.").format(words=words))


def failure(reason: str) -> str:
    """Return what became of a post that TikTok took and then did not publish, with what to do."""
    if reason in _FAILED:
        return _(_FAILED[reason])
    return _("TikTok tidak menerbitkan kiriman ini ({words}). Periksa akun di aplikasi TikTok.").format(
        words=_quoted(reason, ()) or "?"
    )


def _quoted(words: str, secrets: tuple[str, ...]) -> str:
    text = one_line(words)
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    return cut(text, _QUOTED)
