"""Media sosial, from rows to its pages; no credential ever comes here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from marketing.bootstrap import App
from marketing.channels.errors import ChannelError, TemporaryError
from marketing.channels.registry import capabilities
from marketing.channels.social import CHANNEL_OF, PUBLISHES, Access, SocialProvider
from marketing.channels.tiktok.client import DIRECT, MODE
from marketing.db.models import ChannelAccount
from marketing.domain.account import AccountState
from marketing.errors import InvalidInputError
from marketing.i18n import N_, ngettext
from marketing.i18n import gettext as _
from marketing.social.accounts import TRIAL
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.words import moment_text, number_text
from marketing.web.views.social import ChooseView, OfferedAccount, SocialCard, SocialView, WayIn
from marketing.web.views.states import channel_icon

P = SocialProvider
NAMES: Final[Mapping[SocialProvider, str]] = {
    P.FACEBOOK: N_("Halaman Facebook"),
    P.INSTAGRAM: "Instagram",
    P.TIKTOK: "TikTok",
    P.TELEGRAM: "Telegram",
    P.WHATSAPP_GROUP: N_("Grup WhatsApp"),
    P.WHATSAPP_CLOUD: N_("Nomor WhatsApp"),
}
META, TIKTOK, TELEGRAM, WHATSAPP = "meta", "tiktok", "telegram", "whatsapp"
KINDS: Final[Mapping[SocialProvider, str]] = {
    P.FACEBOOK: META,
    P.INSTAGRAM: META,
    P.TIKTOK: TIKTOK,
    P.TELEGRAM: TELEGRAM,
    P.WHATSAPP_CLOUD: WHATSAPP,
}
ENTRANCES: Final[Mapping[str, SocialProvider]] = {META: P.FACEBOOK, TIKTOK: P.TIKTOK}
FORMS: Final[Mapping[str, SocialProvider]] = {TELEGRAM: P.TELEGRAM, WHATSAPP: P.WHATSAPP_CLOUD}
SETTINGS: Final = {
    META: "SIAR_META_APP_ID, SIAR_META_APP_SECRET",
    TIKTOK: "SIAR_TIKTOK_CLIENT_KEY, SIAR_TIKTOK_CLIENT_SECRET",
    WHATSAPP: "SIAR_META_APP_ID, SIAR_META_APP_SECRET",
}
CALLBACKS: Final = {META: (paths.META_REVOKED, paths.META_ERASED), TIKTOK: (paths.webhook("tiktok"),)}


@dataclass(frozen=True, slots=True)
class May:
    """What this person may do with accounts."""

    change: bool
    pause: bool


def view_of(app: App, rows: Sequence[ChannelAccount], profile: TenantProfile, may: May) -> SocialView:
    """Return the whole page."""
    return SocialView(
        cards=tuple(card_of(row, profile, may) for row in rows),
        ways=tuple(ways_in(app)) if may.change else (),
    )


def card_of(row: ChannelAccount, profile: TenantProfile, may: May) -> SocialCard:
    """Return an account as people see it, with what this person may do in this state."""
    provider, state = SocialProvider(row.provider), row.state
    alive = state is not AccountState.REMOVED
    card = SocialCard(
        id=row.id,
        name=row.name,
        provider=_(NAMES[provider]),
        icon=channel_icon(CHANNEL_OF[provider]),
        state=state,
        standing=_standing(row),
        problem=_problem(row),
        facts=_facts(row, profile) if alive else (),
        abilities=_abilities(row) if alive else (),
        more=_more(provider) if alive else (),
    )
    if may.change:
        again = state in (AccountState.RECONNECT, AccountState.REMOVED)
        card = replace(
            card,
            try_action=paths.social_act(row.id, "uji") if alive else "",
            reconnect_href=reconnect_href(row) if again else "",
        )
    if may.pause:
        card = replace(
            card,
            pause_action=paths.social_act(row.id, "jeda") if state is AccountState.ACTIVE else "",
            resume_action=paths.social_act(row.id, "lanjutkan") if state is AccountState.PAUSED else "",
            remove_action=paths.social_act(row.id, "lepas") if alive else "",
        )
    return card


def reconnect_href(row: ChannelAccount) -> str:
    """Return where a person lets us in again."""
    kind = KINDS.get(SocialProvider(row.provider))
    return paths.social_connect(kind, row.id) if kind else paths.TASK_PEOPLE


def ways_in(app: App) -> list[WayIn]:
    """Return every provider that an account can be connected of."""
    public_url, doors = app.settings.public_url, app.social.publishers.doors
    meta, tiktok = P.FACEBOOK in app.social.entrances, P.TIKTOK in app.social.entrances
    known = [
        (
            META,
            _("Facebook dan Instagram"),
            _("Pengelola Halaman masuk di Facebook, lalu memilih Halaman dan akun Instagram yang dipakai."),
            meta,
        ),
        (
            TIKTOK,
            "TikTok",
            _("Pemegang akun menyetujui di TikTok. Kiriman masuk ke Kotak Masuk akunnya sebagai draf."),
            tiktok,
        ),
        (
            TELEGRAM,
            "Telegram",
            _("Bot yang menjadi administrator saluran atau grup menerbitkan kiriman."),
            P.TELEGRAM in doors,
        ),
        (
            WHATSAPP,
            _("Nomor WhatsApp"),
            _("Untuk pesan kepada orang yang sudah setuju, lewat WhatsApp Cloud API."),
            P.WHATSAPP_CLOUD in doors,
        ),
    ]
    ways = [
        WayIn(
            kind,
            name,
            text,
            paths.social_connect(kind) if open_ else "",
            SETTINGS.get(kind, ""),
            _addresses(kind, public_url),
            _more(P.WHATSAPP_CLOUD) if open_ and kind == WHATSAPP else (),
        )
        for kind, name, text, open_ in known
    ]
    group = _("Petugas yang ditunjuk mengisi grup ini dengan tangan.")
    return [*ways, WayIn("grup", _("Grup WhatsApp"), group, paths.TASK_PEOPLE)]


def _more(provider: SocialProvider) -> tuple[tuple[str, str], ...]:
    if provider is P.WHATSAPP_CLOUD:
        return ((_("Templat WhatsApp"), paths.WHATSAPP_TEMPLATES),)
    return ((_("Petugas dan grup"), paths.TASK_PEOPLE),) if provider is P.WHATSAPP_GROUP else ()


def _addresses(kind: str, public_url: str) -> tuple[tuple[str, str], ...]:
    if kind == WHATSAPP:
        return ((_("Alamat pemberitahuan (Webhook), dengan SIAR_META_VERIFY_TOKEN"), public_url + paths.webhook(META)),)
    if kind not in ENTRANCES:
        return ()
    words = {
        paths.META_REVOKED: _("Alamat bila izin dicabut (Deauthorize)"),
        paths.META_ERASED: _("Alamat permintaan penghapusan data"),
        paths.webhook("tiktok"): _("Alamat pemberitahuan (Webhook)"),
    }
    back = (_("Alamat kembali (Redirect URI)"), public_url + paths.social_back(kind))
    return (back, *((words[path], public_url + path) for path in CALLBACKS[kind]))


def refused(error: ChannelError, provider: SocialProvider) -> InvalidInputError:
    """Return what a provider's refusal means to whoever is connecting an account; nothing was kept."""
    name = _(NAMES[provider])
    if isinstance(error, TemporaryError):
        text = _("{name} tidak menjawab ({code}). Belum ada yang tersimpan; coba lagi beberapa menit lagi.")
        return InvalidInputError(text.format(name=name, code=error))
    return InvalidInputError(_("{name} menolak: {reason}").format(name=name, reason=error))


def choose_view(offered: Sequence[Access], known: Mapping[tuple[str, str], AccountState], wrong: str) -> ChooseView:
    """Return the accounts to choose from; what is connected, or waits to be, is ticked already."""
    notes = {
        AccountState.ACTIVE: _("sudah terhubung; izinnya diperbarui"),
        AccountState.PAUSED: _("dijeda; dilanjutkan bila dipilih"),
        AccountState.RECONNECT: _("menunggu dihubungkan ulang"),
    }

    def option(access: Access) -> OfferedAccount:
        state = known.get((access.provider.value, access.remote_id))
        return OfferedAccount(
            value=f"{access.provider.value}:{access.remote_id}",
            label=access.name,
            note=" · ".join(
                filter(None, (_(NAMES[access.provider]), access.remote_id, notes.get(state, "") if state else ""))
            ),
            selected=state in notes if known else len(offered) <= 2,  # noqa: PLR2004  one Page and its Instagram account
        )

    return ChooseView(tuple(option(one) for one in offered), paths.SOCIAL_CHOOSE, paths.social_connect(META), wrong)


def _standing(row: ChannelAccount) -> str:
    """Return the state in a sentence."""
    match row.state:
        case AccountState.ACTIVE:
            return ""
        case AccountState.RECONNECT:
            return row.state_reason or _("Izinnya tidak lagi berlaku. Kirimannya menunggu; hubungkan ulang akunnya.")
        case _:
            return row.state_reason


def _problem(row: ChannelAccount) -> str:
    said = str(_trial(row).get("problem") or "")
    if not said or said == row.state_reason:
        return ""
    if " " in said:
        return said
    return _("Penyedianya tidak menjawab saat terakhir diperiksa ({code}).").format(code=said)


def _trial(row: ChannelAccount) -> Mapping[str, str]:
    found = row.report.get(TRIAL)
    return found if isinstance(found, dict) else {}


def _facts(row: ChannelAccount, profile: TenantProfile) -> tuple[tuple[str, str], ...]:
    told = _trial(row).get("at")
    checked = moment_text(datetime.fromisoformat(told), profile) if told else _("belum pernah")
    ends = moment_text(row.access_expires_at, profile)
    if row.refresh_expires_at is not None and ends:
        ends = _("{time}, diperbarui sendiri").format(time=ends)
    facts = (
        (_("Nomor akun"), row.remote_id),
        (_("Terakhir diperiksa"), checked),
        (_("Izin berlaku sampai"), ends or (_("tidak punya tanggal akhir") if row.sealed_credentials else "")),
        (_("Dihubungkan ulang paling lambat"), moment_text(row.refresh_expires_at, profile)),
        (_("Terhubung sejak"), moment_text(row.created_at, profile)),
    )
    return tuple((name, value) for name, value in facts if value)


def _abilities(row: ChannelAccount) -> tuple[str, ...]:
    """Return what the account may do, from what its channel declares."""
    provider = SocialProvider(row.provider)
    if provider not in PUBLISHES:
        return (_("Mengirim templat yang disetujui Meta kepada orang yang sudah setuju."),)
    can = capabilities(CHANNEL_OF[provider])
    by_hand = can.needs_human and row.settings.get(MODE) != DIRECT
    most = can.max_pictures
    return (
        ngettext(
            "Teks sampai {letters} huruf dan {n} gambar.", "Teks sampai {letters} huruf dan {n} gambar.", most
        ).format(letters=number_text(can.max_text), n=most),
        _("Petugas menyelesaikan setiap kiriman.") if by_hand else _("Kiriman terbit sendiri."),
        _("Siar dapat menarik kiriman sendiri.") if can.can_delete else _("Petugas yang menarik kiriman."),
    )
