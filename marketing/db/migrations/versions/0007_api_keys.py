"""Keys with which other programs of the Daerah speak to us, and what each request or message was answered.

Revises 0006.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", ROW, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("tenant_id", "name", "prefix", "hash")),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("created_by", ROW, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by", ROW, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_api_key_created_by_user")),
        sa.ForeignKeyConstraint(["revoked_by"], ["user.id"], name=op.f("fk_api_key_revoked_by_user")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_api_key_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
    )
    op.create_index("ix_api_key_tenant_id", "api_key", ["tenant_id"])
    op.create_table(
        "answered",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("tenant_id", "asker", "name_hash", "content_hash")),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_answered_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "asker", "name_hash", name=op.f("pk_answered")),
    )
    op.create_index("ix_answered_at", "answered", ["at"])
