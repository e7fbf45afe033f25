"""Whatever a template does with a hole: either it is not for stencils, or the filled stencil is what the template would say."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.domain.rendering import RenderError, fill, parse_template
from marketing.domain.stencil import FilledBody, Holes, LeavesSubsetError, Sheet, Stencil, fits

EXPRESSIONS = (
    "name", "name|upper", "name|lower|capitalize", "name|trim", "name|length", "name|e", "name|link", "name ~ '!'", "[name]",
    "[name]|join('-')", "[name, other]|length", "name == other", "name != 'x'", "name in [name]", "name in [other]", "name < other",
    "name is defined", "name is eq(other)", "name is even", "name[0]", "name.x is defined", "name.upper is defined", "many[name]",
    "many[name] is defined", "name and other", "name or other", "not name", "(name if other else 'x')", "('x' if name else other)",
    "name + 'x'", "'x' + name", "name - 1", "range(name)", "name()", "(name|upper) ~ 'x'", "(name|upper)|length", "name|paragraphs",
    "url|link", "url|upper", "url", "(url|link)|upper", "('https://a.example/' ~ name)|link", "many|join(name)", "name|trim('x')",
    "[name][0]", "[name, other]|join", "{% if name %}ada{% endif %}", "{% for x in name %}{{ x }}{% endfor %}",
    "{% for x in [name, other] %}{{ loop.index }}{{ x }}{% endfor %}", "{% if name == 'x' %}a{% else %}b{% endif %}",
    "{% if not name %}a{% elif name|length > 3 %}b{% endif %}", "{% for x in many %}{{ name }}{{ x }}{% endfor %}",
    '{% if url|link %}<a href="{{ url|link }}">{% endif %}', "\ue0000\ue001{{ name }}", "{{ name }}\ue0001\ue001", "\ue000{{ name }}",
)  # fmt: skip
SOURCES = st.lists(st.sampled_from(EXPRESSIONS), min_size=1, max_size=4).map(
    lambda found: "\n".join(one if "{%" in one or "{{" in one else f"a {{{{ {one} }}}} z" for one in found)
)
VALUES = st.text(min_size=1, max_size=12) | st.sampled_from(
    [
        "x",
        "3",
        "<b>&\"'",
        "\ue0000\ue001",
        "{{ other }}",
        "=3D",
        ".",
        "a\n\n\nb",
        " a ",
        "ß",
        "\u202enama",
        "X" * 900,
        "X" * 1_001,
    ]
)
TOKEN = "1a-2b-AbC_-9"


def pressed(source: str, *, html: bool) -> Sheet | None:
    """Return the sheet of a template, None when it does more with the holes than print them."""
    holes = Holes()
    values = {
        "name": holes.word(0),
        "other": holes.word(1),
        "url": holes.token(0, "https://a.example/k/"),
        "many": ("b", "c"),
    }
    try:
        text = fill(parse_template(source, html=html, holes=True), values)
        return Sheet.cut(text, holes.printed, html=html)
    except (LeavesSubsetError, RenderError):
        return None


@given(SOURCES, VALUES, VALUES, st.booleans())
@settings(max_examples=150)
def test_a_filled_stencil_says_what_the_template_says(source: str, name: str, other: str, html: bool) -> None:
    sheet = pressed(source, html=html)
    if sheet is None or not (fits(name) and fits(other)):
        return
    values = {"name": name, "other": other, "url": f"https://a.example/k/{TOKEN}", "many": ("b", "c")}
    said = fill(parse_template(source, html=html), values)
    body = FilledBody(Stencil(sheet, sheet), (name, other), (TOKEN,))
    assert body.html == said
    decoded = "".join(body.encoded()[1]).replace("=\r\n", "")
    octets = re.sub(rb"=([0-9A-F]{2})", lambda code: bytes([int(code[1], 16)]), decoded.encode())
    assert octets.decode() == said.replace("\n", "\r\n") + ("" if said.endswith("\n") else "\r\n")


@pytest.mark.parametrize("html", [True, False])
@pytest.mark.parametrize(
    "used",
    ["name|length", "name == other", "name ~ '!'", "name[0]", "[name]", "many[name]", "many[name] is defined", "name in [other]"],
)  # fmt: skip
def test_more_than_printing_leaves_the_subset(used: str, html: bool) -> None:
    assert pressed(f"{{{{ {used} }}}}", html=html) is None


@pytest.mark.parametrize(
    "used", ["name", "name|upper", "url|link", "name or other", "(name if url|link else other)", "name is defined"]
)
def test_printing_and_asking_whether_something_is_there_stay_in_it(used: str) -> None:
    assert pressed(f"{{{{ {used} }}}}", html=True) is not None


@pytest.mark.parametrize("text", ["\ue0000\ue001", "{{ name }}\ue0001\ue001", "\ud800{{ name }}"])
def test_marks_and_halves_of_characters_that_a_template_brings_along_are_refused(text: str) -> None:
    assert pressed(text, html=False) is None


@pytest.mark.parametrize("word", ["", " a", "a ", "a\nb", "a\rb", "\ud800", "\u202ea", "\x00", "a" * 1_001, "\u2028a"])
def test_words_that_could_change_what_stands_around_them_do_not_fit(word: str) -> None:
    assert not fits(word)
