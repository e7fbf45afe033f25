"""WhatsApp's pure parts: what is written, what an error asks for, what a webhook says, and what a template must look like."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.base import Deferred, Failed, InDoubt
from marketing.channels.whatsapp.cloud import tier_of
from marketing.channels.whatsapp.cloud_errors import DAY, Fault, action_of, outcome_of, sentence
from marketing.channels.whatsapp.cloud_payload import misfit, template_of
from marketing.channels.whatsapp.webhook import Other, Status, challenge, is_genuine, read
from marketing.demo.simulators.whatsapp import WABA, proved
from marketing.demo.simulators.whatsapp_templates import TemplateRules
from marketing.demo.simulators.whatsapp_words import RefusalError
from marketing.domain.whatsapp_message import FaultAction, StatusKind, TemplateCategory
from marketing.domain.whatsapp_template import Draft, TemplateState, faults_of, shape_of, state_of, submission
from tests.support.whatsapp import template

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(["messages", "user_preferences", "message_template_status_update", "x", ""])


@pytest.mark.parametrize(
    ("code", "action"),
    [
        (131050, FaultAction.OPTED_OUT),
        (131049, FaultAction.LATER),
        (131026, FaultAction.UNREACHABLE),
        (130429, FaultAction.RETRY),
        (131056, FaultAction.RETRY),
        (131042, FaultAction.ACCOUNT),
        (131031, FaultAction.ACCOUNT),
        (190, FaultAction.RECONNECT),
        (200, FaultAction.RECONNECT),
        (132001, FaultAction.TEMPLATE),
        (132015, FaultAction.TEMPLATE),
        (132016, FaultAction.TEMPLATE),
        (132000, FaultAction.FAIL),
        (132012, FaultAction.FAIL),
        (987654, FaultAction.FAIL),
    ],
)
def test_a_code_asks_for_one_thing_and_is_a_sentence(code: int, action: FaultAction) -> None:
    assert action_of(code) is action
    assert sentence(code).endswith(f"(wa_{code}).") or sentence(code).endswith(f"(wa_{code})")


@given(code=st.integers(-5, 200_000), status=st.integers(400, 599))
def test_nothing_is_repeated_that_may_have_gone(code: int, status: int) -> None:
    outcome = outcome_of("1", Fault(code, status))
    if code in {1, 2} or (code < 100_000 and status >= 500):
        assert isinstance(outcome, InDoubt)
    else:
        assert isinstance(outcome, Deferred | Failed)


def test_the_cap_of_a_person_waits_a_day_at_least_and_counts() -> None:
    outcome = outcome_of("1", Fault(131049, 400, timedelta(seconds=3)))
    assert outcome == Deferred("1", "wa_131049", DAY)


@given(st.lists(st.text(max_size=300), max_size=3), st.text(max_size=20))
def test_what_fits_us_fits_the_rules_of_templates(values: list[str], end: str) -> None:
    rules = TemplateRules()
    button = {"type": "URL", "text": "Lihat", "url": "https://siar.example/{{1}}"}
    words = " ".join(f"isian {{{{{number}}}}}" for number in range(1, len(values) + 1))
    rules.add("a", f"Halo {words}.", buttons=[button] if end else [])
    message = template(template="a", body=tuple(values), buttons=(end,) if end else ())
    if misfit(message):
        return
    try:
        rules.filled(template_of(message))
    except RefusalError as refusal:
        assert refusal.code == 132005  # noqa: PT017  only the words around the values make it too long


@pytest.mark.parametrize("tier", [("TIER_2K", 2_000), ("TIER_UNLIMITED", None), ("TIER_BARU", 250), (None, 250)])
def test_an_unknown_limit_is_the_smallest(tier: tuple[object, int | None]) -> None:
    assert tier_of(tier[0]) == tier[1]


@given(FIELDS, ANYTHING)
def test_whatever_is_told_is_read_or_refused(name: str, value: Any) -> None:
    entry = {"id": WABA, "time": 1, "changes": [{"field": name, "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    for news in read(body, NOW):
        if isinstance(news, Other):
            json.dumps(news.facts).encode("utf-8")


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_no_news(body: bytes) -> None:
    try:
        assert read(body, NOW) == ()
    except ValueError:
        assert not is_genuine(body, "sha256=", "rahasia")


def test_the_same_status_has_one_identity_and_a_tampered_body_no_proof() -> None:
    status = {"id": "wamid.1", "status": "failed", "timestamp": str(int(NOW.timestamp())), "errors": [{"code": 131026}]}
    value = {"metadata": {"phone_number_id": "5"}, "statuses": [status, dict(status)]}
    change = {"field": "messages", "value": value}
    payload = {"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": [change, change]}]}
    (news,) = read(json.dumps(payload).encode(), NOW)
    assert isinstance(news, Status)
    assert (news.report.kind, news.report.code, news.report.action) == (
        StatusKind.FAILED,
        131026,
        FaultAction.UNREACHABLE,
    )
    assert read(json.dumps(payload).encode(), NOW + timedelta(days=9)) == ()
    body = b'{"object": "x"}'
    secret = "f0f1d2c3b4a5968778695a4b3c2d1e0f"
    proof = proved(body)["X-Hub-Signature-256"]
    assert is_genuine(body, proof, secret)
    assert not any(is_genuine(*wrong) for wrong in ((body + b" ", proof, secret), (body, proof, "lain"), (body, proof, ""), (body, "é", secret)))  # fmt: skip


def test_only_metas_question_is_answered() -> None:
    assert challenge("subscribe", "kata", "123", "kata") == "123"
    wrong = [
        ("x", "kata", "1", "kata"),
        ("subscribe", "", "1", ""),
        ("subscribe", "é", "1", "kata"),
        ("subscribe", "kata", "<b>", "kata"),
    ]
    assert [challenge(*one) for one in wrong] == [None] * 4


DRAFT = Draft("kabar_tenun", "id", TemplateCategory.MARKETING, "Halo {{1}}, ada {{2}} baru.", ("Ani", "tenun"))


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Kabar"},
        {"language": "Indonesia"},
        {"body": "  "},
        {"body": "{{1}} dan {{2}}."},
        {"body": "Halo {{1}} dan {{3}}."},
        {"body": "Halo {{nama}} {{1}} {{2}}."},
        {"body": "a" * 1025},
        {"examples": ("Ani",)},
        {"footer": "a" * 61},
        {"button_text": "Lihat"},
        {"button_text": "Lihat", "url": "http://siar.example"},
        {"button_text": "Lihat", "url": "https://siar.example/{{1}}"},
        {"leave_text": "a" * 26},
    ],
)
def test_a_draft_that_meta_would_refuse_is_told_before(change: dict[str, Any]) -> None:
    assert faults_of(DRAFT) == []
    assert TemplateRules().create(submission(DRAFT))["status"] == "PENDING"
    assert faults_of(replace(DRAFT, **change))


def test_a_template_is_read_as_meta_lists_it_and_only_what_we_can_fill_is_offered() -> None:
    rules = TemplateRules()
    link = {"type": "URL", "text": "Lihat", "url": "https://siar.example/{{1}}"}
    plain = rules.add("a", "Halo {{1}}.", header="IMAGE", buttons=[link]).listed()
    shape = shape_of(plain["components"])
    assert (shape.body, shape.header, shape.buttons[0].filled, shape.fillable) == ("Halo {{1}}.", "image", True, True)
    unfillable: list[tuple[list[dict[str, str]], str]] = [([{"type": "COPY_CODE"}], "Halo."), ([], "Halo {{nama}}.")]
    for buttons, body in unfillable:
        assert not shape_of(rules.add("b", body, buttons=buttons).components).fillable
    assert shape_of("bukan daftar").body == ""
    assert [state_of(word) for word in ("APPROVED", "REINSTATED", "BARU", None)] == [
        TemplateState.APPROVED,
        TemplateState.APPROVED,
        TemplateState.UNKNOWN,
        TemplateState.UNKNOWN,
    ]
