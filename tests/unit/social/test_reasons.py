"""Every code that an adapter of a social channel may give is a sentence for people, and what follows it is one thing."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from marketing.channels.errors import PermanentError, ReconnectError, TemporaryError
from marketing.social.reasons import Then, follows, words_of

ROOT = Path(__file__).resolve().parents[3] / "marketing"
PLACES = (
    "channels/facebook",
    "channels/instagram",
    "channels/tiktok",
    "channels/telegram",
    "channels/meta_graph",
    "social",
)
GIVEN = re.compile(r'(?:TemporaryError|InDoubt|LostError|PermanentError|GoneError)\((?:post\.key, )?"([a-z_0-9]+)"')


def codes() -> set[str]:
    files = [file for place in PLACES for file in (ROOT / place).rglob("*.py")]
    return {code for file in files for code in GIVEN.findall(file.read_text("utf-8"))} | {"pace", "broker_away"}


def test_every_code_in_the_adapters_has_words_of_its_own() -> None:
    found = codes()
    assert len(found) > 15
    generic = {code for code in found if code in words_of(code)}
    assert generic <= {"unreadable"}, "words that only repeat the code"


@pytest.mark.parametrize(
    "code",
    ["meta_4", "meta_80001_2446079", "meta_-2_2207003", "tiktok_rate_limit_exceeded", "http_502", "TimedOut", "baru"],
)
def test_a_code_that_names_no_sentence_is_still_told_as_one(code: str) -> None:
    words = words_of(code)
    assert code in words
    assert words.endswith(".")
    assert " " in words


@pytest.mark.parametrize("words", ["", "Bot dikeluarkan dari saluran ini.", "Ditarik", "Meta menolak ini (meta_100)."])
def test_a_sentence_stays_as_it_is(words: str) -> None:
    assert words_of(words) == words


@pytest.mark.parametrize(
    ("error", "then"),
    [
        (TemporaryError("pace", timedelta(seconds=1)), Then.RETRY),
        (TemporaryError("meta_4", timedelta(minutes=5)), Then.RETRY),
        (TemporaryError("Diblokir sementara.", timedelta(hours=6)), Then.PAUSE),
        (TemporaryError("instagram_quota", timedelta(minutes=1)), Then.PAUSE),
        (ReconnectError("Izin dicabut."), Then.REFRESH),
        (PermanentError("telegram_blocked"), Then.SUPPRESS),
        (PermanentError("Fotonya ditolak."), Then.FAIL),
        (OSError("ECONNRESET"), Then.LOOK),
    ],
)
def test_one_thing_follows_each_error(error: Exception, then: Then) -> None:
    assert follows(error) is then
