"""A WhatsApp Cloud API that keeps Meta's rules: tokens, templates, windows, paces, persons, and signed webhooks in any order.

Written from developers.facebook.com …/business-messaging/whatsapp (messages, templates, messaging limits, throughput, webhooks),
read 22 Nov 2026.
"""

import hashlib
import hmac
import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

import httpx

from marketing.demo.simulators.graph import APP_SECRET, VERSIONS
from marketing.demo.simulators.server import Asked, Fault, ProviderServer, Reply
from marketing.demo.simulators.whatsapp_templates import Template, TemplateRules
from marketing.demo.simulators.whatsapp_words import FAULTS, RefusalError, error_of

NUMBER: Final = "106540352242922"
WABA: Final = "102290129340398"
PORTFOLIO: Final = "506914307656634"
TOKEN: Final = "EAAJB0Siar9whatsappPermanent"  # noqa: S105  a made-up system user's token
DISPLAY: Final = "+62 342-801-171"
OWN_DIGITS: Final = "62342801171"
WINDOW: Final = timedelta(hours=24)
DAY: Final = timedelta(hours=24)
PAIR_EVERY: Final = timedelta(seconds=6)
PAIR_BURST: Final = 45
TEXT_MAX, REFERENCE_MAX = 4_096, 512


@dataclass
class Person:
    """Somebody who may be written to; `troubles` are the codes with which messages to them fail after acceptance."""

    has_whatsapp: bool = True
    stopped_marketing: bool = False
    reads: bool = True
    troubles: deque[int] = field(default_factory=deque)
    wrote_at: datetime | None = None
    sent_at: list[datetime] = field(default_factory=list)


@dataclass(frozen=True)
class Sent:
    """A message that was accepted."""

    wamid: str
    to: str
    kind: str
    content: Mapping[str, Any]
    reference: str
    at: datetime
    template: Template | None = None


class WhatsAppServer(ProviderServer):
    """One app with one number in one business account."""

    def __init__(self, port: int = 0) -> None:
        """Begin with an approved marketing and an approved utility template, and with the app's secret required."""
        super().__init__(port)
        self.tokens = {TOKEN}
        self.persons: dict[str, Person] = {}
        self.sent: list[Sent] = []
        self.templates = TemplateRules()
        self.templates.add("promo_umkm", "Halo {{1}}, {{2}} sedang ada potongan harga. Balas STOP untuk berhenti.")
        self.templates.add("pesanan_dikirim", "Pesanan {{1}} sudah dikirim hari ini.", category="UTILITY")
        self.tier: str = "TIER_250"
        self.per_second = 80
        self.paid = True
        self.registered = True
        self.subscribed = False
        self.refusals: deque[int] = deque()
        self.hooks: list[dict[str, Any]] = []
        """What Meta has to tell, oldest first; the caller delivers it in whatever order."""
        self._numbers = count(1)

    def person(self, digits: str) -> Person:
        """Return whoever has this number, who has WhatsApp unless said otherwise."""
        return self.persons.setdefault(digits, Person())

    def refuse(self, fault: Fault) -> Reply:
        """Say a fault in WhatsApp's words."""
        return RefusalError(FAULTS[fault]).reply

    def answer(self, asked: Asked) -> Reply:
        """Do what a call asks for, or say why not."""
        _root, version, *path = asked.path.split("/")
        if version not in VERSIONS:
            return RefusalError(100, "Unknown path components").reply
        try:
            self._let_in(asked)
            act = self._routes().get((asked.method, *(_PLACES.get(part, part) for part in path)), _unsupported)
            return Reply(act({**dict(asked.query), **asked.json}))
        except RefusalError as refusal:
            return refusal.reply

    def _routes(self) -> Mapping[tuple[str, ...], Callable[[Mapping[str, Any]], dict[str, Any]]]:
        return {
            ("POST", "number", "messages"): self._message,
            ("GET", "number"): self._number,
            ("GET", "waba"): lambda _: {
                "id": WABA,
                "name": "Dinas",
                "owner_business_info": {"id": PORTFOLIO, "name": "D"},
            },
            ("GET", "waba", "phone_numbers"): lambda _: {"data": [{"id": NUMBER, "display_phone_number": DISPLAY}]},
            ("POST", "waba", "subscribed_apps"): self._subscribe,
            ("GET", "waba", "message_templates"): self.templates.listed,
            ("POST", "waba", "message_templates"): self.templates.create,
            ("DELETE", "waba", "message_templates"): self.templates.delete,
        }

    def _let_in(self, asked: Asked) -> None:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise RefusalError(190)
        proof = hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(asked.one("appsecret_proof").encode(), proof.encode()):
            raise RefusalError(100, "Invalid appsecret_proof provided in the API argument")
        if asked.body and "json" not in asked.headers.get("content-type", ""):
            raise RefusalError(100, "The body must be application/json")

    def _number(self, _fields: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": NUMBER,
            "display_phone_number": DISPLAY,
            "verified_name": "Dinas Koperasi UMKM TTS",
            "quality_rating": "GREEN",
            "throughput": {"level": "STANDARD" if self.per_second < 1000 else "HIGH"},  # noqa: PLR2004  Meta's step
            "status": "CONNECTED",
            "platform_type": "CLOUD_API",
            "whatsapp_business_manager_messaging_limit": self.tier,
        }

    def _subscribe(self, _fields: Mapping[str, Any]) -> dict[str, Any]:
        self.subscribed = True
        return {"success": True}

    def _message(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        if self.refusals:
            raise RefusalError(self.refusals.popleft())
        to, kind = str(fields.get("to", "")), str(fields.get("type", "text"))
        if fields.get("messaging_product") != "whatsapp":
            raise RefusalError(100, "The parameter messaging_product is required.")
        digits = to.removeprefix("+")
        if not digits.isdigit() or len(digits) < 7:  # noqa: PLR2004  no number is shorter
            raise RefusalError(131009 if to else 131008, "The parameter to is required.")
        if digits == OWN_DIGITS:
            raise RefusalError(131021)
        reference = str(fields.get("biz_opaque_callback_data") or "")
        if len(reference) > REFERENCE_MAX:
            raise RefusalError(100, "biz_opaque_callback_data must be at most 512 characters long")
        if not self.registered:
            raise RefusalError(133010)
        content = fields.get(kind)
        if kind not in {"template", "text"} or not isinstance(content, dict):
            raise RefusalError(131051 if kind not in {"template", "text"} else 131008)
        template = self.templates.filled(content) if kind == "template" else None
        if kind == "text" and not 0 < len(str(content.get("body", ""))) <= TEXT_MAX:
            raise RefusalError(100, "Param text['body'] must be between 1 and 4096 characters long")
        self._pace(self.person(digits))
        wamid = f"wamid.HBgL{digits}VAgARGBI{next(self._numbers):012d}AA=="
        message = Sent(wamid, digits, kind, content, reference, self.now, template)
        self.sent.append(message)
        self._happens(message)
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": to, "wa_id": digits}],
            "messages": [{"id": wamid, **({"message_status": "accepted"} if template else {})}],
        }

    def _pace(self, person: Person) -> None:
        lately = sum(self.now - one.at < timedelta(seconds=1) for one in self.sent)
        if lately >= self.per_second:
            raise RefusalError(130429, "Cloud API message throughput has been reached.")
        person.sent_at = [at for at in person.sent_at if self.now - at < PAIR_EVERY * PAIR_BURST]
        if len(person.sent_at) >= PAIR_BURST:
            raise RefusalError(131056)
        person.sent_at.append(self.now)

    def _happens(self, message: Sent) -> None:
        """Say by webhook what becomes of an accepted message."""
        trouble = self._trouble(message)
        if trouble:
            self._status(message, "failed", 1, errors=[error_of(trouble)])
            return
        person = self.person(message.to)
        for seconds, status in enumerate(("sent", "delivered", *(("read",) if person.reads else ())), start=1):
            self._status(message, status, seconds)

    def _trouble(self, message: Sent) -> int:
        person = self.person(message.to)
        if person.troubles:
            return person.troubles.popleft()
        is_open = person.wrote_at is not None and self.now - person.wrote_at < WINDOW
        marketing = message.template is not None and message.template.category == "MARKETING"
        for holds, code in (
            (not self.paid, 131042),
            (not person.has_whatsapp, 131026),
            (message.kind == "text" and not is_open, 131047),
            (marketing and person.stopped_marketing, 131050),
            (not is_open and self._reached() > self._limit(), 131048),
        ):
            if holds:
                return code
        return 0

    def _reached(self) -> int:
        """Return how many persons were written to within a day."""
        return len({one.to for one in self.sent if self.now - one.at < DAY and one.template is not None})

    def _limit(self) -> float:
        steps = {"TIER_50": 50, "TIER_250": 250, "TIER_2K": 2_000, "TIER_10K": 10_000, "TIER_100K": 100_000}
        return steps.get(self.tier, float("inf"))

    def _status(self, message: Sent, status: str, seconds: int, **more: Any) -> None:
        told: dict[str, Any] = {
            "id": message.wamid,
            "status": status,
            "timestamp": str(int(message.at.timestamp()) + seconds),
            "recipient_id": message.to,
            **more,
        }
        if message.reference:
            told["biz_opaque_callback_data"] = message.reference
        if status != "failed":
            category = message.template.category.lower() if message.template else "service"
            told["pricing"] = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": category}
        self._tell("messages", {**_ABOUT, "statuses": [told]})

    def writes(self, digits: str, text: str, wamid: str = "") -> str:
        """Let a person write to the number; opens the window in which we may answer freely."""
        self.person(digits).wrote_at = self.now
        wamid = wamid or f"wamid.HBgN{digits}FQIAEhgU{next(self._numbers):012d}A="
        message = {"from": digits, "id": wamid, "timestamp": str(int(self.now.timestamp())), "type": "text"}
        contacts = [{"profile": {"name": "Ibu Ani"}, "wa_id": digits}]
        self._tell("messages", {**_ABOUT, "contacts": contacts, "messages": [message | {"text": {"body": text}}]})
        return wamid

    def chooses(self, digits: str, value: str) -> None:
        """Let a person stop or resume marketing from the number inside WhatsApp."""
        self.person(digits).stopped_marketing = value == "stop"
        choice = {
            "wa_id": digits,
            "detail": f"User requested to {value} marketing messages",
            "category": "marketing_messages",
            "value": value,
            "timestamp": str(int(self.now.timestamp())),
        }
        contacts = [{"profile": {"name": "Ibu Ani"}, "wa_id": digits}]
        self._tell("user_preferences", {**_ABOUT, "contacts": contacts, "user_preferences": [choice]})

    def decides(self, name: str, event: str, reason: str = "NONE", language: str = "id") -> None:
        """Let Meta decide about a template, and tell of it."""
        template = self.templates.standing[name, language]
        template.status, template.reason = event, reason
        self._tell("message_template_status_update", {"event": event, "reason": reason, **_named(template)})

    def recategorises(self, name: str, category: str, language: str = "id") -> None:
        """Let Meta change a template's category, and tell of it."""
        template = self.templates.standing[name, language]
        template.previous_category, template.category = template.category, category
        changed = {"previous_category": template.previous_category, "new_category": category}
        self._tell("template_category_update", {**changed, **_named(template)})

    def tell(self, field_name: str, value: dict[str, Any]) -> None:
        """Tell something else."""
        self._tell(field_name, value)

    def _tell(self, name: str, value: dict[str, Any]) -> None:
        entry = {"id": WABA, "time": int(self.now.timestamp()), "changes": [{"field": name, "value": value}]}
        self.hooks.append({"object": "whatsapp_business_account", "entry": [entry]})

    def deliver(self, url: str, order: Sequence[int] | None = None) -> list[int]:
        """Send what there is to tell to an address, in this order or as it came; returns the statuses of the answers."""
        waiting, self.hooks = self.hooks, []
        chosen = [waiting[index] for index in order] if order is not None else waiting
        answers = []
        with httpx.Client(trust_env=False, timeout=20) as client:
            for one in chosen:
                body, headers = signed(one)
                answers.append(client.post(url, content=body, headers=headers).status_code)
        return answers


_PLACES: Final = {NUMBER: "number", WABA: "waba"}
_ABOUT: Final[dict[str, Any]] = {
    "messaging_product": "whatsapp",
    "metadata": {"display_phone_number": OWN_DIGITS, "phone_number_id": NUMBER},
}


def _unsupported(_fields: Mapping[str, Any]) -> dict[str, Any]:
    raise RefusalError(100, "Unsupported request. Object does not exist or does not support this operation")


def signed(payload: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
    """Return a webhook's body with the headers that prove it."""
    body = json.dumps(payload).encode()
    return body, proved(body)


def proved(body: bytes) -> dict[str, str]:
    """Return the headers that prove a body."""
    digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}


def _named(template: Template) -> dict[str, Any]:
    return {
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "message_template_category": template.category,
    }
