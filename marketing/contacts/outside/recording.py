"""What is held of a person before a box is decided about, and how a vouched yes gets into the ledger."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from marketing.contacts.consent_service import record_consent
from marketing.contacts.outside.checking import Work
from marketing.contacts.outside.said import evidence_of
from marketing.contacts.suppressions import find
from marketing.db.models import Address, ConsentNow, ConsentRecord, Contact
from marketing.domain.consent import ConsentEvent, ConsentState, channel_of
from marketing.domain.consent_evidence import plain, proof
from marketing.domain.consent_wording import Standing
from marketing.domain.outside_consent import Held
from marketing.domain.types import BuyerKind, ChannelName, Purpose
from marketing.tenants.profile import profile_of

SOURCE: Final = "api"
NAME_LENGTH: Final = 100


def held(work: Work, purpose: Purpose) -> Held:
    """Return what stands for a purpose with whoever has the address that it is about."""
    reach = work.reaches.get(channel_of(purpose))
    if reach is None:
        return Held()
    barred = bool(find(work.session, work.tenant_id, [reach]))
    query = (
        select(ConsentNow.state, ConsentNow.at, ConsentRecord.wording_version)
        .join(ConsentRecord, ConsentRecord.id == ConsentNow.event_id)
        .join(Address, Address.contact_id == ConsentNow.contact_id)
        .where(
            ConsentNow.purpose == purpose,
            Address.tenant_id == work.tenant_id,
            Address.channel == reach.channel,
            Address.hash == reach.hash,
        )
        .order_by(Address.id)
    )
    row = work.session.execute(query).first()
    if row is None:
        return Held(barred=barred)
    outdated = work.ages.standing(purpose, row.wording_version) is Standing.OUTDATED
    return Held(ConsentEvent(purpose, row.state, row.at, row.wording_version, ""), outdated, barred)


def record(work: Work, purposes: Sequence[Purpose]) -> None:
    """Write what counts at once: the program vouches for the address, and nothing that we hold stands against it."""
    vouched, collected = work.collected.vouched, work.collected
    if not purposes or vouched is None:
        return
    said, confirmed_at = collected.circumstances, min(vouched.at, work.now)
    evidence = {
        **evidence_of(work.caller, said),
        **proof(ip=said.ip, user_agent=said.user_agent, doi_confirmed_at=confirmed_at),
        "address_proof": vouched.how,
    }
    at = min(collected.collected_at, work.now)
    for channel in dict.fromkeys(channel_of(purpose) for purpose in purposes):
        events = [
            ConsentEvent(
                one, ConsentState.GIVEN, at, work.texts[one].version, SOURCE, language=work.texts[one].language
            )
            for one in purposes
            if channel_of(one) is channel
        ]
        record_consent(
            work.session,
            tenant_id=work.tenant_id,
            contact_id=_owner(work, channel, confirmed_at),
            events=events,
            now=work.now,
            evidence=plain(evidence),
        )


def _owner(work: Work, channel: ChannelName, confirmed_at: datetime) -> int:
    """Return the contact of the person's address on this channel, made or given the address where nobody has it yet."""
    query = select(Address).where(Address.tenant_id == work.tenant_id).order_by(Address.id)
    mine: dict[ChannelName, Address] = {}
    for reach in work.reaches.values():
        own = query.where(Address.channel == reach.channel, Address.hash == reach.hash)
        if (row := work.session.scalars(own).first()) is not None:
            mine[reach.channel] = row
    if channel not in mine:
        contact_id = next((row.contact_id for row in mine.values()), None) or _new_contact(work)
        mine[channel] = Address(
            tenant_id=work.tenant_id,
            contact_id=contact_id,
            channel=channel,
            normalised=work.collected.addresses[channel],
            hash=work.reaches[channel].hash,
        )
        work.session.add(mine[channel])
    row = mine[channel]
    row.confirmed_at = max(row.confirmed_at or confirmed_at, confirmed_at)
    work.session.flush()
    return row.contact_id


def _new_contact(work: Work) -> int:
    contact = Contact(
        tenant_id=work.tenant_id,
        source=SOURCE,
        external_id=secrets.token_hex(16),
        name=work.collected.name[:NAME_LENGTH],
        kind=BuyerKind.MASYARAKAT,
        locale=work.collected.language,
        zone=profile_of(work.tenant_id).zone,
        preferences={},
        content_hash="",
        created_at=work.now,
    )
    work.session.add(contact)
    work.session.flush()
    return contact.id
