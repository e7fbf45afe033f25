"""Food that is said to heal: told by clear words in name and description, whole words only, negations excused.

* No food may be advertised as a medicine, whatever its permit (PP 69/1999 Ps. 53); advertisements of food must be true
  and must not mislead (PP 69/1999 Ps. 44, 45; UU 18/2012 Ps. 104).
* A P-IRT covers no claims at all (PerBPOM 4/2024); a health claim needs BPOM MD, where BPOM has looked at it.
* What a food contains or lacks ("tinggi serat", "bebas kolesterol") is a nutrition claim: with P-IRT it is remarked only,
  because a plain fact and a claim are told by the same words.
"""

import re
from collections.abc import Iterator
from typing import Final

from marketing.domain.product import Product
from marketing.domain.regulations.base import Finding
from marketing.domain.regulations.lexicon import folded, whole_words
from marketing.domain.regulations.permits import FOOD, is_licensed_by_bpom

LAW_MEDICINE: Final = "PP 69/1999 Ps. 44 dan 53 serta UU 18/2012 Ps. 104"
LAW_CLAIM: Final = "PerBPOM 4/2024 dan PP 69/1999 Ps. 44"

_ILLNESS: Final = (
    r"(?:segala |berbagai |aneka |macam )*(?:penyakit|kanker|tumor|kista|diabetes|kencing manis|stroke|jantung|darah tinggi|"
    r"hipertensi|darah rendah|anemia|kolesterol|asam urat|rematik|encok|maag|asam lambung|gerd|asma|sesak napas|tbc?|"
    r"demam(?: berdarah)?|malaria|tifus|tipes|batuk|pilek|flu|covid|diare|sembelit|wasir|ambeien|ginjal|liver|hepatitis|"
    r"impotensi|lemah syahwat|ejakulasi dini|keputihan|nyeri haid|insomnia|migrain|sakit \w+|luka|infeksi|jerawat|eksim)"
)
_YEARNING: Final = (
    r"(?:rasa |kangen dan )?(?:rindu|kerinduan|kangen|lapar|kelaparan|haus|dahaga|galau|bosan|kantuk|penasaran)"
)

MEDICINE: Final = whole_words(
    rf"(?:menyembuhkan|mengobati|sembuhkan|obati)(?! {_YEARNING}\b)",
    r"penyembuh(?:an)?(?! luka hati)",
    rf"obat (?:untuk )?{_ILLNESS}",
    r"obat (?:kuat|herbal|alami|alternatif|tradisional|mujarab|ampuh|segala|pelangsing|diet|penurun|penambah|penggemuk)",
    r"(?:sebagai|jadi|menjadi|pengganti) obat(?! (?:rindu|kangen|lapar|haus|galau|nyamuk))",
    rf"mencegah (?:terkena |timbulnya |risiko )?{_ILLNESS}",
    rf"mengatasi (?:masalah |gejala )?{_ILLNESS}",
    rf"meredakan (?:gejala )?{_ILLNESS}",
    r"anti[ -]?(?:kanker|tumor|diabetes|kolesterol|hipertensi|virus|radang|inflamasi|asam urat)",
    r"(?:membunuh|memusnahkan) (?:sel )?(?:kanker|kuman|virus|bakteri)",
)
"""What only a medicine may be said to do."""
HEALTH: Final = whole_words(
    r"(?:menurunkan|penurun|turunkan|mengontrol|menstabilkan|menormalkan) (?:kadar |resiko |risiko )?"
    r"(?:kolesterol|gula(?: darah)?|tekanan darah|tensi|asam urat|berat badan|berat|darah tinggi|trigliserida)",
    r"melangsingkan|pelangsing|pembakar lemak|membakar lemak|menguruskan badan",
    r"(?:meningkatkan|menambah|menguatkan|memperkuat|memelihara|menjaga) (?:daya tahan(?: tubuh)?|imunitas|imun|sistem imun|"
    r"kekebalan(?: tubuh)?|stamina(?: pria)?|vitalitas(?: pria)?|gairah|libido|kejantanan|kesuburan|kecerdasan|daya ingat|"
    r"iq|nafsu makan|kesehatan (?:jantung|ginjal|mata|tulang|lambung|usus|otak))",
    r"(?:melancarkan|memperlancar|pelancar) (?:asi|pencernaan|peredaran darah|aliran darah|haid|bab)",
    r"(?:baik|bagus|aman|cocok) (?:dikonsumsi |diminum )?(?:(?:untuk|bagi|oleh) )?(?:penderita|pengidap|penyintas) \w+",
    r"(?:baik|bagus) (?:untuk|bagi) (?:kesehatan )?(?:jantung|ginjal|lambung|liver|otak|tulang|penglihatan)",
    r"(?:mengeluarkan|membuang|membersihkan) racun|detoks(?:ifikasi)?|awet muda|peninggi badan",
    r"berkhasiat|khasiat(?:nya)?",
)
"""What a food with a BPOM permit may be said to do if BPOM agreed, and one with P-IRT never."""
NUTRITION: Final = whole_words(
    r"(?:rendah|bebas|tanpa|non|kurang) (?:kolesterol|lemak(?: jenuh)?|gula|kalori|garam|natrium|gluten)",
    r"(?:tinggi|kaya|sumber)(?: akan)? (?:serat|protein|kalsium|zat besi|vitamin(?: \w)?|omega(?: 3)?|antioksidan|nutrisi|gizi)",
    r"antioksidan|superfood|makanan super",
)
"""What a food holds or lacks: a claim on a label, a plain fact in a description."""

_NOT_ONLY: Final = r"(?!hanya\b|cuma\b|sekadar\b|saja\b|lagi\b|diragukan\b|perlu\b|usah\b)"
DENIED: Final = re.compile(
    rf"\b(?:tidak|tak|bukan|bukanlah|tanpa|dilarang|jangan|belum)"
    rf"(?: {_NOT_ONLY}(?!tetapi\b|tapi\b|namun\b|melainkan\b|dan\b)[\w-]+){{0,4}} $"
)
"""A denial up to four words before, in the same breath: `bukan untuk mengobati`; never `tidak hanya menyembuhkan`."""
_BREATH: Final = re.compile(r"[.;:!?()\n,]")


def claims(product: Product) -> Iterator[Finding]:
    """Find what food may not be said to do; each kind once, with the words that told it."""
    if product.category not in FOOD or product.kind == "service":
        return
    texts = (folded(product.name), folded(product.description))
    if word := _first(MEDICINE, texts):
        yield Finding(
            f"Keterangan menyebut pangan seolah-olah obat (kata “{word}”).",
            "hapus pernyataan menyembuhkan, mengobati atau mencegah penyakit dari nama dan deskripsi.",
            LAW_MEDICINE,
        )
    if not is_licensed_by_bpom(product) and (word := _first(HEALTH, texts)):
        yield Finding(
            f"Keterangan memuat klaim kesehatan (kata “{word}”), padahal izin P-IRT tidak mencakup klaim.",
            "hapus klaim kesehatan dari nama dan deskripsi, atau urus izin BPOM MD dengan klaim yang disetujui.",
            LAW_CLAIM,
        )


def claims_to_check(product: Product) -> Iterator[Finding]:
    """Find claims that hold nothing but should be looked at: nutrition with P-IRT, health with BPOM MD."""
    if product.category not in FOOD or product.kind == "service":
        return
    texts = (folded(product.name), folded(product.description))
    if is_licensed_by_bpom(product):
        if word := _first(HEALTH, texts):
            yield Finding(
                f"Deskripsi memuat klaim kesehatan (kata “{word}”).",
                "pastikan BPOM menyetujui klaim ini untuk nomor izinnya.",
                LAW_CLAIM,
            )
    elif word := _first(NUTRITION, texts):
        yield Finding(
            f"Deskripsi menyebut kandungan gizi (kata “{word}”), dan izin P-IRT tidak mencakup klaim.",
            "tulis bahan dan rasanya saja, atau pastikan kata itu bukan klaim pada label.",
            LAW_CLAIM,
        )


def _first(words: re.Pattern[str], texts: tuple[str, ...]) -> str | None:
    """Return the first match that no denial in the same breath excuses."""
    for text in texts:
        for found in words.finditer(text):
            breath = _BREATH.split(text[: found.start()])[-1]
            if not DENIED.search(f" {breath}"):
                return found.group()
    return None
