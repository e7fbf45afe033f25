"""Fetch from an address that somebody else wrote (server-side request forgery guard, ASVS 5.0 1.3.6, 15.3.2).

The name is resolved once, every address it has must be public, and the connection goes to one that was checked: an
answer that changes between check and connection changes nothing. No redirects, no credentials, no proxy, no compression.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from marketing.channels.errors import PermanentError, TemporaryError
from marketing.channels.tls import trusted
from marketing.i18n import gettext as _
from marketing.later import without

with without("rich"):  # its command line, for 8 MB
    import httpx

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

LATER: Final = timedelta(minutes=10)
PORTS: Final = {"http": 80, "https": 443}
# Python calls these global although each leads, or may lead, into a network of our own.
TRANSLATED: Final = tuple(
    ipaddress.ip_network(block)
    for block in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "192.0.0.0/24", "192.88.99.0/24")
)
UNICAST: Final = ipaddress.IPv6Network("2000::/3")  # the only block IANA hands out; ::/96 and fec0::/10 are not in it


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the public internet and to nothing that tunnels out of it."""
    try:
        ip: IPAddress = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.scope_id is not None or ip not in UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in TRANSLATED)


def system_resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver, which also reads 127.1, 0x7f.1 and 2130706433 as the addresses they are."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    *,
    allow_hosts: frozenset[str] = frozenset(),
    max_bytes: int,
    timeout: float,
    resolve: Resolve = system_resolve,
) -> bytes:
    """Return the body behind an http(s) address.

    `allow_hosts` are the host:port an operator configured; only they may lie in a private network. PermanentError when
    the address is refused or nothing usable is there, TemporaryError when it may work later; neither text repeats the URL.
    """
    target = _target(url)
    host = target.raw_host.decode("ascii")
    port = target.port or PORTS[target.scheme]
    deadline = time.monotonic() + timeout
    address = _address(host, port, resolve, trusted=f"{host}:{port}" in allow_hosts)
    pinned = target.copy_with(host=address, fragment=None)
    headers = {"Host": target.netloc.decode("ascii"), "Accept-Encoding": "identity", "User-Agent": "Siar"}
    try:
        with (
            httpx.Client(verify=trusted(), timeout=timeout, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", pinned, headers=headers, extensions={"sni_hostname": host}) as response,
        ):
            _check(response, max_bytes)
            return _body(response, max_bytes, deadline)
    except httpx.TimeoutException as error:
        raise TemporaryError(_("Server tidak menjawab pada waktunya."), LATER) from error
    except (httpx.HTTPError, ssl.SSLError) as error:
        raise TemporaryError(_("Server tidak dapat dihubungi."), LATER) from error


def _target(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise PermanentError(_("Alamat tidak sah.")) from error
    if target.scheme not in PORTS or not target.host:
        raise PermanentError(_("Alamat harus http atau https."))
    if target.userinfo:
        raise PermanentError(_("Alamat tidak boleh memuat nama pengguna."))
    return target


def _address(host: str, port: int, resolve: Resolve, *, trusted: bool) -> str:
    """Return the address to connect to, after checking all of them."""
    try:
        addresses = resolve(host, port)
    except (OSError, UnicodeError, OverflowError) as error:
        raise TemporaryError(_("Nama server tidak ditemukan."), LATER) from error
    if not addresses:
        raise TemporaryError(_("Nama server tidak ditemukan."), LATER)
    if not trusted and not all(is_public(address) for address in addresses):
        raise PermanentError(_("Alamat menunjuk ke jaringan yang bukan internet umum."))
    return addresses[0]


def _check(response: httpx.Response, max_bytes: int) -> None:
    status = response.status_code
    if response.is_redirect:
        raise PermanentError(_("Server mengalihkan ke alamat lain; pengalihan tidak diikuti."))
    if status == HTTPStatus.TOO_MANY_REQUESTS or response.is_server_error:
        raise TemporaryError(_("Server sedang tidak dapat melayani ({status}).").format(status=status), LATER)
    if status != HTTPStatus.OK:
        raise PermanentError(_("Server menjawab {status}.").format(status=status))
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise PermanentError(_("Server mengirim isi yang dimampatkan."))
    length = response.headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > max_bytes:
        raise _too_large(max_bytes)


def _body(response: httpx.Response, max_bytes: int, deadline: float) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_raw():
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(max_bytes)
        if time.monotonic() > deadline:
            raise TemporaryError(_("Server tidak menjawab pada waktunya."), LATER)
        chunks.append(chunk)
    return b"".join(chunks)


def _too_large(max_bytes: int) -> PermanentError:
    return PermanentError(_("Isi lebih besar dari {limit} KB.").format(limit=max_bytes // 1024))
