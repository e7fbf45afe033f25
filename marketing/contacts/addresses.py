"""One form for every way of writing an address, so that the same mailbox or phone is one row; pure, asks no server."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers.phonemetadata import PhoneMetadata

from marketing.domain.keyed_hash import HashPurpose, keyed_hash
from marketing.domain.types import ChannelName
from marketing.i18n import gettext as _

COUNTRY: Final = "ID"
LONGEST: Final = 320
"""Characters of the longest address of any kind (RFC 3696 erratum 1690: 64 + 1 + 255); nothing longer is looked at."""
_MOBILE_WITHOUT_PLUS: Final = re.compile(r"620?8")
_PLAN: Final = PhoneMetadata.metadata_for_region(COUNTRY)
_MOBILES: Final = _PLAN.mobile if _PLAN is not None else None
_MOBILE: Final = re.compile(rf"(?:\+62|0)({_MOBILES.national_number_pattern if _MOBILES else '(?!)'})", re.ASCII)
_MOBILE_LENGTHS: Final = frozenset(_MOBILES.possible_length if _MOBILES else ())
_LOCAL: Final = re.compile(r"(?=.{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@")
"""A dot-atom (RFC 5322 3.2.3) of at most 64 characters (RFC 5321 4.5.3.1.1): what needs no closer look at all."""
_MAILBOX: Final = 254
_USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_CHAT: Final = re.compile(r"[1-9][0-9]{4,15}")
_TELEGRAM_LINK: Final = re.compile(r"(?:https?://)?(?:t\.me|telegram\.me)/", re.IGNORECASE)


def normalise_email(text: str) -> str | None:
    """Return the address with its domain in small ASCII letters, or None when no mail could go there.

    The part before the @ keeps its case, because it is the receiving server's; `address_hash` ignores it.
    """
    if len(text) > LONGEST:
        return None
    text = text.strip()
    if found := _LOCAL.match(text):  # nearly every address; the domain is one of few
        domain = _domain(text[found.end() :])
        return f"{found[0]}{domain}" if domain and found.end() + len(domain) <= _MAILBOX else None
    try:
        checked = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return f"{checked.local_part}@{checked.ascii_domain.lower()}"


@lru_cache(maxsize=10_000)
def _domain(text: str) -> str:
    """Return a domain in small ASCII letters, empty when it is none."""
    try:
        checked = validate_email(f"x@{text}", check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return ""
    return checked.ascii_domain.lower()


def normalise_phone(text: str) -> str | None:
    """Return a possible number as E.164 (`+62812…`), read as Indonesian unless it says otherwise, or None.

    `62812…` without its plus would be taken for the fixed line +62 62812… and found valid; `0062…` is dialled abroad.
    """
    if len(text) > LONGEST:
        return None
    bare = re.sub(r"[^\d+]", "", text)
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    elif _MOBILE_WITHOUT_PLUS.match(bare):
        bare = f"+{bare}"
    if (found := _MOBILE.fullmatch(bare)) and len(
        found[1]
    ) in _MOBILE_LENGTHS:  # nearly every number, at a tenth of the time
        return f"+62{found[1]}"
    try:
        number = phonenumbers.parse(bare, COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_telegram(text: str) -> str | None:
    """Return `@name` in small letters, or the digits of a chat, or None.

    A name has 4 to 32 letters, digits and underscores and begins with a letter (core.telegram.org/method/account.checkUsername).
    """
    if len(text) > LONGEST:
        return None
    name = _TELEGRAM_LINK.sub("", text.strip()).removeprefix("@")
    if _CHAT.fullmatch(name):
        return name
    return f"@{name.lower()}" if _USERNAME.fullmatch(name) else None


NORMALISE: Final[Mapping[ChannelName, Callable[[str], str | None]]] = {
    ChannelName.EMAIL: normalise_email,
    ChannelName.WHATSAPP: normalise_phone,
    ChannelName.TELEGRAM: normalise_telegram,
}
"""How an address of each channel gets its one form; the order is that in which an address tells who a person is."""


def why_no_email(text: str) -> str:
    """Return why `normalise_email` found no address in this text, as a sentence that repeats nothing of it."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not local or not domain:
        return _("bukan alamat surel; tulis seperti nama@surat.example")
    if not local.isascii():
        return _(
            "bagian sebelum @ memuat huruf di luar A–Z (RFC 6531); banyak server surel menolaknya, minta alamat lain"
        )
    return _("alamat surel salah tulis; periksa huruf, titik dan spasinya")


def address_hash(key: bytes, tenant_id: str, normalised: str) -> str:
    """Return the keyed hash under which an address meets the suppression list and its own twins in other letter case."""
    return keyed_hash(key, HashPurpose.ADDRESS, tenant_id, normalised.lower())
