"""How one call to TikTok Shop is made: signed, answered as its `data` object or as a ProviderError."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from marketing.channels.marketplace.errors import Fate, ProviderError
from marketing.channels.marketplace.port import Credentials
from marketing.channels.marketplace.tiktok_shop.errors import TABLE, error_of
from marketing.channels.marketplace.tiktok_shop.sign import signed_query
from marketing.channels.marketplace.upload import File
from marketing.channels.marketplace.wire import LOST, Call, Query, Wire

_HTTP_ERROR: Final = 400
_TOKEN_HEADER: Final = "x-tts-access-token"  # noqa: S105  a header's name


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls for one shop at one moment; `now` is in every signature."""

    wire: Wire
    credentials: Credentials
    now: datetime

    def ask(
        self, method: str, path: str, query: Query = (), body: Mapping[str, Any] | None = None, *, for_shop: bool = True
    ) -> Mapping[str, Any]:
        """Return the answer's `data`; without `for_shop` the call takes no shop cipher (TikTok refuses one there)."""
        content = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {**self._headers(), "Content-Type": "application/json"}
        secret = self._signed(path, query, content, for_shop=for_shop)
        return self._send(Call(method, path, query, secret, headers, content or None))

    def upload(self, path: str, file: File, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the answer to a multipart upload: neither its body nor the shop's cipher is signed."""
        secret = self._signed(path, (), b"", for_shop=False)
        call = Call("POST", path, (), secret, self._headers(), None, (("data", file),), form)
        return self._send(call)

    def _signed(self, path: str, query: Query, content: bytes, *, for_shop: bool) -> Query:
        cipher = self.credentials.shop_cipher if for_shop else ""
        return signed_query(self.credentials.application, path, query, content, self.now, cipher=cipher)

    def _headers(self) -> dict[str, str]:
        """Ask nothing with a token that is about to end."""
        if not self.credentials.usable(self.now):
            raise ProviderError(TABLE["105002"], "token_expired")
        return {_TOKEN_HEADER: self.credentials.tokens.access_token}

    def _send(self, call: Call) -> Mapping[str, Any]:
        tokens, application = self.credentials.tokens, self.credentials.application
        secrets = (application.app_secret, tokens.access_token, tokens.refresh_token, self.credentials.shop_cipher)
        return data_of(self.wire, call, *secrets)


def data_of(wire: Wire, call: Call, *secrets: str) -> Mapping[str, Any]:
    """Return `data` of an answer without an error in it. TikTok tells errors in `code`, with HTTP 200 or not."""
    answer = wire.send(call)
    code = answer.body.get("code")
    if answer.status >= _HTTP_ERROR or (code is not None and code != 0):
        error = error_of(str(code or ""), answer.body.get("message"), answer.status, *secrets)
        raise error.after(answer.retry_after) if error.rule.fate is Fate.LATER else error
    if code is None:
        raise ProviderError(LOST, "code_missing")
    found = answer.body.get("data")
    return found if isinstance(found, dict) else {}
