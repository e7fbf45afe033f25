"""Five hundred products nobody would want, in two languages, on every channel: what goes out is within the provider's limits.

The limits stand here a second time, and are counted in UTF-16 units by another way than the program's.
"""

import random
import re
from collections.abc import Iterator, Sequence

import pytest

from marketing.channels.registry import PUBLISHING_CHANNELS, compose
from marketing.domain.brief import BriefProduct, PostBrief
from marketing.domain.content import OutboundPost, PostPicture
from marketing.domain.hashtag_choice import chosen_hashtags
from marketing.domain.money import format_rupiah
from marketing.domain.product import Category
from marketing.domain.text import cut, letters, without_hashtags, without_mentions
from marketing.domain.types import ChannelName
from marketing.i18n import LANGUAGES, speaking

C = ChannelName
PRODUCTS = 500
DINAS = "Dinas Perindagkop UMKM TTS"
LINK = "https://siar.example/t/0-DsTAJkVSb9s9EsenaUIBVA"
PICTURE = PostPicture("a/keripik.jpg", "https://siar.example/keripik.jpg", "Keripik", 1080, 1350)
# channels.md A.4, A.6, B, C, D and E: title and text; the site's own limit is ours.
MOST = {
    C.FACEBOOK: (None, 63_206),
    C.INSTAGRAM: (None, 2_200),
    C.TIKTOK: (90, 4_000),
    C.WHATSAPP: (None, 4_096),
    C.TELEGRAM: (None, 1_024),
    C.MARKETPLACE: (150, 5_000),
    C.WEBSITE: (150, 20_000),
}
TONE = {
    C.FACEBOOK: "🛍️ ",
    C.INSTAGRAM: "🧺 ",
    C.TIKTOK: "👉 ",
    C.WHATSAPP: "🛒 *",
    C.TELEGRAM: "▪️ ",
}
LINKED = {C.FACEBOOK, C.WHATSAPP, C.TELEGRAM}
CLUSTERS = ("👨‍👩‍👧‍👦", "🇮🇩", "👋🏽", "é", "ก็", "क्‍ष", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩🏾‍🚀", "❤️‍🔥", "한", "x̂", "1️⃣")
WORDS = ("Keripik", "pisang", "SoE", "tenun", "ikat", "Buna", "madu", "Mutis", "kopi", "Amanuban", "200", "gram")
EVIL = "https://jahat.example/ambil?x=1"
PIECES: Sequence[str] = (
    "*tebal* _miring_ ~coret~ ```kode``` `x` __dua__ ***",
    "> kutipan",
    "- butir",
    "<b onclick=alert(1)>murah</b><script>alert(1)</script>",
    "[klik](javascript:alert(1)) <a href='tg://user?id=1'>x</a>",
    "#gratis ##umkm ＃promo #UMKM",
    "@toko @@dinas ＠kamu .@aku (@dia)",
    EVIL,
    f"www.jahat.example {EVIL}",
    "harga \u202e000.5 pR\u2069 \u200fعربي\u200e",
    "ter\u200bse\u200bmbu\ufeffnyi\u00ad",
    "nul\x00 dan \x1b[31mmerah\r\nbaris\u2028lain",
    "{office} {link} {0} %s %(name)s",
    "z" + "\u0301" * 60,
    "\u0301\u200dmulai",
    "/stop $BTC &amp; 𝕿𝖊𝖗𝖇𝖆𝖎𝖐",
)


def nasty(chance: random.Random) -> str:
    """Return words as somebody's system, or somebody's malice, might write them."""
    kind = chance.random()
    if kind < 0.05:
        return ""
    if kind < 0.35:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, 12)))
    if kind < 0.6:
        return "".join(chance.choices((*CLUSTERS, " "), k=chance.randint(1, 120)))
    if kind < 0.985:
        parts = [*chance.choices(PIECES, k=chance.randint(1, 3)), *chance.choices(WORDS, k=3)]
        chance.shuffle(parts)
        return chance.choice(("", " ", "\n")).join(parts)
    return (chance.choice((*CLUSTERS, "a", "kata ", "#a ", "*_", "@a ")) * 70_000)[:70_000]


def order(chance: random.Random) -> str:
    return chance.choice((nasty(chance), "Pesan lewat WhatsApp 0812-3456-7890", "surel ke mama.yuli@surat.example"))


def briefs() -> Iterator[PostBrief]:
    chance = random.Random(20261122)
    for number in range(PRODUCTS):
        name = nasty(chance)
        price = format_rupiah(chance.choice((1, 15_000, 350_000, 12_350_000, 999_999_999_999)))
        product = BriefProduct(
            f"p{number}", name, nasty(chance), price, LINK, order(chance), PICTURE if number % 2 else None
        )
        body = without_mentions(without_hashtags(nasty(chance)))
        tags = chosen_hashtags("Kab. Timor Tengah Selatan", chance.choices(list(Category), k=3))
        title = chance.choice((name, "Kabar baik dari pasar", nasty(chance)))
        yield PostBrief("k", "tts", "m", title, body, LINK, (product,), chance.choice((tags, (*tags, *tags, "umkm!"))))


@pytest.fixture(scope="module")
def posts() -> list[tuple[ChannelName, PostBrief, OutboundPost]]:
    """Every post, composed once."""
    found = []
    for brief in briefs():
        for language in LANGUAGES:
            with speaking(language):
                found += [(channel, brief, compose(channel, brief, DINAS)) for channel in PUBLISHING_CHANNELS]
    return found


Posts = list[tuple[ChannelName, PostBrief, OutboundPost]]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_text_and_title_are_within_the_limit_as_the_provider_counts(posts: Posts) -> None:
    assert len(posts) == PRODUCTS * 2 * len(MOST)
    for channel, _brief, post in posts:
        most_title, most_text = MOST[channel]
        counted = len if channel is C.WEBSITE else utf16
        assert 0 < counted(post.text) <= most_text
        assert most_title is None or 0 < counted(post.title) <= most_title


def test_price_and_link_are_always_there_and_no_address_where_none_can_be_tapped(posts: Posts) -> None:
    for channel, brief, post in posts:
        assert brief.products[0].price in post.text, channel
        if channel in LINKED:
            assert post.text.endswith(LINK)
        if channel in {C.INSTAGRAM, C.TIKTOK}:
            assert "://" not in post.text
            assert post.link == ""


def test_a_product_brings_no_mention_no_invisible_mark_and_no_address_in_its_name(posts: Posts) -> None:
    hidden = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad\x00-\x09\x0b-\x1f\x7f]")
    for channel, brief, post in posts:
        assert not re.search(r"(?<!\w)[@＠]\w", post.text), channel
        assert not hidden.search(post.text)
        assert not hidden.search(post.title)
        said_elsewhere = brief.products[0].how_to_order + brief.text + brief.title
        assert EVIL in said_elsewhere or EVIL not in post.text


def test_an_address_of_mail_in_how_to_order_stays_one(posts: Posts) -> None:
    kept = [post for _channel, brief, post in posts if brief.products[0].how_to_order.startswith("surel ke mama")]
    assert len(kept) > 100
    assert all("mama.yuli@surat.example" in post.text for post in kept)


def test_hashtags_are_few_known_and_never_twice(posts: Posts) -> None:
    for channel, brief, post in posts:
        found = [tag.casefold() for tag in re.findall(r"[#＃](\w+)", post.text)]
        assert len(found) == len(set(found)) <= (0 if channel is C.MARKETPLACE else 5), channel
        assert set(found) <= {re.sub(r"\W", "", tag).casefold() for tag in brief.hashtags}


def test_whatsapp_shows_our_bold_alone(posts: Posts) -> None:
    for channel, _brief, post in posts:
        if channel is not C.WHATSAPP:
            continue
        words = post.text.replace(LINK, "")
        assert words.count("*") in {2, 4}, "the title, and the name of the product"
        assert not re.search(r"[~`]|(?<![^\W_])_|_(?![^\W_])", words)
        assert not re.search(r"^\s*[>-]\s", words.replace(_brief.text, ""), re.MULTILINE) or re.search(
            r"[>-]", _brief.text
        )


def test_each_channel_speaks_in_its_own_tone(posts: Posts) -> None:
    for channel, _brief, post in posts:
        signs = {other for other, sign in TONE.items() if f"\n{sign}" in f"\n{post.text}"}
        assert signs == ({channel} & set(TONE))


def test_no_letter_is_cut_wherever_the_text_ends() -> None:
    chance = random.Random(7)
    for _round in range(60):
        clusters = chance.choices(CLUSTERS, k=12)
        text, ends = "".join(clusters), {0}
        for cluster in clusters:
            ends.add(max(ends) + len(cluster))
        assert letters(text) == len(clusters)
        for limit in range(1, len(text)):
            kept = cut(text, limit)
            assert kept.endswith("…")
            assert len(kept) - 1 in ends, (clusters, limit)


def test_the_marketers_own_hashtags_come_first_and_none_of_ours_doubles_one() -> None:
    brief = PostBrief("k", "tts", "m", "Judul", "Ayo #umkm #UMKM #madu", LINK, (), ("UMKM", "Madu", "ProdukLokal"))
    post = compose(C.INSTAGRAM, brief, DINAS)
    assert re.findall(r"#\w+", post.text) == ["#umkm", "#madu", "#ProdukLokal"]


@pytest.mark.parametrize(
    ("place", "categories", "tags"),
    [
        ("Kab. Timor Tengah Selatan", [Category.MAKANAN_OLAHAN], ("UMKM Timor Tengah Selatan", "KulinerNusantara")),
        ("Kota Blitar", [Category.JASA, Category.JASA], ("UMKM Kota Blitar", "JasaLokal")),
        ("Kabupaten Blitar", [Category.LAINNYA], ("UMKM Blitar",)),
    ],
)
def test_hashtags_say_where_from_and_what(place: str, categories: list[Category], tags: tuple[str, ...]) -> None:
    assert chosen_hashtags(place, categories) == (*tags, "ProdukLokal", "BanggaBuatanIndonesia")
    assert len(chosen_hashtags(place, list(Category))) == 5
