"""Catalogue sources, withdrawals, channel accounts and marketplace listings.

Revises 0004.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state = 'open'")
LOST = sa.text("lost_at IS NOT NULL")


def upgrade() -> None:
    _sources()
    _recall()
    _accounts()


def _sources() -> None:
    for table in ("business", "product"):
        op.add_column(table, sa.Column("raw_hash", sa.String(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("search_text", sa.String(), nullable=False, server_default=""))
        op.execute(f"UPDATE {table} SET content_hash = ''")  # noqa: S608  the next pull writes the words to search in
    for name, columns in (("shown", ("catalog_updated_at", "id")), ("category", ("category", "business_id"))):
        op.create_index(f"ix_product_{name}", "product", ["tenant_id", "promotable", "deleted_at", *columns])
    op.add_column("sync_run", sa.Column("resume", sa.String(), nullable=False, server_default=""))
    op.add_column("sync_run", sa.Column("since", MOMENT, nullable=True))
    op.add_column("tenant", sa.Column("gate_round", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "catalog_source",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("sealed_access", sa.String(), nullable=False),
        sa.Column("mapping", JSON, nullable=False),
        sa.Column("memory", JSON, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("newest", MOMENT, nullable=True),
        sa.Column("full_at", MOMENT, nullable=True),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_catalog_source_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "name", name=op.f("pk_catalog_source")),
    )


def _recall() -> None:
    op.add_column("product", sa.Column("lost_at", MOMENT, nullable=True))
    op.create_index("ix_product_lost", "product", ["tenant_id", "lost_at"], sqlite_where=LOST, postgresql_where=LOST)
    op.create_table(
        "post_product",
        sa.Column("post_id", ROW, nullable=False),
        sa.Column("product_id", ROW, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_product_post_id_post")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_post_product_product_id_product")),
        sa.PrimaryKeyConstraint("post_id", "product_id", name=op.f("pk_post_product")),
    )
    op.create_index("ix_post_product_product_id", "post_product", ["product_id"])
    # Posts that stood before this version are recalled too.
    op.execute(
        "INSERT INTO post_product (post_id, product_id) SELECT DISTINCT post.id, exposure.product_id FROM post "
        "JOIN exposure ON exposure.campaign_id = post.campaign_id AND exposure.channel = post.channel"
    )
    op.create_table(
        "withdrawal",
        sa.Column("id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("product_id", ROW, nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("citation", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("lost_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", ROW, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["done_by"], ["user.id"], name=op.f("fk_withdrawal_done_by_user")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_withdrawal_product_id_product")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_withdrawal_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
        sa.UniqueConstraint("product_id", "place", "lost_at", name=op.f("uq_withdrawal_product_id_place_lost_at")),
    )
    op.create_index("ix_withdrawal_tenant_id", "withdrawal", ["tenant_id"])
    op.create_index(
        "ix_withdrawal_open", "withdrawal", ["tenant_id", "next_try_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )


def _accounts() -> None:
    op.create_table(
        "channel_account",
        sa.Column("id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("business_id", ROW, nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_reason", sa.String(), nullable=False),
        sa.Column("sealed_credentials", sa.String(), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("access_expires_at", MOMENT, nullable=True),
        sa.Column("refresh_expires_at", MOMENT, nullable=True),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("orders_until", MOMENT, nullable=True),
        sa.Column("listings_version", sa.String(), nullable=False),
        sa.Column("listings_due", MOMENT, nullable=True),
        sa.Column("report", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_channel_account_business_id_business")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_channel_account_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_account")),
        sa.UniqueConstraint(
            "tenant_id", "provider", "remote_id", name=op.f("uq_channel_account_tenant_id_provider_remote_id")
        ),
    )
    op.create_index("ix_channel_account_tenant_id", "channel_account", ["tenant_id"])
    op.create_table(
        "marketplace_listing",
        sa.Column("id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("account_id", ROW, nullable=False),
        sa.Column("product_id", ROW, nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=True),
        sa.Column("permalink", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("refused_hash", sa.String(), nullable=False),
        sa.Column("price", ROW, nullable=True),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("next_try_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_marketplace_listing_account_id_channel_account")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_marketplace_listing_product_id_product")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_marketplace_listing_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_listing")),
        sa.UniqueConstraint("account_id", "product_id", name=op.f("uq_marketplace_listing_account_id_product_id")),
        sa.UniqueConstraint("account_id", "sku", name=op.f("uq_marketplace_listing_account_id_sku")),
    )
    op.create_index("ix_marketplace_listing_tenant_id", "marketplace_listing", ["tenant_id"])
    op.create_index("ix_marketplace_listing_product_id", "marketplace_listing", ["product_id"])
    op.create_index("ix_marketplace_listing_state", "marketplace_listing", ["account_id", "state", "next_try_at"])
