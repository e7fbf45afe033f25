"""Who writes, the addresses that every mail carries, and what every kind of mail is told."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Self

from marketing.tenants.profile import TenantProfile

_COLOR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


@cache
def _mixed(color: str, share: float, other: int) -> str:
    """Return `share` of the colour mixed with a grey level, as CSS color-mix() does; mail clients cannot do it."""
    channels = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(channel * share + other * (1 - share)):02x}" for channel in channels)


@dataclass(frozen=True, slots=True)
class SenderIdentity:
    """Who writes: the Dinas, how to reach it, and its look. The shades follow the tokens of the product's pages."""

    dinas: str
    government: str
    address: str
    phone: str
    email: str
    website: str
    dpo: str
    brand_color: str
    band: str
    letterhead: tuple[str, ...]
    logo_url: str = ""

    def __post_init__(self) -> None:
        if not _COLOR.fullmatch(self.brand_color):  # it is written into style sheets, where escaping does not help
            raise ValueError(f"brand_color must be #rrggbb, not {self.brand_color!r}")

    @classmethod
    def of(cls, profile: TenantProfile) -> Self:
        """Return the identity of a Daerah's Dinas; the DPO with name and address in one line."""
        return cls(
            dinas=profile.dinas,
            government=profile.government,
            address=profile.address,
            phone=profile.phone,
            email=profile.email,
            website=profile.website,
            dpo=" · ".join(part for part in (profile.dpo.name or profile.dpo.title, profile.dpo.email) if part),
            brand_color=profile.brand_color,
            band=profile.band,
            letterhead=profile.letterhead,
            logo_url=profile.logo_url,
        )

    @property
    def brand_deep(self) -> str:
        """The ground of the woven band."""
        return _mixed(self.brand_color, 0.74, 0)

    @property
    def brand_soft(self) -> str:
        """A quiet ground on white."""
        return _mixed(self.brand_color, 0.09, 255)

    @property
    def brand_night(self) -> str:
        """The same quiet ground in dark mode."""
        return _mixed(self.brand_color, 0.36, 30)

    @property
    def brand_bright(self) -> str:
        """Buttons and links in dark mode."""
        return _mixed(self.brand_color, 0.38, 255)


@dataclass(frozen=True, slots=True)
class MailLinks:
    """The addresses bound to one message; `why` is the sentence that says why it came, `why_page` tells the whole of it."""

    web_view: str
    unsubscribe: str
    why: str
    pixel: str
    why_page: str
    preferences: str


@dataclass(frozen=True, slots=True)
class EveryMail:
    """What every kind of mail is told."""

    sender: SenderIdentity
    links: MailLinks
    recipient_name: str
    subject: str
    preheader: str
