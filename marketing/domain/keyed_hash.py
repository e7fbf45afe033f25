"""Keyed hashes: recognise an address or a NIK again without keeping it."""

import hmac
from enum import StrEnum


class HashPurpose(StrEnum):
    """What is hashed; hashes for one purpose never match those for another."""

    ADDRESS = "address"
    NIK = "nik"
    SESSION = "session"
    PASSWORD = "password"  # noqa: S105  names what is hashed
    DEVICE = "device"
    REQUEST = "request"


def keyed_hash(key: bytes, purpose: HashPurpose, tenant: str, value: str) -> str:
    """Return HMAC-SHA256 as hex over purpose, tenant and value."""
    return hmac.digest(key, f"{purpose}\x1f{tenant}\x1f{value}".encode(), "sha256").hex()
