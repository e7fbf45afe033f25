"""Variable envelope return paths: the address that a bounce comes back to names the message, whatever the bounce's text says.

A reference (`LinkSigner.reference`) is a number and a MAC, so nobody makes one up. Some servers fold the case of a local part:
the MAC's base64 is written as base32 here, and turned back when read.
"""

import re
from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode
from typing import Final

LOCAL_PART: Final = "pantul"
"""The mailbox that bounces arrive in; it takes sub-addresses (RFC 5233), or its domain takes every local part."""
_REFERENCE: Final = re.compile(r"(?P<number>[0-9a-z]{1,13})\.(?P<mac>[A-Za-z0-9_-]{22})")
_ADDRESS: Final = re.compile(
    rf"<?{LOCAL_PART}\+(?P<number>[0-9a-z]{{1,13}})\.(?P<mac>[a-z2-7]{{26}})@[a-z0-9.-]{{1,253}}>?", re.IGNORECASE
)


def return_path(reference: str, domain: str) -> str:
    """Return the envelope sender (MAIL FROM) for the message of this reference; at most 48 characters before the `@`.

    ValueError when the reference is not built like one.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError("not a reference")
    mac = urlsafe_b64decode(f"{found['mac']}==")
    return f"{LOCAL_PART}+{found['number']}.{b32encode(mac).decode().rstrip('=').lower()}@{domain}"


def reference_of(address: str) -> str | None:
    """Return the reference in an address that `return_path` made, in any case of letters; whether it is genuine the signer knows."""
    found = _ADDRESS.fullmatch(address.strip())
    if found is None:
        return None
    mac = urlsafe_b64encode(b32decode(f"{found['mac'].upper()}======")).decode().rstrip("=")
    return f"{found['number'].lower()}.{mac}"
