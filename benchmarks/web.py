"""Pages that everybody may open and the click that people make in a mail, asked for inside the process."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Mapping
from statistics import median, quantiles

import httpx
from sqlalchemy import select, update

from benchmarks.bench import Bench
from benchmarks.catalogue import write_catalogue
from benchmarks.figures import Figure, load
from benchmarks.people import add_people
from catalog_sync.service import sync
from catalog_sync.sources.contract import open_source
from marketing.db.models import Link, Message, Product
from marketing.domain import site
from marketing.domain.links import LinkPurpose
from marketing.tenants.profile import profile_of
from marketing.web.app import create_app
from tests.support.world import START, TENANT, World, promotion

BASELINE = "GET /sehat of the same application: one SELECT 1 and the framework around it (p50, ms)"
HEALTH = "/sehat"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
WORDS = ("kopi", "tenun", "madu+hutan", "kopi+bubuk+mollo", "tidakadasamasekali")
THOUSAND = 1_000
FIRST_FAILURE = 400
CENTILES = 20


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Ask for each address in turn, one request at a time."""
    products, requests = bench.amount((200, 20), (10_000, 100))
    bench.say(f"web: {products} promotable products, {requests} requests each")
    with bench.database("sqlite") as database:
        world = World.make(database, bench.new_folder())
        paths = _paths(bench, world, products, requests)
        found = asyncio.run(_ask(world, paths, requests))
    baseline = median(found[HEALTH])
    figures: dict[str, Figure] = {}
    for name, seconds in found.items():
        if name == HEALTH:
            continue
        p95 = quantiles(seconds, n=CENTILES)[-1]
        notes = {"p95_ms": round(p95 * THOUSAND, 2), "requests": requests, "products": products, "load": load()[0]}
        figures[name] = Figure(median(seconds) * THOUSAND, "ms (p50)", BASELINE, baseline * THOUSAND, notes=notes)
    return figures


def _paths(bench: Bench, world: World, products: int, requests: int) -> Mapping[str, Iterator[str]]:
    """Fill the database and return the addresses to ask for, each kind without end."""
    folder, app = bench.new_folder(), world.app
    write_catalogue(folder, products + products // 20, START, fit_only=True)  # a few fail for other reasons
    source = open_source(str(folder))
    result = sync(
        app.database,
        source,
        profile=profile_of(TENANT),
        source_name="katalog",
        signing_key=app.settings.signing_key,
        now=START,
    )
    assert result.promotable >= products, f"only {result.promotable} of {products} may be promoted"

    with app.database.write() as session:
        ids = list(session.scalars(select(Product.id).where(Product.promotable).order_by(Product.id)))
        standing = Product.id.in_(ids[:products])
        businesses = list(session.scalars(select(Product.business_id).where(standing).distinct().limit(THOUSAND)))
        session.execute(update(Product).where(Product.id.in_(ids[products:])).values(deleted_at=START))
    add_people(world, requests, all_willing=True)
    campaign = world.approved(promotion(*ids[:3]))
    app.planner.start(campaign)
    with app.database.read() as session:
        messages = list(session.scalars(select(Message.id).where(Message.campaign_id == campaign)))
        link = session.scalars(select(Link.id).where(Link.campaign_id == campaign)).first() or 0
    clicks = [app.signer.url(LinkPurpose.CLICK, message, link) for message in messages]
    return {
        HEALTH: itertools.repeat(HEALTH),
        "/galeri/{tenant}": itertools.repeat(site.home(TENANT)),
        "/galeri/{tenant}/cari": itertools.cycle(f"{site.search(TENANT)}?halaman={number}" for number in (1, 2, 3)),
        "/galeri/{tenant}/cari?q=": itertools.cycle(f"{site.search(TENANT)}?q={words}" for words in WORDS),
        "/galeri/{tenant}/kategori/{name}": itertools.repeat(site.category(TENANT, "makanan_olahan")),
        "/galeri/{tenant}/produk/{id}": itertools.cycle(site.product(TENANT, row_id) for row_id in ids[:products]),
        "/galeri/{tenant}/usaha/{id}": itertools.cycle(site.business(TENANT, row_id) for row_id in businesses),
        "/k/{token}": itertools.cycle(url.removeprefix(app.settings.public_url) for url in clicks),
    }


async def _ask(world: World, paths: Mapping[str, Iterator[str]], requests: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in paths}
    transport = httpx.ASGITransport(app=create_app(world.app))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=BROWSER) as client:
        for addresses in paths.values():
            await client.get(next(addresses))  # the first request compiles the page
        for _request in range(requests):
            for name, addresses in paths.items():
                started = time.perf_counter()
                response = await client.get(next(addresses))
                seconds[name].append(time.perf_counter() - started)
                assert response.status_code < FIRST_FAILURE, f"{name}: {response.status_code}"
    return seconds
