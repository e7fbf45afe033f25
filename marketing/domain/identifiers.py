"""Numbers by which the State knows a business, its owner and its goods: their form only, never whether they are genuine.

Every number is text (leading zeros live). A form that fits is not yet a verification: that is the managing team's
(Blitar Ps. 6(2)b), and a form that looks odd is mostly a remark, because the law asks for the permit, not for its digits.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

NIB_DIGITS: Final = 13
_SEPARATORS: Final = re.compile(r"[\s.\-\u2010-\u2015]")
_DASHES: Final = re.compile(r"[\u2010-\u2015]")
_PIRT_PREFIX: Final = re.compile(r"^P-?IRT(?:NO|NOMOR)?:?", re.IGNORECASE)
_PIRT: Final = re.compile(r"(?P<body>[0-9]{13})-?(?P<year>[0-9]{2})")
_PIRT_LEGACY: Final = re.compile(r"[0-9]{12}")
_BPOM: Final = re.compile(r"(?:BPOM)?(?:RI)?(?P<kind>MD|ML)?:?(?P<digits>[0-9]{12}|[0-9]{15})", re.IGNORECASE)
_BPOM_KIND: Final = re.compile(r"^(?:BPOM)?(?:RI)?(?P<kind>MD|ML)", re.IGNORECASE)
_HALAL: Final = re.compile(r"ID[0-9]{17}", re.IGNORECASE)
_HALAL_LEAST: Final = 3
_NIK_DIGITS: Final = 16
_WOMAN: Final = 40
_PACKAGINGS: Final = frozenset("12345678")


def squeezed(number: str) -> str:
    """Return the number without the blanks, dots and dashes that people part it with."""
    return _SEPARATORS.sub("", number)


def is_nib(number: str) -> bool:
    """Return whether this is built as a NIB: 13 ASCII digits however parted, without checksum or structure.

    PP 24/2018 names the 13 digits; PP 5/2021 and PP 28/2025 Ps. 206 only say that it is a random, secured number.
    """
    digits = squeezed(number)
    return len(digits) == NIB_DIGITS and digits.isascii() and digits.isdigit()


def is_placeholder(number: str) -> bool:
    """Return whether a number is one digit over and over: no office hands such a one out, people type it to get on."""
    digits = [letter for letter in number if letter.isdigit()]
    return len(digits) > 1 and len(set(digits)) == 1


def is_nik(number: str) -> bool:
    """Return whether 16 digits are built as a NIK: PPKKCC, a day of birth that exists (women + 40), a serial above 0000.

    The place is where the card was first issued and proves no domicile, so it is not looked at. Two digits tell no
    century: 29 February counts in every year that is a leap year in 19xx or 20xx.
    """
    if len(number) != _NIK_DIGITS or not (number.isascii() and number.isdigit()):
        return False
    day, month, year = (int(number[at : at + 2]) for at in (6, 8, 10))
    try:
        date(2000 + year, month, day - _WOMAN if day > _WOMAN else day)
    except ValueError:
        return False
    return number[12:] != "0000"


@dataclass(frozen=True, slots=True)
class Pirt:
    """A P-IRT number: 13 digits and the year it ends (2-digit), or the older 12 digits that name no year."""

    digits: str
    ends: date | None

    @property
    def legacy(self) -> bool:
        """Whether it is of the older kind without a year."""
        return self.ends is None

    @property
    def packaging(self) -> str:
        """The first digit: 1 glass, 2 plastic, 3 board, 4 tin, 5 foil, 6 other, 7 composite, 8 double (PerBPOM 22/2018)."""
        return self.digits[0]

    @property
    def regency(self) -> str:
        """Digits 4 to 7: where it was issued."""
        return self.digits[3:7]

    @property
    def known_packaging(self) -> bool:
        """Whether the first digit is one that the regulation gives."""
        return self.packaging in _PACKAGINGS


def read_pirt(text: str) -> Pirt | None:
    """Read a P-IRT number as people type it (`P-IRT No. 2065302010123-29`), or None."""
    number = _PIRT_PREFIX.sub("", _DASHES.sub("-", re.sub(r"[\s.]", "", text)))
    if current := _PIRT.fullmatch(number):
        return Pirt(current["body"] + current["year"], date(2000 + int(current["year"]), 12, 31))
    return Pirt(number, None) if _PIRT_LEGACY.fullmatch(number) else None


@dataclass(frozen=True, slots=True)
class Bpom:
    """A BPOM number: 12 or 15 digits; `kind` is MD (domestic), ML (imported) or empty where the text does not say."""

    digits: str
    kind: str


def read_bpom(text: str) -> Bpom | None:
    """Read a BPOM number as people type it (`BPOM RI MD 206531001234`), or None."""
    found = _BPOM.fullmatch(squeezed(text))
    return Bpom(found["digits"], (found["kind"] or "").upper()) if found else None


def bpom_kind(text: str) -> str:
    """Return MD or ML where the text says so, even when its digits are wrong."""
    found = _BPOM_KIND.match(squeezed(text))
    return found["kind"].upper() if found else ""


def is_halal_number(text: str) -> bool:
    """Return whether the number is built as BPJPH prints it on labels: `ID` and 17 digits."""
    return _HALAL.fullmatch(squeezed(text)) is not None


def could_be_halal_number(text: str) -> bool:
    """Return whether this may be the number of any halal certificate, old ones by MUI too: not `ada`, `-` or `000000`."""
    digits = sum(letter.isascii() and letter.isdigit() for letter in text)
    return digits >= _HALAL_LEAST and not is_placeholder(text)
