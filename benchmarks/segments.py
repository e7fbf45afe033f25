"""Counting a segment of five conditions among everybody of a Daerah, on both engines; limit: 1.0 s."""

from collections.abc import Mapping
from statistics import median

from sqlalchemy import func, select

from benchmarks.bench import ENGINES, Bench
from benchmarks.figures import Figure, interleaved
from marketing.contacts.segments import count, understand
from marketing.db.models import Contact
from marketing.db.session import Database
from tests.support.world import START, TENANT, World, add_product

BASELINE = "count of all contacts of the Daerah"
FIVE = {
    "usual": "kind = masyarakat and bought(category=kerajinan, days=180) and not clicked(days=90) "
    "and consent(promotional=given) and address(email)",
    "wide": "locale = id and topics any (kerajinan, fesyen) and not bought(days=30) and received(days=365) and not suppressed()",
    "either": "(bought(times=2, days=365) or clicked(days=90)) and (consent(newsletter=none) or received(days=30)) "
    "and kecamatan in (soe, molo)",
    "value": "bought(times=2, spent=150000, days=365) and not (clicked(days=30) or bought(days=14)) and address(email) "
    "and name contains orang",
}
NOW = "'2026-11-22 01:00:00.000000'"
NUMBERS = {
    "postgresql": "generate_series(1, {n}) AS s(i)",
    "sqlite": "(WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {n}) SELECT i FROM c) AS s",
}
AGO = {
    "postgresql": f"CAST({NOW} AS timestamptz) - ({{days}}) * INTERVAL '1 day'",
    "sqlite": f"strftime('%Y-%m-%d %H:%M:%f000', {NOW}, '-' || ({{days}}) || ' days')",
}


def measure(bench: Bench) -> Mapping[str, Figure]:
    """Count the segments, next to a plain count; the slowest of them is the figure."""
    rounds = bench.amount(2, 3)
    figures: dict[str, Figure] = {}
    for engine in ENGINES:
        people = bench.amount(2_000, 1_000_000 if engine == "postgresql" else 100_000)
        bench.say(f"segments: {people} contacts, {engine}, {rounds} rounds")
        with bench.database(engine) as database:
            world = World.make(database, bench.new_folder())
            _populate(world, engine, people)
            for name, wanted in FIVE.items():
                figures[f"{name}.{engine}"] = _figure(database, wanted, people, rounds)
    return figures


def _figure(database: Database, wanted: str, people: int, rounds: int) -> Figure:
    with database.read() as session:
        meant = understand(session, TENANT, wanted)
        found = count(session, TENANT, meant.whole, START)
        seconds = interleaved(
            rounds,
            segment=lambda: count(session, TENANT, meant.whole, START),
            everybody=lambda: session.scalars(
                select(func.count()).select_from(Contact).where(Contact.tenant_id == TENANT)
            ).one(),
        )
    notes = {"contacts": people, "found": found, "segment": meant.text}
    return Figure(
        median(seconds["segment"]), "s", BASELINE, median(seconds["everybody"]), tuple(seconds["segment"]), notes
    )


def _populate(world: World, engine: str, people: int) -> None:
    """Make people, orders, messages, clicks and consents by the database itself."""
    products = [
        add_product(world.app, one, category=category)
        for one, category in enumerate(("kerajinan", "fesyen", "jasa", "minuman"))
    ]
    with world.app.database.engine.connect() as connection:
        if engine == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")  # no key is checked: ten times faster
        for statement in _statements(engine, people, products[0]):
            # psycopg reads a bare % as a placeholder
            connection.exec_driver_sql(statement.replace("%", "%%") if engine == "postgresql" else statement)
        connection.exec_driver_sql("ANALYZE")
        if engine == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")
        connection.commit()


def _statements(engine: str, people: int, product: int) -> list[str]:
    """Return INSERT … SELECT statements: who does what is spread by remainders of the number; one ledger line stands for all."""
    true, false = ("true", "false") if engine == "postgresql" else ("1", "0")
    asjson = "CAST({} AS jsonb)" if engine == "postgresql" else "{}"
    topics = asjson.format(
        """'{"categories": ["' || CASE i % 5 WHEN 0 THEN 'kerajinan' WHEN 1 THEN 'fesyen' ELSE 'jasa' END || '"]}'"""
    )
    nothing = asjson.format("'{}'")

    def ago(days: str) -> str:
        return AGO[engine].format(days=days)

    def many(number: int) -> str:
        return NUMBERS[engine].format(n=number)

    return [
        ("INSERT INTO contact (id, tenant_id, source, external_id, name, kind, locale, zone, preferences, content_hash, "
        "created_at, kecamatan) SELECT i, 'tts', 'katalog', 'B-' || i, 'Orang ke-' || i, "
        "CASE WHEN i % 10 < 8 THEN 'masyarakat' ELSE 'pelaku_umkm' END, CASE WHEN i % 20 = 0 THEN 'en' ELSE 'id' END, "
        f"'Asia/Makassar', {topics}, 'x', {ago('i % 700')}, "
        f"CASE i % 4 WHEN 0 THEN 'SoE' WHEN 1 THEN 'Molo' ELSE 'Kie' END FROM {many(people)}"),
        ("INSERT INTO address (tenant_id, contact_id, channel, normalised, hash) "
        f"SELECT 'tts', i, 'email', 'o' || i || '@surat.example', 'h' || i FROM {many(people)} WHERE i % 25 > 0"),
        ("INSERT INTO suppression (tenant_id, channel, address_hash, reason, note, at) "
        f"SELECT 'tts', 'email', 'h' || i, 'hard_bounce', '', {NOW} FROM {many(people)} WHERE i % 50 = 1"),
        ("INSERT INTO consent_event (id, tenant_id, contact_id, purpose, state, at, recorded_at, wording_version, source, "
        f"evidence, seal) VALUES (1, 'tts', 1, 'promotional', 'given', {NOW}, {NOW}, '1', 'formulir', {nothing}, '')"),
        ("INSERT INTO consent_now (contact_id, purpose, tenant_id, state, at, event_id) "
        f"SELECT i, 'promotional', 'tts', CASE WHEN i % 9 = 0 THEN 'withdrawn' ELSE 'given' END, {NOW}, 1 "
        f"FROM {many(people)} WHERE i % 10 > 0"),
        ('INSERT INTO "order" (id, tenant_id, external_id, number, contact_id, placed_at, status, shipping_cost, total, '
        f"content_hash) SELECT i, 'tts', 'O-' || i, 'O-' || i, 1 + (i * 7) % {people}, {ago('i % 500')}, "
        f"CASE WHEN i % 12 = 0 THEN 'cancelled' ELSE 'delivered' END, 5000, 100000, 'x' FROM {many(people)}"),
        ("INSERT INTO order_item (order_id, line, product_external_id, product_id, business_name, name, quantity, unit_price) "
        f"SELECT i, 0, 'P', {product} + i % 4, '', '', 1 + i % 2, 60000 FROM {many(people)}"),
        ("INSERT INTO campaign (id, tenant_id, slug, name, email_type, state, state_reason, version, audience, created_at) "
        f"VALUES (1, 'tts', 'c-1', 'c-1', 'promotional', 'sent', '', 1, 0, {NOW})"),
        ("INSERT INTO message (tenant_id, campaign_id, version, contact_id, channel, trigger, state, reason, article, detail, "
        f"context, attempt, queued_at, settled_at) SELECT 'tts', 1, 1, i, 'email', '', "
        f"CASE WHEN i % 8 = 0 THEN 'skipped' ELSE 'delivered' END, '', '', '', {nothing}, 0, {NOW}, {ago('i % 400')} "
        f"FROM {many(people)}"),
        ("INSERT INTO event (tenant_id, event_id, type, campaign_id, contact_id, machine, at) "
        f"SELECT 'tts', 'e-' || i, CASE WHEN i % 3 = 0 THEN 'clicked' ELSE 'opened' END, 1, "
        f"CASE WHEN i % 2 = 0 THEN 1 + (i * 3) % {people} END, CASE WHEN i % 11 = 0 THEN {true} ELSE {false} END, "
        f"{ago('i % 300')} FROM {many(people)}"),
    ]  # fmt: skip
