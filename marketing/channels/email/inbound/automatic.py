"""Answers that no person wrote: RFC 3834, and the marks that vendors use instead."""

import re
from email.message import Message
from typing import Final

from marketing.channels.email.inbound.parts import header

_MARKS: Final = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply-From",
    "X-Mail-Autoreply",
    "X-FC-MachineGenerated",
    "X-POST-MessageClass",
    "X-AutoReply-From",
    "X-MS-Exchange-Generated-Message-Source",
)
_PRECEDENCE: Final = frozenset({"auto_reply", "auto-reply", "bulk", "junk", "list"})
_SUBJECT: Final = re.compile(
    r"^\W*(?:re: *)?(?:out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response|antwort)|vacation"
    r"|abwesenheit|balasan otomatis|jawaban otomatis|di luar kantor|sedang cuti|read:|not read:|dibaca:)",
    re.IGNORECASE,
)


def is_automatic(mail: Message) -> bool:
    """Return whether software answered. `Auto-Submitted: no` is what a person's program may say (RFC 3834 5.1)."""
    submitted = header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in ("", "no") or any(header(mail, name) for name in _MARKS):
        return True
    if mail.get_content_type() == "multipart/report" or header(mail, "Return-Path").strip() == "<>":
        return True  # receipts; RFC 5321 4.5.5: notifications come from nobody
    precedence = (header(mail, "Precedence") or header(mail, "X-Precedence")).strip().lower()
    return precedence in _PRECEDENCE or bool(_SUBJECT.match(header(mail, "Subject")))
