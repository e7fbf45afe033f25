"""Products in mails: one, two, a few and many; hostile and endless names; prices, sales and bundles, in both parts."""

from dataclasses import replace
from functools import cache

import pytest
from lxml import html as lxml_html

from marketing.i18n import LANGUAGES
from marketing.templates.compiler import RenderedEmail, compile_email
from marketing.templates.context import BundlePart, ProductCard
from marketing.templates.registry import TEMPLATES, MailTemplate
from marketing.tenants.profile import load_profiles

HOSTILE = "<script>alert(1)</script> & \"Kopi\" 'Mutis' {{ 7 * 7 }} {% raw %} </td></table>"
STRANGE = ("مصنوعات يدوية من تيمور", "🧺🧵 Anyaman 👩🏽‍🌾", "n" * 120, "Kopi\u0301 Timor")
TTS = load_profiles()["tts"]
WITH_PRODUCTS = [one for one in TEMPLATES if getattr(one.sample(TTS), "products", ()) or one.variant == "sosialisasi"]
SHOWING = [one for one in WITH_PRODUCTS if one.variant != "sosialisasi"]  # the only one that may promote nothing

CARD = ProductCard(
    name="Selendang tenun", business="Tenun Nunkolo", price="Rp297.500", before_price="Rp350.000", percent="15%",
    period="22 November – 6 Desember 2026", picture_url="https://a.example/s.jpg", wide_url="https://a.example/w.jpg",
    alt="Selendang merah", url="https://a.example/p/1", summary="Ditenun tangan.", reason="Anda pernah membelinya",
    parts=(BundlePart("Kopi sangrai", "Kopi Mutis", 2),),
)  # fmt: skip

each_mail = pytest.mark.parametrize("template", SHOWING, ids=lambda template: template.variant)


def mail_of(template: MailTemplate, *products: ProductCard, **changes: object) -> RenderedEmail:
    context = replace(template.sample(TTS), products=products, **changes)
    return compile_email(template.email_type, template.variant).render(context)


@cache
def numbered(count: int) -> tuple[ProductCard, ...]:
    return tuple(
        replace(CARD, name=f"Produk ke-{number}.", url=f"https://a.example/p/{number}")
        for number in range(1, count + 1)
    )


def words(html: str) -> str:
    return " ".join(lxml_html.fromstring(html).text_content().split())


@each_mail
@pytest.mark.parametrize("count", [1, 2, 3, 6, 7, 8, 10])
def test_every_product_stands_once_whole_and_in_order(template: MailTemplate, count: int) -> None:
    mail = mail_of(template, *numbered(count))
    seen = words(mail.html)
    for part in (seen, mail.text):
        places = [part.find(card.name) for card in numbered(count)]
        assert places == sorted(places)
        assert -1 not in places
    for fact in (CARD.business, CARD.price, CARD.period, CARD.summary, CARD.reason, "2 × Kopi sangrai", "Kopi Mutis"):
        assert seen.count(fact) == count
        assert mail.text.count(fact) == count
    page = lxml_html.fromstring(mail.html)
    assert len(page.xpath("//s[text()='Rp350.000']")) == count
    assert len(page.xpath(f"//img[@alt='{CARD.alt}']")) == count
    assert len(mail.html.encode()) < 100_000


@each_mail
def test_one_product_and_the_first_of_many_stand_large(template: MailTemplate) -> None:
    for count, large in ((1, 1), (2, 0), (3, 0), (6, 0), (7, 1)):
        assert mail_of(template, *numbered(count)).html.count(CARD.wide_url) == large


@each_mail
@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_hostile_words_are_escaped_in_html_and_intact_in_text(template: MailTemplate, count: int) -> None:
    card = replace(
        CARD, name=HOSTILE, alt=HOSTILE, business=HOSTILE, summary=HOSTILE, reason=HOSTILE, url="javascript:alert(1)",
        picture_url="data:text/html,x", wide_url="", parts=(BundlePart(HOSTILE, HOSTILE, 1),),
    )  # fmt: skip
    mail = mail_of(template, *(card,) * count, headline=HOSTILE, body=HOSTILE, recipient_name=HOSTILE)
    assert "<script" not in mail.html
    assert "javascript:" not in mail.html
    assert "data:" not in mail.html
    assert mail.text.count(HOSTILE) == 3 + 6 * count
    assert lxml_html.fromstring(mail.html).text_content().count(HOSTILE) == 3 + 6 * count
    assert mail.html.count("Gambar belum tersedia") == count


@each_mail
def test_long_and_foreign_names_keep_a_mail_whole(template: MailTemplate) -> None:
    cards = tuple(replace(CARD, name=name, business=name, alt=name) for name in STRANGE)
    for products in (cards[:1], cards[:2], cards, cards * 3):
        mail = mail_of(template, *products)
        assert len(mail.html.encode()) < 100_000
        for card in products:
            assert card.name in mail.html
            assert card.name in mail.text
    makers = lxml_html.fromstring(mail.html).xpath("//div[@dir='auto'][contains(@class, 'muted')]")
    assert [maker.text for maker in makers] == [card.business for card in products]


@each_mail
def test_a_product_at_its_normal_price_claims_no_reduction(template: MailTemplate) -> None:
    bare = replace(CARD, before_price="", percent="", period="", summary="", reason="", parts=())
    for count in (1, 2, 3, 7):
        mail = mail_of(template, *(bare,) * count)
        for part in (mail.html, mail.text):
            for label in ("Harga biasa", "harga biasa", "hemat", "Berlaku"):
                assert label not in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reduction_below_one_per_cent_names_none(language: str) -> None:
    diskon = SHOWING[0]
    context = replace(diskon.sample(TTS), products=(replace(CARD, percent=""),))
    mail = compile_email(diskon.email_type, diskon.variant, language).render(context)
    assert "hemat" not in mail.html
    assert CARD.before_price in mail.html
    assert CARD.before_price in mail.text


@pytest.mark.parametrize("template", WITH_PRODUCTS, ids=lambda template: template.variant)
def test_without_products_nothing_of_them_is_left(template: MailTemplate) -> None:
    mail = mail_of(template)
    for part in (mail.html, mail.text):
        assert "Harga dan persediaan" not in part
        assert "Lihat produk" not in part
