"""Addresses that left the house before the gallery had its own: mails, posts and bookmarks still lead here."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from marketing.domain import site
from marketing.tenants.profile import profile_of

router = APIRouter()


@router.get("/{tenant_id}")
def old_home(tenant_id: str, request: Request) -> Response:
    """Lead to the gallery of a Daerah."""
    return _moved(request, site.home(profile_of(tenant_id).id))


@router.get("/{tenant_id}/produk/{product_id}")
def old_product(tenant_id: str, product_id: int, request: Request) -> Response:
    """Lead to a product."""
    return _moved(request, site.product(profile_of(tenant_id).id, product_id))


@router.get("/{tenant_id}/promo/{marker}")
def old_promo(tenant_id: str, marker: str, request: Request) -> Response:
    """Lead to an offer."""
    return _moved(request, site.promo(profile_of(tenant_id).id, marker))


def _moved(request: Request, path: str) -> Response:
    """Lead on for good; what the address carries (where a reader came from) goes along."""
    query = request.url.query
    return RedirectResponse(f"{path}?{query}" if query else path, HTTPStatus.PERMANENT_REDIRECT)
