"""Templat surel: looked at by everybody, written by operators, refused with line and reason, kept with history."""

import re
from html import unescape

import pytest

from marketing.domain.types import EmailType, Role
from marketing.templates.compiler import TemplateSource, shipped_source
from tests.functional.web.visits import Enter, Visit
from tests.support.world import World

AT = "/surel/templat/promotional/diskon"
SHIPPED = shipped_source(EmailType.PROMOTIONAL, "diskon")
PART = "{# part: headline #}"


@pytest.fixture(name="world")
def _world(small_world: World) -> World:
    """What the engines could do differently is tested in tests/integration/mail."""
    return small_world


def saying(words: str) -> dict[str, str]:
    return {"mjml": SHIPPED.mjml.replace(PART, f"{PART}\r\n<mj-text>{words}</mj-text>"), "teks": SHIPPED.text}


def keep(visit: Visit, words: str, note: str = "") -> str:
    return visit.page(visit.act(AT, {**saying(words), "catatan": note, "aksi": "simpan"}))


def written(page: str) -> TemplateSource:
    mjml, text = (
        unescape(found)
        for found in re.findall(r'<textarea class="textarea source"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    )
    return TemplateSource(mjml, text)


def test_everybody_sees_which_template_is_in_force_and_what_it_looks_like(enter: Enter) -> None:
    visit = enter(Role.HEAD)
    listed = visit.page("/surel/templat")
    assert listed.count("bawaan Siar") == 11
    assert f'href="{AT}"' in listed
    page = visit.page(AT)
    assert written(page) == SHIPPED
    assert "Simpan versi baru" not in page
    assert "List-Unsubscribe-Post" in page
    shown = visit.get(f"{AT}/0/pratinjau.html")
    assert "Potongan harga" in shown.text
    assert "data:image/jpeg" in shown.text
    assert "prefers-color-scheme" not in shown.text
    assert "sandbox" in shown.headers["content-security-policy"]
    plain = visit.get(f"{AT}/0/pratinjau.html?rupa=tanpa-gambar")
    assert "img-src 'none'" in plain.headers["content-security-policy"]
    assert visit.get(f"{AT}/0/pratinjau.html?rupa=gelap").text != shown.text


def test_a_version_is_kept_shown_compared_and_taken_back(enter: Enter, world: World) -> None:
    visit = enter(Role.OPERATOR)
    page = keep(visit, "Salam dari SoE", "salam khas")
    assert "Tersimpan dan berlaku" in page
    assert "salam khas" in page
    assert "Salam dari SoE" in written(page).mjml
    assert "\r" not in written(page).mjml
    keep(visit, "Salam dari Niki-Niki")
    assert "Salam dari Niki-Niki" in visit.page(f"{AT}/2/pratinjau.html")
    assert "Salam dari SoE" in visit.page(f"{AT}/1/pratinjau.html")
    assert "Salam dari SoE" in written(visit.page(f"{AT}?versi=1")).mjml
    changed = unescape(visit.page(f"{AT}/beda?dari=1&ke=2"))
    assert (
        "<del>− <mj-text>Salam dari SoE</mj-text></del><ins>+ <mj-text>Salam dari Niki-Niki</mj-text></ins>" in changed
    )
    assert "Tidak ada yang berubah di bagian ini." in changed
    visit.act(f"{AT}/pulihkan", {"nomor": "1"})
    assert "Salam dari SoE" in written(visit.page(AT)).mjml
    visit.act(f"{AT}/pulihkan", {"nomor": "0"})
    page = visit.page(AT)
    assert written(page) == SHIPPED
    assert "berlaku: bawaan Siar" in page
    assert page.count("<li><div><p>") == 5
    assert world.audited()[-4:] == ["mail_template.save"] * 3 + ["mail_template.shipped"]
    assert "bawaan Siar" in enter(Role.HEAD, "blitar").page(AT)


@pytest.mark.parametrize("act", ["periksa", "simpan"])
def test_a_refused_template_names_line_and_reason_and_keeps_what_was_typed(
    enter: Enter, world: World, act: str
) -> None:
    visit, before = enter(Role.OPERATOR), world.audited()
    given = saying("{{ nama_pembeli }}")
    line = given["mjml"].split("{{ nama_pembeli }}")[0].count("\n") + 1
    answer = visit.post(AT, {**given, "catatan": "uji <coba>", "aksi": act})
    assert answer.status_code == 422
    assert f'<a href="#mjml">MJML, baris {line}: variabel “nama_pembeli” tidak ada</a>' in answer.text
    assert "{{ nama_pembeli }}" in written(answer.text).mjml
    assert "uji &lt;coba&gt;" in answer.text
    assert world.audited() == before
    bare = {**given, "mjml": SHIPPED.mjml.replace("{# part: footer #}", "")}
    assert "links.unsubscribe" in visit.post(AT, {**bare, "aksi": act}).text


def test_examining_keeps_nothing_and_shows_the_mail_in_the_frame(enter: Enter, world: World) -> None:
    visit, before = enter(Role.OPERATOR), world.audited()
    given = saying('<div style="display:flex">Percobaan</div>')
    page = visit.post(AT, {**given, "aksi": "periksa"})
    assert page.status_code == 200
    assert "Templat ini boleh dipakai." in page.text
    assert "display: flex tidak tampil di Outlook" in page.text
    assert 'formtarget="bingkai-surel"' in page.text
    frame = visit.post(f"{AT}/pratinjau.html?rupa=gelap", given)
    assert "Percobaan" in frame.text
    assert "script-src" not in frame.headers["content-security-policy"]
    refused = visit.post(f"{AT}/pratinjau.html", saying("<script>{{ x }}</script>"))
    assert "tidak ada" in refused.text
    assert "frame-ancestors 'self'" in refused.headers["content-security-policy"]
    assert "<script" not in refused.text
    assert world.audited() == before
    assert written(visit.page(AT)) == SHIPPED


def test_what_is_sent_by_hand_is_answered_in_words(enter: Enter) -> None:
    visit = enter(Role.OPERATOR)
    for path in (
        "/surel/templat/promotional/tidak-ada",
        "/surel/templat/ngawur/diskon",
        f"{AT}?versi=9",
        f"{AT}/9/pratinjau.html",
        f"{AT}/beda?dari=9",
        f"{AT}?versi=-1",
        f"{AT}/0/pratinjau.html?rupa=ngawur",
    ):
        assert visit.get(path).status_code == 404, path
    for number, expected in (("9", 404), ("x", 422), ("", 422), ("9" * 40, 422), ("٣", 422)):
        assert visit.post(f"{AT}/pulihkan", {"nomor": number}).status_code == expected
    for form in ({}, {"mjml": "\0" * 9, "teks": "x"}, {"mjml": "<mjml>" * 99_999, "teks": "x"}):
        assert visit.post(AT, {**form, "aksi": "simpan"}).status_code == 422


def test_only_operators_write(enter: Enter) -> None:
    for role in Role:
        if role is Role.OPERATOR:
            continue
        visit = enter(role)
        for path in (AT, f"{AT}/pulihkan", f"{AT}/pratinjau.html"):
            assert visit.post(path, {**saying("x"), "nomor": "0", "aksi": "simpan"}).status_code == 403, (role, path)
