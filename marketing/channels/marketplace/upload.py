"""A picture on its way to a marketplace: format by its first bytes, size, and a name that says nothing."""

from typing import Final

from marketing.channels.marketplace.errors import Refused
from marketing.channels.marketplace.port import refused
from marketing.i18n import gettext as _

# Shopee media_space.upload_image: "Max 10.0 MB each. JPG, JPEG, PNG"; TikTok Shop images/upload: 10 MB (both read 22 Nov 2026).
MAX_BYTES: Final = 10 * 1024 * 1024
_MAGIC: Final = ((b"\xff\xd8\xff", "jpg", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "png", "image/png"))
File = tuple[str, bytes, str]


def picture_file(content: bytes, number: int) -> File | Refused:
    """Return the multipart file of picture `number` (from 1), or why it cannot go out."""
    if len(content) > MAX_BYTES:
        return refused(
            "picture", _("Gambar ke-{number} lebih besar dari 10 MB; perkecil gambarnya.").format(number=number)
        )
    for magic, ending, kind in _MAGIC:
        if content.startswith(magic):
            return (f"{number}.{ending}", content, kind)
    return refused("picture", _("Gambar ke-{number} bukan JPEG atau PNG; ganti gambarnya.").format(number=number))
