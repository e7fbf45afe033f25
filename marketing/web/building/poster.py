"""The sheet for a fair: a QR code that leads to the form, and the same address in words for whoever has no camera."""

import io
from typing import Final

import segno

from marketing.tenants.profile import TenantProfile
from marketing.web.building.subscribe import address
from marketing.web.views.subscribe import PosterView

QUIET_ZONE: Final = 4
"""Modules of white around the code (ISO/IEC 18004 6.3.8)."""
PRINT_SCALE: Final = 32
"""Pixels a module: more than 1,300 in all, 12 cm at 300 dpi."""
_BLACK, _WHITE = "#000", "#fff"


def poster(profile: TenantProfile, public_url: str) -> PosterView:
    """Return the sheet to print."""
    whole = form_address(profile.id, public_url)
    images = address(profile.id, "poster")
    return PosterView(
        address=whole,
        short_address=whole.partition("://")[2],
        office=profile.dinas,
        back_href=address(profile.id),
        code_href=f"{images}.svg",
        print_href=f"{images}.png",
    )


def form_address(tenant_id: str, public_url: str) -> str:
    """Return where the code leads."""
    return f"{public_url}{address(tenant_id)}"


def code_svg(text: str) -> bytes:
    """Return the code as an image of its own, black on white, that grows with its place; it carries no style and no script."""
    return _saved(text, "svg", omitsize=True, svgclass=None, lineclass=None, svgns=True)


def code_png(text: str) -> bytes:
    """Return the code for a printer."""
    return _saved(text, "png", scale=PRINT_SCALE)


def _saved(text: str, kind: str, **how: object) -> bytes:
    # Level Q still reads with a quarter of the code under a crease or a stamp.
    code = segno.make_qr(text, error="q")
    out = io.BytesIO()
    code.save(out, kind=kind, border=QUIET_ZONE, dark=_BLACK, light=_WHITE, **how)
    return out.getvalue()
