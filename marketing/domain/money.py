"""Money: whole rupiah as integers, never a float, and how a price is printed."""


def format_rupiah(amount: int) -> str:
    """Return an amount as Indonesian prices are printed, `Rp350.000`; a negative one carries its minus in front.

    The `d` format refuses a float by itself, so no rounded price is ever printed.
    """
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{abs(amount):,d}".replace(",", ".")
