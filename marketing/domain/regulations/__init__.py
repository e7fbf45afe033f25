"""The explicit index of the regulations that decide what may be promoted.

The key is the package name that a tenant's profile names. A version ends in the version of the national law both
regulations refer to: when either changes, stored decisions are made again.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from marketing.domain.regulations import trade_law
from marketing.domain.regulations.base import Gate
from marketing.domain.regulations.perbup_tts_17_2025 import pasal_01, pasal_10
from marketing.domain.regulations.perwali_blitar_24_2024 import pasal_06, pasal_08, pasal_09

GATES: Final[Mapping[str, Gate]] = MappingProxyType(
    {
        "perbup_tts_17_2025": Gate(
            f"perbup_tts_17_2025/2+{trade_law.VERSION}",
            (pasal_01.ARTICLE, pasal_10.ARTICLE),
        ),
        "perwali_blitar_24_2024": Gate(
            f"perwali_blitar_24_2024/2+{trade_law.VERSION}",
            (pasal_06.ARTICLE, pasal_08.ARTICLE, pasal_09.ARTICLE),
        ),
    },
)
