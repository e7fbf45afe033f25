"""What is written to WhatsApp's Cloud API: a template filled for one person, or a short answer; pure.

Limits: developers.facebook.com …/whatsapp/templates/components and …/cloud-api/reference/messages, read 22 Nov 2026.
"""

import re
from typing import Any, Final

from marketing.domain.whatsapp_message import OutboundTemplate
from marketing.i18n import gettext as _

LONGEST_TEXT: Final = 4_096
LONGEST_BODY: Final = 1_024
LONGEST_REFERENCE: Final = 512
LONGEST_URL: Final = 2_000
_GAP: Final = re.compile(r"\s+")
_NUMBER: Final = re.compile(r"[1-9][0-9]{6,14}")
_NAME: Final = re.compile(r"[a-z0-9_]{1,512}")


def misfit(message: OutboundTemplate) -> str:
    """Return why WhatsApp would refuse this message, as a sentence, or "" when it may be sent."""
    if not _NUMBER.fullmatch(message.recipient):
        return _("Nomor penerima tidak lengkap. Perbaiki nomornya di kontak itu.")
    if not _NAME.fullmatch(message.template) or not message.language:
        return _("Nama atau bahasa templatnya tidak sah. Pilih templat lain.")
    if not message.reference or len(message.reference) > LONGEST_REFERENCE:
        return _("Pesan ini tidak punya tanda pengenal. Kirim ulang dari kampanyenya.")
    if any(not _clean(text) for text in message.body):
        return _("Ada isian templat yang kosong. Lengkapi datanya, lalu kirim lagi.")
    if sum(len(_clean(text)) for text in message.body) > LONGEST_BODY:
        return _("Isian templat terlalu panjang; seluruhnya paling banyak {limit} karakter.").format(limit=LONGEST_BODY)
    if message.header_picture and not message.header_picture.startswith("https://"):
        return _("Gambar templat harus beralamat https yang terbuka dari internet.")
    if any(len(end) > LONGEST_URL or _GAP.search(end) for end in message.buttons):
        return _("Alamat pada tombol templat tidak sah.")
    return ""


def template_of(message: OutboundTemplate) -> dict[str, Any]:
    """Return the `template` object: header picture, body and the ends of button addresses, each only where there is one."""
    parts: list[dict[str, Any]] = []
    if message.header_picture:
        picture = {"type": "image", "image": {"link": message.header_picture}}
        parts.append({"type": "header", "parameters": [picture]})
    if message.body:
        # No line breaks and no runs of blanks in a parameter (132012).
        parts.append({"type": "body", "parameters": [{"type": "text", "text": _clean(text)} for text in message.body]})
    parts += [
        {"type": "button", "sub_type": "url", "index": str(index), "parameters": [{"type": "text", "text": end}]}
        for index, end in enumerate(message.buttons)
        if end
    ]
    # `policy` has one value and Meta's own description requires it; the library leaves it out.
    language = {"policy": "deterministic", "code": message.language}
    return {"name": message.template, "language": language, **({"components": parts} if parts else {})}


def text_of(words: str) -> dict[str, Any]:
    """Return the `text` object of a free answer, cut to what fits; links in it are not pictured."""
    return {"body": words[:LONGEST_TEXT], "preview_url": False}


def to_number(digits: str) -> str:
    """Return the number as it is addressed: without the plus, Meta would put our own country before it."""
    return f"+{digits}"


def _clean(text: str) -> str:
    return _GAP.sub(" ", text).strip()
