"""The one table from what SendGrid said to what becomes of the messages in the call; pure.

Statuses by Twilio's "v3 API responses and status codes" and "Errors" (read 22 Nov 2026). There is no idempotency key, so a
call is repeated only when it cannot have been taken: not sent whole, refused, 429 or 503.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from marketing.channels.email.providers.sendgrid_wire import Answer
from marketing.channels.errors import TemporaryError

CONNECTION: Final = "connection"
SOON: Final = timedelta(minutes=1)
LATER: Final = timedelta(minutes=5)
OPERATOR: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(hours=1)
_ACCOUNT: Final[Mapping[int, tuple[str, timedelta]]] = {
    HTTPStatus.UNAUTHORIZED: ("credentials", OPERATOR),
    HTTPStatus.FORBIDDEN: ("sender_refused", OPERATOR),  # the key may not send, or nobody has verified the sender
    HTTPStatus.SERVICE_UNAVAILABLE: ("http_503", LATER),
}
_ID_LENGTH: Final = 100
_PERSON: Final = re.compile(r"personalizations\.(\d{1,4})(?:\.|$)")
_CONTENT: Final = ("personalizations", "content", "subject")


@dataclass(frozen=True, slots=True)
class Taken:
    """SendGrid has the messages; events name `message_id` and more after a dot."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """It left, and what became of it is not known: `reason` for every message."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was taken because of something in the call: `at_fault` are positions of personalizations, if it names them."""

    reason: str
    detail: str
    at_fault: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class TooLarge:
    """Nothing was taken: the call must be smaller."""


Verdict = Taken | Doubtful | Refused | TooLarge | TemporaryError
"""A TemporaryError is the account's fault or SendGrid's, not that of any message; its text is a reason code."""


def verdict(answer: Answer, now: datetime) -> Verdict:
    """Return what an answer to mail/send means."""
    match answer.status:
        case HTTPStatus.ACCEPTED | HTTPStatus.OK as status:  # 200 is the sandbox's
            known = _printable(answer.headers.get("x-message-id", ""))
            return Taken(known or ("sandbox" if status == HTTPStatus.OK else ""))
        case HTTPStatus.BAD_REQUEST:
            return _bad_request(answer)
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return TooLarge()
        case status if status in _ACCOUNT:
            return TemporaryError(*_ACCOUNT[status])
        case HTTPStatus.TOO_MANY_REQUESTS:
            return TemporaryError("rate", _reset(answer.headers, now))
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return Doubtful(f"http_{status}")
        case status if status >= HTTPStatus.MULTIPLE_CHOICES:  # a redirect, or an address that is not SendGrid's
            return TemporaryError("config", OPERATOR)
        case _:
            return Doubtful("unclear_answer")


def health(answer: Answer, now: datetime) -> TemporaryError | None:
    """Return what an answer to a harmless question (which scopes does this key have?) says against sending."""
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return TemporaryError("credentials", OPERATOR)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return TemporaryError("rate", _reset(answer.headers, now))
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TemporaryError(f"http_{answer.status}", SOON)
    scopes = _json(answer.body).get("scopes")
    if answer.status == HTTPStatus.OK and isinstance(scopes, list) and "mail.send" not in scopes:
        return TemporaryError("sender_refused", OPERATOR)
    return None


def read_batch_id(answer: Answer) -> str:
    """Return the id in an answer to mail/batch; the empty text when there is none."""
    found = _json(answer.body).get("batch_id")
    return _printable(found) if answer.status in {HTTPStatus.OK, HTTPStatus.CREATED} and isinstance(found, str) else ""


def _bad_request(answer: Answer) -> Verdict:
    said = _json(answer.body).get("errors")
    errors = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    fields = [str(one.get("field") or "") for one in errors]
    if not errors:
        return TemporaryError("config", OPERATOR)  # not SendGrid's words: something between us and them
    people = [found for name in fields if (found := _PERSON.match(name))]
    detail = next((name for name in fields if name), "")
    if people and len(people) == len(fields):
        return Refused("http_400", _printable(detail), frozenset(int(found[1]) for found in people))
    if detail and not detail.startswith(_CONTENT):
        return TemporaryError(
            "config", OPERATOR
        )  # asm, from, batch_id, categories: the same in every call of the account
    return Refused("http_400", _printable(detail))


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _reset(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return how long a 429 asks us to wait: X-RateLimit-Reset is seconds since 1970."""
    said = headers.get("x-ratelimit-reset", "")
    if not (said.isascii() and said.isdigit() and len(said) <= 11):  # noqa: PLR2004  digits of any moment to come
        return SOON
    return min(max(datetime.fromtimestamp(int(said), UTC) - now, timedelta(seconds=1)), LONGEST)


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isascii() and char.isprintable())[:_ID_LENGTH]
