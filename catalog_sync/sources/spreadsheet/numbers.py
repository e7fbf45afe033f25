"""Money, counts and weights as Indonesians write them: a dot parts thousands, a comma the decimals. Pure.

`50,000` is fifty thousand to an Englishman and fifty to an Indonesian, so it is nothing to us; what only one of them
could have written (`1,250,000`, `50.000,00`, `50000.00`) is read.
"""

import re
from decimal import Decimal
from typing import Final

from marketing.i18n import gettext as _
from marketing.tabular.cells import Cell, UnreadableError, shown, text_of

LARGEST: Final = 10**12
NOISE: Final = Decimal("0.0001")
COUNT_LARGEST: Final = 2_147_483_647
_CURRENCY: Final = re.compile(r"^(?:rp|idr)\.?\s*(?=[0-9(\-−–])")
_CURRENCY_AFTER: Final = re.compile(r"(?<=[0-9\-])\s*(?:rupiah|rp\.?|idr)$")
_NO_CENTS: Final = re.compile(r"(?<=[0-9])[.,]\s?[-–—=]+$")
_SHORT: Final = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,2})?)\s?(ribu|rb|k|juta|jt)\.?")
_TIMES: Final = {"ribu": 1_000, "rb": 1_000, "k": 1_000, "juta": 1_000_000, "jt": 1_000_000}
_PLAIN: Final = re.compile(r"(0|[1-9][0-9]*)(?:[.,]([0-9]{1,2}))?")
_INDONESIAN: Final = re.compile(r"([1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]{1,2}))?")
_ENGLISH: Final = re.compile(r"([1-9][0-9]{0,2}(?:,[0-9]{3}){2,})(?:\.([0-9]{1,2}))?")
_ENGLISH_WITH_CENTS: Final = re.compile(r"([1-9][0-9]{0,2},[0-9]{3})\.([0-9]{1,2})")
_BLANKS: Final = re.compile(r"([1-9][0-9]{0,2}(?: [0-9]{3})+)(?:,([0-9]{1,2}))?")
_AMBIGUOUS: Final = re.compile(r"[0-9]{1,3},[0-9]{3}")
_NEGATIVE: Final = re.compile(r"[-−–]\s?[0-9].*|\([0-9][0-9.,]*\)")
_QUANTITY: Final = re.compile(r"([0-9][0-9.,]*)\s?([a-z][a-z/ ]{0,30})?\.?")
_DOZENS: Final = frozenset({"lusin", "kodi", "gros", "rim", "ribu", "rb", "k", "juta", "jt"})
_WEIGHT: Final = re.compile(r"([0-9][0-9.,]*)\s?(kilogram|kilo|kg|gram|gr|g|ons)?\.?")
_GRAMS: Final = {"kilogram": 1000, "kilo": 1000, "kg": 1000, "gram": 1, "gr": 1, "g": 1, "ons": 100}
_FRACTION: Final = re.compile(r"0[.,]([0-9]{1,3})|([1-9][0-9]*)[.,]([0-9]{1,2})")


def money(cell: Cell) -> int:
    """Return whole rupiah; UnreadableError says what is unclear about the amount."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise _no_amount(cell)
    if isinstance(cell, int | float):
        return _whole(cell)
    text = _CURRENCY_AFTER.sub("", _CURRENCY.sub("", _squeezed(text_of(cell)))).strip()
    if _NEGATIVE.fullmatch(text):
        raise UnreadableError(_("jumlah rupiah tidak boleh negatif (“{text}”)").format(text=shown(cell)))
    text = _NO_CENTS.sub("", text)
    if found := _SHORT.fullmatch(text):
        return _whole(Decimal(found[1].replace(",", ".")) * _TIMES[found[2]])
    amount = _number(text, cell)
    if amount is None:
        raise _no_amount(cell)
    return amount


def quantity(cell: Cell) -> int:
    """Return a count of zero or more, with or without the name of what is counted (“12 pcs”)."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise _no_count(cell)
    if isinstance(cell, int | float):
        amount = _whole(cell)
    else:
        found = _QUANTITY.fullmatch(_squeezed(text_of(cell)))
        if found is None or (found[2] and not _DOZENS.isdisjoint(found[2].split())):
            raise _no_count(cell)
        number = _number(found[1], cell)
        if number is None:
            raise _no_count(cell)
        amount = number
    if amount > COUNT_LARGEST:
        raise _no_count(cell)
    return amount


def grams(cell: Cell, unit: str = "") -> int:
    """Return a weight in whole grams. `unit` is what the heading says (`kg`, `gram`); without any, whole grams are meant."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise _no_weight(cell)
    if isinstance(cell, int | float):
        number: Decimal | None = Decimal(str(cell))
    else:
        found = _WEIGHT.fullmatch(_squeezed(text_of(cell)))
        if found is None:
            raise _no_weight(cell)
        unit = found[2] or unit
        number = _fraction(found[1]) if _FRACTION.fullmatch(found[1]) else None
        if number is None:
            if _GRAMS.get(unit) != 1 and unit and "." in found[1]:
                raise _no_weight(cell)  # 1.250 kg: a ton and a quarter, or a bag?
            whole = _number(found[1], cell)
            number = None if whole is None else Decimal(whole)
    if number is None or not number.is_finite() or not 0 <= number < COUNT_LARGEST:
        raise _no_weight(cell)
    result = number * _GRAMS.get(unit, 1)
    if result != int(result) or result > COUNT_LARGEST:
        raise _no_weight(cell)
    return int(result)


def _squeezed(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split()).casefold()


def _number(text: str, cell: Cell) -> int | None:
    """Read a whole number with its separators, None when it is no number; cents other than 00 are refused."""
    if _AMBIGUOUS.fullmatch(text):
        raise UnreadableError(
            _("“{text}” tidak jelas: ribuan atau desimal? Tulis 50000 atau 50.000").format(text=shown(cell))
        )
    for form in (_PLAIN, _INDONESIAN, _ENGLISH, _ENGLISH_WITH_CENTS, _BLANKS):
        if found := form.fullmatch(text):
            if (found[2] or "").strip("0"):
                raise UnreadableError(_("“{text}” bukan bilangan bulat").format(text=shown(cell)))
            return _whole(Decimal(re.sub(r"[., ]", "", found[1])))
    return None


def _fraction(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _whole(number: float | Decimal) -> int:
    """Return a number that is whole but for the noise of binary fractions."""
    exact = Decimal(number)
    if not exact.is_finite() or abs(exact) > LARGEST:
        raise UnreadableError(_("“{text}” di luar batas").format(text=shown(str(number))))
    near = int(exact.to_integral_value())
    if abs(exact - near) > NOISE:
        raise UnreadableError(_("“{text}” bukan bilangan bulat").format(text=shown(str(number))))
    if near < 0:
        raise UnreadableError(_("bilangan tidak boleh negatif (“{text}”)").format(text=shown(str(number))))
    return near


def _no_amount(cell: Cell) -> UnreadableError:
    return UnreadableError(
        _("“{text}” bukan jumlah rupiah; tulis angkanya saja, misalnya 50000").format(text=shown(cell))
    )


def _no_count(cell: Cell) -> UnreadableError:
    return UnreadableError(_("“{text}” bukan jumlah; tulis angkanya saja, misalnya 12").format(text=shown(cell)))


def _no_weight(cell: Cell) -> UnreadableError:
    return UnreadableError(
        _("“{text}” bukan berat yang jelas; tulis dalam gram, misalnya 250 gram").format(text=shown(cell))
    )
