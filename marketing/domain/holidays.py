"""National holidays of Indonesia, and the few on which no marketing goes out unless an office wants more or fewer.

2026: Keputusan Bersama Menteri Agama, Menteri Ketenagakerjaan dan Menteri PANRB No. 1497/2025, 2/2025, 5/2025 (the 17 days of
holiday, without the days of joint leave). 2027: only the days whose date a law fixes; the movable ones are entered when the
ministers have decided them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

NATIONAL: Final[Mapping[date, str]] = {
    date(2026, 1, 1): "Tahun Baru Masehi",
    date(2026, 1, 16): "Isra Mikraj Nabi Muhammad SAW",
    date(2026, 2, 17): "Tahun Baru Imlek 2577 Kongzili",
    date(2026, 3, 19): "Hari Suci Nyepi (Tahun Baru Saka 1948)",
    date(2026, 3, 21): "Idulfitri 1447 Hijriah",
    date(2026, 3, 22): "Idulfitri 1447 Hijriah",
    date(2026, 4, 3): "Wafat Yesus Kristus",
    date(2026, 4, 5): "Kebangkitan Yesus Kristus (Paskah)",
    date(2026, 5, 1): "Hari Buruh Internasional",
    date(2026, 5, 14): "Kenaikan Yesus Kristus",
    date(2026, 5, 27): "Iduladha 1447 Hijriah",
    date(2026, 5, 31): "Hari Raya Waisak 2570 BE",
    date(2026, 6, 1): "Hari Lahir Pancasila",
    date(2026, 6, 16): "1 Muharam Tahun Baru Islam 1448 Hijriah",
    date(2026, 8, 17): "Proklamasi Kemerdekaan",
    date(2026, 8, 25): "Maulid Nabi Muhammad SAW",
    date(2026, 12, 25): "Kelahiran Yesus Kristus",
    date(2027, 1, 1): "Tahun Baru Masehi",
    date(2027, 5, 1): "Hari Buruh Internasional",
    date(2027, 6, 1): "Hari Lahir Pancasila",
    date(2027, 8, 17): "Proklamasi Kemerdekaan",
    date(2027, 12, 25): "Kelahiran Yesus Kristus",
}
SILENT: Final = frozenset(
    {
        date(2026, 3, 19),
        date(2026, 3, 21),
        date(2026, 4, 3),
        date(2026, 12, 25),
        date(2027, 12, 25),
    }
)
"""Days of silence and worship: Nyepi, the first of Idulfitri, Good Friday, Christmas. Traders live from the other holidays."""
