"""Add the table of each seat's newest report of unfinished work."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "unfinished",
        sa.Column("seat", sa.String(), primary_key=True, nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
    )
