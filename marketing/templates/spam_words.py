"""Words that mail filters and readers distrust, each with why; a hint for the writer, never a ban.

Chosen by us: phrases of prize, loan and account fraud, and claims that UU 8/1999 Ps. 9 and 10 forbid without proof. Public
filters have rules for the English ones; for Indonesian there are none to copy.
"""

import re
from collections.abc import Mapping
from typing import Final

from marketing.i18n import N_

_PRIZE = N_("kata penipuan berhadiah")
_LOAN = N_("kata penawaran pinjaman")
_CLAIM = N_("janji yang harus dapat dibuktikan (UU 8/1999 Ps. 9 dan 10)")
_PUSH = N_("desakan yang dipakai surel penipuan")
_FREE = N_("kata yang dinilai buruk oleh saringan spam")

SPAM_WORDS: Final[Mapping[str, str]] = {
    "pemenang undian": _PRIZE,
    "anda terpilih": _PRIZE,
    "selamat anda menang": _PRIZE,
    "klaim hadiah": _PRIZE,
    "hadiah uang tunai": _PRIZE,
    "tanpa diundi": _PRIZE,
    "pinjaman cepat": _LOAN,
    "cair hari ini": _LOAN,
    "tanpa agunan": _LOAN,
    "bunga 0%": _LOAN,
    "100% gratis": _FREE,
    "gratis tanpa syarat": _FREE,
    "dijamin": _CLAIM,
    "pasti untung": _CLAIM,
    "terbaik di dunia": _CLAIM,
    "termurah": _CLAIM,
    "tanpa risiko": _CLAIM,
    "menyembuhkan": _CLAIM,
    "klik di sini sekarang": _PUSH,
    "segera transfer": _PUSH,
    "akun anda diblokir": _PUSH,
    "verifikasi akun anda": _PUSH,
    "kesempatan terakhir": _PUSH,
    "you have been selected": _PRIZE,
    "you are a winner": _PRIZE,
    "claim your prize": _PRIZE,
    "100% free": _FREE,
    "risk free": _CLAIM,
    "risk-free": _CLAIM,
    "guaranteed": _CLAIM,
    "act now": _PUSH,
    "click here now": _PUSH,
    "once in a lifetime": _PUSH,
    "make money": _LOAN,
    "no credit check": _LOAN,
}
_WORDS: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in sorted(SPAM_WORDS, key=len, reverse=True))})(?!\w)",
    re.IGNORECASE,
)


def spam_words(text: str) -> dict[str, str]:
    """Return the distrusted words of a text with why (to be translated), each once, in the order in which they stand."""
    found = (match.group().lower() for match in _WORDS.finditer(" ".join(text.split())))
    return {word: SPAM_WORDS[word] for word in dict.fromkeys(found)}
