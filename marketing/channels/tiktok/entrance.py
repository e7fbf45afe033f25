"""Where the owner of a TikTok account lets the office in."""

from dataclasses import dataclass
from datetime import datetime

from marketing.channels.social import Access, Errand
from marketing.channels.tiktok.client import TikTokClient, entrance


@dataclass(frozen=True, slots=True)
class TikTokEntrance:
    """One code leads to one account."""

    client: TikTokClient

    def address(self, errand: Errand) -> str:
        return entrance(self.client.registration, errand)

    def entered(self, code: str, errand: Errand, now: datetime) -> Access:
        return self.client.entered(code, errand, now)

    def offered(self, person: Access) -> tuple[Access, ...]:
        return (person,)
