"""Domains that mail is sent from, with their signing keys.

Revises 0008.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mail_domain",
        sa.Column("id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("warm_up_from", MOMENT),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("examined_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_mail_domain_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_domain")),
        sa.UniqueConstraint("tenant_id", "domain", name=op.f("uq_mail_domain_tenant_id_domain")),
    )
    op.create_index(op.f("ix_mail_domain_tenant_id"), "mail_domain", ["tenant_id"])
    op.create_table(
        "dkim_signing_key",
        sa.Column("id", ROW, nullable=False),
        sa.Column("domain_id", ROW, nullable=False),
        sa.Column("selector", sa.String(), nullable=False),
        sa.Column("sealed_key", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("active_from", MOMENT),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["mail_domain.id"], name=op.f("fk_dkim_signing_key_domain_id_mail_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dkim_signing_key")),
        sa.UniqueConstraint("domain_id", "selector", name=op.f("uq_dkim_signing_key_domain_id_selector")),
    )
