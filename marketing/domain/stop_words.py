"""Does this message ask us to stop? Read from what a person typed in a chat or answered to a mail, without guessing.

A message asks to stop when, apart from greetings and courtesies, it is nothing else: a word that stops, then at most what is
to stop ("stop promosi dong kak"). So "jangan berhenti" and "berhenti di depan toko" do not, and a member of staff reads them.
"Batal" and "cancel" alone are about an order as often as not, and stop only with what is left ("batal langganan").
Consent is withdrawn as easily as it was given (UU 27/2022 Ps. 9, 40); the words are those carriers know (CTIA: STOP,
STOPALL, UNSUBSCRIBE, QUIT, OPT-OUT) and those of Indonesian SMS (UNREG, BERHENTI).
"""

import re
import unicodedata
from enum import StrEnum
from itertools import dropwhile
from typing import Final

LONGEST: Final = 4_096
"""Characters that are read, the most a chat message has; what follows is no command."""


class StopScope(StrEnum):
    """How far the person leaves: the channel the word came on, or everything everywhere."""

    CHANNEL = "kanal"
    ALL = "semua"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STOP: Final = _words("stop stopp setop berhenti henti hentikan stopall unsub unsubscribe unsubcribe unreg optout quit")
_LEAVE: Final = _words(
    "batal batalkan cancel keluar opt"
)  # only with what is left, and never with "pesan": that is an order
_LEFT: Final = _words(
    "out langganan berlangganan subscription mailing promosi promo iklan buletin newsletter broadcast siaran"
)
_ALL: Final = _words("semua semuanya seluruh seluruhnya total all everything stopall")
_WHAT: Final = _words(
    "promosi promosinya promo promonya iklan iklannya pesan pesannya langganan berlangganan buletin newsletter broadcast siaran"
    " kiriman kirim kirimi mengirim mengirimi menerima dikirim dikirimi info informasi marketing pemasaran subscription"
    " mailing list wa whatsapp telegram email emailnya surel chat out notifikasi"
)
_WHO: Final = _words("saya aku kami gue gw i we")
_OF_WHAT: Final = _WHO | _words("ini itu dari ke untuk nya tentang the from this my me")
_COURTESY: Final = _words(
    "tolong tlg mohon please pls plis harap minta ingin mau want to sudah udah cukup ok oke dong donk ya yah yaa iya"
    " kak kakak min admin bang abang pak bapak bu ibu mas mbak mba gan sis bro om tante halo hallo hai hi hello hey hei"
    " selamat pagi siang sore malam assalamualaikum permisi maaf sorry terima kasih trima makasih trims thanks thank you"
    " sekarang segera lagi aja saja deh nih sih lah juga now dulu"
)
_NOT: Final = _words("jangan jgn tidak tdk tak gak ga gk nggak ngga enggak ndak")
_WISHES: Final = _words("mau ingin usah perlu")
_DISTURB: Final = _words("hubungi menghubungi ganggu mengganggu spam kontak")
_MARKETING: Final = _words("promosi promo iklan buletin newsletter broadcast siaran langganan berlangganan")
_SENT: Final = _words("kirim kirimi mengirim mengirimi menerima dikirim dikirimi terima")
_TO_READ: Final = _words("pesan wa whatsapp telegram email surel chat")  # "pesan" alone is an order as well
_FILLERS: Final = re.compile("[\u115f\u1160\u3164\uffa0]")  # letters without a shape
_BOT: Final = re.compile(r"^(\s*/\w+)@\w+")  # how a command names its bot in a group (Telegram Bot API, "Commands")
_WORD: Final = re.compile(r"[^\W_]+")
_LONG_DRAWN: Final = re.compile(r"(.)\1{2,}")
_SPELT: Final = 3  # as many single letters in a row are a word spelt out


def stop_scope(text: str) -> StopScope | None:
    """Return how far a message asks us to stop, None when it does not ask that.

    The whole message counts, or its first line that says something: a signature or a quoted mail may follow. Case, accents,
    emphasis, emoji and invisible letters do not matter.
    """
    shown = _FILLERS.sub("", text[:LONGEST])
    lines = [_read(line) for line in shown.splitlines()]
    whole = [word for line in lines for word in line]
    first = next((line for line in lines if any(word not in _COURTESY for word in line)), [])
    return _asked(whole) or _asked(first)


def _read(line: str) -> list[str]:
    """Return the words of a line in plain small letters."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", line).casefold())
    bare = "".join(char for char in folded if unicodedata.category(char) not in {"Mn", "Me", "Cf"})
    words = _WORD.findall(_BOT.sub(r"\1", bare))
    if len(words) >= _SPELT and all(len(word) == 1 for word in words):
        words = ["".join(words)]
    return [_LONG_DRAWN.sub(r"\1", word) for word in words]


def _asked(words: list[str]) -> StopScope | None:
    said = list(dropwhile((_COURTESY | _WHO).__contains__, words))
    if not said or not (_stops(said) or _refuses(said)):
        return None
    return StopScope.ALL if _ALL.intersection(said) else StopScope.CHANNEL


def _stops(said: list[str]) -> bool:
    """Return whether this is "stop" and what is to stop, nothing else."""
    rest = frozenset(said[1:])
    if not rest <= _STOP | _ALL | _WHAT | _OF_WHAT | _COURTESY:
        return False
    return said[0] in _STOP or (said[0] in _LEAVE and bool(rest & _LEFT) and "pesan" not in rest)


def _refuses(said: list[str]) -> bool:
    """Return whether this is "jangan kirim promosi lagi" or "tidak mau menerima pesan": a no to being written to."""
    rest = frozenset(said[1:])
    if said[0] not in _NOT or rest & _STOP or not rest <= _ALL | _WHAT | _OF_WHAT | _COURTESY | _WISHES | _DISTURB:
        return False
    return bool(rest & (_DISTURB | _MARKETING) or (rest & _SENT and (rest & _TO_READ or "lagi" in rest)))
