"""What an operator says about a mail account, checked; pure. Secrets are not here: they stay sealed in the row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit

import idna

from marketing.channels.base import IN_HAND
from marketing.channels.email.providers.sendgrid_request import MAX_PERSONALIZATIONS
from marketing.channels.email.providers.smtp import CONNECTIONS, Tls
from marketing.channels.email.rates import Rate
from marketing.domain.account import MailProvider
from marketing.domain.types import EmailType, Purpose
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _

EVENT_KEY: Final = "event_key"
MAX_WEIGHT: Final = 100
MAX_CONNECTIONS: Final = 50
"""Postfix takes no more from one address by default (smtpd_client_connection_count_limit)."""
HOLD_MINUTES: Final = range(11, 61)
"""SendGrid takes no cancellation in the last ten minutes ("Cancel scheduled sends", read 22 Nov 2026)."""
MAX_DOMAINS: Final = 50
AT_HOME: Final = "indonesia"
HOSTS: Final[Mapping[str, str]] = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,39}")
_KEY: Final = re.compile(r"[!-~]{1,500}")
_LONGEST: Final = 120


NAMES: Final = {MailProvider.SMTP: "SMTP", MailProvider.SENDGRID: "SendGrid"}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The settings of one account, as kept in its row. `kinds` empty: every type; `location` is where the provider keeps data.

    `connections`: to a relay at once, for each worker process. `in_hand`: messages in one call, and in doubt when a worker dies.
    """

    location: str
    host: str = ""
    port: int = 587
    tls: Tls = "starttls"
    ca_file: str = ""
    weight: int = 1
    kinds: frozenset[EmailType] = frozenset()
    rate: Rate = field(default_factory=Rate)
    domain_rates: Mapping[str, Rate] = field(default_factory=dict)
    asm: Mapping[Purpose, int] = field(default_factory=dict)
    sandbox: bool = False
    hold_minutes: int = 0
    event_key: str = ""
    connections: int = CONNECTIONS
    in_hand: int = IN_HAND

    @property
    def at_home(self) -> bool:
        """Whether the data stay in Indonesia (PP 71/2019 Ps. 20(2))."""
        return self.location.strip().lower() == AT_HOME

    def carries(self, email_type: EmailType) -> bool:
        """Return whether this account takes mails of a type."""
        return not self.kinds or email_type in self.kinds

    def to_json(self) -> dict[str, Any]:
        """Return the settings for the row."""
        found: dict[str, Any] = {
            "location": self.location,
            "host": self.host,
            "port": self.port,
            "tls": self.tls,
            "ca_file": self.ca_file,
            "weight": self.weight,
            "kinds": sorted(self.kinds),
            "rate": _rate_json(self.rate),
            "domain_rates": {domain: _rate_json(rate) for domain, rate in self.domain_rates.items()},
            "asm": {kind.value: group for kind, group in self.asm.items()},
            "sandbox": self.sandbox,
            "hold_minutes": self.hold_minutes,
            "connections": self.connections,
            "in_hand": self.in_hand,
        }
        return found | ({EVENT_KEY: self.event_key} if self.event_key else {})

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return the settings of a row; written by us, so that what is missing is simply not set."""
        tls: Tls = kept.get("tls", "starttls")
        return cls(
            location=str(kept.get("location", "")),
            host=str(kept.get("host", "")),
            port=int(kept.get("port", 587)),
            tls=tls,
            ca_file=str(kept.get("ca_file", "")),
            weight=int(kept.get("weight", 1)),
            kinds=frozenset(EmailType(kind) for kind in kept.get("kinds", ())),
            rate=Rate(**kept.get("rate", {})),
            domain_rates={domain: Rate(**rate) for domain, rate in kept.get("domain_rates", {}).items()},
            asm={Purpose(kind): int(group) for kind, group in kept.get("asm", {}).items()},
            sandbox=bool(kept.get("sandbox", False)),
            hold_minutes=int(kept.get("hold_minutes", 0)),
            connections=int(kept.get("connections", CONNECTIONS)),
            in_hand=int(kept.get("in_hand", IN_HAND)),
            event_key=str(kept.get(EVENT_KEY, "")),
        )


@dataclass(frozen=True, slots=True)
class Login:
    """How an account lets us in: a relay's user and password, or SendGrid's key alone."""

    secret: str = field(default="", repr=False)
    user: str = ""


def checked(provider: MailProvider, settings: MailSettings, login: Login) -> None:
    """Refuse what cannot work or must not be; InvalidInputError says which and why."""
    if not settings.location.strip() or len(settings.location) > _LONGEST:
        raise InvalidInputError(
            _("Tulis di negara mana penyedia menyimpan data, misalnya “Indonesia” (PP 71/2019 Ps. 20)."),
            field="location",
        )
    if not 1 <= settings.weight <= MAX_WEIGHT:
        raise InvalidInputError(_("Bobot akun antara 1 dan {most}.").format(most=MAX_WEIGHT), field="weight")
    if any(
        limit < 0 for rate in (settings.rate, *settings.domain_rates.values()) for limit in _rate_json(rate).values()
    ):
        raise InvalidInputError(_("Batas kirim tidak boleh kurang dari 0; 0 berarti tanpa batas."), field="rate")
    if len(settings.domain_rates) > MAX_DOMAINS:
        raise InvalidInputError(
            _("Batas per domain paling banyak {most}.").format(most=MAX_DOMAINS), field="domain_rates"
        )
    if not 1 <= settings.connections <= MAX_CONNECTIONS:
        raise InvalidInputError(
            _("Sambungan serentak antara 1 dan {most}.").format(most=MAX_CONNECTIONS), field="connections"
        )
    if not IN_HAND <= settings.in_hand <= MAX_PERSONALIZATIONS:
        raise InvalidInputError(
            _("Surel per panggilan antara {least} dan {most}.").format(least=IN_HAND, most=MAX_PERSONALIZATIONS),
            field="in_hand",
        )
    if provider is MailProvider.SMTP:
        _check_relay(settings, login)
    else:
        _check_sendgrid(settings, login)


def _check_relay(settings: MailSettings, login: Login) -> None:
    if not _HOST.fullmatch(settings.host):
        raise InvalidInputError(_("Alamat relai hanya nama server, misalnya smtp.kantor.go.id."), field="host")
    if not 1 <= settings.port <= 65_535:  # noqa: PLR2004  ports
        raise InvalidInputError(_("Porta relai antara 1 dan 65535; biasanya 587 atau 465."), field="port")
    if settings.tls == "none" and settings.host not in _LOOPBACK:
        raise InvalidInputError(
            _("Surel memuat data pribadi, jadi relai di luar komputer ini harus memakai TLS: starttls atau implicit."),
            field="tls",
        )
    if login.user and not login.secret:
        raise InvalidInputError(_("Kata sandi relai masih kosong."), field="secret")
    if any(not char.isprintable() for char in login.user + login.secret):
        raise InvalidInputError(_("Nama pengguna atau kata sandi memuat karakter yang tidak terlihat."), field="secret")
    if settings.asm or settings.hold_minutes or settings.sandbox or settings.event_key or settings.in_hand != IN_HAND:
        raise InvalidInputError(
            _("Grup henti langganan, penahanan, mode uji, kunci webhook, dan surel per panggilan hanya untuk SendGrid.")
        )


def _check_sendgrid(settings: MailSettings, login: Login) -> None:
    if not _KEY.fullmatch(login.secret):
        raise InvalidInputError(_("Kunci API SendGrid kosong atau memuat karakter yang tidak dikenal."), field="secret")
    host = urlsplit(settings.host)
    known = settings.host in HOSTS.values()
    local = host.scheme == "http" and host.hostname in _LOOPBACK and not host.path
    if not (known or local):
        raise InvalidInputError(
            _("Alamat SendGrid adalah salah satu dari: {known}.").format(known=", ".join(HOSTS)), field="host"
        )
    if settings.hold_minutes and settings.hold_minutes not in HOLD_MINUTES:
        raise InvalidInputError(
            _(
                "Penahanan antara {least} dan {most} menit, atau 0. SendGrid tidak menerima pembatalan pada 10 menit terakhir."
            ).format(least=HOLD_MINUTES[0], most=HOLD_MINUTES[-1]),
            field="hold_minutes",
        )
    if any(group < 1 for group in settings.asm.values()):
        raise InvalidInputError(_("Nomor grup henti langganan SendGrid adalah angka di atas 0."), field="asm")


def read_rate(text: str) -> Rate:
    """Read “10/detik, 500/jam, 2000/hari”; InvalidInputError when a part is none of these."""
    units: dict[str, Literal["per_second", "per_hour", "per_day"]] = {
        "detik": "per_second",
        "jam": "per_hour",
        "hari": "per_day",
    }
    found: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        number, _slash, unit = (piece.strip().lower() for piece in part.partition("/"))
        if unit not in units or not (number.isascii() and number.isdigit() and len(number) <= 9):  # noqa: PLR2004  below a thousand million
            raise InvalidInputError(_("Tulis batas kirim seperti “10/detik, 500/jam, 2000/hari”."), field="rate")
        found[units[unit]] = int(number)
    return Rate(**found)


def read_domain_rate(text: str) -> tuple[str, Rate]:
    """Read “gmail.com=500/jam”; InvalidInputError when it is not written so."""
    name, equals, rate = text.partition("=")
    try:
        domain = idna.encode(name.strip(), uts46=True).decode("ascii")
    except idna.IDNAError:
        domain = ""
    if not (equals and domain and rate.strip()):
        raise InvalidInputError(_("Tulis batas per domain seperti “gmail.com=500/jam”."), field="domain_rates")
    return domain.lower(), read_rate(rate)


def rate_text(rate: Rate) -> str:
    """Return a rate for people; the empty text when nothing is limited."""
    parts = (
        (rate.per_second, _("{n}/detik")),
        (rate.per_hour, _("{n}/jam")),
        (rate.per_day, _("{n}/hari")),
    )
    return ", ".join(words.format(n=number) for number, words in parts if number)


def _rate_json(rate: Rate) -> dict[str, int]:
    return {"per_second": rate.per_second, "per_hour": rate.per_hour, "per_day": rate.per_day}
