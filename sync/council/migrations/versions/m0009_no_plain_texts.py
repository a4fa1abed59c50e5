"""Drop the tables of plain texts, now that all texts are encrypted; the database then deletes the files of these tables."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop both tables."""
    for table in ("plain_body", "plain_evidence"):
        op.drop_table(table)
