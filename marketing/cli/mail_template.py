"""E-mails from the command line: look at them, check them, and keep the office's own templates."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from marketing.cli.opening import opened
from marketing.i18n import LANGUAGES, N_, SOURCE_LANGUAGE
from marketing.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketing.bootstrap import App
    from marketing.templates.checks import Finding
    from marketing.templates.compiler import TemplateSource
    from marketing.templates.override import Refusal
    from marketing.templates.registry import MailTemplate
    from marketing.tenants.profile import TenantProfile

commands = typer.Typer()
email = typer.Typer(help=N_("Surel: lihat contohnya, periksa, dan kelola templat milik Dinas."))
template = typer.Typer(help=N_("Templat surel milik Dinas, dengan riwayat versinya."))
commands.add_typer(email, name="email")
email.add_typer(template, name="template")

TheTenant = Annotated[str, typer.Option("--tenant", help="tts, blitar")]
TheName = Annotated[str, typer.Argument(help=N_("jenis/varian, misalnya promotional/diskon"))]
TheNote = Annotated[str, typer.Option("--note", help=N_("mengapa diubah; tampil di riwayat"))]


@email.command("render", help=N_("Tulis contoh surel sebagai HTML, teks, dan EML; dengan --pictures juga gambarnya."))
def render_command(
    name: Annotated[str, typer.Argument(help=N_("jenis, varian, atau jenis/varian"))],
    tenant: TheTenant,
    out: Annotated[Path, typer.Option(help=N_("folder tujuan; dibuat bila belum ada"))],
    *,
    sample: Annotated[bool, typer.Option("--sample", help=N_("isi contoh; wajib, karena isi lain menyangkut orang"))],
    lang: Annotated[str, typer.Option(help="id, en")] = SOURCE_LANGUAGE,
    pictures: Annotated[
        bool, typer.Option("--pictures", help=N_("gambar PNG 600 dan 375 px, terang dan gelap; perlu Chromium"))
    ] = False,
) -> None:
    """Write the sample of each template that the name fits, as the office's template in force makes it."""
    from marketing.channels.email.mime import build_mime
    from marketing.errors import InvalidInputError
    from marketing.mail.samples import sample_of
    from marketing.mail.screenshots import Screenshots
    from marketing.mail.templates import standing_source
    from marketing.templates.registry import named_templates

    _language(lang)
    if not sample:
        raise InvalidInputError(_("Tambahkan --sample: perintah ini hanya menulis surel contoh."), field="sample")
    with opened(tenant) as (app, profile):
        camera = Screenshots.found(app.settings.chromium, app.settings.data_dir / "potret-surel") if pictures else None
        out.mkdir(parents=True, exist_ok=True)
        for one in named_templates(name):
            with app.database.read() as session:
                source = standing_source(session, profile.id, one)
            mail = sample_of(one, profile, source, lang).email
            stem = out / f"{one.email_type}-{one.variant}-{lang}"
            stem.with_suffix(".html").write_text(mail.html, "utf-8")
            stem.with_suffix(".txt").write_text(mail.text, "utf-8")
            stem.with_suffix(".eml").write_bytes(build_mime(mail, date=app.clock()))
            for shot in camera.take(mail.html) if camera else ():
                out.joinpath(f"{stem.name}-{shot.width}-{shot.look}.png").write_bytes(shot.png)
            print(f"{stem}.html")


@email.command("check", help=N_("Periksa templat atau surel jadi; keluar 1 bila ada yang harus diperbaiki."))
def check_command(
    what: Annotated[
        str, typer.Argument(help=N_("jenis[/varian], atau berkas .mjml (dengan .txt di sebelahnya) atau .eml"))
    ],
    tenant: TheTenant,
    kind: Annotated[str, typer.Option("--as", help=N_("untuk berkas .mjml: jenis/varian yang digantikannya"))] = "",
) -> None:
    """Check the templates in force of a kind, or a file."""
    from marketing.templates.registry import named_templates

    with opened(tenant) as (app, profile):
        if what.endswith(".eml"):
            sound = _told(what, (), _findings_of_eml(Path(what), app))
        elif what.endswith(".mjml"):
            sound = _check_source(what, _source_beside(Path(what)), _only(kind or Path(what).stem), app, profile)
        else:
            sound = {_check_standing(one, app, profile) for one in named_templates(what)} == {True}
    if not sound:
        raise typer.Exit(1)


@template.command("list", help=N_("Setiap templat dan versi yang berlaku."))
def list_command(tenant: TheTenant) -> None:
    """Print the version in force of each template."""
    from marketing.mail.templates import in_force
    from marketing.templates.registry import TEMPLATES

    with opened(tenant) as (app, profile), app.database.read() as session:
        for one in TEMPLATES:
            number = in_force(session, profile.id, one.email_type, one.variant)
            print(f"{one.email_type}/{one.variant}\t{_version_words(number)}")


@template.command("show", help=N_("Cetak sumber sebuah templat, atau riwayatnya dengan --history."))
def show_command(
    name: TheName,
    tenant: TheTenant,
    *,
    part: Annotated[Literal["mjml", "text"], typer.Option(help=N_("bagian yang dicetak"))] = "mjml",
    version: Annotated[int, typer.Option(help=N_("nomor versi; 0: bawaan; kosong: yang berlaku"))] = -1,
    history: Annotated[bool, typer.Option("--history", help=N_("cetak riwayat versinya"))] = False,
) -> None:
    """Print one part as it was written."""
    from marketing.mail.templates import history as versions
    from marketing.mail.templates import in_force, source_of

    one = _only(name)
    with opened(tenant) as (app, profile), app.database.read() as session:
        if history:
            for row in versions(session, profile.id, one.email_type, one.variant):
                local = row.created_at.astimezone(profile.tz)
                back = "" if row.mjml else _("kembali ke bawaan")
                print("\t".join(filter(None, (str(row.number), f"{local:%Y-%m-%d %H:%M %Z}", back, row.note))))
            return
        number = version if version >= 0 else in_force(session, profile.id, one.email_type, one.variant)
        source = source_of(session, profile.id, one, number)
    print(source.mjml if part == "mjml" else source.text, end="")


@template.command("set", help=N_("Simpan versi baru; ditolak dengan baris dan sebabnya bila tidak boleh dipakai."))
def set_command(
    name: TheName,
    tenant: TheTenant,
    mjml: Annotated[Path, typer.Option(help=N_("berkas MJML"))],
    text: Annotated[Path | None, typer.Option(help=N_("berkas teks; kosong: .txt di sebelah berkas MJML"))] = None,
    note: TheNote = "",
) -> None:
    """Keep a new version, in force from now on."""
    from marketing.mail.templates import Change, TemplateRefusedError, save

    one, source = _only(name), _source_beside(mjml, text)
    with opened(tenant) as (app, profile):
        try:
            with app.database.write() as session:
                row = save(session, profile, one, source, Change(None, note, app.clock()))
                number = row.number
        except TemplateRefusedError as refused:
            _told(str(mjml), refused.refusals, ())
            raise typer.Exit(1) from refused
    print(_("Versi {number} tersimpan dan berlaku untuk surel berikutnya.").format(number=number))


@template.command("restore", help=N_("Berlakukan lagi versi lama sebagai versi baru; 0: templat bawaan."))
def restore_command(
    name: TheName,
    number: Annotated[int, typer.Argument(min=0, help=N_("nomor versi, lihat “siar email template show --history”"))],
    tenant: TheTenant,
    note: TheNote = "",
) -> None:
    """Put an earlier version in force."""
    from marketing.mail.templates import Change, restore

    one = _only(name)
    with opened(tenant) as (app, profile), app.database.write() as session:
        row = restore(session, profile, one, number, Change(None, note, _now(app)))
        told = _("Versi {number} berlaku: sama dengan {old}.")
        print(told.format(number=row.number, old=_version_words(number)))


def _now(app: "App") -> datetime:
    return app.clock()


def _language(lang: str) -> None:
    from marketing.errors import InvalidInputError

    if lang not in LANGUAGES:
        said = _("Bahasa “{lang}” tidak dikenal. Pilih salah satu: {known}.")
        raise InvalidInputError(said.format(lang=lang, known=", ".join(LANGUAGES)), field="lang")


def _only(name: str) -> "MailTemplate":
    """Return the one template of this name; InvalidInputError when it names several."""
    from marketing.errors import InvalidInputError
    from marketing.templates.registry import named_templates

    found = named_templates(name)
    if len(found) > 1:
        known = ", ".join(f"{one.email_type}/{one.variant}" for one in found)
        raise InvalidInputError(_("Sebutkan juga variannya: {known}.").format(known=known), field="templat")
    return found[0]


def _version_words(number: int) -> str:
    return _("versi {number}").format(number=number) if number else _("bawaan Siar")


def _source_beside(mjml: Path, text: Path | None = None) -> "TemplateSource":
    from marketing.templates.compiler import TemplateSource

    return TemplateSource(_read(mjml), _read(text or mjml.with_suffix(".txt")))


def _read(path: Path) -> str:
    from marketing.errors import InvalidInputError

    try:
        return path.read_text("utf-8")
    except (OSError, ValueError) as error:
        said = _("Berkas “{path}” tidak dapat dibaca sebagai teks UTF-8.").format(path=path)
        raise InvalidInputError(said, field="berkas") from error


def _check_standing(one: "MailTemplate", app: "App", profile: "TenantProfile") -> bool:
    from marketing.mail.templates import standing_source
    from marketing.templates.compiler import shipped_source

    with app.database.read() as session:
        own = standing_source(session, profile.id, one)
    source = own or shipped_source(one.email_type, one.variant)
    return _check_source(f"{one.email_type}/{one.variant}", source, one, app, profile)


def _check_source(
    name: str, source: "TemplateSource", one: "MailTemplate", app: "App", profile: "TenantProfile"
) -> bool:
    from marketing.mail.samples import sample_of, template_findings
    from marketing.templates.override import refusals

    refused = refusals(source, one, profile)
    if refused:
        return _told(name, refused, ())
    sample = sample_of(one, profile, source)
    return _told(name, (), template_findings(sample, source, app.settings.public_url))


def _findings_of_eml(path: Path, app: "App") -> "tuple[Finding, ...]":
    from marketing.errors import InvalidInputError
    from marketing.mail.samples import examined_bytes
    from marketing.templates.checks import findings

    try:
        return findings(examined_bytes(path.read_bytes(), app.settings.public_url))
    except OSError as error:
        raise InvalidInputError(_("Berkas “{path}” tidak dapat dibaca.").format(path=path), field="berkas") from error


def _told(name: str, refused: "Iterable[Refusal]", found: "Iterable[Finding]") -> bool:
    """Print what is wrong, one a line as compilers do; return whether nothing has to be mended."""
    from marketing.templates.checks import Level

    refused, found = tuple(refused), tuple(found)
    for refusal in refused:
        print(f"{name}:{refusal.part}:{refusal.line}: {_('ditolak')}: {refusal.text}")
    for finding in found:
        grave = _("galat") if finding.level is Level.ERROR else _("saran")
        print(f"{name}:mjml:{finding.line}: {grave}: {finding.text}")
    if not refused and not found:
        print(_("{name}: tidak ada yang perlu diperbaiki.").format(name=name))
    return not refused and not any(finding.level is Level.ERROR for finding in found)
