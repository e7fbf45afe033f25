"""The sandbox: what templates may do, and what no template and no value can make it do."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from marketing.domain.rendering import MAX_OUTPUT, RenderError, fill, paragraphs, parse_template


@dataclass(frozen=True)
class Thing:
    name: str
    _hidden: str = "secret"
    act: Callable[[], str] = lambda: "done"

    def secret(self) -> str:
        return self._hidden


VALUES = {"thing": Thing("Kopi"), "words": "<b>&\"'</b>", "many": ("a", "b"), "number": 3}


def rendered(source: str, *, html: bool = True) -> str:
    return fill(parse_template(source, html=html), VALUES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ thing.name }}", "Kopi"),
        ("{{ thing.name|upper }}", "KOPI"),
        ("{% for one in many %}{{ loop.index }}{{ one }}{% if not loop.last %},{% endif %}{% endfor %}", "1a,2b"),
        ("{% if number == 3 and thing.name %}ya{% else %}tidak{% endif %}", "ya"),
        ("{{ many|join(' ') }}", "a b"),
        ("{{ many|length + 1 }}", "3"),
        ("{% for x in range(3) %}{{ x }}{% endfor %}", "012"),
        ("{{ words }}", "&lt;b&gt;&amp;&#34;&#39;&lt;/b&gt;"),
    ],
)
def test_what_templates_may_do(source: str, expected: str) -> None:
    assert rendered(source) == expected


def test_text_keeps_its_characters() -> None:
    assert rendered("{{ words }}", html=False) == VALUES["words"]


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''|attr('__class__') }}",
        "{{ thing.secret() }}",
        "{{ thing.secret }}",
        "{{ thing._hidden }}",
        "{{ thing['_hidden'] }}",
        "{{ cycler('a').__init__ }}",
        "{{ joiner }}",
        "{{ namespace() }}",
        "{{ lipsum() }}",
        "{{ self }}",
        "{{ self._TemplateReference__context }}",
        "{{ loop }}",
        "{{ missing }}",
        "{{ thing.missing }}",
        "{{ thing.act }}",
        "{{ thing.__dataclass_fields__ }}",
        "{{ words|safe }}",
        "{{ many|map('upper')|list }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ '{:>1000000000}'.format(1) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 999999999 }}",
        "{{ 'a'|center(1000000000) }}",
        "{{ range(51) }}",
        "{{ range(1000000000) }}",
        "{% for a in range(1000000000) %}a{% endfor %}",
        "{% for a in [1] %}{% for b in [1] %}{% for c in [1] %}{% for d in [1] %}a{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in many recursive %}{{ loop(many) }}{% endfor %}",
        "{% set x = 'a' %}",
        "{% with x = 'a' %}{{ x }}{% endwith %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{% include 'other' %}",
        "{% import 'other' as other %}",
        "{% extends 'other' %}",
        "{% filter upper %}a{% endfilter %}",
        "{% block a %}{% endblock %}",
        "{% autoescape false %}{{ words }}{% endautoescape %}",
        "{{ {'a': 1}.update({}) }}",
        "{{ number / 0 }}",
        "{{ range('a') }}",
        "{% if number %}",
        "{{ number",
        "{{ number }",
    ],
)
def test_what_templates_may_not_do(source: str) -> None:
    with pytest.raises(RenderError):
        rendered(source)


def test_values_are_never_read_as_templates() -> None:
    template = parse_template("{{ name }}", html=False)
    assert fill(template, {"name": "{{ 7 + 7 }}{% for x in y %}"}) == "{{ 7 + 7 }}{% for x in y %}"


def test_markup_from_a_value_is_escaped_even_through_filters() -> None:
    template = parse_template("{{ many|join('<') }}{{ name|trim|upper }}", html=True)
    assert "<" not in fill(template, {"many": ("<i>", "b"), "name": "<script>"})


def test_output_is_capped() -> None:
    template = parse_template("{% for x in range(50) %}{{ name }}{% endfor %}", html=False)
    with pytest.raises(RenderError, match="2000000"):
        fill(template, {"name": "a" * (MAX_OUTPUT // 25)})


def test_a_syntax_error_names_its_line() -> None:
    with pytest.raises(RenderError) as caught:
        parse_template("a\nb\n{% set x = 1 %}", html=True)
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" \n \n", ()),
        ("satu", (("satu",),)),
        ("satu\ndua", (("satu", "dua"),)),
        ("satu\r\n\r\ndua", (("satu",), ("dua",))),
        ("satu\n \t \n\n\ndua\n", (("satu",), ("dua",))),
    ],
)
def test_paragraphs(text: str, expected: tuple[tuple[str, ...], ...]) -> None:
    assert paragraphs(text) == expected


def test_only_web_addresses_become_links() -> None:
    template = parse_template("[{{ url|link }}]", html=True)
    assert fill(template, {"url": "javascript:alert(1)"}) == "[]"
    assert fill(template, {"url": "https://a.example/?a=1&b=2"}) == "[https://a.example/?a=1&amp;b=2]"
