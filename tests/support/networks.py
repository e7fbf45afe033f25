"""An office over the real application whose social networks are simulators over real HTTP; one clock for all of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from PIL import Image
from pydantic import SecretStr
from sqlalchemy import select

from marketing.bootstrap import build_app
from marketing.db.models import ChannelAccount, Post
from marketing.demo.simulators import graph, telegram, tiktok, whatsapp
from marketing.demo.simulators.consent import AGREE, DECISION
from marketing.demo.simulators.graph import GraphServer
from marketing.demo.simulators.telegram import TelegramServer
from marketing.demo.simulators.tiktok import TikTokServer
from marketing.demo.simulators.whatsapp import WhatsAppServer
from marketing.domain.types import ChannelName
from marketing.settings import Settings
from tests.support.world import World, add_product, promotion

SECRETS = (
    graph.TOKEN, graph.USER_TOKEN, graph.APP_SECRET, tiktok.CLIENT_SECRET, tiktok.TOKEN, tiktok.REFRESH, telegram.TOKEN,
    whatsapp.TOKEN,
)  # fmt: skip


@dataclass
class Networks:
    """The office and its networks."""

    world: World
    tiktok: TikTokServer
    graph: GraphServer
    telegram: TelegramServer
    whatsapp: WhatsAppServer

    def forward(self, **length: float) -> None:
        self.world.clock.forward(**length)
        self.together()

    def together(self) -> None:
        for server in (self.tiktok, self.graph, self.telegram, self.whatsapp):
            server.held = self.world.clock.now

    def secrets(self) -> list[str]:
        """Everything that may stand on no page and in no log."""
        return [*SECRETS, *self.graph.tokens, *self.tiktok.grants, *self.tiktok.refreshes]

    def accounts(self) -> dict[str, ChannelAccount]:
        """Return the accounts by provider."""
        with self.world.app.database.read() as session:
            return {row.provider: row for row in session.scalars(select(ChannelAccount))}

    def posts(self) -> dict[str, Post]:
        with self.world.app.database.read() as session:
            return {post.channel.value: post for post in session.scalars(select(Post))}

    def started(self, *channels: ChannelName) -> int:
        """Start a campaign whose product has its picture."""
        product = add_product(self.world.app, self.world.clock.number())
        folder = self.world.app.settings.picture_dir
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (400, 400), (90, 30, 60)).save(folder / f"{'a' * 64}.jpg", "JPEG")
        campaign = self.world.approved(promotion(product, channels=channels))
        self.world.app.planner.start(campaign)
        return campaign

    def publish(self, campaign: int) -> None:
        """Do what the clock and the worker do."""
        self.world.app.sweeper.sweep()
        self.world.app.publishing.publish(campaign)


def settings_of(
    tiktok_server: TikTokServer, graph_server: GraphServer, telegram_server: TelegramServer
) -> dict[str, Any]:
    """Return the settings by which Siar finds these simulators, and is known to them."""
    return {
        "tiktok_client_key": tiktok.CLIENT_KEY,
        "tiktok_client_secret": SecretStr(tiktok.CLIENT_SECRET),
        "tiktok_host": tiktok_server.url,
        "tiktok_login_host": tiktok_server.url,
        "meta_app_id": graph.APP_ID,
        "meta_app_secret": SecretStr(graph.APP_SECRET),
        "meta_host": graph_server.url,
        "meta_login_host": graph_server.url,
        "telegram_host": telegram_server.url,
    }


@contextmanager
def networks_of(world: World) -> Iterator[Networks]:
    """Put the world's application in front of four simulators."""
    with (
        TikTokServer() as tiktok_server,
        GraphServer() as graph_server,
        TelegramServer() as telegram_server,
        WhatsAppServer() as whatsapp_server,
    ):
        settings = Settings(
            data_dir=world.app.settings.data_dir,
            public_url="https://siar.example",
            broker_url="memory://",
            quiet_hours=False,
            **settings_of(tiktok_server, graph_server, telegram_server),
            whatsapp_host=whatsapp_server.url,
        )
        world.app = build_app(
            settings,
            clock=world.clock,
            database=world.app.database,
            queue=world.tasks,  # type: ignore[arg-type]
            messenger=world.outbox,
        )
        office = Networks(world, tiktok_server, graph_server, telegram_server, whatsapp_server)
        office.together()
        yield office


def decided(address: str, decision: str = AGREE) -> Any:
    """Do what a person's browser does at the provider: open its page, press a button, and say where it is led to."""
    with httpx.Client(trust_env=False) as browser:
        page = browser.get(address)
        assert page.status_code == 200, page.text
        fields = re.findall(r'name="([^"]+)" value="([^"]*)">', page.text.replace("</button>", ""))
        given = {unescape(name): unescape(value) for name, value in fields if name != DECISION}
        parts = urlsplit(address)
        return browser.get(f"{parts.scheme}://{parts.netloc}{parts.path}", params={**given, DECISION: decision})


def led_back(address: str, decision: str = AGREE) -> str:
    """Return the path and query at which the person comes back to us."""
    answer = decided(address, decision)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}" == "https://siar.example"
    return f"{back.path}?{back.query}"


def state_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]
