"""One office with an account on every channel, each before a simulator of its own, and a catalogue that can be changed."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from catalog_sync.configured import SOURCE_NAME
from catalog_sync.recall import POST, Recalled
from catalog_sync.saved_sources import SourceSpec
from catalog_sync.sources.base import SourceFormat
from marketing.accounts.tenants import ensure_tenants
from marketing.bootstrap import build_app
from marketing.channels.facebook.adapter import FacebookDoor
from marketing.channels.instagram.adapter import InstagramDoor
from marketing.channels.pace import Limit, Pace
from marketing.channels.social import Access, Door, Registration, SocialProvider
from marketing.channels.telegram.adapter import TelegramDoor
from marketing.channels.tiktok.adapter import TikTokDoor
from marketing.channels.whatsapp.group import GroupDoor
from marketing.db.models import ChannelAccount, Post, Product, ShareTask, Withdrawal
from marketing.db.session import Database
from marketing.demo.simulators import graph, telegram, tiktok
from marketing.demo.simulators.graph import GraphServer
from marketing.demo.simulators.server import ProviderServer
from marketing.demo.simulators.telegram import TelegramServer
from marketing.demo.simulators.tiktok import TikTokServer
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName, Role
from marketing.settings import Settings
from tests.integration.catalog_sync.conftest import Catalogue, product
from tests.support.world import TENANT, Clock, Outbox, Tasks, World, promotion

P = SocialProvider
EVERY = tuple(channel for channel in ChannelName if channel is not ChannelName.EMAIL)
LOG_CHAT = -1009876543210
ACCOUNTS = (
    Access(P.FACEBOOK, graph.PAGE, "UMKM TTS", graph.TOKEN),
    Access(P.INSTAGRAM, graph.INSTAGRAM, "umkm.tts", graph.TOKEN),
    Access(P.TIKTOK, tiktok.OPEN_ID, "UMKM TTS", tiktok.TOKEN, tiktok.REFRESH),
    Access(
        P.TELEGRAM,
        str(telegram.CHANNEL),
        "UMKM TTS",
        telegram.TOKEN,
        settings={"username": "umkm_tts", "log_chat": str(LOG_CHAT)},
    ),
    Access(P.WHATSAPP_GROUP, "kecamatan-mollo", "UMKM Mollo"),
)
SETTLED = {PostState.PUBLISHED, PostState.AWAITING_HUMAN, PostState.WITHDRAWN, PostState.FAILED}


class Unhurried(Pace):
    """Waits for nobody: the clock of a test does not move while it works."""

    def take(self, limits: Sequence[Limit], *, cost: int = 1) -> None:
        pass


@dataclass
class Everywhere:
    """The world, the three servers, and the catalogue from which its products come."""

    world: World
    graph: GraphServer
    tiktok: TikTokServer
    telegram: TelegramServer
    catalogue: Catalogue

    @property
    def servers(self) -> tuple[ProviderServer, ...]:
        return self.graph, self.tiktok, self.telegram

    def pull(self) -> None:
        """Let the catalogue be pulled as a worker does, recall included."""
        self.catalogue.write()
        spec = SourceSpec(SOURCE_NAME, SourceFormat.CONTRACT, str(self.catalogue.folder))
        self.world.app.catalog.pull(TENANT, spec)

    def revoke(self, number: int = 0) -> None:
        """Take a product's standing back in the catalogue; nothing is pulled yet."""
        self.catalogue.products[number]["verification"]["status"] = "revoked"

    def forward(self, **length: float) -> None:
        self.world.clock.forward(**length)
        for server in self.servers:
            server.now = self.world.clock.now

    def started(self, *channels: ChannelName) -> int:
        """Approve and start a campaign with all products of the catalogue."""
        with self.world.app.database.read() as session:
            ids = list(session.scalars(select(Product.id).order_by(Product.id)))
        campaign = self.world.approved(promotion(*ids, channels=channels or EVERY))
        self.world.app.planner.start(campaign)
        return campaign

    def publish(self, campaign: int, turns: int = 8) -> None:
        """Work, minute by minute, until nothing more happens by itself."""
        for _turn in range(turns):
            self.world.app.publishing.publish(campaign)
            if {post.state for post in self.posts().values()} <= SETTLED:
                return
            self.forward(minutes=2)

    def posts(self) -> dict[ChannelName, Post]:
        with self.world.app.database.read() as session:
            return {post.channel: post for post in session.scalars(select(Post))}

    def states(self) -> dict[ChannelName, PostState]:
        return {channel: post.state for channel, post in self.posts().items()}

    def tasks(self) -> set[tuple[ChannelName, str]]:
        """Return what people are still asked to do."""
        with self.world.app.database.read() as session:
            query = select(Post.channel, ShareTask.kind).join(ShareTask, ShareTask.post_id == Post.id)
            return {(channel, kind) for channel, kind in session.execute(query.where(ShareTask.done_at.is_(None)))}

    def withdrawals(self) -> dict[ChannelName, Withdrawal]:
        with self.world.app.database.read() as session:
            rows = session.scalars(select(Withdrawal).where(Withdrawal.place.startswith(f"{POST}:")))
            return {row.channel: row for row in rows}

    def account(self, provider: SocialProvider) -> ChannelAccount:
        with self.world.app.database.read() as session:
            return session.scalars(select(ChannelAccount).where(ChannelAccount.provider == provider.value)).one()

    def recall(self) -> Recalled:
        return self.world.app.recall.run(TENANT)

    def standing(self) -> dict[ChannelName, int]:
        """Return how much stands at each provider, drafts in an inbox included."""
        return {
            ChannelName.FACEBOOK: len(self.graph.page.posts),
            ChannelName.INSTAGRAM: len(self.graph.instagram.media),
            ChannelName.TIKTOK: len(self.tiktok.drafts) + len(self.tiktok.posts),
            ChannelName.TELEGRAM: len(self.telegram.standing()),
        }


@contextmanager
def everywhere(database: Database, folder: Path) -> Iterator[Everywhere]:
    """Connect everything and pull a catalogue of two products."""
    with ExitStack() as stack:
        meta, video = stack.enter_context(GraphServer()), stack.enter_context(TikTokServer())
        chats = stack.enter_context(TelegramServer())
        chats.chats[LOG_CHAT] = telegram.Chat(LOG_CHAT, "catatan")
        clock = Clock()
        app = Registration(graph.APP_ID, graph.APP_SECRET)
        doors: dict[SocialProvider, Door] = {
            P.FACEBOOK: FacebookDoor(app, clock, meta.url),
            P.INSTAGRAM: InstagramDoor(app, clock, meta.url),
            P.TIKTOK: TikTokDoor(Unhurried(), tiktok.CLIENT_KEY, tiktok.CLIENT_SECRET, video.url),
            P.TELEGRAM: TelegramDoor(Unhurried(), chats.url),
            P.WHATSAPP_GROUP: GroupDoor(),
        }
        outbox, tasks = Outbox(), Tasks()
        settings = Settings(data_dir=folder / "data", public_url="https://siar.example", quiet_hours=False)
        built = build_app(settings, clock=clock, database=database, queue=tasks, messenger=outbox, doors=doors)  # type: ignore[arg-type]
        with database.write() as session:
            ensure_tenants(session, clock())
        world = World(built, clock, outbox, tasks)
        for access in ACCOUNTS:
            built.social.connect(world.staff(Role.OPERATOR), access)
        catalogue = Catalogue(folder / "katalog", database)
        catalogue.products = [
            product(f"P-{number}", images=[{"url": f"gambar/{number}.jpg", "alt": ""}]) for number in (1, 2)
        ]
        catalogue.orders = catalogue.buyers = []
        (catalogue.folder / "gambar").mkdir(parents=True)
        for number in (1, 2):
            picture = Image.new("RGB", (900, 900), (90 * number, 30, 60))
            picture.save(catalogue.folder / "gambar" / f"{number}.jpg", "JPEG")
        found = Everywhere(world, meta, video, chats, catalogue)
        found.forward()
        found.pull()
        yield found
