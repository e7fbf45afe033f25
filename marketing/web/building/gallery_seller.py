"""A business as buyers meet it: who it is, where else it sells, how to write to it."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

import phonenumbers

from marketing.channels.website import structured_data as data
from marketing.domain import site
from marketing.domain.calendar_id import format_date_id, local_date
from marketing.domain.product import Business, Verification
from marketing.i18n import gettext as _
from marketing.web.building.gallery import Scene
from marketing.web.views.gallery import Link

SHOPS: Final[Mapping[str, str]] = {
    "shopee.co.id": "Shopee",
    "tokopedia.com": "Tokopedia",
    "tiktok.com": "TikTok",
    "lazada.co.id": "Lazada",
    "blibli.com": "Blibli",
    "bukalapak.com": "Bukalapak",
    "padiumkm.id": "PaDi UMKM",
    "instagram.com": "Instagram",
    "facebook.com": "Facebook",
}
_SCHEMES = ("https", "http")


def shop_name(address: str) -> str:
    """Return what people call the place an address leads to: a marketplace by its name, others by their host."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    for known, name in SHOPS.items():
        if host == known or host.endswith(f".{known}"):
            return name
    return host


def shop_links(facts: Business, words: str) -> tuple[Link, ...]:
    """Return where else the business sells, each place once; `words` says what for, with `{shop}`."""
    addresses = dict.fromkeys(url for url in facts.marketplace_urls if _leads_out(url))
    return tuple(Link(words.format(shop=shop_name(url)), url, "shop") for url in addresses)


def whatsapp(number: str, text: str) -> str:
    """Return the address that opens a chat with these words ready, or nothing for what is no number."""
    digits = number.lstrip("+")
    return f"https://wa.me/{digits}?text={quote(text, safe='')}" if digits.isascii() and digits.isdigit() else ""


def business_facts(facts: Business, *, group: str = "") -> tuple[tuple[str, str], ...]:
    """Return what buyers may know of a business, in the order they ask for it."""
    lines = (
        (_("Alamat"), facts.address),
        (_("Kecamatan"), facts.domicile_kecamatan),
        (_("Kelompok"), group),
        (_("Skala usaha"), _scale(facts.scale or "")),
    )
    return tuple((label, value) for label, value in lines if value)


def contact_links(facts: Business) -> tuple[Link, ...]:
    """Return how to speak and write to a business, and its own site."""
    links = []
    if facts.phone:
        links.append(Link(_phone(facts.phone), f"tel:{facts.phone}", "phone"))
    if facts.email:
        links.append(Link(facts.email, f"mailto:{facts.email}", "mail"))
    if _leads_out(facts.website):
        links.append(Link(shop_name(facts.website), facts.website, "globe"))
    return tuple(links)


def verified(scene: Scene, verification: Verification) -> str:
    """Return the sentence of the badge: who verified, and on which day of the Daerah."""
    if verification.at is None:
        return _("Diverifikasi {dinas}").format(dinas=scene.profile.dinas_short)
    day = format_date_id(local_date(verification.at, scene.profile.tz))
    return _("Diverifikasi {dinas} pada {day}").format(dinas=scene.profile.dinas_short, day=day)


def seller(scene: Scene, row_id: int, facts: Business) -> data.Seller:
    """Return a business as structured data."""
    links = tuple(url for url in (*facts.marketplace_urls, facts.website) if _leads_out(url))
    return data.Seller(
        page=scene.absolute(site.business(scene.profile.id, row_id)),
        name=facts.name,
        address=facts.address,
        place=facts.domicile_kecamatan,
        region=scene.profile.name,
        phone=facts.phone,
        email=facts.email,
        links=tuple(dict.fromkeys(links)),
    )


def _leads_out(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in _SCHEMES and bool(parts.hostname)


def _phone(number: str) -> str:
    """Return a number in groups, as people read it out; one that cannot be read stays as it is."""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(number, "ID"), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
    except phonenumbers.NumberParseException:
        return number


def _scale(scale: str) -> str:
    return {"mikro": _("Usaha mikro"), "kecil": _("Usaha kecil"), "menengah": _("Usaha menengah")}.get(scale, "")
