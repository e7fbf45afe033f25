"""The consent texts in force: those that the Dinas published, and those that come with Siar until it does.

A shipped text becomes a row when the first consent names it; from then on the row is what was shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.db.insert import engine_insert
from marketing.db.models import ConsentWording
from marketing.domain.consent_wording import (
    LABELS,
    Standing,
    Wording,
    current_version,
    is_version,
    missing_elements,
    series,
    standing,
    text_hash,
)
from marketing.domain.text import cleaned
from marketing.domain.types import Purpose
from marketing.errors import InvalidInputError, NotFoundError
from marketing.i18n import SOURCE_LANGUAGE
from marketing.i18n import gettext as _
from marketing.tenants.profile import load_profiles
from marketing.tenants.shipped_wordings import shipped_wordings

LONGEST: Final = 10_000  # characters
_Key = tuple[str, Purpose, str]


def current(session: Session, tenant_id: str, purpose: Purpose, language: str, now: datetime) -> Wording:
    """Return the text to show now, in Indonesian when the version in force does not speak the language.

    NotFoundError when the Daerah has no text for the purpose at all.
    """
    known = [one for one in _known(session, tenant_id).values() if one.purpose is purpose]
    version = current_version(((one.version, one.valid_from) for one in known), now)
    spoken = {one.language: one for one in known if one.version == version}
    found = spoken.get(language) or spoken.get(SOURCE_LANGUAGE)
    if found is None:
        raise NotFoundError(_("Belum ada teks persetujuan untuk tujuan ini. Terbitkan dahulu."))
    return found


def find(session: Session, tenant_id: str, *, version: str, purpose: Purpose, language: str) -> Wording | None:
    """Return the text that a ledger line names, None when it was another system's."""
    return _known(session, tenant_id).get((version, purpose, language))


def all_texts(session: Session, tenant_id: str) -> Mapping[str, str]:
    """Return every text of a Daerah by its hash."""
    return {one.hash: one.text for one in _known(session, tenant_id).values()}


def publish(
    session: Session,
    *,
    tenant_id: str,
    version: str,
    purpose: Purpose,
    language: str,
    text: str,
    valid_from: datetime,
    now: datetime,
) -> Wording:
    """Publish one text, in force from `valid_from`; the caller owns the transaction and the audit line.

    Publishing the same again changes nothing. InvalidInputError, with its field, when the version stands with another
    text, when an element of UU 27/2022 Ps. 21(1) is missing, or when it would be in force before it is told (Ps. 21(2)).
    """
    text = cleaned(text).strip()
    if language not in LABELS:
        raise InvalidInputError(
            _("Bahasa teks persetujuan: {known}.").format(known=", ".join(LABELS)), field="language"
        )
    if not is_version(version):
        raise InvalidInputError(_("Versi ditulis seperti 2026-2, atau 2026-2.1 untuk perbaikan kata."), field="version")
    known = _known(session, tenant_id)
    standing_text = known.get((version, purpose, language))
    if standing_text is not None:
        if standing_text.hash != text_hash(text):
            raise InvalidInputError(
                _("Versi {version} sudah terbit dan tidak dapat diubah. Terbitkan versi baru.").format(version=version),
                field="version",
            )
        return standing_text
    if not text or len(text) > LONGEST:
        raise InvalidInputError(_("Teks persetujuan kosong atau lebih dari 10.000 huruf."), field="text")
    if missing := missing_elements(text, language):
        labels = ", ".join(LABELS[language][element] for element in missing)
        raise InvalidInputError(
            _("Teks persetujuan belum memuat: {labels} (UU 27/2022 Pasal 21 ayat (1)).").format(labels=labels),
            field="text",
        )
    if valid_from < now:
        raise InvalidInputError(
            _("Teks persetujuan tidak dapat berlaku surut. Pilih waktu mulai dari sekarang."), field="valid_from"
        )
    if series(version) != version and not any(one == (series(version), purpose) for one in _versions(known)):
        raise InvalidInputError(
            _("Perbaikan kata {version} memerlukan versi {series} yang sudah terbit.").format(
                version=version, series=series(version)
            ),
            field="version",
        )
    wording = Wording(version, purpose, language, text, text_hash(text), valid_from)
    _keep(session, tenant_id, wording)
    return wording


def keep_shown(session: Session, tenant_id: str, *, version: str, purpose: Purpose, language: str) -> str:
    """Return the hash of the text that a new line names and keep a shipped text for ever; empty for a text unknown here."""
    found = find(session, tenant_id, version=version, purpose=purpose, language=language)
    if found is None:
        return ""
    _keep(session, tenant_id, found)
    return found.hash


@dataclass(frozen=True, slots=True)
class WordingAges:
    """Says of any consent whether the text it was given on still holds; made once for many people."""

    published: Mapping[Purpose, tuple[tuple[str, datetime], ...]]
    now: datetime

    def standing(self, purpose: Purpose, version: str) -> Standing:
        """Judge one consent by the version it was given on."""
        return standing(version, self.published.get(purpose, ()), self.now)

    def outdated(self, purpose: Purpose) -> tuple[str, ...]:
        """Return the versions on which nothing may rest any more, for a query over many people."""
        versions = dict.fromkeys(version for version, _from in self.published.get(purpose, ()))
        return tuple(version for version in versions if self.standing(purpose, version) is Standing.OUTDATED)


def load_ages(session: Session, tenant_id: str, now: datetime) -> WordingAges:
    """Return the judge of consent texts of one Daerah as of now."""
    published: dict[Purpose, tuple[tuple[str, datetime], ...]] = {}
    for one in _known(session, tenant_id).values():
        published[one.purpose] = (*published.get(one.purpose, ()), (one.version, one.valid_from))
    return WordingAges(published, now)


def _known(session: Session, tenant_id: str) -> dict[_Key, Wording]:
    """Return all texts of a Daerah; what stands in the database is what was shown, whatever is shipped today."""
    shipped = shipped_wordings(tenant_id) if tenant_id in load_profiles() else ()
    known = {(one.version, one.purpose, one.language): one for one in shipped}
    for row in session.scalars(select(ConsentWording).where(ConsentWording.tenant_id == tenant_id)):
        known[row.version, row.purpose, row.language] = Wording(
            row.version, row.purpose, row.language, row.text, row.hash, row.valid_from
        )
    return known


def _versions(known: Mapping[_Key, Wording]) -> set[tuple[str, Purpose]]:
    return {(version, purpose) for version, purpose, _language in known}


def _keep(session: Session, tenant_id: str, wording: Wording) -> None:
    row: dict[str, Any] = {
        "tenant_id": tenant_id,
        "version": wording.version,
        "purpose": wording.purpose,
        "language": wording.language,
        "text": wording.text,
        "hash": wording.hash,
        "valid_from": wording.valid_from,
    }
    session.execute(engine_insert(session, ConsentWording).values(row).on_conflict_do_nothing())
