"""What is sent: a newsletter of about 40 kB with 16 counted links, and a short promotion of about 10 kB.

Both are set in templates of the office's own, saved as an office saves them: the shipped ones are larger.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from marketing.domain.campaign import CampaignContent
from marketing.domain.newsletter import Article, Happening, MarketNote, Shelf
from marketing.domain.types import ChannelName, EmailType, Purpose
from marketing.mail.templates import Change, save
from marketing.templates.compiler import TemplateSource
from marketing.templates.registry import template_of
from marketing.tenants.profile import profile_of
from tests.support.world import TENANT, World, add_product, promotion

TEMPLATES = Path(__file__).parent / "templates"
PRODUCTS = 5
ARTICLES = 9
EVENTS = 2
LINKS = PRODUCTS + ARTICLES + EVENTS
TELLING = (
    "Kelompok tenun di Kecamatan Amanuban Barat membuka kelas pewarna alam untuk anggota baru: akar mengkudu untuk merah,"
    " nila untuk biru, kulit kayu untuk cokelat. Peserta membawa pulang benang yang mereka celup sendiri. Pendaftaran dibuka"
    " sampai akhir bulan, tanpa biaya, untuk dua puluh orang."
)


@dataclass(frozen=True, slots=True)
class Edition:
    """Something to send: its template, who agreed to it, and what it says once the catalogue holds its products."""

    template: str
    email_type: EmailType
    variant: str
    purpose: Purpose
    content: Callable[[World], CampaignContent]

    def write(self, world: World) -> CampaignContent:
        """Save the template, add the products, and return the content."""
        source = TemplateSource(
            *((TEMPLATES / f"{self.template}.{part}").read_text("utf-8") for part in ("mjml", "txt"))
        )
        with world.app.database.write() as session:
            change = Change(None, "benchmark", world.clock())
            save(session, profile_of(TENANT), template_of(self.email_type, self.variant), source, change)
        return self.content(world)


def _newsletter(world: World) -> CampaignContent:
    products = [add_product(world.app, number) for number in range(1, PRODUCTS + 1)]
    day = world.clock().date()
    articles = [
        Article(
            f"Kabar UMKM ke-{number}: tenun, kopi, dan madu dari Mollo",
            TELLING,
            f"https://dinas.example/berita/{number}",
        )
        for number in range(1, ARTICLES + 1)
    ]
    figures = [
        MarketNote(f"Kemiri kupas mutu {number}, per kg", f"Rp{30 + number}.000", "Dinas Perdagangan", day.isoformat())
        for number in range(1, 4)
    ]
    events = [
        Happening(
            f"Pasar UMKM Soe ke-{number}",
            "Lapangan Puspenmas",
            (day + timedelta(days=7 * number)).isoformat(),
            "09:00",
            "Empat puluh usaha hadir dengan produk yang sudah diverifikasi.",
            f"https://dinas.example/acara/{number}",
        )
        for number in range(1, EVENTS + 1)
    ]
    return CampaignContent(
        email_type=EmailType.NEWSLETTER,
        variant="buletin",
        subject="Buletin UMKM: kelas pewarna alam, harga kemiri, dan pasar di Soe",
        preheader="Sembilan kabar, tiga harga, dua acara, lima produk.",
        headline="Buletin UMKM Timor Tengah Selatan",
        body="Kabar pekan ini dari usaha-usaha yang didampingi Dinas.",
        product_ids=tuple(products),
        channels=(ChannelName.EMAIL,),
        blocks=(*articles[:5], *figures, *events, Shelf(), *articles[5:]),
    )


def _short(world: World) -> CampaignContent:
    body = "\n\n".join([TELLING] * 3)
    return promotion(add_product(world.app, 1), subject="Tenun baru dari SoE", headline="Tenun baru", body=body)


EDITIONS: Mapping[str, Edition] = {
    "newsletter": Edition("newsletter", EmailType.NEWSLETTER, "buletin", Purpose.NEWSLETTER, _newsletter),
    "short": Edition("short", EmailType.PROMOTIONAL, "produk_baru", Purpose.PROMOTIONAL, _short),
}
