"""Products of the businesses, every one of them fit to be promoted; what is wrong with some comes later, in faults.py."""

from datetime import datetime, timedelta
from random import Random

from marketing.sample.businesses import Shop
from marketing.sample.vocabulary import Draft, Item, Place, Record, stamp

FOOD = ("makanan_olahan", "minuman")
SALE_SHARE = 0.08
BUNDLES = 6
BUNDLE_DISCOUNT = 90

_HOW_TO_ORDER = (
    "Pesan lewat WhatsApp dengan menyebut nama produk, jumlah, dan alamat lengkap. Pembayaran melalui transfer bank atau QRIS; pesanan dikirim paling lambat tiga hari kerja setelah pembayaran diterima.",
    "Tekan tombol Pesan di katalog, isi alamat pengiriman, lalu tunggu persetujuan penjual. Ongkos kirim diberitahukan sebelum pembayaran.",
    "Hubungi nomor WhatsApp penjual pada pukul 08.00–17.00. Setelah pesanan disetujui, kirimkan bukti pembayaran dan pesanan akan disiapkan.",
    "Pesan melalui katalog atau WhatsApp. Pembelian dalam jumlah banyak sebaiknya dipesan satu pekan sebelumnya.",
)
_HOW_TO_BOOK = (
    "Kirim pesan WhatsApp untuk menyepakati jadwal dan alamat. Pembayaran dilakukan setelah pekerjaan selesai, tunai atau QRIS.",
    "Pesan melalui katalog paling lambat tiga hari sebelumnya. Penyedia akan menghubungi Anda untuk memastikan jadwal.",
)


def make_products(place: Place, rng: Random, anchor: datetime, base_url: str, shops: list[Shop]) -> list[Draft]:
    """Make the products of `place`: a few per business, then some sales, then bundles of what one business sells."""
    plain = place.products - BUNDLES
    share, rest = divmod(plain, len(shops))
    drafts: list[Draft] = []
    for index, shop in enumerate(shops):
        count = share + (1 if index < rest else 0)
        choices = [(item, variant) for item in shop.trade.items for variant in item.variants]
        for item, variant in rng.sample(choices, min(count, len(choices))):
            drafts.append(make_product(place, rng, anchor, base_url, (shop, item, variant, len(drafts) + 1)))
    for draft in rng.sample(drafts, round(len(drafts) * SALE_SHARE)):
        draft.record["sale"] = _sale(rng, anchor, draft.record["price"])
    _add_bundles(rng, anchor, base_url, drafts)
    return drafts


def make_product(
    place: Place, rng: Random, anchor: datetime, base_url: str, what: tuple[Shop, Item, str, int]
) -> Draft:
    """Describe one item of one business as a complete, verified product record."""
    shop, item, variant, number = what
    business = shop.record
    identity = f"P-{number:04d}"
    name = item.name.format(v=variant)
    percent = item.percent(variant)
    story = rng.choice(shop.trade.stories).format(tempat=shop.area, kecamatan=business["domicile_kecamatan"])
    verified = (anchor - timedelta(days=rng.randint(6, 320))).replace(
        hour=rng.randint(8, 15), minute=rng.randint(0, 59)
    )
    service = item.kind == "service"
    record: Record = {
        "id": identity,
        "business_id": business["id"],
        "kind": item.kind,
        "category": item.category,
        "name": name,
        "description": f"{item.about.format(v=variant)} {story}",
        "price": _price(rng, item.price * percent // 100),
        "unit": item.unit,
        "weight_gram": None if service else max(20, round(item.weight * percent / 1000) * 10),
        "stock": None if service else rng.choice((3, 5, 8, 12, 15, 20, 24, 30, 40, 60)),
        "min_order": _min_order(rng, item),
        "images": _images(rng, base_url, identity, f"{name} dari {business['name']}", near=not service),
        "how_to_order": {
            "text": rng.choice(_HOW_TO_BOOK if service else _HOW_TO_ORDER),
            "url": f"{base_url}/p/{identity}",
            "whatsapp": business["phone"],
        },
        "permits": _permits(place, rng, anchor, item),
        "halal": _halal(place, rng, item),
        "sale": None,
        "bundle_of": [],
        "verification": {
            "status": "verified",
            "by": rng.choice(place.verifiers),
            "at": stamp(verified),
            "note": None,
        },
        "updated_at": stamp(verified + timedelta(hours=rng.randint(0, 100))),
    }
    return Draft(record, item.picture, business["name"])


def permit(place: Place, rng: Random, kind: str, expires: datetime) -> Record:
    """Return a permit of well-formed number; the last two digits of a P-IRT are the year in which it ends."""
    if kind == "PIRT":
        place_code = place.region.replace(".", "")
        number = f"{rng.randint(1, 8)}{rng.randint(1, 15):02d}{place_code}{rng.randint(1, 20):02d}{rng.randrange(10_000):04d}"
        return {"type": kind, "number": f"{number}-{expires:%y}", "expires": expires.date().isoformat()}
    return {"type": kind, "number": f"MD{rng.randrange(10**12):012d}", "expires": expires.date().isoformat()}


def _price(rng: Random, base: int) -> int:
    """Vary a base price by up to 8 % and round it the way people price: 500 below 50 thousand, else 5,000."""
    step = 500 if base < 50_000 else 5_000  # noqa: PLR2004
    return max(step, round(base * rng.uniform(0.92, 1.08) / step) * step)


def _min_order(rng: Random, item: Item) -> int:
    if item.picture == "katering":
        return 20
    return rng.choice((1, 1, 1, 2, 3)) if item.price < 30_000 else 1  # noqa: PLR2004


def _images(rng: Random, base_url: str, identity: str, alt: str, *, near: bool = True) -> list[Record]:
    """Return the main picture and, for a quarter of the goods, a close view of it (a service has nothing to look at closely)."""
    pictures = [{"url": f"{base_url}/gambar/{identity}.jpg", "alt": alt}]
    if near and rng.random() < 0.25:  # noqa: PLR2004
        pictures.append({"url": f"{base_url}/gambar/{identity}-dekat.jpg", "alt": f"{alt}, dari dekat"})
    return pictures


def _permits(place: Place, rng: Random, anchor: datetime, item: Item) -> list[Record]:
    if not item.permit:
        return []
    # Most permits run for years; a few end within weeks, so that reminders and recalls have something to do.
    days = rng.randint(12, 75) if rng.random() < 0.08 else rng.randint(120, 1_700)  # noqa: PLR2004
    return [permit(place, rng, item.permit, anchor + timedelta(days=days))]


def _halal(place: Place, rng: Random, item: Item) -> Record:
    if item.halal != "certified":
        return {"status": item.halal, "number": None}
    return {"status": "certified", "number": f"ID{place.province}110000{rng.randrange(10**9):09d}"}


def _sale(rng: Random, anchor: datetime, price: int) -> Record:
    """Return a sale that runs now, begins soon or has just ended, in this order of likelihood."""
    starts, length = rng.choice(((-6, 20), (-2, 14), (-10, 18), (5, 14), (-40, 21)))
    begin = (anchor + timedelta(days=starts)).replace(hour=0, minute=0, second=0, microsecond=0)
    end = begin + timedelta(days=length) - timedelta(seconds=1)
    return {"price": price * rng.choice((80, 85, 90)) // 100 // 500 * 500, "starts": stamp(begin), "ends": stamp(end)}


def _add_bundles(rng: Random, anchor: datetime, base_url: str, drafts: list[Draft]) -> None:
    """Append bundles: two or three products of one business, of one sort, for a tenth less than their sum."""
    groups: dict[tuple[str, str, str], list[Draft]] = {}
    for draft in drafts:
        record = draft.record
        if record["kind"] == "goods":
            groups.setdefault((record["business_id"], record["category"], record["halal"]["status"]), []).append(draft)
    candidates = [group for group in groups.values() if len(group) > 1]
    for parts in rng.sample(candidates, BUNDLES):
        drafts.append(_bundle(rng, anchor, base_url, (parts[:3], len(drafts) + 1)))


def _bundle(rng: Random, anchor: datetime, base_url: str, what: tuple[list[Draft], int]) -> Draft:
    parts, number = what
    first = parts[0].record
    identity = f"P-{number:04d}"
    names = [part.record["name"] for part in parts]
    name = f"Paket oleh-oleh {parts[0].seller}"
    total = sum(part.record["price"] for part in parts)
    record = {
        **first,
        "id": identity,
        "name": name,
        "description": f"Satu kotak berisi {', '.join(names[:-1])} dan {names[-1]}. Lebih hemat daripada membeli satu per satu; dikemas rapi dan siap dijadikan bingkisan.",
        "price": total * BUNDLE_DISCOUNT // 100 // 500 * 500,
        "unit": "paket",
        "weight_gram": sum(part.record["weight_gram"] for part in parts) + 150,
        "stock": min(part.record["stock"] for part in parts),
        "min_order": 1,
        "images": _images(rng, base_url, identity, f"{name}, isi {len(parts)} produk"),
        "how_to_order": {**first["how_to_order"], "url": f"{base_url}/p/{identity}"},
        "permits": [dict(one) for part in parts for one in part.record["permits"]],
        "halal": dict(first["halal"]),
        "sale": None,
        "bundle_of": [{"product_id": part.record["id"], "quantity": 1} for part in parts],
        "verification": dict(first["verification"]),
        "updated_at": stamp(anchor - timedelta(days=rng.randint(1, 4), minutes=rng.randint(0, 900))),
    }
    return Draft(record, "paket", parts[0].seller)
