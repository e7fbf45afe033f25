"""Seal secrets before they are stored: a stolen database alone opens no account (ASVS 5.0 11.4, 13.3).

AES-128-CBC with HMAC by the Fernet recipe; one key per purpose is derived from the installation's own key, so a token of
one purpose never opens as another. The first key seals, every key opens: that is how a key is changed.
"""

import base64
from collections.abc import Sequence
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from marketing.errors import SettingsError
from marketing.i18n import gettext as _

KEY_BYTES: Final = 32


class Sealer:
    """Seals and opens short texts; its keys appear in no repr."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take the installation's keys, the one in force first."""
        self._keys = tuple(keys)

    def seal(self, purpose: str, text: str) -> str:
        """Return the text sealed for one purpose, as ASCII; the empty text stays empty."""
        return self._of(purpose).encrypt(text.encode()).decode("ascii") if text else ""

    def open(self, purpose: str, sealed: str) -> str:
        """Return the text; SettingsError when no key of ours opens it."""
        if not sealed:
            return ""
        try:
            return self._of(purpose).decrypt(sealed.encode()).decode()
        except (InvalidToken, ValueError) as error:
            raise SettingsError(
                _(
                    "Rahasia yang tersimpan tidak dapat dibuka: kuncinya berubah. Isi kunci lama di SIAR_SEAL_KEYS_OLD, lalu jalankan siar data reseal."
                )
            ) from error

    def renewed(self, purpose: str, sealed: str) -> str:
        """Return what was sealed, sealed with the key in force; SettingsError when no key of ours opens it."""
        return self.seal(purpose, self.open(purpose, sealed))

    def _of(self, purpose: str) -> MultiFernet:
        return MultiFernet([Fernet(_derived(key, purpose)) for key in self._keys])


def _derived(key: bytes, purpose: str) -> bytes:
    derivation = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"siar/{purpose}".encode())
    return base64.urlsafe_b64encode(derivation.derive(key))
