"""Faults that the MJML engine accepts without a word are found before the compile, with their line."""

import pytest

from marketing.templates.source_check import TemplateError, check_source, protect

HEAD = '<mjml lang="id">\n<mj-body>\n<mj-section>\n<mj-column>\n'
FOOT = "\n</mj-column>\n</mj-section>\n</mj-body>\n</mjml>"


@pytest.mark.parametrize(
    ("inside", "line", "reason"),
    [
        ("<mj-text>a", 6, "menutup"),
        ("<mj-text>a</mj-txt>", 5, "menutup"),
        ("<mj-txt>a</mj-txt>", 5, "tidak dikenal"),
        ('<mj-text\n  colour="red">a</mj-text>', 6, "colour"),
        ('<mj-text color="red" color="blue">a</mj-text>', 5, "dua kali"),
        ('<mj-text color="red>a</mj-text>', 5, "utuh"),
        ("<mj-text>a < b</mj-text>", 5, "utuh"),
        ("<mj-text><p>a</mj-text>", 5, "menutup"),
        ("<mj-text>\n{{ a }</mj-text>", 6, "{{"),
        ("<mj-text>a }}</mj-text>", 5, "}}"),
        ("<mj-text>{% if a </mj-text>", 5, "{%"),
        ("<mj-text>\n{% if a %}b</mj-text>", 6, "tidak ditutup"),
        ("<mj-text>{% endif %}</mj-text>", 5, "tanpa pembuka"),
        ("<mj-text>{% for a in b %}{% endif %}</mj-text>", 5, "tidak cocok"),
        ("<mj-text>{% if a %}<b>{% endif %}</b></mj-text>", 5, "memotong"),
        ("<mj-raw>{% if a %}</mj-raw><mj-text>{% endif %}</mj-text>", 5, "memotong"),
        ("{% if a %}<mj-text>b</mj-text>{% endif %}", 5, "mj-raw"),
        ("{{ a }}", 5, "hilang"),
        ("\nteks lepas", 6, "hilang"),
        ("<p>a</p>", 5, "di luar"),
        ('<mj-image width="{{ w }}" src="a" />', 5, "width"),
        ('<mj-text padding="{{ w }}">a</mj-text>', 5, "padding"),
        ("<mj-text {{ a }}>a</mj-text>", 5, "nama atribut"),
        ("<mj-text>jjx00000xjj</mj-text>", 5, "dicadangkan"),
    ],
)
def test_refuses(inside: str, line: int, reason: str) -> None:
    with pytest.raises(TemplateError) as caught:
        check_source(HEAD + inside + FOOT)
    assert (caught.value.line, reason in caught.value.reason) == (line, True), caught.value


@pytest.mark.parametrize(
    "inside",
    [
        "<mj-text>{{ a }} <b>b</b><br /></mj-text>",
        "<!-- a < b --><mj-divider />",
        '<mj-text color="{{ a["b"] }}">{# catatan #}a</mj-text>',
        "<mj-raw>{% for a in b %}</mj-raw><mj-text>{{ a }}</mj-text><mj-raw>{% endfor %}</mj-raw>",
        '<mj-text css-class="{% if a %}b{% else %}c{% endif %}">a</mj-text>',
    ],
)
def test_accepts(inside: str) -> None:
    check_source(HEAD + inside + FOOT)


def test_style_sheets_may_hold_selectors_and_nested_rules() -> None:
    check_source("<mj-head><mj-style>@media print{ a > b { color: {{ c }}; }}</mj-style></mj-head>")


def test_an_open_document_names_the_last_open_tag() -> None:
    with pytest.raises(TemplateError, match="Baris 2: <mj-body>"):
        check_source("<mjml>\n<mj-body>")


def test_protected_tokens_come_back_and_a_lost_one_is_told() -> None:
    protected = protect("a {{ b }} c {% if d %}")
    assert "{" not in protected.source
    assert protected.restored(protected.source) == "a {{ b }} c {% if d %}"
    with pytest.raises(TemplateError, match="hilang"):
        protected.restored("a c")
