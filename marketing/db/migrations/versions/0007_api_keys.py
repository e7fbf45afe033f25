"""Keys with which the official site speaks to us.

Revises 0006.
"""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing yet."""
