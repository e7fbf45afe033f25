"""What an error code of WhatsApp's Cloud API asks for, the same in an answer and in a webhook; pure.

Sources, read 22 Nov 2026: developers.facebook.com …/whatsapp/support/error-codes, …/messaging-limits, …/throughput,
…/templates/marketing-templates (limits per user), and the error classes of pywa 4.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from marketing.channels.base import Deferred, Failed, InDoubt, SendOutcome
from marketing.domain.whatsapp_message import FaultAction
from marketing.i18n import N_
from marketing.i18n import gettext as _

MOMENT: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(hours=24)
CERTAIN_FROM: Final = 100_000
"""WhatsApp's own codes say what became of the message; the Graph API's low ones (1, 2) and bare 5xx do not."""
_SERVER: Final = frozenset({1, 2})
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_RIGHTS: Final = frozenset({3, 10, 131005, *range(200, 300)})
_RETRY: Final[Mapping[int, timedelta]] = {
    4: HOUR,
    17: HOUR,
    613: HOUR,
    80007: HOUR,  # the business account's own rate: its window is an hour
    130429: timedelta(seconds=10),  # throughput of the number
    131056: MOMENT,  # one message in six seconds to the same person
    131000: timedelta(minutes=5),
    131016: timedelta(minutes=5),
    131057: timedelta(minutes=15),  # the number is being upgraded
    133004: timedelta(minutes=5),
    135000: timedelta(minutes=5),
    131048: DAY,  # restricted because people blocked or reported us; counted per number
    131064: DAY,
    368: timedelta(hours=6),
}
WHOLE_NUMBER: Final = frozenset({4, 17, 613, 80007, 130429, 131016, 131048, 131057, 131064, 133004, 368})
"""What holds for every message of the number: the next would be told the same."""
_LATER: Final = frozenset({131049, 130472})
_ACCOUNT: Final = frozenset({131031, 131037, 131042, 131044, 131045, 131063, 133010})
_TEMPLATE: Final = frozenset({132001, 132007, 132015, 132016, 132068, 132069})
"""No person can get this template now; the faults of one message's words (132000, 132005, 132012 …) fail that message."""

_SAYS: Final[Mapping[int, str]] = {
    131031: N_("Meta mengunci akun WhatsApp ini. Buka Meta Business Suite, ikuti petunjuknya, lalu lanjutkan akunnya."),
    131037: N_("Nama tampilan nomor ini belum disetujui Meta. Setelah disetujui, lanjutkan akunnya."),
    131042: N_("Pembayaran akun WhatsApp bermasalah. Perbaiki cara bayar di Meta Business Suite, lalu lanjutkan akunnya."),
    131044: N_("Pembayaran akun WhatsApp bermasalah. Perbaiki cara bayar di Meta Business Suite, lalu lanjutkan akunnya."),
    131045: N_("Nomor ini belum terdaftar dengan benar di WhatsApp. Daftarkan ulang nomornya, lalu lanjutkan akunnya."),
    133010: N_("Nomor ini belum terdaftar di WhatsApp Cloud API. Daftarkan nomornya, lalu lanjutkan akunnya."),
    131063: N_(
        "Templat pemasaran dimatikan untuk nomor ini di Meta. Nyalakan kembali di WhatsApp Manager, lalu lanjutkan akunnya."
    ),
    131026: N_("Nomor ini tidak dapat menerima pesan WhatsApp."),
    131050: N_("Orang ini menghentikan pesan promosi dari kita di WhatsApp."),
    131049: N_("WhatsApp membatasi pesan promosi untuk orang ini; dicoba lagi paling cepat sehari kemudian."),
    130472: N_("WhatsApp sedang tidak meneruskan pesan promosi kepada orang ini; dicoba lagi paling cepat sehari kemudian."),
    131047: N_("Sudah lebih dari 24 jam sejak orang ini menulis; hanya templat yang boleh dikirim."),
    131048: N_("WhatsApp membatasi nomor ini karena banyak penerima memblokir atau melaporkannya."),
    132000: N_("Jumlah isian tidak sama dengan templatnya. Samakan templatnya, lalu kirim lagi."),
    132001: N_("Templat ini tidak ada atau belum disetujui dalam bahasa itu."),
    132005: N_("Isi templat menjadi terlalu panjang. Persingkat isiannya."),
    132007: N_("Isi templat melanggar kebijakan WhatsApp."),
    132012: N_("Bentuk isian tidak cocok dengan templatnya."),
    132015: N_("WhatsApp menjeda templat ini karena banyak penerima tidak menyukainya."),
    132016: N_("WhatsApp menonaktifkan templat ini selamanya karena banyak penerima tidak menyukainya."),
}  # fmt: skip
_TOKEN_SAYS: Final = N_("Meta tidak lagi menerima izin nomor ini. Hubungkan ulang nomornya dengan izin baru.")
_RIGHTS_SAYS: Final = N_(
    "Izin nomor ini tidak memuat hak mengirim. Buat izin baru dengan whatsapp_business_messaging, lalu hubungkan ulang."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as WhatsApp tells it; `code` 0 with a status means an answer without an error object."""

    code: int
    status: int = 0
    retry_after: timedelta | None = None

    @property
    def reason(self) -> str:
        """Our code for it."""
        return f"wa_{self.code}" if self.code else f"wa_http_{self.status}"


def action_of(code: int) -> FaultAction:
    """Return what a code asks for; an unknown one fails its message, as nothing says that a repeat would help."""
    if code in {0, 102, 190} or code in _RIGHTS:
        return FaultAction.RECONNECT
    if code == 131026:  # noqa: PLR2004  Meta's code
        return FaultAction.UNREACHABLE
    if code == 131050:  # noqa: PLR2004  Meta's code
        return FaultAction.OPTED_OUT
    for known, action in (
        (_LATER, FaultAction.LATER),
        (_ACCOUNT, FaultAction.ACCOUNT),
        (_TEMPLATE, FaultAction.TEMPLATE),
        (_RETRY, FaultAction.RETRY),
        (_SERVER, FaultAction.RETRY),
    ):
        if code in known:
            return action
    return FaultAction.FAIL


def wait_of(fault: Fault) -> timedelta:
    """Return how long to leave be what met this fault: WhatsApp's own word, or what its documentation asks for."""
    if action_of(fault.code) is FaultAction.LATER:
        return DAY
    return fault.retry_after or _RETRY.get(fault.code, MOMENT)


def sentence(code: int) -> str:
    """Return what it means and what to do, without anything of the message."""
    if code in _RIGHTS:
        return f"{_(_RIGHTS_SAYS)} (wa_{code})"
    if action_of(code) is FaultAction.RECONNECT:
        return f"{_(_TOKEN_SAYS)} (wa_{code})"
    says = _SAYS.get(code)
    return f"{_(says)} (wa_{code})" if says else _("WhatsApp menolak pesan ini (wa_{code}).").format(code=code)


def is_certain(fault: Fault) -> bool:
    """Return whether the answer says that the message did not go."""
    if fault.code in _SERVER or (fault.code < CERTAIN_FROM and fault.status >= _SERVER_ERROR):
        return False
    return bool(fault.code) or fault.status < _SERVER_ERROR


def outcome_of(key: str, fault: Fault) -> SendOutcome:
    """Return what becomes of one message whose sending was answered with this fault."""
    if not is_certain(fault):
        return InDoubt(key, fault.reason)
    if not fault.code:  # refused by something before the API: a proxy, a limit of the edge
        if fault.status == _TOO_MANY:
            return Deferred(key, fault.reason, fault.retry_after or MOMENT, counted=False)
        return Failed(key, fault.reason, sentence(fault.status))
    match action_of(fault.code):
        case FaultAction.RETRY:
            return Deferred(key, fault.reason, wait_of(fault), counted=fault.code in {131000, 135000})
        case FaultAction.LATER:
            return Deferred(key, fault.reason, DAY)
        case FaultAction.TEMPLATE | FaultAction.ACCOUNT | FaultAction.RECONNECT:
            return Deferred(key, fault.reason, HOUR, counted=False)
        case _:
            return Failed(key, fault.reason, sentence(fault.code))
