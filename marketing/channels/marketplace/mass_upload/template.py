"""The shape of a mass-upload file: heading rows, columns in order, and what a person still fills in; pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from marketing.channels.marketplace.listing import Listing
from marketing.channels.marketplace.mass_upload.limits import Limits

Cell = str | int | Decimal | None  # text stays text whatever it looks like; None leaves the cell empty
Fill = Callable[[Listing, Limits], Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the code that the importer reads (where there is one), the heading for people, and what stands in it."""

    code: str
    label: str
    fill: Fill


@dataclass(frozen=True, slots=True)
class Template:
    """A file of one marketplace. `headings` are all rows above the first product, made from the columns.

    `to_complete` says in Indonesian what the seller fills in before or after uploading, `source` where the columns come from.
    """

    limits: Limits
    sheet: str
    columns: tuple[Column, ...]
    headings: tuple[tuple[str, ...], ...]
    to_complete: tuple[str, ...]
    source: str

    def row(self, listing: Listing) -> tuple[Cell, ...]:
        """Return one product in the order of the columns."""
        return tuple(column.fill(listing, self.limits) for column in self.columns)


def empty(_listing: Listing, _limits: Limits) -> Cell:
    """Leave a column to the seller."""
    return None


def constant(value: str) -> Fill:
    """Return a column that says the same for every product."""
    return lambda _listing, _limits: value


def picture(number: int) -> Fill:
    """Return the address of the picture with this number, counted from 1, in its square form."""

    def fill(listing: Listing, limits: Limits) -> Cell:
        shown = listing.pictures[: limits.max_pictures]
        return shown[number - 1].square_url if number <= len(shown) else None

    return fill


def kilograms(listing: Listing, _limits: Limits) -> Cell:
    """Return the weight in kilograms, exactly."""
    return Decimal(listing.weight_gram) / 1000 if listing.weight_gram else None


def picture_columns(code: Callable[[int], str], label: Callable[[int], str], numbers: range) -> Iterator[Column]:
    """Yield a column for each picture."""
    for number in numbers:
        yield Column(code(number), label(number), picture(number))
