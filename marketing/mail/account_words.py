"""What is wrong with a mail account, in words that say what to do; and what an account is, for lists."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState, MailProvider
from marketing.domain.types import EmailType
from marketing.i18n import gettext as _
from marketing.mail.account_settings import NAMES, MailSettings, rate_text
from marketing.mail.ways import HEALTH

OPERATORS_TASK = frozenset({"tls", "credentials", "sender_refused", "config"})
"""Reasons that no waiting repairs."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account as people see it; no credential ever comes here."""

    id: int
    name: str
    provider: str
    where: str
    location: str
    at_home: bool
    state: AccountState
    trouble: str
    needs_attention: bool
    heard_at: str
    weight: int
    kinds: tuple[str, ...]
    rates: tuple[str, ...]
    sandbox: bool


def line_of(row: ChannelAccount) -> AccountLine:
    """Return a row as people see it."""
    settings = MailSettings.from_json(row.settings)
    health = row.report.get(HEALTH) or {}
    reason = str(health.get("reason", ""))
    limits = (rate_text(settings.rate), *(f"{name}: {rate_text(rate)}" for name, rate in settings.domain_rates.items()))
    relay = f"{settings.host}:{settings.port} ({settings.tls})"
    return AccountLine(
        id=row.id,
        name=row.name,
        provider=NAMES[MailProvider(row.provider)],
        where=relay if row.provider == MailProvider.SMTP else settings.host.removeprefix("https://"),
        location=settings.location,
        at_home=settings.at_home,
        state=row.state,
        trouble=trouble_text(reason),
        needs_attention=row.state is AccountState.ACTIVE and reason in OPERATORS_TASK,
        heard_at=str(health.get("at", "")),
        weight=settings.weight,
        kinds=tuple(sorted(settings.kinds)),
        rates=tuple(filter(None, limits)),
        sandbox=settings.sandbox,
    )


def not_carried(rows: Sequence[ChannelAccount]) -> tuple[EmailType, ...]:
    """Return the types of mail that wait because no active account takes them; none while the settings' relay carries all."""
    active = [MailSettings.from_json(row.settings) for row in rows if row.state is AccountState.ACTIVE]
    return tuple(kind for kind in EmailType if rows and not any(one.carries(kind) for one in active))


def trouble_text(reason: str) -> str:
    """Return what is wrong and what to do; the empty text when nothing is."""
    if not reason:
        return ""
    known = {
        "connection": _("Penyedia tidak dapat dihubungi. Periksa alamat, porta, dan jaringan; dicoba lagi sendiri."),
        "tls": _("Sambungan aman gagal: periksa mode TLS dan sertifikat servernya."),
        "credentials": _(
            "Nama pengguna, kata sandi, atau kunci API ditolak. Simpan yang benar dengan “siar mail account add”."
        ),
        "sender_refused": _(
            "Penyedia menolak pengirim: verifikasi alamat atau domain pengirim di sana, dan beri kunci API izin “Mail Send”."
        ),
        "config": _("Penyedia menolak bentuk permintaan: periksa alamat, grup henti langganan, dan setelan akun."),
        "rate": _("Batas kirim penyedia tercapai; dilanjutkan sendiri."),
        "slow": _("Penyedia menjawab terlalu lambat; akun lain didahulukan dan ini dicoba lagi sendiri."),
    }
    if reason.startswith(("smtp_", "http_")):
        code = reason.partition("_")[2]
        return _("Penyedia menjawab {code} dan belum menerima surel; dicoba lagi sendiri.").format(code=code)
    return known.get(reason, _("Penyedia sedang bermasalah ({reason}).").format(reason=reason))


def location_note(line: AccountLine) -> str:
    """Return what the law says about where the data lie; the empty text when they stay at home."""
    if line.at_home:
        return ""
    return _(
        "Data diolah di {country}. Penyelenggara lingkup publik wajib mengolah data di Indonesia, kecuali teknologinya belum tersedia (PP 71/2019 Ps. 20): catat dasarnya, atau pakai relai di dalam negeri."
    ).format(country=line.location)
