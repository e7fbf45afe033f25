"""What a returned or refused mail says of the address, of us and of the other server, and what follows.

A person is suppressed only for what a server said of the address itself. What it said of the sender pauses the campaign, and
whatever may pass is only counted. Sources: RFC 3463 and the IANA registry "SMTP Enhanced Status Codes" (4.X.X: a temporary
condition has caused abandonment or delay), and SendGrid's "Bounce and Block Classifications" and "Event Webhook Reference".
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class BounceClass(StrEnum):
    """Whose fault it is that a mail did not arrive, and for how long."""

    HARD = "hard"  # the address does not exist
    SOFT = "soft"  # it may work another time
    BLOCK = "block"  # the server does not want this sender
    TECHNICAL = "technical"  # the two servers did not understand each other
    COMPLAINT = "complaint"  # the person called it spam
    NONE = "none"  # nothing of the kind


class Consequence(StrEnum):
    """What follows from one such report."""

    SUPPRESS = "suppress"
    COUNT = "count"
    WATCH_CAMPAIGN = "watch_campaign"
    ALERT = "alert"
    NOTHING = "nothing"


CONSEQUENCE: Final = {
    BounceClass.HARD: Consequence.SUPPRESS,
    BounceClass.SOFT: Consequence.COUNT,
    BounceClass.BLOCK: Consequence.WATCH_CAMPAIGN,
    BounceClass.TECHNICAL: Consequence.ALERT,
    BounceClass.COMPLAINT: Consequence.SUPPRESS,
    BounceClass.NONE: Consequence.NOTHING,
}
SOFT_LIMIT: Final = 5
"""So many messages returned softly, without a delivery in between, and the address is taken for dead."""
SOFT_WINDOW: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The class of a report with the enhanced status that it rests on; empty where none was given."""

    bounce: BounceClass
    status: str = ""


_ENHANCED: Final = re.compile(r"(?<![\d.])([245])\.([0-7])\.(\d{1,2})(?!\.?\d)")
_REPLY: Final = re.compile(r"(?:^|[\s;:#(\[])([45]\d\d)(?=[\s\-,:)\]]|$)")
_HARD: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_SENDER: Final = frozenset({"5.1.7", "5.1.8", "5.1.9"})  # bad sender's address: ours
_BY_SUBJECT: Final = {
    "3": BounceClass.SOFT,
    "4": BounceClass.SOFT,
    "5": BounceClass.TECHNICAL,
    "6": BounceClass.TECHNICAL,
    "7": BounceClass.BLOCK,
}
_EXACT: Final = {"5.2.2": BounceClass.SOFT, "5.2.3": BounceClass.TECHNICAL, "5.2.4": BounceClass.SOFT}
_GONE: Final = "unknown|not found|does(?:n.t| not) exist|invalid|inactive|disabled|not listed|no longer|suspended"
_WHOM: Final = "user|recipient|address|account|mailbox|alias|host|domain|person"
# Read only where no status decides; in this order, so that "blocked" beats "unknown user" and nobody is suppressed for a filter.
_WORDS: Final = {
    BounceClass.BLOCK: (
        r"spam|blocked|black ?list|block ?list|dnsbl|\brbl\b|reputation|not? (?:authori[sz]ed|permitted)|denied by policy",
        r"policy (?:reasons|violation|rejection)|\bdmarc\b|\bspf\b|\bdkim\b|rejected by (?:filter|recipient)|virus",
        r"relay(?:ing)? (?:access )?denied|too many (?:messages|connections)|rate limit|does not accept mail from|listed (?:in|at|on)",
    ),
    BounceClass.SOFT: (
        r"quota|mailbox (?:is )?full|over ?limit|exceeded (?:storage|its)|disk (?:space|full)|insufficient|tempor|penuh",
        r"try again|gr[ea]ylist|timed? ?out|time-out|could not connect|connection (?:refused|reset|lost)|(?:not |un)reachable",
        r"will (?:be )?retr|delayed|delivery attempts|too long|has expired|not yet been delivered",
    ),
    BounceClass.TECHNICAL: (
        r"message (?:size|too (?:large|big))|maximum (?:inbound )?message size|mail loop|hop count|syntax error|8bitmime|conversion",
    ),
    BounceClass.HARD: (
        rf"(?:user|recipient|address|account|mailbox|alias|destinatar\w+|adres\w*)\b.{{0,40}}?\b(?:{_GONE})",
        rf"(?:unknown|invalid|no such|nonexistent|non-existent|illegal|bad) (?:\w+ ){{0,2}}(?:{_WHOM})",
        r"no mailbox here|no such (?:person|user)|not our customer|isn.t in my control|doesn.t have an? .{0,20}account|unrout(?:e)?able",
        r"couldn.t find any host|name or service not known|host (?:unknown|not found)|mail address is deactivated|not a known user",
        r"tidak (?:ditemukan|dikenal|terdaftar)",
    ),
}
_PATTERNS: Final = tuple((bounce, re.compile("|".join(words), re.IGNORECASE)) for bounce, words in _WORDS.items())
LONGEST_TEXT: Final = 4_000
"""Characters of a server's words that are read; they are a line or two as a rule."""


def classify(*, status: str = "", text: str = "", delayed: bool = False) -> Verdict:
    """Return the class of one report on one recipient.

    `status` is the field of a delivery status notification (RFC 3464 2.3.4), `text` the server's own words with its reply code;
    `delayed` says that it goes on trying. A 4.x.x, wherever it stands, is never hard: a report may call it "failed" (IANA).
    """
    text = text[:LONGEST_TEXT]
    given, said = _enhanced(status), _enhanced(text)
    reply = _REPLY.search(text)
    if any(code.startswith("4") for code in (given, said, reply[1] if reply else "")):
        return Verdict(BounceClass.SOFT, next(code for code in (given, said, "4.0.0") if code.startswith("4")))
    code = said if said and (not given or given.endswith(".0.0")) else given
    if delayed:
        return Verdict(BounceClass.SOFT, code)
    return Verdict(_by_code(code) or _by_words(text) or BounceClass.SOFT, code)


def _enhanced(text: str) -> str:
    """Return the first enhanced status of a failure; an IP address or a version of a program is none."""
    found = next((one for one in _ENHANCED.finditer(text[:LONGEST_TEXT]) if one[1] != "2"), None)
    return ".".join(found.groups()) if found else ""


def _by_code(code: str) -> BounceClass | None:
    """Return what an enhanced status says; None where it says no more than "no"."""
    if code in _HARD:
        return BounceClass.HARD
    if code in _SENDER:
        return BounceClass.BLOCK
    return _EXACT.get(code) or (_BY_SUBJECT.get(code[2:3]) if code else None)


def _by_words(text: str) -> BounceClass | None:
    return next((bounce for bounce, pattern in _PATTERNS if pattern.search(text)), None)


_SENDGRID: Final = {
    "invalid address": BounceClass.HARD,
    "mailbox unavailable": BounceClass.SOFT,
    "reputation": BounceClass.BLOCK,
    "content": BounceClass.BLOCK,
    "frequency or volume too high": BounceClass.BLOCK,
    "technical failure": BounceClass.TECHNICAL,
}
_DROPPED: Final = {
    "bounced address": BounceClass.HARD,
    "invalid": BounceClass.HARD,
    "spam reporting address": BounceClass.COMPLAINT,
    "unsubscribed address": BounceClass.NONE,
    "spam content": BounceClass.BLOCK,
}


def classify_sendgrid(*, kind: str, classification: str, status: str, reason: str) -> Verdict:
    """Return the class of a `bounce` event of SendGrid: `kind` is its type (bounce, blocked, expired).

    Their classification decides, except that what they did not put on their own bounce list, or what has a 4.x.x, is never hard.
    """
    own = classify(status=status, text=reason)
    named = _SENDGRID.get(classification.strip().lower())
    if kind == "expired":
        return Verdict(BounceClass.SOFT, own.status)
    if kind == "blocked":
        return Verdict(named if named in (BounceClass.SOFT, BounceClass.TECHNICAL) else BounceClass.BLOCK, own.status)
    if named is BounceClass.HARD and own.status.startswith("4"):
        return own
    return Verdict(named or own.bounce, own.status)


def classify_dropped(reason: str) -> Verdict:
    """Return the class of a `dropped` event of SendGrid: it never left them, mostly for what they learnt before."""
    return Verdict(_DROPPED.get(reason.strip().lower(), BounceClass.TECHNICAL))
