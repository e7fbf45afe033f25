"""Sample views of the templates of Media sosial."""

from dataclasses import replace

from marketing.channels.social import Access, SocialProvider
from marketing.errors import InvalidInputError
from marketing.web.building.social import choose_view
from marketing.web.building.social_forms import meta_page, telegram_form, tiktok_page
from marketing.web.views.social import SocialCard, SocialView, WayIn
from tests.unit.web.samples_shell import SHELL, Sample, nav

_AT = "/kanal/media-sosial"
CARD = SocialCard(
    id=1, name="Dinas Perindagkop UMKM TTS", provider="Halaman Facebook", icon="facebook", state="active", standing="",
    problem="Penyedianya tidak menjawab saat terakhir diperiksa (unreachable).",
    facts=(("Nomor akun", "102938475610"), ("Terakhir diperiksa", "22 November 2026 09.00 WITA")),
    abilities=("Kiriman terbit sendiri.",), try_action=f"{_AT}/1/uji", pause_action=f"{_AT}/1/jeda",
    remove_action=f"{_AT}/1/lepas",
)  # fmt: skip
LOST = replace(CARD, id=2, state="reconnect", standing="Sandi akunnya diganti.", problem="", pause_action="", reconnect_href=f"{_AT}/meta/hubungkan?akun=2")  # fmt: skip
WAYS = (
    WayIn("meta", "Facebook dan Instagram", "Pengelola Halaman masuk.", f"{_AT}/meta/hubungkan", addresses=(("Alamat kembali", "https://siar.example/kembali"),)),
    WayIn("tiktok", "TikTok", "Pemegang akun menyetujui.", "", "SIAR_TIKTOK_CLIENT_KEY"),
    WayIn("whatsapp", "Nomor WhatsApp", "Perorangan.", f"{_AT}/whatsapp/hubungkan", more=(("Templat WhatsApp", f"{_AT}/whatsapp-templat"),)),
)  # fmt: skip
OFFERED = (
    Access(SocialProvider.FACEBOOK, "102938475610", "Dinas TTS"),
    Access(SocialProvider.INSTAGRAM, "17841405822304914", "dinas.umkm.tts"),
)
PAGES = {
    "media-sosial": Sample("media_sosial.html", SocialView((LOST, CARD), WAYS), SHELL, nav("channels")),
    "media-sosial-kosong": Sample("media_sosial.html", SocialView((), WAYS), SHELL, nav("channels")),
    "media-sosial-meta": Sample("media_sosial_hubungkan.html", meta_page(), SHELL, nav("channels")),
    "media-sosial-tiktok": Sample(
        "media_sosial_hubungkan.html", tiktok_page("SELF_ONLY", comments=True, figures=True), SHELL, nav("channels")
    ),
    "media-sosial-telegram": Sample(
        "media_sosial_hubungkan.html",
        telegram_form(None, {"saluran": "umkm"}, InvalidInputError("Tulis @nama saluran.", field="saluran")),
        SHELL,
        nav("channels"),
    ),
    "media-sosial-pilih": Sample("media_sosial_pilih.html", choose_view(OFFERED, {}, ""), SHELL, nav("channels")),
    "media-sosial-pilih-salah": Sample(
        "media_sosial_pilih.html", choose_view(OFFERED, {}, "Pilih paling sedikit satu akun."), SHELL, nav("channels")
    ),
    "media-sosial-tanpa-halaman": Sample("media_sosial_pilih.html", choose_view((), {}, ""), SHELL, nav("channels")),
}
