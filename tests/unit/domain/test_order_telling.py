"""Which mails an order calls for: each fact once to each reader, whatever the order in which the facts arrive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.orders.complaint import COMPLETE_WITHIN, REQUIRED, Complaint, ComplaintStage, document_of
from marketing.domain.orders.facts import Happening, OrderedLine, OrderFacts
from marketing.domain.orders.telling import (
    BUYER,
    FRESH,
    MOST_LINES,
    MOST_REVISIONS,
    OrderVariant,
    Reader,
    Telling,
    Told,
    tellings,
)

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEAVER, BEEKEEPER = Reader(7), Reader(8)
READERS = [BUYER, WEAVER, BEEKEEPER]
LINES = (OrderedLine("Selendang", 7, "Tenun", 2, 350_000), OrderedLine("Madu", 8, "Lebah", 1, 125_000))


def happening(kind: str, hours_ago: float = 1, **more: str) -> Happening:
    values = {
        "document_kind": f"bukti_{kind}",
        "document_number": f"{kind}-1",
        "document_url": "https://katalog.example/1.pdf",
    }
    return Happening(kind, NOW - hours_ago * HOUR, **(values | more))  # fmt: skip


def order(*happenings: Happening, **changes: object) -> OrderFacts:
    values: dict[str, object] = {
        "id": 12, "number": "SO-12", "placed_at": NOW - 5 * HOUR, "status": "", "shipping_cost": 25_000, "total": 850_000,
        "lines": LINES, "happenings": happenings,
    } | changes  # fmt: skip
    return OrderFacts(**values)  # type: ignore[arg-type]


def due(
    facts: OrderFacts, variant: OrderVariant, known: list[Told] | None = None, now: datetime = NOW
) -> list[Telling]:
    return list(tellings(facts, variant, READERS, known or [], now))


def sent(*found: Telling) -> list[Told]:
    return [Told(telling.trigger) for telling in found]


CHAIN = [happening(kind, hours_ago=hours) for hours, kind in enumerate(("shipped", "paid", "invoiced", "approved"), 1)]


@given(st.lists(st.lists(st.sampled_from(CHAIN), max_size=5), max_size=6))
def test_late_doubled_and_shuffled_events_make_each_mail_once(batches: list[list[Happening]]) -> None:
    known: dict[OrderVariant, list[Told]] = {variant: [] for variant in OrderVariant}
    arrived: list[Happening] = []
    for batch in [*batches, CHAIN, CHAIN[::-1]]:
        arrived += batch
        for variant in OrderVariant:
            known[variant] += sent(*due(order(*arrived), variant, known[variant]))
    for variant in (OrderVariant.ORDER, OrderVariant.INVOICE, OrderVariant.DELIVERY):
        assert len(known[variant]) == len(READERS), variant
        assert len({told.trigger for told in known[variant]}) == len(READERS)


def test_the_same_fact_under_another_moment_is_no_second_mail() -> None:
    first = due(order(happening("shipped", 3), happening("paid")), OrderVariant.DELIVERY)
    moved = order(happening("shipped", 3), happening("shipped", 2), happening("paid"))
    assert due(moved, OrderVariant.DELIVERY, sent(*first)) == []
    assert len(due(moved, OrderVariant.DELIVERY)) == len(READERS)


def test_a_second_parcel_is_a_mail_of_its_own_and_no_correction() -> None:
    first = due(order(happening("shipped", 3, tracking_number="A")), OrderVariant.DELIVERY)
    both = order(happening("shipped", 3, tracking_number="A"), happening("shipped", 2, tracking_number="B"))
    second = due(both, OrderVariant.DELIVERY, sent(*first))
    assert [(one.facts["tracking"], one.facts["again"]) for one in second] == [("B", False)] * 3


def test_a_corrected_number_is_told_again_and_says_so_and_back_is_told_too() -> None:
    known: list[Told] = []
    said = []
    for number in ("A", "A", "B", "B", "A"):
        found = due(order(happening("shipped", tracking_number=number)), OrderVariant.DELIVERY, known)
        known += sent(*found)
        said += [(one.facts["tracking"], one.facts["again"]) for one in found if one.reader == BUYER]
    assert said == [("A", False), ("B", True), ("A", True)]


def test_a_catalogue_that_never_settles_is_not_followed_for_ever() -> None:
    known: list[Told] = []
    for number in range(40):
        known += sent(*due(order(happening("paid", document_number=str(number))), OrderVariant.INVOICE, known))
    assert len(known) == (MOST_REVISIONS + 1) * len(READERS)


def test_a_new_address_of_a_document_is_no_news() -> None:
    known = sent(*due(order(happening("paid")), OrderVariant.INVOICE))
    signed = order(happening("paid", document_url="https://katalog.example/1.pdf?tanda=2"))
    assert due(signed, OrderVariant.INVOICE, known) == []


def test_what_still_waits_is_overtaken_and_the_new_mail_is_no_correction() -> None:
    first = due(order(happening("shipped", tracking_number="A")), OrderVariant.DELIVERY)
    waiting = [Told(one.trigger, waiting=True) for one in first]
    again = due(order(happening("shipped", tracking_number="B")), OrderVariant.DELIVERY, waiting)
    assert [one.overtaken for one in again] == [(one.trigger,) for one in first]
    assert {one.facts["again"] for one in again} == {False}


def test_a_shipment_needs_payment_by_event_or_status() -> None:
    shipped = happening("shipped")
    assert all(one.needs_payment for one in due(order(shipped), OrderVariant.DELIVERY))
    for paid in (order(shipped, happening("paid")), order(shipped, status="paid")):
        assert not any(one.needs_payment for one in due(paid, OrderVariant.DELIVERY))


def test_an_order_that_is_off_brings_no_good_news_until_it_is_on_again() -> None:
    gone = order(happening("approved", 3), happening("cancelled", 2))
    assert due(gone, OrderVariant.ORDER) == []
    assert due(order(happening("paid"), status="refunded"), OrderVariant.INVOICE) == []
    back = order(*gone.happenings, happening("approved", 1, document_number="approved-2"))
    assert len(due(back, OrderVariant.ORDER)) == 2 * len(READERS)


@given(st.floats(-200, 200))
def test_only_what_happened_within_three_days_is_news(hours: float) -> None:
    found = due(order(happening("approved", hours)), OrderVariant.ORDER)
    assert bool(found) == (timedelta() <= hours * HOUR < FRESH)


def test_each_business_is_told_of_its_own_lines_alone() -> None:
    facts = order(happening("approved"), happening("invoiced"), happening("paid"))
    for variant in (OrderVariant.ORDER, OrderVariant.INVOICE):
        buyer, weaver, beekeeper = due(facts, variant)
        assert [line[0] for line in buyer.facts["lines"]] == ["Selendang", "Madu"]
        assert (buyer.facts["total"], buyer.facts["shipping"], buyer.facts["difference"]) == (850_000, 25_000, 0)
        assert buyer.facts["document"][2]
        for telling, name, own in ((weaver, "Selendang", 700_000), (beekeeper, "Madu", 125_000)):
            assert [line[0] for line in telling.facts["lines"]] == [name]
            assert (telling.facts["total"], telling.facts["shipping"], telling.facts["difference"]) == (own, None, 0)
            assert telling.facts["document"][2] == "", "the paper of the whole order names the other business"
            assert "Lebah" not in str(weaver.facts)


def test_a_business_alone_in_an_order_sees_all_of_it() -> None:
    facts = order(happening("paid"), lines=LINES[:1], total=720_000)
    (_buyer, weaver, *_rest) = due(facts, OrderVariant.INVOICE)
    assert (weaver.facts["total"], weaver.facts["shipping"], weaver.facts["difference"]) == (720_000, 25_000, -5_000)
    assert weaver.facts["document"][2]


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(-(10**9), 10**9)), max_size=80),
    st.integers(-(10**6), 10**6),
    st.integers(-(10**12), 10**12),
)
def test_what_is_listed_always_adds_up_to_the_total(lines: list[tuple[int, int]], shipping: int, total: int) -> None:
    bought = tuple(OrderedLine("x", 7, "Tenun", quantity, price) for quantity, price in lines)
    (mail,) = tellings(order(happening("paid"), lines=bought, shipping_cost=shipping, total=total), OrderVariant.INVOICE, [BUYER], [], NOW)  # fmt: skip
    facts = mail.facts
    listed = sum(quantity * price for _name, _business, quantity, price in facts["lines"]) + facts["more"][1]
    assert listed + facts["shipping"] + facts["difference"] == facts["total"] == total
    assert len(facts["lines"]) + facts["more"][0] == len(lines)
    assert len(facts["lines"]) <= MOST_LINES


def complaint(documents: int = 3, status: str = "open", hours_ago: float = 2) -> Complaint:
    return Complaint(NOW - hours_ago * HOUR, "Warnanya lain.", status, dict.fromkeys(REQUIRED[:documents], "https://k.example/d"))  # fmt: skip


def test_a_complaint_is_told_at_each_stage_once() -> None:
    known: list[Told] = []
    said = []
    for stands in (
        complaint(2),
        complaint(2),
        complaint(3),
        complaint(3),
        complaint(4),
        complaint(4),
        complaint(4, "selesai"),
    ):
        found = due(order(complaint=stands), OrderVariant.COMPLAINT, known)
        known += sent(*found)
        said += [(one.facts["complaint"]["stage"], one.facts["again"]) for one in found if one.reader == BUYER]
    assert said == [("incomplete", False), ("incomplete", True), ("complete", True), ("resolved", True)]
    assert len(known) == 4 * len(READERS)


def test_a_complaint_lives_on_when_its_order_is_off() -> None:
    assert len(due(order(complaint=complaint(), status="refunded"), OrderVariant.COMPLAINT)) == len(READERS)


def test_what_the_buyer_wrote_goes_to_a_business_only_when_it_is_alone() -> None:
    buyer, weaver, _beekeeper = due(order(complaint=complaint()), OrderVariant.COMPLAINT)
    assert (buyer.facts["complaint"]["text"], weaver.facts["complaint"]["text"]) == ("Warnanya lain.", "")
    assert [there for _kind, _url, there in weaver.facts["complaint"]["documents"]] == [True, True, True, False]
    assert {url for _kind, url, _there in weaver.facts["complaint"]["documents"]} == {""}
    (alone,) = tellings(order(complaint=complaint(), lines=LINES[:1]), OrderVariant.COMPLAINT, [WEAVER], [], NOW)
    assert alone.facts["complaint"]["text"] == "Warnanya lain."


def test_missing_documents_are_those_of_the_article_in_its_order() -> None:
    assert complaint(0).missing == REQUIRED
    assert complaint(3).missing == ("foto_produk",)
    assert complaint(4).stage is ComplaintStage.COMPLETE
    assert [complaint(0, status).stage for status in ("Ditolak", "RESOLVED", "apa saja")] == [
        ComplaintStage.REJECTED,
        ComplaintStage.RESOLVED,
        ComplaintStage.INCOMPLETE,
    ]
    assert complaint().due_at - complaint().opened_at == COMPLETE_WITHIN
    assert [document_of(kind) for kind in ("Dokumentasi Produk", "foto_produk", "BUKTI-PEMBAYARAN")] == [
        "foto_produk",
        "foto_produk",
        "bukti_pembayaran",
    ]


def test_a_name_of_a_thousand_letters_is_cut_and_kept_on_one_line() -> None:
    facts = order(happening("approved"), lines=(replace(LINES[0], name="Tenun\r\nBcc: x " + "n" * 1_000),))
    name = due(facts, OrderVariant.ORDER)[0].facts["lines"][0][0]
    assert len(name) <= 160
    assert "\n" not in name
