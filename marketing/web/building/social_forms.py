"""How one provider's account is connected, from what is known of it to its page."""

from collections.abc import Mapping
from typing import Final

from marketing.channels.meta_graph.entrance import INSTAGRAM
from marketing.channels.social import SocialProvider
from marketing.channels.whatsapp.cloud import WABA
from marketing.db.models import ChannelAccount
from marketing.errors import InvalidInputError
from marketing.i18n import N_
from marketing.i18n import gettext as _
from marketing.social.choices import about_of
from marketing.social.filled_in import PRIVACIES, tiktok_settings
from marketing.web import paths
from marketing.web.building.social import META, TELEGRAM, TIKTOK, WHATSAPP
from marketing.web.views.parts import Option
from marketing.web.views.social import ConnectSocialView, FieldView, LeaveLink

PRIVACY_NAMES: Final[Mapping[str, str]] = {
    "PUBLIC_TO_EVERYONE": N_("Semua orang"),
    "MUTUAL_FOLLOW_FRIENDS": N_("Teman yang saling mengikuti"),
    "FOLLOWER_OF_CREATOR": N_("Pengikut"),
    "SELF_ONLY": N_("Hanya akun ini sendiri"),
}
YES: Final = "ya"


def telegram_form(
    row: ChannelAccount | None, given: Mapping[str, str], error: InvalidInputError | None = None
) -> ConnectSocialView:
    """Return the form of a bot and its chat."""
    if row is not None and not given:
        given = {
            "saluran": row.remote_id,
            "catatan": str(row.settings.get("log_chat", "")),
            "topik": str(row.settings.get("topic", "")),
        }
    fields = (
        FieldView("token", _("Token bot"), kind="password", note=_("Dari @BotFather. Disimpan tersegel dan tidak pernah ditampilkan lagi.")),
        FieldView("saluran", _("Saluran atau grup"), note=_("@nama, atau nomornya yang dimulai dengan tanda minus.")),
        FieldView(
            "catatan",
            _("Saluran catatan"),
            note=_("Nomor saluran tertutup tempat bot juga administrator; dipakai memastikan kiriman yang jawabannya hilang."),
            required=False,
        ),
        FieldView("topik", _("Nomor topik dalam grup"), required=False),
    )  # fmt: skip
    return ConnectSocialView(
        title=_("Hubungkan Telegram"),
        intro=_("Siar bertanya kepada Telegram apakah bot boleh menulis di sana, baru menyimpannya."),
        steps=(
            _("Buat bot di @BotFather dengan /newbot, lalu salin tokennya."),
            _("Jadikan bot administrator saluran atau grup, cukup dengan hak mengirim dan menghapus pesan."),
        ),
        action=paths.social_connect(TELEGRAM),
        fields=_filled(fields, given, error),
        wrong=_general(error),
    )


def whatsapp_form(
    row: ChannelAccount | None, given: Mapping[str, str], error: InvalidInputError | None = None
) -> ConnectSocialView:
    """Return the form of a number at WhatsApp's Cloud API."""
    if row is not None and not given:
        given = {"nomor": row.remote_id, "bisnis": str(row.settings.get(WABA, ""))}
    fields = (
        FieldView("nomor", _("Nomor pengenal telepon (Phone number ID)"), note=_("Bukan nomor teleponnya.")),
        FieldView("bisnis", _("Nomor pengenal akun WhatsApp Business (WABA ID)")),
        FieldView("token", _("Izin pengguna sistem (access token)"), kind="password", note=_("Disimpan tersegel dan tidak pernah ditampilkan lagi.")),
    )  # fmt: skip
    return ConnectSocialView(
        title=_("Hubungkan nomor WhatsApp"),
        intro=_("Nomor ini menulis hanya kepada orang yang sudah setuju menerima kabar lewat WhatsApp."),
        steps=(
            _("Buka WhatsApp Manager, lalu salin kedua nomor pengenal."),
            _("Buat izin pengguna sistem dengan whatsapp_business_messaging dan whatsapp_business_management."),
        ),
        action=paths.social_connect(WHATSAPP),
        fields=_filled(fields, given, error),
        wrong=_general(error),
    )


def meta_page() -> ConnectSocialView:
    """Return the two ways to Facebook's page."""
    both = about_of(SocialProvider.FACEBOOK, {INSTAGRAM: True})
    return ConnectSocialView(
        title=_("Hubungkan Facebook dan Instagram"),
        intro=_("Anda dibawa ke Facebook. Masuklah sebagai pengelola Halaman Dinas."),
        steps=(
            _("Setujui semua izin yang diminta; tanpa izin itu kiriman tidak dapat terbit."),
            _("Setelah kembali, pilih Halaman dan akun Instagram yang dipakai. Yang lain tidak disentuh."),
            _("Instagram harus akun profesional yang tertaut dengan Halamannya."),
        ),
        links=(
            LeaveLink(_("Lanjutkan dengan Facebook dan Instagram"), paths.social_go(META, both), primary=True),
            LeaveLink(_("Hanya Facebook"), paths.social_go(META)),
        ),
    )


def tiktok_page(privacy: str, *, comments: bool, figures: bool) -> ConnectSocialView:
    """Return the ways to TikTok's page; who may see direct posts is chosen by a person, without a default."""
    privacy = privacy if privacy in PRIVACIES else ""
    inbox = about_of(SocialProvider.TIKTOK, tiktok_settings(figures=figures))
    links = [LeaveLink(_("Lanjutkan ke TikTok (draf di Kotak Masuk)"), paths.social_go(TIKTOK, inbox), not privacy)]
    if privacy:
        chosen = about_of(SocialProvider.TIKTOK, tiktok_settings(privacy, comments=comments, figures=figures))
        label = _("Lanjutkan ke TikTok (langsung terbit: {who})").format(who=_(PRIVACY_NAMES[privacy]))
        links.insert(0, LeaveLink(label, paths.social_go(TIKTOK, chosen), primary=True))
    return ConnectSocialView(
        title=_("Hubungkan TikTok"),
        intro=_("Anda dibawa ke TikTok. Masuklah sebagai akun Dinas dan setujui izinnya."),
        steps=(
            _("Kiriman masuk ke Kotak Masuk aplikasi TikTok; pemegang ponsel memeriksa lalu mengetuk Posting."),
            _("Langsung terbit hanya boleh bila TikTok sudah mengaudit aplikasi Dinas."),
        ),
        links=tuple(links),
        direct_action=paths.social_connect(TIKTOK),
        privacies=(
            Option("", _("Draf di Kotak Masuk"), selected=not privacy),
            *(Option(one, _(PRIVACY_NAMES[one]), selected=one == privacy) for one in PRIVACIES),
        ),
        comments=comments,
        figures=figures,
    )


def _filled(
    fields: tuple[FieldView, ...], given: Mapping[str, str], error: InvalidInputError | None
) -> tuple[FieldView, ...]:
    wrong = {error.field: str(error)} if error is not None and error.field else {}
    return tuple(
        FieldView(
            one.id,
            one.label,
            "" if one.kind == "password" else given.get(one.id, ""),
            one.kind,
            one.note,
            wrong.get(one.id, ""),
            one.required,
        )
        for one in fields
    )


def _general(error: InvalidInputError | None) -> str:
    return str(error) if error is not None and not error.field else ""
