"""Every listed code has one rule; 36009004 and families are told apart."""

import pytest

from marketing.channels.marketplace.errors import Fate, Later, Paused, Reconnect, Refused, TokenExpired
from marketing.channels.marketplace.tiktok_shop.errors import _GROUPS, TABLE, error_of, rule_of

CASES = [
    ("36009002", "", Later),
    ("36009003", "", Later),
    ("12052109", "", Later),
    ("105002", "Expired credentials.", TokenExpired),
    ("36009004", "Invalid credentials. The `x-tts-access-token` header is invalid.", TokenExpired),
    ("36009004", "Invalid credentials. The `access_token` header is invalid.", TokenExpired),
    ("36009004", "Invalid timestamp. The value of the `timestamp` query parameter must not be earlier", Paused),
    ("36009004", "Missing credentials. The request does not include a required signature in the query.", Paused),
    ("36009004", "Invalid credentials. Invalid `app_key` query parameter.", Paused),
    ("36009004", "Unexpected identifier. The `shop_cipher` query parameter is not required", Refused),
    ("36009004", "Something new", Refused),
    ("36009033", "Your IP address is not in the IP allow list", Paused),
    ("105005", "Access denied.", Paused),
    ("106001", "The `sign` query parameter is invalid.", Paused),
    ("36004004", "invalid auth code", Reconnect),
    ("12052700", "", Paused),
    ("12052201", "", Refused),
    ("12052093", "", Refused),
    ("12052999", "a code of a known family", Refused),
    ("77", "a code of no family", Refused),
]


@pytest.mark.parametrize(("code", "message", "outcome"), CASES)
def test_a_code_leads_to_its_outcome(code: str, message: str, outcome: type) -> None:
    failure = error_of(code, message, 200).failure
    assert isinstance(failure, outcome)
    if not isinstance(failure, TokenExpired):
        assert failure.detail.split(" (Jawaban")[0].endswith(".")


def test_no_code_stands_in_two_lines() -> None:
    codes = [code for _, line in _GROUPS for code in line.split()]
    assert len(codes) == len(set(codes)) == len(TABLE)
    assert all(code.isdigit() for code in codes)


def test_an_unknown_code_follows_the_status() -> None:
    assert rule_of("", "", 429).fate is Fate.LATER
    assert rule_of("", "", 403).fate is Fate.PAUSED
    assert rule_of("", "", 500).fate is Fate.FAULT
    assert rule_of("", "", 401).fate is Fate.TOKEN
    assert rule_of("", "", 404).fate is Fate.REFUSED


@pytest.mark.parametrize("code", ["12052048", "12052032", "12052260", "12019150"])
def test_a_missing_product_is_gone(code: str) -> None:
    assert rule_of(code).fate is Fate.GONE
