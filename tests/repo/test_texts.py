"""Every text for people is extracted, translated and shown: a new one without its English fails here."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from starlette.testclient import TestClient

from marketing.domain.types import ChannelName, Purpose
from marketing.i18n import gettext, set_language, speaking
from marketing.web.app import LANGUAGE_COOKIE, create_app
from tests.support.world import World, add_contact, add_product, promotion

ROOT = Path(__file__).resolve().parents[2]
MAPPING = ROOT / "marketing/locale/babel.cfg"
ENGLISH = ROOT / "marketing/locale/en/LC_MESSAGES/siar.po"
PACKAGES = ("marketing", "catalog_sync", "workers")
TO_DO = f"Run `make texts`, then fill in the empty msgstr in {ENGLISH.relative_to(ROOT)}."
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\(\w+\)s|</?[\w-]+[^<>]*>")


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def extracted() -> dict[tuple[str, ...], str]:
    """Every text in code and pages with the file it stands in."""
    with MAPPING.open() as file:
        methods, options = parse_mapping_cfg(file, MAPPING.name)
    return {
        forms(text): f"{package}/{name}"
        for package in PACKAGES
        for name, _line, text, _comments, _context in extract_from_dir(ROOT / package, methods, options)
    }


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def entries(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def test_there_are_texts_from_code_and_pages(extracted: dict[tuple[str, ...], str]) -> None:
    files = set(extracted.values())
    assert {"marketing/cli/__init__.py", "marketing/web/pages/login.html", "catalog_sync/intake.py"} <= files
    assert len(extracted) > 500


def test_indonesian_texts_say_surel_and_one_word_means_one_thing(extracted: dict[tuple[str, ...], str]) -> None:
    """A product is withdrawn (penarikan), a catalogue is fetched (pengambilan), a consent is taken back (pencabutan)."""
    foreign = [
        f"{file}: {text[0]}"
        for text, file in extracted.items()
        if re.search(r"(?i)\be-mails?\b", PLACEHOLDER.sub("", text[0]))
    ]
    assert foreign == []
    recall = re.compile(r"penarikan|withdrawals|campaigns/archive|katalog(_produk)?\.html")
    pulled = [f"{file}: {text[0]}" for text, file in extracted.items() if re.search(r"(?i)\bpenarikan", text[0])]
    assert [one for one in pulled if not recall.search(one.partition(":")[0])] == []


def test_every_text_has_its_english(extracted: dict[tuple[str, ...], str], english: Catalog) -> None:
    translated = {forms(entry.id): forms(entry.string) for entry in entries(english)}
    missing = [f"{file}: {text[0]}" for text, file in extracted.items() if not all(translated.get(text, ("",)))]
    assert not missing, "\n".join(["Texts without English:", *missing, TO_DO])


def test_the_catalogue_holds_nothing_else(extracted: dict[tuple[str, ...], str], english: Catalog) -> None:
    unused = [forms(entry.id)[0] for entry in entries(english) if forms(entry.id) not in extracted]
    unused += [f"(obsolete) {forms(key)[0]}" for key in english.obsolete]
    assert not unused, "\n".join(["Texts that stand nowhere any more:", *unused, "Run `make texts`."])
    fuzzy = [forms(entry.id)[0] for entry in entries(english) if entry.fuzzy]
    assert not fuzzy, "\n".join(["Guesses that nobody confirmed; translate them and remove “fuzzy”:", *fuzzy])


def test_placeholders_and_tags_are_the_same_in_english(english: Catalog) -> None:
    for entry in entries(english):
        original = forms(entry.id)[0]
        for translation in forms(entry.string):
            assert sorted(set(PLACEHOLDER.findall(translation))) == sorted(set(PLACEHOLDER.findall(original))), original
            for edge in (0, -1):
                assert translation[edge].isspace() == original[edge].isspace(), repr(original)


def test_the_english_is_calm(english: Catalog) -> None:
    loud = [forms(entry.id)[0] for entry in entries(english) if any("!" in text for text in forms(entry.string))]
    assert not loud, loud


def test_where_texts_stand_is_told_without_line_numbers(english: Catalog) -> None:
    numbered = [location for entry in entries(english) for location in entry.locations if location[1] is not None]
    assert not numbered, (numbered, "Run `make texts`.")


def test_speaking_ends_where_it_began() -> None:
    set_language("en")
    try:
        with speaking("id"):
            assert gettext("Dihentikan.") == "Dihentikan."
        assert gettext("Dihentikan.") == "Stopped."
    finally:
        set_language("id")


def test_a_page_speaks_the_language_of_the_cookie(small_world: World) -> None:
    with TestClient(create_app(small_world.app)) as client:
        assert "Kata sandi" in client.get("/masuk").text
        client.cookies.set(LANGUAGE_COOKIE, "en")
        page = client.get("/masuk").text
        assert '<html lang="en"' in page
        assert "Password" in page
        assert "Kata sandi" not in page
        assert "This page does not exist" in client.get("/tidak/ada/di-sini").text


def test_mail_stays_indonesian_for_an_english_reader(small_world: World) -> None:
    add_contact(small_world.app, 1, Purpose.PROMOTIONAL)
    small_world.run(small_world.approved(promotion(add_product(small_world.app, 1), channels=(ChannelName.EMAIL,))))
    sent = small_world.outbox.sent[0]
    with TestClient(create_app(small_world.app), cookies={LANGUAGE_COOKIE: "en"}) as client:
        web_view = re.search(r'href="[^"]*(/w/[^"]+)"', sent.html)
        assert web_view
        page = client.get(web_view[1])
        assert page.text == sent.html
        assert "Lihat semua produk" in page.text
        leave = client.get(f"/u/{sent.unsubscribe_url.rpartition('/')[2]}")
        assert "Only this type: promotions of UMKM products" in leave.text
