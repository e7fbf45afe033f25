"""A wrong name in a template is found in every branch, with its line."""

import pytest
from jinja2 import Environment

from marketing.templates.compiler import read_source, with_parts
from marketing.templates.context import NewsletterContext, PromotionalContext
from marketing.templates.registry import TEMPLATES, MailTemplate
from marketing.templates.translation import translated
from marketing.templates.variables import misused


def found(source: str, context: type = PromotionalContext) -> list[tuple[int, str]]:
    return [(one.line, one.text) for one in misused(Environment().parse(source), context)]


@pytest.mark.parametrize("suffix", ["mjml", "txt"])
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.variant)
def test_the_shipped_templates_use_nothing_unknown(template: MailTemplate, suffix: str) -> None:
    source = read_source("email", template.email_type.value, template.variant, f"body.{suffix}")
    assert found(translated(with_parts(source, suffix), "id", html=suffix == "mjml"), template.context) == []


@pytest.mark.parametrize(
    ("source", "line", "name"),
    [
        ("{{ nama }}", 1, "nama"),
        ("\n\n{{ sender.telepon }}", 3, "sender.telepon"),
        ("{% if subject == 'x' %}\n{{ tak_ada }}{% endif %}", 2, "tak_ada"),
        ("{% for one in products %}\n{{ one.stok }}{% endfor %}", 2, "one.stok"),
        ("{% for one in products %}{% endfor %}\n{{ one.name }}", 2, "one"),
        ("{{ sender['telepon'] }}", 1, "sender.telepon"),
        ("{% for one in products if one.murah %}{% endfor %}", 1, "one.murah"),
        ("{{ links.unsubscribe.host }}", 1, ".host"),
        ("{% for one in products %}{{ loop.angka }}{% endfor %}", 1, "loop.angka"),
        ("{{ products[0].stok }}", 1, ".stok"),
        ("{{ tidak|upper }}", 1, "tidak"),
    ],
)
def test_a_wrong_name_is_found_with_its_line(source: str, line: int, name: str) -> None:
    [(at, text)] = found(source)
    assert at == line
    assert f"“{name}”" in text


@pytest.mark.parametrize(
    "source",
    [
        "{{ sender.brand_deep }} {{ subject }}",
        "{% for one in products %}{{ loop.index }} {{ one.name }} {{ one['price'] }}{% else %}{{ body }}{% endfor %}",
        "{% for lines in body|paragraphs %}{% for line in lines %}{{ line }}{% endfor %}{% endfor %}",
        "{% for number in range(3) %}{{ number }}{% endfor %}",
        "{{ products[0].name if products else headline }}",
    ],
)
def test_what_is_there_may_be_used(source: str) -> None:
    assert found(source) == []


def test_each_kind_has_its_own_names() -> None:
    assert found("{{ call_to_action }}", NewsletterContext)
    assert not found("{{ call_to_action }}", PromotionalContext)
