"""Businesses of one Daerah, every one of them in order; what is wrong with some comes later, in faults.py."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from marketing.sample.vocabulary import Place, Record, Trade, stamp

FEMALE_DAY = 40  # a NIK adds 40 to a woman's day of birth
SMALL_SCALE_SHARE = 0.18

_MOTHERLY = re.compile(r"\b(?:Mama|Ina|Bu|Mbak)\b")


@dataclass(frozen=True, slots=True)
class Shop:
    """A business record together with the trade and place its products will speak of."""

    record: Record
    trade: Trade
    area: str  # the village with its title, as it stands in an address


def phone(place: Place, number: int) -> str:
    """Return a number of valid form that is plainly nobody's: +62 812-0000-xxxx."""
    return f"+628120000{place.phone_base + number:04d}"


def slug(text: str) -> str:
    """Return `text` as a host name or mail box part: small ASCII letters, digits and dots."""
    plain = "".join(
        letter if letter.isascii() and letter.isalnum() else " " for letter in text.lower().replace("'", "")
    )
    return ".".join(plain.split())


def make_businesses(place: Place, rng: Random, anchor: datetime) -> list[Shop]:
    """Make the businesses of `place`, spread over its districts and trades."""
    districts = list(place.districts)
    rng.shuffle(districts)
    trades = [trade for trade in place.trades for _ in range(trade.share)]
    trades = (trades * (place.businesses // len(trades) + 1))[: place.businesses]
    taken: set[str] = set()
    shops = []
    for index, trade in enumerate(trades):
        # A trade at home in some districts stays there; the others take turns so that every kecamatan appears.
        district = rng.choice(trade.districts) if trade.districts else districts[index % len(districts)]
        shops.append(_shop(place, rng, anchor, (index + 1, trade, district), taken))
    return shops


def _shop(place: Place, rng: Random, anchor: datetime, seat: tuple[int, Trade, str], taken: set[str]) -> Shop:
    number, trade, district = seat
    village = rng.choice(place.districts[district])
    female = rng.random() < 0.62  # noqa: PLR2004  roughly the share of women among owners
    name, owner = _name(place, rng, trade, (village, district), taken, female=female)
    joined = anchor - timedelta(days=rng.randint(60, 700), hours=rng.randint(0, 8))
    verified = joined + timedelta(days=rng.randint(2, 21))
    area = f"{'Kelurahan' if place.tenant == 'blitar' or district == 'Kota Soe' else 'Desa'} {village}"
    box = slug(name)
    record: Record = {
        "id": f"U-{number:03d}",
        "name": name,
        "role": trade.role,
        "scale": "kecil" if rng.random() < SMALL_SCALE_SHARE else "mikro",
        "nib": f"{rng.choice(('02', '12', '91'))}{rng.randrange(10**11):011d}",
        "is_binaan": True,
        "domicile_region": place.region,
        "domicile_kecamatan": district,
        "owner_name": owner,
        "owner_nik": _nik(place, rng, district, number, female=female),
        "owner_nik_verified": True,
        "address": f"{rng.choice(place.streets)} No. {rng.randint(1, 98)}, {area}, Kecamatan {district}, {place.label}",
        "phone": phone(place, number),
        "email": f"{box}@surat.example",
        "website": f"https://{box.replace('.', '-')}.usaha.example" if rng.random() < 0.2 else None,  # noqa: PLR2004
        "marketplace_urls": [f"https://lokapasar.example/{box}"] if rng.random() < 0.35 else [],  # noqa: PLR2004
        "joined_group": f"{rng.choice(place.groups)} {village}",
        "verification": {
            "status": "verified",
            "by": rng.choice(place.verifiers),
            "at": stamp(verified.replace(hour=rng.randint(8, 15))),
        },
        "updated_at": stamp(verified + timedelta(days=rng.randint(0, 30), minutes=rng.randint(0, 500))),
    }
    return Shop(record, trade, area)


def _name(
    place: Place, rng: Random, trade: Trade, seat: tuple[str, str], taken: set[str], *, female: bool
) -> tuple[str, str]:
    """Choose an owner and a business name no other has; a name that calls her mother is not given to a man."""
    while True:
        first = rng.choice(place.women if female else place.men)
        family = rng.choice(place.women_families if female else place.men_families)
        title = rng.choice(trade.titles)
        name = title.format(nama=first, keluarga=family, desa=seat[0], kecamatan=seat[1])
        if name not in taken and (female or not _MOTHERLY.search(title)):
            taken.add(name)
            return name, f"{first} {family}"


def _nik(place: Place, rng: Random, district: str, number: int, *, female: bool) -> str:
    """Build a well-formed NIK; the serial counts businesses, so it belongs to nobody."""
    district_code = list(place.districts).index(district) + 1
    day = rng.randint(1, 28) + (FEMALE_DAY if female else 0)
    birth = f"{day:02d}{rng.randint(1, 12):02d}{rng.randint(58, 99):02d}"
    return f"{place.region.replace('.', '')}{district_code:02d}{birth}{9000 + number:04d}"
