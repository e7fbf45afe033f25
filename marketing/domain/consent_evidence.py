"""What proves a decision, cut down to what the proof needs (UU 27/2022 Ps. 16, 24)."""

import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from marketing.domain.text import one_line

USER_AGENT_LENGTH: Final = 300
TEXT_LENGTH: Final = 2_000
_IPV4_PREFIX, _IPV6_PREFIX = 24, 48


def proof(
    *,
    ip: str = "",
    user_agent: str = "",
    form: str = "",
    scan: str = "",
    doi_sent_at: datetime | None = None,
    doi_confirmed_at: datetime | None = None,
    doi_token_hash: str = "",
) -> dict[str, Any]:
    """Return the evidence of one decision; what is not known does not appear.

    `form` is the form or check box that was used, `scan` the number of the scanned paper.
    """
    known = {
        "network": network_of(ip),
        "user_agent": one_line(user_agent)[:USER_AGENT_LENGTH],
        "form": form,
        "scan": scan,
        "doi_sent_at": doi_sent_at,
        "doi_confirmed_at": doi_confirmed_at,
        "doi_token_hash": doi_token_hash,
    }
    return plain({key: value for key, value in known.items() if value})


def network_of(ip: str) -> str:
    """Return the network an address belongs to (/24 or /48): enough to argue about a decision, too little to find a home."""
    try:
        address = ipaddress.ip_address(ip.strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    prefix = _IPV4_PREFIX if address.version == 4 else _IPV6_PREFIX  # noqa: PLR2004  the version of IP is its own name
    return str(ipaddress.ip_network((address, prefix), strict=False))


def plain(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return evidence as both engines give it back: texts, whole numbers, truth values, lists and objects of these.

    ValueError for anything else: a number with a fraction would not come back as it was sealed.
    """
    return {one_line(str(key)): _plain(value) for key, value in evidence.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return one_line(value)[:TEXT_LENGTH]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise ValueError(f"no evidence: {type(value).__name__}")
