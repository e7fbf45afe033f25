"""What to mend in a finished mail before it goes out: links, alternative texts, size, subject, words that filters distrust.

Errors keep a campaign from being approved and a template from being saved; warnings only advise.
"""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from lxml import html as reader

from marketing.i18n import gettext as _
from marketing.templates.client_support import sentence, unsupported
from marketing.templates.reading import visible
from marketing.templates.spam_words import spam_words

LARGE_HTML: Final = 90_000  # octets; Gmail cuts at 102 kB and hides the way out with the rest
LARGEST_HTML: Final = 100_000
LONG_SUBJECT: Final = 60  # characters; a phone shows about so many, some only 40
LONG_PREHEADER: Final = 130
MANY_CAPITALS: Final = 12  # letters; below that it may be a name
MOST_SHOWN: Final = 5  # of the same kind
SHORTENERS: Final = frozenset(
    {
        "bit.ly",
        "tinyurl.com",
        "goo.gl",
        "t.co",
        "ow.ly",
        "is.gd",
        "cutt.ly",
        "s.id",
        "rebrand.ly",
        "rb.gy",
        "shorturl.at",
        "t.ly",
        "tiny.cc",
        "bl.ink",
        "buff.ly",
        "v.gd",
    }
)
"""Filters distrust them, and nobody sees where they lead."""
_LOCAL: Final = (".local", ".localhost", ".internal", ".lan", ".home", ".test", ".invalid")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_BARE_SHORT: Final = re.compile(
    rf"(?<![\w./@-])(?:{'|'.join(re.escape(name) for name in sorted(SHORTENERS))})/\w+", re.IGNORECASE
)
_FIXED_LINK: Final = re.compile(r"\bhref\s*=\s*[\"']\s*https?://", re.IGNORECASE)


class Level(StrEnum):
    """How grave a finding is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend, as a sentence that says what to do; `line` is that of a template's MJML, 0 where there is none."""

    level: Level
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Examined:
    """A finished mail as the checks need it; `own` is our public address, `unsubscribe_url` is empty where none belongs."""

    subject: str
    preheader: str
    html: str
    text: str
    unsubscribe_url: str
    own: str


def findings(mail: Examined) -> tuple[Finding, ...]:
    """Return what to mend, errors first, each sentence once."""
    page = reader.document_fromstring(mail.html)
    found = dict.fromkeys(
        [*_links(mail, page), *_way_out(mail), *_pictures(page), *_size(mail.html), *_inbox(mail), *_words(mail)]
    )
    return tuple(sorted(found, key=lambda one: one.level is Level.WARNING))


def source_findings(mjml: str) -> tuple[Finding, ...]:
    """Return what to know about a template's own source: what mail programs do not show, and links that are not counted."""
    found = [Finding(Level.WARNING, sentence(one), one.line) for one in unsupported(mjml)]
    for fixed in list(_FIXED_LINK.finditer(mjml))[:MOST_SHOWN]:
        said = _("Tautan tetap ini tidak dihitung kliknya. Pakai tautan dari produk atau tombol bila perlu dihitung.")
        found.append(Finding(Level.WARNING, said, mjml.count("\n", 0, fixed.start()) + 1))
    return tuple(sorted(found, key=lambda one: one.line))


def _links(mail: Examined, page: reader.HtmlElement) -> Iterator[Finding]:
    written = [str(link.get("href") or "").strip() for link in page.iter("a")]
    in_text = [found.group().rstrip(".,;:)") for found in _ADDRESS.finditer(mail.text)]
    for address in dict.fromkeys([*written, *in_text]):
        if finding := _link(address, mail.own):
            yield finding
    for bare in dict.fromkeys(found.group() for found in _BARE_SHORT.finditer(mail.text)):
        yield Finding(Level.ERROR, _shortened(bare))


def _link(address: str, own: str) -> Finding | None:
    if own and (address == own or address.startswith(f"{own}/")):
        return None  # ours, and as safe as the installation is
    shown = address if len(address) <= 80 else f"{address[:79]}…"  # noqa: PLR2004  as much as a line shows
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removesuffix(".")
    except ValueError:
        return Finding(Level.ERROR, _("Tautan “{link}” tidak terbaca. Tulis ulang alamatnya.").format(link=shown))
    if parts.scheme in {"mailto", "tel"} and parts.path:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        said = _("Tautan “{link}” tidak lengkap. Tulis alamat utuh yang diawali https://.")
        return Finding(Level.ERROR, said.format(link=shown))
    if _is_private(host):
        said = _("Tautan “{link}” hanya dapat dibuka di jaringan kantor. Ganti dengan alamat umum.")
        return Finding(Level.ERROR, said.format(link=shown))
    if host.removeprefix("www.") in SHORTENERS:
        return Finding(Level.ERROR, _shortened(shown))
    if parts.scheme == "http":
        said = _("Tautan “{link}” tidak terenkripsi. Pakai https:// bila situsnya mendukung.")
        return Finding(Level.WARNING, said.format(link=shown))
    return None


def _shortened(link: str) -> str:
    said = _("Tautan pendek “{link}” menyembunyikan tujuannya dan ditahan saringan spam. Tulis alamat aslinya.")
    return said.format(link=link)


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." not in host or host.lower().endswith(_LOCAL)


def _way_out(mail: Examined) -> Iterator[Finding]:
    if not mail.unsubscribe_url:
        return
    _seen, links = visible(mail.html)
    if mail.unsubscribe_url not in links or mail.unsubscribe_url not in mail.text:
        yield Finding(Level.ERROR, _("Tautan berhenti berlangganan tidak tampak. Kembalikan kaki surel dari templat."))


def _pictures(page: reader.HtmlElement) -> Iterator[Finding]:
    silent = [picture for picture in page.iter("img") if picture.get("alt") is None]
    if silent:
        said = _('{n} gambar tidak memiliki atribut alt. Tulis isinya, atau alt="" bila hanya hiasan.')
        yield Finding(Level.ERROR, said.format(n=len(silent)))
    for link in page.iter("a"):
        named = any((one.text or "").strip() or (one.get("alt") or "").strip() for one in link.iter())
        if not named and not any((one.tail or "").strip() for one in link.iterdescendants()):
            address = str(link.get("href") or "")[:80]
            said = _("Tautan “{link}” tidak bernama bila gambar dimatikan. Tulis teks alt pada gambarnya.")
            yield Finding(Level.WARNING, said.format(link=address))


def _size(html: str) -> Iterator[Finding]:
    size = len(html.encode())
    if size >= LARGE_HTML:
        level = Level.ERROR if size >= LARGEST_HTML else Level.WARNING
        said = _("HTML-nya {size} kB; Gmail memotong di atas 100 kB. Kurangi produk atau isinya.")
        yield Finding(level, said.format(size=size // 1000))


def _inbox(mail: Examined) -> Iterator[Finding]:
    subject, preheader = mail.subject.strip(), mail.preheader.strip()
    if len(subject) > LONG_SUBJECT:
        said = _("Subjek {n} huruf; ponsel menampilkan sekitar {most}. Taruh yang terpenting di depan.")
        yield Finding(Level.WARNING, said.format(n=len(subject), most=LONG_SUBJECT))
    letters = [char for char in subject if char.isalpha()]
    if len(letters) >= MANY_CAPITALS and all(char.isupper() for char in letters):
        yield Finding(
            Level.WARNING, _("Subjek seluruhnya huruf besar; saringan spam menilainya buruk. Pakai huruf biasa.")
        )
    if "!!" in subject or "??" in subject:
        yield Finding(
            Level.WARNING, _("Subjek memakai tanda baca berulang; saringan spam menilainya buruk. Pakai satu saja.")
        )
    if subject.lower().startswith(("re:", "fw:", "fwd:", "bls:")):
        yield Finding(Level.ERROR, _("Subjek meniru balasan (“Re:”). Hapus awalan itu; surel ini bukan balasan."))
    if not preheader:
        yield Finding(
            Level.WARNING,
            _("Kalimat pengantar kosong; kotak masuk akan menampilkan kata pertama surel. Isi satu kalimat."),
        )
    elif preheader.lower() == subject.lower():
        yield Finding(Level.WARNING, _("Kalimat pengantar sama dengan subjek. Tambahkan sesuatu yang baru."))
    elif len(preheader) > LONG_PREHEADER:
        said = _("Kalimat pengantar {n} huruf; kotak masuk menampilkan paling banyak {most}.")
        yield Finding(Level.WARNING, said.format(n=len(preheader), most=LONG_PREHEADER))


def _words(mail: Examined) -> Iterator[Finding]:
    seen = spam_words(f"{mail.subject} . {mail.preheader} . {mail.text}")
    for word, why in list(seen.items())[:MOST_SHOWN]:
        said = _("Kata “{word}”: {why}. Ganti dengan kata yang lebih tenang bila bisa.")
        yield Finding(Level.WARNING, said.format(word=word, why=_(why)))
