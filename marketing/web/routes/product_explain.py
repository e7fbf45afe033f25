"""One product for staff: the gate's answer now, with the law and what cures it, and every answer before."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from marketing.db.models import Product
from marketing.domain import site
from marketing.domain.types import Role
from marketing.errors import NotFoundError
from marketing.i18n import gettext as _
from marketing.products.explain import explain_row, history
from marketing.web import paths
from marketing.web.building.product_explain import view_of
from marketing.web.building.withdrawals import row_of as withdrawal_row
from marketing.web.deps import RowNumber, TheApp, TheStaff
from marketing.web.office import show
from marketing.web.queries.withdrawals import WithdrawalFilter, list_withdrawals

router = APIRouter()
SHOWN_PAST = 50


@router.get(f"{paths.CATALOG}/produk/{{product_id}}")
def product_page(request: Request, app: TheApp, visitor: TheStaff, product_id: RowNumber) -> Response:
    """Show one product of the visitor's own Daerah; any other is not found."""
    profile, now = visitor.profile, app.clock()
    with app.database.read() as session:
        row = _find(session, profile.id, product_id)
        picture = next((site.picture(image.sha256) for image in row.images if image.sha256), "")
        wanted = WithdrawalFilter(product_id=row.id)
        withdrawn, number = list_withdrawals(session, profile.id, wanted, limit=SHOWN_PAST)
        view = view_of(
            explain_row(row, profile, now),
            history(session, profile.id, row.id, SHOWN_PAST),
            profile,
            picture=picture,
            gone_at=row.deleted_at,
            public_href=site.product(profile.id, row.id),
            can_promote=visitor.has(Role.MARKETER),
        )
    rows = tuple(withdrawal_row(one, profile, now) for one in withdrawn)
    view = replace(view, withdrawals=rows, withdrawals_total=number)
    return show(request, app, visitor, "katalog_produk.html", view, place="catalog")


def _find(session: Session, tenant_id: str, product_id: int) -> Product:
    query = select(Product).where(Product.tenant_id == tenant_id, Product.id == product_id)
    row = session.scalars(query.options(joinedload(Product.business), selectinload(Product.images))).one_or_none()
    if row is None:
        raise NotFoundError(_("Produk ini tidak ada di katalog Daerah Anda."))
    return row
