"""The interface for programs against what nobody should send: answers are problems in plain words, and nothing is kept."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import func, select

from marketing.db.models import Answered, ConsentRecord, Contact, Subscription
from tests.support.api import Program
from tests.support.subscribing import MAIL
from tests.support.world import World

PROBLEM = "application/problem+json"
GONE = object()


@pytest.fixture(name="shop")
def _shop(small_world: World) -> Iterator[Program]:
    with Program.opened(small_world) as program:
        yield program


def kept(world: World) -> int:
    with world.app.database.read() as session:
        tables = (Answered, ConsentRecord, Contact, Subscription)
        return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["detail"]
    assert MAIL not in answer.text
    return found


def test_without_a_key_every_call_is_refused_alike(shop: Program) -> None:
    calls = [("POST", "consents"), ("POST", "withdrawals"), ("GET", "wordings")]
    wrong = [
        "",
        "Bearer",
        "Bearer x",
        "Bearer siar_000000000000_" + "A" * 43,
        "Basic c2lhcjp4",
        "Bearer " + "x" * 5000,
        "Bearer \u00e9",
    ]
    found = []
    for header in wrong:
        sent = {b"Authorization": header.encode("latin-1")} if header else {}
        for method, path in calls:
            answer = shop.client.request(method, f"/api/v1/{path}", json={}, headers=sent)
            found.append(problem(answer, 401))
    assert all(one == found[0] for one in found)


def test_every_call_of_the_interface_asks_for_a_key(shop: Program) -> None:
    described = shop.client.get("/api/v1/openapi.json").json()
    calls = [(method, path) for path, methods in described["paths"].items() for method in methods]
    assert len(calls) == 3
    assert described["servers"] == [{"url": "/api/v1"}]
    for method, path in calls:
        answer = shop.client.request(method, f"/api/v1{path}", json={})
        assert problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert described["paths"][path][method]["security"]


def test_a_key_stolen_in_part_opens_nothing(shop: Program) -> None:
    whole = shop.key.secret
    for guess in (whole[:-1], whole[:-1] + ("A" if whole[-1] != "A" else "B"), whole.upper(), whole[5:], whole * 2):
        problem(shop.post("consents", shop.checkout(), Authorization=f"Bearer {guess}"), 401)
    assert whole not in repr(shop.key)


BROKEN: list[tuple[str, Any, str]] = [
    ("person/email", "bukan alamat", "#/person/email"),
    ("person/email", "a@b.example\r\nBcc: c@d.example", "#/person/email"),
    ("person/email", "x" * 9_000 + "@surat.example", "#/person/email"),
    ("person/email", 5, "#/person/email"),
    ("person/email", GONE, "#/person"),
    ("person/phone", "123", "#/person/phone"),
    ("person/name", "N" * 101, "#/person/name"),
    ("person/locale", "jw", "#/person/locale"),
    ("person/nik", "5302010101010001", "#/person/nik"),
    ("persons", {}, "#/persons"),
    ("decisions", [], "#/decisions"),
    ("decisions", {}, "#/decisions"),
    ("decisions/0/purpose", "semua", "#/decisions/0/purpose"),
    ("decisions/0/purpose", "sosialisasi", "#/decisions/0/purpose"),
    ("decisions/0/purpose", "whatsapp_marketing", "#/decisions/0/purpose"),
    ("decisions/0/given", "true", "#/decisions/0/given"),
    ("decisions/0/given", 1, "#/decisions/0/given"),
    ("decisions/0/withdrawn", True, "#/decisions/0"),
    ("decisions/0/widthdrawn", True, "#/decisions/0/widthdrawn"),
    ("decisions/0/wording", GONE, "#/decisions/0"),
    ("decisions/0/wording/sha256", "0" * 64, "#/decisions/0/wording"),
    ("decisions/0/wording/sha256", "pendek", "#/decisions/0/wording/sha256"),
    ("decisions/0/wording/version", "2019-1", "#/decisions/0/wording"),
    ("decisions/0/wording/language", "en", "#/decisions/0/wording"),
    ("decisions/0/wording/text", "Ya", "#/decisions/0/wording"),
    ("collected_at", "2026-11-22", "#/collected_at"),
    ("collected_at", "2026-11-22T09:00:00", "#/collected_at"),
    ("collected_at", 1_700_000_000, "#/collected_at"),
    ("collected_at", "2019-01-01T00:00:00Z", "#/collected_at"),
    ("collected_at", "2099-01-01T00:00:00Z", "#/collected_at"),
    ("collected_at", "2026-13-41T25:61:61Z", "#/collected_at"),
    ("source", "Check out!", "#/source"),
    ("source", GONE, "#/source"),
    ("page", "javascript:alert(1)", "#/page"),
    ("page", "https://", "#/page"),
    ("page", "https://[::1", "#/page"),
    ("order_id", MAIL, "#/order_id"),
    ("address_proof", {"method": "percaya saja", "confirmed_at": "2026-11-22T00:00:00Z"}, "#/address_proof/method"),
    ("address_proof", {"method": "link", "confirmed_at": "2026-11-23T00:00:00Z"}, "#/address_proof/confirmed_at"),
]  # fmt: skip


def broken(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(body))
    place: Any = copy
    *steps, last = path.split("/")
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    if value is GONE:
        place.pop(last)
    else:
        place[last] = value
    return copy


def test_whatever_is_wrong_is_told_with_its_place_and_nothing_is_kept(shop: Program) -> None:
    for path, value, pointer in BROKEN:
        found = problem(shop.post("consents", broken(shop.checkout(), path, value)), 422)
        assert pointer in [one["pointer"] for one in found["errors"]], (path, value, found)
    twice = shop.checkout(shop.yes(), shop.yes())
    assert problem(shop.post("consents", twice), 422)["errors"] == [
        {"pointer": "#", "detail": "Satu tujuan hanya boleh sekali."}
    ]
    for body in ({"person": {"email": MAIL}, "source": "akun"}, {"person": {}, "everything": True, "source": "akun"}):
        problem(shop.post("withdrawals", body), 422)
    assert kept(shop.world) == 0


BODIES = [
    (b"", 422),
    (b"{", 400),
    (b"null", 422),
    (b"[]", 422),
    (b'"x"', 422),
    (b"\xff\xfe{}", 400),
    (b'{"person":{"email":"\\ud800"}}', 422),
    (b"[" * 60_000, 400),
    (b'{"a":' * 10_000, 400),
    (b'{"collected_at":NaN,"x":' + b"9" * 5000 + b"}", 400),
    (b" " * 65_537, 413),
    (b"\x00" * 2_000_000, 413),
]


def test_a_body_that_is_none_is_a_problem_and_no_error_of_ours(shop: Program) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": "nomor-000001"}
    headers["Authorization"] = f"Bearer {shop.key.secret}"
    for content, status in BODIES:
        problem(shop.client.post("/api/v1/consents", content=content, headers=headers), status)
    assert kept(shop.world) == 0


def test_consent_needs_a_name_for_its_request_and_leaving_does_not(shop: Program) -> None:
    leaves = {"person": {"email": MAIL}, "everything": True, "source": "akun"}
    for name in ("", "pendek", "ada spasi di sini", "x" * 129):
        headers = {"Authorization": f"Bearer {shop.key.secret}", **({"Idempotency-Key": name} if name else {})}
        found = problem(shop.client.post("/api/v1/consents", json=shop.checkout(), headers=headers), 422)
        assert [one["pointer"] for one in found["errors"]] == ["Idempotency-Key"]
        answer = shop.client.post("/api/v1/withdrawals", json=leaves, headers=headers)
        assert answer.status_code == (422 if name else 200)


def test_other_addresses_and_ways_of_asking_are_problems_too(shop: Program) -> None:
    problem(shop.client.get("/api/v1/rahasia"), 404)
    problem(shop.client.get("/api/v1/consents"), 405)
    problem(shop.client.get("/api/v1/consents/maria@surat.example"), 404)


def test_guessing_keys_is_slowed_down_and_so_is_a_key_that_asks_too_much(shop: Program) -> None:
    wrong = [shop.client.get("/api/v1/wordings", headers={"Authorization": "Bearer x"}) for _turn in range(35)]
    assert (wrong[0].status_code, wrong[-1].status_code) == (401, 429)
    assert wrong[-1].headers["Retry-After"] == "60"
    problem(wrong[-1], 429)
    assert shop.post("consents", shop.checkout()).status_code == 200  # a good key is not punished for others


def test_a_late_answer_is_refused_by_the_hour(shop: Program) -> None:
    now = shop.world.clock()
    for age, status in (
        (timedelta(hours=72), 200),
        (timedelta(hours=72, seconds=1), 422),
        (-timedelta(minutes=5), 200),
    ):
        body = shop.checkout(collected_at=(now - age).isoformat())
        assert shop.post("consents", body).status_code == status


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
PATHS = sorted({path for path, _value, _pointer in BROKEN})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PATHS), anything)
def test_any_value_in_any_field_is_taken_or_told(shop: Program, path: str, value: Any) -> None:
    shop.client.app.state.limiter.storage.reset()  # type: ignore[attr-defined]
    answer = shop.post("consents", broken(shop.checkout(), path, value))
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 422:
        problem(answer, 422)


def test_the_interface_does_what_its_own_description_says(shop: Program) -> None:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", shop.client.app)
    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    headers = {"Authorization": f"Bearer {shop.key.secret}"}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()

        @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def one(case: Any) -> None:
            shop.client.app.state.limiter.storage.reset()  # type: ignore[attr-defined]
            case.call_and_validate(headers=headers, checks=checks)

        one()
