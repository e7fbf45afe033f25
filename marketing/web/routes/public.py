"""Pages for everybody: a Daerah's products, one product, one offer. What may not be promoted now is not here."""

from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from marketing.db.models import Campaign, Post
from marketing.delivery.versions import content_of
from marketing.domain.calendar_id import format_date_id
from marketing.domain.post import PostState
from marketing.domain.types import ChannelName
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer, load_offers, promotable_offers
from marketing.tenants.profile import TenantProfile, profile_of
from marketing.web import paths
from marketing.web.deps import TheApp
from marketing.web.queries.gallery import gallery_page
from marketing.web.render import page
from marketing.web.views.parts import Option, Pager
from marketing.web.views.public import Link, PromoView, PublicProduct, PublicProductView, SiteHomeView, SiteNav
from marketing.web.views.shell import Shell, Tenant
from marketing.web.views.states import category_label

router = APIRouter()
PAGE_SIZE = 24
OTHERS = 4
LAST_PAGE = 100_000  # beyond it an offset is a joke, and a number the database cannot hold


@router.get("/{tenant_id}")
def gallery(tenant_id: str, app: TheApp, q: str = "", kategori: str = "", halaman: int = 1) -> Response:
    """Show what may be promoted now, with search and category."""
    profile, now = profile_of(tenant_id), app.clock()
    number = min(max(1, halaman), LAST_PAGE)
    with app.database.read() as session:
        found = gallery_page(
            session, tenant_id, words=q, category=kategori, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE
        )
    shown = [offer for offer in found.offers if offer.stands(profile, now)]
    home = f"/{tenant_id}"
    query = {"q": q, "kategori": kategori}
    view = SiteHomeView(
        summary=_("{products} produk dari {businesses} usaha, sudah diverifikasi.").format(
            products=found.total, businesses=found.businesses
        ),
        products=tuple(_card(offer, profile, app) for offer in shown),
        pager=Pager(
            len(shown),
            found.total,
            previous=paths.listing(home, **query, halaman=number - 1) if number > 1 else "",
            next=paths.listing(home, **query, halaman=number + 1) if number * PAGE_SIZE < found.total else "",
        ),
        action=home,
        query=q,
        categories=(
            Option("", _("Semua kategori"), selected=not kategori),
            *(Option(name, category_label(name), selected=name == kategori) for name in found.categories),
        ),
        feeds=tuple(
            Link(label, f"{home}/umpan.{form}")
            for label, form in (("RSS", "rss"), ("Atom", "atom"), ("JSON Feed", "json"))
        ),
    )
    return _page("publik_beranda.html", view, profile, active="home")


@router.get("/{tenant_id}/produk/{product_id}")
def product(tenant_id: str, product_id: int, app: TheApp) -> Response:
    """Show a product with its business and how to order (Blitar Ps. 9(1)); a held one answers 404 like an unknown one."""
    profile, now = profile_of(tenant_id), app.clock()
    with app.database.read() as session:
        offer = load_offers(session, tenant_id, [product_id]).get(product_id)
        if offer is None or not offer.stands(profile, now):
            raise NotFoundError(_("Produk ini tidak ada atau sedang tidak dipromosikan."))
        same = [
            other
            for other in promotable_offers(session, tenant_id, business_row_id=offer.business_row_id)
            if other.row_id != product_id and other.stands(profile, now)
        ]
    facts, business, order = offer.facts, offer.facts.business, offer.facts.how_to_order
    on_sale = offer.before_text(now)
    view = PublicProductView(
        name=facts.name,
        price=offer.price_text(now),
        unit=facts.unit,
        description=_paragraphs(facts.description),
        business=business.name,
        business_place=business.domicile_kecamatan or profile.name,
        order_steps=_paragraphs(order.text),
        price_was=on_sale,
        sale_until=format_date_id(facts.sale.ends.astimezone(profile.tz).date()) if on_sale and facts.sale else "",
        picture=offer.picture_url(""),
        picture_alt=(facts.pictures[0].alt if facts.pictures else "") or facts.name,
        stock=_("Tersedia {number} {unit}").format(number=facts.stock, unit=facts.unit) if facts.stock else "",
        facts=tuple((_permit(permit.type), permit.number) for permit in facts.permits),
        business_facts=tuple(
            (label, value)
            for label, value in (
                (_("Alamat"), business.address),
                (_("Telepon"), business.phone),
                (_("Surel"), business.email),
            )
            if value
        ),
        whatsapp_href=f"https://wa.me/{order.whatsapp.lstrip('+')}" if order.whatsapp.lstrip("+").isdigit() else "",
        order_href=order.url if order.url.startswith("https://") else "",
        others=tuple(_card(other, profile, app) for other in same[:OTHERS]),
    )
    return _page("publik_produk.html", view, profile)


@router.get("/{tenant_id}/promo/{marker}")
def promo(tenant_id: str, marker: str, app: TheApp) -> Response:
    """Show one offer of the Dinas; products that lost their standing are gone from it at once."""
    profile, now = profile_of(tenant_id), app.clock()
    with app.database.read() as session:
        query = select(Campaign).join(Post, Post.campaign_id == Campaign.id)
        query = query.where(
            Post.tenant_id == tenant_id,
            Post.marker == marker,
            Post.channel == ChannelName.WEBSITE,
            Post.state == PostState.PUBLISHED,
        )
        campaign = session.scalars(query).first()
        if campaign is None:
            raise NotFoundError(_("Promosi ini tidak ada atau sudah ditarik."))
        content = content_of(session, campaign)
        offers = load_offers(session, tenant_id, content.product_ids).values()
    view = PromoView(
        headline=content.headline or content.subject,
        text=_paragraphs(content.body),
        products=tuple(_card(offer, profile, app) for offer in offers if offer.stands(profile, now)),
        period=format_date_id(campaign.started_at.astimezone(profile.tz).date()) if campaign.started_at else "",
    )
    return _page("publik_promo.html", view, profile)


def _card(offer: Offer, profile: TenantProfile, app: TheApp) -> PublicProduct:
    now = app.clock()
    return PublicProduct(
        name=offer.facts.name,
        business=offer.facts.business.name,
        href=offer.page_url("", profile.id),
        price=offer.price_text(now),
        picture=offer.picture_url(""),
        picture_alt=(offer.facts.pictures[0].alt if offer.facts.pictures else "") or offer.facts.name,
        price_was=offer.before_text(now),
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def _permit(kind: str) -> str:
    return {"PIRT": "P-IRT", "BPOM_MD": "BPOM MD", "BPOM_ML": "BPOM ML"}.get(kind, kind)


def _page(template: str, view: object, profile: TenantProfile, *, active: str = "") -> Response:
    nav = SiteNav(home_href=f"/{profile.id}", active="home" if active else "")
    return HTMLResponse(page(template, view, shell=Shell(tenant=Tenant.of(profile), csrf=""), nav=nav), HTTPStatus.OK)
