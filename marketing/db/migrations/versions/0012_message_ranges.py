"""Messages are leased by ranges; on PostgreSQL they stand in partitions by month.

No key points out of `message` or into it any more: four checks a row cost more than writing it, and a month that has had
its time is dropped as a whole. Every row is carried over; what is open is gathered into ranges of a thousand.

Revises 0011.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from marketing.db.partitions import STORAGE, bounds

revision = "0012"
down_revision = "0011"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
RANGE = 1_000
KEPT = (
    "id, tenant_id, campaign_id, version, contact_id, address_id, channel, trigger, state, reason, article, detail, context,"
    " order_id, consent_event_id, lease_owner, not_before, handed_over_at, attempt, provider_id, queued_at, settled_at"
)


def upgrade() -> None:
    on_server = op.get_bind().dialect.name == "postgresql"
    _campaign()
    _ranges()
    _loosen(on_server)
    _gather(on_server)
    if on_server:
        _partitioned()
    else:
        _rebuilt()
    told = sa.text("order_id IS NOT NULL")
    op.create_index("ix_message_range", "message", ["campaign_id", "range_id"])
    op.create_index("ix_message_order", "message", ["order_id"], sqlite_where=told, postgresql_where=told)


def _campaign() -> None:
    op.add_column("campaign", sa.Column("planned_to", ROW, nullable=False, server_default="0"))
    op.add_column("campaign", sa.Column("audience_until", ROW, nullable=True))
    op.add_column("campaign", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))


def _ranges() -> None:
    op.create_table(
        "message_range",
        sa.Column("id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("campaign_id", ROW, nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_message_range_tenant_id_tenant")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_message_range_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_range")),
    )
    still_open = sa.text("settled_at IS NULL")
    op.create_index(
        "ix_message_range_open",
        "message_range",
        ["campaign_id", "id"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("ix_message_range_settled", "message_range", ["campaign_id", "settled_at"])


def _loosen(on_server: bool) -> None:
    """Drop the keys that point to messages; SQLite writes those tables anew, children emptied first."""
    if on_server:
        for table in ("event", "mail_feedback", "inbound_mail"):
            op.drop_constraint(f"fk_{table}_message_id_message", table, type_="foreignkey")
        return
    children = ("raw_feedback", "mail_feedback")
    for table in children:
        op.execute(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")  # noqa: S608  names of our own tables
        op.execute(f"DELETE FROM {table}")  # noqa: S608  names of our own tables
    for table in ("event", "mail_feedback", "inbound_mail"):
        with op.batch_alter_table(table, recreate="always") as batch:
            batch.drop_constraint(f"fk_{table}_message_id_message", type_="foreignkey")
    for table in reversed(children):
        op.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")  # noqa: S608
        op.execute(f"DROP TABLE kept_{table}")


def _gather(on_server: bool) -> None:
    """Name each row's month, and gather what is open into ranges."""
    moment = (
        'COALESCE(CASE WHEN message.order_id IS NOT NULL THEN (SELECT placed_at FROM "order"'
        ' WHERE "order".id = message.order_id) ELSE campaign.started_at END, message.queued_at)'
    )
    if on_server:
        month = f"CAST(to_char({moment} AT TIME ZONE 'UTC', 'YYYYMM') AS integer)"
        now = "now()"
    else:
        month = f"CAST(strftime('%Y%m', {moment}) AS INTEGER)"
        now = "strftime('%Y-%m-%d %H:%M:%S.000000', 'now')"
    op.execute(
        f"""CREATE TEMPORARY TABLE moved AS
        SELECT message.id AS id, {month} AS month, message.campaign_id AS campaign_id, message.tenant_id AS tenant_id,
               message.state AS state, message.not_before AS not_before
        FROM message JOIN campaign ON campaign.id = message.campaign_id"""  # noqa: S608
    )
    op.execute(
        f"""CREATE TEMPORARY TABLE gathered AS
        SELECT id, dense_rank() OVER (ORDER BY campaign_id, month, part) AS range_id FROM (
            SELECT id, campaign_id, month,
                   (row_number() OVER (PARTITION BY campaign_id, month ORDER BY id) - 1) / {RANGE} AS part
            FROM moved WHERE state IN ('queued', 'deferred', 'sending')) AS numbered"""  # noqa: S608
    )
    op.execute("CREATE UNIQUE INDEX ix_moved ON moved (id)")
    op.execute("CREATE UNIQUE INDEX ix_gathered ON gathered (id)")
    # What was on its way is in nobody's hands now: its lease has run out, and the sweeper settles it.
    op.execute(
        f"""INSERT INTO message_range (id, tenant_id, campaign_id, month, size, due_at, lease_owner, lease_until)
        SELECT range_id, MIN(moved.tenant_id), MIN(moved.campaign_id), MIN(moved.month), COUNT(*),
               MIN(CASE WHEN moved.state IN ('queued', 'sending') THEN {now} ELSE moved.not_before END),
               MAX(CASE WHEN moved.state = 'sending' THEN 'migration' END),
               MAX(CASE WHEN moved.state = 'sending' THEN {now} END)
        FROM gathered JOIN moved ON moved.id = gathered.id GROUP BY range_id"""  # noqa: S608
    )
    if on_server:
        op.execute("SELECT setval('message_range_id_seq', COALESCE((SELECT max(id) FROM message_range), 0) + 1, false)")


def _columns() -> list[sa.Column[object]]:
    def text(name: str, length: int | None = None, *, empty: bool = False) -> sa.Column[object]:
        return sa.Column(name, sa.String(length), nullable=empty)

    def number(name: str, *, empty: bool = True) -> sa.Column[object]:
        return sa.Column(name, ROW, nullable=empty)

    return [
        text("tenant_id"),
        number("campaign_id", empty=False),
        number("range_id"),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        number("contact_id", empty=False),
        number("address_id"),
        text("channel", 32),
        text("trigger"),
        text("state", 32),
        *(text(name) for name in ("reason", "article", "detail")),
        sa.Column("context", JSON, nullable=False),
        *(number(name) for name in ("order_id", "consent_event_id")),
        text("lease_owner", empty=True),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("handed_over_at", MOMENT, nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        text("provider_id", empty=True),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
    ]


def _fill(source: str) -> None:
    own = ", ".join(f"old.{name.strip()}" for name in KEPT.split(","))
    op.execute(
        f"INSERT INTO message ({KEPT}, range_id, month)"  # noqa: S608
        f" SELECT {own}, gathered.range_id, moved.month FROM {source} AS old"
        " JOIN moved ON moved.id = old.id LEFT JOIN gathered ON gathered.id = old.id"
    )
    op.execute(f"DROP TABLE {source}")
    op.execute("DROP TABLE moved")
    op.execute("DROP TABLE gathered")


UNIQUE = ("contact_id", "campaign_id", "channel", "trigger", "month")


def _rebuilt() -> None:
    for name in ("contact_id", "in_doubt", "ledger", "order", "queued", "tenant_id"):
        op.drop_index(f"ix_message_{name}", "message")
    op.execute("ALTER TABLE message RENAME TO message_before")
    op.create_table(
        "message",
        sa.Column("id", ROW, nullable=False),
        *_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint(*UNIQUE, name=op.f("uq_message_contact_id_campaign_id_channel_trigger_month")),
    )
    _fill("message_before")


def _partitioned() -> None:
    connection = op.get_bind()
    months = set(connection.scalars(sa.text("SELECT DISTINCT month FROM moved")))
    months |= set(connection.scalars(sa.text(
        "SELECT CAST(to_char(now() AT TIME ZONE 'UTC' + n * interval '1 month', 'YYYYMM') AS integer)"
        " FROM generate_series(0, 2) AS n"
    )))  # fmt: skip
    op.execute("ALTER TABLE message RENAME TO message_before")
    op.execute("ALTER TABLE message_before RENAME CONSTRAINT pk_message TO pk_message_before")
    for name in ("order",):
        op.drop_index(f"ix_message_{name}", "message_before")
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), nullable=False, server_default=sa.text("nextval('message_id_seq')")),
        *_columns(),
        sa.PrimaryKeyConstraint("id", "month", name=op.f("pk_message")),
        sa.UniqueConstraint(*UNIQUE, name=op.f("uq_message_contact_id_campaign_id_channel_trigger_month")),
        postgresql_partition_by="RANGE (month)",
    )
    op.execute("ALTER SEQUENCE message_id_seq OWNED BY message.id")
    op.execute(f"CREATE TABLE message_other PARTITION OF message DEFAULT WITH ({STORAGE})")
    for month in sorted(months):
        op.execute(f"CREATE TABLE message_{month} PARTITION OF message {bounds(month)} WITH ({STORAGE})")
    _fill("message_before")
