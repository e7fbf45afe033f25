"""What surrounds every page: the Daerah, the navigation, one notice."""

from dataclasses import dataclass, field
from typing import Literal, Self

from marketing.i18n import gettext as _
from marketing.tenants.profile import TenantProfile
from marketing.web import paths

Place = Literal["home", "campaigns", "catalog", "outbox", "tasks", "channels", "contacts"]


@dataclass(frozen=True, slots=True)
class Tenant:
    """The Daerah as pages name it."""

    id: str
    name: str
    short_name: str
    government: str
    dinas: str
    dinas_short: str
    address: str
    phone: str
    email: str
    website: str
    regulation_name: str
    dpo_email: str

    @classmethod
    def of(cls, profile: TenantProfile) -> Self:
        """Take over what pages show of a profile."""
        return cls(
            id=profile.id,
            name=profile.name,
            short_name=profile.short_name,
            government=profile.government,
            dinas=profile.dinas,
            dinas_short=profile.dinas_short,
            address=profile.address,
            phone=profile.phone,
            email=profile.email,
            website=profile.website,
            regulation_name=profile.regulation_name,
            dpo_email=profile.dpo.email,
        )

    @property
    def brand_css(self) -> str:
        """The address of the style sheet with this Daerah's colour and band."""
        return paths.brand_css(self.id)

    @property
    def initials(self) -> str:
        """Up to three letters for avatars in previews."""
        return initials_of(self.short_name.removeprefix("Kab. ").removeprefix("Kota "), 3)


@dataclass(frozen=True, slots=True)
class Notice:
    """One answer to what the person just did: what happened and, where there is one, the next step."""

    text: str
    tone: Literal["ok", "info", "warn", "bad"] = "ok"
    title: str = ""
    href: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """The document around a page; `csrf` goes into every form, `theme` is the person's own choice or empty."""

    tenant: Tenant | None
    csrf: str
    theme: Literal["", "light", "dark"] = ""
    notice: Notice | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits, shown beside the navigation."""

    approvals: int = 0
    tasks: int = 0


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation."""

    place: Place
    label: str
    href: str
    icon: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Nav:
    """The signed-in person's way around."""

    user_name: str
    role_label: str
    tenant: Tenant
    active: Place
    counts: Counts = field(default_factory=Counts)

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        return initials_of(self.user_name)

    @property
    def items(self) -> tuple[NavItem, ...]:
        """The main places, in the order of a working day."""
        return (
            NavItem("home", _("Beranda"), paths.HOME, "home"),
            NavItem("campaigns", _("Kampanye"), paths.CAMPAIGNS, "megaphone", self.counts.approvals),
            NavItem("catalog", _("Katalog"), paths.CATALOG, "box"),
            NavItem("tasks", _("Tugas"), paths.TASKS, "check", self.counts.tasks),
        )

    @property
    def more(self) -> tuple[NavItem, ...]:
        """Places that are visited now and then: beside the others on a wide screen, under “Lainnya” on a small one."""
        return (
            NavItem("outbox", _("Kotak keluar"), paths.OUTBOX, "outbox"),
            NavItem("contacts", _("Kontak"), paths.CONTACTS, "person"),
            NavItem("channels", _("Kanal"), paths.CHANNELS, "plug"),
        )


def initials_of(name: str, most: int = 2) -> str:
    """Return the first letters of the first words."""
    return "".join(word[0].upper() for word in name.split()[:most])
