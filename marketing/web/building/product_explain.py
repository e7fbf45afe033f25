"""One product before the gate, from facts to its page."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from marketing.domain.calendar_id import format_date_id
from marketing.domain.money import format_rupiah
from marketing.domain.product import HalalStatus, Permit, Product, Verification, VerificationStatus
from marketing.domain.regulations import GATES
from marketing.domain.regulations.base import Reason
from marketing.domain.regulations.permits import LABELS
from marketing.i18n import gettext as _
from marketing.i18n import ngettext
from marketing.products.explain import Explanation, PastDecision
from marketing.tenants.profile import TenantProfile
from marketing.web.building.words import moment_text, number_text
from marketing.web.views.catalog import ReasonView
from marketing.web.views.product_explain import PastRow, ProductExplainView, State
from marketing.web.views.states import category_label


def view_of(
    found: Explanation,
    past: Sequence[PastDecision],
    profile: TenantProfile,
    *,
    picture: str,
    gone_at: datetime | None,
    public_href: str,
    can_promote: bool,
) -> ProductExplainView:
    """Return the page; a product that is gone from the catalogue has a past and no decision."""
    facts, promotable = found.facts, found.verdict.promotable and gone_at is None
    return ProductExplainView(
        id=found.row_id,
        name=facts.name or _("Tanpa nama"),
        business=facts.business.name or _("Usaha tanpa nama"),
        state=_state(facts, promotable=promotable, gone=gone_at is not None),
        said=_said(found, profile, gone_at),
        asked=moment_text(found.at, profile),
        product_facts=_filled(_product_facts(facts, profile, found)),
        business_facts=_filled(_business_facts(facts, profile)),
        description=facts.description,
        reasons=() if gone_at else reason_views(found.verdict.reasons, profile),
        remarks=()
        if gone_at
        else tuple(ReasonView(one.text, one.law, one.cure, severe=False) for one in found.remarks),
        past=tuple(_past_row(one, profile) for one in past),
        picture=picture,
        picture_alt=next((one.alt for one in facts.pictures if one.sha256), ""),
        rules=found.verdict.rule_version,
        public_href=public_href if promotable else "",
        can_promote=can_promote and promotable,
    )


def reason_views(reasons: Iterable[Reason], profile: TenantProfile) -> tuple[ReasonView, ...]:
    """Return every reason with its Pasal, what that Pasal asks, and what cures it."""
    asks = GATES[profile.regulation].codes
    return tuple(ReasonView(one.text, one.citation, one.cure, asks.get(one.code, "")) for one in reasons)


def _state(facts: Product, *, promotable: bool, gone: bool) -> State:
    status = facts.verification.status
    if gone or status in (VerificationStatus.REJECTED, VerificationStatus.REVOKED):
        return "withdrawn"
    if promotable:
        return "ready"
    return "unverified" if status is VerificationStatus.PENDING else "held"


def _said(found: Explanation, profile: TenantProfile, gone_at: datetime | None) -> str:
    if gone_at is not None:
        return _("Produk ini hilang dari katalog {time} dan tidak ditampilkan di mana pun.").format(
            time=moment_text(gone_at, profile)
        )
    if found.verdict.promotable:
        return _("Produk ini boleh dipromosikan menurut {law}.").format(law=profile.regulation_name)
    number = len(found.verdict.reasons)
    return ngettext(
        "{n} alasan menahan produk ini menurut {law}.", "{n} alasan menahan produk ini menurut {law}.", number
    ).format(n=number, law=profile.regulation_name)


def _product_facts(facts: Product, profile: TenantProfile, found: Explanation) -> Iterable[tuple[str, str]]:
    unit = f" / {facts.unit}" if facts.unit else ""
    yield _("Id di katalog"), f"{facts.id} ({found.source})"
    yield _("Kategori"), category_label(facts.category)
    yield _("Harga"), "" if facts.price is None else f"{format_rupiah(facts.price)}{unit}"
    if sale := facts.sale_at(found.at):
        until = moment_text(sale.ends, profile)
        yield _("Harga diskon"), _("{price} sampai {time}").format(price=format_rupiah(sale.price), time=until)
    yield _("Stok"), "" if facts.stock is None else f"{number_text(facts.stock)} {facts.unit}".strip()
    for permit in facts.permits:
        yield LABELS.get(permit.type, permit.type), _permit(permit)
    yield _("Halal"), _halal(facts)
    how = facts.how_to_order
    yield _("Cara memesan"), " · ".join(part for part in (how.text, how.whatsapp, how.url) if part)
    yield _("Verifikasi"), _verification(facts.verification, profile)
    yield _("Versi katalog"), number_text(found.catalog_version)


def _business_facts(facts: Product, profile: TenantProfile) -> Iterable[tuple[str, str]]:
    business = facts.business
    yield _("Id di katalog"), business.id
    yield "NIB", business.nib
    yield _("Binaan Dinas"), _("ya") if business.is_binaan else _("tidak")
    yield _("Domisili"), " · ".join(part for part in (business.domicile_kecamatan, business.domicile_region) if part)
    yield _("Alamat"), business.address
    yield _("Kontak"), " · ".join(part for part in (business.phone, business.email) if part)
    yield (
        _("NIK pemilik"),
        (_("terverifikasi") if business.nik_verified else _("belum diverifikasi"))
        if business.nik_given
        else _("belum diserahkan"),
    )
    yield _("Verifikasi"), _verification(business.verification, profile)


def _filled(facts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value or "–") for name, value in facts)


def _permit(permit: Permit) -> str:
    until = _("berlaku sampai {day}").format(day=format_date_id(permit.expires)) if permit.expires else ""
    return ", ".join(part for part in (permit.number, until) if part)


def _halal(facts: Product) -> str:
    return {
        HalalStatus.CERTIFIED: facts.halal_number or _("bersertifikat, nomor belum diisi"),
        HalalStatus.NOT_HALAL: _("dinyatakan tidak halal"),
        HalalStatus.NOT_REQUIRED: _("tidak wajib"),
        HalalStatus.UNKNOWN: _("belum diketahui"),
    }[facts.halal]


def _verification(verification: Verification, profile: TenantProfile) -> str:
    said = {
        VerificationStatus.PENDING: _("menunggu"),
        VerificationStatus.VERIFIED: _("terverifikasi"),
        VerificationStatus.REJECTED: _("ditolak"),
        VerificationStatus.REVOKED: _("dicabut"),
    }[verification.status]
    return ", ".join(part for part in (said, verification.by or "", moment_text(verification.at, profile)) if part)


def _past_row(one: PastDecision, profile: TenantProfile) -> PastRow:
    codes = dict.fromkeys(str(reason["code"]) for reason in one.reasons)
    return PastRow(
        when=moment_text(one.at, profile),
        state="ready" if one.promotable else "held",
        codes=", ".join(codes),
        versions=_("katalog versi {catalog}, aturan {rules}").format(
            catalog=number_text(one.catalog_version), rules=one.rule_version
        ),
    )
