"""Alembic's entry: runs on the connection that marketing/db/migrate.py hands over."""

from alembic import context

from marketing.db import models
from marketing.db.base import Base

assert models.__all__, "the import fills Base.metadata"

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
