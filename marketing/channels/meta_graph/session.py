"""Meta's library with what it leaves out: our host, a limit of time, no following of redirects, nothing from the environment.

Import it late: it loads facebook_business.
"""

from typing import Any

import requests
import urllib3
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

from marketing.channels.meta_graph.graph import VERSION
from marketing.channels.social import Registration


class _Session(requests.Session):
    """A redirect would carry token and proof elsewhere; a proxy or .netrc of the machine is none of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, *given: Any, **named: Any) -> requests.Response:
        return super().request(*given, **{**named, "allow_redirects": False})


class _Meta(FacebookSession):  # type: ignore[misc]  # the library ships no types
    def __init__(self, app: Registration, token: str, timeout_seconds: float) -> None:
        super().__init__(app.app_id, app.app_secret, token, timeout=timeout_seconds)
        self.GRAPH = app.host or FacebookSession.GRAPH
        quiet, given = _Session(), vars(self)["requests"]
        quiet.verify, quiet.params = given.verify, given.params
        self.requests = quiet


def api_of(app: Registration, token: str, timeout_seconds: float) -> FacebookAdsApi:
    """Return the library's own caller; a proof of the secret goes with each call when there is a secret."""
    return FacebookAdsApi(_Meta(app, token, timeout_seconds), api_version=VERSION)


def never_sent(error: requests.RequestException) -> bool:
    """Return whether the call certainly did not leave: no connection came about."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError)
