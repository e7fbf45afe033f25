"""What keeps about a quarter of the products from being promoted: every reason of both regulations, written into the records."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from marketing.sample.businesses import Shop
from marketing.sample.products import FOOD, make_product, permit
from marketing.sample.vocabulary import Draft, Place, Record

UNFIT_SHARE = 0.25
DOUBLE_SHARE = 0.15

Break = Callable[[Record, Random], None]
Fault = tuple[str, Break]


def _set(**values: object) -> Break:
    return lambda record, _: record.update(values)


def _verification(status: str, note: str) -> Break:
    return lambda record, _: record["verification"].update(status=status, note=note)


def _unsigned(record: Record, _: Random) -> None:
    record["verification"].update(by=None, at=None)


def _no_way_to_order(record: Record, _: Random) -> None:
    record["how_to_order"] = {"text": "", "url": None, "whatsapp": None}


def _owner_without_nik(record: Record, _: Random) -> None:
    record.update(owner_nik=None, owner_nik_verified=False)


def _eleven_digits(record: Record, _: Random) -> None:
    record["nib"] = record["nib"][:11]


def _nowhere(record: Record, _: Random) -> None:
    """Leave nothing by which a buyer could find or reach the business."""
    record.update(address=None, domicile_kecamatan=None, phone=None, email=None, website=None)


_HALAL_UNKNOWN = _set(halal={"status": "unknown", "number": None})
_HALAL_NUMBERLESS = _set(halal={"status": "certified", "number": None})


def _imported(record: Record, rng: Random) -> None:
    record["permits"] = [{"type": "BPOM_ML", "number": f"ML{rng.randrange(10**12):012d}", "expires": None}]


def _truncated(record: Record, _: Random) -> None:
    for one in record["permits"]:
        one["number"] = one["number"][:9]


def _information(code: str) -> tuple[Fault, ...]:
    """Return the ways in which product information is incomplete."""
    return (
        (code, _set(description="")),
        (code, _set(price=None)),
        (code, _set(images=[])),
        (code, _set(unit="")),
    )


def _business_faults(place: Place) -> tuple[tuple[Fault, ...], ...]:
    """Return what is wrong with whole businesses; the last one has two faults at once."""
    if place.tenant == "tts":
        return (
            (("TTS 10(1)a", _set(nib=None)),),
            (("TTS 10(1)a", _eleven_digits),),
            (("TTS 10(1)b", _set(is_binaan=False)),),
            (("TTS 10(1)d", _set(domicile_region=place.neighbours[0])),),
            (("TTS 10(1)e", _set(owner_nik_verified=False)),),
            (("TTS 10(1)e", _owner_without_nik),),
            (("TTS 10(1)a", _set(nib=None)), ("TTS 10(1)b", _set(is_binaan=False))),
        )
    return (
        (("Blitar 8(1)", _set(domicile_region=place.neighbours[0])),),
        (("Blitar 9(1)b", _nowhere),),
        (("Blitar 8(1)", _set(domicile_region=place.neighbours[1])), ("Blitar 9(1)b", _nowhere)),
    )


_TTS_PRODUCT: tuple[Fault, ...] = (
    *_information("TTS 10(1)c"),
    ("TTS 10(1)c", _set(stock=0)),
    ("TTS 10(1)c", _no_way_to_order),
    ("TTS 10(1)c", _verification("pending", "Menunggu kunjungan ke tempat produksi.")),
    ("TTS 10(1)c", _verification("rejected", "Foto bukan produk sendiri.")),
    ("TTS 10(1)c", _verification("revoked", "Kemasan tidak lagi sesuai label.")),
)
_BLITAR_PRODUCT: tuple[Fault, ...] = (
    *_information("Blitar 9(1)a"),
    ("Blitar 9(1)c", _set(stock=0)),
    ("Blitar 9(1)c", _no_way_to_order),
    ("Blitar 6(2)b", _verification("pending", "Menunggu contoh produk.")),
    ("Blitar 6(2)b", _verification("rejected", "Label belum mencantumkan komposisi.")),
    ("Blitar 6(2)b", _verification("revoked", "Izin usaha sedang diperbarui.")),
    ("Blitar 8(2)", _unsigned),
    ("Blitar 8(2)", _unsigned),
)


def apply_faults(
    place: Place, rng: Random, anchor: datetime, base_url: str, goods: tuple[list[Shop], list[Draft]]
) -> dict[str, tuple[str, ...]]:
    """Break about a quarter of the products, some twice; return for each broken product the articles that hold it."""
    shops, drafts = goods
    held: dict[str, list[str]] = {}
    by_business: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_business.setdefault(draft.record["business_id"], []).append(draft)
    _break_businesses(place, rng, (shops, by_business), held)
    sound = [draft for draft in drafts if draft.record["id"] not in held and not draft.record["bundle_of"]]
    in_bundle = {part["product_id"] for draft in drafts for part in draft.record["bundle_of"]}
    sound = [draft for draft in sound if draft.record["id"] not in in_bundle]
    rng.shuffle(sound)
    owners = {shop.record["id"]: shop for shop in shops}
    for item in place.outside:
        draft = sound.pop()
        number = int(draft.record["id"][2:])
        shop = owners[draft.record["business_id"]]
        replaced = make_product(place, rng, anchor, base_url, (shop, item, "", number))
        draft.record, draft.picture = replaced.record, replaced.picture
        held[draft.record["id"]] = [place.outside_code]
    _break_products(place, rng, anchor, (sound, drafts), held)
    return {identity: tuple(codes) for identity, codes in sorted(held.items())}


def _break_businesses(
    place: Place, rng: Random, goods: tuple[list[Shop], dict[str, list[Draft]]], held: dict[str, list[str]]
) -> None:
    """Break some businesses, and with them all their products."""
    shops, by_business = goods
    faults = _business_faults(place)
    bundled = {
        identity for identity, drafts in by_business.items() if any(draft.record["bundle_of"] for draft in drafts)
    }
    whole = [shop for shop in shops if shop.record["id"] not in bundled and shop.record["role"] == "umkm"]
    for shop, several in zip(rng.sample(whole, len(faults)), faults, strict=True):
        for _, breaks in several:
            breaks(shop.record, rng)
        for draft in by_business[shop.record["id"]]:
            held[draft.record["id"]] = [code for code, _ in several]


def _break_products(
    place: Place, rng: Random, anchor: datetime, goods: tuple[list[Draft], list[Draft]], held: dict[str, list[str]]
) -> None:
    """Break single products in turn until the share is reached, then give some held ones a further reason."""
    sound, everything = goods
    quality = "TTS 10(2)" if place.tenant == "tts" else "Blitar 8(3)"

    def lapsed(record: Record, rng: Random) -> None:
        for one in record["permits"]:
            one.update(permit(place, rng, one["type"], anchor - timedelta(days=rng.randint(3, 400))))

    food_faults: tuple[Fault, ...] = (
        (quality, lapsed),
        (quality, _set(permits=[])),
        (quality, _truncated),
        (quality, _HALAL_UNKNOWN),
        (quality, _HALAL_NUMBERLESS),
        (quality, _imported),
    )
    plain_faults = _TTS_PRODUCT if place.tenant == "tts" else _BLITAR_PRODUCT
    goal = round(len(everything) * UNFIT_SHARE)
    food = [draft for draft in sound if draft.record["category"] in FOOD]
    other = [draft for draft in sound if draft.record["category"] not in FOOD and draft.record["kind"] == "goods"]
    turn = 0
    while len(held) < goal:
        faults, pool = (food_faults, food) if turn % 2 else (plain_faults, other)
        draft = pool.pop()
        code, breaks = faults[turn // 2 % len(faults)]
        breaks(draft.record, rng)
        held[draft.record["id"]] = [code]
        turn += 1
    again = [draft for draft in everything if draft.record["id"] in held and draft.record["images"]]
    doubled = rng.sample(again, round(len(again) * DOUBLE_SHARE))
    # One product of the business with two faults has a third of its own.
    third = next(draft for draft in again if len(held[draft.record["id"]]) > 1)
    for draft in [*doubled, *([] if third in doubled else [third])]:
        draft.record.update(description="", images=[])
        codes = [*held[draft.record["id"]], plain_faults[0][0]]
        held[draft.record["id"]] = list(dict.fromkeys(codes))
