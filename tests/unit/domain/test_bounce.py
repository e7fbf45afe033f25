"""The table of bounces: whose fault it is decides what follows, and a passing fault never costs anybody their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.bounce import (
    CONSEQUENCE,
    BounceClass,
    Consequence,
    classify,
    classify_dropped,
    classify_sendgrid,
)

HARD, SOFT, BLOCK, TECHNICAL = BounceClass.HARD, BounceClass.SOFT, BounceClass.BLOCK, BounceClass.TECHNICAL

# The words of the table: RFC 3463, the IANA registry of enhanced status codes, and what servers really write.
BY_STATUS = [
    ("5.1.1", "", HARD),
    ("5.1.2", "", HARD),
    ("5.1.3", "", HARD),
    ("5.1.6", "", HARD),
    ("5.1.10", "", HARD),  # RFC 7505: a domain that takes no mail
    ("5.2.1", "", HARD),
    ("5.1.1", "smtp; 550 5.1.1 User unknown", HARD),
    ("5.2.2", "smtp; 552 5.2.2 Mailbox full", SOFT),
    ("5.3.0", "", SOFT),
    ("5.3.4", "", SOFT),
    ("5.4.1", "", SOFT),
    ("5.4.7", "", SOFT),
    ("5.7.1", "smtp; 550 5.7.1 User unknown", BLOCK),  # the status decides, not the words
    ("5.7.26", "550-5.7.26 unauthenticated mail (DMARC)", BLOCK),
    ("5.7.606", "", SOFT),  # three digits: no status of the registry's form, and no words
    ("5.6.1", "", TECHNICAL),
    ("5.5.2", "", TECHNICAL),
    ("5.2.3", "", TECHNICAL),
    ("5.1.8", "", BLOCK),  # the sender's address is the bad one
    ("4.1.1", "", SOFT),
    ("4.7.1", "greylisted", SOFT),
    ("4.2.2", "", SOFT),
]
# No status, or one that says no more than "no".
BY_WORDS = [
    ("5.0.0", "smtp; 550 5.1.1 <x@y>: Recipient address rejected: User unknown", HARD),
    ("5.0.0", "smtp; 550 5.7.1 Message rejected as spam", BLOCK),
    ("5.0.0", "X-Postfix; host mx said: 550 unknown user", HARD),
    ("5.0.0", "", SOFT),
    ("", "550 No such user here", HARD),
    ("", "Sorry, no mailbox here by that name. (#5.1.1)", HARD),
    ("", "552 Quota violation for x@y", SOFT),
    ("", "554 delivery error: This user doesn't have a yahoo.com account", HARD),
    ("", "550 Your IP is listed in zen.example (dnsbl)", BLOCK),
    ("", "554 Message blocked: user unknown to our spam filter", BLOCK),  # in doubt for the person
    ("", "Could not connect to 192.0.2.1, timed out", SOFT),
    ("", "552 Message size exceeds fixed maximum message size", TECHNICAL),
    ("", "tidak terkirim: pengguna tidak ditemukan", HARD),
    ("", "mailto penuh", SOFT),
    ("", "something nobody has ever read", SOFT),
    ("", "", SOFT),
]
# Contradictions: a 4.x.x anywhere wins, because it may pass.
CONTRADICTIONS = [
    ("5.1.1", "smtp; 450 4.1.1 unverified address: user unknown", SOFT),
    ("5.1.1", "smtp; 451 try later", SOFT),
    ("4.4.7", "smtp; 550 5.1.1 user unknown", SOFT),
    ("4.4.1 (Persistent transient failure)", "", SOFT),
]
# Numbers that look like a status and are none.
LOOK_ALIKES = [
    ("", "host mx[5.1.1.2] said: mailbox full", SOFT),
    ("", "Exim 4.94.2: no such user here", HARD),
    ("", "relay=[205.1.1.5] no such user here", HARD),
    ("", "2.0.0 ok, then 550 5.1.1 user unknown", HARD),
]


@pytest.mark.parametrize(("status", "text", "expected"), [*BY_STATUS, *BY_WORDS, *CONTRADICTIONS, *LOOK_ALIKES])
def test_the_class_follows_the_table(status: str, text: str, expected: BounceClass) -> None:
    assert classify(status=status, text=text).bounce is expected


@pytest.mark.parametrize(("status", "text", "_expected"), BY_STATUS)
def test_what_is_still_being_tried_is_soft(status: str, text: str, _expected: BounceClass) -> None:
    assert classify(status=status, text=text, delayed=True).bounce is SOFT


@given(st.integers(0, 7), st.integers(0, 99), st.text(max_size=200))
def test_a_temporary_status_is_never_hard_whatever_else_is_said(subject: int, detail: int, text: str) -> None:
    assert classify(status=f"4.{subject}.{detail}", text=text).bounce is SOFT
    assert classify(status="5.1.1", text=f"{text} 4.{subject}.{detail} {text}").bounce in (SOFT, HARD)
    assert classify(status="5.1.1", text=f"4.{subject}.{detail} {text}").bounce is SOFT


@given(st.text(max_size=3_000), st.text(max_size=3_000))
def test_any_text_has_a_class(status: str, text: str) -> None:
    assert classify(status=status, text=text).bounce in CONSEQUENCE


def test_only_what_is_said_of_the_address_or_by_the_person_suppresses() -> None:
    suppressing = {bounce for bounce, what in CONSEQUENCE.items() if what is Consequence.SUPPRESS}
    assert suppressing == {BounceClass.HARD, BounceClass.COMPLAINT}
    assert CONSEQUENCE[BLOCK] is Consequence.WATCH_CAMPAIGN
    assert CONSEQUENCE[SOFT] is Consequence.COUNT
    assert CONSEQUENCE[TECHNICAL] is Consequence.ALERT


# kind, bounce_classification, status, reason (SendGrid: Event Webhook Reference; Bounce and Block Classifications)
SENDGRID = [
    ("bounce", "Invalid Address", "5.1.1", "550 5.1.1 unknown", HARD),
    ("bounce", "Invalid Address", "", "", HARD),
    ("bounce", "Invalid Address", "4.1.1", "450 4.1.1 unknown", SOFT),
    ("bounce", "Invalid Address", "5.0.0", "451 4.7.1 later", SOFT),
    ("bounce", "Mailbox Unavailable", "5.2.1", "550 5.2.1 disabled", SOFT),
    ("bounce", "Reputation", "5.7.1", "", BLOCK),
    ("bounce", "Content", "", "", BLOCK),
    ("bounce", "Frequency or Volume Too High", "4.7.0", "", BLOCK),
    ("bounce", "Technical Failure", "", "", TECHNICAL),
    ("bounce", "Unclassified", "5.1.1", "550 5.1.1 no such user", HARD),
    ("bounce", "", "5.1.1", "550 5.1.1 no such user", HARD),
    ("bounce", "Something new", "", "what nobody knows", SOFT),
    ("blocked", "Invalid Address", "5.1.1", "550 5.1.1 no such user", BLOCK),
    ("blocked", "Mailbox Unavailable", "", "", SOFT),
    ("blocked", "", "5.7.1", "", BLOCK),
    ("expired", "Invalid Address", "5.1.1", "", SOFT),
]


@pytest.mark.parametrize(("kind", "classification", "status", "reason", "expected"), SENDGRID)
def test_what_sendgrid_says(kind: str, classification: str, status: str, reason: str, expected: BounceClass) -> None:
    verdict = classify_sendgrid(kind=kind, classification=classification, status=status, reason=reason)
    assert verdict.bounce is expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("Bounced Address", HARD),
        ("Invalid", HARD),
        ("Spam Reporting Address", BounceClass.COMPLAINT),
        ("Unsubscribed Address", BounceClass.NONE),
        ("Spam Content (if Spam Checker app enabled)", TECHNICAL),
        ("Invalid SMTPAPI header", TECHNICAL),
        ("Recipient List over Package Quota", TECHNICAL),
    ],
)
def test_what_sendgrid_never_sent(reason: str, expected: BounceClass) -> None:
    assert classify_dropped(reason).bounce is expected
