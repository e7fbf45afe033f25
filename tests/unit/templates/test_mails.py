"""Every mail of every Daerah: complete, small, safe, and what the law asks of it."""

from dataclasses import fields, replace
from html.parser import HTMLParser

import pytest

from marketing.domain.types import EmailType
from marketing.errors import NotFoundError
from marketing.templates import compiler
from marketing.templates.compiler import RenderedEmail, TemplateError, compile_email, compile_mjml
from marketing.templates.context import SenderIdentity, TransactionalContext
from marketing.templates.registry import TEMPLATES, MailTemplate, default_variant, variants
from marketing.tenants.profile import TenantProfile, load_profiles

MARKETING = [template for template in TEMPLATES if template.email_type is not EmailType.TRANSACTIONAL]
TRANSACTIONAL = [template for template in TEMPLATES if template.context is TransactionalContext]


def name_of(value: MailTemplate | TenantProfile) -> str:
    return value.variant if isinstance(value, MailTemplate) else value.id


each_tenant = pytest.mark.parametrize("profile", load_profiles().values(), ids=name_of)
each_mail = pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
each_marketing_mail = pytest.mark.parametrize("template", MARKETING, ids=name_of)
each_transactional_mail = pytest.mark.parametrize(
    "template", [template for template in TRANSACTIONAL if template.context is TransactionalContext], ids=name_of
)


def mail_of(template: MailTemplate, profile: TenantProfile, **changes: object) -> RenderedEmail:
    context = replace(template.sample(profile), **changes)
    return compile_email(template.email_type, template.variant).render(context)


def rupiah(text: str) -> int:
    return int(text.removeprefix("Rp").replace(".", ""))


class Pictures(HTMLParser):
    """Collects what a reader without pictures would see, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.links: list[str | None] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.images.append(dict(attrs))
        if tag == "a":
            self.links.append(dict(attrs).get("href"))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@each_tenant
@each_mail
def test_renders_whole_small_and_self_contained(template: MailTemplate, profile: TenantProfile) -> None:
    mail = mail_of(template, profile)
    for part in (mail.html, mail.text):
        assert "{{" not in part
        assert "{%" not in part
        assert "jjx" not in part
        assert "!" not in mail.text
        assert profile.dinas in part
        assert profile.dpo.email in part
        assert template.sample(profile).recipient_name in part
    assert len(mail.html.encode()) < 100_000
    assert 'lang="id"' in mail.html
    assert "prefers-color-scheme: dark" in mail.html
    assert 'name="color-scheme"' in mail.html
    assert "googleapis" not in mail.html
    assert profile.brand_color in mail.html
    seen = Pictures(mail.html)
    assert all("alt" in image for image in seen.images)
    assert all(link and link.startswith(("https://", "mailto:")) for link in seen.links)


@each_tenant
@each_marketing_mail
def test_marketing_says_who_why_and_how_to_stop(template: MailTemplate, profile: TenantProfile) -> None:
    context = template.sample(profile)
    mail = mail_of(template, profile)
    for part in (mail.html, mail.text):
        for needed in (context.links.why, context.links.unsubscribe, context.links.web_view, profile.address):
            assert needed in part
        assert "Berhenti berlangganan" in part
        assert context.preheader in mail.html


@each_tenant
@each_transactional_mail
def test_order_mail_holds_the_order_and_no_advertising(template: MailTemplate, profile: TenantProfile) -> None:
    context = template.sample(profile)
    assert isinstance(context, TransactionalContext)
    mail = mail_of(template, profile)
    for part in (mail.html, mail.text):
        assert "Berhenti berlangganan" not in part
        assert "Lihat produk" not in part
        for needed in (context.order_number, context.document_number, context.document_url, context.total):
            assert needed in part
        for item in context.items:
            assert item.name in part
            assert item.subtotal in part
        assert context.tracking_number in part
        assert ("Nomor resi" in part) == bool(context.tracking_number)


@each_tenant
@each_transactional_mail
def test_the_sample_order_adds_up(template: MailTemplate, profile: TenantProfile) -> None:
    order = template.sample(profile)
    assert isinstance(order, TransactionalContext)
    assert all(rupiah(item.subtotal) == int(item.quantity) * rupiah(item.unit_price) for item in order.items)
    assert rupiah(order.total) == sum(rupiah(item.subtotal) for item in order.items) + rupiah(order.shipping_cost)


@each_mail
def test_an_address_that_is_none_leaves_no_link_and_no_label(template: MailTemplate) -> None:
    tts = load_profiles()["tts"]
    bad = "javascript:alert(1)"
    context = template.sample(tts)
    links = replace(context.links, web_view=bad, unsubscribe=bad, pixel=bad, why_page=bad, preferences=bad)
    addresses = {field.name: bad for field in fields(context) if field.name.endswith("_url")}
    mail = mail_of(template, tts, links=links, **addresses)
    for part in (mail.html, mail.text):
        for label in (bad, "Lihat di peramban", ">Berhenti berlangganan", "Lihat pesanan", "Lihat semua", 'width="1"'):
            assert label not in part


@each_marketing_mail
def test_the_pixel_is_there_only_with_an_address(template: MailTemplate) -> None:
    tts = load_profiles()["tts"]
    links = template.sample(tts).links
    assert 'width="1"' not in mail_of(template, tts, links=replace(links, pixel="")).html
    assert 'width="1"' in mail_of(template, tts, links=replace(links, pixel="https://a.example/o.gif")).html


def test_empty_values_leave_no_trace() -> None:
    tts = load_profiles()["tts"]
    template = MARKETING[0]
    mail = mail_of(template, tts, recipient_name="", call_to_action="", call_url="", products=(), preheader="")
    assert "Yth. Bapak/Ibu," in mail.html
    assert "Lihat semua produk" not in mail.html
    assert "persediaan ditetapkan" not in mail.text


def test_the_body_keeps_paragraphs_and_lines() -> None:
    tts = load_profiles()["tts"]
    mail = mail_of(MARKETING[0], tts, body="satu\ndua\n\ntiga")
    assert "satu<br>dua</p>" in mail.html.replace("<br/>", "<br>").replace("<br />", "<br>")
    assert "satu\ndua\n\ntiga\n" in mail.text


def test_the_subject_is_one_clean_line() -> None:
    mail = mail_of(MARKETING[0], load_profiles()["tts"], subject="Kabar\r\nBcc: x@a.example\x00 \u202eabc")
    assert mail.subject == "Kabar Bcc: x@a.example abc"


def test_compiles_once_per_kind_and_variant(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    original = compiler.mjml_to_html
    monkeypatch.setattr(compiler, "mjml_to_html", lambda source: compiled.append(source) or original(source))
    compile_email.cache_clear()
    for _again in range(3):
        for template in TEMPLATES:
            mail_of(template, load_profiles()["tts"])
    assert len(compiled) == len(TEMPLATES)


def test_every_kind_has_a_default_variant() -> None:
    for email_type in EmailType:
        assert default_variant(email_type) == variants(email_type)[0]
    with pytest.raises(NotFoundError, match="buletin"):
        compile_email(EmailType.NEWSLETTER, "diskon")


def test_a_context_of_another_mail_is_refused() -> None:
    order = TRANSACTIONAL[0].sample(load_profiles()["tts"])
    with pytest.raises(TypeError):
        compile_email(EmailType.NEWSLETTER, "buletin").render(order)


def test_a_broken_source_is_refused_before_the_compile() -> None:
    with pytest.raises(TemplateError):
        compile_mjml("<mjml><mj-body><mj-section></mj-body></mjml>")


def test_a_brand_colour_that_is_no_colour_is_refused() -> None:
    sender = SenderIdentity.of(load_profiles()["tts"])
    with pytest.raises(ValueError, match="brand_color"):
        replace(sender, brand_color="red;}</style>")
