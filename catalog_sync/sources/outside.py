"""Connect to the public internet alone: for an address that a person entered on a page, not the operator of the machine.

The check when an address is entered says what it means then; a name server may answer differently later. Here every
connection asks once, looks at all addresses, and goes to one that was looked at (ASVS 5.0 15.3.2).
"""

import httpx

from catalog_sync.sources.http_page import DEFAULT_PORTS
from marketing.channels.http import Resolve, is_public, system_resolve
from marketing.errors import CatalogError
from marketing.i18n import gettext as _


class OutsideOnly(httpx.BaseTransport):
    """Sends each request to a checked public address of its host; name, `Host` and certificate stay those of the host."""

    def __init__(self, resolve: Resolve = system_resolve) -> None:
        """Prepare; nothing is connected yet."""
        self._resolve = resolve
        self._inner = httpx.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it; CatalogError when the host lies inside, httpx.ConnectError when nobody knows it."""
        host = request.url.raw_host.decode("ascii")
        try:
            found = self._resolve(host, request.url.port or DEFAULT_PORTS[request.url.scheme])
        except (OSError, UnicodeError, OverflowError) as error:
            raise httpx.ConnectError(host, request=request) from error
        if not found:
            raise httpx.ConnectError(host, request=request)
        if not all(is_public(address) for address in found):
            raise CatalogError(
                _("{host} menunjuk ke jaringan dalam, bukan internet umum. Minta operator menghubungkannya.").format(
                    host=host
                )
            )
        request.url = request.url.copy_with(host=found[0])
        request.extensions = {**request.extensions, "sni_hostname": host}
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Give the connections back."""
        self._inner.close()
