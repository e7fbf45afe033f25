"""`siar email`: sample mails as files, checks with line and reason, and the office's own templates."""

import io
import os
import shutil
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from PIL import Image

from marketing.domain.types import EmailType
from marketing.mail.screenshots import NoPictureError, Screenshots
from marketing.templates.compiler import shipped_source
from marketing.templates.looks import Look
from tests.functional.cli.conftest import Done, Siar

KIND = "promotional/diskon"
SHIPPED = shipped_source(EmailType.PROMOTIONAL, "diskon")
PART = "{# part: headline #}"


def ran(done: Done) -> str:
    assert done.code == 0, done.err
    return done.out


def written(folder: Path, added: str, *, text: str = SHIPPED.text) -> str:
    path = folder / "diskon.mjml"
    path.write_text(SHIPPED.mjml.replace(PART, f"{PART}\n{added}"), "utf-8")
    path.with_suffix(".txt").write_text(text, "utf-8")
    return str(path)


def test_a_kind_is_written_as_html_text_and_a_mail_that_can_be_read(siar: Siar, tmp_path: Path) -> None:
    ran(siar("email", "render", "promotional", "--tenant", "tts", "--sample", "--lang", "en", "--out", "surel"))
    names = {path.name for path in (tmp_path / "surel").iterdir()}
    assert names == {
        f"promotional-{variant}-en.{suffix}"
        for variant in ("diskon", "paket", "produk_baru")
        for suffix in ("html", "txt", "eml")
    }
    mail = message_from_bytes(tmp_path.joinpath("surel/promotional-diskon-en.eml").read_bytes(), policy=policy.default)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = mail.get_body(("html",))
    assert body is not None
    assert body.get_content().split() == (tmp_path / "surel/promotional-diskon-en.html").read_text().split()
    checked = siar("email", "check", "surel/promotional-diskon-en.eml", "--tenant", "tts")
    assert "tidak ada yang perlu diperbaiki" in ran(checked)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("render", "tidak_ada", "--sample", "--out", "x"), "promotional/diskon"),
        (("render", KIND, "--sample", "--lang", "fr", "--out", "x"), "Bahasa “fr”"),
        (("render", KIND, "--out", "x"), "--sample"),
        (("template", "show", "promotional"), "Sebutkan juga variannya"),
        (("template", "show", KIND, "--version", "7"), "Versi 7"),
        (("template", "restore", KIND, "3"), "Versi 3"),
        (("template", "set", KIND, "--mjml", "tidak-ada.mjml"), "tidak-ada.mjml"),
        (("check", "tidak-ada.eml"), "tidak-ada.eml"),
        (("check", "tidak-ada.mjml", "--as", KIND), "tidak-ada.mjml"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(siar: Siar, arguments: tuple[str, ...], said: str) -> None:
    assert said in siar("email", *arguments, "--tenant", "tts").sentence


def test_a_file_that_is_no_mail_is_said_so(siar: Siar, tmp_path: Path) -> None:
    for junk in (
        b"",
        b"\xff\xfe\x00",
        b"Subject: x\r\n\r\nHalo",
        b"Content-Type: text/html; charset=ngawur\r\n\r\n\xff",
    ):
        (tmp_path / "x.eml").write_bytes(junk)
        assert "Berkas ini" in siar("email", "check", "x.eml", "--tenant", "tts").sentence


def test_a_template_is_refused_kept_shown_and_taken_back(siar: Siar, tmp_path: Path) -> None:
    bad = written(tmp_path, "<mj-text>{{ nama }}</mj-text>")
    line = Path(bad).read_text().split("{{ nama }}")[0].count("\n") + 1
    refused = siar("email", "template", "set", KIND, "--mjml", bad, "--tenant", "tts")
    assert refused.code == 1
    assert refused.out == f"{bad}:mjml:{line}: ditolak: variabel “nama” tidak ada\n"
    assert siar("email", "check", bad, "--as", KIND, "--tenant", "tts").out == refused.out

    good = written(tmp_path, "<mj-text>Salam dari SoE</mj-text>")
    ran(siar("email", "template", "set", KIND, "--mjml", good, "--tenant", "tts", "--note", "salam"))
    assert f"{KIND}\tversi 1" in ran(siar("email", "template", "list", "--tenant", "tts"))
    assert f"{KIND}\tbawaan" in ran(siar("email", "template", "list", "--tenant", "blitar"))
    assert ran(siar("email", "template", "show", KIND, "--tenant", "tts")) == Path(good).read_text()
    ran(siar("email", "render", KIND, "--tenant", "tts", "--sample", "--out", "."))
    assert "Salam dari SoE" in (tmp_path / "promotional-diskon-id.html").read_text()

    ran(siar("email", "template", "restore", KIND, "0", "--tenant", "tts"))
    assert ran(siar("email", "template", "show", KIND, "--tenant", "tts", "--part", "text")) == SHIPPED.text
    history = ran(siar("email", "template", "show", KIND, "--history", "--tenant", "tts")).splitlines()
    assert [one.split("\t")[0] for one in history] == ["2", "1"]
    assert history[1].endswith("salam")


def test_advice_does_not_fail_and_an_error_does(siar: Siar, tmp_path: Path) -> None:
    flex = written(tmp_path, '<mj-text><div style="display:flex">x</div></mj-text>')
    advised = siar("email", "check", flex, "--as", KIND, "--tenant", "tts")
    assert (advised.code, "saran: display: flex" in advised.out) == (0, True)
    silent = written(tmp_path, '<mj-text><img src="https://contoh.example/a.png" /></mj-text>')
    failed = siar("email", "check", silent, "--as", KIND, "--tenant", "tts")
    assert (failed.code, "atribut alt" in failed.out) == (1, True)


def test_without_chromium_the_command_says_what_to_install(siar: Siar) -> None:
    done = siar(
        "email", "render", KIND, "--tenant", "tts", "--sample", "--out", "x", "--pictures", SIAR_CHROMIUM="tidak-ada"
    )
    assert "chromium" in done.sentence.lower()


def test_a_mail_is_pictured_dark_for_a_dark_reader_and_kept(tmp_path: Path) -> None:
    if shutil.which("chromium") is None and not os.environ.get("SIAR_REQUIRE_ALL"):
        pytest.skip("Chromium tidak terpasang (apt install chromium)")
    html = (
        "<html><head><style>div{height:300px;background:#ffffff}@media (prefers-color-scheme: dark)"
        "{div{background:#102030}}</style></head><body style='margin:0'><div></div>"
        "<script>document.body.innerHTML=''</script></body></html>"
    )
    camera = Screenshots.found("", tmp_path)
    shots = list(zip(camera.take(html), range(2), strict=False))
    assert [(one.width, one.look) for one, _number in shots] == [(600, Look.LIGHT), (600, Look.DARK)]
    seen = [Image.open(io.BytesIO(one.png)) for one, _number in shots]
    assert [picture.getpixel((300, 100)) for picture in seen] == [(255, 255, 255), (16, 32, 48)]
    assert seen[1].size == (600, 316)
    again = Screenshots("/tidak/ada", tmp_path).take(html)
    assert next(again).png == shots[0][0].png
    with pytest.raises(NoPictureError):
        list(again)
