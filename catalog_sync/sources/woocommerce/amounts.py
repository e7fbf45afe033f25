"""Prices, weights and counts as WooCommerce writes them. Pure.

WooCommerce knows no thousands separator: prices are decimals, with a point over REST and with the shop's own decimal
mark in the CSV export (`wc_format_localized_price`). `50.000` is therefore fifty to WooCommerce and fifty thousand to
whoever typed it, so it is refused rather than guessed.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

from catalog_sync.contract.fields import INT32
from marketing.i18n import gettext as _

_PRICE: Final = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]+))?")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,9})?")
_THOUSANDS: Final = 3
_GRAMS: Final[Mapping[str, Decimal]] = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "gram": Decimal(1),
    "lbs": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}


class UnreadableError(ValueError):
    """A cell that cannot be read; the message is the reason, for people."""


def rupiah(text: str) -> int | None:
    """Return whole rupiah, None when nothing is given; UnreadableError for fractions and what may mean two amounts."""
    text = text.strip()
    if not text:
        return None
    found = _PRICE.fullmatch(text)
    if not found:
        raise UnreadableError(_("Harga bukan bilangan seperti 350000."))
    whole, fraction = found.groups()
    if fraction and len(fraction) == _THOUSANDS:
        raise UnreadableError(
            _("Harga bertanda titik atau koma sebelum tiga angka dapat berarti dua jumlah; tulis tanpa pemisah ribuan.")
        )
    if fraction and fraction.strip("0"):
        raise UnreadableError(_("Harga memuat pecahan rupiah; bulatkan di toko."))
    return int(whole)


def grams(text: str, unit: str) -> int | None:
    """Return the weight in grams, rounded; None for no weight, no number and units WooCommerce does not have."""
    factor = _GRAMS.get(unit.strip().casefold())
    if factor is None or not _DECIMAL.fullmatch(text.strip()):
        return None
    found = int((Decimal(text.strip().replace(",", ".")) * factor).to_integral_value(ROUND_HALF_UP))
    return found if 0 <= found <= INT32 else None


def count(text: str) -> int | None:
    """Return a count, fractions rounded down (some plug-ins sell by half); None when there is no number."""
    if not _DECIMAL.fullmatch(text.strip()):
        return None
    found = int(Decimal(text.strip().replace(",", ".")).to_integral_value(ROUND_FLOOR))
    return max(-INT32, min(found, INT32))
