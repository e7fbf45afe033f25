"""Every e-mail before the judges that inboxes hold: the Nu HTML checker, caniemail.com, SpamAssassin, and our own promises.

What e-mails must do that web pages need not is written down below, each with its reason; anything else fails.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from marketing.channels.email.mime import build_mime
from marketing.settings import child_environment
from tests.support.every_mail import NOW, ShownMail, every_mail

pytestmark = pytest.mark.xdist_group("every-mail")

TOOLS = Path(__file__).parents[2] / "tools" / "node"
VNU = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

# What the Nu checker says, as a pattern, and why a mail does it all the same.
IDIOMS: Mapping[str, str] = {
    r"The “(align|bgcolor|border|cellpadding|cellspacing|height|valign|width)” attribute on the “(table|tr|td|th)” element "
    r"is obsolete\.": "Outlook for Windows lays tables out by attributes; CSS alone collapses there",
    r"Attribute “xmlns:[vo]” not allowed here\.": "Outlook for Windows needs the namespaces for what MJML writes for it",
    r"CSS: “mso-[a-z-]+”: Property “mso-[a-z-]+” doesn't exist\.": "the same: gaps of tables, padding of buttons, hiding",
    r"CSS: “supported-color-schemes”: Property .*": "Apple Mail before macOS 12 knows dark mode by this name",
    r"The “type” attribute for the “style” element is not needed": "MJML writes it; old webmail wanted it",
    r"Trailing slash on void elements has no effect": "MJML writes XHTML, as old mail programs parsed it",
}

# What Gmail, Outlook or Apple Mail do not show, by caniemail's name, and why nothing is lost by it.
WITHOUT: Mapping[str, str] = {
    "<style> element": "Gmail without a Google account in a phone's browser: everything needed is in style attributes",
    "@media": "then a phone shows the desktop's columns, smaller, and no dark mode",
    "Class selector": "only dark mode and phones hang on classes",
    "Chaining selectors": "comes with MJML for Outlook.com; dark mode and phones only",
    "Child combinator": "rounded corners and dark mode only",
    "Descendant combinator": "dark mode only",
    "ID selector": "MJML's rule for Outlook.com only",
    "Type selector": "MJML's reset; every element carries its own style too",
    "<body> element": "Outlook for macOS turns it into a div; nothing hangs on it",
    "border-radius": "Outlook for Windows draws square corners",
    "color-scheme CSS property": "says that a dark version exists; where unknown, the program's own dark mode applies",
    "color-scheme meta tag": "the same",
    "cursor": "MJML's; a matter of a pointer",
    "display:none": "the inbox's line would show at the top; it repeats what the mail says",
    "min-height property": "keeps a picture's place where images are off; Outlook draws a frame of its own",
    "max-height property": "second belt of the hidden line; mso-hide hides it in Outlook",
    "overflow": "the same",
    "outline": "MJML's reset of pictures",
    "role attribute": "Windows Mail reads the tables out; it is no longer supported by Microsoft",
    "aria-label attribute": "the same",
    "table-layout": "Outlook for Windows sizes columns by their attributes",
    "target attribute": "webmail opens links in a new tab by itself",
    "white-space": "a link or a price may wrap in Outlook for Windows",
    "word-break": "Windows Mail may be widened by a name without blanks; names are cut at 120 letters",
    "word-spacing": "MJML's; no effect",
}
SPAM_LIMIT = 2.0
NOT_SHOWN = {
    "preheader",
    "subject",
    "brand_color",
    "band",
    "letterhead",
    "government",
    "logo_url",
    "alt",
    "website",
    "kind",
}


@pytest.fixture(scope="module")
def mails() -> tuple[ShownMail, ...]:
    return every_mail()


@pytest.fixture(scope="module")
def half() -> tuple[ShownMail, ...]:
    """Every variant, one Daerah in Indonesian and the other in English: two judges are slow, and the other half differs in words."""
    return tuple(mail for mail in every_mail() if (mail.profile.id == "tts") == (mail.language == "id"))


def run(*command: str | Path, given: bytes, home: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(part) for part in command],
        input=given,
        env=child_environment(HOME=str(home)),
        capture_output=True,
        timeout=180,
        check=False,
    )


def excused(message: str, idioms: Mapping[str, str]) -> bool:
    return any(re.match(pattern, message) for pattern in idioms)


def test_the_nu_html_checker_finds_nothing_but_idioms_of_mail(half: tuple[ShownMail, ...], tmp_path: Path) -> None:
    if not VNU.is_file() or shutil.which("java") is None:
        pytest.skip("Nu HTML checker: perlu Java dan `npm ci` di tests/tools/node")
    for mail in half:
        (tmp_path / f"{mail.name}.html").write_text(mail.email.html, "utf-8")
    files = sorted(tmp_path.glob("*.html"))
    done = run(
        "java", "-Xss2m", "-jar", VNU, "--exit-zero-always", "--format", "json", *files, given=b"", home=tmp_path
    )
    found = json.loads(done.stderr)["messages"]
    assert found, "the checker has always something to say about a mail; it cannot have read them"
    wrong = {
        f"{Path(one['url']).name}:{one.get('lastLine', 0)}: {one['message']}"
        for one in found
        if not excused(one["message"], IDIOMS)
    }
    assert not wrong, "\n".join(sorted(wrong)[:20])
    unused = [pattern for pattern in IDIOMS if not any(re.match(pattern, one["message"]) for one in found)]
    assert not unused, f"no mail does this any more: {unused}"


def test_gmail_outlook_and_apple_mail_show_everything_that_matters(
    mails: tuple[ShownMail, ...], tmp_path: Path
) -> None:
    if not (TOOLS / "node_modules" / "caniemail").is_dir() or shutil.which("node") is None:
        pytest.skip("caniemail: perlu Node dan `npm ci` di tests/tools/node")
    given = json.dumps({mail.name: mail.email.html for mail in mails}).encode()
    done = run("node", TOOLS / "caniemail.mjs", given=given, home=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert set(found) == {mail.name for mail in mails}
    titles = {issue["title"] for issues in found.values() for issue in issues}
    assert titles <= set(WITHOUT), {
        (name, issue["client"], issue["title"])
        for name, issues in found.items()
        for issue in issues
        if issue["title"] not in WITHOUT
    }
    assert not set(WITHOUT) - titles, f"no mail does this any more: {sorted(set(WITHOUT) - titles)}"


def test_spamassassin_takes_none_for_spam(half: tuple[ShownMail, ...], tmp_path: Path) -> None:
    if shutil.which("spamassassin") is None:
        pytest.skip("SpamAssassin tidak terpasang (apt install spamassassin)")
    box = b"".join(_in_a_box(mail) for mail in half)
    done = run("spamassassin", "--local", "--test-mode", "--mbox", given=box, home=tmp_path)
    scores = {}
    for one in re.split(rb"(?m)^From siar@", done.stdout)[1:]:
        name, status = (
            re.search(rb"(?m)^Message-ID: <(.+)@", one),
            re.search(rb"score=(-?[\d.]+)(.*?)autolearn", one, re.DOTALL),
        )
        assert name
        assert status, one[:500]
        scores[name[1].decode()] = (float(status[1]), " ".join(status[2].decode().split()))
    assert len(scores) == len(half), done.stderr.decode()
    print("SpamAssassin, highest:", max(scores.values()))  # noqa: T201  the figure is asked for by issue 5
    assert {name: score for name, score in scores.items() if score[0] >= SPAM_LIMIT} == {}


def _in_a_box(mail: ShownMail) -> bytes:
    """Return the message as it would lie in an mbox, received from a server whose name and address fit."""
    host = "mail." + mail.email.sender_address.partition("@")[2]
    received = (
        f"Received: from {host} ({host} [36.37.64.9])\n\tby mx.pembeli.example (Postfix) with ESMTPS id 4XyZ12\n"
        f"\tfor <{mail.email.recipient_address}>; Sun, 22 Nov 2026 08:05:03 +0000 (UTC)\n"
    )
    raw = build_mime(mail.email, date=NOW).replace(b"\r\n", b"\n")
    return (
        b"From siar@x Sun Nov 22 08:05:03 2026\n" + received.encode() + re.sub(rb"(?m)^From ", b">From ", raw) + b"\n"
    )


def test_small_spoken_and_without_a_foreign_address(mails: tuple[ShownMail, ...]) -> None:
    for mail in mails:
        page = lxml_html.fromstring(mail.email.html)
        assert len(mail.email.html.encode()) < 100_000, mail.name
        assert page.get("lang") == mail.language, mail.name
        assert all("alt" in picture.attrib for picture in page.iter("img")), mail.name
        links = [link.get("href") for link in page.iter("a")]
        assert links, mail.name
        assert all(link.startswith(("https://", "mailto:")) for link in links), (mail.name, links)
        assert not page.xpath("//script|//iframe|//form|//link|//@onclick|//*[contains(@style,'url(')]"), mail.name
        assert mail.profile.dinas in mail.email.text, mail.name
        assert mail.profile.address in mail.email.text, mail.name


def test_the_text_part_says_the_same(mails: tuple[ShownMail, ...]) -> None:
    for mail in mails:
        page = lxml_html.fromstring(mail.email.html)
        text = _flat(mail.email.text)
        missing = {link.get("href") for link in page.iter("a")} - {f"mailto:{mail.profile.email}"}
        assert {link for link in missing if link not in mail.email.text} == set(), mail.name
        for hidden in page.xpath("//head|//style|//*[contains(@style,'display:none')]"):
            hidden.drop_tree()
        seen = _flat(" ".join(page.itertext()))
        for value in set(_values(mail.context)):
            assert (value in seen) == (value in text), (mail.name, value)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _values(context: Any, name: str = "") -> Iterator[str]:
    """Return every word of a context that a reader is meant to see."""
    if is_dataclass(context):
        for field in fields(context):
            yield from _values(getattr(context, field.name), field.name)
    elif isinstance(context, tuple):
        for one in context:
            yield from _values(one, name)
    elif isinstance(context, str) and context and name not in NOT_SHOWN and not context.startswith("https://"):
        yield _flat(context)
