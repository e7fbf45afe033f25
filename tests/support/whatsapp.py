"""A messenger that talks to a simulated WhatsApp, and a world whose Daerah has a connected number there."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

from marketing.bootstrap import App
from marketing.channels.pace import Pace
from marketing.channels.social import Access, SocialProvider
from marketing.channels.whatsapp.cloud import WABA as WABA_SETTING
from marketing.channels.whatsapp.cloud import Number, WhatsAppMessenger, opening
from marketing.channels.whatsapp.cloud_errors import Fault
from marketing.demo.simulators.graph import APP_ID, APP_SECRET
from marketing.demo.simulators.whatsapp import NUMBER, TOKEN, WABA, WhatsAppServer
from marketing.domain.types import EmailType, Purpose, Role
from marketing.domain.whatsapp_message import OutboundTemplate, TemplateCategory
from tests.support.world import TENANT, World

PERSON: Final = "6281234567890"
VERIFY: Final = "kata-rahasia-webhook"
_keys = count(1)


def access(token: str = TOKEN, **settings: Any) -> Access:
    return Access(
        SocialProvider.WHATSAPP_CLOUD, NUMBER, "Dinas", token, settings={WABA_SETTING: WABA, "tier": 250, **settings}
    )


def template(to: str = PERSON, **given: Any) -> OutboundTemplate:
    number = next(_keys)
    return replace(
        OutboundTemplate(
            key=str(number),
            tenant=TENANT,
            email_type=EmailType.PROMOTIONAL,
            recipient=to,
            template="promo_umkm",
            language="id",
            category=TemplateCategory.MARKETING,
            reference=f"tanda.{number}",
            body=("Ani", "kain tenun"),
            purpose=Purpose.WHATSAPP_MARKETING,
        ),
        **given,
    )


@dataclass
class OneNumber:
    """Knows a single number and notes what it is told of it."""

    access: Access
    troubles: list[Fault] = field(default_factory=list)
    refused: list[tuple[str, int]] = field(default_factory=list)

    def of(self, _tenant: str) -> Number:
        return Number(7, self.access)

    def troubled(self, _number: Number, fault: Fault) -> None:
        self.troubles.append(fault)

    def template_refused(self, _number: Number, message: OutboundTemplate, fault: Fault) -> None:
        self.refused.append((message.template, fault.code))


@dataclass
class Sending:
    """A messenger on a simulator."""

    server: WhatsAppServer
    numbers: OneNumber
    messenger: WhatsAppMessenger


def sending(server: WhatsAppServer, token: str = TOKEN, timeout: float = 5.0, **settings: Any) -> Sending:
    numbers = OneNumber(access(token, **settings))
    return Sending(
        server, numbers, WhatsAppMessenger(numbers, Pace(), opening(APP_SECRET, server.url, timeout_seconds=timeout))
    )


def office(world: World, server: WhatsAppServer) -> App:
    """Return the world's app, registered at the simulator and with one number connected, whose clock the server follows."""
    settings = world.app.settings.model_copy(
        update={
            "meta_app_id": APP_ID,
            "meta_app_secret": type(world.app.settings.meta_app_secret)(APP_SECRET),
            "meta_verify_token": type(world.app.settings.meta_app_secret)(VERIFY),
            "whatsapp_host": server.url,
        }
    )
    server.now = world.clock.now
    world.app = replace(world.app, settings=settings)
    world.app.social.connect(world.staff(Role.OPERATOR), access())
    return world.app
