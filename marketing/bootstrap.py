"""The composition root: settings become one App that entry points hand to use cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from catalog_sync.configured import CatalogPull
from catalog_sync.marketplace_orders import MarketplaceOrders
from catalog_sync.pictures import PictureStore
from catalog_sync.recall import LISTING, POST, Recall, Taker
from marketing.accounts.audit import write_audit
from marketing.accounts.authorising import Journeys
from marketing.accounts.password_links import PasswordLinks
from marketing.accounts.sign_in_mail import SignInMails
from marketing.campaigns.automation_service import AutomationRunner
from marketing.campaigns.missed import MissedService
from marketing.campaigns.planner import Planner
from marketing.campaigns.service import CampaignService
from marketing.channels.base import Courier, Messenger, Publishers
from marketing.channels.email.adapter import EmailMessenger
from marketing.channels.email.providers.smtp import Relay, SmtpProvider
from marketing.channels.email.rates import Rates
from marketing.channels.email.writing import Envelope, MailWriter
from marketing.channels.marketplace.port import Application, Provider
from marketing.channels.pace import Pace
from marketing.channels.registry import LocalPublishers, build_publishers
from marketing.channels.social import Door, SocialProvider
from marketing.channels.social import Registration as SocialRegistration
from marketing.channels.whatsapp.cloud import WhatsAppMessenger, opening
from marketing.contacts.importing.jobs import Imports
from marketing.contacts.importing.running import ImportRunner
from marketing.contacts.subscribing import Subscriptions
from marketing.db.session import Database
from marketing.delivery.chat_composing import ChatComposer
from marketing.delivery.composing import MailComposer
from marketing.delivery.life_markers import FILE, BrokerMarker, FileMarker
from marketing.delivery.measuring import Measuring
from marketing.delivery.pipeline import Pipeline, Way
from marketing.delivery.post_composing import PostComposer
from marketing.delivery.post_ledger import PostLedger
from marketing.delivery.publishing import Publishing
from marketing.delivery.reminding import ShareReminders
from marketing.delivery.restore_guard import RestoreGuard
from marketing.delivery.retention import Retention
from marketing.delivery.sample_mail import SampleMails
from marketing.delivery.sweeper import Sweeper
from marketing.delivery.withdrawing import PostWithdrawing
from marketing.domain.content import OutboundEmail
from marketing.domain.links import LinkSigner
from marketing.domain.sealing import Sealer
from marketing.domain.types import ChannelName
from marketing.domain.whatsapp_message import OutboundTemplate
from marketing.mail.accounts import MailAccounts
from marketing.mail.domains import KnownDomains
from marketing.mail.ways import TenantAccounts
from marketing.marketplaces.accounts import Accounts
from marketing.marketplaces.gateway import Gateway, Registration
from marketing.marketplaces.listing_round import ListingRound
from marketing.marketplaces.tokens import TokenKeeper
from marketing.marketplaces.unlisting import ListingWithdrawing
from marketing.products.listings import ListingMaker
from marketing.queue import TaskQueue
from marketing.settings import Settings
from marketing.social.accounts import SocialAccounts
from marketing.social.doors import Registered, build_doors, build_entrances
from marketing.social.publishers import AccountPublishers
from marketing.social.whatsapp_numbers import WhatsAppNumbers
from marketing.tenants.own import use_own_profiles

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the current time; use cases get it as their `clock` or `now`."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Marketplaces:
    """The parts that work with accounts on marketplaces."""

    gateway: Gateway
    accounts: Accounts
    listings: ListingRound
    orders: MarketplaceOrders


@dataclass(frozen=True, slots=True)
class App:
    """Everything an entry point needs, built once per process."""

    settings: Settings
    clock: Clock
    database: Database
    queue: TaskQueue
    signer: LinkSigner
    messenger: Messenger
    mail_accounts: MailAccounts
    publishers: Publishers
    social: SocialAccounts
    journeys: Journeys
    composer: MailComposer
    chats: ChatComposer
    posts: PostComposer
    pipeline: Pipeline
    publishing: Publishing
    measuring: Measuring
    sweeper: Sweeper
    retention: Retention
    reminders: ShareReminders
    planner: Planner
    automations: AutomationRunner
    campaigns: CampaignService
    missed: MissedService
    guard: RestoreGuard
    catalog: CatalogPull
    recall: Recall
    marketplaces: Marketplaces
    imports: Imports
    subscriptions: Subscriptions
    sign_in_mails: SignInMails
    stopping: Event
    """Set when the process is to end: whoever hands mail over finishes the message in hand and gives the rest back."""

    def close(self) -> None:
        """Give connections back."""
        self.mail_accounts.ways.close()
        self.queue.close()
        self.database.close()


def build_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    database: Database | None = None,
    queue: TaskQueue | None = None,
    messenger: Messenger | None = None,
    gateway: Gateway | None = None,
    doors: Mapping[SocialProvider, Door] | None = None,
    whatsapp: Courier[OutboundTemplate] | None = None,
) -> App:
    """Wire the application from settings; parts handed in stand in for those the settings name. Nothing is connected yet.

    What each Dinas changed about itself is read here; OwnProfileError names a wrong file.
    """
    use_own_profiles(settings.profile_dir, settings.picture_dir, settings.public_url)
    database = database or Database(settings.database)
    queue = queue or TaskQueue(settings.broker)
    sealer = settings.sealer
    write = MailWriter(clock, KnownDomains(database, sealer)).write
    ways = TenantAccounts(database, sealer, write, clock, _smtp(settings, write))
    stopping = Event()
    messenger = messenger or EmailMessenger(ways, clock, Rates.shared(settings.broker, clock), stopping.is_set)
    signer = LinkSigner((settings.signing_key,), settings.public_url)
    local = build_publishers(
        outbox_dir=settings.outbox_dir, website_dir=settings.website_dir, public_url=settings.public_url
    )
    apps = _social_apps(settings)
    doors = doors or build_doors(Pace.shared(settings.broker), apps, clock)
    publishers = AccountPublishers(database, sealer, doors, LocalPublishers(local), clock)
    composer = MailComposer(signer, settings.public_url)
    chats = ChatComposer(signer, settings.public_url)
    whatsapp = whatsapp or WhatsAppMessenger(
        WhatsAppNumbers(database, sealer, clock),
        Pace.shared(settings.broker),
        opening(settings.meta_app_secret.get_secret_value(), settings.whatsapp_host or settings.meta_host),
        stopping.is_set,
    )
    posts = PostComposer(settings.public_url, settings.picture_dir, signer)
    planner = Planner(database, queue, settings.public_url, clock, quiet=settings.quiet)
    keeper = TokenKeeper(database, gateway or Gateway(_registrations(settings)), sealer, clock)
    takers: dict[str, Taker] = {
        POST: PostWithdrawing(database, publishers, clock),
        LISTING: ListingWithdrawing(database, keeper, clock),
    }
    recall = Recall(database, takers, clock)
    markers = (FileMarker(settings.data_dir / FILE), BrokerMarker.at(settings.broker))
    guard = RestoreGuard(database, tuple(one for one in markers if one), clock)
    return App(
        settings=settings,
        clock=clock,
        database=database,
        queue=queue,
        signer=signer,
        messenger=messenger,
        mail_accounts=MailAccounts(database, sealer, ways, clock),
        publishers=publishers,
        social=SocialAccounts(database, sealer, publishers, clock, build_entrances(apps, clock)),
        journeys=Journeys(database, settings.signing_key, clock),
        composer=composer,
        chats=chats,
        posts=posts,
        pipeline=Pipeline(
            database,
            messenger,
            composer,
            clock,
            guard,
            quiet=settings.quiet,
            lease=settings.lease,
            stopping=stopping.is_set,
            others={ChannelName.WHATSAPP: Way(whatsapp, chats.writing)},
        ),
        publishing=Publishing(PostLedger(database, posts, clock), publishers),
        measuring=Measuring(database, publishers, clock),
        sweeper=Sweeper(database, queue, clock, settings.lease),
        retention=Retention(database, clock, settings.message_months),
        reminders=ShareReminders(database, messenger, settings.public_url, settings.proof_dir, settings.quiet, clock),
        planner=planner,
        automations=AutomationRunner(database, queue, planner, settings.public_url, settings.signing_key, clock),
        campaigns=CampaignService(posts, SampleMails(composer), queue, clock),
        missed=MissedService(queue, clock),
        guard=guard,
        catalog=_catalog(settings, database, recall, sealer, clock),
        recall=recall,
        imports=Imports(
            database,
            queue,
            settings.data_dir / "impor",
            ImportRunner(database, settings.signing_key, clock, write_audit),
            clock,
        ),
        marketplaces=Marketplaces(
            gateway=keeper.gateway,
            accounts=Accounts(database, keeper, sealer, clock),
            listings=ListingRound(database, keeper, ListingMaker(settings.public_url, settings.picture_dir), clock),
            orders=MarketplaceOrders(database, keeper, clock),
        ),
        stopping=stopping,
        sign_in_mails=SignInMails(
            database, queue, messenger, PasswordLinks(signer, settings.signing_key), settings.public_url, clock
        ),
        subscriptions=Subscriptions(database, queue, messenger, signer, settings.signing_key, clock),
    )


def _catalog(settings: Settings, database: Database, recall: Recall, sealer: Sealer, clock: Clock) -> CatalogPull:
    return CatalogPull(
        database=database,
        pictures=PictureStore(settings.picture_dir),
        recall=recall,
        sealer=sealer,
        addresses=settings.catalog_sources,
        token=settings.catalog_token.get_secret_value(),
        timeout_seconds=settings.catalog_timeout_seconds,
        signing_key=settings.signing_key,
        clock=clock,
    )


def _registrations(settings: Settings) -> dict[Provider, Registration]:
    """Return the marketplaces that the operator has registered this office with."""
    found: dict[Provider, Registration] = {}
    shopee_key, tiktok_secret = (
        settings.shopee_partner_key.get_secret_value(),
        settings.tiktok_shop_app_secret.get_secret_value(),
    )
    if settings.shopee_partner_id and shopee_key:
        found[Provider.SHOPEE] = Registration(Application(settings.shopee_partner_id, shopee_key), settings.shopee_host)
    if settings.tiktok_shop_app_key and tiktok_secret:
        found[Provider.TIKTOK_SHOP] = Registration(
            Application(settings.tiktok_shop_app_key, tiktok_secret),
            settings.tiktok_shop_host,
            settings.tiktok_shop_auth_host,
            service_id=settings.tiktok_shop_service_id,
        )
    return found


def _social_apps(settings: Settings) -> Registered:
    """Return the office's own apps at the social networks."""
    tiktok_secret, meta_secret = (
        settings.tiktok_client_secret.get_secret_value(),
        settings.meta_app_secret.get_secret_value(),
    )
    return Registered(
        tiktok=SocialRegistration(
            settings.tiktok_client_key, tiktok_secret, settings.tiktok_host, settings.tiktok_login_host
        ),
        meta=SocialRegistration(settings.meta_app_id, meta_secret, settings.meta_host, settings.meta_login_host),
        telegram_host=settings.telegram_host,
        whatsapp_host=settings.whatsapp_host,
    )


def _smtp(settings: Settings, write: Callable[[OutboundEmail], Envelope]) -> SmtpProvider:
    """Return the relay, or the local inbox that `siar up` runs when none is set."""
    host, port = (settings.smtp_host, settings.smtp_port) if settings.smtp_host else ("127.0.0.1", settings.inbox_port)
    relay = Relay(
        host=host,
        port=port,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        tls=settings.smtp_tls,
        timeout_seconds=settings.smtp_timeout_seconds,
    )
    return SmtpProvider(relay, write)
