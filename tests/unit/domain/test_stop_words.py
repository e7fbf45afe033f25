"""STOP is understood however it is typed, and nothing else is taken for it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.stop_words import LONGEST, StopScope, stop_scope

HERE = [
    "STOP", "stop.", "Stop!!!", "/stop", "/stop@siar_tts_bot", "/STOP", "*STOP*", "_stop_", "#stop", "ＳＴＯＰ", "𝐒𝐓𝐎𝐏",
    "S T O P", "s.t.o.p", "stooop", "STOP 🛑", "🙏🏽 stop", "BERHENTI", "Berhenti ya kak", "UNSUB", "unsubscribe", "Unreg", "setop",
    "stop promosi", "Tolong stop promosinya", "berhenti berlangganan", "berhenti-berlangganan",
    "Halo min, saya mau berhenti langganan. Terima kasih.", "batal langganan", "opt-out", "OPT OUT", "cancel subscription",
    "jangan kirim promosi lagi", "Jangan kirimi saya pesan lagi", "tolong jangan hubungi saya lagi", "jgn ganggu",
    "saya tidak mau menerima iklan lagi", "gak mau terima promo lagi", "jangan kirim lagi",
    "STOP\n\n--\nBudi, Soe\n\nPada Sab, 21 Nov, Dinas menulis:\n> Promo madu", "\n\nHalo\nstop\nsaya pindah kota",
    "s\u200bt\u200bo\u200bp", "s\u0301to\u0308p", "\u202estop\u202c", "stop\ufe0f\u20e3", "\ufeffstop", "stop\u3164",
    "STOP " * 300,
]  # fmt: skip
EVERYTHING = [
    "STOP SEMUA",
    "berhenti semua",
    "stopall",
    "STOP ALL",
    "/stop semua",
    "stop semuanya kak",
    "unsubscribe all",
]
NO = [
    "", " ", "🛑", "jangan berhenti", "Jangan stop promosinya ya", "jangan\nberhenti", "don't stop", "tidak berhenti", "nonstop",
    "berhenti di depan toko ya", "bus stop", "Stopkontak ada?", "stop kontak 2 buah", "promo sudah berhenti?", "promo stop?",
    "bagaimana cara berhenti", "batal", "cancel", "batal pesan", "batalkan pesan saya", "batal kirim", "batal semua",
    "gak mau pesan dulu", "jangan pesan", "jangan kirim dulu", "jangan kirim dulu barangnya, saya stop di Kupang",
    "saya mau pesan 2 madu", "promo", "info", "semua", "keluar", "lagi", "tidak", "jangan", "stoples 5", "nonstop promo",
    "STO P2", "/start", "/stopwatch", "stop@contoh.example", "kapan promo madu berhenti",
]  # fmt: skip
PLAIN = ("stop", "berhenti semua", "unsub", "stop promosi", "jangan kirim promosi lagi", "batal langganan", "stopall")
AROUND = st.text(alphabet=" \u200b\u2060\ufeff*_~.!🛑🙏", max_size=12)
COURTESY = st.lists(st.sampled_from(["kak", "tolong", "ya", "dong", "min", "terima kasih", "mohon"]), max_size=4)


@pytest.mark.parametrize("text", HERE)
def test_who_asks_to_stop_leaves_the_channel(text: str) -> None:
    assert stop_scope(text) is StopScope.CHANNEL


@pytest.mark.parametrize("text", EVERYTHING)
def test_who_asks_to_stop_everything_leaves_everything(text: str) -> None:
    assert stop_scope(text) is StopScope.ALL


@pytest.mark.parametrize("text", NO)
def test_what_asks_for_something_else_is_left_to_a_person(text: str) -> None:
    assert stop_scope(text) is None


@given(st.sampled_from(PLAIN), AROUND, AROUND, COURTESY, st.sampled_from((str.upper, str.lower, str.title)))
def test_case_courtesy_emphasis_and_what_is_invisible_change_nothing(
    text: str, before: str, after: str, courtesy: list[str], cased: Callable[[str], str]
) -> None:
    polite = " ".join([*courtesy, before, cased(text) + after, *courtesy])
    assert stop_scope(polite) is stop_scope(text) is not None


@given(
    st.text(max_size=60),
    st.sampled_from(["jangan", "tidak", "jgn", "nggak"]),
    st.sampled_from(["stop", "berhenti", "unsub"]),
)
def test_a_no_before_it_is_no_stop(rest: str, no: str, stop: str) -> None:
    assert stop_scope(f"{no} {stop} " + " ".join(rest.split())) is None


@given(st.text(max_size=400))
def test_any_text_gets_an_answer_and_the_same_one_again(text: str) -> None:
    assert stop_scope(text) is stop_scope(text)


@given(st.integers(min_value=0, max_value=9), st.text(alphabet="0123456789 ", max_size=20))
def test_a_number_is_never_a_stop(digit: int, more: str) -> None:
    assert stop_scope(f"stop {digit}{more}") is None


def test_what_lies_beyond_the_longest_message_is_not_read() -> None:
    assert stop_scope("a" * LONGEST + "\nstop") is None
    assert stop_scope("stop\n" + "x" * 5_000_000) is StopScope.CHANNEL
