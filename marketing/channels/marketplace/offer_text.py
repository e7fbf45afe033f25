"""The words of a listing, cut or lengthened to a marketplace's limits; pure. Only facts from the catalogue are added."""

import unicodedata

from marketing.channels.marketplace.listing import Listing
from marketing.domain.text import cut, one_line

_WHAT = "Produk ini dibuat dan dijual oleh pelaku usaha mikro, kecil, dan menengah di Indonesia."
_PICTURES = frozenset({"So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn"})


def title_between(title: str, business: str, low: int, high: int) -> str:
    """Return a title of at most `high` characters; one shorter than `low` gains the maker, then what it is."""
    found = one_line(title)
    for more in (one_line(business), "Produk UMKM Indonesia", "Asli Buatan Pelaku Usaha Lokal"):
        if len(found) >= low:
            break
        found = f"{found} - {more}" if more else found
    return cut(found, high)


def description_between(listing: Listing, low: int, high: int) -> str:
    """Return the description of at most `high` characters; one shorter than `low` gains name, maker and what it is."""
    text = listing.description_within(high)
    for more in (f"Nama produk: {one_line(listing.title)}", f"Pelaku usaha: {one_line(listing.business)}", _WHAT):
        if len(text) >= low:
            break
        text = f"{text}\n{more}".strip()
    return cut(text, high)


def without_symbols(text: str) -> str:
    """Return text without emoji and other pictures (TikTok Shop refuses them: codes 12052931 to 12052935)."""
    kept = "".join(char for char in text if char == "\n" or unicodedata.category(char) not in _PICTURES)
    return "\n".join(" ".join(line.split()) for line in kept.split("\n"))
