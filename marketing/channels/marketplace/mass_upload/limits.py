"""What each marketplace asks of a listing, as data with its source; and whether a listing fits, with what would cure it; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketing.channels.marketplace.listing import Listing
from marketing.domain.money import format_rupiah
from marketing.domain.text import cut, measured, one_line
from marketing.i18n import N_
from marketing.i18n import gettext as _

# An Indonesian mobile number as people write it: 0 or 62, then 8 and 8 to 11 more digits. Permits have other lengths.
_PHONE: Final = re.compile(r"(?<![\w-])(?:\+?62|0)[ .-]?8(?:[ .-]?\d){8,11}(?![ .-]?\d)|\bwa\.me\b", re.IGNORECASE)


class Destination(StrEnum):
    """Where a file goes, as the command line and addresses name it. Tokopedia and TikTok Shop are one seller centre."""

    SHOPEE = "shopee"
    TOKOPEDIA = "tokopedia"
    LAZADA = "lazada"
    BLIBLI = "blibli"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one marketplace: text in characters, pictures in number and pixels of the longer side, prices in rupiah.

    `minimum_order` tells whether the file can say that only several pieces are sold together. `source` names where the
    figures come from and which of them nobody could confirm.
    """

    destination: Destination
    name: str
    min_title: int
    max_title: int
    min_description: int
    max_description: int
    max_pictures: int
    min_picture: int
    min_price: int
    max_price: int
    minimum_order: bool
    source: str


class Fault(StrEnum):
    """Why a listing is left out."""

    KIND = "jasa"
    TITLE = "judul_pendek"
    DESCRIPTION = "deskripsi_pendek"
    CONTACT = "kontak_dalam_teks"
    PICTURE = "tanpa_foto"
    SMALL_PICTURE = "foto_kecil"
    WEIGHT = "berat_kosong"
    STOCK = "stok_kosong"
    PRICE = "harga"
    MINIMUM_ORDER = "pesanan_minimum"


@dataclass(frozen=True, slots=True)
class Misfit:
    """One reason with what cures it, as sentences for people."""

    fault: Fault
    text: str
    cure: str


LIMITS: Final = {
    Destination.SHOPEE: Limits(
        Destination.SHOPEE, "Shopee", 5, 100, 20, 2_000, 9, 300, 100, 500_000_000, minimum_order=True,
        source="open.shopee.com v2.product.get_item_limit (nama 5-100, deskripsi sampai 2.000, foto sampai 9: contoh dalam dokumen; batas tiap toko dan kategori dapat lain), 22 Nov 2026; deskripsi 20, foto 300 px dan harga belum dipastikan",
    ),
    Destination.TOKOPEDIA: Limits(
        Destination.TOKOPEDIA, "Tokopedia dan TikTok Shop", 25, 255, 20, 2_000, 9, 300, 100, 500_000_000, minimum_order=False,
        source="template Tiktoksellercenter_batchupload 2024-2026 (nama < 255, foto sampai 9), Product API 202309 (foto 300-4.000 px), 22 Nov 2026; nama 25, deskripsi 2.000 dan harga dari pemakai, belum dipastikan",
    ),
    Destination.LAZADA: Limits(
        Destination.LAZADA, "Lazada", 5, 255, 20, 5_000, 8, 500, 100, 500_000_000, minimum_order=False,
        source="Lazada Image & Content Guideline (2-8 foto, 500-2.000 px; Malaysia, 2017) dan open.lazada.com product/create, 22 Nov 2026; panjang teks dan harga belum dipastikan",
    ),
    Destination.BLIBLI: Limits(
        Destination.BLIBLI, "Blibli", 5, 150, 20, 5_000, 8, 300, 100, 500_000_000, minimum_order=False,
        source="kolom template unggah massal Blibli (foto sampai 8) menurut uji program Blibli sendiri, 22 Nov 2026; panjang teks, piksel dan harga belum dipastikan",
    ),
}  # fmt: skip
FAULT_NAMES: Final = {
    Fault.KIND: N_("Jasa, bukan barang"),
    Fault.TITLE: N_("Nama terlalu pendek"),
    Fault.DESCRIPTION: N_("Deskripsi terlalu pendek"),
    Fault.CONTACT: N_("Nomor telepon di dalam teks"),
    Fault.PICTURE: N_("Belum ada foto"),
    Fault.SMALL_PICTURE: N_("Foto terlalu kecil"),
    Fault.WEIGHT: N_("Berat belum diisi"),
    Fault.STOCK: N_("Stok belum diisi"),
    Fault.PRICE: N_("Harga di luar batas"),
    Fault.MINIMUM_ORDER: N_("Ada pesanan minimum"),
}


def title_for(listing: Listing, limits: Limits) -> str:
    """Return the name within the limits; one that is too short gains who made it, as sellers do by hand."""
    title = one_line(listing.title)
    if measured(title) < limits.min_title and listing.business:
        title = f"{title} – {one_line(listing.business)}"
    return cut(title, limits.max_title)


def fits(listing: Listing, limits: Limits) -> tuple[Misfit, ...]:
    """Return every reason why this marketplace would refuse the listing; none means it fits."""
    return (*_text_misfits(listing, limits), *_picture_misfits(listing, limits), *_goods_misfits(listing, limits))


def _text_misfits(listing: Listing, limits: Limits) -> Iterator[Misfit]:
    title = title_for(listing, limits)
    if measured(title) < limits.min_title or not listing.title:
        yield Misfit(
            Fault.TITLE,
            _("Nama produk {length} karakter; {name} meminta paling sedikit {limit}.").format(
                length=measured(title), name=limits.name, limit=limits.min_title
            ),
            _("Lengkapi nama di katalog dengan bahan, ukuran atau motif."),
        )
    if measured(listing.description) < limits.min_description:
        yield Misfit(
            Fault.DESCRIPTION,
            _("Deskripsi {length} karakter; {name} meminta paling sedikit {limit}.").format(
                length=measured(listing.description), name=limits.name, limit=limits.min_description
            ),
            _("Tulis deskripsi di katalog: bahan, ukuran, cara pakai dan cara simpan."),
        )
    if _PHONE.search(listing.title) or _PHONE.search(listing.description):
        yield Misfit(
            Fault.CONTACT,
            _("Nama atau deskripsi memuat nomor telepon; {name} melarang mengajak berbelanja di luar.").format(
                name=limits.name
            ),
            _("Pindahkan nomor itu dari deskripsi ke “cara pesan” di katalog."),
        )


def _picture_misfits(listing: Listing, limits: Limits) -> Iterator[Misfit]:
    if not listing.pictures:
        yield Misfit(
            Fault.PICTURE,
            _("Tidak ada foto yang dapat dipakai; {name} meminta paling sedikit satu.").format(name=limits.name),
            _("Unggah foto produk ke katalog, lalu sinkronkan."),
        )
        return
    longest = max(listing.pictures[0].width, listing.pictures[0].height)
    if longest < limits.min_picture:
        yield Misfit(
            Fault.SMALL_PICTURE,
            _("Foto pertama {length} piksel; {name} meminta paling sedikit {limit}.").format(
                length=longest, name=limits.name, limit=limits.min_picture
            ),
            _("Ganti foto di katalog dengan yang lebih besar, misalnya langsung dari kamera ponsel."),
        )


def _goods_misfits(listing: Listing, limits: Limits) -> Iterator[Misfit]:
    if listing.kind != "goods":
        yield Misfit(
            Fault.KIND,
            _("{name} lewat berkas ini hanya menerima barang.").format(name=limits.name),
            _("Promosikan jasa lewat situs dan media sosial."),
        )
    if not listing.weight_gram:
        yield Misfit(
            Fault.WEIGHT,
            _("Berat belum diisi; {name} menghitung ongkos kirim darinya.").format(name=limits.name),
            _("Isi berat beserta kemasannya dalam gram di katalog."),
        )
    if not listing.stock:
        yield Misfit(
            Fault.STOCK,
            _("Stok belum diisi; {name} meminta jumlahnya.").format(name=limits.name),
            _("Isi jumlah stok di katalog."),
        )
    if not limits.min_price <= listing.price <= limits.max_price:
        yield Misfit(
            Fault.PRICE,
            _("Harga {price}; {name} menerima {least} sampai {most}.").format(
                price=format_rupiah(listing.price),
                name=limits.name,
                least=format_rupiah(limits.min_price),
                most=format_rupiah(limits.max_price),
            ),
            _("Jual per kemasan yang harganya berada di dalam batas."),
        )
    if listing.min_order > 1 and not limits.minimum_order:
        yield Misfit(
            Fault.MINIMUM_ORDER,
            _("Hanya dijual paling sedikit {count} {unit}; berkas {name} tidak memuat aturan itu.").format(
                count=listing.min_order, unit=listing.unit, name=limits.name
            ),
            _("Buat produk paket berisi {count} di katalog, atau unggah satu per satu.").format(
                count=listing.min_order
            ),
        )
