"""The texts of before are encrypted, and go: their tables with them, whose files a database deletes."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take both tables away."""
    for table in ("plain_body", "plain_evidence"):
        op.drop_table(table)
