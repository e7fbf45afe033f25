"""Does the world believe our mail? What the DNS says of a sending domain, judged, with the record to publish.

Sources: RFC 7208 (SPF), RFC 6376 and 8301 (DKIM), RFC 9989 (DMARC, May 2026), Google's and Yahoo's sender guidelines
(state of November 2026, law-and-standards 3.1). What cannot be seen from here stays unknown and is never called good.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketing.i18n import gettext as _

MAX_SPF_LOOKUPS: Final = 10  # RFC 7208 4.6.4


class Level(StrEnum):
    """How a check ended."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


class Check(StrEnum):
    """What is checked, in the order in which it is shown."""

    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    ALIGNMENT = "alignment"
    MX = "mx"
    PTR = "ptr"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Record:
    """A DNS record to publish."""

    name: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The end of one check on one domain or host: a sentence for people, and what to publish where that cures it."""

    check: Check
    level: Level
    subject: str
    text: str
    publish: Record | None = None


@dataclass(frozen=True, slots=True)
class SpfFacts:
    """The SPF record of the envelope's domain. `covers` says for each outgoing address whether it passes."""

    record: str
    error: str
    lookups: int
    ends: str  # "fail", "softfail", "neutral", "pass": what is said of everybody else
    covers: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class DkimFacts:
    """One selector: what the DNS shows, and our own record where we hold the key."""

    name: str
    found: str
    same_key: bool
    ours: str


@dataclass(frozen=True, slots=True)
class DmarcFacts:
    """The DMARC record in force; `location` is the domain it was found at (RFC 9989 4.10, tree walk)."""

    record: str
    error: str
    location: str
    policy: str
    reports_to: tuple[str, ...]
    removed_tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PtrFacts:
    """An outgoing address: its name, and the addresses that name leads back to."""

    address: str
    names: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """A relay: whether a verified TLS connection stood; `error` says why not. None: the account uses none."""

    host: str
    secure: bool | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """Everything read about one sending domain. None: the question was not asked, or no answer came."""

    domain: str
    envelope_domain: str
    spf: SpfFacts | None
    dkim: tuple[DkimFacts, ...]
    dmarc: DmarcFacts | None
    mx: tuple[str, ...] | None
    same_organisation: bool
    includes: tuple[str, ...]
    postmaster: str
    ptr: tuple[PtrFacts, ...] = ()
    relays: tuple[TlsFacts, ...] = ()


def judge(facts: DomainFacts) -> tuple[Finding, ...]:
    """Return the end of every check on one domain."""
    return (
        *_spf(facts),
        *_dkim(facts),
        *_dmarc(facts),
        *_alignment(facts),
        *_mx(facts),
        *_ptr(facts.ptr),
        *_tls(facts.relays),
    )


def spf_record(includes: Sequence[str], addresses: Sequence[str]) -> str:
    """Return an SPF record that lets in these providers and addresses, and nobody else."""
    kinds = [f"ip6:{address}" if ":" in address else f"ip4:{address}" for address in addresses]
    return " ".join(["v=spf1", *kinds, *(f"include:{name}" for name in includes), "-all"])


def _spf(facts: DomainFacts) -> Iterator[Finding]:
    domain, spf = facts.envelope_domain, facts.spf
    record = Record(domain, "TXT", spf_record(facts.includes, [one.address for one in facts.ptr]))
    fix = record if facts.includes or facts.ptr else None  # “-all” alone would forbid every mail
    if spf is None:
        yield Finding(Check.SPF, Level.UNKNOWN, domain, _("DNS tidak menjawab. Ulangi nanti."))
        return
    if not spf.record or spf.error:
        text = (
            _("Catatan SPF belum ada. Tanpa SPF, Gmail dan Yahoo menolak surel massal.")
            if not spf.record
            else _("Catatan SPF keliru: {why}").format(why=spf.error)
        )
        yield Finding(Check.SPF, Level.BAD, domain, text, fix)
        return
    missed = [address for address, passes in spf.covers if not passes]
    if missed:
        text = _("SPF tidak memuat alamat keluar {addresses}; surel dari sana ditolak.").format(
            addresses=", ".join(missed)
        )
        yield Finding(Check.SPF, Level.BAD, domain, text, fix)
    elif spf.lookups > MAX_SPF_LOOKUPS:
        text = _("SPF memerlukan {count} pencarian DNS; batasnya {most}. Kurangi “include”.").format(
            count=spf.lookups, most=MAX_SPF_LOOKUPS
        )
        yield Finding(Check.SPF, Level.BAD, domain, text)
    elif spf.ends in {"pass", "neutral"}:
        text = _("SPF membolehkan siapa pun. Akhiri dengan “-all” atau “~all”.")
        yield Finding(Check.SPF, Level.BAD if spf.ends == "pass" else Level.WARN, domain, text)
    elif absent := [name for name in facts.includes if name not in spf.record]:
        text = _("SPF belum menyebut {names}. Periksa apakah pengirim itu dimuat dengan cara lain.").format(
            names=", ".join(absent)
        )
        yield Finding(Check.SPF, Level.WARN, domain, text, fix)
    else:
        yield Finding(Check.SPF, Level.GOOD, domain, _("SPF benar ({count} pencarian).").format(count=spf.lookups))


def _dkim(facts: DomainFacts) -> Iterator[Finding]:
    if not facts.dkim:
        text = _(
            "Siar tidak menandatangani surel domain ini. Pastikan relai Anda menandatanganinya,"
            " atau buat kunci: siar dkim new."
        )
        yield Finding(Check.DKIM, Level.UNKNOWN, facts.domain, text)
    for one in facts.dkim:
        fix = Record(one.name, "TXT", one.ours) if one.ours else None
        if not one.found:
            yield Finding(Check.DKIM, Level.BAD, one.name, _("Kunci DKIM belum diterbitkan."), fix)
        elif one.ours and not one.same_key:
            text = _("Kunci DKIM di DNS bukan kunci Siar; tanda tangan akan ditolak.")
            yield Finding(Check.DKIM, Level.BAD, one.name, text, fix)
        else:
            yield Finding(Check.DKIM, Level.GOOD, one.name, _("Kunci DKIM terbit dan sama."))


def _dmarc(facts: DomainFacts) -> Iterator[Finding]:
    dmarc, domain = facts.dmarc, facts.domain
    fix = Record(f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=none; rua=mailto:{facts.postmaster}")
    if dmarc is None:
        yield Finding(Check.DMARC, Level.UNKNOWN, domain, _("DNS tidak menjawab. Ulangi nanti."))
    elif not dmarc.record:
        text = _("Catatan DMARC belum ada. Gmail, Yahoo, dan Microsoft mewajibkannya untuk surel massal.")
        yield Finding(Check.DMARC, Level.BAD, domain, text, fix)
    elif dmarc.error:
        yield Finding(Check.DMARC, Level.BAD, domain, _("Catatan DMARC keliru: {why}").format(why=dmarc.error), fix)
    elif dmarc.removed_tags:
        text = _("DMARC memakai tag yang dihapus RFC 9989 ({tags}); hapus dari catatan.").format(
            tags=", ".join(dmarc.removed_tags)
        )
        yield Finding(Check.DMARC, Level.WARN, dmarc.location, text)
    elif not dmarc.reports_to:
        text = _("DMARC tanpa “rua”: laporan penyalahgunaan domain tidak sampai kepada siapa pun.")
        yield Finding(Check.DMARC, Level.WARN, dmarc.location, text)
    elif dmarc.policy == "none":
        text = _("DMARC ada, kebijakannya “none”. Setelah laporan bersih, naikkan ke “quarantine”.")
        yield Finding(Check.DMARC, Level.GOOD, dmarc.location, text)
    else:
        text = _("DMARC ada, kebijakannya “{policy}”.").format(policy=dmarc.policy)
        yield Finding(Check.DMARC, Level.GOOD, dmarc.location, text)


def _alignment(facts: DomainFacts) -> Iterator[Finding]:
    signed = any(one.found and (one.same_key or not one.ours) for one in facts.dkim)
    spf = facts.spf is not None and bool(facts.spf.record) and not facts.spf.error and facts.same_organisation
    if signed or spf:
        by = " + ".join(name for name, stands in (("DKIM", signed), ("SPF", spf)) if stands)
        yield Finding(
            Check.ALIGNMENT, Level.GOOD, facts.domain, _("Selaras dengan alamat pengirim lewat {by}.").format(by=by)
        )
    else:
        text = _("Tidak ada SPF atau DKIM yang selaras dengan alamat pengirim; DMARC gagal untuk semua surel.")
        yield Finding(Check.ALIGNMENT, Level.BAD, facts.domain, text)


def _mx(facts: DomainFacts) -> Iterator[Finding]:
    for_whom = facts.envelope_domain
    if facts.mx is None:
        yield Finding(Check.MX, Level.UNKNOWN, for_whom, _("DNS tidak menjawab. Ulangi nanti."))
    elif not facts.mx:
        text = _("Domain tidak menerima surel (tanpa MX); pantulan dan balasan hilang.")
        yield Finding(Check.MX, Level.BAD, for_whom, text)
    else:
        yield Finding(Check.MX, Level.GOOD, for_whom, _("Surel diterima di {hosts}.").format(hosts=", ".join(facts.mx)))


def _ptr(found: Sequence[PtrFacts]) -> Iterator[Finding]:
    for one in found:
        if one.confirmed:
            text = _("Nama balik {name} cocok.").format(name=one.names[0])
            yield Finding(Check.PTR, Level.GOOD, one.address, text)
        else:
            text = _(
                "PTR alamat ini tidak ada atau tidak kembali ke alamat yang sama. Minta penyedia jaringan mengaturnya."
            )
            yield Finding(Check.PTR, Level.BAD, one.address, text)


def _tls(relays: Sequence[TlsFacts]) -> Iterator[Finding]:
    for relay in relays:
        if relay.secure:
            yield Finding(Check.TLS, Level.GOOD, relay.host, _("Sambungan ke relai tersandi dan sertifikatnya sah."))
        elif relay.secure is None:
            text = _("Sambungan ke relai ini tidak tersandi. Pakai STARTTLS, kecuali relai ada di komputer ini.")
            yield Finding(Check.TLS, Level.WARN, relay.host, text)
        else:
            text = _("Sambungan tersandi ke relai gagal: {why}").format(why=relay.error)
            yield Finding(Check.TLS, Level.BAD, relay.host, text)
