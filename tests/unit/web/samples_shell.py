"""What surrounds the sample pages."""

from dataclasses import dataclass
from typing import Any

from marketing.tenants.profile import profile_of
from marketing.web.views.public import SiteNav
from marketing.web.views.shell import Counts, Nav, Place, Shell, Tenant

TENANT = Tenant.of(profile_of("tts"))
BLITAR = Tenant.of(profile_of("blitar"))
SHELL = Shell(TENANT, csrf="token-uji", path="/beranda")
SITE = SiteNav(
    home_href="/galeri/tts",
    all_href="/galeri/tts/cari",
    search_action="/galeri/tts/cari",
    language_action="/galeri/tts/bahasa",
    path="/galeri/tts/cari?q=kopi",
)
IMG = "/static/img/"


@dataclass(frozen=True)
class Sample:
    template: str
    view: Any
    shell: Shell
    nav: Nav | SiteNav | None = None


def nav(active: Place, tenant: Tenant = TENANT) -> Nav:
    return Nav("Yuliana Nabunome", "Pemasar", tenant, active, Counts(approvals=1, tasks=3))
