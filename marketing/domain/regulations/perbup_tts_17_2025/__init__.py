"""Perbup Timor Tengah Selatan 17/2025 on digital empowerment of UMKM, in force since 1 September 2025."""

from typing import Final

ZONE: Final = "Asia/Makassar"  # WITA
REGION: Final = "53.02"  # Kemendagri; BPS calls it 5304
NAME: Final = "Perbup TTS 17/2025"
