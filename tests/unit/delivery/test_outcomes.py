"""From what a provider said to what becomes of the message."""

from datetime import UTC, datetime, timedelta

import pytest

from marketing.channels.base import Accepted, Deferred, Failed, InDoubt
from marketing.delivery.outcomes import CHAT_ATTEMPTS, LONGEST_WAIT, MAX_ATTEMPTS, settle
from marketing.domain.message import MessageState
from marketing.domain.types import ChannelName, EmailType

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
MARKETING = [kind for kind in EmailType if kind is not EmailType.TRANSACTIONAL]


def test_accepted_keeps_the_providers_id() -> None:
    result = settle(Accepted("1", "queued as A1"), email_type=EmailType.NEWSLETTER, attempt=1, now=NOW)
    assert (result.state, result.provider_id) == (MessageState.ACCEPTED, "queued as A1")


def test_a_refusal_is_final() -> None:
    result = settle(Failed("1", "smtp_550", "5.1.1"), email_type=EmailType.NEWSLETTER, attempt=1, now=NOW)
    assert (result.state, result.reason, result.detail) == (MessageState.FAILED, "smtp_550", "5.1.1")


def test_waits_grow_never_undercut_the_provider_and_end() -> None:
    outcome = Deferred("1", "smtp_451", timedelta(minutes=5))
    waits = [
        settle(outcome, email_type=EmailType.NEWSLETTER, attempt=n, now=NOW).not_before for n in range(1, MAX_ATTEMPTS)
    ]
    known = [wait for wait in waits if wait is not None]
    assert all(timedelta(minutes=5) <= wait - NOW <= LONGEST_WAIT for wait in known)
    assert waits == sorted(known)
    last = settle(outcome, email_type=EmailType.NEWSLETTER, attempt=MAX_ATTEMPTS, now=NOW)
    assert (last.state, last.reason) == (MessageState.FAILED, "gave_up")


@pytest.mark.parametrize("kind", MARKETING)
def test_a_lost_answer_never_repeats_marketing(kind: EmailType) -> None:
    assert settle(InDoubt("1", "lost"), email_type=kind, attempt=1, now=NOW).state is MessageState.UNKNOWN


def test_order_mail_is_repeated_after_a_lost_answer() -> None:
    lost = settle(InDoubt("1", "lost"), email_type=EmailType.TRANSACTIONAL, attempt=1, now=NOW)
    assert lost.state is MessageState.DEFERRED


def test_what_was_no_attempt_is_never_given_up_and_keeps_the_providers_word() -> None:
    for attempt in (1, MAX_ATTEMPTS, MAX_ATTEMPTS * 10):
        for wait, waited in ((0, 1), (42, 42), (86_400, LONGEST_WAIT.total_seconds())):
            outcome = Deferred("1", "rate", timedelta(seconds=wait), counted=False)
            found = settle(outcome, email_type=EmailType.PROMOTIONAL, attempt=attempt, now=NOW)
            assert (found.state, found.reason, found.counted) == (MessageState.DEFERRED, "rate", False)
            assert found.not_before == NOW + timedelta(seconds=waited)


@pytest.mark.parametrize("kind", list(EmailType))
def test_on_whatsapp_nothing_in_doubt_is_repeated_and_a_day_s_wait_is_kept_whole(kind: EmailType) -> None:
    chat = ChannelName.WHATSAPP
    lost = settle(InDoubt("1", "lost"), email_type=kind, attempt=1, now=NOW, channel=chat)
    assert lost.state is MessageState.UNKNOWN
    capped = Deferred("1", "wa_131049", timedelta(hours=24))
    for attempt in range(1, CHAT_ATTEMPTS):
        found = settle(capped, email_type=kind, attempt=attempt, now=NOW, channel=chat)
        assert found.not_before == NOW + timedelta(hours=24)
    last = settle(capped, email_type=kind, attempt=CHAT_ATTEMPTS, now=NOW, channel=chat)
    assert (last.state, last.reason, last.detail) == (MessageState.FAILED, "gave_up", "wa_131049")
