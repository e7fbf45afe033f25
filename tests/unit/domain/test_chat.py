"""What fills a template of WhatsApp: one line each, never empty, within the limit, and never another site's address."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.domain.chat import (
    OF_CAMPAIGN,
    Field,
    Template,
    fields_of,
    filled,
    guessed,
    link_ends,
    misfits,
    parameters,
    tells_how_to_stop,
)
from marketing.domain.whatsapp_message import TemplateCategory
from marketing.domain.whatsapp_template import BODY, Button, Shape

SITE = "https://siar.example"
STOP = "Balas STOP untuk berhenti"
WORDS = "Halo {{1}}, {{2}}: {{3}} dari {{4}}. " + STOP
URL = Button("URL", "Lihat", f"{SITE}/k/{{{{1}}}}", filled=True)


def template(body: str = WORDS, **given: object) -> Template:
    shape = {"header": "none", "footer": "", "buttons": (), **given}
    return Template("promo", "id", TemplateCategory.MARKETING, Shape(body, **shape))  # type: ignore[arg-type]


@given(
    st.lists(st.sampled_from(OF_CAMPAIGN), max_size=4),
    st.dictionaries(st.sampled_from(OF_CAMPAIGN), st.text(max_size=3_000)),
)
def test_whatever_is_said_fits_a_template(fields: list[Field], values: dict[Field, str]) -> None:
    shape = Shape(WORDS)
    values = {field: "Rp 100.000" if field is Field.PRICE else text for field, text in values.items()}
    said = parameters(shape, fields, values)
    assert len(said) == len(fields)
    for text in said:
        assert text
        assert not re.search(r"[\n\t\r]| {2,}", text)
    assert len(filled(WORDS, said)) <= BODY


def test_a_price_is_never_cut_and_the_text_makes_room() -> None:
    values = {Field.NAME: "Ani", Field.TEXT: "kata " * 900, Field.PRICE: "Rp 1.250.000", Field.BUSINESS: "Usaha Maju"}
    said = parameters(Shape(WORDS), (Field.NAME, Field.TEXT, Field.PRICE, Field.BUSINESS), values)
    assert (said[0], said[2], said[3]) == ("Ani", "Rp 1.250.000", "Usaha Maju")
    assert said[1].endswith("…")
    assert BODY - 20 < len(filled(WORDS, said)) <= BODY


def test_a_hole_that_stands_twice_counts_twice() -> None:
    body = "{{1}} dan lagi {{1}} begitu."
    said = parameters(Shape(body), (Field.TEXT,), {Field.TEXT: "x" * 5_000})
    assert len(filled(body, said)) <= BODY


def test_what_is_said_is_never_read_as_a_hole() -> None:
    assert filled("{{1}} {{2}}.", ("{{2}}", "b")) == "{{2}} b."
    assert filled("{{9}}", ("a",)) == "{{9}}"


@pytest.mark.parametrize("stem", [SITE, f"{SITE}/", f"{SITE}/k/"])
def test_a_button_leads_to_our_counted_link(stem: str) -> None:
    address = f"{SITE}/k/abc-def"
    button = Button("URL", "Lihat", f"{stem}{{{{1}}}}", filled=True)
    (_reply, end) = link_ends(Shape("x", buttons=(Button("QUICK_REPLY", "Berhenti"), button)), address)
    assert (_reply, stem + end) == ("", address)


def test_a_button_of_another_site_is_refused() -> None:
    with pytest.raises(ValueError, match="Lihat"):
        link_ends(
            Shape("x", buttons=(Button("URL", "Lihat", "https://lain.example/{{1}}", filled=True),)), f"{SITE}/k/a"
        )


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (Shape(WORDS), True),
        (Shape("Halo.", footer="Ketik BERHENTI bila cukup"), True),
        (Shape("Halo.", buttons=(Button("QUICK_REPLY", "Hentikan promosi"),)), True),
        (Shape("Halo.", buttons=(Button("URL", "Berhenti", SITE),)), False),  # leads somewhere and asks nothing
        (Shape("Promo nonstop di toko kami."), False),
    ],
)
def test_whoever_reads_it_must_be_told_how_to_stop(shape: Shape, told: bool) -> None:
    assert tells_how_to_stop(shape) is told


@pytest.mark.parametrize(
    ("standing", "fields", "words"),
    [
        (template(), ("nama",), "4 isian"),
        (template(), ("nama", "judul", "harga", "kabar"), "4 isian"),
        (template("Halo {{1}}."), ("nama",), "Balas STOP"),
        (template(header="video"), guessed(4), "tidak didukung"),
        (template(header="image"), guessed(4), "gambar"),
        (template(buttons=(Button("URL", "x", "https://lain.example/{{1}}", filled=True),)), guessed(4), f"{SITE}/k/{{{{1}}}}"),
    ],
)  # fmt: skip
def test_what_keeps_a_template_from_being_used_is_said(standing: Template, fields: tuple[str, ...], words: str) -> None:
    found = misfits(standing, fields, category=TemplateCategory.MARKETING, site=SITE, has_picture=False)
    assert any(words in sentence for sentence in found)


def test_a_good_one_has_no_misfit() -> None:
    found = misfits(template(buttons=(URL,)), guessed(4), category=TemplateCategory.MARKETING, site=SITE)
    assert list(found) == []


def test_codes_that_are_no_field_are_refused() -> None:
    assert fields_of(("nama", "harga")) == (Field.NAME, Field.PRICE)
    with pytest.raises(ValueError, match="apa"):
        fields_of(("apa",))
