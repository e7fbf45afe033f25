"""The words of a template are written into its source, in the reader's language, before it is compiled."""

import pytest

from marketing.domain.types import EmailType
from marketing.templates import translation
from marketing.templates.compiler import compile_email
from marketing.templates.registry import template_of
from marketing.templates.source_check import TemplateError
from marketing.templates.translation import translated
from marketing.tenants.profile import load_profiles

ENGLISH = {
    "Harga": "Price",
    "Sampai {day}": "Until {day}",
    "A & B": 'A & "B" <b>',
    "{a} lalu {b}": "{b} after {a}",
    "Rusak {day}": "Broken",
}


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "gettext", lambda text: ENGLISH.get(text, text))


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ('{{ _("Harga") }}', "Price"),
        ("{{_('Harga')}}: {{ price }}", "Price: {{ price }}"),
        ('{{ _("Sampai {day}", day=product.until) }}', "Until {{ product.until }}"),
        ('{{ _("{a} lalu {b}", a=x.y, b=items[0]|upper) }}', "{{ items[0]|upper }} after {{ x.y }}"),
        ('{{ _("A & B") }}', "A &amp; &#34;B&#34; &lt;b&gt;"),
        ('{{ _("Belum ada") }}', "Belum ada"),
        ('<mjml lang="{{ language }}">', '<mjml lang="en">'),
        ("{# _('not a call') #} {{ wares_(1) }} plain _(text)", "{# _('not a call') #} {{ wares_(1) }} plain _(text)"),
    ],
)
def test_words_take_the_place_of_the_call(source: str, written: str) -> None:
    assert translated(source, "en", html=True) == written


def test_text_is_not_escaped() -> None:
    assert translated('{{ _("A & B") }}', "en", html=False) == 'A & "B" <b>'


def test_lines_keep_their_numbers() -> None:
    assert translated('{{ _(\n"Harga"\n) }}x', "en", html=True) == "Price\n\nx"


@pytest.mark.parametrize(
    "source",
    [
        '{{ _("Sampai {day}") }}',
        '{{ _("Harga", day=day) }}',
        '{{ _("Rusak {day}", day=day) }}',
        "{{ _(words) }}",
        '{{ _("Harga")|upper }}',
        '{% if _("Harga") %}x{% endif %}',
        '{{ "a" ~ _("Harga") }}',
        '{{ _("Sampai {day}", day=f(1)) }}',
    ],
)
def test_what_cannot_be_translated_is_refused_with_its_line(source: str) -> None:
    with pytest.raises(TemplateError) as refused:
        translated("\n\n" + source, "en", html=True)
    assert refused.value.line == 3


def test_a_mail_is_compiled_once_for_each_language() -> None:
    template = template_of(EmailType.PROMOTIONAL, "diskon")
    english = compile_email(EmailType.PROMOTIONAL, "diskon", "en")
    assert english is compile_email(EmailType.PROMOTIONAL, "diskon", "en")
    assert english is not compile_email(EmailType.PROMOTIONAL, "diskon", "id")
    assert 'lang="en"' in english.render(template.sample(load_profiles()["tts"])).html
