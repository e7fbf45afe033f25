"""Views of the keys with which other programs speak to Siar."""

from dataclasses import dataclass, field

from marketing.web.views.parts import Option


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key without its secret; `revoke_href` is empty for one that was revoked."""

    prefix: str
    name: str
    scopes: tuple[str, ...]
    made: str
    used: str
    revoked: str
    revoke_href: str


@dataclass(frozen=True, slots=True)
class ApiKeysView:
    """The page; `secret` is a key that was just made, shown this once."""

    rows: tuple[KeyRow, ...]
    scopes: tuple[Option, ...]
    address: str
    name: str = ""
    secret: str = field(default="", repr=False)
    wrong_name: str = ""
    wrong_scopes: str = ""
