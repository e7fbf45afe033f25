"""How a person lets accounts of social networks in through our pages."""

import re

from marketing.demo.simulators import telegram
from tests.functional.web.visits import Visit
from tests.support.networks import led_back

META, TIKTOK = "meta", "tiktok"
HREF = re.compile(r'class="btn btn-primary" href="([^"]+)"')


def left_for(visit: Visit, kind: str, query: str = "") -> str:
    """Press the button that leads to the provider; return its address."""
    page = visit.page(f"/kanal/media-sosial/{kind}/hubungkan{query}")
    link = next(one for one in HREF.findall(page) if "menuju" in one)
    gone = visit.get(link.replace("&amp;", "&"))
    assert gone.status_code == 303
    return str(gone.headers["location"])


def agreed(visit: Visit, kind: str, query: str = "") -> str:
    return led_back(left_for(visit, kind, query))


def connected_meta(visit: Visit) -> None:
    """Go the whole way to Facebook and back, and tick all that is offered."""
    assert visit.get(agreed(visit, META)).headers["location"] == "/kanal/media-sosial/meta/pilih"
    offered = re.findall(r'name="akun" value="([^"]+)"', visit.page("/kanal/media-sosial/meta/pilih"))
    assert visit.act("/kanal/media-sosial/meta/pilih", {"akun": offered}).endswith("sosial_tersambung")


def connected_telegram(visit: Visit) -> None:
    """Fill in the form of a bot."""
    given = {"token": telegram.TOKEN, "saluran": "@umkm_tts", "catatan": "", "topik": ""}
    assert visit.act("/kanal/media-sosial/telegram/hubungkan", given).endswith("sosial_tersambung")
