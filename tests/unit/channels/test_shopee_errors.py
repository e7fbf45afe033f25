"""Every documented code has one rule, and a code with two meanings is told apart by its message."""

import json
import os
from pathlib import Path

import pytest

from marketing.channels.marketplace.errors import Fate, Later, Paused, Reconnect, Refused, TokenExpired
from marketing.channels.marketplace.shopee.errors import _GROUPS, TABLE, error_of, item_error, rule_of

SPEC = Path(os.environ.get("SIAR_SPECS", "")) / "shopee-v2-add_item.json"

CASES = [
    ("error_rate_limit", "Too many requests.", Later),
    ("error_limit", "daily API call limit", Later),
    ("error_system_busy", "", Later),
    ("error_auth", "Invalid access_token.", TokenExpired),
    ("common.error_auth", "Invalid access_token.", TokenExpired),
    ("invalid_acceess_token", "", TokenExpired),
    ("error_param", "There is no access_token in query.", TokenExpired),
    ("error_auth", "No permission to current api.", Paused),
    ("error_auth", "Total stock must be more than reserved stock.", Refused),
    ("error_auth", "System error, please try again later.", Later),
    ("error_auth", "The App is deleted, and you'll be unable to make any API call.", Paused),
    ("error_param", "Timestamp is expired.", Paused),
    ("source_ip_undeclared", "Request Source IP (1.2.3.4) is undeclared.", Paused),
    ("error_sign", "Wrong sign.", Paused),
    ("shop_banned", "", Paused),
    ("refresh_token_expired", "", Reconnect),
    ("error_shop_refresh_token", "", Reconnect),
    ("shop_no_linked", "", Reconnect),
    ("product.error_param", "Image not exist.", Refused),
    ("error.param", "Can not update item with stock less than reserved stock", Refused),
    ("error_holiday_on_add_item", "", Later),
    ("kode_baru_yang_belum_ada", "", Refused),
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


def test_an_unknown_code_follows_the_status() -> None:
    assert rule_of("", "", 429).fate is Fate.LATER
    assert rule_of("", "", 403).fate is Fate.PAUSED
    assert rule_of("", "", 503).fate is Fate.FAULT
    assert rule_of("", "", 401).fate is Fate.TOKEN
    assert rule_of("apa_ini", "", 403).fate is Fate.REFUSED


def test_a_missing_item_is_gone_in_words_too() -> None:
    assert item_error("Product not found").rule.fate is Fate.GONE
    assert item_error("Can't unlist item when item is under promotion").rule.fate is Fate.LATER
    assert item_error(None).rule.fate is Fate.REFUSED


def test_the_providers_words_are_shown_without_secrets_and_cut() -> None:
    error = error_of("error_auth", "Invalid access_token rahasia-123\x1b[31m\u202e" + "x" * 900, 403, "rahasia-123")
    assert "rahasia-123" not in error.message + str(error)
    assert len(error.message) <= 160
    assert not set(error.message) & set("\x1b\u202e")


@pytest.mark.skipif(not SPEC.is_file(), reason="SIAR_SPECS names no folder with Shopee's document")
def test_every_code_of_shopees_own_list_stands_in_the_table() -> None:
    document = json.loads(SPEC.read_text("utf-8"))
    listed = {error["name"] for error in document["error_list"] + document["common_error_list"]}
    assert len(listed) > 80
    assert {code for code in listed if code not in TABLE and code.rsplit(".", 1)[-1] not in TABLE} == set()
