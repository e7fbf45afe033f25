"""What Meta tells of WhatsApp by itself; pure. It tells at least once, in any order, for up to seven days.

Sources, read 22 Nov 2026: developers.facebook.com …/whatsapp/webhooks/overview, …/webhooks/reference/messages,
…/message_template_status_update, …/user_preferences; graph-api/webhooks/getting-started (signature, verification).
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from marketing.channels.whatsapp.cloud_errors import action_of, sentence
from marketing.domain.events import event_id
from marketing.domain.whatsapp_message import MarketingChoice, StatusKind, StatusReport

SIGNATURE_HEADER: Final = "X-Hub-Signature-256"
OBJECT: Final = "whatsapp_business_account"
MAX_BYTES: Final = 3 * 1024 * 1024
"""Meta: payloads can be up to 3 MB (webhooks/overview)."""
OLDEST: Final = timedelta(days=8)
"""Meta repeats for seven days; what is older was recorded by somebody and sent again."""
AHEAD: Final = timedelta(minutes=10)
_LATEST: Final = 4_102_444_800  # 1 Jan 2100
_DIGITS: Final = 15
_LONGEST_WORD: Final = 60
_TEMPLATES: Final = {
    "message_template_status_update": "state",
    "message_template_quality_update": "quality",
    "template_category_update": "category",
}
_LIMITS: Final = frozenset({"phone_number_quality_update", "business_capability_update", "account_update"})


class TemplateFact(StrEnum):
    """What changed about a template."""

    STATE = "state"
    QUALITY = "quality"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a person wrote or pressed; `sender` are E.164 digits, `text` is empty for pictures and the like."""

    number_id: str
    sender: str = field(repr=False)
    text: str = field(repr=False)
    wamid: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """A status of a message that left through this number."""

    number_id: str
    report: StatusReport


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose inside WhatsApp about marketing from this number."""

    number_id: str
    made: MarketingChoice


@dataclass(frozen=True, slots=True)
class TemplateNews:
    """Something changed about a template of this business account."""

    waba_id: str
    fact: TemplateFact
    name: str
    language: str
    value: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Other:
    """Something that we do not read; `key` is the same for the same thing told twice, `facts` name nobody.

    `limits` says that what Meta allows the number may have changed.
    """

    waba_id: str
    number_id: str
    kind: str
    key: str
    facts: Mapping[str, Any]
    limits: bool = False


News = Incoming | Status | Choice | TemplateNews | Other


def is_genuine(raw_body: bytes, signature: str, app_secret: str) -> bool:
    """Return whether Meta signed this very body with our app's secret; `signature` is the header X-Hub-Signature-256."""
    if not app_secret:
        return False
    expected = "sha256=" + hmac.new(app_secret.encode(), raw_body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.strip().encode("utf-8", "replace"))


def challenge(mode: str, token: str, given: str, verify_token: str) -> str | None:
    """Return what Meta wants to hear when it verifies our address, None when it is not Meta that asks."""
    right = bool(verify_token) and hmac.compare_digest(token.encode("utf-8", "replace"), verify_token.encode())
    return given if right and mode == "subscribe" and given.isascii() and given.isalnum() else None


def read(raw_body: bytes, now: datetime) -> tuple[News, ...]:
    """Return what a genuine body tells, each thing once; ValueError when it is no object of Meta's. What is too old is left out."""
    try:
        body = json.loads(raw_body)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(body, dict) or not isinstance(body.get("object"), str):
        raise ValueError("no object of Meta's")  # noqa: TRY004  to the caller it is bad input, whatever its type
    if body["object"] != OBJECT:
        return tuple(_other("", "", f"object:{body['object'][:60]}", entry) for entry in _objects(body.get("entry")))
    return tuple(dict.fromkeys(_told(body, now)))


def _told(body: Mapping[str, Any], now: datetime) -> Iterator[News]:
    for entry in _objects(body.get("entry")):
        waba = _text(entry.get("id"))
        for change in _objects(entry.get("changes")):
            name, value = _text(change.get("field")), change.get("value")
            if not isinstance(value, dict):
                yield _other(waba, "", name, change)
            elif name == "messages":
                yield from _messages(waba, value, now)
            elif name == "user_preferences":
                yield from _choices(waba, value, now)
            elif name in _TEMPLATES:
                yield _template(waba, name, value, _moment(entry.get("time")) or now)
            else:
                yield _other(waba, _number_of(value), name, {"time": entry.get("time"), **value})


def _messages(waba: str, value: Mapping[str, Any], now: datetime) -> Iterator[News]:
    number = _number_of(value)
    for status in _objects(value.get("statuses")):
        at, wamid, kind = _moment(status.get("timestamp")), _text(status.get("id")), _text(status.get("status"))
        if at is None or not wamid or kind not in set(StatusKind):
            yield _other(waba, number, f"status:{kind[:40]}", status)
        elif _lately(at, now):
            yield Status(number, _report(status, StatusKind(kind), wamid, at))
    for message in _objects(value.get("messages")):
        at, wamid, sender = _moment(message.get("timestamp")), _text(message.get("id")), _digits(message.get("from"))
        if at is None or not wamid or not sender:
            yield _other(waba, number, "message", message)
        elif _lately(at, now):
            yield Incoming(number, sender, _said(message), wamid, at)
    for error in _objects(value.get("errors")):
        yield _other(waba, number, "error", error)


def _report(status: Mapping[str, Any], kind: StatusKind, wamid: str, at: datetime) -> StatusReport:
    error = next(_objects(status.get("errors")), {})
    found = error.get("code")
    code = found if kind is StatusKind.FAILED and isinstance(found, int) and not isinstance(found, bool) else 0
    return StatusReport(
        identity=event_id("whatsapp", wamid, kind, code),
        kind=kind,
        at=at,
        reference=_text(status.get("biz_opaque_callback_data"), 512),
        provider_id=wamid,
        code=code,
        action=action_of(code) if code else None,
        detail=sentence(code) if code else "",
    )


def _said(message: Mapping[str, Any]) -> str:
    """Return the words of a message or of the button that was pressed under ours."""
    for kind, name in (("text", "body"), ("button", "text")):
        part = message.get(kind)
        if isinstance(part, dict) and isinstance(part.get(name), str):
            return str(part[name])
    pressed = message.get("interactive")
    for kind in ("button_reply", "list_reply"):
        reply = pressed.get(kind) if isinstance(pressed, dict) else None
        if isinstance(reply, dict) and isinstance(reply.get("title"), str):
            return str(reply["title"])
    return ""


def _choices(waba: str, value: Mapping[str, Any], now: datetime) -> Iterator[News]:
    number = _number_of(value)
    for choice in _objects(value.get("user_preferences")):
        at, sender, made = _moment(choice.get("timestamp")), _digits(choice.get("wa_id")), _text(choice.get("value"))
        if at is None or not sender or choice.get("category") != "marketing_messages" or made not in {"stop", "resume"}:
            yield _other(waba, number, "user_preferences", choice)
        elif _lately(at, now):
            identity = event_id("whatsapp-choice", number, sender, made, int(at.timestamp()))
            yield Choice(number, MarketingChoice(identity, sender, made == "stop", at))


def _template(waba: str, name: str, value: Mapping[str, Any], at: datetime) -> TemplateNews:
    fact = TemplateFact(_TEMPLATES[name])
    told = {
        TemplateFact.STATE: "event",
        TemplateFact.QUALITY: "new_quality_score",
        TemplateFact.CATEGORY: "new_category",
    }[fact]
    reason = _text(value.get("reason"), 200)
    return TemplateNews(
        waba,
        fact,
        _text(value.get("message_template_name"), 512),
        _text(value.get("message_template_language"), 16),
        _text(value.get(told), 60),
        "" if reason.upper() == "NONE" else reason,
        at,
    )


def _other(waba: str, number: str, kind: str, facts: Mapping[str, Any]) -> Other:
    written = json.dumps(facts, sort_keys=True, default=str)
    key = hashlib.sha256(f"{waba}\x1f{number}\x1f{kind}\x1f{written}".encode("utf-8", "surrogatepass")).hexdigest()
    return Other(waba, number, kind[:100], key, _Frozen(_outline(facts, 6)), limits=kind in _LIMITS)


class _Frozen(dict[str, Any]):
    """Facts that may stand in a set of news: the key tells them apart."""

    def __hash__(self) -> int:  # type: ignore[override]  # compared by the key beside it
        return 0


def _outline(found: Any, depth: int) -> Any:
    """Return names and small plain values only: numbers of persons and what they wrote are left out."""
    if isinstance(found, dict) and depth:
        return {_text(name, _LONGEST_WORD): _outline(value, depth - 1) for name, value in list(found.items())[:40]}
    if isinstance(found, list) and depth:
        return [_outline(value, depth - 1) for value in found[:20]]
    if isinstance(found, bool) or found is None:
        return found
    if isinstance(found, int | float):
        return found if abs(found) < 10**6 else "…"
    text = str(found)
    # Meta's own words are capitals and underscores; anything else may be somebody's.
    return text if text.isascii() and text.replace("_", "").isupper() and len(text) <= _LONGEST_WORD else "…"


def _number_of(value: Mapping[str, Any]) -> str:
    metadata = value.get("metadata")
    return _text(metadata.get("phone_number_id")) if isinstance(metadata, dict) else ""


def _lately(at: datetime, now: datetime) -> bool:
    return now - OLDEST <= at <= now + AHEAD


def _moment(found: object) -> datetime | None:
    text = str(found) if isinstance(found, int | str) and not isinstance(found, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_LATEST)) and 0 < int(text) < _LATEST):
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _digits(found: object) -> str:
    text = found.removeprefix("+") if isinstance(found, str) else ""
    return text if text.isascii() and text.isdigit() and len(text) <= _DIGITS else ""


def _text(found: object, longest: int = 200) -> str:
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    # Half a character and NUL are JSON, but no database takes them.
    return str(found)[:longest].encode("utf-8", "ignore").decode().replace("\0", "")


def _objects(found: object) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in (found if isinstance(found, list) else ()) if isinstance(one, dict))
