"""What must hold for any product at any moment, found by generated products."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.product import (
    Category,
    HalalStatus,
    HowToOrder,
    Permit,
    Picture,
    Product,
    Sale,
    Verification,
    VerificationStatus,
)
from marketing.domain.regulations import GATES
from tests.unit.domain.gate_products import BLITAR, NOW, TTS, business, codes, judge, lawful

regulations = st.sampled_from([TTS, BLITAR])
moments = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
some_text = st.sampled_from(["", "  ", "Abon", "Tenun halus"])
numbers = st.sampled_from(["2085302010456-30", "208530201045", "MD 208531001234", "ML 208531001234", "12", ""])
permits = st.builds(
    Permit,
    st.sampled_from(["PIRT", "BPOM_MD", "BPOM_ML", "SNI", "lainnya"]),
    numbers,
    st.none() | st.dates(date(2024, 1, 1), date(2031, 1, 1)),
)
verifications = st.builds(
    Verification, st.sampled_from(VerificationStatus), st.sampled_from([None, "", "Tim"]), st.none() | st.just(NOW)
)
business_facts = st.fixed_dictionaries(
    {},
    optional={
        "name": some_text,
        "role": st.sampled_from(["umkm", "penyedia", "masyarakat", ""]),
        "scale": st.sampled_from([None, "mikro", "menengah", "besar"]),
        "nib": st.sampled_from(["", "9120001112223", "0000", "９１２０００１１１２２２３"]),
        "is_binaan": st.booleans(),
        "domicile_region": st.sampled_from(["53.02", "35.72", "5302", ""]),
        "nik_given": st.booleans(),
        "nik_verified": st.booleans(),
        "phone": some_text,
        "email": some_text,
        "verification": verifications,
    },
)
product_facts = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["goods", "service"]),
        "category": st.sampled_from(Category),
        "name": some_text,
        "description": some_text,
        "price": st.none() | st.integers(-1, 2_000_000_000),
        "unit": some_text,
        "stock": st.none() | st.integers(0, 2),
        "pictures": st.lists(st.builds(Picture, some_text), max_size=2).map(tuple),
        "how_to_order": st.builds(HowToOrder, some_text, some_text, some_text),
        "permits": st.lists(permits, max_size=3).map(tuple),
        "halal": st.sampled_from(HalalStatus),
        "halal_number": some_text,
        "verification": verifications,
    },
)


@st.composite
def products(draw: st.DrawFn, regulation: str) -> Product:
    return business(lawful(regulation, **draw(product_facts)), **draw(business_facts))


DEFECTS: dict[str, Callable[[Product], Product]] = {
    "no NIB": lambda p: business(p, nib=""),
    "not fostered": lambda p: business(p, is_binaan=False),
    "from elsewhere": lambda p: business(p, domicile_region="31.71"),
    "no NIK": lambda p: business(p, nik_given=False),
    "NIK unverified": lambda p: business(p, nik_verified=False),
    "nobody's role": lambda p: business(p, role="masyarakat"),
    "no contact": lambda p: business(p, phone="", email=""),
    "no business name": lambda p: business(p, name=""),
    "no price": lambda p: replace(p, price=None),
    "no unit": lambda p: replace(p, unit=""),
    "no name": lambda p: replace(p, name=""),
    "no picture": lambda p: replace(p, pictures=()),
    "no way to order": lambda p: replace(p, how_to_order=HowToOrder()),
    "sold out": lambda p: replace(p, stock=0),
    "no permit": lambda p: replace(p, permits=()),
    "import permit": lambda p: replace(p, permits=(Permit("BPOM_ML", "208531001234"),)) if p.permits else p,
    "halal unknown": lambda p: replace(p, halal=HalalStatus.UNKNOWN),
    "verified by nobody": lambda p: replace(p, verification=replace(p.verification, by=None)),
    "alcohol": lambda p: replace(p, description=f"{p.description} minuman keras") if p.description.strip() else p,
}


@given(data=st.data(), regulation=regulations, now=moments)
def test_promotable_exactly_when_there_is_no_reason_and_every_code_is_declared(
    data: st.DataObject, regulation: str, now: datetime
) -> None:
    decision = judge(data.draw(products(regulation)), regulation, now)
    assert decision.promotable is (len(decision.reasons) == 0)
    assert {reason.code for reason in decision.reasons} <= set(GATES[regulation].codes)
    assert decision.rule_version == GATES[regulation].version


@given(data=st.data(), regulation=regulations, now=moments)
def test_reasons_come_once_each_in_the_order_of_the_regulation(
    data: st.DataObject, regulation: str, now: datetime
) -> None:
    product = data.draw(products(regulation))
    reasons = judge(product, regulation, now).reasons
    printed = list(GATES[regulation].codes)
    places = [printed.index(reason.code) for reason in reasons]
    assert places == sorted(places)
    assert judge(product, regulation, now).reasons == reasons


@pytest.mark.parametrize("defect", DEFECTS)
@given(data=st.data(), regulation=regulations)
def test_a_defect_never_frees_a_product(data: st.DataObject, regulation: str, defect: str) -> None:
    product = data.draw(products(regulation))
    # An import licence is itself a fact in favour of a penyedia that is no UMKM, so it is no defect there.
    if defect == "import permit" and product.business.role == "penyedia":
        product = business(product, scale="mikro")
    assert codes(product, regulation) <= codes(DEFECTS[defect](product), regulation)


@given(data=st.data(), regulation=regulations, price=st.integers(-5, 5))
def test_a_sale_changes_nothing(data: st.DataObject, regulation: str, price: int) -> None:
    product = data.draw(products(regulation))
    on_sale = replace(product, sale=Sale(price, NOW, NOW))
    assert judge(on_sale, regulation) == judge(product, regulation)


@given(regulation=regulations, facts=product_facts)
def test_a_naive_moment_is_refused(regulation: str, facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="aware"):
        judge(lawful(regulation, **facts), regulation, NOW.replace(tzinfo=None))


@pytest.mark.parametrize("regulation", [TTS, BLITAR])
def test_the_other_tenants_product_is_never_promotable(regulation: str) -> None:
    other = BLITAR if regulation == TTS else TTS
    assert judge(lawful(other), other).promotable
    assert not judge(lawful(other), regulation).promotable
