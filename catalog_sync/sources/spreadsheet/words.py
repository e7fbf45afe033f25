"""Answers as people give them: yes and no, standing, halal, scale, role, goods or service, category. Pure.

A word nobody knows never opens a door: it counts as the careful answer, and a remark says so.
"""

from collections.abc import Mapping
from typing import Final

from catalog_sync.contract.models import Role, Scale
from catalog_sync.sources.category_words import known_category
from marketing.domain.identifiers import could_be_halal_number
from marketing.domain.product import HalalStatus, VerificationStatus
from marketing.i18n import gettext as _
from marketing.tabular.cells import Cell, UnreadableError, shown, text_of
from marketing.tabular.headings import key

BIG: Final = "besar"


def _by_key(words: Mapping[str, str]) -> dict[str, str]:
    return {key(word): value for value, listed in words.items() for word in listed.split(",")}


_YES_NO: Final = _by_key(
    {
        "yes": "ya, y, yes, iya, sudah, ada, benar, betul, true, 1, v, ok, aktif, valid, terverifikasi, sesuai, padan, cocok",
        "no": "tidak, t, no, n, belum, bukan, tdk, false, 0, tidak ada, belum ada, tidak aktif, tidak valid, tidak sesuai,"
        " belum diverifikasi, belum terverifikasi, tidak padan, proses",
    }
)
_CHECKS: Final = frozenset("✓✔☑√")
_STATUS: Final = _by_key(
    {
        VerificationStatus.VERIFIED: "terverifikasi, sudah, ya, y, valid, disetujui, sudah diverifikasi, diverifikasi,"
        " sudah terverifikasi, setuju, verified, lolos, lolos verifikasi, lulus, sah, ok, true, 1, v, iya, yes",
        VerificationStatus.PENDING: "belum, proses, menunggu, dalam proses, belum diverifikasi, belum terverifikasi, pending,"
        " tidak, t, tdk, no, n, baru, diajukan, menunggu verifikasi, sedang diverifikasi, proses verifikasi, false, 0, draf,"
        " draft, perbaikan, perlu perbaikan, revisi, ditunda",
        VerificationStatus.REJECTED: "ditolak, tolak, tidak lolos, tidak lolos verifikasi, rejected, tidak disetujui,"
        " tidak valid, gagal, gagal verifikasi, tidak lulus, tidak memenuhi syarat",
        VerificationStatus.REVOKED: "dicabut, cabut, revoked, dibekukan, dibatalkan, batal, verifikasi dicabut, ditarik,"
        " nonaktif, tidak aktif, diblokir",
    }
)
_HALAL: Final = _by_key(
    {
        HalalStatus.CERTIFIED: "ya, y, sudah, halal, bersertifikat, sudah bersertifikat, bersertifikat halal, ada, certified,"
        " tersertifikasi, sudah halal, memiliki, punya, terbit, sudah terbit, v, yes, iya, true",
        HalalStatus.NOT_HALAL: "tidak halal, non halal, haram, not halal, mengandung babi",
        HalalStatus.NOT_REQUIRED: "tidak wajib, tidak perlu, tidak diperlukan, dikecualikan, bukan makanan, not required",
        HalalStatus.UNKNOWN: "belum, tidak, t, tdk, proses, dalam proses, belum ada, tidak ada, belum bersertifikat, diajukan,"
        " belum halal, pengajuan, sedang diurus, unknown, n, no, tidak tahu, belum tahu, false, tidak bersertifikat",
    }
)
_SCALE: Final = _by_key(
    {
        Scale.MIKRO: "mikro, usaha mikro, micro, ultra mikro, umi",
        Scale.KECIL: "kecil, usaha kecil, small",
        Scale.MENENGAH: "menengah, usaha menengah, sedang, medium",
        BIG: "besar, usaha besar, large",
    }
)
_ROLE: Final = _by_key(
    {
        Role.UMKM: "umkm, pelaku umkm, ukm, ikm, pelaku usaha, usaha mikro kecil menengah, produsen, pengrajin, perajin",
        Role.PENYEDIA: "penyedia, penyedia barang, penyedia jasa, penyedia barang dan jasa, penyedia barang jasa",
    }
)
_KIND: Final = _by_key({"goods": "barang, produk, goods, b", "service": "jasa, layanan, service, j"})
_SOLD_OUT: Final = frozenset(map(key, ("habis", "kosong", "stok habis", "stok kosong", "sold out", "tidak tersedia")))
_UNCOUNTED: Final = frozenset(
    map(
        key,
        (
            "ada", "tersedia", "ready", "ready stock", "ready stok", "banyak", "selalu ada", "sesuai pesanan", "po",
            "pre order", "preorder", "by order", "tergantung pesanan", "dibuat sesuai pesanan", "tidak terbatas",
        ),
    )
)  # fmt: skip


def yes(cell: Cell) -> bool:
    """Return a yes or a no; UnreadableError for anything else."""
    text = text_of(cell)
    if text in _CHECKS:
        return True
    found = _meaning(_YES_NO, text)
    if found is None:
        raise _unknown(cell, _("tulis Ya atau Tidak"))
    return found == "yes"


def status(cell: Cell) -> str:
    """Return the standing a word means."""
    text = text_of(cell)
    found = VerificationStatus.VERIFIED.value if text in _CHECKS else _meaning(_STATUS, text)
    if found is None:
        raise _unknown(cell, _("tulis Terverifikasi, Belum, Ditolak, atau Dicabut"))
    return found


def halal(cell: Cell) -> tuple[str | None, str]:
    """Return the status a word means, or no status and the number of a certificate.

    A bare “Tidak” says that there is no certificate; only “Tidak halal” declares the product not halal.
    """
    text = text_of(cell)
    if text in _CHECKS:
        return HalalStatus.CERTIFIED.value, ""
    found = _meaning(_HALAL, text)
    if found:
        return found, ""
    if could_be_halal_number(text):
        return None, text
    raise _unknown(cell, _("tulis nomor sertifikatnya, atau Ya, Belum, Tidak halal"))


def scale(cell: Cell) -> str:
    """Return the size of a business, `besar` included, which is no UMKM."""
    return _listed(_SCALE, cell, _("tulis Mikro, Kecil, atau Menengah"))


def role(cell: Cell) -> str:
    """Return who offers: an UMKM or a penyedia."""
    return _listed(_ROLE, cell, _("tulis UMKM atau Penyedia"))


def kind(cell: Cell) -> str:
    """Return goods or service."""
    return _listed(_KIND, cell, _("tulis Barang atau Jasa"))


def category(cell: Cell) -> str:
    """Return the category; “Lainnya” only where that is what it says, because what nobody knows may be food."""
    text = text_of(cell)
    found = known_category(text) or known_category(text.replace("_", " "))
    if found is None:
        raise _unknown(cell, _("pilihan: Makanan Olahan, Minuman, Kerajinan, Fesyen, Pertanian, Jasa, Lainnya"))
    return found.value


def stock_word(cell: Cell) -> int | None:
    """Return 0 for “habis”, None for what is there without being counted; UnreadableError for no such word."""
    word = key(text_of(cell))
    if word in _SOLD_OUT:
        return 0
    if word in _UNCOUNTED:
        return None
    raise _unknown(cell, _("tulis angkanya"))


def _meaning(words: Mapping[str, str], text: str) -> str | None:
    """Return what a word means; one with a question mark is a doubt, not an answer."""
    return None if "?" in text else words.get(key(text))


def _listed(words: Mapping[str, str], cell: Cell, choices: str) -> str:
    found = _meaning(words, text_of(cell))
    if found is None:
        raise _unknown(cell, choices)
    return found


def _unknown(cell: Cell, choices: str) -> UnreadableError:
    return UnreadableError(_("“{text}” tidak dikenal; {choices}").format(text=shown(cell), choices=choices))
