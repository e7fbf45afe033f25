"""One number's calls to WhatsApp's Cloud API through pywa; every answer becomes a value, one of our errors, or is lost.

Import it late: it loads pywa.
"""

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final, TypeVar

import httpx
from pywa.client import WhatsApp
from pywa.errors import WhatsAppError

from marketing.channels.errors import TemporaryError
from marketing.channels.meta_graph.graph import VERSION
from marketing.channels.tls import trusted
from marketing.channels.whatsapp.cloud_errors import MOMENT, Fault
from marketing.channels.whatsapp.cloud_payload import template_of, text_of, to_number
from marketing.domain.whatsapp_message import OutboundTemplate

T = TypeVar("T")
MAX_BYTES: Final = 5_000_000
LONGEST_WAIT: Final = timedelta(hours=24)
TEMPLATE_FIELDS: Final = (
    "id", "name", "language", "status", "category", "previous_category", "components", "quality_score", "rejected_reason",
    "parameter_format",
)  # fmt: skip
NUMBER_FIELDS: Final = (
    "id", "display_phone_number", "verified_name", "quality_rating", "throughput", "status", "platform_type",
    "whatsapp_business_manager_messaging_limit",
)  # fmt: skip
UNAUTHENTICATED: Final = 190
"""Code 0 says the same of somebody unknown, and 0 is no code to us."""
PAGE: Final = 100
PAGES: Final = 60
"""An account has at most 6,000 templates (…/templates/overview)."""
# It writes each message with its recipient at DEBUG, and advice to programmers at WARNING.
logging.getLogger("pywa").setLevel(logging.ERROR)


class FaultError(Exception):
    """WhatsApp answered with an error; the text is its code."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


class LostError(Exception):
    """The call may have been done; the answer did not come or could not be read."""


class CloudClient:
    """Calls of one number; used by one thread at a time. `app_secret` proves that the token is used by our app."""

    def __init__(self, token: str, *, app_secret: str = "", host: str = "", timeout_seconds: float = 20.0) -> None:
        proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest() if app_secret else ""
        self._session = httpx.Client(
            transport=_Transport(proof),
            timeout=timeout_seconds,
            trust_env=False,
            follow_redirects=False,
            headers={"Accept-Encoding": "identity"},
        )
        self._api = WhatsApp(token=token, session=self._session, api_version=VERSION.removeprefix("v")).api
        if host:
            self._session.base_url = httpx.URL(f"{host}/{VERSION}")

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def send_template(self, number_id: str, message: OutboundTemplate) -> str:
        """Send one template message and return its wamid."""
        return self._send(number_id, message.recipient, "template", template_of(message), reference=message.reference)

    def send_text(self, number_id: str, recipient: str, words: str, *, answers: str = "") -> str:
        """Answer somebody who wrote within the last 24 hours; `answers` is the wamid of what is answered."""
        return self._send(number_id, recipient, "text", text_of(words), answers=answers)

    def number(self, number_id: str) -> Mapping[str, Any]:
        """Return what Meta knows of the number: its name, quality, throughput and messaging limit."""
        return self._ask(lambda: self._api.get_business_phone_number(number_id, NUMBER_FIELDS))

    def account(self, waba_id: str) -> Mapping[str, Any]:
        """Return the business account and whose portfolio it is in."""
        return self._ask(lambda: self._api.get_waba_info(waba_id, ("id", "name", "owner_business_info")))

    def number_ids(self, waba_id: str) -> set[str]:
        """Return the ids of the business account's numbers."""
        listed = self._ask(lambda: self._api.get_business_phone_numbers(waba_id, ("id",)))
        return {str(one.get("id")) for one in _objects(listed)}

    def subscribe(self, waba_id: str) -> None:
        """Have this account's webhooks sent to our app."""
        self._ask(lambda: self._api.send_raw_request("POST", f"/{waba_id}/subscribed_apps"))

    def templates(self, waba_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield every template of the account, page by page."""
        paging: dict[str, str] = {"limit": str(PAGE)}
        for _page in range(PAGES):
            listed = self._ask(partial(self._api.get_templates, waba_id, TEMPLATE_FIELDS, pagination=dict(paging)))
            yield from _objects(listed)
            links = listed.get("paging")
            after = links.get("cursors", {}).get("after") if isinstance(links, dict) and links.get("next") else None
            if not isinstance(after, str):
                return
            paging["after"] = after

    def create_template(self, waba_id: str, template: Mapping[str, Any]) -> Mapping[str, Any]:
        """Submit a template for approval; returns its id, status and the category Meta gave it."""
        return self._ask(lambda: self._api.create_template(waba_id, dict(template)))

    def delete_template(self, waba_id: str, name: str, template_id: str) -> None:
        """Delete one language of a template."""
        self._ask(lambda: self._api.delete_template(waba_id, name, template_id))

    def _send(
        self, number_id: str, recipient: str, kind: str, body: dict[str, Any], *, reference: str = "", answers: str = ""
    ) -> str:
        answer = self._ask(
            lambda: self._api.send_message(
                sender=number_id,
                to=to_number(recipient),
                recipient=None,
                recipient_type="individual",
                typ=kind,
                msg=body,
                reply_to_message_id=answers or None,
                biz_opaque_callback_data=reference or None,
            )
        )
        found = next(_objects(answer, "messages"), {}).get("id")
        if not isinstance(found, str) or not found:
            raise LostError("wa_no_id")
        return found

    def _ask(self, call: Callable[[], Any]) -> Mapping[str, Any]:
        try:
            answer = call()
        except WhatsAppError as error:
            raise FaultError(_fault(error)) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise TemporaryError("unreachable", MOMENT) from None
        except httpx.HTTPError as error:
            raise LostError(type(error).__name__.lower()) from None
        except (
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            RecursionError,
        ):  # what pywa makes of a broken answer
            raise LostError("wa_unreadable") from None
        if not isinstance(answer, dict):
            raise LostError("wa_unreadable")
        return answer


class _Transport(httpx.HTTPTransport):
    """Adds the proof below the place where httpx logs addresses, and reads no more than an answer may have."""

    def __init__(self, proof: str) -> None:
        super().__init__(verify=trusted(), trust_env=False)
        self._proof = proof

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._proof:
            request = httpx.Request(
                request.method,
                request.url.copy_merge_params({"appsecret_proof": self._proof}),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        response = super().handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream), "this transport is synchronous"
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_Bounded(response.stream),
            extensions=response.extensions,
        )


class _Bounded(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > MAX_BYTES:
                raise httpx.ReadError("too large")
            yield chunk

    def close(self) -> None:
        self._stream.close()


def _fault(error: WhatsAppError) -> Fault:
    status = error.status_code or 0
    # Without an error object the library puts the status where the code belongs.
    code = 0 if error.code == status else error.code or UNAUTHENTICATED
    if status == httpx.codes.UNAUTHORIZED:
        code = UNAUTHENTICATED
    return Fault(code, status, _retry_after(error.raw_response))


def _retry_after(response: httpx.Response | None) -> timedelta | None:
    given = response.headers.get("Retry-After", "") if response is not None else ""
    if not (given.isascii() and given.isdigit()):
        return None
    return min(timedelta(seconds=int(given[:9])), LONGEST_WAIT)


def _objects(answer: Mapping[str, Any], name: str = "data") -> Iterator[Mapping[str, Any]]:
    found = answer.get(name)
    yield from (one for one in (found if isinstance(found, list) else ()) if isinstance(one, dict))
