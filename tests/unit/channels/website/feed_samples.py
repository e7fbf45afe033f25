from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from marketing.channels.website.payload import Feed, FeedItem, SelfUrls

SITE = "https://umkm.ttskab.example"
MOMENT = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
ITEM = FeedItem(
    id="P-1",
    title="Keripik Pisang & Sambal",
    price=15000,
    price_text="Rp15.000",
    picture_url=f"{SITE}/gambar/p1.jpg",
    picture_alt="Sebungkus keripik pisang",
    business="Dapur Mama Yuli",
    business_place="Kota SoE",
    how_to_order="WhatsApp 0812-3456-7890",
    url=f"{SITE}/produk/p1",
    category="makanan_olahan",
    description="Renyah, digoreng tiap pagi.\nTanpa pengawet.\n\nTahan 30 hari.",
    published=MOMENT,
    updated=MOMENT,
    picture_bytes=48_213,
)
# Each has broken, or fooled, some reader of feeds or pages.
HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "]]>",
    "<![CDATA[<b>x</b>]]>",
    "]]><script>alert(1)</script><![CDATA[",
    "<!--",
    "--><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;b&amp;gt;",
    "&#60;script&#62;",
    "&bogus; & &",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "<?php echo 1 ?>",
    "<?xml version='1.0'?>",
    "a < 5 dan b > 3",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    "javascript:alert(1)",
    "\u202eRp000.51",
    "\u2066a\u2069\u200f",
    "nul\x00bel\x07esc\x1b[31m",
    "\ud800 terpisah",
    "\ufffe\uffff\U0001ffff",
    "baris\u2028pisah\u2029lagi\x85",
    "Z\u0351\u0350\u0312a\u0316l\u0317g\u0318o",
    "👨‍👩‍👧‍👦🇮🇩❤️‍🔥",
    "\\u003cscript\\u003e \\",
    "{{ 7*7 }}${7*7}#{7*7}",
    "</item></channel></rss>",
    "</entry></feed>",
    '","title":"palsu',
    "\t\r\n  spasi \u00a0 aneh\u200b",
)


def item(**changes: Any) -> FeedItem:
    return replace(ITEM, **changes)


def feed(*chosen: FeedItem, **changes: Any) -> Feed:
    whole = Feed(
        tenant="tts",
        title="Produk UMKM TTS",
        description="Produk terverifikasi & layak promosi",
        home_url=SITE,
        self_urls=SelfUrls(f"{SITE}/tts/rss.xml", f"{SITE}/tts/atom.xml", f"{SITE}/tts/feed.json"),
        author="Dinas Perindagkop UMKM TTS",
        items=chosen or (ITEM,),
        updated=MOMENT,
    )
    return replace(whole, **changes)
