"""What is found in a finished mail before it goes out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.types import EmailType
from marketing.mail.samples import sample_of
from marketing.templates.checks import Examined, Level, findings, source_findings
from marketing.templates.compiler import shipped_source
from marketing.templates.registry import TEMPLATES, MailTemplate, template_of
from marketing.tenants.profile import profile_of

OWN = "http://127.0.0.1:8000"
LEAVE = f"{OWN}/u/1-x"
GOOD = Examined(
    subject="Tenun baru dari SoE",
    preheader="Tiga kain, langsung dari penenunnya.",
    html=f'<html><body><p>Halo.</p><img src="{OWN}/g.jpg" alt="Foto kain"><a href="{LEAVE}">Berhenti</a></body></html>',
    text=f"Halo.\n\nBerhenti: {LEAVE}\n",
    unsubscribe_url=LEAVE,
    own=OWN,
)


def linking(address: str) -> Examined:
    return replace(GOOD, html=GOOD.html.replace("<p>Halo.</p>", f'<p><a href="{address}">Lihat</a></p>'))


def levels(mail: Examined) -> list[Level]:
    return [one.level for one in findings(mail)]


def test_a_good_mail_has_nothing_to_mend() -> None:
    assert findings(GOOD) == ()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.variant)
def test_our_own_mails_carry_no_error(template: MailTemplate) -> None:
    sample = sample_of(template, profile_of("blitar"))
    assert [one for one in findings(sample.examined(OWN)) if one.level is Level.ERROR] == []
    assert source_findings(shipped_source(template.email_type, template.variant).mjml) == ()


@pytest.mark.parametrize(
    "address",
    [
        "/produk/1",
        "produk",
        "",
        "javascript:alert(1)",
        "https://",
        "https://[x",
        "http://127.0.0.1:9000/",
        "http://127.0.0.1:8000.penipu.example@10.0.0.1/",
        "https://192.168.1.4/x",
        "https://[::1]/",
        "https://server/x",
        "https://siar.local/",
        "https://bit.ly/abc",
        "https://www.s.id/abc",
    ],
)
def test_a_link_nobody_can_follow_or_trust_is_an_error(address: str) -> None:
    assert levels(linking(address)) == [Level.ERROR]


@pytest.mark.parametrize(
    "address", ["https://oss.go.id/", f"{OWN}/galeri/tts", "mailto:a@b.example", "tel:+62380", "https://wa.me/62"]
)
def test_a_sound_link_is_not_spoken_of(address: str) -> None:
    assert levels(linking(address)) == []


def test_an_unencrypted_link_only_warns() -> None:
    assert levels(linking("http://dinas.go.id/")) == [Level.WARNING]


@pytest.mark.parametrize("words", ["Daftar di https://bit.ly/abc.", "Daftar di bit.ly/abc"])
def test_a_short_link_is_found_in_plain_words_too(words: str) -> None:
    [found] = findings(replace(GOOD, text=GOOD.text + words))
    assert "bit.ly/abc" in found.text


@pytest.mark.parametrize("text", ["unbit.ly/abc", "contoh.bit.ly/x"])
def test_what_only_resembles_a_short_link_is_none(text: str) -> None:
    assert findings(replace(GOOD, text=GOOD.text + text)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f'<a href="{LEAVE}">Berhenti</a>', ""),
        (f'<a href="{LEAVE}">Berhenti</a>', f'<a href="{LEAVE}"></a>x'),
        ("<a ", '<a style="display:none" '),
    ],
)
def test_a_mail_without_a_visible_way_out_is_an_error(old: str, new: str) -> None:
    assert Level.ERROR in levels(replace(GOOD, html=GOOD.html.replace(old, new)))


def test_order_mail_needs_no_way_out() -> None:
    assert findings(replace(GOOD, html="<html><body><p>Lunas.</p></body></html>", unsubscribe_url="")) == ()


def test_a_picture_without_alt_is_an_error_and_a_decoration_is_not() -> None:
    assert levels(replace(GOOD, html=GOOD.html.replace(' alt="Foto kain"', ""))) == [Level.ERROR]
    assert levels(replace(GOOD, html=GOOD.html.replace("Foto kain", ""))) == []


def test_a_link_that_is_only_a_silent_picture_warns() -> None:
    html = GOOD.html.replace("<p>Halo.</p>", f'<a href="{OWN}/x"><img src="{OWN}/g.jpg" alt=""></a>')
    assert levels(replace(GOOD, html=html)) == [Level.WARNING]


@pytest.mark.parametrize(("size", "expected"), [(80_000, []), (92_000, [Level.WARNING]), (101_000, [Level.ERROR])])
def test_size_warns_before_it_forbids(size: int, expected: list[Level]) -> None:
    assert levels(replace(GOOD, html=GOOD.html.replace("Halo.", "x" * size))) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("x" * 61, [Level.WARNING]),
        ("PROMO BESAR-BESARAN", [Level.WARNING]),
        ("DKUKMP TTS", []),
        ("Ayo!!", [Level.WARNING]),
        ("Re: pesanan Anda", [Level.ERROR]),
        ("Resep sambal", []),
    ],
)
def test_subjects(subject: str, expected: list[Level]) -> None:
    assert levels(replace(GOOD, subject=subject)) == expected


@pytest.mark.parametrize("preheader", ["", GOOD.subject, "x" * 131])
def test_preheaders_that_waste_their_line(preheader: str) -> None:
    assert levels(replace(GOOD, preheader=preheader)) == [Level.WARNING]


def test_distrusted_words_warn_once_each_with_why() -> None:
    found = findings(replace(GOOD, text=GOOD.text + "Anda terpilih. ANDA TERPILIH, klaim  hadiah."))
    assert [one.level for one in found] == [Level.WARNING, Level.WARNING]
    assert "penipuan" in found[0].text
    assert findings(replace(GOOD, text=GOOD.text + "Kami berhadiah terpilihan.")) == ()


@given(st.text(), st.text(), st.text())
def test_nothing_a_person_writes_breaks_the_checks(subject: str, address: str, text: str) -> None:
    mail = replace(linking(address.replace('"', "").replace("\0", "")), subject=subject, text=GOOD.text + text)
    assert [one for one in findings(mail) if not one.text] == []


def test_errors_come_before_warnings() -> None:
    assert levels(replace(linking("/x"), preheader="")) == [Level.ERROR, Level.WARNING]


def test_what_mail_programs_do_not_show_is_named_with_its_line() -> None:
    source = shipped_source(EmailType.PROMOTIONAL, "diskon").mjml
    added = source.replace(
        "{# part: headline #}",
        '\n<mj-text css-class="x"><div style="display: flex">x</div>\n<a href="https://luar.example">x</a></mj-text>',
    )
    first = added[: added.index("display: flex")].count("\n") + 1
    assert [(one.line, one.level) for one in source_findings(added)] == [
        (first, Level.WARNING),
        (first + 1, Level.WARNING),
    ]


def test_a_sample_is_in_the_language_asked_for() -> None:
    template = template_of(EmailType.PROMOTIONAL, "diskon")
    texts = {sample_of(template, profile_of("tts"), language=language).email.text for language in ("id", "en")}
    assert len(texts) == 2
