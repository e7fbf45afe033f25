"""The pages of TikTok and Meta on which an account's owner agrees, and the codes they hand out, each good for one use.

Written from developers.tiktok.com (login-kit-web, login-kit-desktop, oauth-get-a-user-access-token) and developers.facebook.com
(facebook-login/guides/advanced/manual-flow, development/create-an-app/app-dashboard/data-deletion-callback), read 22 Nov 2026.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from itertools import count
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from marketing.demo.simulators.server import Asked, Reply

CODE_LIFE: Final = timedelta(minutes=10)
DECISION: Final = "keputusan"
AGREE, DENY = "setuju", "tolak"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1"})


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a code stands for."""

    scopes: frozenset[str]
    back: str
    challenge: str
    until: datetime


@dataclass
class ConsentPage:
    """One app's page; `registered` are the addresses that the app's owner has entered, and only they are led back to.

    `withheld` are the scopes that the person unticks; `proves` says whether an app on the person's own machine must prove
    who left, as TikTok asks.
    """

    app_id: str
    name: str
    registered: set[str]
    id_field: str = "client_id"
    proves: bool = False
    withheld: set[str] = field(default_factory=set)
    codes: dict[str, Agreed] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def answer(self, asked: Asked, now: datetime) -> Reply:
        """Show the page, or lead back with what the person decided."""
        if wrong := self._wrong(asked):
            return _page(f"<h1>Something went wrong</h1><p>{escape(wrong)}</p>", 400)
        decision = asked.one(DECISION)
        if not decision:
            return self._question(asked)
        back, state = asked.one("redirect_uri"), asked.one("state")
        if decision == DENY:
            denied = {"error": "access_denied", "error_reason": "user_denied", "error_description": "Permissions error"}
            return _led(back, {**denied, "state": state})
        return _led(back, {"code": self.code_for(asked, now), "scopes": asked.one("scope"), "state": state})

    def decided(self, address: str, now: datetime) -> str:
        """Agree to what an address asks for, and return where the browser is led to."""
        query = (*parse_qsl(urlsplit(address).query), (DECISION, AGREE))
        reply = self.answer(Asked("GET", urlsplit(address).path, query, {}, b""), now)
        assert "Location" in reply.headers, reply.body
        return reply.headers["Location"]

    def code_for(self, asked: Asked, now: datetime) -> str:
        """Hand out a code for what was asked."""
        code = f"kode-{next(self._numbers)}*v!6183.s1"
        scopes = frozenset(asked.one("scope").split(",")) - self.withheld
        self.codes[code] = Agreed(scopes, asked.one("redirect_uri"), asked.one("code_challenge"), now + CODE_LIFE)
        return code

    def trade(self, given: Mapping[str, Any], now: datetime) -> Agreed | None:
        """Return what a code stands for, and forget it; None when it is worth nothing."""
        agreed = self.codes.pop(str(given.get("code", "")), None)
        if agreed is None or agreed.until < now or agreed.back != given.get("redirect_uri"):
            return None
        if agreed.challenge:
            proof = hashlib.sha256(str(given.get("code_verifier", "")).encode()).hexdigest()
            return agreed if hmac.compare_digest(proof, agreed.challenge) else None
        return agreed

    def _wrong(self, asked: Asked) -> str:
        if asked.one(self.id_field) != self.app_id:
            return self.id_field
        if asked.one("redirect_uri") not in self.registered:
            return "redirect_uri"
        if asked.one("response_type") != "code" or not asked.one("scope") or not asked.one("state"):
            return "response_type, scope or state"
        at_home = urlsplit(asked.one("redirect_uri")).hostname in LOOPBACK
        if self.proves and at_home and not (
            len(asked.one("code_challenge")) == 2 * hashlib.sha256().digest_size
            and asked.one("code_challenge_method") == "S256"
        ):  # fmt: skip
            return "code_challenge"
        return ""

    def _question(self, asked: Asked) -> Reply:
        fields = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in asked.query
        )
        wanted = "".join(f"<li>{escape(scope)}</li>" for scope in asked.one("scope").split(","))
        return _page(
            f"<h1>Siar meminta izin dari {escape(self.name)}</h1><ul>{wanted}</ul><form>{fields}"
            f'<button name="{DECISION}" value="{AGREE}">Setuju</button> '
            f'<button name="{DECISION}" value="{DENY}">Tolak</button></form>'
        )


def signed_request(facts: Mapping[str, Any], secret: str) -> str:
    """Return facts as Meta signs them: base64url of the HMAC over base64url of the JSON, a dot, and that."""
    payload = _base64(json.dumps(facts).encode())
    return f"{_base64(hmac.digest(secret.encode(), payload.encode(), 'sha256'))}.{payload}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _led(back: str, query: Mapping[str, str]) -> Reply:
    return Reply(b"", 302, {"Location": f"{back}?{urlencode(query)}"})


def _page(body: str, status: int = 200) -> Reply:
    shell = f'<!doctype html><html lang="id"><meta charset="utf-8"><title>Izin</title><body>{body}</body></html>'
    return Reply(shell.encode(), status, {"Content-Type": "text/html; charset=utf-8"})
