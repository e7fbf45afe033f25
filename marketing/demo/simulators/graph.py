"""A Graph API that keeps Meta's rules: version, proof of the secret, tokens, limits with their headers, and lost answers.

The rules of Pages stand in `graph_page`, those of Instagram in `graph_instagram`. Written from developers.facebook.com and the
field lists of facebook-business-sdk-codegen (15 Apr 2026), read 22 Nov 2026.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final
from urllib.parse import parse_qsl

from marketing.demo.simulators import graph_words as words
from marketing.demo.simulators.consent import ConsentPage
from marketing.demo.simulators.graph_instagram import InstagramRules
from marketing.demo.simulators.graph_page import PageRules
from marketing.demo.simulators.graph_words import RefusalError, Words
from marketing.demo.simulators.server import Asked, Fault, ProviderServer, Reply

APP_ID: Final = "204512039871"
APP_SECRET: Final = "f0f1d2c3b4a5968778695a4b3c2d1e0f"  # noqa: S105  a made-up app's
PAGE: Final = "102938475610"
INSTAGRAM: Final = "17841405822304914"
TOKEN: Final = "EAAGm0PX4ZCpsBAKZCZBdX0"  # noqa: S105  a made-up token
USER_TOKEN: Final = "EAAUserGm0PX4ZCpsBAK9"  # noqa: S105  a made-up token
VERSIONS: Final = frozenset({"v23.0", "v24.0", "v25.0", "v26.0"})
SHUT_MINUTES: Final = 25
TOKEN_LIFE: Final = timedelta(days=60)
SHORT_LIFE: Final = timedelta(hours=1)
PERSON: Final = "10224899411"
"""The person's number for this app alone, which Meta also tells when they take their leave back."""
BACKS: Final = ("https://siar.example/kanal/media-sosial/meta/kembali",)
ALL: Final = frozenset({
    "pages_show_list", "pages_read_engagement", "pages_manage_posts", "business_management", "read_insights",
    "instagram_basic", "instagram_content_publish", "instagram_manage_insights", "instagram_manage_contents",
})  # fmt: skip


class GraphServer(ProviderServer):
    """One app, one Page and the Instagram account that belongs to it."""

    def __init__(self, port: int = 0) -> None:
        """Begin with a token for both that has no end, and with the app's secret required in every call."""
        super().__init__(port)
        self.tokens: dict[str, datetime | None] = {TOKEN: None, USER_TOKEN: self.now + timedelta(hours=1)}
        self.percent = 0
        self.shut_until: datetime | None = None
        numbers = count(1)
        clock: Callable[[], datetime] = lambda: self.now  # noqa: E731  one clock for all rules
        self.page = PageRules(PAGE, clock, numbers)
        self.consent = ConsentPage(APP_ID, "Facebook", set(BACKS))
        self.granted: dict[str, frozenset[str]] = {}
        """The scopes of a person's token; one that is not named has them all."""
        self.instagram = InstagramRules(INSTAGRAM, clock, numbers)

    def refuse(self, fault: Fault) -> Reply:
        """Say a fault in Meta's words."""
        if fault is Fault.RATE:
            self.shut_until = self.now + timedelta(minutes=SHUT_MINUTES)
            return words.SPENT["pages"].reply(self._usage("pages", PAGE))
        return words.FAULTS[fault].reply()

    def answer(self, asked: Asked) -> Reply:
        """Do what a call asks for, or say why not."""
        _root, version, *path = asked.path.split("/")
        if path == ["dialog", "oauth"] and version in VERSIONS:
            return self.consent.answer(asked, self.now)
        fields = fields_of(asked)
        if version not in VERSIONS:
            return words.VERSION.reply()
        try:
            if path == ["oauth", "access_token"]:
                return Reply(self._exchanged(fields))
            self._let_in(fields)
            if path == ["me", "accounts"]:
                return Reply(self._accounts(fields))
            if path in (["me"], ["me", "permissions"]):
                return Reply(self._person(fields, path[-1]))
            kind, account = ("instagram", INSTAGRAM) if self.instagram.owns(path[0]) else ("pages", PAGE)
            if self.shut_until is not None and self.now < self.shut_until:
                return words.SPENT[kind].reply(self._usage(kind, account))
            rules = self.instagram if kind == "instagram" else self.page
            return Reply(rules.act(asked.method, path, fields, asked.parts), headers=self._usage(kind, account))
        except RefusalError as refusal:
            return refusal.words.reply()

    def _let_in(self, fields: dict[str, Any]) -> None:
        token = str(fields.get("access_token", ""))
        if token not in self.tokens:
            raise RefusalError(words.TOKEN)
        end = self.tokens[token]
        if end is not None and end <= self.now:
            raise RefusalError(words.EXPIRED)
        if "appsecret_proof" not in fields:
            raise RefusalError(words.PROOF_MISSING)
        proof = hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(str(fields["appsecret_proof"]), proof):
            raise RefusalError(words.PROOF_WRONG)

    def _exchanged(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Trade a living token for one of 60 days (get-long-lived)."""
        if (fields.get("client_id"), fields.get("client_secret")) != (APP_ID, APP_SECRET):
            raise RefusalError(Words(101, "Error validating client secret."))
        if "code" in fields:
            agreed = self.consent.trade(fields, self.now)
            if agreed is None:
                raise RefusalError(Words(100, "This authorization code has been used.", subcode=36009))
            token = f"{USER_TOKEN}{len(self.tokens)}"
            self.tokens[token], self.granted[token] = self.now + SHORT_LIFE, agreed.scopes
            return {"access_token": token, "token_type": "bearer", "expires_in": int(SHORT_LIFE.total_seconds())}
        if fields.get("grant_type") != "fb_exchange_token":
            raise RefusalError(Words(100, "Invalid grant_type"))
        old = str(fields.get("fb_exchange_token", ""))
        if old not in self.tokens or (self.tokens[old] or self.now + TOKEN_LIFE) <= self.now:
            raise RefusalError(words.EXPIRED)
        fresh = f"{old}{len(self.tokens)}"
        self.tokens[fresh] = self.now + TOKEN_LIFE
        self.granted[fresh] = self.granted.get(old, ALL)
        return {"access_token": fresh, "token_type": "bearer", "expires_in": int(TOKEN_LIFE.total_seconds())}

    def _person(self, fields: dict[str, Any], asked_for: str) -> dict[str, Any]:
        """Say who a person's token belongs to, or what they agreed to."""
        token = str(fields["access_token"])
        if not token.startswith(USER_TOKEN):
            raise RefusalError(Words(100, "Tried accessing nonexisting field (permissions) on node type (Page)"))
        if asked_for == "me":
            return {"id": PERSON, "name": "Pengelola Halaman"}
        given = self.granted.get(token, ALL)
        return {
            "data": [{"permission": name, "status": "granted" if name in given else "declined"} for name in sorted(ALL)]
        }

    def _accounts(self, fields: dict[str, Any]) -> dict[str, Any]:
        """List what a person's token leads to; a Page's own token leads nowhere."""
        if not str(fields["access_token"]).startswith(USER_TOKEN):
            raise RefusalError(Words(100, "Tried accessing nonexisting field (accounts) on node type (Page)"))
        linked = {"id": INSTAGRAM, "username": self.instagram.username}
        page = {"id": PAGE, "name": self.page.name, "access_token": TOKEN, "instagram_business_account": linked}
        asked_for = str(fields.get("fields", "id"))
        return {"data": [{name: value for name, value in page.items() if name in asked_for}], "paging": {}}

    def _usage(self, kind: str, account: str) -> dict[str, str]:
        """Return the two headers, which come once a limit is used in part."""
        shut = self.shut_until - self.now if self.shut_until is not None else timedelta(0)
        minutes = max(0, -(-int(shut.total_seconds()) // 60))
        percent = 100 if minutes else self.percent
        if not percent:
            return {}
        shares = {"call_count": percent, "total_time": percent // 4, "total_cputime": percent // 5}
        use = {account: [{"type": kind, **shares, "estimated_time_to_regain_access": minutes}]}
        return {"x-app-usage": json.dumps(shares), "x-business-use-case-usage": json.dumps(use)}


def fields_of(asked: Asked) -> dict[str, Any]:
    """Read query, form and the small parts of a multipart body; what is JSON inside a field is opened."""
    kind, given = asked.headers.get("content-type", ""), dict(asked.query)
    if kind.startswith("multipart/"):
        given |= {name: value.decode("utf-8", "replace") for name, value in asked.parts.items() if name != "source"}
    else:
        given |= dict(parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True))
    return {name: _opened(value) for name, value in given.items()}


def _opened(value: str) -> Any:
    if value in {"true", "false"}:
        return value == "true"
    try:
        return json.loads(value) if value.startswith(("{", "[")) else value
    except ValueError:
        return value
