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
SMUDGED: Final = "q"
"""Level Q still reads with a quarter of the code under a crease or a stamp."""
CLEAN: Final = "l"
"""Level L holds most in the fewest modules, for a screen that nobody stamps."""
_BLACK, _WHITE = "#000", "#fff"


def poster(profile: TenantProfile, public_url: str, part: str = "") -> PosterView:
    """Return the sheet to print; `part` "telegram" leads to the bot instead of the form."""
    whole = form_address(profile.id, public_url, part)
    images, query = address(profile.id, "poster"), f"?lewat={part}" if part else ""
    return PosterView(
        telegram=bool(part),
        address=whole,
        short_address=whole.partition("://")[2],
        office=profile.dinas,
        back_href=address(profile.id),
        code_href=f"{images}.svg{query}",
        print_href=f"{images}.png{query}",
    )


def form_address(tenant_id: str, public_url: str, part: str = "") -> str:
    """Return where the code leads."""
    return f"{public_url}{address(tenant_id, part)}"


def code_svg(text: str, *, error: str = SMUDGED) -> bytes:
    """Return the code as an image of its own, black on white, that grows with its place; it carries no style and no script."""
    return _saved(text, "svg", error, omitsize=True, svgclass=None, lineclass=None, svgns=True)


def code_png(text: str) -> bytes:
    """Return the code for a printer."""
    return _saved(text, "png", SMUDGED, scale=PRINT_SCALE)


def _saved(text: str, kind: str, error: str, **how: object) -> bytes:
    code = segno.make_qr(text, error=error)
    out = io.BytesIO()
    code.save(out, kind=kind, border=QUIET_ZONE, dark=_BLACK, light=_WHITE, **how)
    return out.getvalue()
