"""Templates of e-mails that an office changed, with their versions.

Revises 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mail_template_version",
        sa.Column("id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("email_type", sa.String(length=32), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mjml", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_by", ROW),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_mail_template_version_created_by_user")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_mail_template_version_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_template_version")),
        sa.UniqueConstraint(
            "tenant_id",
            "email_type",
            "variant",
            "number",
            name=op.f("uq_mail_template_version_tenant_id_email_type_variant_number"),
        ),
    )
