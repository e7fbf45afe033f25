"""One form for every way of writing an address, so that the same mailbox or phone is one row; pure, asks no server."""

import re
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from marketing.domain.keyed_hash import HashPurpose, keyed_hash

COUNTRY: Final = "ID"
_MOBILE_WITHOUT_PLUS: Final = re.compile(r"62\s*8")


def normalise_email(text: str) -> str | None:
    """Return the address with its domain in small ASCII letters, or None when no mail could go there.

    The part before the @ keeps its case, because it is the receiving server's; `address_hash` ignores it.
    """
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return f"{checked.local_part}@{checked.ascii_domain.lower()}"


def normalise_phone(text: str) -> str | None:
    """Return a possible number as E.164 (`+62812…`), read as Indonesian unless it says otherwise, or None.

    `62812…` without its plus would be taken for the fixed line +62 62812… and found valid.
    """
    bare = re.sub(r"[^\d+]", "", text)
    if _MOBILE_WITHOUT_PLUS.match(bare):
        bare = f"+{bare}"
    try:
        number = phonenumbers.parse(bare, COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def address_hash(key: bytes, tenant_id: str, normalised: str) -> str:
    """Return the keyed hash under which an address meets the suppression list and its own twins in other letter case."""
    return keyed_hash(key, HashPurpose.ADDRESS, tenant_id, normalised.lower())
