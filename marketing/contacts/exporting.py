"""Contacts into a file for a spreadsheet: nothing in it is a formula, every identifier is text, and there is no NIK.

Written as it is read, a thousand people at a time; those who were erased or merged into another are not in it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketing.contacts import segments
from marketing.contacts.segment_query import Asked, members
from marketing.db.models import Address, ConsentNow, Contact, Segment
from marketing.domain.consent import ConsentState
from marketing.domain.privacy import masked
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError, StorageError
from marketing.i18n import gettext as _
from marketing.tabular.writing import write_csv, write_xlsx

PAGE: Final = 1_000
WRITERS: Final = {".csv": write_csv, ".xlsx": write_xlsx}
CHANNELS: Final = (ChannelName.EMAIL, ChannelName.WHATSAPP, ChannelName.TELEGRAM)
BETWEEN: Final = " ; "


def export_contacts(
    session: Session, tenant_id: str, out: Path, now: datetime, *, segment: str = "", force: bool = False
) -> int:
    """Write the contacts of a Daerah, or of one of its segments, and return how many they are.

    InvalidInputError for another kind of file, NotAllowedError when the file is there and `force` is False, NotFoundError for
    a segment that is not. A file that could not be finished is not left behind.
    """
    write = WRITERS.get(out.suffix.lower())
    if write is None:
        raise InvalidInputError(_("Tulis nama berkas yang berakhiran .csv atau .xlsx."))
    if out.exists() and not force:
        raise NotAllowedError(
            _("Berkas “{name}” sudah ada. Pilih nama lain, atau tambahkan --force.").format(name=out.name)
        )
    part = out.with_name(f".{out.name}.sebagian")
    rows = rows_of(session, tenant_id, now, segment)
    try:
        part.unlink(missing_ok=True)
        count = write(part, headings(), rows)
        part.chmod(0o600)
        part.replace(out)
    except OSError as error:
        raise StorageError(
            _("Berkas “{name}” tidak dapat ditulis ({reason}).").format(name=out.name, reason=error.strerror or error)
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return count


def headings() -> tuple[str, ...]:
    """Return the headings; `siar contacts import` understands those that it may take back."""
    return (
        _("Nama"),
        _("Surel"),
        _("WhatsApp"),
        _("Telegram"),
        _("Jenis"),
        _("Bahasa"),
        _("Zona"),
        _("Kecamatan"),
        _("Topik"),
        *(f"{_('Keadaan persetujuan')}: {purpose.value}" for purpose in Purpose),
        _("Asal data"),
        _("Nomor kontak"),
    )


def rows_of(session: Session, tenant_id: str, now: datetime, segment: str = "") -> Iterator[tuple[str, ...]]:
    """Yield one row of texts for each contact, by id; NotFoundError at once for a segment that is not."""
    query = select(Contact).where(
        Contact.tenant_id == tenant_id, Contact.erased_at.is_(None), Contact.merged_into.is_(None)
    )
    if segment:
        query = query.where(Contact.id.in_(_members(session, tenant_id, segment, now)))
    return _rows(session, query.order_by(Contact.id).limit(PAGE))


def _rows(session: Session, query: Select[Contact]) -> Iterator[tuple[str, ...]]:
    last = 0
    while page := session.scalars(query.where(Contact.id > last)).all():
        last = page[-1].id
        ids = [one.id for one in page]
        consents = _consents(session, ids)
        for contact in page:
            yield _row(contact, contact.addresses, consents[contact.id])
        session.expunge_all()


def _row(contact: Contact, addresses: Sequence[Address], consents: dict[Purpose, ConsentState]) -> tuple[str, ...]:
    by_channel = [BETWEEN.join(one.normalised for one in addresses if one.channel is channel) for channel in CHANNELS]
    return (
        masked(contact.name),
        *by_channel,
        BuyerKind(contact.kind).value,
        contact.locale,
        contact.zone,
        masked(contact.kecamatan),
        masked(", ".join(map(str, contact.preferences.get("categories", ())))),
        *(consents[purpose].value if purpose in consents else "" for purpose in Purpose),
        contact.source,
        str(contact.id),
    )


def _consents(session: Session, ids: Sequence[int]) -> defaultdict[int, dict[Purpose, ConsentState]]:
    found: defaultdict[int, dict[Purpose, ConsentState]] = defaultdict(dict)
    query = select(ConsentNow.contact_id, ConsentNow.purpose, ConsentNow.state).where(ConsentNow.contact_id.in_(ids))
    for contact_id, purpose, state in session.execute(query):
        found[contact_id][purpose] = state
    return found


def _members(session: Session, tenant_id: str, name: str, now: datetime) -> Select[int]:
    row = session.scalars(select(Segment).where(Segment.tenant_id == tenant_id, Segment.name == name)).first()
    if row is None:
        raise NotFoundError(_("Tidak ada segmen bernama “{name}”.").format(name=name))
    return members(session, segments.whole_of(session, row), Asked(tenant_id, now))
