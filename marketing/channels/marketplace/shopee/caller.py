"""How one call to Shopee is made: signed, answered as its `response` object or as a ProviderError."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketing.channels.marketplace.errors import Fate, ProviderError
from marketing.channels.marketplace.port import Application, Credentials
from marketing.channels.marketplace.shopee.errors import TABLE, error_of
from marketing.channels.marketplace.shopee.sign import public_query, shop_query
from marketing.channels.marketplace.upload import File
from marketing.channels.marketplace.wire import Answer, Call, Query, Wire

_JSON = {"Content-Type": "application/json"}
_HTTP_ERROR = 400


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls for one shop at one moment; `now` is in every signature."""

    wire: Wire
    credentials: Credentials
    now: datetime

    def get(self, path: str, query: Query = ()) -> Mapping[str, Any]:
        """Return the answer to a question about the shop."""
        return self._shop(Call("GET", path, query))

    def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answer to an order to the shop."""
        return self._shop(Call("POST", path, headers=_JSON, body=json_bytes(body)))

    def upload(self, path: str, files: Sequence[tuple[str, File]]) -> Mapping[str, Any]:
        """Return the answer to a multipart upload, which is a public call."""
        self._check_token()
        application = self.credentials.application
        secret = public_query(application, path, self.now)
        return response_of(ask(self.wire, Call("POST", path, secret_query=secret, files=files), *self._secrets()))

    def _shop(self, call: Call) -> Mapping[str, Any]:
        self._check_token()
        secret = shop_query(self.credentials, call.path, self.now)
        signed = Call(call.method, call.path, call.query, secret, call.headers, call.body)
        return response_of(ask(self.wire, signed, *self._secrets()))

    def _check_token(self) -> None:
        """Ask nothing with a token that is about to end."""
        if not self.credentials.usable(self.now):
            raise ProviderError(TABLE["invalid_acceess_token"], "token_expired")

    def _secrets(self) -> tuple[str, ...]:
        tokens = self.credentials.tokens
        return (self.credentials.application.app_secret, tokens.access_token, tokens.refresh_token)


def public(
    wire: Wire, application: Application, path: str, body: Mapping[str, Any], now: datetime, *secrets: str
) -> Answer:
    """Return the answer to a call without a shop (tokens)."""
    call = Call("POST", path, secret_query=public_query(application, path, now), headers=_JSON, body=json_bytes(body))
    return ask(wire, call, application.app_secret, *secrets)


def ask(wire: Wire, call: Call, *secrets: str) -> Answer:
    """Return an answer without an error in it. Shopee tells errors in the body, mostly with HTTP 200 or 403."""
    answer = wire.send(call)
    code = answer.body.get("error")
    if code or answer.status >= _HTTP_ERROR:
        error = error_of(str(code or ""), answer.body.get("message"), answer.status, *secrets)
        raise error.after(answer.retry_after) if error.rule.fate is Fate.LATER else error
    return answer


def response_of(answer: Answer) -> Mapping[str, Any]:
    """Return the `response` object; an order may answer without one."""
    found = answer.body.get("response")
    return found if isinstance(found, dict) else {}


def json_bytes(body: Mapping[str, Any]) -> bytes:
    """Return the body as UTF-8 JSON."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
