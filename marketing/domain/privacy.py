"""Keep the NIK out of everything that is stored or shown: it may only leave here as a keyed hash.

A catalogue sends it as `owner_nik`; careless ones repeat it in a note, a file name or a field of their own.
"""

import re
from typing import Any, Final

MASK: Final = "[NIK disamarkan]"
NIK_KEYS: Final = re.compile(
    r"(?:(?:^|[^A-Za-z])(?i:nik)|[a-z]N(?:ik|IK))(?![a-z])|(?i:ktp|kartu_?keluarga|(?:^|_)no_?kk(?:_|$))"
)
"""Names of fields that hold identity numbers: owner_nik, ownerNik, NIK, no_ktp; not `nikel` or `teknik_tenun`."""
SIXTEEN_DIGITS: Final = re.compile(r"(?<![0-9])[0-9](?:[ .-]?[0-9]){15}(?![0-9])")
_WOMAN: Final = 40
_LAST_DAY: Final = 31
_LAST_MONTH: Final = 12


def looks_like_nik(digits: str) -> bool:
    """Return whether 16 digits are built as a NIK: a day of birth (women + 40), a month and a serial that is not 0000."""
    if len(digits) != 16 or not (digits.isascii() and digits.isdigit()):  # noqa: PLR2004  PPKKCC DDMMYY and four
        return False
    day, month = int(digits[6:8]) % _WOMAN, int(digits[8:10])
    return (
        1 <= day <= _LAST_DAY
        and int(digits[6:8]) <= _WOMAN + _LAST_DAY
        and 1 <= month <= _LAST_MONTH
        and digits[12:] != "0000"
    )


def masked(text: str) -> str:
    """Return the text with everything that is built as a NIK masked."""
    return SIXTEEN_DIGITS.sub(_mask, text)


def without_nik(value: Any) -> Any:
    """Return a JSON value without fields that name an identity number and with every NIK in its texts masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return MASK if looks_like_nik(str(value).removesuffix(".0")) else value
    if isinstance(value, list):
        return [without_nik(item) for item in value]
    if isinstance(value, dict):
        return {masked(key): without_nik(item) for key, item in value.items() if not NIK_KEYS.search(key)}
    return value


def without(value: Any, secret: str) -> Any:
    """Return a JSON value with this text masked in every string and name, and numbers that spell it."""
    if isinstance(value, str):
        return value.replace(secret, MASK)
    if isinstance(value, int | float):
        return MASK if str(value) == secret else value
    if isinstance(value, list):
        return [without(item, secret) for item in value]
    if isinstance(value, dict):
        return {key.replace(secret, MASK): without(item, secret) for key, item in value.items()}
    return value


def _mask(match: re.Match[str]) -> str:
    return MASK if looks_like_nik(re.sub(r"[ .-]", "", match.group())) else match.group()
