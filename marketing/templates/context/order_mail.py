"""From the facts that a message keeps of its order to what the mail says, in the language in force; pure."""

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from marketing.domain.calendar_id import format_date, local_date
from marketing.domain.money import format_rupiah
from marketing.domain.orders.complaint import ComplaintStage
from marketing.domain.orders.telling import OrderVariant
from marketing.domain.text import cut, web_address
from marketing.i18n import gettext as _
from marketing.i18n import language, ngettext
from marketing.templates.context.transactional import (
    ComplaintContext,
    ComplaintDocument,
    OrderLine,
    TransactionalContext,
)
from marketing.tenants.profile import TenantProfile

_WORDS = 1_000


def order_mail_context(
    variant: str, facts: Mapping[str, Any], common: Mapping[str, Any], profile: TenantProfile
) -> TransactionalContext | ComplaintContext:
    """Return what the mail says; `common` are sender, links and name of the reader."""
    shared = {
        **common,
        "links": replace(common["links"], why=order_why(facts), unsubscribe="", pixel=""),
        "subject": order_subject(variant, facts),
        "business": facts["business"],
        "shared": facts["shared"],
        "again": facts["again"],
        "order_number": facts["number"],
        "ordered_on": _day(facts["placed_at"], profile),
        "items": tuple(_line(*line) for line in facts["lines"]),
    }
    if variant == OrderVariant.COMPLAINT:
        return _complaint(facts, shared, profile)
    kind, number, url = facts["document"]
    invoice = facts.get("invoice") or ["", ""]
    more, more_amount = facts["more"]
    total = format_rupiah(facts["total"])
    return TransactionalContext(
        **{**shared, "preheader": _preheader(variant, facts, total)},
        happened_on=_day(facts["at"], profile),
        rest=ngettext("{n} produk lainnya", "{n} produk lainnya", more).format(n=more) if more else "",
        rest_total=format_rupiah(more_amount) if more else "",
        shipping_cost="" if facts["shipping"] is None else format_rupiah(facts["shipping"]),
        difference=format_rupiah(facts["difference"]) if facts["difference"] else "",
        total=total,
        document_kind=document_title(kind),
        document_number=number,
        document_url=document_link(url),
        document_host=_host(url),
        invoice_number=invoice[0],
        invoice_url=document_link(invoice[1]),
        courier=facts["courier"],
        tracking_number=facts["tracking"],
    )


def order_why(facts: Mapping[str, Any]) -> str:
    """Return why a mail about an order came."""
    if facts["business_id"] is None:
        return _("Anda menerima surel ini karena memesan produk UMKM. Surel ini hanya tentang pesanan itu.")
    return _("Anda menerima surel ini karena usaha Anda menerima pesanan. Surel ini hanya tentang pesanan itu.")


def order_subject(variant: str, facts: Mapping[str, Any]) -> str:
    """Return the subject of a mail about an order, as the outbox shows it too."""
    seller = facts["business_id"] is not None
    if variant == OrderVariant.COMPLAINT:
        said = _complaint_subject(facts["complaint"]["stage"], seller=seller, again=facts["again"])
        return said.format(number=facts["number"])
    said = {
        (OrderVariant.ORDER, False): _("Pesanan {number} disetujui penjual"),
        (OrderVariant.ORDER, True): _("Pesanan {number} untuk usaha Anda disetujui"),
        (OrderVariant.INVOICE, False): _("Faktur dan bukti pembayaran pesanan {number}"),
        (OrderVariant.INVOICE, True): _("Pembayaran pesanan {number} untuk usaha Anda diterima"),
        (OrderVariant.DELIVERY, False): _("Pesanan {number} dalam pengiriman"),
        (OrderVariant.DELIVERY, True): _("Pengiriman pesanan {number} dari usaha Anda tercatat"),
    }[OrderVariant(variant), seller].format(number=facts["number"])
    return _("Perbaikan: {subject}").format(subject=said) if facts["again"] else said


def document_title(kind: str) -> str:
    """Return the printed name of a document of an order or a complaint (Blitar Ps. 1(19)-(21), 10(3))."""
    return {
        "bukti_persetujuan_pemesanan": _("Bukti Persetujuan Pemesanan"),
        "bukti_pembayaran": _("Bukti Pembayaran"),
        "bukti_pengiriman": _("Bukti Pengiriman"),
        "foto_produk": _("Foto produk yang diterima"),
        "faktur": _("Faktur"),
        "": _("Dokumen"),
    }.get(kind, kind.replace("_", " ").title())


def document_link(url: str) -> str:
    """Return the address of a document when a mail may lead there, else an empty string.

    Only by name and without log-in data in it: `https://bank.example@jahat.example` reads like a bank, and a bare number
    says nothing to whoever looks where a link leads.
    """
    address = web_address(url)
    return address if address and _host(address) else ""


def _host(url: str) -> str:
    try:
        parts = urlsplit(web_address(url))
        host = parts.hostname or ""
        _port = parts.port  # a ValueError where it is none
    except ValueError:
        return ""
    if parts.username is not None or parts.password is not None or "." not in host.strip("."):
        return ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return ""


def _complaint(facts: Mapping[str, Any], shared: Mapping[str, Any], profile: TenantProfile) -> ComplaintContext:
    said = facts["complaint"]
    documents = tuple(
        ComplaintDocument(document_title(kind), there, said["numbers"].get(kind, ""), document_link(url), _host(url))
        for kind, url, there in said["documents"]
    )
    missing = sum(not document.there for document in documents)
    late = datetime.fromisoformat(facts["told_at"]) > datetime.fromisoformat(said["due_at"])
    return ComplaintContext(
        **{**shared, "preheader": _complaint_preheader(said["stage"], missing)},
        opened_on=_day(facts["at"], profile),
        stage=said["stage"],
        words=cut(said["text"], _WORDS),
        documents=documents,
        missing=ngettext("{n} dokumen", "{n} dokumen", missing).format(n=missing),
        due_on="" if late else _day(said["due_at"], profile),
    )


def _complaint_subject(stage: str, *, seller: bool, again: bool) -> str:
    if stage == ComplaintStage.RESOLVED:
        return _("Komplain atas pesanan {number} selesai")
    if stage == ComplaintStage.REJECTED:
        return _("Komplain atas pesanan {number} tidak dapat diterima")
    if stage == ComplaintStage.COMPLETE:
        return _("Komplain atas pesanan {number}: dokumen lengkap")
    if seller and not again:
        return _("Ada komplain atas pesanan {number} untuk usaha Anda")
    if again:
        return _("Komplain atas pesanan {number}: dokumen belum lengkap")
    return _("Komplain atas pesanan {number} kami terima, dokumen belum lengkap")


def _complaint_preheader(stage: str, missing: int) -> str:
    if stage == ComplaintStage.INCOMPLETE:
        return ngettext("{n} dari 4 dokumen masih kurang.", "{n} dari 4 dokumen masih kurang.", missing).format(
            n=missing
        )
    if stage == ComplaintStage.COMPLETE:
        return _("Keempat dokumen sudah ada.")
    return _("Hasil pemeriksaannya ada di surel ini.")


def _preheader(variant: str, facts: Mapping[str, Any], total: str) -> str:
    if variant == OrderVariant.DELIVERY and facts["courier"] and facts["tracking"]:
        return _("{courier}, nomor resi {tracking}.").format(courier=facts["courier"], tracking=facts["tracking"])
    count = len(facts["lines"]) + facts["more"][0]
    return ngettext("{n} produk, jumlah {total}.", "{n} produk, jumlah {total}.", count).format(n=count, total=total)


def _line(name: str, business: str, quantity: int, unit_price: int) -> OrderLine:
    return OrderLine(
        name=name or _("Produk tanpa nama"),
        business=business,
        quantity=str(quantity),
        unit_price=format_rupiah(unit_price),
        subtotal=format_rupiah(unit_price * quantity),
    )


def _day(moment: str, profile: TenantProfile) -> str:
    return format_date(local_date(datetime.fromisoformat(moment), profile.tz), language())
