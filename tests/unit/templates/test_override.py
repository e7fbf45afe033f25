"""Templates that an office writes itself: refused with line and reason, or lawful and finished."""

import time
from dataclasses import replace

import pytest

from marketing.domain.types import EmailType
from marketing.templates.compiler import TemplateSource, compile_email, shipped_source
from marketing.templates.override import Refusal, refusals
from marketing.templates.registry import TEMPLATES, MailTemplate, template_of
from marketing.tenants.profile import profile_of

PROFILE = profile_of("tts")
KIND, VARIANT = EmailType.PROMOTIONAL, "diskon"
SHIPPED = shipped_source(KIND, VARIANT)


def refused(source: TemplateSource, kind: EmailType = KIND, variant: str = VARIANT) -> list[Refusal]:
    return refusals(source, template_of(kind, variant), PROFILE)


def with_mjml(old: str, new: str, source: TemplateSource = SHIPPED) -> TemplateSource:
    assert old in source.mjml
    return replace(source, mjml=source.mjml.replace(old, new))


def line_of(source: TemplateSource, needle: str) -> int:
    return source.mjml[: source.mjml.index(needle)].count("\n") + 1


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.variant)
def test_ours_pass_their_own_examination(template: MailTemplate) -> None:
    source = shipped_source(template.email_type, template.variant)
    assert refused(source, template.email_type, template.variant) == []


def test_a_changed_word_is_taken_and_used() -> None:
    source = with_mjml("{# part: headline #}", '{# part: headline #}<mj-text css-class="text">Halo dari SoE</mj-text>')
    assert refused(source) == []
    context = template_of(KIND, VARIANT).sample(PROFILE)
    assert "Halo dari SoE" in compile_email(KIND, VARIANT, "id", source).render(context).html
    assert "Halo dari SoE" not in compile_email(KIND, VARIANT, "id").render(context).html


@pytest.mark.parametrize(
    "added",
    [
        '<mj-text css-class="text">{{ nama_pembeli }}</mj-text>',
        "<mj-text>{% if headline %}{{ sender.telp }}{% endif %}</mj-text>",
        "<mj-text>{{ headline</mj-text>",
        "<mj-text>{% for x in products %}</mj-text>",
        "<mj-txt>salah</mj-txt>",
        '<mj-text warna="merah">x</mj-text>',
        "<mj-text>{{ products.__class__ }}</mj-text>",
        "<mj-text>{% include 'x' %}</mj-text>",
        "<mj-text>{{ cycler() }}</mj-text>",
        "{# part: tidak_ada #}",
    ],
)
def test_a_fault_is_named_with_its_line(added: str) -> None:
    source = with_mjml("{# part: headline #}", f"{{# part: headline #}}\n\n{added}")
    found = refused(source)
    assert [one.part for one in found] == ["mjml"]
    assert found[0].line == line_of(source, added)
    assert found[0].text


@pytest.mark.parametrize(
    ("mjml", "text"),
    [
        ("{# part: footer #}", ""),
        ("", "{# part: footer #}"),
    ],
)
def test_without_the_legal_footer_it_is_refused(mjml: str, text: str) -> None:
    source = TemplateSource(
        SHIPPED.mjml.replace(mjml, "") if mjml else SHIPPED.mjml,
        SHIPPED.text.replace(text, "") if text else SHIPPED.text,
    )
    found = refused(source)
    assert {one.part for one in found} == {"mjml" if mjml else "text"}
    said = " ".join(one.text for one in found)
    assert "links.unsubscribe" in said
    assert "alamat Dinas" in said
    assert "links.why" in said


@pytest.mark.parametrize(
    "style", ["display:none", "visibility: hidden", "font-size:0", "opacity: 0", "max-height:0;overflow:hidden"]
)
def test_a_hidden_way_out_is_no_way_out(style: str) -> None:
    footer = (
        '<mj-section><mj-column><mj-text>{{ links.why }} <a href="{{ links.preferences }}">Pilihan</a>'
        '<a href="{{ links.why_page }}">Mengapa</a>'
        f'<span style="{style}"><a href="{{{{ links.unsubscribe }}}}">Berhenti</a></span>'
        "{{ sender.dinas }} {{ sender.address }}</mj-text></mj-column></mj-section>"
    )
    [found] = refused(with_mjml("{# part: footer #}", footer))
    assert "links.unsubscribe" in found.text


def test_an_empty_link_is_no_way_out() -> None:
    source = with_mjml(
        "{# part: footer #}",
        '<mj-section><mj-column><mj-text>{{ links.why }} <a href="{{ links.preferences }}">Pilihan</a>'
        '<a href="{{ links.why_page }}">Mengapa</a><a href="{{ links.unsubscribe }}"></a>'
        "{{ sender.dinas }} {{ sender.address }}</mj-text></mj-column></mj-section>",
    )
    assert len(refused(source)) == 1


def test_a_receipt_offers_nothing_to_leave() -> None:
    source = shipped_source(EmailType.TRANSACTIONAL, "faktur")
    added = with_mjml(
        "{# part: order_footer #}",
        '{# part: order_footer #}<mj-section><mj-column><mj-text><a href="{{ links.unsubscribe }}">Berhenti</a>'
        "</mj-text></mj-column></mj-section>",
        source,
    )
    assert any("transaksi" in one.text for one in refused(added, EmailType.TRANSACTIONAL, "faktur"))


@pytest.mark.parametrize(
    "endless",
    [
        "{% for a in range(199) %}{% for b in range(199) %}{% for c in range(199) %}x{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in range(999999) %}{% endfor %}",
        "{% for a in range(199) %}{% for b in range(199) %}{{ body }}{{ body }}{{ body }}{{ body }}{% endfor %}{% endfor %}",
        "{% for a in range(199) %}{% for b in range(199) %}{% for c in range(199) %}{% endfor %}{% endfor %}{% endfor %}",
    ],
)
def test_a_template_without_end_is_refused_soon(endless: str) -> None:
    assert refused(with_mjml("{# part: headline #}", f"<mj-text>{endless}</mj-text>"))


@pytest.mark.parametrize(
    "heavy",
    [
        f"<mj-text>{'<b>' * 5_000}{'</b>' * 5_000}</mj-text>",
        "<mj-text>x</mj-text>" * 8_000,
        "{# part: products #}" * 300,
        f"<mj-text>{('{% for a in range(50) %}' * 3 + '{% endfor %}' * 3) * 200}</mj-text>",
    ],
)
def test_a_template_too_heavy_to_compile_is_refused_within_a_second(heavy: str) -> None:
    begun = time.process_time()
    assert refused(with_mjml("{# part: headline #}", heavy))
    assert time.process_time() - begun < 1


def test_too_large_a_source_is_not_even_read() -> None:
    [found] = refused(replace(SHIPPED, mjml="<mj-text>" * 100_000))
    assert "karakter" in found.text


def test_too_large_a_mail_is_refused() -> None:
    [found] = refused(with_mjml("{# part: headline #}", f"<mj-text>{'besar ' * 18_000}</mj-text>"))
    assert "Gmail" in found.text


@pytest.mark.parametrize("source", [TemplateSource("", "x"), TemplateSource("x", ""), TemplateSource("<mjml>", "x")])
def test_half_a_template_is_none(source: TemplateSource) -> None:
    assert refused(source)
