"""What leaves for SendGrid fits Twilio's own description of it, whatever the mails are."""

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from marketing.channels.email.providers.sendgrid_answer import Refused, Taken, health, verdict
from marketing.channels.email.providers.sendgrid_request import (
    MAX_PERSONALIZATIONS,
    MAX_REQUEST_BYTES,
    MAX_SUBSTITUTION_BYTES,
    Call,
    SendGridOptions,
    calls_for,
    refusal,
)
from marketing.channels.email.providers.sendgrid_wire import Answer
from marketing.channels.errors import TemporaryError
from marketing.domain.content import OutboundEmail, WholeBody
from marketing.domain.stencil import FilledBody
from marketing.domain.types import EmailType, Purpose
from tests.support.mail import HELLO, NOW, mail, stencil_of

SPEC = Path(os.environ.get("SIAR_SPECS", "")) / "sendgrid-mail-v3.openapi.json"
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30).filter(str.strip)
LITERALS = st.lists(
    st.sampled_from(
        ["<p>Halo ", "</p>\n", "x" * 500, "10 %", "%s", "^~", "é", "tenun " * 50, "🙂", "%s5feceb", "%s5fecebx"]
    ),
    min_size=2,
    max_size=6,
)
OWN = st.sampled_from(["Siti", "50%", "s5fecebx0000", "s5fecebx", "x0000", "&<b>", "^~|%", "é", "z" * 900, "0000%"])
"""%s5fecebx0000% is the first tag there is."""


@st.composite
def emails(draw: st.DrawFn) -> list[OutboundEmail]:
    stencils = [stencil_of("<html>", *draw(LITERALS)) for _number in range(2)]
    found = []
    for number in range(draw(st.integers(1, 8))):
        stencil = draw(st.sampled_from(stencils))
        filled = FilledBody(stencil, tuple(draw(OWN) for _word in stencil.html.words), ())
        whole = WholeBody("<html>" + draw(OWN), draw(st.sampled_from(["", " \n", "Halo"])))
        found.append(
            mail(
                f"k{number}",
                recipient_address=draw(st.sampled_from(["a@x.example", "b@x.example", f"o{number}@y.example"])),
                recipient_name=draw(WORDS | st.just("")),
                sender_name=draw(st.sampled_from(["Dinas", "Dinas Koperasi, UKM; dan “Lainnya”", ""])),
                subject=draw(WORDS | st.just("%s5fecebx0000%")),
                email_type=draw(st.sampled_from(EmailType)),
                reply_to=draw(st.sampled_from(["", "dinas@siar.example"])),
                campaign=draw(st.sampled_from([0, 7])),
                body=draw(st.sampled_from([filled, filled, filled, whole])),
            )
        )
    return found


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with each tag replaced by its value, as a provider does it."""
    for tag, value in values.items():
        template = template.replace(tag, value)
    return template


def assert_within_limits(calls: list[Call]) -> None:
    for call in calls:
        people = call.body["personalizations"]
        assert 1 <= len(people) <= MAX_PERSONALIZATIONS
        addresses = [person["to"][0]["email"].lower() for person in people]
        assert len(set(addresses)) == len(addresses)
        assert len(json.dumps(call.body).encode()) <= MAX_REQUEST_BYTES
        for person in people:
            own = person.get("substitutions", {})
            assert sum(len(part.encode()) for pair in own.items() for part in pair) <= MAX_SUBSTITUTION_BYTES


@given(emails())
@settings(max_examples=80)
def test_each_mail_stands_in_exactly_one_call_and_comes_out_as_it_went_in(batch: list[OutboundEmail]) -> None:
    calls = list(calls_for(batch, SendGridOptions()))
    assert sorted(email.key for call in calls for email in call.emails) == sorted(email.key for email in batch)
    assert_within_limits(calls)
    for call in calls:
        content = {part["type"]: part["value"] for part in call.body["content"]}
        for email, person in zip(call.emails, call.body["personalizations"], strict=True):
            own: Mapping[str, str] = person.get("substitutions", {})
            assert fill(content["text/html"], own) == email.html
            assert fill(content.get("text/plain", ""), own) == (email.text if email.text.strip() else "")
            assert fill(person["subject"], own) == email.subject
            assert person["custom_args"] == {"siar": email.reference}


def test_a_thousand_and_one_never_leave_in_one_call() -> None:
    calls = list(calls_for([mail(f"o{number}") for number in range(2_001)], SendGridOptions()))
    assert [len(call.emails) for call in calls] == [1_000, 1_000, 1]


def test_thirty_megabytes_are_never_reached() -> None:
    batch = [mail(f"o{number}", html=f"<p>{'🙂' * 2_200_000}{number}</p>") for number in range(2)]
    assert all(refusal(email) is None for email in batch)
    assert_within_limits(list(calls_for(batch, SendGridOptions())))
    found = refusal(mail("besar", html="<p>" + "🙂" * 3_000_000))
    assert found is not None
    assert found.reason == "too_large"


def test_people_with_long_parts_of_their_own_leave_in_calls_that_stay_small_enough() -> None:
    stencil = stencil_of(*["<p>" + "tenun " * 400] * 9)
    batch = [mail(f"o{n}", body=FilledBody(stencil, (str(n), *["é" * 600] * 7), ())) for n in range(600)]
    calls = list(calls_for(batch, SendGridOptions()))
    assert_within_limits(calls)
    assert sum(len(call.emails) for call in calls) == len(batch)
    assert all("substitutions" not in person for call in calls for person in call.body["personalizations"])
    short = [mail(f"o{n}", body=FilledBody(stencil, (str(n), *["é" * 300] * 7), ())) for n in range(400)]
    assert [len(call.emails) for call in calls_for(short, SendGridOptions())] == [400]


def test_who_has_a_sign_of_the_tags_in_a_word_leaves_with_other_tags_and_the_rest_together() -> None:
    batch = [mail(f"o{n}", body=FilledBody(HELLO, ("10%" if n == 3 else f"Siti {n}",), ())) for n in range(9)]
    assert [len(call.emails) for call in calls_for(batch, SendGridOptions())] == [8, 1]
    assert [len(call.emails) for call in calls_for(batch[3:], SendGridOptions())] == [6]


def test_mails_in_one_piece_leave_one_by_one() -> None:
    batch = [mail(f"o{n}", html="<p>sama", text="sama") for n in range(4)]
    assert [len(call.emails) for call in calls_for(batch, SendGridOptions())] == [1] * 4


def test_a_repr_shows_nobody() -> None:
    (call,) = calls_for([mail("siti")], SendGridOptions())
    assert "siti" not in repr(call)


@cache
def described() -> Draft202012Validator:
    spec = json.loads(SPEC.read_text("utf-8"))
    schema = spec["components"]["requestBodies"]["PostMailSend"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": spec["components"]})


with_description = pytest.mark.skipif(not SPEC.is_file(), reason="SIAR_SPECS names no folder with Twilio's OpenAPI")


@with_description
@given(emails(), st.integers(1, 99_999), st.booleans(), st.booleans())
@settings(max_examples=40)
def test_every_shape_of_call_fits_twilios_own_description(
    batch: list[OutboundEmail], group: int, sandbox: bool, held: bool
) -> None:
    batch_id, send_at = ("b-1", int(NOW.timestamp())) if held else ("", 0)
    options = SendGridOptions(sandbox, {Purpose.PROMOTIONAL: group}, batch_id, send_at)
    for call in calls_for(batch, options):
        assert list(described().iter_errors(call.body)) == []


@with_description
def test_the_description_refuses_what_ours_never_makes() -> None:
    (call,) = calls_for([mail("a")], SendGridOptions())
    body: dict[str, Any] = dict(call.body)
    assert described().is_valid(body)
    assert not described().is_valid({**body, "personalizations": body["personalizations"] * 1_001})
    assert not described().is_valid({**body, "custom_args": {"siar": "x"}})
    assert not described().is_valid({name: value for name, value in body.items() if name != "from"})


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


@given(st.integers(100, 599), st.binary(max_size=60), st.text(max_size=20))
def test_every_answer_has_a_meaning_and_only_202_and_200_mean_taken(status: int, body: bytes, header: str) -> None:
    said = answer(status, body, x_message_id=header, x_ratelimit_reset=header)
    found = verdict(said, NOW)
    assert isinstance(found, Taken) == (status in {200, 202})
    health(said, NOW)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b'{"errors": 5}', b'{"errors": null}', b'{"errors": []}', b"[" * 100_000, b"<html>"],
)
def test_a_400_in_words_that_are_not_sendgrids_blames_nobody(body: bytes) -> None:
    assert isinstance(verdict(answer(400, body), NOW), TemporaryError)


def test_a_400_names_the_people_at_fault_only_when_all_of_it_is_about_people() -> None:
    def said(*fields: str | None) -> Answer:
        return answer(400, json.dumps({"errors": [{"message": "m", "field": name} for name in fields]}).encode())

    assert verdict(said("personalizations.3.to.0.email"), NOW) == Refused(
        "http_400", "personalizations.3.to.0.email", frozenset({3})
    )
    assert verdict(said("personalizations.3.subject", "subject"), NOW) == Refused(
        "http_400", "personalizations.3.subject"
    )
    assert isinstance(verdict(said("from.email"), NOW), TemporaryError)
    assert verdict(said(None), NOW) == Refused("http_400", "")
