"""`siar api-key` makes a key, shows it once, lists without it and revokes it."""

import json

from marketing.domain.api_key import prefix_of
from tests.functional.cli.conftest import Siar


def test_a_key_is_printed_once_listed_without_its_secret_and_revoked(siar: Siar) -> None:
    made = siar(
        "api-key", "add", "--tenant", "tts", "--name", "Situs resmi", "--scope", "consents", "--scope", "withdrawals"
    )
    assert made.code == 0, made.err
    key = made.out.strip()
    assert prefix_of(key)
    assert "tidak dapat ditampilkan lagi" in made.err
    assert key not in made.err
    listed = siar("api-key", "list", "--tenant", "tts", "--json")
    (row,) = json.loads(listed.out)
    assert (row["prefix"], row["name"], row["scopes"]) == (prefix_of(key), "Situs resmi", ["consents", "withdrawals"])
    assert (row["last_used_on"], row["revoked"]) == (None, False)
    assert key not in listed.out
    assert "belum pernah dipakai" in siar("api-key", "list", "--tenant", "tts").out
    assert "Belum ada kunci." in siar("api-key", "list", "--tenant", "blitar").out
    assert siar("api-key", "revoke", prefix_of(key), "--tenant", "blitar").code == 1
    assert siar("api-key", "revoke", prefix_of(key), "--tenant", "tts").code == 0
    assert siar("api-key", "revoke", prefix_of(key), "--tenant", "tts").code == 0  # a second time changes nothing
    assert "dicabut" in siar("api-key", "list", "--tenant", "tts").out


def test_a_key_without_a_right_is_refused_in_one_sentence(siar: Siar) -> None:
    assert "vouch" in siar("api-key", "add", "--tenant", "tts", "--name", "Situs", "--scope", "vouch").sentence
    assert siar("api-key", "add", "--tenant", "tts", "--name", "Situs", "--scope", "semua").code == 2
    assert "awalan" in siar("api-key", "revoke", "000000000000", "--tenant", "tts").sentence
