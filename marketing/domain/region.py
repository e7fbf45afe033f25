"""Region codes of the Ministry of Home Affairs (Kepmendagri 300.2.2-2138/2025): 53.02 is Timor Tengah Selatan, 35.72 Kota Blitar.

Statistics Indonesia (BPS) numbers regencies differently: its 5304 is Timor Tengah Selatan, its 5302 Sumba Timur. A code
is always read as the Ministry's, so a BPS code of the own Daerah is refused and the cure says which code belongs there.
"""

import re
from typing import Final

_CODE: Final = re.compile(r"(?P<province>[1-9][0-9])\.?(?P<regency>[0-9]{2})(?:\.?(?:[0-9]{2})(?:\.?[0-9]{4})?)?")
BPS: Final = {"53.02": "5304", "35.72": "3572"}
"""What BPS calls the same Daerah, so that a mix-up can be named."""


def regency_of(code: str) -> str | None:
    """Return the regency or city of a code as `53.02`; dots may be missing, a kecamatan or desa belongs to its regency.

    None for anything that is no code: no ASCII digits, a wrong length, a province below 11 or a regency 00.
    """
    found = _CODE.fullmatch(code.strip())
    if not found or found["regency"] == "00" or found["province"] == "10":
        return None
    return f"{found['province']}.{found['regency']}"


def is_within(code: str, region_code: str) -> bool:
    """Return whether a place with this code lies in the Daerah."""
    return regency_of(code) == region_code


def is_bps_code(code: str, region_code: str) -> bool:
    """Return whether this is what BPS calls the Daerah, where the Ministry calls it differently; BPS writes no dots."""
    return not is_within(code, region_code) and code.strip()[:4] == BPS.get(region_code, "")


def lacks_dots(code: str) -> bool:
    """Return whether the code came without its dots, so that a reader may take it for one of BPS."""
    return "." not in code and regency_of(code) is not None
