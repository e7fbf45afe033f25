"""Every page, rendered from sample views: whole, escaped, and without anything that a strict policy refuses."""

import itertools
import re
from dataclasses import fields, is_dataclass, replace
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

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.forms: list[tuple[dict[str, str | None], list[dict[str, str | None]]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        if tag == "form":
            assert "form" not in self.open, "a form inside a form"
            self.forms.append((given, []))
        elif tag in ("input", "button", "select", "textarea") and "form" in self.open:
            self.forms[-1][1].append(given)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()} does not close what is open: {self.open[-3:]}"

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [given for tag, given in self.elements if tag in tags]


def rendered(sample: Sample) -> str:
    return page(sample.template, sample.view, shell=sample.shell, nav=sample.nav)


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


@pytest.fixture(params=list(PAGES), name="sample")
def _sample(request: pytest.FixtureRequest) -> Sample:
    return PAGES[request.param]


def test_every_template_is_shown_by_a_sample() -> None:
    pages = {path.name for path in TEMPLATES if not path.name.startswith(("_", "base"))}
    assert pages == {sample.template for sample in PAGES.values()}


def test_page_is_whole(sample: Sample) -> None:
    document = Document(rendered(sample))
    assert document.open == []
    assert len(document.all("h1")) == 1
    assert len(document.all("main")) == 1
    ids = [given["id"] for _tag, given in document.elements if "id" in given]
    assert len(ids) == len(set(ids))


def test_headings_never_skip_a_level(sample: Sample) -> None:
    levels = [int(tag[1]) for tag, _given in Document(rendered(sample)).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_hostile_text_is_escaped(sample: Sample) -> None:
    view = poisoned(sample.view)
    text = page(sample.template, view, shell=sample.shell, nav=sample.nav)
    assert "<script>alert" not in text
    assert view == sample.view or "&lt;script&gt;alert(1)" in text
    for tag, given in Document(text).elements:
        assert "onload" not in given, (tag, given)


def test_nothing_a_strict_policy_refuses(sample: Sample) -> None:
    for tag, given in Document(rendered(sample)).elements:
        assert tag != "style"
        assert "style" not in given, (tag, given)
        assert not [name for name in given if name.startswith("on")], (tag, given)
        # a data block is never run, so the policy on scripts does not concern it
        data = given.get("type") == "application/ld+json" and "src" not in given
        assert tag != "script" or data or (given.get("src") or "").startswith("/static/js/"), given
        assert not (given.get("href") or "").startswith("javascript:")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_source_has_no_inline_style_or_handler(path: Any) -> None:
    source = path.read_text("utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", source)


def test_every_picture_says_what_it_shows_or_that_it_is_ornament(sample: Sample) -> None:
    assert all("alt" in given for given in Document(rendered(sample)).all("img"))


def test_every_posting_form_carries_the_token(sample: Sample) -> None:
    for form, inputs in Document(rendered(sample)).forms:
        tokens = [given.get("value") for given in inputs if given.get("name") == "csrf"]
        assert tokens == (["token-uji"] if form.get("method") == "post" else []), form


def test_every_field_has_a_label(sample: Sample) -> None:
    text = rendered(sample)
    document = Document(text)
    labelled = {given.get("for") for given in document.all("label")}
    for given in document.all("input", "select", "textarea"):
        if given.get("type") == "hidden":
            continue
        inside = re.search(rf'<label[^>]*><input[^>]*name="{given.get("name")}"[^>]*value="{given.get("value")}"', text)
        assert given.get("id") in labelled or inside, given


def test_descriptions_and_labels_point_at_something(sample: Sample) -> None:
    document = Document(rendered(sample))
    ids = {given.get("id") for _tag, given in document.elements}
    for _tag, given in document.elements:
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for", "data-counts", "data-copy"):
            assert set((given.get(name) or "").split()) <= ids, (name, given)
        if (given.get("href") or "").startswith("#"):
            assert (given["href"] or "")[1:] in ids


def test_static_files_named_by_pages_exist(sample: Sample) -> None:
    for given in [given for _tag, given in Document(rendered(sample)).elements]:
        address = (given.get("src") or given.get("href")) or ""
        path = address.partition("?")[0]
        if path.startswith(("/static/js/", "/static/img/")):
            assert (assets.STATIC / path.removeprefix("/static/")).is_file(), path


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


def test_a_first_visit_stays_under_150_kb(sample: Sample) -> None:
    text = rendered(sample)
    scripts = re.findall(r"/static/js/[a-z]+\.mjs", text)
    weight = sum((assets.STATIC / path.removeprefix("/static/")).stat().st_size for path in scripts)
    assert len(text.encode()) + len(assets.stylesheet().encode()) + weight < 150_000


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
