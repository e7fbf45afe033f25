"""A SendGrid that keeps SendGrid's rules for v3 mail/send, and writes down which mail each person would have got.

Written from Twilio's OpenAPI and its pages "Mail Send: Limitations", "Errors" and "Cancel scheduled sends" (read 22 Nov 2026), not
from our adapter. Filling in of substitutions is done here anew: plain replacement in subject and content, tag by tag.
"""

import json
import socket
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any

from marketing.demo.simulators.server import Asked, ProviderServer, Reply

KEY = "SG.kunci-rahasia.untuk-uji"
RESERVED = {
    "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to", "from", "subject",
    "reply-to", "cc", "bcc",
}  # fmt: skip
MAX_BYTES = 30_000_000


class Wrong(StrEnum):
    """What goes wrong once with the next mail/send."""

    AFTER_BODY = "takes the mail and hangs up"
    SILENT = "takes the mail and says nothing"
    DRIPS = "takes the mail and drips its answer"
    GARBAGE = "takes the mail and says something that is not HTTP"
    CUT_BODY = "answers 202 and breaks off in the body"


@dataclass(frozen=True)
class Got:
    """A mail as its reader would see it."""

    address: str
    name: str
    subject: str
    html: str
    text: str
    headers: Mapping[str, str]
    reference: str


class RefusedError(Exception):
    """A 400 in SendGrid's words."""

    def __init__(self, message: str, where: str | None, status: int = 400) -> None:
        super().__init__(message)
        self.reply = Reply({"errors": [{"message": message, "field": where, "help": None}]}, status)


@dataclass
class Rules:
    """What a test may change."""

    scopes: tuple[str, ...] = ("mail.send", "mail.batch.create")
    calls_left: int = 1_000_000
    reset: int = 0
    bad_addresses: set[str] = field(default_factory=set)
    names_fields: bool = True
    answers: deque[Reply | Wrong] = field(default_factory=deque)


class SendGridServer(ProviderServer):
    """One account, one key."""

    def __init__(self) -> None:
        super().__init__()
        self.rules = Rules()
        self.got: list[Got] = []
        self.bodies: list[dict[str, Any]] = []
        self.batches: set[str] = set()
        self.cancelled: set[str] = set()
        self.numbers = count(1)

    def stop(self) -> None:
        """Listen no more; leaving the `with` afterwards does no harm."""
        self.__exit__()

    def serve(self, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        wrong = None
        if asked.path == "/v3/mail/send" and self.rules.answers:
            scripted = self.rules.answers.popleft()
            if isinstance(scripted, Reply):
                self.asked.append(asked)
                _say(handler, scripted)
                return
            wrong = scripted
        with self._lock:
            self.asked.append(asked)
            reply = self.answer(asked)
        if wrong is None:
            _say(handler, reply)
            return
        handler.close_connection = True
        self._misbehave(handler, wrong)

    def _misbehave(self, handler: BaseHTTPRequestHandler, wrong: Wrong) -> None:
        if wrong is Wrong.SILENT:
            self._release.wait(30)
        elif wrong is Wrong.GARBAGE:
            handler.wfile.write(b"\x00\xff SSH-2.0-lain\r\n\r\n")
        elif wrong is Wrong.CUT_BODY:
            handler.wfile.write(b"HTTP/1.1 202 Accepted\r\nX-Message-Id: putus\r\nContent-Length: 500\r\n\r\n{")
        elif wrong is Wrong.DRIPS:
            with suppress(OSError):
                for octet in b"HTTP/1.1 202 Accepted\r\n" + b"X-Lambat: ya\r\n" * 1000:
                    handler.wfile.write(bytes([octet]))
                    if self._release.wait(0.05):
                        return

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return RefusedError("The provided authorization grant is invalid, expired, or revoked", None, 401).reply
        paths: dict[tuple[str, str], Callable[[Asked], Reply]] = {
            ("GET", "/v3/scopes"): lambda _asked: Reply({"scopes": list(self.rules.scopes)}),
            ("POST", "/v3/mail/send"): self._send,
            ("POST", "/v3/mail/batch"): self._batch,
            ("POST", "/v3/user/scheduled_sends"): self._cancel,
        }
        act = paths.get((asked.method, asked.path))
        if act is None:
            return RefusedError("not found", None, 404).reply
        try:
            return act(asked)
        except RefusedError as refused:
            return refused.reply

    def _batch(self, _asked: Asked) -> Reply:
        found = f"YOUR_BATCH_{next(self.numbers)}"
        self.batches.add(found)
        return Reply({"batch_id": found}, 201)

    def _cancel(self, asked: Asked) -> Reply:
        batch = asked.json.get("batch_id")
        if batch not in self.batches or asked.json.get("status") not in {"cancel", "pause"}:
            raise RefusedError("invalid batch id", "batch_id")
        if len(self.cancelled) >= 10:
            raise RefusedError("no more than 10 batches at a time", "batch_id")
        self.cancelled.add(batch)
        return Reply({"batch_id": batch, "status": "cancel"}, 201)

    def _send(self, asked: Asked) -> Reply:
        if "mail.send" not in self.rules.scopes:
            raise RefusedError("access forbidden", None, 403)
        if self.rules.calls_left <= 0:
            limits = {
                "X-RateLimit-Limit": "600",
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": str(self.rules.reset),
            }
            return Reply({"errors": [{"field": None, "message": "too many requests"}]}, 429, limits)
        self.rules.calls_left -= 1
        if len(asked.body) > MAX_BYTES:
            raise RefusedError("content too large", None, 413)
        if asked.headers.get("content-type") != "application/json" or not asked.json:
            raise RefusedError("Bad Request", None)
        body = asked.json
        self._check(body)
        self.bodies.append(body)
        if body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
            return Reply(b"", 200)
        for one in body["personalizations"]:
            self.got.append(_filled(body, one))
        return Reply(b"", 202, {"X-Message-Id": f"pesan-{next(self.numbers)}"})

    def _check(self, body: dict[str, Any]) -> None:
        people = body.get("personalizations")
        if not isinstance(people, list) or not people:
            raise RefusedError("You must have at least one personalization.", "personalizations")
        if len(people) > 1000:
            raise RefusedError(
                f"The personalization block is limited to 1000 personalizations per API request. You have provided {len(people)} personalizations.",
                "personalizations",
            )
        self._check_people(body, people)
        _check_mailbox(body.get("from"), "from")
        _check_content(body.get("content", []))
        names = body.get("categories", [])
        if len(names) > 10 or len(set(names)) != len(names) or any(len(name) > 255 for name in names):
            raise RefusedError("categories", "categories")
        if not isinstance(body.get("custom_args", ""), str):
            raise RefusedError("custom_args", "custom_args")
        if "batch_id" in body and body["batch_id"] not in self.batches:
            raise RefusedError("The batch_id is invalid.", "batch_id")
        if body.get("send_at", 0) > self.now.timestamp() + 72 * 3600:
            raise RefusedError("Scheduling more than 72 hours in advance is forbidden.", "send_at")

    def _check_people(self, body: dict[str, Any], people: list[dict[str, Any]]) -> None:
        seen: Counter[str] = Counter()
        for number, one in enumerate(people):
            self._check_person(body, one, f"personalizations.{number}")
            seen.update(to["email"].lower() for kind in ("to", "cc", "bcc") for to in one.get(kind, ()))
        if sum(seen.values()) > 1000:
            raise RefusedError(
                "There is a limit of 1000 total recipients (to + cc + bcc) per request.", "personalizations"
            )
        if any(times > 1 for times in seen.values()):
            raise RefusedError(
                "Each unique email address in the personalizations array should only be included once.",
                "personalizations",
            )

    def _check_person(self, body: dict[str, Any], one: dict[str, Any], where: str) -> None:
        if not one.get("to"):
            raise RefusedError("The to parameter is required for all personalization objects", f"{where}.to")
        for number, to in enumerate(one["to"]):
            _check_mailbox(to, f"{where}.to.{number}")
            if to["email"] in self.rules.bad_addresses:
                place = f"{where}.to.{number}.email" if self.rules.names_fields else "personalizations"
                raise RefusedError("Does not contain a valid address.", place)
        if not one.get("subject") and not body.get("subject"):
            raise RefusedError("The subject is required.", "subject")
        for name, value in one.get("headers", {}).items():
            if name.lower() in RESERVED or not isinstance(value, str) or not name.isascii():
                raise RefusedError("One of your headers is reserved.", f"{where}.headers.{name}")
            if set(value) & set("\r\n\x00"):
                raise AssertionError("a header was smuggled in: SendGrid's client does not look, we must")
        tags = one.get("substitutions", {})
        if sum(len(part.encode()) for pair in tags.items() for part in pair) > 10_000:
            raise RefusedError(
                "Substitutions are limited to 10000 bytes per personalization block.", f"{where}.substitutions"
            )
        if len(json.dumps(one.get("custom_args", {}))) > 10_000:
            raise RefusedError("custom_args may not exceed 10000 bytes", f"{where}.custom_args")


def _check_content(parts: list[dict[str, str]]) -> None:
    kinds = [part.get("type") for part in parts]
    if not kinds or not all(part.get("value") for part in parts):
        raise RefusedError("The content value must be a string at least one character in length.", "content.0.value")
    if kinds not in (["text/plain"], ["text/html"], ["text/plain", "text/html"]):
        raise RefusedError("If present, text/plain and text/html may only be provided once, in this order.", "content")


def _check_mailbox(box: Any, where: str) -> None:
    address = box.get("email", "") if isinstance(box, dict) else ""
    local, at, domain = address.rpartition("@")
    if not (local and at and "." in domain and address.isascii()) or set(address) & set(" \r\n<>,;"):
        raise RefusedError("Does not contain a valid address.", f"{where}.email")
    if set(box.get("name", "")) & set("\r\n"):
        raise AssertionError("a line end in a name")


def _filled(body: dict[str, Any], one: dict[str, Any]) -> Got:
    def fill(template: str) -> str:
        for tag, value in one.get("substitutions", {}).items():
            template = template.replace(tag, value)
        return template

    content = {part["type"]: fill(part["value"]) for part in body["content"]}
    (to,) = one["to"]
    return Got(
        address=to["email"],
        name=to.get("name", ""),
        subject=fill(one.get("subject") or body["subject"]),
        html=content.get("text/html", ""),
        text=content.get("text/plain", ""),
        headers=one.get("headers", {}),
        reference=one.get("custom_args", {}).get("siar", ""),
    )


def _say(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
    with suppress(OSError):
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
