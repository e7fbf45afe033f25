"""What the people of the demo do, through the same use cases as the pages: pull, approve, publish, read, click, leave."""

import time
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog_sync.configured import SOURCE_NAME
from catalog_sync.saved_sources import SourceSpec
from catalog_sync.sources.base import SourceFormat
from marketing.bootstrap import App
from marketing.campaigns.automation_service import switch_on
from marketing.campaigns.automations import AUTOMATIONS
from marketing.db.models import Campaign, Message, Post
from marketing.delivery.ledger import waits_for_a_condition
from marketing.demo.people import staff
from marketing.domain.calendar_id import local_date
from marketing.domain.campaign import CampaignContent, CampaignState
from marketing.domain.message import OPEN
from marketing.domain.newsletter import Article, Block, Happening, MarketNote, Shelf
from marketing.domain.post import OPEN as POST_OPEN
from marketing.domain.types import ChannelName, EmailType, Role
from marketing.errors import MarketingError
from marketing.i18n import SOURCE_LANGUAGE, speaking
from marketing.i18n import gettext as _
from marketing.products.catalogue import least_shown, load_offers
from marketing.queue import TaskName
from marketing.tenants.profile import TenantProfile, profile_of

PATIENCE_SECONDS = 240.0
POLL_SECONDS = 0.2
EVERY_POST = tuple(channel for channel in ChannelName if channel is not ChannelName.EMAIL)


def pull(app: App, tenant_id: str, catalogue: str) -> None:
    """Pull the catalogue."""
    app.catalog.pull(tenant_id, SourceSpec(SOURCE_NAME, SourceFormat.CONTRACT, catalogue))


def run_tenant(app: App, tenant_id: str) -> None:
    """Set everything in motion; what an earlier run did is not done again."""
    profile = profile_of(tenant_id)
    with app.database.write() as session:
        people = staff(session, tenant_id)
        for slug in AUTOMATIONS:
            switch_on(session, slug=slug, approver=people[Role.APPROVER], now=app.clock())
    with speaking(SOURCE_LANGUAGE):
        _campaign(app, profile, "peragaan-promosi", EmailType.PROMOTIONAL, "produk_baru", approve=True)
        _campaign(app, profile, "peragaan-buletin", EmailType.NEWSLETTER, "buletin", approve=True)
        _campaign(app, profile, "peragaan-menunggu", EmailType.PROMOTIONAL, "paket", approve=False)
    app.queue.send(TaskName.ORDER_MAIL, tenant_id=tenant_id)
    for rule in AUTOMATIONS.values():
        if rule.email_type is not EmailType.TRANSACTIONAL:
            app.queue.send(TaskName.RUN_AUTOMATION, tenant_id=tenant_id, slug=rule.slug)


def wait_until_settled(app: App, tenants: Iterable[str]) -> None:
    """Wait until every due campaign has gone out; MarketingError names what is still open after a while."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    wanted = list(tenants)
    while True:
        with app.database.read() as session:
            waiting = [name for tenant_id in wanted for name in _open(session, tenant_id)]
        if not waiting:
            return
        if time.monotonic() > deadline:
            raise MarketingError(
                _("Belum selesai setelah {seconds:.0f} detik: {names}.").format(
                    seconds=PATIENCE_SECONDS, names=", ".join(waiting)
                )
            )
        time.sleep(POLL_SECONDS)


def _open(session: Session, tenant_id: str) -> list[str]:
    """Return what is not finished: campaigns under way, automations that have not run yet, open rows."""
    campaigns = session.scalars(select(Campaign).where(Campaign.tenant_id == tenant_id)).all()
    moving = {CampaignState.SCHEDULED, CampaignState.SENDING}
    names = [row.name for row in campaigns if row.state in moving and row.email_type is not EmailType.TRANSACTIONAL]
    names += [
        slug
        for slug in AUTOMATIONS
        if not any(row.automation == slug and row.planned_at is not None for row in campaigns)
    ]
    message = (
        select(func.count())
        .select_from(Message)
        .where(Message.tenant_id == tenant_id, Message.state.in_(OPEN), ~waits_for_a_condition())
    )
    post = select(func.count()).select_from(Post).where(Post.tenant_id == tenant_id, Post.state.in_(POST_OPEN))
    if session.scalar(message) or session.scalar(post):
        names.append(tenant_id)
    return names


def _campaign(
    app: App, profile: TenantProfile, slug: str, email_type: EmailType, variant: str, *, approve: bool
) -> None:
    """Write, submit and (for most) approve a campaign with the three products that were shown least."""
    with app.database.write() as session:
        if (
            session.scalar(select(Campaign.id).where(Campaign.tenant_id == profile.id, Campaign.slug == slug))
            is not None
        ):
            return
        people = staff(session, profile.id)
        content = _content(session, profile, email_type, variant, local_date(app.clock(), profile.tz))
        # the one left waiting for a person's approval keeps its hour for a day
        due = app.clock() + (timedelta(0) if approve else timedelta(days=1))
        author = people[Role.MARKETER]
        name = {
            "produk_baru": _("Produk UMKM pekan ini"),
            "buletin": _("Buletin bulan ini"),
            "paket": _("Paket akhir pekan"),
        }[variant]
        campaign = app.campaigns.create(session, author, name=name, content=content, scheduled_at=due, slug=slug)
        app.campaigns.submit(session, author, campaign.id)
        if approve:
            app.campaigns.approve(session, people[Role.APPROVER], campaign.id)


def _content(
    session: Session, profile: TenantProfile, email_type: EmailType, variant: str, today: date
) -> CampaignContent:
    known = set(
        session.scalars(
            select(Campaign.slug).where(Campaign.tenant_id == profile.id, Campaign.slug.startswith("peragaan-"))
        )
    )
    start = 3 * len(known)  # the campaigns of one run show different businesses
    offers = load_offers(session, profile.id, least_shown(session, profile.id, start + 3)[start:])
    first = next(iter(offers.values())).facts
    subjects = {
        "produk_baru": _("{name} dan produk lain dari {place}").format(name=first.name, place=profile.short_name),
        "buletin": _("Kabar UMKM {place}").format(place=profile.short_name),
        "paket": _("Paket pilihan dari {place}").format(place=profile.short_name),
    }
    bodies = {
        "produk_baru": _(
            "Tiga usaha dari {place} menawarkan hasil kerjanya pekan ini. Semua sudah diverifikasi oleh {dinas}.\n\n"
            "Cara memesan tertulis di halaman setiap produk."
        ),
        "buletin": _(
            "Selamat bertemu lagi. Edisi ini memuat tiga usaha yang baru tampil dan cara memesan langsung kepada pembuatnya.\n\n"
            "Terima kasih sudah membaca kabar dari {dinas}."
        ),
        "paket": _("Tiga produk yang cocok dipesan bersama dari {place}. Harga dan stok diperiksa {dinas}."),
    }
    everywhere = email_type is EmailType.PROMOTIONAL
    return CampaignContent(
        email_type=email_type,
        variant=variant,
        subject=subjects[variant],
        preheader=_("Terverifikasi oleh {dinas}").format(dinas=profile.dinas_short),
        headline=subjects[variant],
        body=bodies[variant].format(place=profile.name, dinas=profile.dinas_short),
        product_ids=tuple(offers),
        channels=(ChannelName.EMAIL, *(EVERY_POST if everywhere else (ChannelName.WEBSITE, ChannelName.TELEGRAM))),
        hashtags=("UMKM", profile.short_name.replace("Kab. ", "").replace(" ", "")),
        blocks=_blocks(profile, today) if email_type is EmailType.NEWSLETTER else (),
        archived=email_type is EmailType.NEWSLETTER,
    )


def _blocks(profile: TenantProfile, today: date) -> tuple[Block, ...]:
    return (
        Article(
            _("Memotret produk dengan ponsel"),
            _(
                "Letakkan produk di dekat jendela pada pagi hari, di atas kain polos berwarna terang. Matikan lampu kilat"
                " supaya warna tetap seperti aslinya.\n\nAmbil tiga gambar: tampak depan, tampak dekat, dan saat dipakai."
            ),
        ),
        MarketNote(_("Biji kopi arabika, per kg"), "Rp78.000", _("Pantauan harga peragaan"), today.isoformat()),
        MarketNote(_("Kemiri kupas, per kg"), "Rp38.000", _("Pantauan harga peragaan"), today.isoformat()),
        Shelf(),
        Happening(
            _("Pasar UMKM akhir pekan"),
            _("Halaman kantor {dinas}").format(dinas=profile.dinas_short),
            (today + timedelta(days=14)).isoformat(),
            "08:00",
            _("Tiga puluh pelaku usaha menjual langsung. Terbuka untuk umum, tanpa tiket."),
        ),
    )
