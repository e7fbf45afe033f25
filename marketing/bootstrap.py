"""The composition root: settings become one App that entry points hand to use cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from catalog_sync.configured import CatalogPull
from catalog_sync.pictures import PictureStore
from catalog_sync.recall import POST, Recall
from marketing.campaigns.automation_service import AutomationRunner
from marketing.campaigns.planner import Planner
from marketing.campaigns.service import CampaignService
from marketing.channels.base import Messenger, Publisher
from marketing.channels.email.adapter import EmailMessenger
from marketing.channels.email.providers.smtp import SmtpProvider
from marketing.channels.registry import build_publishers
from marketing.db.session import Database
from marketing.delivery.composing import MailComposer
from marketing.delivery.pipeline import Pipeline
from marketing.delivery.publishing import PostComposer, Publishing
from marketing.delivery.sweeper import Sweeper
from marketing.delivery.withdrawing import PostWithdrawing
from marketing.domain.links import LinkSigner
from marketing.domain.sealing import Sealer
from marketing.domain.types import ChannelName
from marketing.queue import TaskQueue
from marketing.settings import Settings

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the current time; use cases get it as their `clock` or `now`."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class App:
    """Everything an entry point needs, built once per process."""

    settings: Settings
    clock: Clock
    database: Database
    queue: TaskQueue
    signer: LinkSigner
    messenger: Messenger
    publishers: Mapping[ChannelName, Publisher]
    composer: MailComposer
    posts: PostComposer
    pipeline: Pipeline
    publishing: Publishing
    sweeper: Sweeper
    planner: Planner
    automations: AutomationRunner
    campaigns: CampaignService
    catalog: CatalogPull
    recall: Recall

    def close(self) -> None:
        """Give connections back."""
        self.queue.close()
        self.database.close()


def build_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    database: Database | None = None,
    queue: TaskQueue | None = None,
    messenger: Messenger | None = None,
) -> App:
    """Wire the application from settings; parts handed in stand in for those the settings name. Nothing is connected yet."""
    database = database or Database(settings.database)
    queue = queue or TaskQueue(settings.broker)
    messenger = messenger or EmailMessenger(_smtp(settings), clock)
    signer = LinkSigner((settings.signing_key,), settings.public_url)
    publishers = build_publishers(
        outbox_dir=settings.outbox_dir, website_dir=settings.website_dir, public_url=settings.public_url
    )
    composer = MailComposer(signer, settings.public_url)
    posts = PostComposer(settings.public_url, settings.picture_dir)
    planner = Planner(database, queue, settings.public_url, clock)
    recall = Recall(database, {POST: PostWithdrawing(database, publishers, clock)}, clock)
    return App(
        settings=settings,
        clock=clock,
        database=database,
        queue=queue,
        signer=signer,
        messenger=messenger,
        publishers=publishers,
        composer=composer,
        posts=posts,
        pipeline=Pipeline(database, messenger, composer, clock),
        publishing=Publishing(database, publishers, posts, clock),
        sweeper=Sweeper(database, queue, clock),
        planner=planner,
        automations=AutomationRunner(database, queue, planner, settings.public_url, clock),
        campaigns=CampaignService(posts, queue, clock),
        catalog=_catalog(settings, database, recall, clock),
        recall=recall,
    )


def _catalog(settings: Settings, database: Database, recall: Recall, clock: Clock) -> CatalogPull:
    return CatalogPull(
        database=database,
        pictures=PictureStore(settings.picture_dir),
        recall=recall,
        sealer=Sealer((settings.signing_key,)),
        addresses=settings.catalog_sources,
        token=settings.catalog_token.get_secret_value(),
        timeout_seconds=settings.catalog_timeout_seconds,
        signing_key=settings.signing_key,
        clock=clock,
    )


def _smtp(settings: Settings) -> SmtpProvider:
    """Return the relay, or the local inbox that `siar up` runs when none is set."""
    host, port = (settings.smtp_host, settings.smtp_port) if settings.smtp_host else ("127.0.0.1", settings.inbox_port)
    return SmtpProvider(
        host=host,
        port=port,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        tls=settings.smtp_tls,
        timeout_seconds=settings.smtp_timeout_seconds,
    )
