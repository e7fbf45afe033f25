"""Samples of the newsletter and of its edition for businesses."""

from dataclasses import replace
from datetime import datetime

from marketing.templates.context import (
    ArticlePart,
    EventPart,
    MarketPart,
    NewsletterContext,
    NewsletterPart,
    ProductsPart,
    SenderIdentity,
    lines_of,
)
from marketing.templates.samples.goods import goods_of
from marketing.templates.samples.parts import cards_of, links_of
from marketing.tenants.profile import TenantProfile

_PHOTOGRAPHS = ArticlePart(
    title="Memotret produk dengan ponsel",
    lines=lines_of(
        "Letakkan produk di dekat jendela pada pagi hari, di atas kain polos berwarna terang."
        " Matikan lampu kilat supaya warna tetap seperti aslinya."
        "\n\nAmbil tiga gambar: tampak depan, tampak dekat, dan saat dipakai."
    ),
)
_PACKAGING = ArticlePart(
    title="Kemasan yang tahan lembap",
    lines=lines_of(
        "Pada musim hujan, makanan kering lekas melempem. Gunakan kemasan berlapis aluminium dengan segel"
        " panas, dan cantumkan tanggal kedaluwarsa di bagian yang mudah dibaca."
    ),
)


def newsletter(profile: TenantProfile) -> NewsletterContext:
    """Return a sample of the newsletter."""
    goods = goods_of(profile.id)
    products = cards_of(profile, goods.on_sale[:2])
    parts: tuple[NewsletterPart, ...] = (
        replace(_PHOTOGRAPHS, picture_url=products[0].wide_url, alt=products[0].alt),
        _PACKAGING,
        MarketPart(goods.market),
        ProductsPart(),
        EventPart(
            title="Pasar UMKM akhir tahun",
            when=f"Sabtu, 12 Desember 2026, pukul 08.00 {_zone(profile)}",
            place=f"Halaman kantor {profile.dinas_short}",
            lines=lines_of("Tiga puluh pelaku usaha menjual langsung. Terbuka untuk umum, tanpa tiket."),
        ),
    )
    return NewsletterContext(
        sender=SenderIdentity.of(profile),
        links=links_of(profile, "Anda menerima surel ini karena berlangganan buletin UMKM."),
        recipient_name=goods.recipient,
        subject="Buletin UMKM November 2026",
        preheader="Foto produk dengan ponsel, kemasan tahan lembap, dan harga bahan baku.",
        headline="Buletin UMKM, November 2026",
        body="Edisi ini membahas foto produk yang menarik pembeli, kemasan untuk musim hujan, dan harga bahan baku.",
        products=products,
        parts=parts,
        contents=_contents(parts),
    )


def outreach(profile: TenantProfile) -> NewsletterContext:
    """Return a sample of the edition for registered businesses: it tells and teaches, and shows no product."""
    parts: tuple[NewsletterPart, ...] = (
        ArticlePart(
            title="Promosi gratis melalui kanal Dinas",
            lines=lines_of(
                "Produk yang sudah diverifikasi dipromosikan Dinas di situs, media sosial, dan surel tanpa biaya."
                " Setiap usaha mendapat giliran yang sama."
            ),
        ),
        ArticlePart(
            title="Melengkapi NIB",
            lines=lines_of(
                "Usaha mikro dan kecil memperoleh NIB sendiri melalui OSS, tanpa biaya. Siapkan:"
                "\n1. KTP dan nomor ponsel yang aktif\n2. Alamat usaha\n3. Jenis usaha (KBLI)"
                "\n\nPetugas kami membantu pada hari kerja."
            ),
            link="https://oss.go.id/",
        ),
        ArticlePart(
            title="Sertifikat halal untuk usaha mikro",
            lines=lines_of(
                "Usaha mikro dengan bahan yang sudah pasti kehalalannya dapat mendaftar lewat pernyataan pelaku usaha."
                " Pendamping proses produk halal memeriksa bahan dan cara membuatnya."
            ),
            link="https://ptsp.halal.go.id/",
        ),
        EventPart(
            title="Pelatihan foto produk dan penetapan harga",
            when=f"Kamis, 3 Desember 2026, pukul 09.00 {_zone(profile)}",
            place=f"Aula {profile.dinas_short}",
            lines=lines_of("Tempat untuk 40 peserta. Bawa ponsel dan satu contoh produk."),
        ),
    )
    return NewsletterContext(
        sender=SenderIdentity.of(profile),
        links=links_of(
            profile,
            "Anda menerima surel ini karena usaha Anda terdaftar sebagai pelaku UMKM atau penyedia. Sosialisasi adalah"
            " tugas Dinas (UU 27/2022 Ps. 20(2)e), sehingga tidak memerlukan persetujuan. Anda berhak berkeberatan:"
            " pilih “Berhenti berlangganan”, dan kami tidak mengirimkannya lagi.",
        ),
        recipient_name=goods_of(profile.id).recipient,
        subject="Pelatihan Desember, NIB, dan sertifikat halal",
        preheader="Kabar program bagi pelaku UMKM: pelatihan 3 Desember, cara melengkapi NIB dan halal.",
        headline="Kabar program bagi pelaku UMKM",
        body="Edisi ini memuat pelatihan bulan depan dan dua izin yang paling sering ditanyakan.",
        products=(),
        parts=parts,
        contents=_contents(parts),
    )


def _zone(profile: TenantProfile) -> str:
    return datetime(2026, 12, 1, tzinfo=profile.tz).tzname() or ""


def _contents(parts: tuple[NewsletterPart, ...]) -> tuple[str, ...]:
    return tuple(part.title for part in parts if isinstance(part, ArticlePart | EventPart))
