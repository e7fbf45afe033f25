"""The words of the design as types; one meaning each."""

from enum import StrEnum


class ChannelName(StrEnum):
    """Where something is published or sent (TTS Ps. 6(2), 7(2); Telegram is an addition)."""

    WEBSITE = "website"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    TIKTOK = "tiktok"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    EMAIL = "email"
    MARKETPLACE = "marketplace"


class EmailType(StrEnum):
    """The five kinds of marketing e-mail of TTS Ps. 7(3)a–e."""

    PROMOTIONAL = "promotional"
    TRANSACTIONAL = "transactional"
    NEWSLETTER = "newsletter"
    RETENTION = "retention"
    PERSONALISED = "personalised"


class Purpose(StrEnum):
    """What a person may consent to or leave, each on its own (UU 27/2022 Ps. 20(2)a, 22).

    Sosialisasi to registered UMKM and providers rests on the public task (Ps. 20(2)e; TTS Ps. 6(1)c, Blitar Ps. 12(3)):
    it needs no consent, but a withdrawal is honoured like any other.
    """

    PROMOTIONAL = "promotional"
    NEWSLETTER = "newsletter"
    RETENTION = "retention"
    PERSONALISED = "personalised"
    ENGAGEMENT_TRACKING = "engagement_tracking"
    WHATSAPP_MARKETING = "whatsapp_marketing"
    TELEGRAM_MARKETING = "telegram_marketing"
    SOSIALISASI = "sosialisasi"


class Role(StrEnum):
    """What a user may do (design section 1)."""

    MARKETER = "pemasar"
    APPROVER = "penyetuju"
    MANAGING_TEAM = "tim_pengelola"
    COMPANION = "pendamping"
    HEAD = "pimpinan"
    OPERATOR = "operator"


class BuyerKind(StrEnum):
    """The six groups with access (Perwali Blitar 24/2024 Ps. 7(1))."""

    PELAKU_UMKM = "pelaku_umkm"
    PENYEDIA = "penyedia"
    MASYARAKAT = "masyarakat"
    BADAN_USAHA = "badan_usaha"
    BADAN_HUKUM_PEMERINTAH = "badan_hukum_pemerintah"
    PERANGKAT_DAERAH = "perangkat_daerah"
