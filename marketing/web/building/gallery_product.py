"""The page of one product: the product, its business, how to order (Blitar Ps. 9(1)a-c)."""

from collections.abc import Sequence
from urllib.parse import quote

from marketing.channels.website import structured_data as data
from marketing.domain import site
from marketing.domain.calendar_id import format_date_id, local_date
from marketing.domain.product import HalalStatus, Permit, Product
from marketing.i18n import gettext as _
from marketing.products.catalogue import Offer
from marketing.web.building.gallery import Scene, card, crumbs, head, paragraphs, share, standing
from marketing.web.building.gallery_seller import business_facts, contact_links, seller, shop_links, verified, whatsapp
from marketing.web.views.gallery import BusinessCard, Link, Picture, ProductView
from marketing.web.views.states import category_label

OTHERS = 4
MAX_STEPS = 12
KILO = 1000


def product(scene: Scene, offer: Offer, same_business: Sequence[Offer], of_business: int) -> ProductView:
    """Return the page; the caller has asked the gate. `same_business` may hold the product itself."""
    facts, profile = offer.facts, scene.profile
    path = offer.page_url("", profile.id)
    address, label = scene.absolute(path), category_label(facts.category)
    way = crumbs(scene, Link(label, site.category(profile.id, facts.category)), Link(facts.name, ""))
    price, before = offer.price_text(scene.now), offer.before_text(scene.now)
    sale = facts.sale_at(scene.now)
    until = local_date(sale.ends, profile.tz) if sale else None
    owner = seller(scene, offer.business_row_id, facts.business)
    pictures = tuple(
        Picture(site.picture(shot.sha256), shot.alt or facts.name, shot.width, shot.height)
        for shot in facts.pictures
        if shot.sha256
    )
    goods = data.Goods(
        page=address,
        name=facts.name,
        description=facts.description,
        sku=facts.id,
        category=label,
        seller=owner,
        price=facts.price_at(scene.now),
        until=until,
        available=facts.stock != 0,
        weight_gram=facts.weight_gram,
        pictures=tuple(scene.absolute(shot.href) for shot in pictures),
        service=facts.kind == "service",
    )
    sentence = _("{name}, {price}. {text}").format(name=facts.name, price=price, text=facts.description)
    others = [other for other in standing(same_business, scene) if other.row_id != offer.row_id]
    return ProductView(
        head=head(
            scene,
            path,
            title=facts.name,
            description=sentence,
            way=way,
            page_kind="ItemPage",
            about=f"{address}#produk",
            things=[data.goods(goods), data.business(owner)],
            kind="product",
            picture=scene.absolute(pictures[0].href) if pictures else "",
            picture_alt=pictures[0].alt if pictures else "",
        ),
        crumbs=way,
        name=facts.name,
        category=label,
        price=price,
        unit=facts.unit,
        price_was=before,
        sale_until=_("Harga ini berlaku sampai {day}.").format(day=format_date_id(until)) if until else "",
        stock=_stock(facts),
        business=BusinessCard(
            name=facts.business.name,
            href=site.business(profile.id, offer.business_row_id),
            place=facts.business.domicile_kecamatan or profile.name,
            count=of_business,
        ),
        share=share(scene, path, _("{name}, {price}").format(name=facts.name, price=price)),
        description=paragraphs(facts.description),
        verified=verified(scene, facts.verification),
        not_halal=facts.halal is HalalStatus.NOT_HALAL,
        pictures=pictures,
        facts=_facts(facts),
        business_facts=business_facts(facts.business),
        business_links=contact_links(facts.business),
        order_steps=paragraphs(facts.how_to_order.text)[:MAX_STEPS],
        order_links=_order_links(facts, address, price),
        report_href=_report(scene, facts, address),
        others=tuple(card(other, scene, of_one=True) for other in others[:OTHERS]),
    )


def _order_links(facts: Product, address: str, price: str) -> tuple[Link, ...]:
    """Return every way to buy, the first of them the button that stands out."""
    order = facts.how_to_order
    words = _("Halo, saya ingin memesan {name} ({price}). {address}").format(
        name=facts.name, price=price, address=address
    )
    chat = whatsapp(order.whatsapp, words)
    links = [Link(_("Pesan lewat WhatsApp"), chat, "whatsapp")] if chat else []
    if order.url.startswith("https://"):
        links.append(Link(_("Pesan di toko daring"), order.url, "shop"))
    shops = [link for link in shop_links(facts.business, _("Beli di {shop}")) if link.href != order.url]
    return (*links, *shops)


def _facts(facts: Product) -> tuple[tuple[str, str], ...]:
    lines = [
        (_("Kategori"), category_label(facts.category)),
        (_("Berat"), _weight(facts.weight_gram)),
        (_("Pesanan terkecil"), f"{facts.min_order} {facts.unit}" if facts.min_order > 1 else ""),
        *((_permit_name(permit.type), _permit(permit)) for permit in facts.permits),
        (_("Halal"), _halal(facts)),
    ]
    return tuple((label, value) for label, value in lines if value)


def _stock(facts: Product) -> str:
    if facts.stock is None:
        return ""
    return _("Tersedia {number} {unit}").format(number=facts.stock, unit=facts.unit)


def _weight(gram: int | None) -> str:
    if not gram:
        return ""
    return _("{n} gram").format(n=gram) if gram < KILO else _("{n} kg").format(n=f"{gram / KILO:g}".replace(".", ","))


def _permit(permit: Permit) -> str:
    if permit.expires is None:
        return permit.number
    return _("{number}, berlaku sampai {day}").format(number=permit.number, day=format_date_id(permit.expires))


def _permit_name(kind: str) -> str:
    names = {"PIRT": "P-IRT", "BPOM_MD": "BPOM MD", "BPOM_ML": "BPOM ML", "HKI": "HKI", "SNI": "SNI"}
    return names.get(kind, _("Izin lain"))


def _halal(facts: Product) -> str:
    match facts.halal:
        case HalalStatus.CERTIFIED:
            number = facts.halal_number
            return _("Bersertifikat, nomor {number}").format(number=number) if number else _("Bersertifikat")
        case HalalStatus.NOT_HALAL:
            return _("Tidak halal")
        case _:
            return ""


def _report(scene: Scene, facts: Product, address: str) -> str:
    if not scene.profile.email:
        return ""
    subject = quote(_("Keterangan produk: {name}").format(name=facts.name), safe="")
    return f"mailto:{scene.profile.email}?subject={subject}&body={quote(address, safe='')}"
