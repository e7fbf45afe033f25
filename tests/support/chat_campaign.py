"""A world whose Daerah sends templates through a simulated WhatsApp, and people with numbers."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from marketing.channels.base import Courier
from marketing.channels.pace import Pace
from marketing.channels.social import Access, SocialProvider
from marketing.channels.whatsapp.cloud import WABA as WABA_SETTING
from marketing.channels.whatsapp.cloud import WhatsAppMessenger, opening
from marketing.contacts.addresses import address_hash
from marketing.db.models import Address
from marketing.delivery.pipeline import Pipeline, Way
from marketing.demo.simulators.graph import APP_ID, APP_SECRET
from marketing.demo.simulators.whatsapp import NUMBER, TOKEN, WABA, WhatsAppServer
from marketing.domain.campaign import CHAT, CampaignContent, ChatTemplate
from marketing.domain.sealing import Sealer
from marketing.domain.types import ChannelName, Purpose, Role
from marketing.domain.whatsapp_message import OutboundTemplate
from marketing.social.whatsapp_numbers import WhatsAppNumbers
from marketing.whatsapp import inbox_of, templates_of
from tests.support.world import TENANT, World, add_contact, promotion

PROMO = Purpose.WHATSAPP_MARKETING
WORDS = "Halo {{1}}, {{2}} dari {{3}}. Balas STOP untuk berhenti."


@dataclass
class Chats:
    """The Daerah's WhatsApp: its simulator, and the world that sends through it."""

    world: World
    server: WhatsAppServer
    messenger: WhatsAppMessenger

    def pipeline(self, courier: Courier[OutboundTemplate] | None = None) -> Pipeline:
        app = self.world.app
        way = Way(courier or self.messenger, app.chats.writing)
        return replace(app.pipeline, others={ChannelName.WHATSAPP: way})

    def told(self, order: Sequence[int] | None = None) -> int:
        """Take in what the simulator has to tell, in this order or as it came."""
        waiting, self.server.hooks = self.server.hooks, []
        inbox = inbox_of(self.world.app)
        chosen = [waiting[index] for index in order] if order is not None else waiting
        return sum(inbox.take(json.dumps(one).encode()).fresh for one in chosen)

    def approved(self, *products: int, **changes: object) -> int:
        return self.world.approved(message_of(*products, **changes))

    def run(self, campaign_id: int) -> None:
        self.world.run(campaign_id)

    @property
    def reached(self) -> list[str]:
        return [one.to for one in self.server.sent]


def message_of(*products: int, **changes: object) -> CampaignContent:
    chat = ChatTemplate("promo_tautan", "id", ("nama", "produk", "usaha"))
    return promotion(*products, **{"channels": (), "variant": CHAT, "chat": chat, **changes})  # type: ignore[arg-type]


def digits_of(number: int) -> str:
    return f"62812{number:07d}"


def add_buyer(world: World, number: int, *purposes: Purpose, email: str | None = None) -> int:
    """Add somebody with a WhatsApp number, and no mail address unless said otherwise."""
    contact_id = add_contact(world.app, number, *purposes, email=email)
    add_number(world, contact_id, number)
    return contact_id


def add_number(world: World, contact_id: int, number: int) -> None:
    written = f"+{digits_of(number)}"
    hashed = address_hash(world.app.settings.signing_key, TENANT, written)
    with world.app.database.write() as session:
        session.add(
            Address(
                tenant_id=TENANT, contact_id=contact_id, channel=ChannelName.WHATSAPP, normalised=written, hash=hashed
            )
        )


@contextmanager
def chats_of(world: World) -> Iterator[Chats]:
    """Connect the world's Daerah to a simulated WhatsApp with one approved template of each kind."""
    with WhatsAppServer() as server:
        button = {"type": "URL", "text": "Lihat", "url": "https://siar.example/k/{{1}}"}
        server.templates.add("promo_tautan", WORDS, buttons=[button])
        server.templates.add("kabar_pesanan", "Halo {{1}}, pesanan {{2}} {{3}}. Salam.", category="UTILITY")
        server.now = world.clock.now
        secret = type(world.app.settings.meta_app_secret)
        settings = world.app.settings.model_copy(
            update={"meta_app_id": APP_ID, "meta_app_secret": secret(APP_SECRET), "whatsapp_host": server.url}
        )
        sealer = Sealer((settings.signing_key,))
        numbers = WhatsAppNumbers(world.app.database, sealer, world.clock)
        chats = Chats(world, server, WhatsAppMessenger(numbers, Pace(), opening(APP_SECRET, server.url)))
        world.app = replace(world.app, settings=settings, pipeline=chats.pipeline())
        access = Access(
            SocialProvider.WHATSAPP_CLOUD, NUMBER, "Dinas", TOKEN, settings={WABA_SETTING: WABA, "tier": 250}
        )
        world.app.social.connect(world.staff(Role.OPERATOR), access)
        templates_of(world.app).sync(TENANT)
        yield chats
