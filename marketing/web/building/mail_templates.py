"""Templat surel, from sources and versions to views."""

import difflib
from collections.abc import Iterable, Mapping, Sequence

from marketing.channels.email.mime import extra_headers
from marketing.db.models import MailTemplateVersion
from marketing.domain.content import OutboundEmail
from marketing.domain.types import EmailType
from marketing.i18n import gettext as _
from marketing.templates.checks import Finding, Level
from marketing.templates.compiler import TemplateSource
from marketing.templates.looks import Look
from marketing.templates.override import Refusal
from marketing.templates.registry import TEMPLATES, MailTemplate
from marketing.tenants.profile import TenantProfile
from marketing.web import paths
from marketing.web.building.words import mailbox, moment_text
from marketing.web.views.mail_templates import DiffPart, DiffView, TemplateRow, VersionRow
from marketing.web.views.preview import LookLink, MailFinding
from marketing.web.views.states import email_type_label

_AROUND = 2  # lines shown around a change


def look_label(look: Look) -> str:
    """Return the name of a look."""
    return {Look.LIGHT: _("Terang"), Look.DARK: _("Gelap"), Look.NO_PICTURES: _("Tanpa gambar")}[look]


def looks_at(address: str) -> tuple[LookLink, ...]:
    """Return the ways to see the mail at this address."""
    return tuple(LookLink(look_label(look), f"{address}?rupa={look}") for look in Look)


def variant_label(variant: str) -> str:
    """Return the name of a variant in words."""
    return {
        "diskon": _("Potongan harga"),
        "produk_baru": _("Produk baru"),
        "paket": _("Paket"),
        "buletin": _("Buletin"),
        "sosialisasi": _("Sosialisasi"),
        "lama_tidak_berjumpa": _("Lama tidak berjumpa"),
        "pilihan": _("Pilihan pribadi"),
        "pesanan": _("Pesanan"),
        "faktur": _("Faktur"),
        "pengiriman": _("Pengiriman"),
        "komplain": _("Komplain"),
    }.get(variant, variant)


def version_label(number: int) -> str:
    """Return what a version is called."""
    return _("versi {number}").format(number=number) if number else _("bawaan Siar")


def rows_of(standing: Mapping[tuple[EmailType, str], int]) -> tuple[TemplateRow, ...]:
    """Return every template with the version in force."""
    return tuple(
        TemplateRow(
            kind=email_type_label(one.email_type),
            name=variant_label(one.variant),
            standing=version_label(standing.get((one.email_type, one.variant), 0)),
            href=paths.mail_template(one.email_type, one.variant),
            own=(one.email_type, one.variant) in standing,
        )
        for one in TEMPLATES
    )


def versions_of(
    rows: Sequence[MailTemplateVersion],
    names: Mapping[int, str],
    template: MailTemplate,
    profile: TenantProfile,
    *,
    can_edit: bool,
) -> tuple[VersionRow, ...]:
    """Return the history, the newest first, with the shipped template at its end."""

    def at(act: str = "", **query: int) -> str:
        return paths.mail_template(template.email_type, template.variant, act, **query)

    older = [*(row.number for row in rows[1:]), 0][: len(rows)]
    found = [
        VersionRow(
            title=version_label(row.number)
            if row.mjml
            else _("versi {number}: kembali ke bawaan").format(number=row.number),
            when=moment_text(row.created_at, profile),
            who=names.get(row.created_by or 0, _("baris perintah")),
            note=row.note,
            diff_href=at("beda", dari=before, ke=row.number),
            open_href=at(versi=row.number) if row.mjml else "",
            number=row.number,
            current=index == 0,
            may_restore=can_edit and index > 0 and bool(row.mjml),
        )
        for index, (row, before) in enumerate(zip(rows, older, strict=True))
    ]
    own = bool(rows) and bool(rows[0].mjml)
    shipped = VersionRow(
        title=version_label(0),
        when="",
        who=_("Siar"),
        note="",
        open_href=at(versi=0),
        current=not rows,
        may_restore=can_edit and own,
    )
    return (*found, shipped)


def refusals_by_field(found: Iterable[Refusal]) -> tuple[tuple[str, str], ...]:
    """Return each reason with the field it is about."""
    names = {"mjml": _("MJML"), "text": _("Teks")}
    return tuple(
        (
            "mjml" if one.part == "mjml" else "teks",
            _("{part}, baris {line}: {text}").format(part=names[one.part], line=one.line, text=one.text)
            if one.line
            else f"{names[one.part]}: {one.text}",
        )
        for one in found
    )


def findings_of(found: Iterable[Finding]) -> tuple[MailFinding, ...]:
    """Return the findings for a page."""
    return tuple(MailFinding(one.text, one.level is Level.ERROR, one.line) for one in found)


def headers_of(email: OutboundEmail) -> tuple[tuple[str, str], ...]:
    """Return what machines read of a mail."""
    sender = mailbox(email.sender_name, email.sender_address)
    return (("From", sender), ("Subject", email.subject), *extra_headers(email).items())


def diff_view(
    template: MailTemplate, before: tuple[int, TemplateSource], after: tuple[int, TemplateSource]
) -> DiffView:
    """Return what changed between two versions."""
    pairs = (
        (_("MJML"), before[1].mjml, after[1].mjml),
        (_("Teks"), before[1].text, after[1].text),
    )
    return DiffView(
        name=variant_label(template.variant),
        back_href=paths.mail_template(template.email_type, template.variant),
        before=version_label(before[0]),
        after=version_label(after[0]),
        parts=tuple(DiffPart(title, _diff(old, new)) for title, old, new in pairs),
    )


def _diff(old: str, new: str) -> tuple[tuple[str, str], ...]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=_AROUND)
    told = [line for line in lines if not line.startswith(("---", "+++"))]
    return tuple((line[:1].strip(), line if line.startswith("@") else line[1:]) for line in told)
