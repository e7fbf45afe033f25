"""Mails about orders: to whom they say what, with sums that add up, links that are safe, and no word of promotion."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.domain.types import EmailType
from marketing.i18n import LANGUAGES, speaking
from marketing.templates.compiler import RenderedEmail, compile_email
from marketing.templates.context import ComplaintContext, TransactionalContext
from marketing.templates.context.order_mail import document_link, document_title, order_mail_context
from marketing.templates.context.sender import SenderIdentity
from marketing.templates.samples import transactional
from marketing.templates.samples.parts import links_of
from marketing.tenants.profile import TenantProfile, profile_of

TTS = profile_of("tts")
Sample = Callable[[TenantProfile], TransactionalContext | ComplaintContext]
SAMPLES: dict[str, tuple[str, Sample]] = {
    "pesanan": ("pesanan", transactional.order),
    "faktur": ("faktur", transactional.invoice),
    "pengiriman": ("pengiriman", transactional.delivery),
    "komplain": ("komplain", transactional.complaint),
    **transactional.MORE,
}
PROMOTION = re.compile(
    r"berhenti berlangganan|unsubscribe|promo|diskon|lihat produk|produk lain untuk anda", re.IGNORECASE
)
HOSTILE = "<script>x</script>\r\nBcc: a@b.example {{ 7*7 }} \u202e"


def mail_of(name: str, language: str = "id", **changes: Any) -> RenderedEmail:
    variant, sample = SAMPLES[name]
    with speaking(language):
        context = replace(sample(TTS), **changes)
    return compile_email(EmailType.TRANSACTIONAL, variant, language).render(context)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_no_promotion_nothing_to_leave_and_why_it_came(name: str, language: str) -> None:
    mail = mail_of(name, language)
    with speaking(language):
        context = SAMPLES[name][1](TTS)
    for part in (mail.html, mail.text):
        assert not PROMOTION.search(part), PROMOTION.search(part)
        assert context.links.why in part
        assert "/berhenti/" not in part
        assert "/preferensi/" not in part
        assert context.order_number in part
    assert context.links.pixel == ""
    assert context.preheader in mail.html
    assert f'lang="{language}"' in mail.html


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.endswith("-usaha")])
def test_a_business_reads_of_its_own_lines_alone(name: str) -> None:
    mail = mail_of(name)
    for part in (mail.html, mail.text):
        assert "Selendang tenun motif Amanuban" in part
        assert "Madu hutan" not in part
        assert "KTH Mutis Lestari" not in part
        assert "Maria" not in part
        assert "Rp557.500" not in part
        assert "Pesanan ini memuat produk" in part


def test_the_stages_of_a_complaint_read_apart() -> None:
    said = {name: mail_of(name).text for name in SAMPLES if name.startswith("komplain")}
    assert said["komplain"].count("BELUM ADA") == 1
    assert "Lengkapi paling lambat: 1 Desember 2026" in said["komplain"]
    assert "BELUM ADA" not in said["komplain-lengkap"]
    assert "paling lambat" not in said["komplain-lengkap"]
    assert "dinyatakan selesai" in said["komplain-selesai"]
    assert "tidak dapat diterima" in said["komplain-ditolak"]


def facts(**changes: Any) -> dict[str, Any]:
    kept = {
        "order_id": 1, "number": "SO-1", "placed_at": "2026-11-20T09:15:00+08:00", "at": "2026-11-20T12:15:00+08:00",
        "told_at": "2026-11-20T12:20:00+08:00", "business_id": None, "business": "", "shared": False, "again": False,
        "lines": [["Tenun", "Usaha", 2, 350_000]], "more": [0, 0], "shipping": 25_000, "total": 725_000, "difference": 0,
        "document": ["bukti_pembayaran", "BP-1", "https://katalog.example/1.pdf"], "courier": "", "tracking": "",
    }  # fmt: skip
    return kept | changes


def filled(variant: str = "faktur", **changes: Any) -> RenderedEmail:
    common = {"sender": SenderIdentity.of(TTS), "links": links_of(TTS, ""), "recipient_name": "Ibu Yuli"}
    context = order_mail_context(variant, facts(**changes), common, TTS)
    return compile_email(EmailType.TRANSACTIONAL, variant).render(context)


@settings(deadline=None)  # the first compiles the template
@given(st.integers(-(10**12), 10**12).filter(bool))
def test_a_difference_is_named_and_never_hidden(difference: int) -> None:
    text = filled(difference=difference, total=725_000 + difference).text
    printed = re.search(r"Selisih menurut katalog \(potongan atau biaya lain\): (\S+)", text)
    assert printed
    assert int(printed[1].replace("Rp", "").replace(".", "")) == difference


def test_where_all_adds_up_no_difference_is_spoken_of() -> None:
    mail = filled()
    assert "Selisih" not in mail.text + mail.html
    assert "Total: Rp725.000" in mail.text


def test_many_lines_are_summed_up_and_the_mail_stays_small() -> None:
    mail = filled(lines=[["Tenun " + "n" * 150, "Usaha " + "u" * 290, 1, 1_000]] * 60, more=[440, 440_000])
    assert len(mail.html.encode()) < 100_000
    assert "440 produk lainnya: Rp440.000" in mail.text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://bank.example@jahat.example/1.pdf", "http://10.0.0.1/1.pdf",
        "https://[::1]/1.pdf", "https://localhost/1.pdf", "https://katalog.example/1 .pdf", "https://katalog.example:abc/", "//katalog.example/1",
        "https://katalog.example/\u202e.pdf", "https://.", "",
    ],
)  # fmt: skip
def test_an_unsafe_document_is_named_but_leads_nowhere(url: str) -> None:
    mail = filled(document=["bukti_pembayaran", "BP-1", url])
    assert "Buka dokumen" not in mail.html
    assert "BP-1" in mail.html
    assert document_link(url) == ""


def test_a_safe_document_shows_where_it_leads() -> None:
    html = filled().html
    assert 'href="https://katalog.example/1.pdf"' in html
    assert ">katalog.example<" in html


@pytest.mark.parametrize("variant", ["pesanan", "faktur", "pengiriman"])
def test_what_a_catalogue_says_stays_words(variant: str) -> None:
    mail = filled(
        variant, number=HOSTILE, business_id=1, business=HOSTILE, courier=HOSTILE, tracking=HOSTILE,
        lines=[[HOSTILE, HOSTILE, 1, 1]], document=[HOSTILE, HOSTILE, HOSTILE],
    )  # fmt: skip
    assert "<script" not in mail.html
    assert "{{ 7*7 }}" in mail.html
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject


def test_a_complaint_whose_day_has_passed_names_no_day() -> None:
    said = {
        "stage": "incomplete", "text": HOSTILE, "numbers": {"bukti_pembayaran": "BP-7"}, "due_at": "2026-11-19T00:00:00+08:00",
        "documents": [["bukti_pembayaran", "", False], ["foto_produk", "https://k.example/f", True]],
    }  # fmt: skip
    mail = filled("komplain", complaint=said)
    assert "paling lambat" not in mail.text
    assert "Nomornya BP-7" in mail.text
    assert "<script" not in mail.html


def test_every_document_has_a_name() -> None:
    names = [document_title(kind) for kind in ("bukti_pembayaran", "", "surat_jalan")]
    assert names == ["Bukti Pembayaran", "Dokumen", "Surat Jalan"]


def test_both_contexts_are_what_the_templates_take() -> None:
    assert isinstance(transactional.order(TTS), TransactionalContext)
    assert isinstance(transactional.complaint(TTS), ComplaintContext)
