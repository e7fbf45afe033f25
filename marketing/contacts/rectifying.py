"""Correct what we hold of a person (UU 27/2022 Ps. 6, 30): the name, and the addresses under which they are reached."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketing.contacts.addresses import NORMALISE, address_hash
from marketing.contacts.erasing import ERASED
from marketing.contacts.personal_data import Person
from marketing.db.models import Address, Contact, Suppression
from marketing.domain.text import one_line
from marketing.domain.types import ChannelName
from marketing.errors import InvalidInputError
from marketing.i18n import gettext as _

NAME_LENGTH = 200
HARD_BOUNCE = "hard_bounce"
_CHANNELS = {"email": ChannelName.EMAIL, "phone": ChannelName.WHATSAPP}


def correct(
    session: Session, person: Person, signing_key: bytes, *, name: str = "", email: str = "", phone: str = ""
) -> tuple[str, ...]:
    """Change what is given and different; return what changed, by name and without the data.

    `person` must be locked. InvalidInputError for an address that cannot be, belongs to another contact, or was erased at
    its owner's wish; the last two are not told apart.
    """
    changed: list[str] = []
    contact = session.get_one(Contact, person.contact_id)
    if (name := one_line(name)[:NAME_LENGTH]) and name != contact.name:
        contact.name = name
        changed.append("name")
    for field, written in (("email", email), ("phone", phone)):
        if written.strip() and _readdress(session, person, signing_key, field, written):
            changed.append(field)
    return tuple(changed)


def _readdress(session: Session, person: Person, signing_key: bytes, field: str, written: str) -> bool:
    channel = _CHANNELS[field]
    normalised = NORMALISE[channel](written)
    if normalised is None:
        raise InvalidInputError(_("Alamat ini salah tulis. Periksa ejaannya."), field=field)
    hashed = address_hash(signing_key, person.tenant_id, normalised)
    mine = select(Address).where(Address.contact_id.in_(person.ids), Address.channel == channel)
    row = session.scalars(mine.order_by(Address.id)).first()
    if row is not None and row.normalised == normalised:
        return False
    taken = select(Address.id).where(
        Address.tenant_id == person.tenant_id,
        Address.channel == channel,
        Address.hash == hashed,
        Address.contact_id.not_in(person.ids),
    )
    barred = select(Suppression.id).where(
        Suppression.tenant_id == person.tenant_id, Suppression.address_hash == hashed, Suppression.reason == ERASED
    )
    if session.scalar(taken.limit(1)) is not None or session.scalar(barred.limit(1)) is not None:
        raise InvalidInputError(_("Alamat ini tidak dapat dipakai untuk orang ini. Minta alamat lain."), field=field)
    if row is None:
        row = Address(tenant_id=person.tenant_id, contact_id=person.contact_id, channel=channel)
        session.add(row)
    else:
        _carry_suppression(session, row, hashed)
    row.normalised, row.hash, row.confirmed_at = normalised, hashed, None
    session.flush()
    return True


def _carry_suppression(session: Session, row: Address, new: str) -> None:
    """Let a standing never-send follow the person to the new address, but not that the old mailbox did not exist."""
    query = select(Suppression).where(Suppression.tenant_id == row.tenant_id, Suppression.channel == row.channel)
    if session.scalars(query.where(Suppression.address_hash == new)).first() is not None:
        return
    old = session.scalars(query.where(Suppression.address_hash == row.hash, Suppression.reason != HARD_BOUNCE)).first()
    if old is not None:
        session.add(
            Suppression(
                tenant_id=old.tenant_id,
                channel=old.channel,
                address_hash=new,
                reason=old.reason,
                note=old.note,
                user_id=old.user_id,
                at=old.at,
            )
        )
