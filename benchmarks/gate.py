"""Decisions of the gate on real facts: every product of a pulled catalogue, fit and unfit."""

import json
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from benchmarks.bench import Bench
from benchmarks.catalogue import write_catalogue
from benchmarks.figures import Figure, interleaved, rate_figure
from catalog_sync.service import sync
from catalog_sync.sources.contract import open_source
from marketing.accounts.tenants import ensure_tenants
from marketing.db.models import Product
from marketing.domain import eligibility
from marketing.products.facts import product_facts
from marketing.tenants.profile import profile_of
from tests.support.world import START, TENANT

PRODUCTS = 208
BASELINE = "json.loads of the same products' records, as the catalogue sends them"


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Ask about every product of the sample of TTS, again and again."""
    turns, rounds = bench.amount((5, 3), (50, 7))
    bench.say(f"gate: {PRODUCTS * turns} decisions, {rounds} rounds")
    folder, profile = bench.new_folder(), profile_of(TENANT)
    write_catalogue(folder, PRODUCTS, START)
    with bench.database("sqlite") as database:
        with database.write() as session:
            ensure_tenants(session, START)
        source = open_source(str(folder))
        sync(database, source, profile=profile, source_name="katalog", signing_key=b"k" * 32, now=START)
        with database.read() as session:
            query = select(Product).options(joinedload(Product.business), selectinload(Product.images))
            facts = [product_facts(row) for row in session.scalars(query)]
    texts = [json.dumps(record) for record in json.loads((folder / "products.json").read_bytes())["products"]]

    def decide() -> int:
        passed = 0
        for _turn in range(turns):
            for product in facts:
                answer = eligibility.decide(
                    product, regulation=profile.regulation, region_code=profile.region_code, now=START
                )
                passed += answer.promotable
        return passed

    def read() -> None:
        for _turn in range(turns):
            for text in texts:
                json.loads(text)

    seconds = interleaved(rounds, decide=decide, read=read)
    passed = decide() // turns
    notes = {"products": len(facts), "promotable": passed}
    done = turns * len(facts)
    return {"decisions": rate_figure("decisions/s", done, seconds["decide"], BASELINE, seconds["read"], **notes)}
