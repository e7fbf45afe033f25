"""Which words of a search may be somebody's address: those are posted and answered, and stand in no address and no log."""

import re
from typing import Final

_ADDRESS: Final = re.compile(r"@|[0-9](?:[ ().-]?[0-9]){4}")


def may_be_of_a_person(typed: str) -> bool:
    """Return whether typed words may be a part of an address or a telephone number."""
    return _ADDRESS.search(typed) is not None
