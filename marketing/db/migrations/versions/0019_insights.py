"""How far posts reached, and clicks on the links in them.

Revises 0017; there is no 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the figures and the schedule of asking for them; a click may belong to a post instead of a message."""
    op.create_table(
        "post_measuring",
        sa.Column("post_id", ROW, autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_measuring_post_id_post")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_post_measuring_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_measuring")),
    )
    awaited = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_post_measuring_due",
        "post_measuring",
        ["tenant_id", "due_at"],
        sqlite_where=awaited,
        postgresql_where=awaited,
    )
    op.create_table(
        "post_figure",
        sa.Column("id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("post_id", ROW, nullable=False),
        sa.Column("metric", sa.String(32), nullable=False),
        sa.Column("number", ROW, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_figure_post_id_post")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_post_figure_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_figure")),
        sa.UniqueConstraint("post_id", "metric", "at", name=op.f("uq_post_figure_post_id_metric_at")),
    )
    op.create_index("ix_post_figure_tenant_id", "post_figure", ["tenant_id"])
    post = sa.ForeignKey("post.id", name=op.f("fk_event_post_id_post"))
    op.add_column("event", sa.Column("post_id", ROW, post, nullable=True), inline_references=True)
