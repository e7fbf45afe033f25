"""Perwali Blitar 24/2024 on the electronic information system of UMKM, in force since 13 June 2024."""

from typing import Final

ZONE: Final = "Asia/Jakarta"  # WIB
REGION: Final = "35.72"  # Kemendagri
NAME: Final = "Perwali Blitar 24/2024"
