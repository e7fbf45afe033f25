"""Text that others wrote, made safe and cut to size without breaking a letter; pure, and the same for every channel.

Grapheme rules after Unicode UAX #29 (extended grapheme clusters), reduced to what cutting needs: combining marks, joiners,
variation selectors, skin tones, flags and Hangul syllables stay whole.
"""

import re
import unicodedata
from collections.abc import Container, Iterable
from enum import StrEnum
from functools import lru_cache

ELLIPSIS = "…"


class TextUnit(StrEnum):
    """How a channel counts the length of a text."""

    CODE_POINTS = "code_points"
    UTF16 = "utf16"


# Bidirectional controls can make a price or a name read backwards (Unicode TR36, "Trojan Source"); the others are invisible.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0001"
# Everything XML 1.0 cannot carry (section 2.2) is in here too: controls, surrogates and non-characters.
_NEVER = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)
)
_REMOVED = re.compile(f"[{_BIDI}{_INVISIBLE}{_NEVER}]")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_URL = re.compile(r"https?://\S*", re.IGNORECASE)
_WA_LINK = re.compile(
    r"(?:whatsapp:?\s+)?(?:https?://)?(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=)\+?(\d{8,15})(?!\d)\S*",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"(?:https?://|wa\.me/)\S+|\+?\d[\d .()-]{7,17}\d|@[\w.]{3,30}", re.IGNORECASE)
_CONTACT_LENGTH = 60
_TAG_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"[#＃@＠]+(?=\w)")  # a run counts as one, so that taking a mark away never brings up another
_CALLS = re.compile(r"(?<!\w)[#＃@＠]+(?=\w)")  # an @ inside a word is an address of mail, which calls nobody
_TAGGED = re.compile(r"[#＃@＠]+(\w+)")
# What would change the letter before it, and what WhatsApp and readers take for a list or a quotation.
_FRONT = re.compile(r"^(?:[\u200c\u200d\ufe00-\ufe0f\u0300-\u036f\u20d0-\u20f0]|[>•-](?=[\s>•-])|\s)+")
_HASH, _AT = frozenset("#＃"), frozenset("@＠")
_TAG_LENGTH = 40
_ZWJ, _REGIONAL = "\u200d", range(0x1F1E6, 0x1F200)
_EXTENDING = (range(0x1F3FB, 0x1F400), range(0xE0020, 0xE0080), range(0xFE00, 0xFE10), range(0xFF9E, 0xFFA0))
_HANGUL_REST = range(0x1160, 0x1200)


def cleaned(text: str) -> str:
    """Return text of several lines without controls, bidirectional overrides and invisible marks."""
    if text.isprintable():  # nothing that is removed is printable, and most lines are
        return text
    return _REMOVED.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """Return cleaned text on one line, every run of white space one blank."""
    return " ".join(cleaned(text).split())


def measured(text: str, unit: TextUnit = TextUnit.CODE_POINTS) -> int:
    """Return the length of the text as the channel counts it."""
    if unit is TextUnit.UTF16 and not text.isascii():
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text)


def _joined(text: str, at: int) -> bool:
    """Return whether the characters before and after position `at` belong to one letter."""
    before, after = text[at - 1], text[at]
    code = ord(after)
    if _ZWJ in (after, before) or unicodedata.category(after) in {"Mn", "Mc", "Me"}:
        return True
    if any(code in block for block in _EXTENDING) or code in _HANGUL_REST:
        return True
    if code in _REGIONAL:
        start = at
        while start and ord(text[start - 1]) in _REGIONAL:
            start -= 1
        return (at - start) % 2 == 1  # flags are pairs
    return before == "\r" and after == "\n"


def letters(text: str) -> int:
    """Return how many letters a reader sees: a family of emoji, a flag and an accented letter are one each."""
    found, flags = 0, 0
    for at, char in enumerate(text):
        flags = flags + 1 if ord(char) in _REGIONAL else 0
        joined = flags % 2 == 0 if flags > 1 else at > 0 and flags == 0 and _joined(text, at)
        found += not joined
    return found


def cut(text: str, limit: int, unit: TextUnit = TextUnit.CODE_POINTS) -> str:
    """Return the text within `limit`, ended by “…” when something was left out; prefers the end of a word."""
    if measured(text, unit) <= limit:
        return text
    if limit < 1:
        return ""
    end = limit - 1
    while (over := measured(text[:end], unit) - limit + 1) > 0:
        end -= (over + 1) // 2  # a character has two units at most, so this never takes one too many
    while 0 < end < len(text) and _joined(text, end):
        end -= 1
    kept = text[:end]
    if end < len(text) and not text[end].isspace():
        word_end = max(kept.rfind(" "), kept.rfind("\n"))
        if word_end > end * 2 // 3:  # a long word is cut rather than half of the text lost
            kept = kept[:word_end]
    return kept.rstrip() + ELLIPSIS


@lru_cache(maxsize=512)  # the same few stand under every post
def hashtag(text: str) -> str:
    """Return “#Kata” made of letters and digits only, or an empty string when nothing usable is left."""
    words = _TAG_WORD.findall(one_line(text))
    joined = "".join(word if len(words) == 1 else word[:1].upper() + word[1:] for word in words)
    tag = "".join(char for char in joined if char.isalnum())[:_TAG_LENGTH]
    return f"#{tag}" if any(char.isalpha() for char in tag) else ""  # digits alone are no hashtag anywhere


def hashtags(words: Iterable[str], limit: int, besides: Container[str] = ()) -> tuple[str, ...]:
    """Return at most `limit` safe hashtags, each once whatever its case, and none of the words `besides` (see `tagged`)."""
    found: dict[str, str] = {}
    for word in words:
        if (tag := hashtag(word)) and tag[1:].casefold() not in besides:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())[: max(limit, 0)]


def _marks(text: str, runs: re.Pattern[str], signs: frozenset[str]) -> int:
    return sum(not signs.isdisjoint(run) for run in runs.findall(text))


def count_hashtags(text: str) -> int:
    """Return how many hashtags a channel would see in the text."""
    return _marks(text, _MARKS, _HASH)


def count_mentions(text: str) -> int:
    """Return how many @mentions a channel would see in the text."""
    return _marks(text, _CALLS, _AT)


def tagged(text: str) -> frozenset[str]:
    """Return the words that stand behind a hashtag's mark in the text, case-folded."""
    return frozenset(
        match.group(1).casefold() for match in _TAGGED.finditer(text) if not _HASH.isdisjoint(match.group())
    )


def without_hashtags(text: str, keep: int = 0) -> str:
    """Return the text with the first `keep` different hashtags; what else is marked as one becomes a plain word."""
    seen: set[str] = set()

    def mark(match: re.Match[str]) -> str:
        word, run = match.group(1), match.group().removesuffix(match.group(1))
        if _HASH.isdisjoint(run):
            return match.group()
        fresh = word.casefold() not in seen and len(seen) < keep
        seen.add(word.casefold())
        return match.group() if fresh else word

    return _TAGGED.sub(mark, text) if "#" in text or "＃" in text else text


def plain(text: str) -> str:
    """Return text from outside as one line of words without hashtags and @mentions."""
    words = without_mentions(without_hashtags(one_line(text)))
    return one_line(_FRONT.sub("", words))


def without_mentions(text: str, keep: int = 0) -> str:
    """Return the text with all but the first `keep` @mentions turned into plain words."""
    seen = 0

    def call(match: re.Match[str]) -> str:
        nonlocal seen
        if _AT.isdisjoint(match.group()):
            return match.group()
        seen += 1
        return match.group() if seen <= keep else ""

    return _CALLS.sub(call, text) if "@" in text or "＠" in text else text


def without_links(text: str, instead: str = "") -> str:
    """Return the text without web addresses: a WhatsApp link becomes its number, any other one `instead`."""
    spoken = _URL.sub(instead, _WA_LINK.sub(r"WhatsApp +\1", text))
    return re.sub(r":(?=//)", ": ", spoken)


def web_address(text: str) -> str:
    """Return the address when it is a plain http(s) one, else an empty string (never javascript:, data: or file:)."""
    address = text.strip()
    plain = address.lower().startswith(("https://", "http://")) and cleaned(address) == address
    return address if plain and not re.search(r"[\s<>\"'`{}|\\^]", address) else ""


def shortened_order(text: str, limit: int, unit: TextUnit = TextUnit.CODE_POINTS) -> str:
    """Return how to order within `limit`; when words must go, the number or address one orders at is what stays."""
    if measured(text, unit) <= limit:
        return text
    contact = _CONTACT.search(text)
    if contact and measured(contact.group(), unit) <= max(limit, _CONTACT_LENGTH):
        return contact.group()
    return cut(text, limit, unit)
