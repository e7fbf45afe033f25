"""Every page, rendered from sample views: whole, escaped, and without anything that a strict policy refuses."""

import itertools
import re
from dataclasses import dataclass, fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any

import pytest

from marketing.web import assets
from marketing.web.render import environment, fragment, page
from marketing.web.views.parts import LedgerView
from marketing.web.views.public import SiteNav
from marketing.web.views.shell import Nav
from tests.unit.web.samples import PAGES
from tests.unit.web.samples_campaign import COMPOSER, LEDGER
from tests.unit.web.samples_shell import Sample

TEMPLATES = sorted((assets.STATIC.parent / "pages").glob("*.html"))
HOSTILE = "<script>alert(1)</script>\" onload='x' {{ 7*7 }}"
# Addresses and codes are made by our code; what people write is everything else.
OURS = re.compile(r"href|picture$|action$|^(state|kind|channel|channels|icon|tone|tab|name|email_type|direction|place|id|csrf|theme|active|iso|done|path|brand_css)$")  # fmt: skip
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Document(HTMLParser):
    """Reads a page the way the checks need it: elements with attributes, in order, and whether the tags close."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self.name = name
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.forms: list[tuple[dict[str, str | None], list[dict[str, str | None]]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        if tag == "form":
            assert "form" not in self.open, f"{self.name}: a form inside a form"
            self.forms.append((given, []))
        elif tag in ("input", "button", "select", "textarea") and "form" in self.open:
            self.forms[-1][1].append(given)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"{self.name}: </{tag}> closes nothing"
        assert self.open.pop() == tag, f"{self.name}: </{tag}> at {self.getpos()}, open {self.open[-3:]}"

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [given for tag, given in self.elements if tag in tags]


@dataclass(frozen=True, slots=True)
class Shown:
    """A sample as a visitor gets it."""

    name: str
    sample: Sample
    text: str
    document: Document


@pytest.fixture(scope="module")
def shown() -> list[Shown]:
    """Every sample, rendered and read once for all checks: each check goes through all of them and names the page."""
    texts = {name: page(one.template, one.view, shell=one.shell, nav=one.nav) for name, one in PAGES.items()}
    return [Shown(name, PAGES[name], text, Document(name, text)) for name, text in texts.items()]


def poisoned(value: Any, name: str = "") -> Any:
    """Return the same view with hostile text in every field that people write."""
    if isinstance(value, Nav | SiteNav):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        given = {f.name: poisoned(getattr(value, f.name), f.name) for f in fields(value)}
        return replace(value, **given)
    if isinstance(value, tuple) and not OURS.search(name):
        return tuple(poisoned(item, name) for item in value)
    if isinstance(value, str) and value and not OURS.search(name):
        return HOSTILE
    return value


def test_every_template_is_shown_by_a_sample() -> None:
    pages = {path.name for path in TEMPLATES if not path.name.startswith(("_", "base"))}
    assert pages == {sample.template for sample in PAGES.values()}


def test_page_is_whole(shown: list[Shown]) -> None:
    for one in shown:
        assert one.document.open == [], one.name
        assert len(one.document.all("h1")) == 1, one.name
        assert len(one.document.all("main")) == 1, one.name
        ids = [given["id"] for _tag, given in one.document.elements if "id" in given]
        assert len(ids) == len(set(ids)), one.name


def test_headings_never_skip_a_level(shown: list[Shown]) -> None:
    for one in shown:
        levels = [int(tag[1]) for tag, _given in one.document.elements if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1, one.name
        assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels)), one.name


def test_hostile_text_is_escaped() -> None:
    for name, sample in PAGES.items():
        view = poisoned(sample.view)
        text = page(sample.template, view, shell=sample.shell, nav=sample.nav)
        assert "<script>alert" not in text, name
        assert view == sample.view or "&lt;script&gt;alert(1)" in text, name
        for tag, given in Document(name, text).elements:
            assert "onload" not in given, (name, tag, given)


def test_nothing_a_strict_policy_refuses(shown: list[Shown]) -> None:
    for name, tag, given in ((one.name, tag, given) for one in shown for tag, given in one.document.elements):
        assert tag != "style", name
        assert "style" not in given, (name, tag, given)
        assert not [key for key in given if key.startswith("on")], (name, tag, given)
        # a data block is never run, so the policy on scripts does not concern it
        data = given.get("type") == "application/ld+json" and "src" not in given
        assert tag != "script" or data or (given.get("src") or "").startswith("/static/js/"), (name, given)
        assert not (given.get("href") or "").startswith("javascript:"), (name, given)


def test_template_source_has_no_inline_style_or_handler() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)")
    assert [path.name for path in TEMPLATES if inline.search(path.read_text("utf-8"))] == []


def test_every_picture_says_what_it_shows_or_that_it_is_ornament(shown: list[Shown]) -> None:
    assert [one.name for one in shown if not all("alt" in given for given in one.document.all("img"))] == []


def test_every_posting_form_carries_the_token(shown: list[Shown]) -> None:
    for name, form, inputs in ((one.name, form, inputs) for one in shown for form, inputs in one.document.forms):
        tokens = [given.get("value") for given in inputs if given.get("name") == "csrf"]
        assert tokens == (["token-uji"] if form.get("method") == "post" else []), (name, form)


def test_every_field_has_a_label(shown: list[Shown]) -> None:
    for one in shown:
        labelled = {given.get("for") for given in one.document.all("label")}
        for given in one.document.all("input", "select", "textarea"):
            if given.get("type") == "hidden" or given.get("id") in labelled:
                continue
            field, value = given.get("name"), given.get("value")
            inside = rf'<label[^>]*><input[^>]*name="{field}"[^>]*value="{value}"'
            assert re.search(inside, one.text), (one.name, given)


def test_descriptions_and_labels_point_at_something(shown: list[Shown]) -> None:
    for one in shown:
        ids = {given.get("id") for _tag, given in one.document.elements}
        for _tag, given in one.document.elements:
            for key in ("aria-describedby", "aria-labelledby", "aria-controls", "for", "data-counts", "data-copy"):
                assert set((given.get(key) or "").split()) <= ids, (one.name, key, given)
            if (given.get("href") or "").startswith("#"):
                assert (given["href"] or "")[1:] in ids, (one.name, given)


def test_static_files_named_by_pages_exist(shown: list[Shown]) -> None:
    for name, given in ((one.name, given) for one in shown for _tag, given in one.document.elements):
        address = (given.get("src") or given.get("href")) or ""
        path = address.partition("?")[0]
        if path.startswith(("/static/js/", "/static/img/")):
            assert (assets.STATIC / path.removeprefix("/static/")).is_file(), (name, path)


def test_icons_used_exist() -> None:
    drawings = environment().get_template("_icons.html").module.drawings  # type: ignore[attr-defined]
    sources = "".join(path.read_text("utf-8") for path in TEMPLATES)
    named = set(re.findall(r'\bicon\("([a-z]+)"\)', sources))
    assert named <= drawings.keys()


def test_every_style_sheet_is_served_and_points_at_pictures_that_exist() -> None:
    folder = assets.STATIC / "css"
    alone = {"widget"}  # the frame that other sites show
    assert {path.stem for path in folder.glob("*.css")} == set(assets.STYLES) | alone
    for name in re.findall(r'url\("\.\./img/([^"]+)"\)', assets.stylesheet()):
        assert (assets.STATIC / "img" / name).is_file()


def test_a_first_visit_stays_under_150_kb(shown: list[Shown]) -> None:
    styles = len(assets.stylesheet().encode())
    for one in shown:
        scripts = re.findall(r"/static/js/[a-z]+\.mjs", one.text)
        weight = sum((assets.STATIC / path.removeprefix("/static/")).stat().st_size for path in scripts)
        assert len(one.text.encode()) + styles + weight < 150_000, one.name


def test_ledger_fragment_is_the_part_of_the_page_that_it_replaces() -> None:
    assert 'id="neraca"' in fragment("_neraca.html", LEDGER)
    assert 'data-live="/kampanye/1/neraca"' in fragment("_neraca.html", LEDGER)
    assert "data-live" not in fragment("_neraca.html", replace(LEDGER, live=False))


def test_ledger_parts_add_up_to_the_audience() -> None:
    parts = LEDGER.parts
    assert sum(part.number for part in parts) == LEDGER.audience == 1240
    assert sum(part.width for part in parts) == pytest.approx(100)
    assert parts[0].href == "/kotak-keluar/surat?kampanye=1&keadaan=delivered"


def test_ledger_that_does_not_balance_says_so() -> None:
    broken = LedgerView(1, audience=10, delivered=9)
    assert not broken.balanced
    assert "tidak sama" in fragment("_neraca.html", broken)


def test_audience_count_stands_alone() -> None:
    text = fragment("_jumlah_penerima.html", COMPOSER.count)
    assert "1.240" in text
    assert "alamat terpental" in text
