"""What mail servers and people told us of messages.

Revises 0007.
"""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing yet."""
