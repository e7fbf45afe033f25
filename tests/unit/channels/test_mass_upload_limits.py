"""What each marketplace refuses, and what cures it."""

import re
from dataclasses import replace
from typing import Any

import pytest

from marketing.channels.marketplace.mass_upload.limits import FAULT_NAMES, LIMITS, Destination, Fault, fits, title_for
from tests.unit.channels.listing_samples import listing, picture

EVERY = pytest.mark.parametrize("destination", list(Destination))


def faults(destination: Destination, **changes: Any) -> list[Fault]:
    return [misfit.fault for misfit in fits(listing(**changes), LIMITS[destination])]


@EVERY
def test_a_whole_listing_fits_everywhere(destination: Destination) -> None:
    assert faults(destination) == []


@EVERY
@pytest.mark.parametrize(
    ("fault", "changes"),
    [
        (Fault.WEIGHT, {"weight_gram": None}),
        (Fault.WEIGHT, {"weight_gram": 0}),
        (Fault.STOCK, {"stock": None}),
        (Fault.STOCK, {"stock": 0}),
        (Fault.PICTURE, {"pictures": ()}),
        (Fault.SMALL_PICTURE, {"pictures": (picture(width=299, height=200),)}),
        (Fault.TITLE, {"title": "Ka", "business": ""}),
        (Fault.TITLE, {"title": "", "business": "Usaha dengan nama yang panjang sekali"}),
        (Fault.DESCRIPTION, {"description": "Kain."}),
        (Fault.CONTACT, {"description": "Hubungi 0812-3456-7890 untuk memesan."}),
        (Fault.CONTACT, {"title": "Kain tenun, WA +62 812 3456 7890"}),
        (Fault.CONTACT, {"description": "Pesan lewat wa.me/6281234567890 segera."}),
        (Fault.PRICE, {"price": 99}),
        (Fault.PRICE, {"price": 500_000_001}),
        (Fault.KIND, {"kind": "service"}),
    ],
)
def test_each_fault_is_found_alone_and_says_what_cures_it(
    destination: Destination, fault: Fault, changes: dict[str, Any]
) -> None:
    (misfit,) = fits(listing(**changes), LIMITS[destination])
    assert misfit.fault is fault
    assert misfit.text.endswith(".")
    assert misfit.cure.endswith(".")
    assert "{" not in misfit.text + misfit.cure


def test_everything_wrong_is_told_at_once() -> None:
    found = faults(Destination.SHOPEE, weight_gram=None, stock=None, pictures=(), price=1)
    assert found == [Fault.PICTURE, Fault.WEIGHT, Fault.STOCK, Fault.PRICE]


def test_permits_are_no_telephone_numbers() -> None:
    numbers = "P-IRT 2065302010123-29, BPOM MD 081234567890123, Halal ID08110000123456789, NIB 0812012345678901"
    assert Fault.CONTACT not in faults(Destination.SHOPEE, description=f"Dodol. Izin: {numbers}.")


def test_a_short_name_gains_who_made_it_and_a_long_one_is_cut() -> None:
    limits = LIMITS[Destination.TOKOPEDIA]
    assert title_for(listing(title="Kain tenun", business="Usaha Mama Yuli"), limits) == "Kain tenun – Usaha Mama Yuli"
    assert len(title_for(listing(title="kain " * 100), limits)) <= limits.max_title


def test_only_shopees_file_can_say_that_several_are_sold_together() -> None:
    found = {destination: faults(destination, min_order=10) for destination in Destination}
    assert found.pop(Destination.SHOPEE) == []
    assert all(each == [Fault.MINIMUM_ORDER] for each in found.values())


def test_the_boundaries_themselves_fit() -> None:
    for limits in LIMITS.values():
        edge = limits.min_picture
        assert not fits(listing(price=limits.min_price, pictures=(picture(width=edge, height=1),)), limits)
        assert not fits(replace(listing(), price=limits.max_price), limits)


def test_every_limit_names_its_source_with_a_date_and_every_fault_has_a_name() -> None:
    assert all(re.search(r"\b20\d\d\b", limits.source) for limits in LIMITS.values())
    assert set(FAULT_NAMES) == set(Fault)
