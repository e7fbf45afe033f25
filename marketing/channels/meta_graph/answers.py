"""What an answer of the Graph API means: its error codes and the headers that say how much of a limit is used; pure.

Sources, read 22 Nov 2026: developers.facebook.com graph-api/guides/error-handling, graph-api/overview/rate-limiting and
instagram-platform/instagram-graph-api/reference/error-codes.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from marketing.channels.errors import ChannelError, PermanentError, ReconnectError, TemporaryError
from marketing.i18n import N_
from marketing.i18n import gettext as _

THROTTLED: Final = frozenset({4, 17, 32, 341, 613, 80014, *range(80000, 80010)})
TOKEN: Final = frozenset({102, 190})
RIGHTS: Final = frozenset({3, 10, *range(200, 300)})
SERVER: Final = frozenset({-1, 1, 2})
BLOCKED: Final = 368
DUPLICATE: Final = frozenset({506, 1366051})
LINK: Final = frozenset({1609005, 1609008})
MISSING: Final = (100, 33)
SOON: Final = timedelta(minutes=1)
AFTER_THROTTLE: Final = timedelta(hours=1)
"""When Meta does not say how long: its windows are an hour long."""
AFTER_BLOCK: Final = timedelta(hours=6)
AFTER_QUOTA: Final = timedelta(hours=1)
"""The window of Instagram's daily number rolls; a place may be free after any hour."""
NEARLY_ALL: Final = 90
"""Percent of a limit from which on nothing new is begun."""
MUCH: Final = 60
"""Percent from which on no figures are asked for: what is left belongs to the posts."""
PAUSE: Final = timedelta(minutes=5)
PARAMETER: Final = 100

_PUBLISHING_RIGHT: Final = 1404078
_SPAM: Final = 2207051
_SUBCODES_WAIT: Final[Mapping[int, timedelta]] = {
    2207042: AFTER_QUOTA,
    _SPAM: AFTER_BLOCK,
    2207001: timedelta(minutes=5),
    2207003: timedelta(minutes=5),  # it took Meta too long to fetch the picture
    2207032: timedelta(minutes=5),
    2207082: timedelta(minutes=5),
    2207027: SOON,  # not ready to be published
    2207008: SOON,  # the container is gone: the next try makes another
    2207020: SOON,
    2207006: SOON,
}
_PICTURE: Final[Mapping[int, str]] = {
    2207004: N_("Instagram menolak gambar yang lebih besar dari 8 MB. Pakai foto yang lebih kecil."),
    2207005: N_("Instagram hanya menerima gambar JPEG. Unggah ulang fotonya."),
    2207009: N_("Instagram menolak perbandingan sisi gambarnya. Pakai foto antara 4:5 dan 1,91:1."),
    2207010: N_("Instagram menolak teksnya karena terlalu panjang. Persingkat teks, tagar atau sebutannya."),
    2207028: N_("Instagram menolak jumlah gambarnya. Pakai 2 sampai 10 gambar dalam satu kiriman."),
    2207052: N_(
        "Instagram tidak dapat mengambil gambarnya. Pastikan alamat publik Siar (SIAR_PUBLIC_URL) terbuka dari internet lewat https."
    ),
    1366046: N_("Facebook menolak gambarnya: harus JPEG atau PNG dan lebih kecil dari 4 MB."),
}
_PICTURE_CODES: Final[Mapping[int, int]] = {9004: 2207052, 36003: 2207009, 36000: 2207004, 36001: 2207005}


class LostError(Exception):
    """The call may have been done; nothing certain came back."""


class MissingError(PermanentError):
    """There is no such thing, or we may not see it."""


class DuplicateError(PermanentError):
    """Meta took it for what was posted before: it may stand already."""


class ParameterError(PermanentError):
    """Something that was asked for does not exist, or not any more (a metric that Meta has given up)."""


class RightsError(ReconnectError):
    """The account lets us in, but not for this."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of the fullest limit is used, in percent, and how long a spent one stays shut."""

    percent: float = 0
    shut_for: timedelta = timedelta(0)

    @property
    def rest(self) -> timedelta:
        """How long nothing new should be begun."""
        return max(self.shut_for, PAUSE if self.percent >= NEARLY_ALL else timedelta(0))

    @property
    def figures_rest(self) -> timedelta:
        """How long no figures should be asked for."""
        return max(self.shut_for, 2 * PAUSE if self.percent >= MUCH else timedelta(0))


def usage_of(headers: Mapping[str, str]) -> Usage:
    """Read `x-app-usage`, `x-page-usage` and `x-business-use-case-usage`; what cannot be read says nothing."""
    records = [*_records(headers.get("x-app-usage", "")), *_records(headers.get("x-page-usage", ""))]
    for group in _records(headers.get("x-business-use-case-usage", "")):
        records += [record for listed in group.values() if isinstance(listed, list) for record in listed]
    known = [record for record in records if isinstance(record, dict)]
    percent = max((_number(record, name) for record in known for name in _SHARES), default=0.0)
    minutes = max((_number(record, "estimated_time_to_regain_access") for record in known), default=0.0)
    return Usage(percent, timedelta(minutes=min(minutes, 24 * 60)))


def asked_wait(headers: Mapping[str, str]) -> timedelta:
    """Return how long a gateway's 429 asks to wait in `Retry-After`, an hour where it does not say (RFC 9110, 10.2.3)."""
    seconds = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return timedelta(seconds=min(int(seconds), 86_400)) if seconds.isdecimal() else AFTER_THROTTLE


def refusal(error: Mapping[str, Any], status: int, usage: Usage) -> ChannelError | LostError:
    """Return what an error object of the Graph API means; LostError when it does not say that nothing was done."""
    code, subcode = int(_number(error, "code")), int(_number(error, "error_subcode"))
    for known, meaning in _MEANINGS:
        if known(code, subcode):
            return meaning(code, subcode, usage)
    if code in SERVER or error.get("is_transient") is True or status >= 500:  # noqa: PLR2004  HTTP's server errors
        return LostError(_name(code, subcode))
    reason = _("Meta menolak permintaan ini ({code}). Periksa isi kirimannya, lalu coba lagi.")
    kind = ParameterError if code == PARAMETER else PermanentError
    return kind(reason.format(code=_name(code, subcode)))


def container_fault(status: str) -> int:
    """Return the subcode in a container's `status` ("Error: … error code 2207003"), 0 when it names none."""
    numbers = [word for word in status.replace(".", " ").split() if word.isdecimal() and len(word) == len("2207003")]
    return int(numbers[-1]) if numbers else 0


def _token(code: int, subcode: int, _usage: Usage) -> ChannelError:
    text = {
        458: N_("Izin Siar dicabut di Facebook. Hubungkan ulang akunnya."),
        459: N_("Facebook meminta pemilik akun masuk dan menjawab pemeriksaannya, lalu hubungkan ulang akunnya."),
        460: N_("Sandi akunnya diganti. Hubungkan ulang akunnya."),
        463: N_("Izin akunnya sudah habis masanya. Hubungkan ulang akunnya."),
        464: N_("Facebook meminta pemilik akun masuk dan menjawab pemeriksaannya, lalu hubungkan ulang akunnya."),
        492: N_("Pemberi izin bukan lagi pengelola Halaman ini. Hubungkan ulang lewat pengelola yang sekarang."),
    }.get(subcode, N_("Meta tidak lagi menerima izin akun ini. Hubungkan ulang akunnya."))
    return ReconnectError(f"{_(text)} ({_name(code, subcode)})")


def _rights(code: int, subcode: int, _usage: Usage) -> ChannelError:
    text = N_("Izin akun ini tidak memuat hak untuk langkah ini. Hubungkan ulang dan setujui semua izin yang diminta.")
    if subcode == _PUBLISHING_RIGHT:
        text = N_(
            "Halaman ini harus menyelesaikan Otorisasi Penayangan Halaman di Facebook. Setelah itu hubungkan ulang."
        )
    return RightsError(f"{_(text)} ({_name(code, subcode)})")


def _restricted(code: int, subcode: int, _usage: Usage) -> ChannelError:
    text = _("Akun Instagram ini dibatasi. Masuk ke aplikasi Instagram, ikuti petunjuknya, lalu hubungkan ulang.")
    return ReconnectError(f"{text} ({_name(code, subcode)})")


def _blocked(code: int, subcode: int, _usage: Usage) -> ChannelError:
    text = _(
        "Meta memblokir sementara akun ini karena aturannya; dicoba lagi setelah beberapa jam. Periksa pesan Meta."
    )
    return TemporaryError(f"{text} ({_name(code, subcode)})", AFTER_BLOCK)


def _throttled(code: int, subcode: int, usage: Usage) -> ChannelError:
    return TemporaryError(_name(code, subcode), usage.shut_for or AFTER_THROTTLE)


def _later(code: int, subcode: int, _usage: Usage) -> ChannelError:
    return TemporaryError(_name(code, subcode), _SUBCODES_WAIT[subcode])


def _duplicate(code: int, subcode: int, _usage: Usage) -> ChannelError:
    text = _(
        "Facebook menganggap kiriman ini sama dengan yang sudah tayang. Periksa akunnya, lalu ubah teksnya bila perlu."
    )
    return DuplicateError(f"{text} ({_name(code, subcode)})")


def _bad_link(code: int, subcode: int, _usage: Usage) -> ChannelError:
    text = _(
        "Facebook tidak dapat membuka tautan kiriman ini. Pastikan alamatnya terbuka dari internet, lalu coba lagi."
    )
    return PermanentError(f"{text} ({_name(code, subcode)})")


def _picture(code: int, subcode: int, _usage: Usage) -> ChannelError:
    text = _PICTURE[subcode if subcode in _PICTURE else _PICTURE_CODES[code]]
    return PermanentError(f"{_(text)} ({_name(code, subcode)})")


def _missing(code: int, subcode: int, _usage: Usage) -> ChannelError:
    return MissingError(_name(code, subcode))


_Meaning = Callable[[int, int, Usage], ChannelError]
_MEANINGS: Final[tuple[tuple[Callable[[int, int], bool], _Meaning], ...]] = (
    (lambda code, _subcode: code in TOKEN, _token),
    (lambda _code, subcode: subcode == 2207050, _restricted),  # noqa: PLR2004  Meta's subcode
    (lambda _code, subcode: subcode in _SUBCODES_WAIT, _later),
    (lambda code, _subcode: code == BLOCKED, _blocked),
    (lambda code, _subcode: code in THROTTLED, _throttled),
    (lambda code, subcode: bool({code, subcode} & DUPLICATE), _duplicate),
    (lambda code, subcode: bool({code, subcode} & LINK), _bad_link),
    (lambda code, subcode: subcode in _PICTURE or code in _PICTURE_CODES, _picture),
    (lambda code, subcode: code in RIGHTS or subcode == _PUBLISHING_RIGHT, _rights),
    (lambda code, subcode: (code, subcode) == MISSING, _missing),
)
_SHARES: Final = ("call_count", "total_time", "total_cputime")


def _name(code: int, subcode: int) -> str:
    return f"meta_{code}_{subcode}" if subcode else f"meta_{code}"


def _records(text: str) -> Iterator[dict[str, Any]]:
    try:
        found = json.loads(text or "null")
    except ValueError:
        return
    if isinstance(found, dict):
        yield found


def _number(record: Mapping[str, Any], name: str) -> float:
    value = record.get(name)
    return float(value) if isinstance(value, int | float) and abs(value) < 1e9 else 0.0  # noqa: PLR2004  no code is longer
