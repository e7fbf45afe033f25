"""The list of never-send as the staff keep it: put an address on it by hand, find it, lift it with a reason.

The address itself is never stored: a row knows it by its keyed hash, and the audit log by the first letters of that.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from marketing.accounts.audit import write_audit
from marketing.contacts.addresses import NORMALISE, address_hash
from marketing.db.models import Suppression, Tenant
from marketing.domain.text import one_line
from marketing.domain.types import ChannelName
from marketing.errors import InvalidInputError, NotAllowedError, NotFoundError
from marketing.i18n import gettext as _

NOTE_LENGTH: Final = 300
"""Characters of a note."""
HASH_PREFIX: Final = 12
"""Hex digits of the keyed hash that the audit log keeps: enough to find a row, too few to try addresses against."""
_DOCUMENT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{2,59}")
_ADDRESS_LIKE: Final = re.compile(r"@|[0-9](?:[ .-]?[0-9]){7}")
_PHONE_LIKE: Final = re.compile(r"[0-9+() .-]+")


class Reason(StrEnum):
    """Why an address is never written to; only `manual` and `legal` are entered by hand, `erased` is never lifted."""

    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCES = "soft_bounces"
    COMPLAINT = "complaint"
    UNSUBSCRIBE_ALL = "unsubscribe_all"
    MANUAL = "manual"
    LEGAL = "legal"
    ERASED = "erased"


BY_HAND: Final = (Reason.MANUAL, Reason.LEGAL)


class LiftReason(StrEnum):
    """Why an address may be written to again; a code, so that nobody's data gets into the audit log."""

    MISTAKE = "salah_catat"
    OWNER_ASKS = "pemilik_meminta"
    MAILBOX_WORKS = "alamat_pulih"
    ORDER_ENDED = "perintah_berakhir"


@dataclass(frozen=True, slots=True)
class Reach:
    """One address by channel and keyed hash, all that is kept of it."""

    channel: ChannelName
    hash: str


def reaches_of(key: bytes, tenant_id: str, typed: str) -> tuple[Reach, ...]:
    """Return what a typed address may be, by its form: an e-mail address, a phone number, or a Telegram name with its `@`."""
    text = typed.strip()
    channels = [ChannelName.EMAIL]
    if _PHONE_LIKE.fullmatch(text):
        channels.append(ChannelName.WHATSAPP)
    if text.startswith("@"):
        channels.append(ChannelName.TELEGRAM)
    forms = [(channel, NORMALISE[channel](text)) for channel in channels]
    return tuple(Reach(channel, address_hash(key, tenant_id, form)) for channel, form in forms if form)


def find(session: Session, tenant_id: str, reaches: Iterable[Reach]) -> Sequence[Suppression]:
    """Return the rows that bar one of these addresses."""
    wanted = [(reach.channel, reach.hash) for reach in reaches]
    query = select(Suppression).where(
        Suppression.tenant_id == tenant_id, tuple_(Suppression.channel, Suppression.address_hash).in_(wanted)
    )
    return session.scalars(query.order_by(Suppression.id)).all()


def add(
    session: Session,
    *,
    tenant_id: str,
    reach: Reach,
    reason: Reason,
    note: str,
    user_id: int | None,
    now: datetime,
) -> Suppression:
    """Put an address on the list by hand; the caller owns the transaction. What waits for it is skipped when its turn comes.

    A legal order takes the place of every weaker reason; nothing takes the place of an erasure. InvalidInputError when the
    reason is not one for people, the note is missing or holds an address, or the address stands there already.
    """
    if reason not in BY_HAND:
        raise InvalidInputError(
            _("Dengan tangan hanya dapat dicatat: keputusan dinas, atau perintah hukum."), field="sebab"
        )
    note = without_addresses(note, field="catatan")
    session.get(Tenant, tenant_id, with_for_update={"key_share": True})  # two at once come one after the other
    standing = next(iter(find(session, tenant_id, [reach])), None)
    before = standing.reason if standing is not None else ""
    if before and (reason is not Reason.LEGAL or before in (Reason.ERASED, Reason.LEGAL)):
        raise InvalidInputError(
            _("Alamat ini sudah ada di daftar henti. Cari alamatnya untuk melihat sebabnya."), field="alamat"
        )
    row = standing or Suppression(tenant_id=tenant_id, channel=reach.channel, address_hash=reach.hash)
    row.reason, row.note, row.user_id, row.at = reason, note, user_id, now
    session.add(row)
    session.flush()
    _audit(session, row, "suppression.added", user_id, now, before=before)
    return row


def lift(
    session: Session,
    tenant_id: str,
    suppression_id: int,
    *,
    why: str,
    document: str,
    user_id: int | None,
    now: datetime,
) -> None:
    """Take an address off the list; consents that were withdrawn stay withdrawn. The caller owns transaction and role.

    A legal order is lifted only by the number of the letter that ends it. NotFoundError for another Daerah's row,
    NotAllowedError for an erased address (UU 27/2022 Ps. 43: it stays barred), InvalidInputError when the reason is missing.
    """
    row = session.scalars(
        select(Suppression)
        .where(Suppression.id == suppression_id, Suppression.tenant_id == tenant_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFoundError(_("Baris ini tidak ada di daftar henti."))
    if row.reason == Reason.ERASED:
        raise NotAllowedError(
            _(
                "Alamat ini dihapus atas permintaan pemiliknya (UU 27/2022 Ps. 43) dan tidak dapat dibuka lagi oleh siapa pun."
            )
        )
    if why not in set(LiftReason):
        raise InvalidInputError(_("Pilih alasan mengapa alamat ini boleh dikirimi lagi."), field="alasan")
    document = one_line(document).strip()
    if row.reason == Reason.LEGAL and not document:
        raise InvalidInputError(
            _("Perintah hukum hanya dibuka dengan nomor surat yang mengakhirinya. Tulis nomornya."), field="surat"
        )
    if document and (not _DOCUMENT.fullmatch(document) or _ADDRESS_LIKE.search(document)):
        raise InvalidInputError(
            _("Nomor surat hanya berisi huruf, angka, titik dan garis; tanpa data orang."), field="surat"
        )
    _audit(session, row, "suppression.lifted", user_id, now, before=row.reason, why=str(why), document=document)
    session.delete(row)
    session.flush()


def without_addresses(note: str, *, field: str) -> str:
    """Return a note on one line; InvalidInputError when it is empty, too long, or repeats an address or a long number.

    Such a note outlives the person's data: in the ledger for ever, on the list until the erasure.
    """
    line = one_line(note).strip()
    if not line:
        raise InvalidInputError(_("Tulis catatannya: siapa yang meminta dan lewat apa, tanpa alamat."), field=field)
    if len(line) > NOTE_LENGTH:
        raise InvalidInputError(_("Catatan paling panjang 300 huruf."), field=field)
    if _ADDRESS_LIKE.search(line):
        raise InvalidInputError(
            _("Catatan tidak boleh memuat alamat surel, nomor telepon atau NIK. Hapus bagian itu."), field=field
        )
    return line


def _audit(session: Session, row: Suppression, action: str, user_id: int | None, now: datetime, **details: str) -> None:
    write_audit(
        session,
        tenant_id=row.tenant_id,
        user_id=user_id,
        action=action,
        subject=f"suppression:{row.id}",
        now=now,
        details={
            "channel": str(row.channel),
            "reason": row.reason,
            "hash": row.address_hash[:HASH_PREFIX],
            **{key: value for key, value in details.items() if value},
        },
    )
