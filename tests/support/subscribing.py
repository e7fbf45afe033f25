"""Forms filled in, mails read, links followed: what the tests of double opt-in and preferences share."""

import re

from marketing.contacts.addresses import address_hash
from marketing.contacts.asking import wordings_now
from marketing.contacts.subscribing import Wish
from marketing.db.models import ConsentNow, Suppression
from marketing.domain.consent import ConsentState
from marketing.domain.types import ChannelName, Purpose
from tests.support.world import TENANT, World

MAIL = "maria@surat.example"


def wish(world: World, *purposes: Purpose, address: str = MAIL, language: str = "id", name: str = "Maria") -> Wish:
    with world.app.database.read() as session:
        known = wordings_now(session, TENANT, Purpose, language, world.clock())
    chosen = tuple(known[purpose] for purpose in purposes or (Purpose.PROMOTIONAL,))
    return Wish(address, name, chosen, ("kerajinan",), language, "halaman", "203.0.113.77", "Peramban")


def ask(world: World, *purposes: Purpose, address: str = MAIL, language: str = "id") -> int:
    """Ask through the form, let the worker mail, and return the number of the wish."""
    world.app.subscriptions.ask(TENANT, wish(world, *purposes, address=address, language=language))
    number = int(world.tasks.asked[-1][1]["subscription_id"])
    world.app.subscriptions.mail(number)
    return number


def token_in_mail(world: World, at: int = -1) -> str:
    found = re.search(r"/d/(\S+)", world.outbox.sent[at].text)
    assert found
    return found[1]


def states(world: World, contact_id: int) -> dict[Purpose, ConsentState]:
    with world.app.database.read() as session:
        rows = session.query(ConsentNow).filter(ConsentNow.contact_id == contact_id)
        return {row.purpose: row.state for row in rows}


def suppress(world: World, address: str, reason: str) -> None:
    with world.app.database.write() as session:
        session.add(
            Suppression(
                tenant_id=TENANT,
                channel=ChannelName.EMAIL,
                address_hash=address_hash(world.app.settings.signing_key, TENANT, address),
                reason=reason,
                at=world.clock(),
            )
        )
