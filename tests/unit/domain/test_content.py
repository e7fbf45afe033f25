from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.channels.registry import PUBLISHING_CHANNELS, capabilities, compose
from marketing.channels.whatsapp.payload import share_link
from marketing.domain.brief import BriefProduct, PostBrief
from marketing.domain.content import (
    Capabilities,
    MediaRule,
    OutboundPost,
    PostPicture,
    fits,
    parse_handle,
    post_handle,
)
from marketing.domain.text import TextUnit
from marketing.domain.types import ChannelName

PICTURE = PostPicture("a/keripik.jpg", "https://x.example/keripik.jpg", "Keripik", 1080, 1080)
LIMITS = Capabilities(ChannelName.INSTAGRAM, max_text=20, max_pictures=2, media=MediaRule.OPTIONAL)
POST = OutboundPost("k", "tts", "m", "Judul", "Teks", "", (PICTURE,))


def said(post: OutboundPost, **limits: Any) -> list[str]:
    return [misfit.text for misfit in fits(post, replace(LIMITS, **limits)).misfits]


def test_what_fits_is_true() -> None:
    assert fits(POST, LIMITS)
    assert not fits(replace(POST, text=""), LIMITS)


@pytest.mark.parametrize(
    ("post", "limits", "sentence"),
    [
        ({"text": "a" * 23}, {}, "Teks 23 karakter; Instagram memuat paling banyak 20. Kurangi 3 karakter."),
        (
            {"text": "👋" * 11},
            {"text_unit": TextUnit.UTF16},
            "Teks 22 karakter; Instagram memuat paling banyak 20. Kurangi 2 karakter.",
        ),
        ({"text": " \n"}, {}, "Teks untuk Instagram masih kosong; tulis setidaknya satu kalimat."),
        (
            {"title": "abcd"},
            {"max_title": 3},
            "Judul 4 karakter; Instagram memuat paling banyak 3. Persingkat judulnya.",
        ),
        ({"text": "#a #b"}, {"max_hashtags": 1}, "Ada 2 tagar; Instagram menerima paling banyak 1. Hapus 1 tagar."),
        (
            {"hashtags": ("#a", "#b")},
            {"max_hashtags": 1},
            "Ada 2 tagar; Instagram menerima paling banyak 1. Hapus 1 tagar.",
        ),
        (
            {"text": "@a @b"},
            {"max_mentions": 0},
            "Ada 2 sebutan @; Instagram menerima paling banyak 0. Hapus 2 sebutan.",
        ),
        (
            {"link": "https://x"},
            {"links": False},
            "Instagram tidak memakai tautan di dalam teks; hapus tautannya dan arahkan ke profil.",
        ),
        (
            {"text": "ke http://x"},
            {"links": False},
            "Instagram tidak memakai tautan di dalam teks; hapus tautannya dan arahkan ke profil.",
        ),
        (
            {"pictures": ()},
            {"media": MediaRule.REQUIRED},
            "Instagram tidak menerima kiriman tanpa gambar; tambahkan foto produk.",
        ),
        ({"pictures": (PICTURE,) * 3}, {}, "Ada 3 gambar; Instagram memuat paling banyak 2. Hapus 1 gambar."),
        (
            {"pictures": (replace(PICTURE, path="a/b.png"),)},
            {"picture_formats": ("JPEG", "WEBP")},
            "Gambar 1 bukan JPEG atau WEBP; Instagram hanya menerima itu. Ubah dahulu formatnya.",
        ),
        (
            {"pictures": (PICTURE, replace(PICTURE, width=300, height=300))},
            {"min_width": 320},
            "Gambar 2 selebar 300 piksel; Instagram meminta paling sedikit 320. Pakai foto yang lebih besar.",
        ),
        ({"pictures": (replace(PICTURE, height=0),)}, {}, "Ukuran gambar 1 tidak terbaca; unggah ulang gambarnya."),
        (
            {"pictures": (replace(PICTURE, height=1351),)},
            {"min_ratio": 0.8},
            "Gambar 1 terlalu tinggi untuk Instagram; potong bagian atas atau bawahnya.",
        ),
        (
            {"pictures": (replace(PICTURE, height=565),)},
            {"max_ratio": 1.91},
            "Gambar 1 terlalu lebar untuk Instagram; potong sisi kiri atau kanannya.",
        ),
    ],
)
def test_a_misfit_says_what_is_wrong_and_what_to_do(
    post: dict[str, Any], limits: dict[str, Any], sentence: str
) -> None:
    assert said(replace(POST, **post), **limits) == [sentence]


def test_the_edges_themselves_fit() -> None:
    edge = replace(
        POST, text="a" * 20, title="abc", pictures=(replace(PICTURE, height=1350), replace(PICTURE, height=566))
    )
    assert said(edge, max_title=3, min_ratio=0.8, max_ratio=1.91, min_width=1080, max_hashtags=0, max_mentions=0) == []


def test_every_misfit_is_named_at_once() -> None:
    assert len(said(replace(POST, text="a" * 21, pictures=()), media=MediaRule.REQUIRED)) == 2


def test_a_handle_names_tenant_and_marker() -> None:
    assert parse_handle(post_handle("tts", "panen-1_A")) == ("tts", "panen-1_A")
    for tenant, marker in (("tts", "a.b"), ("", "m"), ("tts", "../m"), ("tts", "m\n"), ("tts", "ｍ")):
        with pytest.raises(ValueError, match="tidak aman"):
            post_handle(tenant, marker)


# -- what every channel makes of a brief -------------------------------------------------------------------------------

LONG = st.one_of(st.text(max_size=60), st.text(min_size=1, max_size=8).map(lambda text: text * 400))
TRICKY = st.text(alphabet="#＃@*_~`:/ahtps.👨‍👩🇮🇩\u0301\u202e\n ", max_size=300)
WORDS = st.one_of(LONG, TRICKY, st.just("https://wa.me/6281234567890"))
PRODUCTS = st.builds(
    BriefProduct,
    id=st.text(max_size=5),
    name=WORDS,
    business=WORDS,
    price=WORDS,
    url=WORDS,
    how_to_order=WORDS,
    picture=st.just(PICTURE),
)
BRIEFS = st.builds(
    PostBrief,
    key=st.just("k"),
    tenant=st.just("tts"),
    marker=st.just("m"),
    title=WORDS,
    text=WORDS,
    link=WORDS,
    products=st.lists(PRODUCTS, min_size=1, max_size=10).map(tuple),
    hashtags=st.lists(WORDS, max_size=12).map(tuple),
)


@pytest.mark.parametrize("channel", PUBLISHING_CHANNELS)
@given(brief=BRIEFS, dinas=WORDS)
def test_whatever_is_written_the_composed_post_fits(channel: ChannelName, brief: PostBrief, dinas: str) -> None:
    post = compose(channel, brief, dinas)
    assert [misfit.text for misfit in fits(post, capabilities(channel)).misfits] == []
    assert (post.key, post.tenant, post.marker) == ("k", "tts", "m")


def product(number: int) -> BriefProduct:
    picture = replace(PICTURE, path=f"a/{number}.jpg", url=f"https://x.example/{number}.jpg")
    return BriefProduct(
        f"p{number}",
        f"Keripik Pisang {number}",
        f"Dapur Mama {number}",
        f"Rp{number}5.000",
        f"https://x.example/p/{number}",
        f"WhatsApp 0812-3456-789{number}",
        picture,
    )


def written(channel: ChannelName, count: int, **changes: Any) -> OutboundPost:
    brief = PostBrief(
        "k",
        "tts",
        "m",
        "Camilan SoE",
        "Baru digoreng.",
        "https://umkm.ttskab.example/tts/promo/m",
        tuple(map(product, range(count))),
        ("umkm tts", "2026"),
    )
    return compose(channel, replace(brief, **changes), "Dinas Perindagkop UMKM TTS")


@pytest.mark.parametrize("channel", PUBLISHING_CHANNELS)
def test_each_product_has_its_three_blocks(channel: ChannelName) -> None:
    post = written(channel, 5)
    for number in range(5):
        one = product(number)
        for block in (one.name, one.business, one.price, one.how_to_order):
            assert block in post.text
    assert "Baru digoreng." in post.text
    assert "Dinas Perindagkop UMKM TTS" in post.text
    assert len(post.pictures) == min(5, capabilities(channel).max_pictures)


def test_when_room_runs_out_whole_products_leave_and_are_counted() -> None:
    many = tuple(
        replace(product(number), name=f"{number} " + "nama " * 50, business="usaha " * 50) for number in range(10)
    )
    post = written(ChannelName.TELEGRAM, 0, products=many)
    shown = [number for number in range(10) if f"▪️ {number} nama" in post.text]
    assert 0 < len(shown) < 10
    assert shown == list(range(len(shown)))
    assert all(many[number].how_to_order in post.text for number in shown)
    assert f"… dan {10 - len(shown)} produk lain." in post.text
    assert post.text.endswith("https://umkm.ttskab.example/tts/promo/m")


def test_a_long_introduction_yields_before_products_do() -> None:
    post = written(ChannelName.TELEGRAM, 3, text="Kabar gembira. " * 200)
    assert all(product(number).how_to_order in post.text for number in range(3))
    assert "Kabar gembira.…" in post.text


def test_instagram_has_five_hashtags_at_most_and_no_address() -> None:
    tags = ("satu", "dua", "tiga", "empat", "lima", "enam")
    post = written(ChannelName.INSTAGRAM, 1, text="Promo #mete di https://x.example", hashtags=tags)
    assert post.hashtags == ("#satu", "#dua", "#tiga", "#empat")
    assert post.link == ""
    assert "://" not in post.text
    assert "Tautan lengkap ada di bio" in post.text


def test_tiktok_says_numbers_instead_of_links_and_keeps_its_title_short() -> None:
    order = replace(product(1), how_to_order="Pesan lewat https://wa.me/6281234567890")
    post = written(ChannelName.TIKTOK, 0, products=(order,), title="Camilan " * 30)
    assert "Cara pesan: lewat WhatsApp +6281234567890" in post.text
    assert len(post.title) <= 90
    assert post.link == ""


def test_whatsapp_bolds_our_way_only() -> None:
    post = written(ChannelName.WHATSAPP, 0, products=(replace(product(1), name="*Keripik* ~murah~ ```x```"),))
    assert post.text.startswith("*Camilan SoE*\n")
    assert "🛒 *Keripik murah x* – Rp15.000" in post.text
    assert post.text.count("*") == 4


def test_a_product_without_an_order_text_still_says_where_to_ask() -> None:
    post = written(ChannelName.FACEBOOK, 0, products=(replace(product(1), how_to_order=" "),))
    assert "Cara pesan: tanyakan lewat pesan ke Dinas Perindagkop UMKM TTS" in post.text


def test_the_same_picture_is_shown_once() -> None:
    post = written(ChannelName.FACEBOOK, 0, products=(product(1), product(1), product(2)))
    assert [picture.path for picture in post.pictures] == ["a/1.jpg", "a/2.jpg"]


def test_share_link_carries_the_whole_text() -> None:
    post = written(ChannelName.WHATSAPP, 3)
    assert parse_qs(urlsplit(share_link(post.text)).query)["text"] == [post.text]
